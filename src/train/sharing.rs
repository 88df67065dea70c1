//! A run whose updates several workers share, through an [`Exchange`] or block by block.

use super::exchange::Exchange;
use super::run::{Advance, Run};
use super::trainer::Update;
use crate::Result;

impl Run {
    /// [`Self::advance`], with the workers at the other ends of `exchange`. After a timeout this worker makes
    /// the update alone: nothing is lost but time.
    ///
    /// # Errors
    /// As [`Self::advance`].
    pub fn advance_together(&mut self, exchange: &mut dyn Exchange) -> Result<Advance> {
        if !self.is_evaluating()
            && let Some(update) = self.update_together(exchange)?
        {
            return Ok(Advance::Updated(update));
        }
        self.advance()
    }

    /// The same bits as [`Self::update`], from the blocks of all workers; nothing after a timeout, and then
    /// nothing has changed.
    ///
    /// # Errors
    /// As [`Self::advance`], or if a block is not one of this model.
    pub fn update_together(&mut self, exchange: &mut dyn Exchange) -> Result<Option<Update>> {
        let batch = self.batches.of_update(self.trainer.update_count());
        let update = self.trainer.update_together(batch, exchange)?;
        update.into_iter().for_each(|update| self.record(update));
        Ok(update)
    }

    /// Blocks of the next update's batch.
    pub fn block_count(&mut self) -> usize {
        self.batches.of_update(self.trainer.update_count()).blocks().count()
    }

    /// Computes block `index` of the next update's batch and writes it into `words`, for
    /// [`Self::update_from_blocks`] of every worker.
    ///
    /// # Errors
    /// If there is no such block or the samples do not fit the model.
    pub fn encode_block(&mut self, index: usize, words: &mut Vec<u32>) -> Result<()> {
        let batch = self.batches.of_update(self.trainer.update_count());
        self.trainer.encode_block(batch, index, words)
    }

    /// The same bits as [`Self::update`], from all encoded blocks of the batch in their order.
    ///
    /// # Errors
    /// As [`Self::advance`], or if a block is not one of this model.
    pub fn update_from_blocks<'a>(&mut self, blocks: impl Iterator<Item = &'a [u32]>) -> Result<Update> {
        let update = self.trainer.update_from_blocks(blocks)?;
        self.record(update);
        Ok(update)
    }

    /// The number of blocks of a whole batch: more workers than these find nothing to do. A model that
    /// carries states from batch to batch keeps them with its blocks, so that one worker must compute all of
    /// them.
    pub fn shareable_blocks(&self) -> usize {
        if self.model().is_stateful() { 1 } else { self.batches.blocks_per_batch() }
    }

    /// How many 32-bit words an encoded block has at most.
    pub fn block_capacity(&self) -> usize {
        let timesteps = self.batches.examples().inputs().timesteps();
        self.trainer.encoded_length_at_most(self.batches.largest_block() * timesteps)
    }
}
