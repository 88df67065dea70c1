//! The training loop: shuffled batches, cut into the same blocks of rows wherever they are computed.
//!
//! A batch is computed block by block and the blocks' gradients are added in their order, so that the result does not
//! depend on how many workers share the blocks.

use std::ops::Range;
use std::sync::Arc;

use super::examples::{BlockLabels, Examples};
use super::history::{Evaluation, History, Score};
use super::optimizer::{numbers, scale};
use super::{EarlyStopping, Loss, Optimizer};
use crate::layers::Gradients;
use crate::layers::recurrent::Carried;
use crate::math::reduce::sum_of_squares;
use crate::model::{Mode, Sequential};
use crate::rng::Stream;
use crate::{Error, Result};

/// Options of a run.
#[derive(Debug, Clone, Copy)]
pub struct FitOptions {
    /// Samples in a batch; the last one of an epoch may be smaller.
    pub batch_size: usize,
    /// Seed of the shuffling and of dropout.
    pub seed: u64,
    /// Whether every epoch has its own order.
    pub shuffle: bool,
    /// Evaluate after this many steps too, not only at the end of an epoch.
    pub validate_every: Option<u64>,
}

/// What one call of [`Trainer::advance`] did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Advance {
    /// An optimizer step.
    Step {
        /// The batch's loss before the update.
        loss: f32,
        /// The batch's accuracy before the update.
        accuracy: f32,
    },
    /// A part of an evaluation on the validation set.
    Validating,
    /// The last part of an evaluation.
    Validated(Evaluation),
}

/// A model being trained.
pub struct Trainer {
    /// The model.
    pub model: Sequential,
    pub(super) loss: Loss,
    pub(super) optimizer: Optimizer,
    pub(super) train: Arc<Examples>,
    pub(super) validation: Option<Arc<Examples>>,
    pub(super) options: FitOptions,
    pub(super) history: History,
    order: Vec<u32>,
    order_epoch: Option<u64>,
    pub(super) evaluating: Option<(usize, Score)>,
    pub(super) labels: BlockLabels,
    total: Gradients,
    block: Gradients,
    /// The blocks of a step that several workers make, kept for their memory.
    pub(super) exchanged: Vec<Vec<u32>>,
    pub(super) evaluation_rows: usize,
    /// What stateful layers carry through an evaluation, while training's states are in the model.
    pub(super) evaluation_states: Vec<Option<Carried>>,
    pub(super) early_stopping: Option<EarlyStopping>,
}

impl Trainer {
    /// Prepares a run of `model` on `train`.
    ///
    /// # Errors
    /// If labels and loss do not fit, the batch size is zero or larger than the set, or a model that carries its states
    /// from batch to batch gets batches that do not continue each other.
    pub fn new(
        model: Sequential,
        (loss, optimizer): (Loss, Optimizer),
        train: Arc<Examples>,
        validation: Option<Arc<Examples>>,
        options: FitOptions,
    ) -> Result<Self> {
        if options.batch_size == 0 || options.batch_size > train.count() {
            let expected = format!("from 1 to {}, the number of training samples", train.count());
            return Err(Error::config("batch_size", expected, options.batch_size));
        }
        for examples in [Some(&train), validation.as_ref()].into_iter().flatten() {
            loss.check(examples.labels(), model.output_shape())?;
            if model.is_stateful() && !examples.count().is_multiple_of(options.batch_size) {
                let expected = format!("a divisor of {}, since a layer is stateful", examples.count());
                return Err(Error::config("batch_size", expected, options.batch_size));
            }
        }
        if model.is_stateful() && options.shuffle {
            return Err(Error::config("shuffle", "false, since a layer is stateful", "true"));
        }
        Ok(Self {
            evaluation_rows: if model.is_stateful() { options.batch_size } else { super::evaluation::ROWS },
            evaluation_states: Vec::new(),
            early_stopping: None,
            total: model.new_gradients(),
            block: model.new_gradients(),
            exchanged: Vec::new(),
            model,
            loss,
            optimizer,
            train,
            validation,
            options,
            history: History::default(),
            order: Vec::new(),
            order_epoch: None,
            evaluating: None,
            labels: BlockLabels::default(),
        })
    }

    /// Optimizer steps done.
    pub fn step_count(&self) -> u64 {
        self.optimizer.step()
    }

    /// Optimizer steps of one epoch.
    pub fn steps_per_epoch(&self) -> u64 {
        self.train.count().div_ceil(self.options.batch_size) as u64
    }

