//! How the first numbers of a weight are drawn: Keras' initializers under our own random streams.

use serde_json::{Value, json};

use super::config::{Section, shortest};
use crate::rng::Stream;
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
        distribution: Distribution,
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
    /// The bias of an LSTM with `unit_forget_bias`: zeros, but ones for the forget gate, the second quarter.
    UnitForget,
}

/// By which number of connections a variance is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fan {
    /// Inputs of a unit.
    In,
    /// Outputs.
    Out,
    /// Their mean.
    Average,
}

/// How numbers of a given variance are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distribution {
    /// Uniform in ±√(3·variance).
    Uniform,
    /// Normal, cut at two deviations and widened to make up for the cut.
    TruncatedNormal,
    /// Normal.
    UntruncatedNormal,
}

/// The deviation of a standard normal cut at ±2, by which Keras divides.
const TRUNCATED_DEVIATION: f32 = 0.879_625_7;

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
                values.iter_mut().for_each(|v| *v = stream.uniform_in(-limit, limit));
            }
            Self::GlorotNormal => {
                let deviation = (2.0 / fans).sqrt() / TRUNCATED_DEVIATION;
                values.iter_mut().for_each(|v| *v = deviation * truncated(&mut stream));
            }
            Self::VarianceScaling { scale, fan, distribution } => {
                let variance = scale / fan.of(shape).max(1.0);
                values.iter_mut().for_each(|v| *v = distribution.draw(variance, &mut stream));
            }
            Self::TruncatedNormal { mean, stddev } => {
                values.iter_mut().for_each(|v| *v = mean + stddev * truncated(&mut stream));
            }
            Self::RandomUniform { minval, maxval } => {
                values.iter_mut().for_each(|v| *v = stream.uniform_in(minval, maxval));
            }
            Self::RandomNormal { mean, stddev } => {
                values.iter_mut().for_each(|v| *v = mean + stddev * stream.normal());
            }
            Self::Orthogonal { gain } => orthogonal(values, shape, gain, &mut stream),
            Self::Identity { gain } => {
                values.fill(0.0);
                let columns = shape.last().copied().unwrap_or(1);
                values.iter_mut().step_by(columns + 1).for_each(|v| *v = gain);
            }
            Self::UnitForget => {
                let units = values.len() / 4;
                values.fill(0.0);
                values[units..2 * units].fill(1.0);
            }
        }
    }

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
        match class.to_lowercase().replace('_', "").as_str() {
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
            "henormal" => Ok(Self::scaled(2.0, Fan::In, Distribution::TruncatedNormal)),
            "heuniform" => Ok(Self::scaled(2.0, Fan::In, Distribution::Uniform)),
            "lecunnormal" => Ok(Self::scaled(1.0, Fan::In, Distribution::TruncatedNormal)),
            "lecununiform" => Ok(Self::scaled(1.0, Fan::In, Distribution::Uniform)),
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

    fn scaled(scale: f32, fan: Fan, distribution: Distribution) -> Self {
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
            "uniform" => Distribution::Uniform,
            "truncated_normal" | "normal" => Distribution::TruncatedNormal,
            "untruncated_normal" => Distribution::UntruncatedNormal,
            other => {
                let expected = "uniform, truncated_normal or untruncated_normal";
                return Err(Error::config(config.field("distribution"), expected, other));
            }
        };
        Ok(match (scale == 1.0, fan, distribution) {
            (true, Fan::Average, Distribution::Uniform) => Self::GlorotUniform,
            (true, Fan::Average, Distribution::TruncatedNormal) => Self::GlorotNormal,
            _ => Self::scaled(scale as f32, fan, distribution),
        })
    }

    /// The form in which Keras 3 writes it.
    pub fn to_keras(self) -> Value {
        let (class, config) = match self {
            Self::Zeros => ("Zeros", json!({})),
            Self::Ones => ("Ones", json!({})),
            Self::Constant(value) => ("Constant", json!({ "value": shortest(value) })),
            Self::GlorotUniform => ("GlorotUniform", json!({ "seed": null })),
            Self::GlorotNormal => ("GlorotNormal", json!({ "seed": null })),
            Self::VarianceScaling { scale, fan, distribution } => {
                let options = json!({
                    "seed": null,
                    "scale": shortest(scale),
                    "mode": fan.name(),
                    "distribution": distribution.name(),
                });
                ("VarianceScaling", options)
            }
            Self::TruncatedNormal { mean, stddev } => (
                "TruncatedNormal",
                json!({ "seed": null, "mean": shortest(mean), "stddev": shortest(stddev) }),
            ),
            Self::RandomUniform { minval, maxval } => (
                "RandomUniform",
                json!({ "seed": null, "minval": shortest(minval), "maxval": shortest(maxval) }),
            ),
            Self::RandomNormal { mean, stddev } => {
                ("RandomNormal", json!({ "seed": null, "mean": shortest(mean), "stddev": shortest(stddev) }))
            }
            Self::Orthogonal { gain } => ("Orthogonal", json!({ "seed": null, "gain": shortest(gain) })),
            Self::Identity { gain } => ("Identity", json!({ "gain": shortest(gain) })),
            Self::UnitForget => ("Zeros", json!({})),
        };
        json!({ "module": "keras.initializers", "class_name": class, "config": config, "registered_name": null })
    }
}

