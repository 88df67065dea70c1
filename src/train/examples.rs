//! The samples of a training or validation set, and how blocks of them become the input of a model.

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
}

/// The labels of one block, with time as the first axis.
#[derive(Debug, Clone, Default)]
pub struct BlockLabels {
    /// Class ids, `[timesteps, batch]`.
    pub classes: Vec<u32>,
    /// Numbers, `[timesteps, batch, features]`.
    pub values: Vec<f32>,
}

impl Examples {
    /// Puts `count` samples together.
    ///
    /// # Errors
    /// If inputs, labels or mask do not belong to `count` samples, or there are none.
    pub fn new(count: usize, inputs: Inputs, labels: Labels, mask: Vec<bool>) -> Result<Self> {
        if count == 0 {
            return Err(Error::value("the data set", "at least one sample", "none"));
        }
        let (timesteps, given, each) = match &inputs {
            Inputs::Ids { timesteps, ids } => (*timesteps, ids.len(), *timesteps),
            Inputs::Sequences { timesteps, features, values } => {
                (*timesteps, values.len(), timesteps * features)
            }
            Inputs::Vectors { features, values } => (1, values.len(), *features),
        };
        if given != count * each {
            return Err(Error::shape("x", &[count, each], &[given]));
        }
        let (given, each) = match &labels {
            Labels::Classes { per_sample, ids } => (ids.len(), *per_sample),
            Labels::Values { timesteps, features, values } => (values.len(), timesteps * features),
        };
        if given != count * each {
            return Err(Error::shape("y", &[count, each], &[given]));
        }
        if !mask.is_empty() && mask.len() != count * timesteps {
            return Err(Error::shape("mask", &[count, timesteps], &[mask.len()]));
        }
        Ok(Self { count, inputs, labels, mask })
    }

    /// How many samples there are.
    pub fn count(&self) -> usize {
        self.count
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
