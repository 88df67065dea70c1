//! Timesteps that are padding and say so by their value.

use serde_json::Value;

use super::config::{Section, shortest};
use super::{Builder, Gradients, InputOutput, Layer, PassContext, Shape, Signal, keras_layer};
use crate::Result;
use crate::object;

/// Keras' `Masking`: a timestep all of whose features equal `mask_value` is masked, and becomes zero.
pub struct Masking {
    name: String,
    mask_value: f32,
}

impl Masking {
    /// Reads the layer's configuration.
    pub fn from_config(name: String, config: &Section) -> Result<Self> {
        config.only_layer_options(&["mask_value"], &[])?;
        Ok(Self { name, mask_value: config.number_or("mask_value", 0.0)? as f32 })
    }
}

impl Layer for Masking {
    fn class_name(&self) -> &'static str {
        "Masking"
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn config(&self) -> Value {
        keras_layer(self, object!({ "mask_value": shortest(self.mask_value) }))
    }

    fn build(&mut self, input: Shape, builder: &mut Builder) -> Result<Shape> {
        input.sequence_features(builder.layer())?;
        Ok(input)
    }

    fn forward(&mut self, _: &PassContext, x: &Signal, y: &mut Signal) -> Result<()> {
        y.set_sequence(x.timesteps, x.batch, x.features);
        y.data.copy_from_slice(&x.data);
        for row in y.data.chunks_exact_mut(x.features) {
            // The mask that came in does not matter: Keras' Masking makes a new one.
            let counts = row.iter().any(|v| *v != self.mask_value);
            y.mask.push(counts);
            if !counts {
                row.fill(0.0);
            }
        }
        Ok(())
    }

    fn backward(
        &mut self,
        _: &PassContext,
        io: InputOutput,
        dy: &mut [f32],
        dx: Option<&mut [f32]>,
        _: &mut Gradients,
    ) {
        let Some(dx) = dx else { return };
        dx.copy_from_slice(dy);
        for (row, dx) in dx.chunks_exact_mut(io.x.features).enumerate() {
            if io.y.is_masked(row) {
                dx.fill(0.0);
            }
        }
    }
}
