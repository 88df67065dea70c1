//! A training run: the one loop over updates, epochs and evaluations, of the page and of the command line.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::batches::Batches;
use super::early_stopping::{Monitor, Stopper};
use super::evaluator::Evaluator;
use super::examples::Examples;
use super::exchange::Exchange;
use super::history::{Epoch, Evaluation, History, Score};
use super::metrics::Predictions;
use super::options::FitOptions;
use super::trainer::{Trainer, Update};
use super::watch::{Watch, Watched};
use super::{Loss, Optimizer};
use crate::model::Sequential;
use crate::{Error, Result};

/// What one call of [`Run::advance`] did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Advance {
    /// An update.
    Updated(Update),
    /// A part of an evaluation on the validation set.
    Validating,
    /// The last part of an evaluation.
    Validated(Evaluation),
}

/// A model in training on a data set.
pub struct Run {
    pub(super) trainer: Trainer,
    pub(super) batches: Batches,
    pub(super) options: FitOptions,
    pub(super) validation: Option<Evaluator>,
    pub(super) stopper: Option<Stopper>,
    pub(super) history: History,
    /// The last predictions of all validation samples, and those before them.
    pub(super) predictions: [Option<Predictions>; 2],
    /// An evaluation that does not belong to the run, and the number of updates of the model that it judges.
    pub(super) judge: Option<(Evaluator, u64)>,
}

impl Run {
    /// Prepares a run of `model` on `train`.
    ///
    /// # Errors
    /// If labels and loss do not fit, the batch size is zero or larger than the set, a model that carries its
    /// states from batch to batch gets batches that do not continue each other, or early stopping watches a
    /// validation set that is not there.
    pub fn new(
        model: Sequential,
        (loss, optimizer): (Loss, Optimizer),
        train: Arc<Examples>,
        validation: Option<Arc<Examples>>,
        options: FitOptions,
    ) -> Result<Self> {
        model.check_trainable()?;
        let train = match options.class_weight.is_empty() {
            true => train,
            false => Arc::new(Arc::unwrap_or_clone(train).with_class_weights(&options.class_weight)?),
        };
        let batches = Batches::new(train, &options)?;
        loss.check(batches.examples().labels(), model.output_shape())?;
        if model.is_stateful() {
            check_stateful(batches.examples(), &options)?;
            validation.iter().try_for_each(|examples| check_stateful(examples, &options))?;
        }
        let needs =
            options.early_stopping.as_ref().is_some_and(|stopping| stopping.monitor.needs_validation());
        if needs && validation.is_none() {
            let expected = "loss or accuracy, since there is no validation set";
            return Err(Error::config("early_stopping.monitor", expected, "a number of the validation set"));
        }
        let evaluator = |examples| Evaluator::new(&model, loss, examples, options.batch_size);
        Ok(Self {
            validation: validation.map(evaluator).transpose()?,
            trainer: Trainer::new(model, (loss, optimizer), options.seed),
            batches,
            stopper: options.early_stopping.clone().map(Stopper::new),
            options,
            history: History::default(),
            predictions: [None, None],
            judge: None,
        })
    }

    /// The model.
    pub fn model(&self) -> &Sequential {
        &self.trainer.model
    }

    /// The model, to change its weights or to read something with it.
    pub fn model_mut(&mut self) -> &mut Sequential {
        &mut self.trainer.model
    }

    /// The model, at the end of the run.
    pub fn into_model(self) -> Sequential {
        self.trainer.model
    }

    /// The optimizer.
    pub fn optimizer(&self) -> &Optimizer {
        &self.trainer.optimizer
    }

    /// The optimizer, to change its learning rate.
    pub fn optimizer_mut(&mut self) -> &mut Optimizer {
        &mut self.trainer.optimizer
    }

    /// Losses, accuracies and evaluations so far.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// What is written down of the next update. The update itself is the same, bit for bit.
    pub fn watch(&mut self, watch: Watch) {
        self.trainer.watch = watch;
        self.trainer.watched = None;
    }

