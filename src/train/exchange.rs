//! Several workers share every update of a run.
//!
//! Each worker holds a replica of the whole run. For an update each worker computes its share of the batch's
//! fixed blocks and publishes them; then every worker adds up all blocks in their order and makes the same
//! update. The result does not depend on how many workers there are, bit for bit.

use super::batches::Batch;
use super::trainer::{Trainer, Update};
use crate::Result;

/// One worker's end of the memory that the workers of a run share.
pub trait Exchange {
    /// Starts an update.
    fn begin(&mut self);
    /// Whether this worker computes block `index`.
    fn owns(&self, index: usize) -> bool;
    /// Makes a computed block visible to the other workers.
    ///
    /// # Errors
    /// If the block does not fit the shared memory.
    fn publish(&mut self, index: usize, words: &[u32]) -> Result<()>;
    /// Waits at the barrier until every worker has published its blocks of this update; false after a
    /// timeout.
    fn barrier(&mut self) -> bool;
    /// Replaces `words` by block `index`, which another worker published.
    fn fetch(&mut self, index: usize, words: &mut Vec<u32>);
}

impl Trainer {
    /// The same bits as [`Self::update`], from the blocks of all workers; nothing after a timeout, and then
    /// nothing has changed.
    ///
    /// # Errors
    /// As [`Self::update`], or if a block is not one of this model.
    pub fn update_together(&mut self, batch: Batch, exchange: &mut dyn Exchange) -> Result<Option<Update>> {
        let count = batch.blocks().count();
        let mut blocks = std::mem::take(&mut self.encoded);
        blocks.resize_with(count.max(blocks.len()), Vec::new);
        let update = match self.exchange_blocks(batch, exchange, &mut blocks[..count]) {
            Ok(true) => self.update_from_blocks(blocks[..count].iter().map(Vec::as_slice)).map(Some),
            Ok(false) => Ok(None),
            Err(error) => Err(error),
        };
        self.encoded = blocks;
        update
    }

    /// Publishes this worker's blocks and fetches all others; false after a timeout.
    fn exchange_blocks(
        &mut self,
        batch: Batch,
        exchange: &mut dyn Exchange,
        blocks: &mut [Vec<u32>],
    ) -> Result<bool> {
        exchange.begin();
        for (index, words) in blocks.iter_mut().enumerate() {
            if exchange.owns(index) {
                self.encode_block(batch, index, words)?;
                exchange.publish(index, words)?;
            }
        }
        if !exchange.barrier() {
            return Ok(false);
        }
        for (index, words) in blocks.iter_mut().enumerate() {
            if !exchange.owns(index) {
                exchange.fetch(index, words);
            }
        }
        Ok(true)
    }
}
