//! Losses, as Keras computes them: value, gradient of the output, and hits.

mod binary_crossentropy;
mod categorical_crossentropy;

use super::examples::BlockLabels;
use super::history::Score;
use crate::layers::{Shape, Signal};
use crate::train::Labels;
use crate::{Error, Result};

/// Keras clips probabilities to [ε, 1 − ε]; a saturated wrong answer costs −ln ε = 16.118 and has gradient zero.
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
}

impl Loss {
    /// The loss with Keras' name `name`.
    ///
    /// # Errors
    /// If there is no such loss.
    pub fn from_keras(name: &str, from_logits: bool) -> Result<Self> {
        match name {
            "binary_crossentropy" => Ok(Self::BinaryCrossentropy { from_logits }),
            "categorical_crossentropy" => Ok(Self::CategoricalCrossentropy { from_logits }),
            "sparse_categorical_crossentropy" => Ok(Self::SparseCategoricalCrossentropy { from_logits }),
            _ => Err(Error::config(
                "loss",
                "one of binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy",
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
        }
    }

    /// Checks once that `labels` can be compared with outputs of the shape `output`.
    ///
    /// # Errors
    /// Says which labels the loss needs.
    pub fn check(self, labels: &Labels, output: Shape) -> Result<()> {
        let features = output.features().unwrap_or(0);
        match (self, labels) {
            (Self::SparseCategoricalCrossentropy { .. }, Labels::Classes { ids, .. }) => {
                match ids.iter().find(|id| **id as usize >= features) {
                    Some(id) => Err(Error::value(
                        "every label",
                        format!("below {features}, the number of classes"),
                        id,
                    )),
                    None => Ok(()),
                }
            }
            (Self::SparseCategoricalCrossentropy { .. }, Labels::Values { .. }) => {
                Err(Error::value("the labels of sparse_categorical_crossentropy", "class ids", "numbers"))
            }
            (_, Labels::Values { features: f, .. }) if *f == features => Ok(()),
            (Self::BinaryCrossentropy { .. }, Labels::Classes { ids, .. }) if features == 1 => {
                match ids.iter().find(|id| **id > 1) {
                    Some(id) => Err(Error::value("every label", "0 or 1", id)),
                    None => Ok(()),
                }
            }
            (_, Labels::Values { features: f, .. }) => Err(Error::shape("y", &[features], &[*f])),
            (_, Labels::Classes { .. }) => {
                Err(Error::value(format!("the labels of {}", self.name()), "vectors of numbers", "class ids"))
            }
        }
    }

    /// Sum of the losses of a block, and `dy` = `scale` times their gradient.
    pub fn evaluate(self, y: &Signal, labels: &BlockLabels, scale: f32, dy: &mut [f32]) -> Score {
        match self {
            Self::BinaryCrossentropy { from_logits } => {
                binary_crossentropy::evaluate(y, labels, scale, dy, from_logits)
            }
            Self::CategoricalCrossentropy { from_logits }
            | Self::SparseCategoricalCrossentropy { from_logits } => {
                categorical_crossentropy::evaluate(y, labels, scale, dy, from_logits)
            }
        }
    }
}
