//! What a `Sequential` is made of: layers with forward and backward side by side.
//!
//! Data run with time as the first axis, `[timesteps, batch, features]`; weights have Keras' names, shapes and gate
//! order. A layer keeps what its backward pass needs, and the same memory is what the views draw. A new layer is a new
//! file and a line in [`from_config`].

pub mod activation;
mod affine;
pub mod bidirectional;
pub mod conv1d;
pub mod dense;
pub mod dropout;
pub mod embedding;
pub mod flatten;
pub mod global_pooling;
pub mod initializer;
pub mod layer_normalization;
pub mod masking;
pub mod pooling;
pub mod recurrent;
pub mod repeat_vector;
pub mod residual;
pub mod signal;
pub mod time_distributed;
pub mod weights;
pub mod window;

use serde_json::Value;

pub use recurrent::{CellClass, Recurrent};
pub use signal::{Shape, Signal, SignalKind};
pub use weights::{Builder, Gradients, Parameters, WeightId};

use crate::math::Backend;
use crate::object;
use crate::{Error, Result};
pub use unrolled_base::layers::config::{self, snake_case};

use config::{LayerSection, of_class};

/// The weights and settings of the pass that is running.
#[derive(Clone, Copy)]
pub struct PassContext<'a> {
    /// The weights.
    pub parameters: &'a Parameters,
    /// The implementation of the kernels.
    pub backend: Backend,
    /// Whether dropout acts and the backward pass will follow.
    pub training: bool,
    /// Seed of all random numbers of the run.
    pub seed: u64,
    /// The optimizer's update, which names the draws of this pass.
    pub update: u64,
    /// Index in the whole batch of the first sample of this block.
    pub first_row: usize,
}

/// The input and output of a layer in the forward pass, for its backward pass.
#[derive(Clone, Copy)]
pub struct InputOutput<'a> {
    /// What went in.
    pub x: &'a Signal,
    /// What came out.
    pub y: &'a Signal,
}

/// One layer of a model.
pub trait Layer: Send {
    /// Keras' class name.
    fn class_name(&self) -> &'static str;

    /// The name in the configuration, unique in its model.
    fn name(&self) -> &str;

    /// The configuration as Keras 3 writes it.
    fn config(&self) -> Value;

    /// Checks the shape of one input sample, declares the weights and returns the shape of the output.
    fn build(&mut self, input: Shape, builder: &mut Builder) -> Result<Shape>;

    /// Computes `y` from `x` and keeps what [`Self::backward`] needs.
    ///
    /// # Errors
    /// If the input's length does not suit the layer.
    fn forward(&mut self, pass: &PassContext, x: &Signal, y: &mut Signal) -> Result<()>;

    /// From `dy` = ∂loss/∂y computes `dx` = ∂loss/∂x, every number of it, and adds to the gradients of the weights.
    ///
    /// `dy` may be overwritten. `dx` is `None` if it is not needed.
    fn backward(
        &mut self,
        pass: &PassContext,
        io: InputOutput,
        dy: &mut [f32],
        dx: Option<&mut [f32]>,
        gradients: &mut Gradients,
    );

    /// The recurrent parts with their paths, whose tapes the views read: the layer itself under its own name, or the
    /// directions of a Bidirectional as `<name>/forward` and `<name>/backward`. The paths are those of the weights.
    fn recurrents(&self) -> Vec<(String, &Recurrent)> {
        Vec::new()
    }

    /// The same, to set or reset their states.
    fn recurrents_mut(&mut self) -> Vec<(String, &mut Recurrent)> {
        Vec::new()
    }

    /// The parts into which the features of the output are cut where Keras gives a list of outputs, each with its
    /// width: `forward` and `backward` of a Bidirectional that does not merge. Empty for a single output.
    fn output_parts(&self) -> Vec<(&'static str, usize)> {
        Vec::new()
    }

    /// Forgets the states that a stateful layer carries from batch to batch.
    fn reset_states(&mut self) {}
}