    /// Losses, accuracies and evaluations so far.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The optimizer, to change its learning rate.
    pub fn optimizer_mut(&mut self) -> &mut Optimizer {
        &mut self.optimizer
    }

    /// The optimizer.
    pub fn optimizer(&self) -> &Optimizer {
        &self.optimizer
    }

    /// Does the next piece of work: an optimizer step, or a part of an evaluation that is due.
    ///
    /// # Errors
    /// If loss or weights are no longer finite.
    pub fn advance(&mut self) -> Result<Advance> {
        if self.evaluating.is_some() {
            return self.evaluate_some();
        }
        let (loss, accuracy) = self.step()?;
        Ok(Advance::Step { loss, accuracy })
    }

    /// Whether an evaluation is under way.
    pub fn is_evaluating(&self) -> bool {
        self.evaluating.is_some()
    }

    /// One optimizer step; returns loss and accuracy of its batch before the update. Where an evaluation is due after it,
    /// [`Self::advance`] goes on with that.
    ///
    /// # Errors
    /// If the loss is no longer finite; the weights are then left as they were before the step.
    pub fn step(&mut self) -> Result<(f32, f32)> {
        let step = self.step_count();
        let batch = self.batch(step);
        let mut score = Score::default();
        self.total.clear();
        for (index, block) in blocks_of(batch.len()).enumerate() {
            let part = self.block_gradient(step, batch.clone(), block, index == 0)?;
            score.add(part);
            if index > 0 {
                self.total.add(&self.block);
            }
        }
        self.update(step, score)
    }

    /// Applies the summed gradients of the batch of step `step` (from 0) and writes its score down.
    fn update(&mut self, step: u64, score: Score) -> Result<(f32, f32)> {
        let loss = score.mean_loss();
        if !loss.is_finite() {
            return Err(Error::NotFinite { what: "loss".into(), step: step + 1 });
        }
        self.average_over_unmasked(score);
        let norm = self.gradient_norm(step)?;
        let backend = self.model.backend;
        self.optimizer.apply(backend, &mut self.model.parameters, &mut self.total);
        self.history.losses.push(loss);
        self.history.accuracies.push(score.accuracy());
        self.history.gradient_norms.push(norm);
        let steps = self.step_count();
        let at_end = steps.is_multiple_of(self.steps_per_epoch());
        if at_end && self.model.is_stateful() {
            self.model.reset_states(); // The samples begin anew, and with them what they continue.
        }
        let in_between = self.options.validate_every.is_some_and(|n| n > 0 && steps.is_multiple_of(n));
        if self.validation.is_some() && (at_end || in_between) {
            self.evaluating = Some((0, Score::default()));
        } else if at_end {
            self.observe_epoch(None);
        }
        Ok((loss, score.accuracy()))
    }

    /// The number of blocks of the next step's batch, which workers may share among themselves.
    pub fn block_count(&mut self) -> usize {
        blocks_of(self.batch(self.step_count()).len()).count()
    }

    /// The number of blocks of a whole batch: no more workers than these find something to do. A model that carries states
    /// from batch to batch keeps them with its blocks, so that one worker must compute all of them.
    pub fn shareable_blocks(&self) -> usize {
        if self.model.is_stateful() { 1 } else { blocks_of(self.options.batch_size).count() }
    }

    /// How many words [`Self::compute_block`] writes at most.
    pub fn block_capacity(&self) -> usize {
        // The last batch of an epoch is smaller, but may be cut into fewer and larger blocks.
        let batches = [self.options.batch_size, self.train.count() % self.options.batch_size];
        let rows = batches.into_iter().flat_map(blocks_of).map(|block| block.len()).max().unwrap_or(0);
        Score::default().to_words().len()
            + self.total.encoded_length_at_most(rows * self.train.inputs().timesteps())
    }

    /// Computes block `index` of the next step's batch and writes its score and gradients into `words`.
    ///
    /// # Errors
    /// If there is no such block or the samples do not fit the model.
    pub fn compute_block(&mut self, index: usize, words: &mut Vec<u32>) -> Result<()> {
        let step = self.step_count();
        let batch = self.batch(step);
        let block = blocks_of(batch.len()).nth(index);
        let Some(block) = block else {
            return Err(Error::value("the index of the block", "below the number of blocks", index));
        };
        let score = self.block_gradient(step, batch, block, false)?;
        words.clear();
        words.extend(score.to_words());
        self.block.encode(words);
        Ok(())
    }

