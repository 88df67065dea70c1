//! The samples of a training or validation set, and how blocks of them become the input of a model.

use std::ops::Range;

use crate::layers::Signal;
use crate::{Error, Result};

/// What goes into the model, sample after sample.
#[derive(Debug, Clone)]
pub enum Inputs {
    /// Ids, `[count, timesteps]`.
    Ids {
        /// Length of each sequence.
        timesteps: usize,
        /// The ids.
        ids: Vec<u32>,
    },
    /// Sequences of vectors, `[count, timesteps, features]`.
    Sequences {
        /// Length of each sequence.
        timesteps: usize,
        /// Numbers at each timestep.
        features: usize,
        /// The numbers.
        values: Vec<f32>,
    },
    /// Vectors, `[count, features]`.
    Vectors {
        /// Numbers in each vector.
        features: usize,
        /// The numbers.
        values: Vec<f32>,
    },
}

/// What should come out of the model, sample after sample.
#[derive(Debug, Clone)]
pub enum Labels {
    /// Class ids: one a sample, or one a timestep, `[count, timesteps]`.
    Classes {
        /// Ids of one sample: 1, or the timesteps of the output.
        per_sample: usize,
        /// The ids.
        ids: Vec<u32>,
    },
    /// Numbers in the shape of the output, `[count, …]`.
    Values {
        /// Timesteps of one sample's output; 1 for a vector.
        timesteps: usize,
        /// Numbers at each timestep.
        features: usize,
        /// The numbers.
        values: Vec<f32>,
    },
}

/// Samples with their labels.
#[derive(Debug, Clone)]
pub struct Examples {
    count: usize,
    inputs: Inputs,
    labels: Labels,
    /// `[count, timesteps]`, false where a timestep is masked; empty: nothing is masked.
    mask: Vec<bool>,
    /// `[count]` or `[count, timesteps of the labels]`; empty: all weigh one.
    pub(super) weights: Vec<f32>,
}

/// The labels of one block, with time as the first axis.
#[derive(Debug, Clone, Default)]
pub struct BlockLabels {
    /// Class ids, `[timesteps, batch]`.
    pub classes: Vec<u32>,
    /// Numbers, `[timesteps, batch, features]`.
    pub values: Vec<f32>,
    /// Weight of each prediction, `[timesteps, batch]`; empty: all weigh one.
    pub weights: Vec<f32>,
}

impl Examples {
    /// Puts `count` samples together.
    ///
    /// # Errors
    /// If inputs, labels or mask do not belong to `count` samples, there are none, or a number is not finite.
    pub fn new(count: usize, inputs: Inputs, labels: Labels, mask: Vec<bool>) -> Result<Self> {
        if count == 0 {
            return Err(Error::value("the data set", "at least one sample", "none"));
        }
        let each = inputs.each();
        check_array("x", inputs.given(), [count, each])?;
        check_array("y", labels.given(), [count, labels.each()])?;
        if !mask.is_empty() {
            check_array("mask", (mask.len(), None), [count, inputs.timesteps()])?;
        }
        Ok(Self { count, inputs, labels, mask, weights: Vec::new() })
    }

    /// How many samples there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The inputs of all samples.
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// The labels of all samples.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Writes the samples `rows` into `x` and `y`, time first.
    pub fn fill(&self, rows: &[u32], x: &mut Signal, y: &mut BlockLabels) {
        self.fill_inputs(rows, x);
        y.classes.clear();
        y.values.clear();
        match &self.labels {
            Labels::Classes { per_sample, ids } => {
                for t in 0..*per_sample {
                    y.classes.extend(rows.iter().map(|row| ids[*row as usize * per_sample + t]));
                }
            }
            Labels::Values { timesteps, features, values } => {
                for t in 0..*timesteps {
                    for row in rows {
                        let start = (*row as usize * timesteps + t) * features;
                        y.values.extend_from_slice(&values[start..start + features]);
                    }
                }
            }
        }
        self.fill_weights(rows, &mut y.weights);
    }

    fn fill_weights(&self, rows: &[u32], weights: &mut Vec<f32>) {
        weights.clear();
        if self.weights.is_empty() {
            return;
        }
        let each = self.weights.len() / self.count;
        for t in 0..self.labels.timesteps() {
            let at = t.min(each - 1); // One weight a sample serves all of its timesteps.
            weights.extend(rows.iter().map(|row| self.weights[*row as usize * each + at]));
        }
    }

    /// Cuts the last `share` of the samples off for validation, before any shuffling, as Keras' `validation_split`.
    ///
    /// # Errors
    /// If one of the two parts would be empty.
    pub fn split_validation(self, share: f64) -> Result<(Self, Self)> {
        let first = (self.count as f64 * (1.0 - share)).floor();
        if !(first >= 1.0 && first < self.count as f64) {
            let expected = format!("a share that leaves samples in both parts of {}", self.count);
            return Err(Error::config("validation_split", expected, share));
        }
        let first = first as usize;
        Ok((self.part(0..first), self.part(first..self.count)))
    }

