//! One update: forward and backward pass of a batch, then the optimizer.
//!
//! A batch is computed block by block and the blocks' gradients are added in their order, so that the result
//! does not depend on how many workers share the blocks.

use super::batches::{Batch, Block};
use super::examples::BlockLabels;
use super::history::Score;
use super::optimizer::{numbers, scale};
use super::watch::{Watch, Watched};
use super::{Loss, Optimizer};
use crate::layers::Gradients;
use crate::math::reduce::sum_of_squares;
use crate::model::{Mode, Sequential};
use crate::{Error, Result};

/// What an update was like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Update {
    /// The batch's mean loss before the update.
    pub loss: f32,
    /// The batch's accuracy before the update.
    pub accuracy: f32,
    /// Norm of the whole gradient, before clipping.
    pub gradient_norm: f32,
}

/// A model, its loss and its optimizer.
pub struct Trainer {
    pub(super) model: Sequential,
    pub(super) loss: Loss,
    pub(super) optimizer: Optimizer,
    /// Seed of dropout.
    seed: u64,
    labels: BlockLabels,
    /// The gradient of the blocks computed so far.
    sum: Gradients,
    /// The gradient of one block.
    block: Gradients,
    /// The encoded blocks of an update that several workers share, kept for their memory.
    pub(super) encoded: Vec<Vec<u32>>,
    /// For each weight: the sum of the squares of its gradient, before clipping.
    squares: Vec<f64>,
    /// The weights before an update that is watched, kept for their memory.
    before: Vec<f32>,
    /// What is written down of the next update.
    pub(super) watch: Watch,
    /// What was written down of the last update that was watched.
    pub(super) watched: Option<Watched>,
}

impl Trainer {
    /// Prepares updates of `model`; `seed` is that of dropout.
    pub fn new(model: Sequential, (loss, optimizer): (Loss, Optimizer), seed: u64) -> Self {
        Self {
            sum: model.new_gradients(),
            block: model.new_gradients(),
            encoded: Vec::new(),
            squares: Vec::new(),
            before: Vec::new(),
            watch: Watch::Nothing,
            watched: None,
            labels: BlockLabels::default(),
            model,
            loss,
            optimizer,
            seed,
        }
    }

    /// Updates made so far.
    pub fn update_count(&self) -> u64 {
        self.optimizer.update_count()
    }

    /// One update by the gradient of the mean loss of `batch`.
    ///
    /// # Errors
    /// If loss or gradient are not finite; the weights are then left as they were.
    pub fn update(&mut self, batch: Batch) -> Result<Update> {
        if self.watch == Watch::Everything {
            self.watched = Some(Watched::of_passes(&self.model, batch));
        }
        let mut score = Score::default();
        for (index, block) in batch.blocks().enumerate() {
            score.add(self.differentiate(block)?);
            if index == 0 {
                std::mem::swap(&mut self.sum, &mut self.block);
            } else {
                self.sum.add(&self.block);
            }
        }
        self.apply(score)
    }

    /// Computes block `index` of `batch` and writes its score and gradient into `words`.
    ///
    /// # Errors
    /// If there is no such block or the samples do not fit the model.
    pub fn encode_block(&mut self, batch: Batch, index: usize, words: &mut Vec<u32>) -> Result<()> {
        let Some(block) = batch.blocks().nth(index) else {
            return Err(Error::value("the index of the block", "below the number of blocks", index));
        };
        let score = self.differentiate(block)?;
        words.clear();
        words.extend(score.to_words());
        self.block.encode(words);
        Ok(())
    }

    /// Words that [`Self::encode_block`] writes at most for a block that looks up `ids` rows of a table.
    pub fn encoded_length_at_most(&self, ids: usize) -> usize {
        Score::default().to_words().len() + self.sum.encoded_length_at_most(ids)
    }

