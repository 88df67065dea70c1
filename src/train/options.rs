//! How a run is trained.

use std::collections::BTreeMap;

use super::early_stopping::EarlyStopping;

/// Options of a run; defaults are those of Keras' `fit`.
#[derive(Debug, Clone, PartialEq)]
pub struct FitOptions {
    /// Samples in a batch; the last one of an epoch may be smaller.
    pub batch_size: usize,
    /// Seed of the shuffling and of dropout.
    pub seed: u64,
    /// Whether every epoch has its own order.
    pub shuffle: bool,
    /// Evaluate after this many updates too, not only at the end of an epoch.
    pub validate_every: Option<u64>,
    /// Keras' `class_weight`: how much samples of a class count in the loss of training; classes that are not
    /// named count 1.
    pub class_weight: BTreeMap<u32, f32>,
    /// When the run ends by itself.
    pub early_stopping: Option<EarlyStopping>,
}

impl Default for FitOptions {
    fn default() -> Self {
        Self {
            batch_size: 32,
            seed: 0,
            shuffle: true,
            validate_every: None,
            class_weight: BTreeMap::new(),
            early_stopping: None,
        }
    }
}
