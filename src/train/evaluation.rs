//! How good the model is on samples that it is not trained on, in parts short enough for a page to stay alive.

use std::ops::Range;

use super::examples::Examples;
use super::history::{Evaluation, Score};
use super::trainer::{Advance, Trainer};
use crate::Result;
use crate::layers::Signal;
use crate::model::Mode;

/// Samples evaluated at once.
pub(super) const ROWS: usize = 32;

impl Trainer {
    /// Evaluates the next samples of the validation set.
    pub(super) fn evaluate_some(&mut self) -> Result<Advance> {
        let (Some((done, mut score)), Some(examples)) = (self.evaluating.take(), self.validation.clone())
        else {
            return Ok(Advance::Validating);
        };
        if done == 0 {
            self.evaluation_states.clear();
        }
        let end = (done + self.evaluation_rows).min(examples.count());
        score.add(self.score(&examples, done..end)?);
        if end < examples.count() {
            self.evaluating = Some((end, score));
            return Ok(Advance::Validating);
        }
        let step = self.step_count();
        let evaluation = Evaluation {
            step,
            epoch: step / self.steps_per_epoch(),
            loss: score.mean_loss(),
            accuracy: score.accuracy(),
        };
        self.history.validation.push(evaluation);
        if step.is_multiple_of(self.steps_per_epoch()) {
            self.observe_epoch(Some(evaluation));
        }
        Ok(Advance::Validated(evaluation))
    }

    /// Loss and hits of the model as it is on some samples of `examples`; training's states stay what they are.
    fn score(&mut self, examples: &Examples, rows: Range<usize>) -> Result<Score> {
        let rows: Vec<u32> = (rows.start as u32..rows.end as u32).collect();
        let input: &mut Signal = self.model.input_mut();
        examples.fill(&rows, input, &mut self.labels);
        let aside = self.model.take_states();
        self.model.restore_states(std::mem::take(&mut self.evaluation_states));
        let done = self.model.forward(Mode::INFERENCE);
        self.evaluation_states = self.model.restore_states(aside);
        done?;
        let (output, dy) = self.model.output_and_gradient();
        self.loss.check_block(output, &self.labels)?;
        Ok(self.loss.evaluate(output, &self.labels, 1.0, dy))
    }

    /// Loss and accuracy of the model as it is on all of `examples`.
    ///
    /// # Errors
    /// If the samples do not fit the model.
    pub fn evaluate(&mut self, examples: &Examples) -> Result<Score> {
        self.loss.check(examples.labels(), self.model.output_shape())?;
        let under_way = std::mem::take(&mut self.evaluation_states);
        let mut score = Score::default();
        for start in (0..examples.count()).step_by(self.evaluation_rows) {
            let end = (start + self.evaluation_rows).min(examples.count());
            score.add(self.score(examples, start..end)?);
        }
        self.evaluation_states = under_way;
        Ok(score)
    }
}
