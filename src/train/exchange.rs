//! Several workers make every step of a run together.
//!
//! Each worker holds a replica of the whole run. In a step everybody computes its share of the batch's fixed blocks and
//! hands them to the others; then everybody adds up all blocks in their order and makes the same update. The result does
//! not depend on how many workers there are, bit for bit.

use super::trainer::{Advance, Trainer};
use crate::Result;

/// A worker's place in a group: which blocks are its own, and how blocks get from worker to worker.
pub trait Exchange {
    /// A step begins.
    fn begin(&mut self);
    /// Whether this worker computes block `index`.
    fn owns(&self, index: usize) -> bool;
    /// Hands a computed block to the others.
    ///
    /// # Errors
    /// If the block does not fit where it should go.
    fn put(&mut self, index: usize, words: &[u32]) -> Result<()>;
    /// Waits until every worker has handed out its blocks of this step; false if somebody did not come.
    fn meet(&mut self) -> bool;
    /// Replaces `words` by block `index` of another worker.
    fn get(&mut self, index: usize, words: &mut Vec<u32>);
}

impl Trainer {
    /// [`Self::advance`], with the workers at the other ends of `exchange`. If one of them does not come, the step is made
    /// alone: nothing is lost but time.
    ///
    /// # Errors
    /// As [`Self::advance`].
    pub fn advance_together(&mut self, exchange: &mut impl Exchange) -> Result<Advance> {
        if self.is_evaluating() {
            return self.advance();
        }
        match self.step_together(exchange)? {
            Some((loss, accuracy)) => Ok(Advance::Step { loss, accuracy }),
            None => self.advance(),
        }
    }

    /// The same bits as [`Self::step`], from the blocks of all workers; nothing if one of them did not come, and then
    /// nothing has changed.
    ///
    /// # Errors
    /// As [`Self::step`], or if a block is not one of this model.
    pub fn step_together(&mut self, exchange: &mut impl Exchange) -> Result<Option<(f32, f32)>> {
        let count = self.block_count();
        let mut blocks = std::mem::take(&mut self.exchanged);
        blocks.resize_with(count.max(blocks.len()), Vec::new);
        let done = self.exchange_blocks(exchange, &mut blocks[..count]);
        let step = match done {
            Ok(true) => self.finish_step(blocks[..count].iter().map(Vec::as_slice)).map(Some),
            Ok(false) => Ok(None),
            Err(error) => Err(error),
        };
        self.exchanged = blocks;
        step
    }

    fn exchange_blocks(&mut self, exchange: &mut impl Exchange, blocks: &mut [Vec<u32>]) -> Result<bool> {
        exchange.begin();
        for (index, words) in blocks.iter_mut().enumerate() {
            if exchange.owns(index) {
                self.compute_block(index, words)?;
                exchange.put(index, words)?;
            }
        }
        if !exchange.meet() {
            return Ok(false);
        }
        for (index, words) in blocks.iter_mut().enumerate() {
            if !exchange.owns(index) {
                exchange.get(index, words);
            }
        }
        Ok(true)
    }
}
