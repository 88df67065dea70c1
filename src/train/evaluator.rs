//! How good a model is on samples that it is not trained on, in parts short enough for a page to stay
//! responsive.

use std::sync::Arc;

use super::examples::{BlockLabels, Examples};
use super::history::Score;
use super::loss::Loss;
use super::metrics::{Judged, Predictions};
use crate::Result;
use crate::layers::Signal;
use crate::layers::recurrent::Carried;
use crate::model::{Mode, Sequential};

/// Samples evaluated at once, unless the model is stateful.
const ROWS: usize = 32;

/// Evaluates models on one data set. Weights, and the states that training carries from batch to batch, stay
/// as they are.
pub struct Evaluator {
    examples: Arc<Examples>,
    loss: Loss,
    /// Samples evaluated at once. Row b of a batch continues row b of the batch before it if the model is
    /// stateful, so that a batch then is what it is in training.
    rows: usize,
    running: Option<Running>,
    labels: BlockLabels,
    losses: Vec<f32>,
    /// What the model made of the samples in the last evaluation that is over.
    predictions: Option<Predictions>,
}

/// An evaluation that has begun.
#[derive(Default)]
struct Running {
    /// The first sample that is not evaluated yet.
    next: usize,
    score: Score,
    predictions: Option<Predictions>,
    /// What stateful layers carry from batch to batch of this evaluation.
    states: Vec<Option<Carried>>,
}

impl Evaluator {
    /// Evaluates models like `model` by `loss` on `examples`. `batch_size` counts only if the model is
    /// stateful.
    ///
    /// # Errors
    /// If the labels do not fit the loss and the model's output.
    pub fn new(model: &Sequential, loss: Loss, examples: Arc<Examples>, batch_size: usize) -> Result<Self> {
        loss.check(examples.labels(), model.output_shape())?;
        let rows = if model.is_stateful() { batch_size.max(1) } else { ROWS };
        Ok(Self {
            examples,
            loss,
            rows,
            running: None,
            labels: BlockLabels::default(),
            losses: Vec::new(),
            predictions: None,
        })
    }

    /// What the model made of every sample in the last evaluation that is over; nothing if it was taken already.
    pub fn take_predictions(&mut self) -> Option<Predictions> {
        self.predictions.take()
    }

    /// How many samples of an evaluation that is under way are done.
    pub fn position(&self) -> usize {
        self.running.as_ref().map_or(0, |running| running.next)
    }

    /// The data set.
    pub fn examples(&self) -> &Examples {
        &self.examples
    }

    /// The data set, to be shared with another evaluator.
    pub(super) fn shared(&self) -> &Arc<Examples> {
        &self.examples
    }

    /// The loss.
    pub fn loss(&self) -> Loss {
        self.loss
    }

    /// Begins an evaluation; one that is under way is given up.
    pub fn begin(&mut self) {
        self.running = Some(Running::default());
    }

    /// Gives up an evaluation that is under way.
    pub fn cancel(&mut self) {
        self.running = None;
    }

    /// Whether an evaluation is under way.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Evaluates the next samples; returns the score of all samples when they were the last ones.
    ///
    /// # Errors
    /// If the samples do not fit the model; the evaluation is given up then.
    pub fn advance(&mut self, model: &mut Sequential) -> Result<Option<Score>> {
        self.advance_with(model, &mut |_, _| ())
    }

    /// Loss and accuracy of the model on the whole data set.
    ///
    /// # Errors
    /// If the samples do not fit the model.
    pub fn evaluate(&mut self, model: &mut Sequential) -> Result<Score> {
        self.evaluate_with(model, &mut |_, _| ())
    }

    /// [`Self::evaluate`]; `each` is given the output and the labels of every block.
    ///
    /// # Errors
    /// If the samples do not fit the model.
    pub fn evaluate_with(
        &mut self,
        model: &mut Sequential,
        each: &mut dyn FnMut(&Signal, &BlockLabels),
    ) -> Result<Score> {
        self.begin();
        loop {
            if let Some(score) = self.advance_with(model, each)? {
                return Ok(score);
            }
        }
    }

    fn advance_with(
        &mut self,
        model: &mut Sequential,
        each: &mut dyn FnMut(&Signal, &BlockLabels),
    ) -> Result<Option<Score>> {
        let mut running = self.running.take().unwrap_or_default();
        let end = (running.next + self.rows).min(self.examples.count());
        let rows: Vec<u32> = (running.next as u32..end as u32).collect();
        self.examples.fill(&rows, model.input_mut(), &mut self.labels);
        let training = model.take_states();
        model.restore_states(std::mem::take(&mut running.states));
        let done = model.forward(Mode::INFERENCE);
        running.states = model.restore_states(training);
        done?;
        let (output, dy) = model.output_and_gradient();
        self.loss.check_block(output, &self.labels)?;
        let losses = &mut self.losses;
        losses.clear();
        losses.resize(output.rows(), 0.0);
        let note = &mut |row: usize, loss: f64| losses[row] = loss as f32;
        running.score.add(self.loss.evaluate_each(output, &self.labels, 1.0, dy, note));
        let predictions =
            running.predictions.get_or_insert_with(|| Predictions::new(self.loss, output.features));
        predictions.add(Judged { output, labels: &self.labels, losses });
        each(output, &self.labels);
        if end == self.examples.count() {
            self.predictions = running.predictions;
            return Ok(Some(running.score));
        }
        running.next = end;
        self.running = Some(running);
        Ok(None)
    }
}
