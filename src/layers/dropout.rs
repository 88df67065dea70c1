//! Zeros at random during training.

use serde_json::Value;

use super::config::{Section, shortest};
use super::{Builder, Gradients, InputOutput, Layer, PassContext, Shape, Signal, keras_layer};
use crate::object;
use crate::rng::{RngExt, Stream, Unit};
use crate::{Error, Result};

/// Keras' `Dropout` (Srivastava et al. 2014), inverted: in training each number is kept with probability 1 − rate and
/// then divided by it, so that nothing is left to do when predicting.
///
/// As Keras' `SpatialDropout1D` (Tompson et al. 2015, arXiv:1411.4280) it draws once for each feature of a sample and
/// drops the feature at every timestep.
pub struct Dropout {
    name: String,
    rate: f32,
    /// Whether a whole feature is dropped, at all timesteps: `SpatialDropout1D`.
    spatial: bool,
    /// 0 or 1/(1 − rate) for each number; empty when nothing is dropped.
    factors: Vec<f32>,
}

impl Dropout {
    /// Reads the configuration of a `Dropout`.
    pub fn from_config(name: String, config: &Section) -> Result<Self> {
        Self::read(name, config, false)
    }

    /// Reads the configuration of a `SpatialDropout1D`.
    pub fn spatial(name: String, config: &Section) -> Result<Self> {
        Self::read(name, config, true)
    }

    fn read(name: String, config: &Section, spatial: bool) -> Result<Self> {
        // Keras' own seed is accepted and not used: all random numbers follow from the seed of the run.
        config.only_layer_options(&["rate", "seed", "p"], &["noise_shape"])?;
        let rate = match config.raw("rate").or(config.raw("p")) {
            Some(_) => config.rate_or("rate", config.rate_or("p", 0.0)?)?,
            None => {
                return Err(Error::config(config.field("rate"), "a share from 0 to below 1", "nothing"));
            }
        };
        Ok(Self { name, rate: rate as f32, spatial, factors: Vec::new() })
    }

    /// Draws the factors. Every sample has a part of the stream to itself, so that they do not depend on how a batch is
    /// cut into blocks.
    fn draw(&mut self, pass: &PassContext, x: &Signal) {
        let mut stream = Stream::new(pass.seed, &format!("{}/dropout", self.name), pass.update);
        let kept = 1.0 / (1.0 - self.rate);
        self.factors.resize(x.data.len(), 0.0);
        let drawn = if self.spatial { 1 } else { x.timesteps };
        let at = |t: usize, b: usize| (t * x.batch + b) * x.features;
        for b in 0..x.batch {
            stream.seek(((pass.first_row + b) * drawn * x.features) as u64);
            for t in 0..drawn {
                let factors = &mut self.factors[at(t, b)..][..x.features];
                factors
                    .iter_mut()
                    .for_each(|f| *f = if stream.sample(Unit) < self.rate { 0.0 } else { kept });
            }
            for t in drawn..x.timesteps {
                self.factors.copy_within(at(0, b)..at(0, b) + x.features, at(t, b));
            }
        }
    }
}

impl Layer for Dropout {
    fn class_name(&self) -> &'static str {
        if self.spatial { "SpatialDropout1D" } else { "Dropout" }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn config(&self) -> Value {
        let rate = shortest(self.rate);
        keras_layer(
            self,
            if self.spatial {
                object!({ "rate": rate, "seed": Value::Null })
            } else {
                object!({ "rate": rate, "seed": Value::Null, "noise_shape": Value::Null })
            },
        )
    }

    fn build(&mut self, input: Shape, builder: &mut Builder) -> Result<Shape> {
        match input {
            Shape::Ids { .. } => {
                Err(Error::config(format!("{}.input", builder.layer()), "vectors, not ids", input))
            }
            Shape::Flat { .. } if self.spatial => input.sequence_features(builder.layer()).map(|_| input),
            _ => Ok(input),
        }
    }

    fn forward(&mut self, pass: &PassContext, x: &Signal, y: &mut Signal) -> Result<()> {
        y.set_like(x, x.features);
        y.data.copy_from_slice(&x.data);
        self.factors.clear();
        if pass.training && self.rate > 0.0 {
            self.draw(pass, x);
            y.data.iter_mut().zip(&self.factors).for_each(|(v, f)| *v *= f);
        }
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
            dx.copy_from_slice(dy);
            dx.iter_mut().zip(&self.factors).for_each(|(d, f)| *d *= f);
        }
    }
}
