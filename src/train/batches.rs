//! Batches: in which order the samples of a training set are drawn, and how a batch is cut into blocks.

use std::ops::Range;
use std::sync::Arc;

use super::examples::Examples;
use super::options::FitOptions;
use crate::rng::Stream;
use crate::{Error, Result};

/// The training set in the order in which its samples are drawn.
///
/// Nothing here has to be stored with a run: the order of an epoch follows from the seed and the number of
/// the epoch.
pub struct Batches {
    examples: Arc<Examples>,
    batch_size: usize,
    /// The seed of the shuffling; without one every epoch has the order of the data set.
    shuffle_seed: Option<u64>,
    /// Indices of the samples, `[samples]`, in the order of [`Self::epoch`].
    order: Vec<u32>,
    /// The epoch, from 0, whose order is in [`Self::order`].
    epoch: Option<u64>,
}

/// Some samples of a data set, in the order in which they are computed.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// The data set.
    pub examples: &'a Examples,
    /// Indices of the samples, `[batch]`.
    pub rows: &'a [u32],
}

impl Batches {
    /// Batches of `options.batch_size` samples of `examples`; the last one of an epoch may be smaller.
    ///
    /// # Errors
    /// If the batch size is zero or larger than the data set.
    pub fn new(examples: Arc<Examples>, options: &FitOptions) -> Result<Self> {
        let batch_size = options.batch_size;
        if batch_size == 0 || batch_size > examples.count() {
            let expected = format!("from 1 to {}, the number of training samples", examples.count());
            return Err(Error::config("batch_size", expected, batch_size));
        }
        let shuffle_seed = options.shuffle.then_some(options.seed);
        Ok(Self { examples, batch_size, shuffle_seed, order: Vec::new(), epoch: None })
    }

    /// The data set.
    pub fn examples(&self) -> &Examples {
        &self.examples
    }

    /// Batches in an epoch.
    pub fn per_epoch(&self) -> u64 {
        self.examples.count().div_ceil(self.batch_size) as u64
    }

    /// Samples in batch `index` of an epoch.
    pub fn size_of(&self, index: usize) -> usize {
        self.batch_size.min(self.examples.count().saturating_sub(index * self.batch_size))
    }

    /// The batch of update `update`, counted from 0 over all epochs.
    pub fn of_update(&mut self, update: u64) -> Batch<'_> {
        self.order_epoch(update / self.per_epoch());
        let index = (update % self.per_epoch()) as usize;
        let rows = &self.order[index * self.batch_size..][..self.size_of(index)];
        Batch { examples: &self.examples, rows }
    }

    /// Blocks in a whole batch.
    pub fn blocks_per_batch(&self) -> usize {
        blocks_of(self.batch_size).count()
    }

    /// Samples in the largest block of any batch. The last batch of an epoch is smaller than the others, but
    /// may be cut into fewer and larger blocks.
    pub fn largest_block(&self) -> usize {
        let batches = [self.batch_size, self.examples.count() % self.batch_size];
        batches.into_iter().flat_map(blocks_of).map(|block| block.len()).max().unwrap_or(0)
    }

    fn order_epoch(&mut self, epoch: u64) {
        if self.epoch == Some(epoch) {
            return;
        }
        self.order.clear();
        self.order.extend(0..self.examples.count() as u32);
        if let Some(seed) = self.shuffle_seed {
            Stream::new(seed, "shuffle", epoch).shuffle(&mut self.order);
        }
        self.epoch = Some(epoch);
    }
}

impl<'a> Batch<'a> {
    /// The blocks into which the batch is cut, with the index of each block's first row in the batch.
    pub fn blocks(self) -> impl Iterator<Item = Block<'a>> {
        let whole = self.rows;
        let block = move |range: Range<usize>| Block {
            samples: Batch { examples: self.examples, rows: &whole[range.clone()] },
            first_row: range.start,
            batch: whole.len(),
        };
        blocks_of(whole.len()).map(block)
    }
}

/// A part of a batch that is computed at once.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    /// The samples of the block.
    pub samples: Batch<'a>,
    /// Index in the batch of the block's first sample.
    pub first_row: usize,
    /// Samples in the whole batch.
    pub batch: usize,
}

/// Rows that a block should have: few enough that several workers find work, many enough that tiles are full.
const BLOCK_ROWS: usize = 16;
/// Rows of a register tile, of which blocks are made where they can be.
const TILE_ROWS: usize = 4;

/// The fixed blocks of a batch of `rows`: an even number of them when there is more than one, in whole tiles
/// as evenly as possible, the larger ones first.
pub fn blocks_of(rows: usize) -> impl Iterator<Item = Range<usize>> {
    let wanted = rows.div_ceil(BLOCK_ROWS);
    let tiles = rows.div_ceil(TILE_ROWS);
    let count = if wanted > 1 { wanted.next_multiple_of(2).min(tiles) } else { 1 };
    let bound = move |k: usize| (k * (tiles / count) + k.min(tiles % count)) * TILE_ROWS;
    (0..count).map(move |k| bound(k)..bound(k + 1).min(rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cover_a_batch_once_and_in_order() {
        for rows in 1..300 {
            let blocks: Vec<_> = blocks_of(rows).collect();
            assert_eq!(blocks[0].start, 0);
            assert_eq!(blocks[blocks.len() - 1].end, rows);
            assert!(blocks.windows(2).all(|pair| pair[0].end == pair[1].start), "{rows}: {blocks:?}");
            assert!(blocks.iter().all(|block| !block.is_empty()), "{rows}: {blocks:?}");
        }
        assert_eq!(blocks_of(50).collect::<Vec<_>>(), [0..16, 16..28, 28..40, 40..50]);
        assert_eq!(blocks_of(32).collect::<Vec<_>>(), [0..16, 16..32]);
    }
}