impl Fan {
    /// Connections as Keras counts them: for a convolution kernel `[width, in, out]` both times the width.
    fn of(self, shape: &[usize]) -> f32 {
        let (field, fan_in, fan_out) = match shape {
            [] => (1, 1, 1),
            [n] => (1, *n, *n),
            [field @ .., fan_in, fan_out] => (field.iter().product::<usize>(), *fan_in, *fan_out),
        };
        match self {
            Self::In => (field * fan_in) as f32,
            Self::Out => (field * fan_out) as f32,
            Self::Average => (field * (fan_in + fan_out)) as f32 / 2.0,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::In => "fan_in",
            Self::Out => "fan_out",
            Self::Average => "fan_avg",
        }
    }
}

impl Distribution {
    fn draw(self, variance: f32, stream: &mut Stream) -> f32 {
        match self {
            Self::Uniform => {
                let limit = (3.0 * variance).sqrt();
                stream.uniform_in(-limit, limit)
            }
            Self::TruncatedNormal => variance.sqrt() / TRUNCATED_DEVIATION * truncated(stream),
            Self::UntruncatedNormal => variance.sqrt() * stream.normal(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::TruncatedNormal => "truncated_normal",
            Self::UntruncatedNormal => "untruncated_normal",
        }
    }
}

/// A standard normal number with absolute value at most two.
fn truncated(stream: &mut Stream) -> f32 {
    loop {
        let v = stream.normal();
        if v.abs() <= 2.0 {
            return v;
        }
    }
}

/// Modified Gram–Schmidt, twice, in f64 on normal numbers: rows of the smaller side become orthonormal.
fn orthogonal(values: &mut [f32], shape: &[usize], gain: f32, stream: &mut Stream) {
    let columns = shape.last().copied().unwrap_or(1);
    let rows = values.len() / columns.max(1);
    let (count, length) = (rows.min(columns), rows.max(columns));
    let mut basis = vec![0.0f64; count * length];
    for k in 0..count {
        let (done, rest) = basis.split_at_mut(k * length);
        let row = &mut rest[..length];
        row.iter_mut().for_each(|v| *v = f64::from(stream.normal()));
        for _ in 0..2 {
            for other in done.chunks_exact(length) {
                let along: f64 = row.iter().zip(other).map(|(a, b)| a * b).sum();
                row.iter_mut().zip(other).for_each(|(a, b)| *a -= along * b);
            }
        }
        let norm = row.iter().map(|v| v * v).sum::<f64>().sqrt();
        row.iter_mut().for_each(|v| *v /= norm);
    }
    for (index, value) in values.iter_mut().enumerate() {
        let (r, c) = (index / columns, index % columns);
        let at = if rows <= columns { r * length + c } else { c * length + r };
        *value = gain * basis[at] as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(initializer: Initializer, shape: &[usize]) -> Vec<f32> {
        let mut values = vec![0.0; shape.iter().product()];
        initializer.fill(&mut values, shape, 3, "kernel");
        values
    }

    #[test]
    fn glorot_uniform_fills_its_interval() {
        let limit = (6.0f32 / 300.0).sqrt();
        let values = filled(Initializer::GlorotUniform, &[100, 200]);
        let largest = values.iter().fold(0.0f32, |m, v| m.max(v.abs()));
        assert!(largest <= limit && largest > 0.99 * limit);
        // The variance of the uniform distribution is limit²/3; 20,000 draws know it to about 1 %.
        let variance = values.iter().map(|v| v * v).sum::<f32>() / 20_000.0;
        assert!((variance / (limit * limit / 3.0) - 1.0).abs() < 0.04);
    }

    #[test]
    fn glorot_normal_has_its_deviation_after_the_cut() {
        let values = filled(Initializer::GlorotNormal, &[100, 200]);
        let variance = values.iter().map(|v| v * v).sum::<f32>() / 20_000.0;
        assert!((variance / (2.0 / 300.0) - 1.0).abs() < 0.05, "{variance}");
    }

    #[test]
    fn orthogonal_matrices_are_orthogonal_in_both_orientations() {
        for (rows, columns) in [(7, 28), (28, 7), (16, 16)] {
            let q = filled(Initializer::Orthogonal { gain: 1.0 }, &[rows, columns]);
            let count = rows.min(columns);
            let at =
                |a: usize, k: usize| if rows <= columns { q[a * columns + k] } else { q[k * columns + a] };
            for a in 0..count {
                for b in 0..count {
                    let dot: f32 = (0..rows.max(columns)).map(|k| at(a, k) * at(b, k)).sum();
                    let want = if a == b { 1.0 } else { 0.0 };
                    assert!((dot - want).abs() < 1e-6, "{rows}x{columns}: row {a} times row {b} is {dot}");
                }
            }
        }
    }

    /// Mean, deviation and largest absolute value of 1,000,000 numbers that Keras 3.15.1 drew for a kernel `[5, 8, 25]`
    /// with the same options; 200,000 draws know a deviation to 0.2 %, so 1 % is five standard errors.
    #[test]
    fn scaled_variances_are_those_of_keras() {
        for (name, deviation, largest) in [
            ("he_uniform", 0.223_6, 0.387_3),
            ("he_normal", 0.223_6, 0.508_4),
            ("lecun_uniform", 0.158_1, 0.273_9),
            ("lecun_normal", 0.158_1, 0.359_5),
            ("glorot_uniform", 0.110_1, 0.190_7),
            ("glorot_normal", 0.110_1, 0.250_3),
        ] {
            let initializer = Initializer::from_keras(&json!(name), "kernel").unwrap();
            let mut values = vec![0.0; 200_000];
            initializer.fill(&mut values, &[5, 8, 25], 3, "kernel");
            let variance = values.iter().map(|v| f64::from(v * v)).sum::<f64>() / 200_000.0;
            assert!((variance.sqrt() / deviation - 1.0).abs() < 0.01, "{name}: {}", variance.sqrt());
            let top = values.iter().fold(0.0f32, |m, v| m.max(v.abs()));
            assert!((top / largest - 1.0).abs() < 0.002, "{name}: {top}");
        }
    }

    #[test]
    fn the_forget_gate_starts_open() {
        assert_eq!(filled(Initializer::UnitForget, &[8]), [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn what_keras_writes_is_read_back() {
        for initializer in [
            Initializer::Orthogonal { gain: 1.0 },
            Initializer::RandomUniform { minval: -0.25, maxval: 0.5 },
            Initializer::Constant(0.5),
            Initializer::TruncatedNormal { mean: 0.5, stddev: 0.1 },
            Initializer::scaled(0.3, Fan::Out, Distribution::UntruncatedNormal),
        ] {
            assert_eq!(Initializer::from_keras(&initializer.to_keras(), "kernel").unwrap(), initializer);
        }
        let keras2 = json!({ "class_name": "VarianceScaling",
            "config": { "scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": null } });
        assert_eq!(Initializer::from_keras(&keras2, "kernel").unwrap(), Initializer::GlorotUniform);
        assert!(Initializer::from_keras(&json!("magic"), "kernel").is_err());
    }
}
