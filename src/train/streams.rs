//! Long texts as training data for models that carry their state from batch to batch.
//!
//! Truncated back-propagation reads a text in windows: gradients stop at a window's edge, states do not. For
//! that, row b of each batch must continue row b of the batch before it.

use ndarray::{Array2, ArrayView1};

use super::examples::{Examples, Inputs, Labels};
use crate::{Error, Result};

impl Examples {
    /// Cuts `ids` into `batch_size` streams of equal length and these into windows of `timesteps`; each id's
    /// label is the id after it. Used in order, with batches of `batch_size`, each row of a batch goes on
    /// where the same row of the batch before it ended. What does not fill a window in every stream is left
    /// out.
    ///
    /// # Errors
    /// If the text is too short for one window in each stream.
    pub fn streams(ids: &[u32], batch_size: usize, timesteps: usize) -> Result<Self> {
        if batch_size == 0 || timesteps == 0 {
            let expected = "at least one stream and one timestep";
            return Err(Error::value("windows of a text", expected, format!("{batch_size} x {timesteps}")));
        }
        let length = ids.len().saturating_sub(1) / batch_size;
        let windows = length / timesteps;
        if windows == 0 {
            let needed = batch_size.saturating_mul(timesteps).saturating_add(1);
            return Err(Error::value("the text", format!("at least {needed} ids long"), ids.len()));
        }
        let count = windows * batch_size;
        let (mut x, mut y) = (Array2::zeros((count, timesteps)), Array2::zeros((count, timesteps)));
        for row in 0..count {
            let (window, stream) = (row / batch_size, row % batch_size);
            let start = stream * length + window * timesteps;
            x.row_mut(row).assign(&ArrayView1::from(&ids[start..start + timesteps]));
            y.row_mut(row).assign(&ArrayView1::from(&ids[start + 1..start + timesteps + 1]));
        }
        Self::new(Inputs::Ids(x), Labels::Classes(y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_of_a_batch_continues_the_row_of_the_batch_before() {
        let ids: Vec<u32> = (0..103).collect();
        let examples = Examples::streams(&ids, 3, 5).unwrap();
        assert_eq!(examples.count(), 18); // 102 predictions, 34 a stream, 6 windows of 5
        let (Inputs::Ids(x), Labels::Classes(y)) = (examples.inputs(), examples.labels()) else {
            panic!("a text gives ids");
        };
        for row in 0..15 {
            assert_eq!(x[[row + 3, 0]], x[[row, 4]] + 1);
        }
        assert!(x.iter().zip(y.iter()).all(|(x, y)| x + 1 == *y));
        assert!(Examples::streams(&ids, 3, 40).is_err());
        assert!(Examples::streams(&ids, 0, 5).is_err());
    }
}
