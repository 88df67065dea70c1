//! The largest or the mean of a whole sequence.

use serde_json::Value;

use super::config::Section;
use super::{Builder, Gradients, InputOutput, Layer, PassContext, Shape, Signal, keras_layer};
use crate::math::reduce::add_assign;
use crate::object;
use crate::{Error, Result};

/// What a sequence becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pool {
    Max,
    Average,
}

/// Keras' `GlobalMaxPooling1D` and `GlobalAveragePooling1D`.
///
/// As in Keras, masked timesteps do not count in the mean but take part in the maximum. A sample all of whose timesteps
/// are masked has mean 0; Keras divides 0 by 0 there.
pub struct GlobalPooling1D {
    name: String,
    pool: Pool,
    keepdims: bool,
    /// For the mean: timesteps of each sample that count. For the maximum: how many timesteps share each output.
    counts: Vec<f32>,
}

impl GlobalPooling1D {
    /// Reads the configuration of a `GlobalMaxPooling1D`.
    pub fn max(name: String, config: &Section) -> Result<Self> {
        Self::from_config(Pool::Max, name, config)
    }

    /// Reads the configuration of a `GlobalAveragePooling1D`.
    pub fn average(name: String, config: &Section) -> Result<Self> {
        Self::from_config(Pool::Average, name, config)
    }

    fn from_config(pool: Pool, name: String, config: &Section) -> Result<Self> {
        config.only_layer_options(&["data_format", "keepdims"], &[])?;
        config.channels_last()?;
        Ok(Self { name, pool, keepdims: config.flag_or("keepdims", false)?, counts: Vec::new() })
    }

    /// The largest number of each feature, and how many timesteps have it.
    fn largest(&mut self, x: &Signal, y: &mut [f32]) {
        let size = y.len();
        y.copy_from_slice(&x.data[..size]);
        self.counts.clear();
        self.counts.resize(size, 1.0);
        for step in x.data.chunks_exact(size).skip(1) {
            for ((y, count), x) in y.iter_mut().zip(&mut self.counts).zip(step) {
                if *x > *y {
                    (*y, *count) = (*x, 1.0);
                } else if *x == *y {
                    *count += 1.0;
                }
            }
        }
    }

    /// The mean of the timesteps that are not masked.
    fn mean(&mut self, x: &Signal, y: &mut [f32]) {
        self.counts.clear();
        self.counts.resize(x.batch, 0.0);
        y.fill(0.0);
        for row in 0..x.rows() {
            if !x.is_masked(row) {
                let b = row % x.batch;
                self.counts[b] += 1.0;
                let from = &x.data[row * x.features..][..x.features];
                add_assign(&mut y[b * x.features..][..x.features], from);
            }
        }
        for (row, count) in y.chunks_exact_mut(x.features).zip(&self.counts) {
            row.iter_mut().for_each(|v| *v /= count.max(1.0));
        }
    }
}

impl Layer for GlobalPooling1D {
    fn class_name(&self) -> &'static str {
        match self.pool {
            Pool::Max => "GlobalMaxPooling1D",
            Pool::Average => "GlobalAveragePooling1D",
        }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn config(&self) -> Value {
        keras_layer(self, object!({ "data_format": "channels_last", "keepdims": self.keepdims }))
    }

    fn build(&mut self, input: Shape, builder: &mut Builder) -> Result<Shape> {
        let features = input.sequence_features(builder.layer())?;
        Ok(match self.keepdims {
            true => Shape::Sequence { timesteps: Some(1), features },
            false => Shape::Flat { features },
        })
    }

    fn forward(&mut self, _: &PassContext, x: &Signal, y: &mut Signal) -> Result<()> {
        if x.timesteps == 0 {
            let what = format!("the input of `{}`", self.name);
            return Err(Error::value(what, "at least 1 timestep long", 0));
        }
        match self.keepdims {
            true => y.set_sequence(1, x.batch, x.features),
            false => y.set_flat(x.batch, x.features),
        }
        match self.pool {
            Pool::Max => self.largest(x, &mut y.data),
            Pool::Average => self.mean(x, &mut y.data),
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
        let Signal { batch, features, .. } = *io.x;
        for (row, dx) in dx.chunks_exact_mut(features).enumerate() {
            let b = row % batch;
            let dy = &dy[b * features..][..features];
            for f in 0..features {
                dx[f] = match self.pool {
                    // Timesteps that share the largest number share its gradient.
                    Pool::Max if io.x.data[row * features + f] == io.y.data[b * features + f] => {
                        dy[f] / self.counts[b * features + f]
                    }
                    Pool::Average if !io.x.is_masked(row) => dy[f] / self.counts[b],
                    _ => 0.0,
                };
            }
        }
    }
}
