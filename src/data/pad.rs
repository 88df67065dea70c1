//! Sequences of different lengths to one length, exactly as Keras' `pad_sequences` does it.
//!
//! Keras: `keras/src/utils/sequence_utils.py`.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The front or the end of a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// In front: Keras' `"pre"`, its default.
    #[default]
    Pre,
    /// Behind: Keras' `"post"`.
    Post,
}

/// Where padding goes and where a sequence that is too long is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Padding {
    /// Where the value is put.
    pub padding: Side,
    /// Which side is cut off; `Pre` keeps the last timesteps.
    pub truncating: Side,
    /// What is put there: the id 0 unless told.
    pub value: u16,
}

/// Fills `row`, `[maxlen]`, with `sequence`, `[timesteps]`.
pub fn pad_into(row: &mut [u16], sequence: &[u16], how: Padding) {
    let kept = sequence.len().min(row.len());
    let part = match how.truncating {
        Side::Pre => &sequence[sequence.len() - kept..],
        Side::Post => &sequence[..kept],
    };
    let gap = row.len() - kept;
    let (filled, padded) = match how.padding {
        Side::Pre => (gap..row.len(), 0..gap),
        Side::Post => (0..kept, kept..row.len()),
    };
    row[filled].copy_from_slice(part);
    row[padded].fill(how.value);
}

/// All `sequences` in one array `[batch, maxlen]`; without `maxlen` the longest sequence decides.
///
/// # Errors
/// `maxlen` is zero, or the array would have more values than this machine can address.
pub fn pad_sequences(sequences: &[&[u16]], maxlen: Option<usize>, how: Padding) -> Result<Vec<u16>> {
    if maxlen == Some(0) {
        return Err(Error::config("maxlen", "at least 1", 0));
    }
    let longest = sequences.iter().map(|sequence| sequence.len()).max().unwrap_or(0);
    let maxlen = maxlen.unwrap_or(longest);
    let mut padded = Vec::new();
    let fits = sequences.len().checked_mul(maxlen).is_some_and(|size| padded.try_reserve_exact(size).is_ok());
    if !fits {
        return Err(Error::config("maxlen", "a length that fits into memory", maxlen));
    }
    for sequence in sequences {
        let start = padded.len();
        padded.resize(start + maxlen, how.value);
        pad_into(&mut padded[start..], sequence, how);
    }
    Ok(padded)
}
