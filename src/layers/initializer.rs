//! How the first numbers of a weight are drawn: Keras' initializers under our own random streams.

use serde_json::{Value, json};

use super::config::Section;
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

/// The deviation of a standard normal cut at ±2, by which Keras divides.
const TRUNCATED_DEVIATION: f32 = 0.879_625_7;

impl Initializer {
    /// Fills `values`, a weight of `shape`, from the stream that `seed` and `name` name.
    pub fn fill(self, values: &mut [f32], shape: &[usize], seed: u64, name: &str) {
        let mut stream = Stream::new(seed, name, 0);
        let fans = fans(shape);
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
            "variancescaling" => Self::variance_scaling(&config, value),
            "orthogonal" => Ok(Self::Orthogonal { gain: config.number_or("gain", 1.0)? as f32 }),
            "identity" => Ok(Self::Identity { gain: config.number_or("gain", 1.0)? as f32 }),
            _ => Err(Error::config(
                field,
                "one of Zeros, Ones, Constant, GlorotUniform, GlorotNormal, RandomUniform, RandomNormal, Orthogonal, \
                 Identity",
                class,
            )),
        }
    }

    /// Keras 2 writes the Glorot initializers as `VarianceScaling` with `fan_avg` and scale 1.
    fn variance_scaling(config: &Section, value: &Value) -> Result<Self> {
        let is = |key: &str, want: &str| config.raw(key).and_then(Value::as_str) == Some(want);
        let glorot = is("mode", "fan_avg") && config.number_or("scale", 1.0)? == 1.0;
        match (glorot, is("distribution", "uniform")) {
            (true, true) => Ok(Self::GlorotUniform),
            (true, false) => Ok(Self::GlorotNormal),
            _ => Err(Error::config(
                config.path(),
                "VarianceScaling with scale 1 and mode fan_avg (the Glorot initializers)",
                value,
            )),
        }
    }

    /// The form in which Keras 3 writes it.
    pub fn to_keras(self) -> Value {
        let (class, config) = match self {
            Self::Zeros => ("Zeros", json!({})),
            Self::Ones => ("Ones", json!({})),
            Self::Constant(value) => ("Constant", json!({ "value": value })),
            Self::GlorotUniform => ("GlorotUniform", json!({ "seed": null })),
            Self::GlorotNormal => ("GlorotNormal", json!({ "seed": null })),
            Self::RandomUniform { minval, maxval } => {
                ("RandomUniform", json!({ "seed": null, "minval": minval, "maxval": maxval }))
            }
            Self::RandomNormal { mean, stddev } => {
                ("RandomNormal", json!({ "seed": null, "mean": mean, "stddev": stddev }))
            }
            Self::Orthogonal { gain } => ("Orthogonal", json!({ "seed": null, "gain": gain })),
            Self::Identity { gain } => ("Identity", json!({ "gain": gain })),
            Self::UnitForget => ("Zeros", json!({})),
        };
        json!({ "module": "keras.initializers", "class_name": class, "config": config, "registered_name": null })
    }
}

/// Fan in plus fan out as Keras counts them: for a convolution kernel `[width, in, out]` both times the width.
fn fans(shape: &[usize]) -> f32 {
    match shape {
        [] => 2.0,
        [n] => 2.0 * *n as f32,
        [field @ .., fan_in, fan_out] => (field.iter().product::<usize>() * (fan_in + fan_out)) as f32,
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
        ] {
            assert_eq!(Initializer::from_keras(&initializer.to_keras(), "kernel").unwrap(), initializer);
        }
        let keras2 = json!({ "class_name": "VarianceScaling",
            "config": { "scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": null } });
        assert_eq!(Initializer::from_keras(&keras2, "kernel").unwrap(), Initializer::GlorotUniform);
        assert!(Initializer::from_keras(&json!("magic"), "kernel").is_err());
    }
}
