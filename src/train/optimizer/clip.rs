//! Keras' three ways to bound a gradient before it is used.

use serde_json::Value;

use crate::layers::config::Section;
use crate::layers::weights::GradientOf;
use crate::layers::{Gradients, Parameters};
use crate::math::reduce::sum_of_squares;
use crate::object;
use crate::{Error, Result};

/// How gradients are bounded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Clip {
    /// Not at all.
    None,
    /// The norm of each variable's gradient by itself: `clipnorm`.
    Norm(f64),
    /// The norm of all gradients together: `global_clipnorm`.
    GlobalNorm(f64),
    /// Each number: `clipvalue`.
    Value(f64),
}

impl Clip {
    /// Keras' names.
    pub const OPTIONS: &[&str] = &["clipnorm", "global_clipnorm", "clipvalue"];

    /// Reads the options; at most one may be set, and 0 means none, as in Keras.
    pub fn from_config(options: &Section) -> Result<Self> {
        let mut clip = Self::None;
        let mut set = Vec::new();
        for key in Self::OPTIONS {
            if options.raw(key).is_none() {
                continue;
            }
            let bound = options.number_or(key, 0.0)?;
            if bound < 0.0 {
                return Err(Error::config(options.field(key), "a number of at least 0", bound));
            }
            set.push(*key);
            clip = match *key {
                _ if bound == 0.0 => Self::None,
                "clipnorm" => Self::Norm(bound),
                "global_clipnorm" => Self::GlobalNorm(bound),
                _ => Self::Value(bound),
            };
        }
        if set.len() > 1 {
            let expected = "the only one of clipnorm, global_clipnorm, clipvalue";
            return Err(Error::config(options.field(set[1]), expected, set.join(" and ")));
        }
        Ok(clip)
    }

    /// The three options as Keras writes them.
    pub fn to_keras(self) -> Value {
        let [mut norm, mut global, mut value] = [None; 3];
        match self {
            Self::None => {}
            Self::Norm(bound) => norm = Some(bound),
            Self::GlobalNorm(bound) => global = Some(bound),
            Self::Value(bound) => value = Some(bound),
        }
        object!({ "clipnorm": norm, "global_clipnorm": global, "clipvalue": value })
    }

    /// Bounds the gradients of the trainable weights.
    pub fn apply(self, parameters: &Parameters, gradients: &mut Gradients) {
        let specs = parameters.specs();
        let trainable = (0..specs.len()).filter(|k| specs[*k].trainable);
        match self {
            Self::None => {}
            Self::Norm(bound) => {
                for k in trainable {
                    let norm = sum_of_squares(numbers(gradients, k)).sqrt();
                    if norm > bound {
                        scale(numbers(gradients, k), (bound / norm) as f32);
                    }
                }
            }
            Self::GlobalNorm(bound) => {
                let squares = trainable.clone().map(|k| sum_of_squares(numbers(gradients, k)));
                let norm = squares.sum::<f64>().sqrt();
                if norm > bound {
                    trainable.for_each(|k| scale(numbers(gradients, k), (bound / norm) as f32));
                }
            }
            Self::Value(bound) => {
                let bound = bound as f32;
                for k in trainable {
                    numbers(gradients, k).iter_mut().for_each(|g| *g = g.clamp(-bound, bound));
                }
            }
        }
    }
}

/// The numbers of a gradient; for a table those of the rows in use, the others being zero.
pub fn numbers(gradients: &mut Gradients, index: usize) -> &mut [f32] {
    match gradients.of(index) {
        GradientOf::Dense(values) => values,
        GradientOf::Table(table) => table.values_mut(),
    }
}

/// Multiplies every number by `factor`.
pub fn scale(x: &mut [f32], factor: f32) {
    x.iter_mut().for_each(|v| *v *= factor);
}
