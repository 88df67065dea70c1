//! A sequence as one long vector.

use serde_json::Value;

use super::config::Section;
use super::{Builder, Gradients, InputOutput, Layer, PassContext, Shape, Signal, keras_layer};
use crate::object;
use crate::{Error, Result};

/// Keras' `Flatten`: `(timesteps, features)` become timesteps · features numbers, timestep after timestep. A mask ends
/// here, as in Keras.
pub struct Flatten {
    name: String,
}

impl Flatten {
    /// Reads the layer's configuration.
    pub fn from_config(name: String, config: &Section) -> Result<Self> {
        config.only_layer_options(&["data_format"], &[])?;
        config.channels_last()?;
        Ok(Self { name })
    }
}

/// Calls `each` with the place of every row in `[timesteps, batch]` and its place in `[batch, timesteps]`.
fn for_each_row(x: &Signal, mut each: impl FnMut(std::ops::Range<usize>, std::ops::Range<usize>)) {
    let range = |row: usize| row * x.features..(row + 1) * x.features;
    for t in 0..x.timesteps {
        for b in 0..x.batch {
            each(range(t * x.batch + b), range(b * x.timesteps + t));
        }
    }
}

impl Layer for Flatten {
    fn class_name(&self) -> &'static str {
        "Flatten"
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn config(&self) -> Value {
        keras_layer(self, object!({ "data_format": "channels_last" }))
    }

    fn build(&mut self, input: Shape, builder: &mut Builder) -> Result<Shape> {
        match input {
            Shape::Sequence { timesteps: Some(timesteps), features } => {
                match timesteps.checked_mul(features).filter(|count| *count <= 1 << 24) {
                    Some(features) => Ok(Shape::Flat { features }),
                    None => {
                        let field = format!("{}.input", builder.layer());
                        Err(Error::config(field, "at most 16777216 numbers in all", input))
                    }
                }
            }
            Shape::Flat { features } => Ok(Shape::Flat { features }),
            other => {
                let field = format!("{}.input", builder.layer());
                Err(Error::config(field, "vectors of a known number of timesteps", other))
            }
        }
    }

    fn forward(&mut self, _: &PassContext, x: &Signal, y: &mut Signal) -> Result<()> {
        y.set_flat(x.batch, x.timesteps * x.features);
        for_each_row(x, |time_first, batch_first| {
            y.data[batch_first].copy_from_slice(&x.data[time_first]);
        });
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
        if let Some(dx) = dx {
            for_each_row(io.x, |time_first, batch_first| {
                dx[time_first].copy_from_slice(&dy[batch_first]);
            });
        }
    }
}