/// The classes that [`from_config`] knows.
pub const SUPPORTED: &[&str] = &[
    "Embedding",
    "Dense",
    "Activation",
    "SimpleRNN",
    "LSTM",
    "GRU",
    "Dropout",
    "SpatialDropout1D",
    "Conv1D",
    "MaxPooling1D",
    "AveragePooling1D",
    "GlobalMaxPooling1D",
    "GlobalAveragePooling1D",
    "Flatten",
    "LayerNormalization",
    "Bidirectional",
    "TimeDistributed",
    "RepeatVector",
    "Masking",
    "ResidualWrapper",
];

/// Makes the layer that `value`, a Keras layer configuration found at `path`, describes. `cells` are classes of
/// recurrent layers that are defined outside of this module.
pub fn from_config(value: &Value, path: &str, cells: &[CellClass]) -> Result<Box<dyn Layer>> {
    let section = LayerSection::of(value, path)?;
    let name = section.name()?;
    from_section(&section, name, cells)
}

/// Makes the layer of a section under a name that may differ from its own.
fn from_section(section: &LayerSection, name: String, cells: &[CellClass]) -> Result<Box<dyn Layer>> {
    let (class, config) = (section.class, &section.config);
    Ok(match class {
        "Embedding" => Box::new(embedding::Embedding::from_config(name, config)?),
        "Dense" => Box::new(dense::Dense::from_config(name, config)?),
        "Dropout" => Box::new(dropout::Dropout::from_config(name, config)?),
        "SpatialDropout1D" => Box::new(dropout::Dropout::spatial(name, config)?),
        "Conv1D" | "Convolution1D" => Box::new(conv1d::Conv1D::from_config(name, config)?),
        "MaxPooling1D" => Box::new(pooling::Pooling1D::max(name, config)?),
        "AveragePooling1D" => Box::new(pooling::Pooling1D::average(name, config)?),
        "GlobalMaxPooling1D" => Box::new(global_pooling::GlobalPooling1D::max(name, config)?),
        "GlobalAveragePooling1D" => Box::new(global_pooling::GlobalPooling1D::average(name, config)?),
        "Flatten" => Box::new(flatten::Flatten::from_config(name, config)?),
        "LayerNormalization" => Box::new(layer_normalization::LayerNormalization::from_config(name, config)?),
        "Activation" => Box::new(activation::ActivationLayer::from_config(name, config)?),
        "SimpleRNN" | "LSTM" | "GRU" => Box::new(Recurrent::from_config(name, class, config, cells)?),
        "Bidirectional" => Box::new(bidirectional::Bidirectional::from_config(name, config, cells)?),
        "TimeDistributed" => Box::new(time_distributed::TimeDistributed::from_config(name, config)?),
        "RepeatVector" => Box::new(repeat_vector::RepeatVector::from_config(name, config)?),
        "Masking" => Box::new(masking::Masking::from_config(name, config)?),
        "ResidualWrapper" => Box::new(residual::ResidualWrapper::from_config(name, config, cells)?),
        _ if cells.iter().any(|cell| cell.name == class) => {
            Box::new(Recurrent::from_config(name, class, config, cells)?)
        }
        _ => {
            let known: Vec<&str> =
                SUPPORTED.iter().copied().chain(cells.iter().map(|cell| cell.name)).collect();
            return Err(Error::config(section.class_field(), format!("one of {}", known.join(", ")), class));
        }
    })
}

/// The form in which Keras 3 writes a layer with the given options.
pub fn keras_layer(layer: &dyn Layer, options: Value) -> Value {
    let mut config = object!({ "name": layer.name(), "trainable": true, "dtype": "float32" });
    if let (Some(config), Value::Object(options)) = (config.as_object_mut(), options) {
        config.extend(options);
    }
    of_class("keras.layers", layer.class_name(), config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_names_are_those_of_keras() {
        for (class, name) in [
            ("SimpleRNN", "simple_rnn"),
            ("LSTM", "lstm"),
            ("GRU", "gru"),
            ("Conv1D", "conv1d"),
            ("MaxPooling1D", "max_pooling1d"),
            ("GlobalMaxPooling1D", "global_max_pooling1d"),
            ("TimeDistributed", "time_distributed"),
            ("Embedding", "embedding"),
        ] {
            assert_eq!(snake_case(class), name);
        }
    }
}
