//! What a model in training makes of every validation sample: by the way in each evaluation, and whenever it is asked.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::metrics::Predictions;
use super::run::Run;
use crate::Result;

impl Run {
    /// The predictions of the last evaluation and of the one before it.
    pub fn predictions(&self) -> (Option<&Predictions>, Option<&Predictions>) {
        let [last, before] = &self.predictions;
        (last.as_ref(), before.as_ref())
    }

    /// Whether the last predictions are those of the model as it is now.
    pub fn is_judged(&self) -> bool {
        self.predictions[0].as_ref().is_some_and(|last| last.update == self.update_count())
    }

    /// How many samples the validation set has, and how many of them [`Self::judge_some`] has done.
    pub fn judging(&self) -> (usize, usize) {
        let all = self.validation.as_ref().map_or(0, |evaluator| evaluator.examples().count());
        let done = self.judge.as_ref().map_or(0, |(judge, _)| judge.position());
        (all, if self.is_judged() { all } else { done })
    }

    /// Predicts the next samples of the validation set with the model as it is now; begins anew where the model has
    /// changed. The run stays as it is. Nothing is left to do when [`Self::is_judged`], or without a validation set.
    ///
    /// # Errors
    /// If the samples do not fit the model.
    pub fn judge_some(&mut self) -> Result<()> {
        let update = self.update_count();
        let Some(validation) = self.validation.as_ref().filter(|_| !self.is_judged()) else { return Ok(()) };
        if self.judge.as_ref().is_none_or(|(_, judged)| *judged != update) {
            let (model, rows) = (&self.trainer.model, self.options.batch_size);
            let evaluator = Evaluator::new(model, validation.loss(), Arc::clone(validation.shared()), rows)?;
            self.judge = Some((evaluator, update));
        }
        let Some((judge, _)) = &mut self.judge else { return Ok(()) };
        if judge.advance(&mut self.trainer.model)?.is_some() {
            let predictions = judge.take_predictions();
            self.judge = None;
            self.keep(predictions);
        }
        Ok(())
    }

    /// Keeps the predictions of an evaluation of the run that is over.
    pub(super) fn keep_predictions(&mut self) {
        let predictions = self.validation.as_mut().and_then(Evaluator::take_predictions);
        self.keep(predictions);
    }

    fn keep(&mut self, predictions: Option<Predictions>) {
        let Some(mut predictions) = predictions else { return };
        predictions.update = self.update_count();
        let last = self.predictions[0].replace(predictions);
        // The same model judged twice has changed nothing.
        if last.as_ref().is_some_and(|last| last.update != self.update_count()) {
            self.predictions[1] = last;
        }
    }
}
