//! Losses, as Keras computes them: value, gradient of the output, and hits.
//!
//! A loss is a number for each prediction, that is for each sample or each of its timesteps. Masked
//! predictions do not count at all; weights multiply what a prediction adds to the sum, but not the number by
//! which the sum is divided.

mod binary_crossentropy;
mod categorical_crossentropy;
mod mean_squared_error;

use ndarray::Array2;

use super::examples::{BlockLabels, check_shape};
use super::history::Score;
use crate::layers::activation::Activation;
use crate::layers::{Shape, Signal};
use crate::math::reduce::argmax;
use crate::train::Labels;
use crate::{Error, Result};

/// Keras clips probabilities to [ε, 1 − ε]; a saturated wrong answer costs −ln ε = 16.118 and has gradient
/// zero.
pub const EPSILON: f32 = 1e-7;

/// Which loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// −y·ln p − (1 − y)·ln(1 − p).
    BinaryCrossentropy {
        /// Whether the model's output is z with p = σ(z).
        from_logits: bool,
    },
    /// −Σ y·ln p over classes; labels are vectors.
    CategoricalCrossentropy {
        /// Whether the model's output is z with p = softmax(z).
        from_logits: bool,
    },
    /// −ln p of the label's class; labels are class ids.
    SparseCategoricalCrossentropy {
        /// Whether the model's output is z with p = softmax(z).
        from_logits: bool,
    },
    /// The mean of (y − t)² over the numbers of an output vector.
    MeanSquaredError,
}

/// What one row of the output is compared with.
#[derive(Clone, Copy)]
enum Target<'a> {
    Class(u32),
    Values(&'a [f32]),
}

impl Target<'_> {
    /// The number for output `k` of a vector; an id stands for itself where there is one output.
    fn number(self, k: usize) -> f32 {
        match self {
            Self::Class(id) => id as f32,
            Self::Values(values) => values[k],
        }
    }

    /// The share of class `k`: one for the class of an id.
    fn share(self, k: usize) -> f32 {
        match self {
            Self::Class(id) => f32::from(u8::from(id as usize == k)),
            Self::Values(values) => values[k],
        }
    }

    /// The class with the largest share.
    fn class(self) -> usize {
        match self {
            Self::Class(id) => id as usize,
            Self::Values(values) => argmax(values),
        }
    }
}

impl Loss {
    /// The loss of giving each of the classes that `outputs` numbers tell apart the same probability: ln 2 for a
    /// single probability of yes; nothing where answers are numbers.
    #[allow(clippy::disallowed_methods)] // shown to readers: no weight follows from it
    pub fn of_guessing(&self, outputs: usize) -> Option<f64> {
        match self {
            Self::BinaryCrossentropy { .. } => Some(std::f64::consts::LN_2),
            Self::CategoricalCrossentropy { .. } | Self::SparseCategoricalCrossentropy { .. } => {
                Some((outputs.max(1) as f64).ln())
            }
            Self::MeanSquaredError => None,
        }
    }

    /// What makes probabilities of the model's outputs; nothing where they are no logits.
    pub fn activation_of_logits(&self) -> Option<Activation> {
        match self {
            Self::BinaryCrossentropy { from_logits: true } => Some(Activation::Sigmoid),
            Self::CategoricalCrossentropy { from_logits: true }
            | Self::SparseCategoricalCrossentropy { from_logits: true } => Some(Activation::Softmax),
            _ => None,
        }
    }

    /// Keras' names, one for each loss.
    pub const NAMES: &[&str] = &[
        "binary_crossentropy",
        "sparse_categorical_crossentropy",
        "categorical_crossentropy",
        "mean_squared_error",
    ];

    /// The loss with Keras' name `name`; `from_logits` means nothing to the squared error.
    ///
    /// # Errors
    /// If there is no such loss.
    pub fn from_keras(name: &str, from_logits: bool) -> Result<Self> {
        match name {
            "binary_crossentropy" => Ok(Self::BinaryCrossentropy { from_logits }),
            "categorical_crossentropy" => Ok(Self::CategoricalCrossentropy { from_logits }),
            "sparse_categorical_crossentropy" => Ok(Self::SparseCategoricalCrossentropy { from_logits }),
            "mean_squared_error" | "mse" => Ok(Self::MeanSquaredError),
            _ => Err(Error::config(
                "loss",
                "one of binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy, \
                 mean_squared_error",
                name,
            )),
        }
    }