    /// The samples of `range`.
    fn part(&self, range: Range<usize>) -> Self {
        Self {
            count: range.len(),
            inputs: match &self.inputs {
                Inputs::Ids { timesteps, ids } => {
                    Inputs::Ids { timesteps: *timesteps, ids: cut(ids, self.count, &range) }
                }
                Inputs::Sequences { timesteps, features, values } => Inputs::Sequences {
                    timesteps: *timesteps,
                    features: *features,
                    values: cut(values, self.count, &range),
                },
                Inputs::Vectors { features, values } => {
                    Inputs::Vectors { features: *features, values: cut(values, self.count, &range) }
                }
            },
            labels: match &self.labels {
                Labels::Classes { per_sample, ids } => {
                    Labels::Classes { per_sample: *per_sample, ids: cut(ids, self.count, &range) }
                }
                Labels::Values { timesteps, features, values } => Labels::Values {
                    timesteps: *timesteps,
                    features: *features,
                    values: cut(values, self.count, &range),
                },
            },
            mask: cut(&self.mask, self.count, &range),
            weights: cut(&self.weights, self.count, &range),
        }
    }

    fn fill_inputs(&self, rows: &[u32], x: &mut Signal) {
        let batch = rows.len();
        match &self.inputs {
            Inputs::Ids { timesteps, ids } => {
                x.set_ids(*timesteps, batch);
                for (b, row) in rows.iter().enumerate() {
                    let sample = &ids[*row as usize * timesteps..][..*timesteps];
                    for (t, id) in sample.iter().enumerate() {
                        x.ids[t * batch + b] = *id;
                    }
                }
            }
            Inputs::Sequences { timesteps, features, values } => {
                x.set_sequence(*timesteps, batch, *features);
                for (b, row) in rows.iter().enumerate() {
                    for t in 0..*timesteps {
                        let from = &values[(*row as usize * timesteps + t) * features..][..*features];
                        x.data[(t * batch + b) * features..][..*features].copy_from_slice(from);
                    }
                }
            }
            Inputs::Vectors { features, values } => {
                x.set_flat(batch, *features);
                for (row, to) in rows.iter().zip(x.data.chunks_exact_mut(*features)) {
                    to.copy_from_slice(&values[*row as usize * features..][..*features]);
                }
            }
        }
        if !self.mask.is_empty() {
            let timesteps = self.mask.len() / self.count;
            for t in 0..timesteps {
                x.mask.extend(rows.iter().map(|row| self.mask[*row as usize * timesteps + t]));
            }
        }
    }
}

impl Inputs {
    /// Length of each sequence; 1 for vectors.
    pub fn timesteps(&self) -> usize {
        match self {
            Self::Ids { timesteps, .. } | Self::Sequences { timesteps, .. } => *timesteps,
            Self::Vectors { .. } => 1,
        }
    }

    /// Numbers in one sample.
    fn each(&self) -> usize {
        match self {
            Self::Ids { timesteps, .. } => *timesteps,
            Self::Sequences { timesteps, features, .. } => timesteps.saturating_mul(*features),
            Self::Vectors { features, .. } => *features,
        }
    }

    /// How many numbers came, and the first that is not finite.
    fn given(&self) -> (usize, Option<f32>) {
        match self {
            Self::Ids { ids, .. } => (ids.len(), None),
            Self::Sequences { values, .. } | Self::Vectors { values, .. } => {
                (values.len(), not_finite(values))
            }
        }
    }
}

impl Labels {
    /// Timesteps of one sample's labels; 1 for a single label.
    pub fn timesteps(&self) -> usize {
        match self {
            Self::Classes { per_sample, .. } => *per_sample,
            Self::Values { timesteps, .. } => *timesteps,
        }
    }

    fn each(&self) -> usize {
        match self {
            Self::Classes { per_sample, .. } => *per_sample,
            Self::Values { timesteps, features, .. } => timesteps.saturating_mul(*features),
        }
    }

    fn given(&self) -> (usize, Option<f32>) {
        match self {
            Self::Classes { ids, .. } => (ids.len(), None),
            Self::Values { values, .. } => (values.len(), not_finite(values)),
        }
    }
}

pub(super) fn not_finite(values: &[f32]) -> Option<f32> {
    values.iter().copied().find(|v| !v.is_finite())
}

/// Checks that an array of `given` numbers has the shape `[count, each]` with numbers in each, all finite.
fn check_array(what: &str, (given, bad): (usize, Option<f32>), shape: [usize; 2]) -> Result<()> {
    if let Some(bad) = bad {
        return Err(Error::value(format!("every number of `{what}`"), "finite", bad));
    }
    if shape[1] == 0 {
        return Err(Error::value(format!("each sample of `{what}`"), "at least one number", "none"));
    }
    if shape[0].checked_mul(shape[1]) != Some(given) {
        return Err(Error::shape(what, &shape, &[given]));
    }
    Ok(())
}

/// The part of `all` that belongs to the samples of `range`, out of `count`.
fn cut<T: Clone>(all: &[T], count: usize, range: &Range<usize>) -> Vec<T> {
    let each = all.len() / count;
    all[range.start * each..range.end * each].to_vec()
}
