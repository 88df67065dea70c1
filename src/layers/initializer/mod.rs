//! How the first numbers of a weight are drawn: Keras' initializers under our own random streams.

mod distribution;
mod orthogonal;
#[cfg(test)]
mod tests;

use serde_json::Value;

use distribution::Scaled;
pub use distribution::{Fan, ScalingDistribution};
use orthogonal::orthogonal;
use rand::distr::Distribution;

use super::config::{Section, of_class, shortest};
use crate::object;
use crate::rng::{RngExt, StandardNormal, Stream, TruncatedNormal, Uniform};
use crate::{Error, Result};

/// Keras' initializers. Glorot: <https://proceedings.mlr.press/v9/glorot10a.html>, equation 16.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Initializer {
    /// All zero.
    Zeros,
    /// All one.
    Ones,
    /// All the same.
    Constant(f32),
    /// Uniform in ±√(6 / (fan in + fan out)).
    GlorotUniform,
    /// Normal with deviation √(2 / (fan in + fan out)), cut at two deviations and widened to make up for the cut.
    GlorotNormal,
    /// Variance scale / fan: what He and LeCun initializers are, and in Keras the Glorot ones too.
    VarianceScaling {
        /// Factor of the variance.
        scale: f32,
        /// What the variance is divided by.
        fan: Fan,
        /// How numbers of this variance are drawn.
        distribution: ScalingDistribution,
    },
    /// Normal with `stddev` before numbers beyond two of it are drawn again.
    TruncatedNormal {
        /// Mean.
        mean: f32,
        /// Standard deviation before the cut.
        stddev: f32,
    },
    /// Uniform between two bounds.
    RandomUniform {
        /// Lower bound.
        minval: f32,
        /// Upper bound.
        maxval: f32,
    },
    /// Normal.
    RandomNormal {
        /// Mean.
        mean: f32,
        /// Standard deviation.
        stddev: f32,
    },
    /// Orthogonal rows or columns, whichever are fewer, times `gain` (Saxe et al. 2014).
    Orthogonal {
        /// Factor of the orthogonal matrix.
        gain: f32,
    },
    /// The identity matrix times `gain`, as the recurrent matrix of an IRNN (Le, Jaitly, Hinton 2015).
    Identity {
        /// Value on the diagonal.
        gain: f32,
    },
    /// A bias of several gates: zeros, but ones for the forget gate, as with an LSTM's `unit_forget_bias`.
    UnitForget {
        /// Which of the gates is the forget gate, from 0.
        gate: usize,
        /// How many gates the bias serves.
        gates: usize,
    },
}

impl Initializer {
    /// Fills `values`, a weight of `shape`, from the stream that `seed` and `name` name.
    pub fn fill(self, values: &mut [f32], shape: &[usize], seed: u64, name: &str) {
        let mut stream = Stream::new(seed, name, 0);
        let fans = Fan::In.of(shape) + Fan::Out.of(shape);
        match self {
            Self::Zeros => values.fill(0.0),
            Self::Ones => values.fill(1.0),
            Self::Constant(value) => values.fill(value),
            Self::GlorotUniform => {
                let limit = (6.0 / fans).sqrt();
                draw(values, &mut stream, Uniform::new(-limit, limit));
            }
            Self::GlorotNormal => {
                let deviation = (2.0 / fans).sqrt() / TruncatedNormal::DEVIATION;
                draw(values, &mut stream, TruncatedNormal.map(|v: f32| deviation * v));
            }
            Self::VarianceScaling { scale, fan, distribution } => {
                let variance = scale / fan.of(shape).max(1.0);
                draw(values, &mut stream, Scaled { distribution, variance });
            }
            Self::TruncatedNormal { mean, stddev } => {
                draw(values, &mut stream, TruncatedNormal.map(|v: f32| mean + stddev * v));
            }
            Self::RandomUniform { minval, maxval } => {
                draw(values, &mut stream, Uniform::new(minval, maxval));
            }
            Self::RandomNormal { mean, stddev } => {
                draw(values, &mut stream, StandardNormal.map(|v: f32| mean + stddev * v));
            }
            Self::Orthogonal { gain } => orthogonal(values, shape, gain, &mut stream),
            Self::Identity { gain } => {
                values.fill(0.0);
                let columns = shape.last().copied().unwrap_or(1);
                values.iter_mut().step_by(columns + 1).for_each(|v| *v = gain);
            }
            Self::UnitForget { gate, gates } => {
                let units = values.len() / gates.max(1);
                values.fill(0.0);
                values.iter_mut().skip(gate * units).take(units).for_each(|v| *v = 1.0);
            }
        }
    }

