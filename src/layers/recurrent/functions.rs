//! The two activations of LSTM and GRU, and what else their configurations share.

use serde_json::{Value, json};

use super::symbol::{Symbol, TapeLocation};
use crate::Result;
use crate::layers::activation::Activation;
use crate::layers::config::Section;
use crate::layers::initializer::Initializer;

/// `activation` squashes candidates and the memory, `recurrent_activation` opens gates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Functions {
    pub activation: Activation,
    pub recurrent_activation: Activation,
}

/// Keras' defaults, for which the loops are compiled without a choice inside.
pub(super) const STANDARD: Functions =
    Functions { activation: Activation::Tanh, recurrent_activation: Activation::Sigmoid };

impl Functions {
    /// Whether one of them needs all units of a gate at once, as softmax does.
    pub fn need_whole_rows(self) -> bool {
        [self.activation, self.recurrent_activation].contains(&Activation::Softmax)
    }
}

/// Runs `$lanes` with `$functions` and `$L` known to the compiler where the functions are Keras' own, and `$whole` if
/// they cannot be computed lane by lane.
macro_rules! with_functions {
    ($backend:expr, $own:expr, |$L:ident, $functions:ident| $lanes:expr, whole: $whole:expr) => {
        if $own == $crate::layers::recurrent::functions::STANDARD {
            let $functions = $crate::layers::recurrent::functions::STANDARD;
            $crate::math::lanes::with_lanes!($backend, $L => $lanes)
        } else if $own.need_whole_rows() {
            $whole
        } else {
            let $functions = $own;
            $crate::math::lanes::with_lanes!($backend, $L => $lanes)
        }
    };
}
pub(super) use with_functions;

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
            Activation::in_section(
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