    /// Keras' name.
    pub fn name(self) -> &'static str {
        match self {
            Self::BinaryCrossentropy { .. } => "binary_crossentropy",
            Self::CategoricalCrossentropy { .. } => "categorical_crossentropy",
            Self::SparseCategoricalCrossentropy { .. } => "sparse_categorical_crossentropy",
            Self::MeanSquaredError => "mean_squared_error",
        }
    }

    /// Checks once that `labels` can be compared with outputs of the shape `output`.
    ///
    /// # Errors
    /// Says which labels the loss needs.
    pub fn check(self, labels: &Labels, output: Shape) -> Result<()> {
        let Some(features) = output.features() else {
            return Err(Error::config("the model's output", "vectors", output));
        };
        let steps = match output {
            Shape::Sequence { timesteps, .. } => timesteps,
            _ => Some(1),
        };
        let output = [steps.unwrap_or(labels.timesteps()), features];
        check_shape("y", labels.axes(labels.shape()[0], Some(output)), labels.shape())?;
        match (self, labels) {
            (Self::SparseCategoricalCrossentropy { .. }, Labels::Classes(ids)) => {
                all_below(ids, features, format!("below {features}, the number of classes"))
            }
            (Self::SparseCategoricalCrossentropy { .. }, Labels::Values(_)) => {
                Err(Error::value("the labels of sparse_categorical_crossentropy", "class ids", "numbers"))
            }
            (Self::BinaryCrossentropy { .. }, Labels::Classes(ids)) if features == 1 => {
                all_below(ids, 2, "0 or 1".into())
            }
            (Self::MeanSquaredError, Labels::Classes(_)) if features == 1 => Ok(()),
            (_, Labels::Values(_)) => Ok(()),
            (_, Labels::Classes(_)) => {
                let found = "class ids, whose loss is sparse_categorical_crossentropy";
                Err(Error::value(format!("the labels of {}", self.name()), "vectors of numbers", found))
            }
        }
    }

    /// Checks that the labels of a block fit the output that the model gave for it: its length may be open
    /// until then.
    ///
    /// # Errors
    /// If there are more or fewer labels than predictions.
    pub fn check_block(self, y: &Signal, labels: &BlockLabels) -> Result<()> {
        let (classes, values) = (labels.classes.len(), labels.values.len());
        // Only an error names axes: a block that fits allocates nothing.
        if labels.values.is_empty() {
            let (rows, found) = (y.rows(), [classes / y.batch.max(1), y.batch]);
            let expected = [("timesteps", y.timesteps), ("batch", y.batch)];
            return if classes == rows { Ok(()) } else { Err(Error::shape("y", expected, &found)) };
        }
        let found = [values / (y.batch * y.features).max(1), y.batch, y.features];
        let expected = [("timesteps", y.timesteps), ("batch", y.batch), ("features", y.features)];
        if values == y.rows() * y.features { Ok(()) } else { Err(Error::shape("y", expected, &found)) }
    }

    /// Sum of the losses of a block, and `dy` = `scale` times their gradient.
    ///
    /// Labels must have been checked by [`Self::check`] and [`Self::check_block`].
    pub fn evaluate(self, y: &Signal, labels: &BlockLabels, scale: f32, dy: &mut [f32]) -> Score {
        self.evaluate_each(y, labels, scale, dy, &mut |_, _| ())
    }

    /// [`Self::evaluate`]; `each` is given the row and the loss, without its weight, of every prediction that counts.
    pub fn evaluate_each(
        self,
        y: &Signal,
        labels: &BlockLabels,
        scale: f32,
        dy: &mut [f32],
        each: &mut dyn FnMut(usize, f64),
    ) -> Score {
        let mut score = Score::default();
        for row in 0..y.rows() {
            let range = row * y.features..(row + 1) * y.features;
            let (output, dy) = (&y.data[range.clone()], &mut dy[range.clone()]);
            if y.is_masked(row) {
                dy.fill(0.0);
                score.masked += 1;
                continue;
            }
            let target = match labels.values.get(range) {
                Some(values) if !labels.values.is_empty() => Target::Values(values),
                _ => Target::Class(labels.classes[row]),
            };
            let weight = labels.weights.get(row).copied().unwrap_or(1.0);
            let loss = self.of_row(output, target, scale * weight, dy);
            each(row, loss);
            score.loss += f64::from(weight) * loss;
            score.correct += self.hits(output, target);
            score.count += 1;
        }
        score
    }

    fn of_row(self, output: &[f32], target: Target, scale: f32, dy: &mut [f32]) -> f64 {
        match self {
            Self::BinaryCrossentropy { from_logits } => {
                binary_crossentropy::of_row(output, target, scale, dy, from_logits)
            }
            Self::CategoricalCrossentropy { from_logits }
            | Self::SparseCategoricalCrossentropy { from_logits } => {
                categorical_crossentropy::of_row(output, target, scale, dy, from_logits)
            }
            Self::MeanSquaredError => mean_squared_error::of_row(output, target, scale, dy),
        }
    }

    /// Keras' accuracy of one prediction: the class hit or missed, for binary labels the share of the outputs
    /// on the right side of one half, which for a logit is zero.
    fn hits(self, output: &[f32], target: Target) -> f64 {
        let threshold = match self {
            Self::BinaryCrossentropy { from_logits: true } => 0.0,
            Self::BinaryCrossentropy { from_logits: false } => 0.5,
            Self::MeanSquaredError if output.len() == 1 => 0.5,
            _ => return f64::from(u8::from(argmax(output) == target.class())),
        };
        let right = (0..output.len())
            .filter(|k| f32::from(u8::from(output[*k] > threshold)) == target.number(*k))
            .count();
        right as f64 / output.len() as f64
    }
}

fn all_below(ids: &Array2<u32>, limit: usize, expected: String) -> Result<()> {
    match ids.iter().find(|id| **id as usize >= limit) {
        Some(id) => Err(Error::value("every label", expected, id)),
        None => Ok(()),
    }
}
