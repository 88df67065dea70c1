//! How activations are configured, and the layer that applies one.

use serde_json::Value;

use super::config::Section;
use super::{Gradients, InputOutput, Layer, PassContext, Shape, Signal, keras_layer};
use crate::layers::weights::Builder;
pub use crate::math::activation::Activation;
use crate::object;
use crate::{Error, Result};

/// Reads Keras' name of an activation, or the dictionary that Keras 3 writes for some of them.
pub fn from_keras(value: &Value, field: &str) -> Result<Activation> {
    let name = value.as_str().or_else(|| value.get("config").and_then(Value::as_str));
    Activation::named(name.unwrap_or_default()).ok_or_else(|| {
        let choice = "one of linear, tanh, relu, sigmoid, hard_sigmoid, hard_sigmoid_keras2, softmax";
        Error::config(field, choice, value)
    })
}

/// The activation of a configuration, `default` when missing.
pub fn in_section(section: &Section, key: &str, default: Activation) -> Result<Activation> {
    match section.raw(key) {
        None => Ok(default),
        Some(value) => from_keras(value, &section.field(key)),
    }
}

/// Keras' `Activation` layer.
pub struct ActivationLayer {
    name: String,
    activation: Activation,
}

impl ActivationLayer {
    /// Reads the layer's configuration.
    pub fn from_config(name: String, config: &Section) -> Result<Self> {
        config.only_layer_options(&["activation"], &[])?;
        Ok(Self { name, activation: in_section(config, "activation", Activation::Linear)? })
    }
}

impl Layer for ActivationLayer {
    fn class_name(&self) -> &'static str {
        "Activation"
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn config(&self) -> Value {
        keras_layer(self, object!({ "activation": self.activation.name() }))
    }

    fn build(&mut self, input: Shape, builder: &mut Builder) -> Result<Shape> {
        match input {
            Shape::Ids { .. } => {
                Err(Error::config(format!("{}.input", builder.layer()), "vectors, not ids", input))
            }
            _ => Ok(input),
        }
    }

    fn forward(&mut self, pass: &PassContext, x: &Signal, y: &mut Signal) -> Result<()> {
        y.set_like(x, x.features);
        y.data.copy_from_slice(&x.data);
        self.activation.apply(pass.backend, &mut y.data, y.features);
        Ok(())
    }

    fn backward(
        &mut self,
        pass: &PassContext,
        io: InputOutput,
        dy: &mut [f32],
        dx: Option<&mut [f32]>,
        _: &mut Gradients,
    ) {
        if let Some(dx) = dx {
            dx.copy_from_slice(dy);
            self.activation.back(pass.backend, &io.y.data, dx, io.y.features);
        }
    }
}