    /// Finishes the next step from all of its blocks, computed by whomever and given in their order: the same bits as
    /// [`Self::step`].
    ///
    /// # Errors
    /// As [`Self::step`], or if the words are not those of this model's blocks.
    pub fn finish_step<'a>(&mut self, blocks: impl Iterator<Item = &'a [u32]>) -> Result<(f32, f32)> {
        let mut score = Score::default();
        self.total.clear();
        for words in blocks {
            let Some((part, gradients)) = words.split_first_chunk() else {
                return Err(Error::format("the block of another worker", "it is empty; start again"));
            };
            score.add(Score::from_words(*part));
            self.total.add_encoded(gradients)?;
        }
        self.update(self.step_count(), score)
    }

    /// Blocks divide their gradients by all predictions of the batch, of which they know the number; masked ones, which
    /// show only in the output, do not count.
    fn average_over_unmasked(&mut self, score: Score) {
        if score.masked > 0 && score.count > 0 {
            let factor = (score.count + score.masked) as f32 / score.count as f32;
            for index in 0..self.model.parameters.specs().len() {
                scale(numbers(&mut self.total, index), factor);
            }
        }
    }

    /// The norm of the whole gradient. One that is not finite would spoil the weights for good, so it stops the run
    /// before it is used.
    fn gradient_norm(&mut self, step: u64) -> Result<f32> {
        let mut squares = 0.0;
        for (index, spec) in self.model.parameters.specs().iter().enumerate() {
            let sum = sum_of_squares(numbers(&mut self.total, index));
            if !sum.is_finite() {
                let what = format!("the gradient of {}", spec.name);
                return Err(Error::NotFinite { what, step: step + 1 });
            }
            squares += sum;
        }
        Ok(squares.sqrt() as f32)
    }

    /// Forward and backward pass of one block of a batch, into `total` for the first block, else into `block`.
    fn block_gradient(
        &mut self,
        step: u64,
        batch: Range<usize>,
        block: Range<usize>,
        first: bool,
    ) -> Result<Score> {
        let rows = &self.order[batch];
        let mode = Mode { training: true, seed: self.options.seed, update: step, first_row: block.start };
        self.train.fill(&rows[block], self.model.input_mut(), &mut self.labels);
        self.model.forward(mode)?;
        let predictions = rows.len() * self.model.output().timesteps;
        let (output, dy) = self.model.output_and_gradient();
        self.loss.check_block(output, &self.labels)?;
        let score = self.loss.evaluate(output, &self.labels, 1.0 / predictions as f32, dy);
        let gradients = if first {
            &mut self.total
        } else {
            self.block.clear();
            &mut self.block
        };
        self.model.backward(mode, false, gradients);
        Ok(score)
    }

    /// Where in the order of this epoch the batch of step `step` (from 0) stands.
    fn batch(&mut self, step: u64) -> Range<usize> {
        let epoch = step / self.steps_per_epoch();
        if self.order_epoch != Some(epoch) {
            self.order.clear();
            self.order.extend(0..self.train.count() as u32);
            if self.options.shuffle {
                Stream::new(self.options.seed, "shuffle", epoch).shuffle(&mut self.order);
            }
            self.order_epoch = Some(epoch);
        }
        let start = (step % self.steps_per_epoch()) as usize * self.options.batch_size;
        start..(start + self.options.batch_size).min(self.order.len())
    }
}

/// Rows that a block should have: few enough that several workers find work, many enough that tiles are full.
const BLOCK_ROWS: usize = 16;
/// Rows of a register tile, of which blocks are made where they can be.
const TILE_ROWS: usize = 4;

/// The fixed blocks of a batch of `rows`: an even number of them when there is more than one, in whole tiles as evenly
/// as possible, the larger ones first.
pub fn blocks_of(rows: usize) -> impl Iterator<Item = Range<usize>> {
    let wanted = rows.div_ceil(BLOCK_ROWS);
    let tiles = rows.div_ceil(TILE_ROWS);
    let count = if wanted > 1 { wanted.next_multiple_of(2).min(tiles) } else { 1 };
    let bound = move |k: usize| (k * (tiles / count) + k.min(tiles % count)) * TILE_ROWS;
    (0..count).map(move |k| bound(k)..bound(k + 1).min(rows))
}

#[cfg(test)]
mod tests;