    /// Names of initializers without options, which [`Self::from_keras`] knows.
    pub const NAMES: &[&str] = &[
        "glorot_uniform",
        "glorot_normal",
        "he_uniform",
        "he_normal",
        "lecun_uniform",
        "lecun_normal",
        "random_uniform",
        "random_normal",
        "truncated_normal",
        "orthogonal",
        "identity",
        "zeros",
        "ones",
    ];

    /// Reads what Keras 2 or 3 writes: a name, or a dictionary with `class_name` and `config`.
    pub fn from_keras(value: &Value, field: &str) -> Result<Self> {
        let (class, config) = match value {
            Value::String(name) => (name.as_str(), Value::Null),
            Value::Object(map) => match map.get("class_name").and_then(Value::as_str) {
                Some(name) => (name, map.get("config").cloned().unwrap_or(Value::Null)),
                None => return Err(Error::config(field, "an initializer with `class_name`", value)),
            },
            _ => return Err(Error::config(field, "the name of an initializer", value)),
        };
        let config = Section::of(&config, field);
        match plain_name(class).as_str() {
            "zeros" | "zero" => Ok(Self::Zeros),
            "ones" | "one" => Ok(Self::Ones),
            "constant" => Ok(Self::Constant(config.number_or("value", 0.0)? as f32)),
            "glorotuniform" => Ok(Self::GlorotUniform),
            "glorotnormal" => Ok(Self::GlorotNormal),
            "randomuniform" | "uniform" => Ok(Self::RandomUniform {
                minval: config.number_or("minval", -0.05)? as f32,
                maxval: config.number_or("maxval", 0.05)? as f32,
            }),
            "randomnormal" | "normal" => Ok(Self::RandomNormal {
                mean: config.number_or("mean", 0.0)? as f32,
                stddev: config.number_or("stddev", 0.05)? as f32,
            }),
            "truncatednormal" => Ok(Self::TruncatedNormal {
                mean: config.number_or("mean", 0.0)? as f32,
                stddev: config.number_or("stddev", 0.05)? as f32,
            }),
            "variancescaling" => Self::variance_scaling(&config),
            "henormal" => Ok(Self::scaled(2.0, Fan::In, ScalingDistribution::TruncatedNormal)),
            "heuniform" => Ok(Self::scaled(2.0, Fan::In, ScalingDistribution::Uniform)),
            "lecunnormal" => Ok(Self::scaled(1.0, Fan::In, ScalingDistribution::TruncatedNormal)),
            "lecununiform" => Ok(Self::scaled(1.0, Fan::In, ScalingDistribution::Uniform)),
            "orthogonal" => Ok(Self::Orthogonal { gain: config.number_or("gain", 1.0)? as f32 }),
            "identity" => Ok(Self::Identity { gain: config.number_or("gain", 1.0)? as f32 }),
            _ => Err(Error::config(
                field,
                "one of Zeros, Ones, Constant, GlorotUniform, GlorotNormal, HeUniform, HeNormal, LecunUniform, \
                 LecunNormal, VarianceScaling, RandomUniform, RandomNormal, TruncatedNormal, Orthogonal, Identity",
                class,
            )),
        }
    }

    fn scaled(scale: f32, fan: Fan, distribution: ScalingDistribution) -> Self {
        Self::VarianceScaling { scale, fan, distribution }
    }

