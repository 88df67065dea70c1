//! Whole epochs: what Keras' `fit` does around the steps.

use super::early_stopping::{EarlyStopping, Monitor};
use super::history::Evaluation;
use super::trainer::{Advance, Trainer};
use crate::{Error, Result};

impl Trainer {
    /// Lets training end when a number no longer improves.
    ///
    /// # Errors
    /// If it is a number of the validation set and there is none.
    pub fn set_early_stopping(&mut self, stopping: Option<EarlyStopping>) -> Result<()> {
        let needs = stopping.as_ref().is_some_and(|stopping| stopping.monitor().needs_validation());
        if needs && self.validation.is_none() {
            let expected = "loss or accuracy, since there is no validation set";
            return Err(Error::config("early_stopping.monitor", expected, "a number of the validation set"));
        }
        self.early_stopping = stopping;
        Ok(())
    }

    /// The early stopping, if there is one.
    pub fn early_stopping(&self) -> Option<&EarlyStopping> {
        self.early_stopping.as_ref()
    }

    /// Whether early stopping has ended the run.
    pub fn has_stopped(&self) -> bool {
        self.early_stopping.as_ref().is_some_and(EarlyStopping::has_stopped)
    }

    /// Trains for `epochs` more epochs, with the evaluations that are due, or until early stopping ends the run; `each`
    /// hears of every piece of work. Then the best weights are put back, if early stopping was to keep them.
    ///
    /// # Errors
    /// As [`Self::advance`].
    pub fn fit(&mut self, epochs: u64, mut each: impl FnMut(&Self, Advance)) -> Result<()> {
        let last = (self.step_count() / self.steps_per_epoch() + epochs) * self.steps_per_epoch();
        while !self.has_stopped() && (self.step_count() < last || self.is_evaluating()) {
            let advance = self.advance()?;
            each(self, advance);
        }
        self.restore_best_weights();
        Ok(())
    }

    /// Puts the best weights back, if early stopping was to keep them: to be called when a run ends.
    pub fn restore_best_weights(&mut self) {
        if let Some(stopping) = &self.early_stopping {
            stopping.restore(&mut self.model.parameters);
        }
    }

    /// Tells early stopping how the epoch went that has just ended.
    pub(super) fn observe_epoch(&mut self, evaluation: Option<Evaluation>) {
        let epoch = (self.step_count() / self.steps_per_epoch()).saturating_sub(1);
        let steps = self.steps_per_epoch() as usize;
        let (count, batch_size) = (self.train.count(), self.options.batch_size);
        // As in Keras, a batch counts by its size in the mean of an epoch.
        let mean = |values: &[f32]| {
            let last = &values[values.len().saturating_sub(steps)..];
            let size = |k: usize| batch_size.min(count - k * batch_size) as f64;
            let sum: f64 = last.iter().enumerate().map(|(k, v)| f64::from(*v) * size(k)).sum();
            (sum / count as f64) as f32
        };
        let Some(stopping) = &mut self.early_stopping else { return };
        let value = match stopping.monitor() {
            Monitor::Loss => Some(mean(&self.history.losses)),
            Monitor::Accuracy => Some(mean(&self.history.accuracies)),
            Monitor::ValidationLoss => evaluation.map(|evaluation| evaluation.loss),
            Monitor::ValidationAccuracy => evaluation.map(|evaluation| evaluation.accuracy),
        };
        if let Some(value) = value {
            stopping.observe(epoch, value, &self.model.parameters);
        }
    }
}