    /// Makes the update from all encoded blocks of its batch, given in their order: the same bits as
    /// [`Self::update`].
    ///
    /// # Errors
    /// As [`Self::update`], or if the words are not those of this model's blocks.
    pub fn update_from_blocks<'a>(&mut self, blocks: impl Iterator<Item = &'a [u32]>) -> Result<Update> {
        let mut score = Score::default();
        self.sum.clear();
        for words in blocks {
            let Some((part, gradients)) = words.split_first_chunk() else {
                return Err(Error::format("the block of another worker", "it is empty; start again"));
            };
            score.add(Score::from_words(*part));
            self.sum.add_encoded(gradients)?;
        }
        self.apply(score)
    }

    /// Forward and backward pass of one block; its gradient is in [`Self::block`] then.
    fn differentiate(&mut self, block: Block) -> Result<Score> {
        let mode =
            Mode { training: true, seed: self.seed, update: self.update_count(), first_row: block.first_row };
        let Batch { examples, rows } = block.samples;
        examples.fill(rows, self.model.input_mut(), &mut self.labels);
        self.model.forward(mode)?;
        let predictions = block.batch * self.model.output().timesteps;
        let watched = self.watched.as_mut().filter(|_| self.watch == Watch::Everything);
        let (output, dy) = self.model.output_and_gradient();
        self.loss.check_block(output, &self.labels)?;
        let score = self.loss.evaluate(output, &self.labels, 1.0 / predictions as f32, dy);
        self.block.clear();
        match watched {
            Some(watched) => {
                watched.add_outputs(&self.model);
                let each = &mut |layer: usize, dy: &[f32]| watched.add_arriving(layer, dy);
                self.model.backward_watched(mode, false, &mut self.block, each);
            }
            None => {
                self.model.backward(mode, false, &mut self.block);
            }
        }
        Ok(score)
    }

    /// Applies the summed gradient of a batch.
    fn apply(&mut self, score: Score) -> Result<Update> {
        let loss = score.mean_loss();
        if !loss.is_finite() {
            return Err(self.not_finite("loss"));
        }
        self.average_over_unmasked(score);
        let gradient_norm = self.gradient_norm()?;
        let backend = self.model.backend;
        let mut watched = match std::mem::take(&mut self.watch) {
            Watch::Nothing => None,
            Watch::Norms => Some(Watched::default()),
            Watch::Everything => self.watched.take(),
        };
        if let Some(watched) = &mut watched {
            watched.before_update(score, self.optimizer.learning_rate(), &self.squares);
            self.before.clear();
            self.before.extend_from_slice(self.model.parameters.values());
        }
        self.optimizer.apply(backend, &mut self.model.parameters, &mut self.sum);
        if let Some(mut watched) = watched {
            watched.after_update(&self.model.parameters, &self.before, &self.optimizer, &mut self.sum);
            self.watched = Some(watched);
        }
        Ok(Update { loss, accuracy: score.accuracy(), gradient_norm })
    }

    /// Blocks divide their gradients by all predictions of the batch, of which they know the number; masked
    /// ones, which show only in the output, do not count.
    fn average_over_unmasked(&mut self, score: Score) {
        if score.masked > 0 && score.count > 0 {
            let factor = (score.count + score.masked) as f32 / score.count as f32;
            for index in 0..self.model.parameters.specs().len() {
                scale(numbers(&mut self.sum, index), factor);
            }
        }
    }

    /// The norm of the whole gradient. One that is not finite would spoil the weights for good, so it stops
    /// the run before it is used.
    fn gradient_norm(&mut self) -> Result<f32> {
        self.squares.clear();
        for (index, spec) in self.model.parameters.specs().iter().enumerate() {
            let sum = sum_of_squares(numbers(&mut self.sum, index));
            if !sum.is_finite() {
                return Err(self.not_finite(format!("the gradient of {}", spec.name)));
            }
            self.squares.push(sum);
        }
        Ok(self.squares.iter().fold(0.0, |sum, square| sum + square).sqrt() as f32)
    }

    fn not_finite(&self, what: impl Into<String>) -> Error {
        Error::NotFinite { what: what.into(), update: self.update_count() + 1 }
    }
}