    /// What was written down of the last update that was watched; nothing if it was taken already.
    pub fn take_watched(&mut self) -> Option<Watched> {
        self.trainer.watched.take()
    }

    /// Updates made so far.
    pub fn update_count(&self) -> u64 {
        self.trainer.update_count()
    }

    /// Updates in an epoch, Keras' `steps_per_epoch`.
    pub fn updates_per_epoch(&self) -> u64 {
        self.batches.per_epoch()
    }

    /// Whether an evaluation is under way.
    pub fn is_evaluating(&self) -> bool {
        self.validation.as_ref().is_some_and(Evaluator::is_running)
    }

    /// Early stopping and what it has observed, if there is one.
    pub fn stopper(&self) -> Option<&Stopper> {
        self.stopper.as_ref()
    }

    /// Whether early stopping has ended the run.
    pub fn has_stopped(&self) -> bool {
        self.stopper.as_ref().is_some_and(Stopper::has_stopped)
    }

    /// Trains for `epochs` more epochs, as Keras' `fit`: with the evaluations that are due, until early
    /// stopping ends the run, and with the best weights put back if early stopping keeps them. `each` is
    /// called after every piece of work.
    ///
    /// # Errors
    /// As [`Self::advance`].
    pub fn fit(&mut self, epochs: u64, each: &mut dyn FnMut(&Self, Advance)) -> Result<()> {
        let last = (self.update_count() / self.updates_per_epoch() + epochs) * self.updates_per_epoch();
        let updates = last - self.update_count();
        self.train(Some(updates), None, &mut |run, advance| {
            each(run, advance);
            ControlFlow::Continue(())
        })?;
        self.restore_best_weights();
        Ok(())
    }

    /// The loop over updates and evaluations. It ends, and returns true, when `max_updates` updates are made
    /// and the evaluation behind them is over, or when early stopping has ended the run; the best weights are
    /// put back then if early stopping keeps them. It is left, and returns false, when `each`, called after
    /// every piece of work, breaks; a later call goes on from there. With `exchange`, the workers at its
    /// other ends share every update.
    ///
    /// # Errors
    /// As [`Self::advance`].
    pub fn train(
        &mut self,
        max_updates: Option<u64>,
        mut exchange: Option<&mut dyn Exchange>,
        each: &mut dyn FnMut(&Self, Advance) -> ControlFlow<()>,
    ) -> Result<bool> {
        let first = self.update_count();
        let mut left = false;
        loop {
            let all = max_updates.is_some_and(|max| self.update_count() - first >= max);
            if (all || self.has_stopped()) && !self.is_evaluating() {
                if self.has_stopped() {
                    self.restore_best_weights();
                }
                return Ok(true);
            }
            if left {
                return Ok(false);
            }
            let advance = match exchange.as_deref_mut() {
                Some(exchange) => self.advance_together(exchange)?,
                None => self.advance()?,
            };
            left = each(self, advance).is_break();
        }
    }

    /// Does the next piece of work: an update, or a part of an evaluation that is due.
    ///
    /// # Errors
    /// If loss or gradient are not finite; the weights are then left as they were.
    pub fn advance(&mut self) -> Result<Advance> {
        if self.is_evaluating() {
            return self.validate_some();
        }
        self.update().map(Advance::Updated)
    }

    /// One update. Where an evaluation is due after it, [`Self::advance`] goes on with that.
    ///
    /// # Errors
    /// As [`Self::advance`].
    pub fn update(&mut self) -> Result<Update> {
        let batch = self.batches.of_update(self.trainer.update_count());
        let update = self.trainer.update(batch)?;
        self.record(update);
        Ok(update)
    }

    /// The epoch that the last piece of work has completed; nothing within an epoch or before its evaluation
    /// is over.
    pub fn completed_epoch(&self) -> Option<Epoch> {
        let updates = self.update_count();
        let ends = updates > 0 && updates.is_multiple_of(self.updates_per_epoch()) && !self.is_evaluating();
        let evaluation = self.history.validation.last().copied().filter(|last| last.step == updates);
        ends.then(|| self.epoch_with(evaluation))
    }