    /// Keras 2 writes the Glorot, He and LeCun initializers in this form too.
    fn variance_scaling(config: &Section) -> Result<Self> {
        let scale = config.number_or("scale", 1.0)?;
        if scale <= 0.0 {
            return Err(Error::config(config.field("scale"), "a number above 0", scale));
        }
        let fan = match config.text_or("mode", "fan_in")? {
            "fan_in" => Fan::In,
            "fan_out" => Fan::Out,
            "fan_avg" => Fan::Average,
            other => return Err(Error::config(config.field("mode"), "fan_in, fan_out or fan_avg", other)),
        };
        let distribution = match config.text_or("distribution", "truncated_normal")? {
            "uniform" => ScalingDistribution::Uniform,
            "truncated_normal" | "normal" => ScalingDistribution::TruncatedNormal,
            "untruncated_normal" => ScalingDistribution::UntruncatedNormal,
            other => {
                let expected = "uniform, truncated_normal or untruncated_normal";
                return Err(Error::config(config.field("distribution"), expected, other));
            }
        };
        Ok(match (scale == 1.0, fan, distribution) {
            (true, Fan::Average, ScalingDistribution::Uniform) => Self::GlorotUniform,
            (true, Fan::Average, ScalingDistribution::TruncatedNormal) => Self::GlorotNormal,
            _ => Self::scaled(scale as f32, fan, distribution),
        })
    }

    /// The form in which Keras 3 writes it.
    pub fn to_keras(self) -> Value {
        let (class, config) = match self {
            Self::Zeros => ("Zeros", object!({})),
            Self::Ones => ("Ones", object!({})),
            Self::Constant(value) => ("Constant", object!({ "value": shortest(value) })),
            Self::GlorotUniform => ("GlorotUniform", object!({ "seed": Value::Null })),
            Self::GlorotNormal => ("GlorotNormal", object!({ "seed": Value::Null })),
            Self::VarianceScaling { scale, fan, distribution } => {
                let options = object!({
                    "seed": Value::Null,
                    "scale": shortest(scale),
                    "mode": fan.name(),
                    "distribution": distribution.name(),
                });
                ("VarianceScaling", options)
            }
            Self::TruncatedNormal { mean, stddev } => (
                "TruncatedNormal",
                object!({ "seed": Value::Null, "mean": shortest(mean), "stddev": shortest(stddev) }),
            ),
            Self::RandomUniform { minval, maxval } => (
                "RandomUniform",
                object!({ "seed": Value::Null, "minval": shortest(minval), "maxval": shortest(maxval) }),
            ),
            Self::RandomNormal { mean, stddev } => (
                "RandomNormal",
                object!({ "seed": Value::Null, "mean": shortest(mean), "stddev": shortest(stddev) }),
            ),
            Self::Orthogonal { gain } => {
                ("Orthogonal", object!({ "seed": Value::Null, "gain": shortest(gain) }))
            }
            Self::Identity { gain } => ("Identity", object!({ "gain": shortest(gain) })),
            Self::UnitForget { .. } => ("Zeros", object!({})),
        };
        of_class("keras.initializers", class, config)
    }
}

impl Initializer {
    /// An initializer, `default` when missing.
    pub fn in_section(section: &Section, key: &str, default: Self) -> Result<Self> {
        match section.raw(key) {
            None => Ok(default),
            Some(value) => Self::from_keras(value, &section.field(key)),
        }
    }
}

/// Draws one number after the other.
fn draw(values: &mut [f32], stream: &mut Stream, distribution: impl Distribution<f32>) {
    values.iter_mut().for_each(|v| *v = stream.sample(&distribution));
}

/// A class name without what differs between versions: `glorot_uniform`, `GlorotUniformV2` and Keras 3.0's
/// `OrthogonalInitializer` become `glorotuniform` and `orthogonal`.
fn plain_name(class: &str) -> String {
    let name = class.to_lowercase().replace('_', "");
    let name = ["v1", "v2", "initializer"]
        .iter()
        .fold(name.as_str(), |name, end| name.strip_suffix(end).unwrap_or(name));
    name.to_owned()
}
