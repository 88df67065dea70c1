//! One vector as every timestep of a sequence, as between an encoder and a decoder.

use serde_json::Value;

use super::config::Section;
use super::{Builder, Gradients, InputOutput, Layer, PassContext, Shape, Signal, keras_layer};
use crate::math::reduce::add_assign;
use crate::object;
use crate::{Error, Result};

/// Keras' `RepeatVector`: `[batch, features]` becomes `[n, batch, features]`.
pub struct RepeatVector {
    name: String,
    n: usize,
}

impl RepeatVector {
    /// Reads the layer's configuration.
    pub fn from_config(name: String, config: &Section) -> Result<Self> {
        config.only_layer_options(&["n"], &[])?;
        Ok(Self { name, n: config.size("n")? })
    }
}

impl Layer for RepeatVector {
    fn class_name(&self) -> &'static str {
        "RepeatVector"
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn config(&self) -> Value {
        keras_layer(self, object!({ "n": self.n }))
    }

    fn build(&mut self, input: Shape, builder: &mut Builder) -> Result<Shape> {
        match input {
            Shape::Flat { features } => Ok(Shape::Sequence { timesteps: Some(self.n), features }),
            _ => {
                let expected =
                    "one vector (batch, features); let the layer before return its last output only";
                Err(Error::config(format!("{}.input", builder.layer()), expected, input))
            }
        }
    }

    fn forward(&mut self, _: &PassContext, x: &Signal, y: &mut Signal) -> Result<()> {
        y.set_sequence(self.n, x.batch, x.features);
        y.data.chunks_exact_mut(x.data.len()).for_each(|step| step.copy_from_slice(&x.data));
        Ok(())
    }

    fn backward(
        &mut self,
        _: &PassContext,
        _: InputOutput,
        dy: &mut [f32],
        dx: Option<&mut [f32]>,
        _: &mut Gradients,
    ) {
        if let Some(dx) = dx {
            dx.fill(0.0);
            dy.chunks_exact(dx.len()).for_each(|step| add_assign(dx, step));
        }
    }
}