    /// Puts the best weights back, if early stopping keeps them: to be called when a run ends.
    pub fn restore_best_weights(&mut self) {
        if let Some(stopper) = &self.stopper {
            stopper.restore(&mut self.trainer.model.parameters);
        }
    }

    /// Writes an update down and begins the evaluation that is due after it.
    pub(super) fn record(&mut self, update: Update) {
        self.history.push(update.loss, update.accuracy, update.gradient_norm);
        let updates = self.update_count();
        let at_end = updates.is_multiple_of(self.updates_per_epoch());
        if at_end && self.model().is_stateful() {
            self.model_mut().reset_states(); // The samples begin anew, and with them what they continue.
        }
        let in_between = self.options.validate_every.is_some_and(|n| n > 0 && updates.is_multiple_of(n));
        match &mut self.validation {
            Some(evaluator) if at_end || in_between => evaluator.begin(),
            _ if at_end => self.observe_epoch(None),
            _ => {}
        }
    }

    /// Evaluates the next samples of the validation set.
    fn validate_some(&mut self) -> Result<Advance> {
        let score = match &mut self.validation {
            Some(evaluator) => evaluator.advance(&mut self.trainer.model)?,
            None => None,
        };
        self.keep_predictions();
        Ok(score.map_or(Advance::Validating, |score| Advance::Validated(self.record_evaluation(score))))
    }

    fn record_evaluation(&mut self, score: Score) -> Evaluation {
        let (step, per_epoch) = (self.update_count(), self.updates_per_epoch());
        let (loss, accuracy) = (score.mean_loss(), score.accuracy());
        let evaluation = Evaluation { step, epoch: step / per_epoch, loss, accuracy };
        self.history.validation.push(evaluation);
        if step.is_multiple_of(per_epoch) {
            self.observe_epoch(Some(evaluation));
        }
        evaluation
    }

    /// Tells early stopping how the epoch went that has just ended.
    fn observe_epoch(&mut self, evaluation: Option<Evaluation>) {
        let Some(monitor) = self.stopper.as_ref().map(Stopper::monitor) else { return };
        let epoch = self.epoch_with(evaluation);
        let value = match monitor {
            Monitor::Loss => Some(epoch.loss),
            Monitor::Accuracy => Some(epoch.accuracy),
            Monitor::ValidationLoss => evaluation.map(|evaluation| evaluation.loss),
            Monitor::ValidationAccuracy => evaluation.map(|evaluation| evaluation.accuracy),
        };
        if let (Some(value), Some(stopper)) = (value, &mut self.stopper) {
            stopper.observe(epoch.epoch - 1, value, &self.trainer.model.parameters);
        }
    }

    /// The epoch that the last update has ended.
    fn epoch_with(&self, validation: Option<Evaluation>) -> Epoch {
        let updates = self.updates_per_epoch() as usize;
        // As in Keras, a batch counts by its size in the mean of an epoch.
        let mean = |values: &[f32]| {
            let last = &values[values.len().saturating_sub(updates)..];
            let sum: f64 =
                last.iter().enumerate().map(|(k, v)| f64::from(*v) * self.batches.size_of(k) as f64).sum();
            (sum / self.batches.examples().count() as f64) as f32
        };
        Epoch {
            epoch: self.update_count() / self.updates_per_epoch(),
            loss: mean(&self.history.losses),
            accuracy: mean(&self.history.accuracies),
            validation,
        }
    }
}

/// Checks that the batches of a stateful model continue each other.
fn check_stateful(examples: &Examples, options: &FitOptions) -> Result<()> {
    if !examples.count().is_multiple_of(options.batch_size) {
        let expected = format!("a divisor of {}, since a layer is stateful", examples.count());
        return Err(Error::config("batch_size", expected, options.batch_size));
    }
    if options.shuffle {
        return Err(Error::config("shuffle", "false, since a layer is stateful", "true"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
