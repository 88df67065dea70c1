//! What the configurations of LSTM and GRU share.

use serde_json::{Value, json};

use super::symbol::{Symbol, TapeLocation};
use crate::Result;
use crate::layers::PassContext;
use crate::layers::activation::{self, Activation};
use crate::layers::config::Section;
use crate::layers::initializer::Initializer;
use crate::math::recurrent::{Functions, Pointwise};

/// The options that LSTM and GRU have in common.
pub(super) struct Gated {
    pub units: usize,
    pub functions: Functions,
    pub use_bias: bool,
    /// Of the kernel, the recurrent kernel and the bias.
    pub initializers: [Initializer; 3],
}

impl Gated {
    /// Reads them; an activation that is null is linear, as for Keras.
    pub fn from_config(config: &Section) -> Result<Self> {
        let function = |key: &str, default| {
            activation::in_section(
                config,
                key,
                if config.is_null(key) { Activation::Linear } else { default },
            )
        };
        Ok(Self {
            units: config.size("units")?,
            functions: Functions {
                activation: function("activation", Activation::Tanh)?,
                recurrent_activation: function("recurrent_activation", Activation::Sigmoid)?,
            },
            use_bias: config.flag_or("use_bias", true)?,
            initializers: initializers(config)?,
        })
    }

    /// What a timestep computes between its products.
    #[inline(always)]
    pub fn pointwise<'a>(&self, pass: &PassContext, workspace: &'a mut Vec<f32>) -> Pointwise<'a> {
        Pointwise { backend: pass.backend, functions: self.functions, units: self.units, workspace }
    }

    /// Gate `k` of a field that holds all gates side by side.
    pub fn gate(&self, name: &str, field: usize, k: usize) -> Symbol {
        let location = TapeLocation::Field { index: field, column: k * self.units };
        Symbol { name: name.into(), location, width: self.units }
    }

    /// State `index`.
    pub fn state(&self, name: &str, index: usize) -> Symbol {
        Symbol { name: name.into(), location: TapeLocation::State { index }, width: self.units }
    }

    /// The options as Keras 3 writes them, and the cell's `own` one behind them.
    pub fn to_keras(&self, (key, own): (&str, bool)) -> Value {
        json!({
            "units": self.units,
            "activation": self.functions.activation.name(),
            "recurrent_activation": self.functions.recurrent_activation.name(),
            "use_bias": self.use_bias,
            "kernel_initializer": self.initializers[0].to_keras(),
            "recurrent_initializer": self.initializers[1].to_keras(),
            "bias_initializer": self.initializers[2].to_keras(),
            key: own,
        })
    }
}

/// Initializers of the kernel, the recurrent kernel and the bias; Keras' defaults where the configuration has none.
pub(super) fn initializers(config: &Section) -> Result<[Initializer; 3]> {
    Ok([
        Initializer::in_section(config, "kernel_initializer", Initializer::GlorotUniform)?,
        Initializer::in_section(config, "recurrent_initializer", Initializer::Orthogonal { gain: 1.0 })?,
        Initializer::in_section(config, "bias_initializer", Initializer::Zeros)?,
    ])
}
