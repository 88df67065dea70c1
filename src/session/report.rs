//! What is told of a model that was set up, and of each call that trains it.

use serde::Serialize;

use super::insight::{NormNames, Norms};
use crate::experiment::Baseline;
use crate::model::Summary;
use crate::train::{Advance, Evaluation};

/// What a model that was set up is like.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct SetUp {
    /// Keras' table of the model.
    pub summary: Summary,
    /// Optimizer steps of one epoch.
    pub steps_per_epoch: u64,
    /// Samples of a batch.
    pub batch_size: usize,
    /// Samples of the last batch of an epoch: what is left over.
    pub last_batch_size: usize,
    /// The loss of giving every class the same probability; nothing where answers are numbers.
    pub guessing_loss: Option<f64>,
    /// Training samples.
    pub train: usize,
    /// Validation samples.
    pub validation: usize,
    /// What always giving the most frequent answer achieves; nothing where answers are numbers.
    pub baseline: Option<Baseline>,
    /// The kernels in use.
    pub backend: &'static str,
    /// What the norms of an update belong to.
    pub norms: NormNames,
}

/// What one call of [`Training::train_for`] did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// Optimizer steps since the start of the run.
    pub step: u64,
    /// Whole epochs since the start of the run.
    pub epoch: u64,
    /// How far the present epoch is, from 0 to below 1.
    pub epoch_position: f64,
    /// The step, counted from 1, of the first entry of `losses`.
    pub first_step: u64,
    /// Loss of each step's batch before its update, `[steps]`.
    pub losses: Vec<f32>,
    /// Accuracy of each step's batch before its update, `[steps]`.
    pub accuracies: Vec<f32>,
    /// Evaluations that were finished.
    pub validation: Vec<Evaluation>,
    /// Norms of gradients and changes in some of the updates, as many as do not slow training down.
    pub norms: Vec<Norms>,
    /// Time spent since the start of the run.
    pub seconds: f64,
    /// Whether all steps that were asked for are done and no evaluation is under way.
    pub finished: bool,
}

impl Report {
    pub(super) fn take(&mut self, done: Advance) {
        match done {
            Advance::Updated(update) => {
                self.losses.push(update.loss);
                self.accuracies.push(update.accuracy);
            }
            Advance::Validating => {}
            Advance::Validated(evaluation) => self.validation.push(evaluation),
        }
    }
}
