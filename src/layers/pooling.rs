//! The largest or the mean of each window over time.

use serde_json::Value;

use super::config::Section;
use super::window::{Padding, Windows};
use super::{Builder, Gradients, InputOutput, Layer, PassContext, Shape, Signal, keras_layer};
use crate::Result;
use crate::math::reduce::add_assign;
use crate::object;

/// What a window becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pool {
    Max,
    Average,
}

/// Keras' `MaxPooling1D` and `AveragePooling1D`; a mask ends here, as in Keras.
pub struct Pooling1D {
    name: String,
    pool: Pool,
    windows: Windows,
    /// For the largest: the timestep of each output, the first of several.
    winners: Vec<u32>,
}

const OPTIONS: &[&str] = &["pool_size", "strides", "padding", "data_format"];

impl Pooling1D {
    /// Reads the configuration of a `MaxPooling1D`.
    pub fn max(name: String, config: &Section) -> Result<Self> {
        Self::from_config(Pool::Max, name, config)
    }

    /// Reads the configuration of an `AveragePooling1D`.
    pub fn average(name: String, config: &Section) -> Result<Self> {
        Self::from_config(Pool::Average, name, config)
    }

    fn from_config(pool: Pool, name: String, config: &Section) -> Result<Self> {
        config.only_layer_options(OPTIONS, &[])?;
        config.channels_last()?;
        let size = config.optional_size("pool_size")?.unwrap_or(2);
        let stride = config.optional_size("strides")?.unwrap_or(size);
        let padding = Padding::from_config(config, false)?;
        Ok(Self { name, pool, windows: Windows { size, stride, dilation: 1, padding }, winners: Vec::new() })
    }

    fn largest(&mut self, x: &Signal, window: usize, y: &mut [f32]) {
        let size = x.batch * x.features;
        let range = self.windows.range(window, x.timesteps);
        let winners = &mut self.winners[window * size..][..size];
        winners.fill(range.start as u32);
        y.copy_from_slice(&x.data[range.start * size..][..size]);
        for t in range.skip(1) {
            let step = &x.data[t * size..][..size];
            for ((y, winner), x) in y.iter_mut().zip(winners.iter_mut()).zip(step) {
                if *x > *y {
                    (*y, *winner) = (*x, t as u32);
                }
            }
        }
    }
}

impl Layer for Pooling1D {
    fn class_name(&self) -> &'static str {
        match self.pool {
            Pool::Max => "MaxPooling1D",
            Pool::Average => "AveragePooling1D",
        }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn config(&self) -> Value {
        let mut options = object!({ "pool_size": [self.windows.size] });
        if let (Value::Object(options), Value::Object(more)) = (&mut options, self.windows.to_keras()) {
            options.extend(more);
        }
        keras_layer(self, options)
    }

    fn build(&mut self, input: Shape, builder: &mut Builder) -> Result<Shape> {
        let features = input.sequence_features(builder.layer())?;
        self.windows.output_shape(input, features, builder.layer())
    }

    fn forward(&mut self, _: &PassContext, x: &Signal, y: &mut Signal) -> Result<()> {
        self.windows.check(x.timesteps, &self.name)?;
        let size = x.batch * x.features;
        y.set_sequence(self.windows.count(x.timesteps), x.batch, x.features);
        if self.pool == Pool::Max {
            self.winners.resize(y.data.len(), 0);
        }
        for (window, y) in y.data.chunks_exact_mut(size).enumerate() {
            if self.pool == Pool::Max {
                self.largest(x, window, y);
                continue;
            }
            let range = self.windows.range(window, x.timesteps);
            let share = range.len() as f32;
            y.fill(0.0);
            range.for_each(|t| add_assign(y, &x.data[t * size..][..size]));
            y.iter_mut().for_each(|v| *v /= share);
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
        let size = io.x.batch * io.x.features;
        dx.fill(0.0);
        for (window, dy) in dy.chunks_exact_mut(size).enumerate() {
            if self.pool == Pool::Max {
                let winners = &self.winners[window * size..][..size];
                for (k, (winner, dy)) in winners.iter().zip(dy).enumerate() {
                    dx[*winner as usize * size + k] += *dy;
                }
                continue;
            }
            let range = self.windows.range(window, io.x.timesteps);
            let share = range.len() as f32;
            dy.iter_mut().for_each(|d| *d /= share);
            range.for_each(|t| add_assign(&mut dx[t * size..][..size], dy));
        }
    }
}
