//! What flows between layers: shapes of one sample, and batches with time as the first axis.

use crate::{Error, Result};

/// The shape of one sample, without the batch axis. `None` timesteps: any number, as Keras prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A sequence of integer ids, Keras' `(None, timesteps)` in front of an Embedding.
    Ids {
        /// Length of the sequence.
        timesteps: Option<usize>,
    },
    /// A sequence of vectors, `(None, timesteps, features)`.
    Sequence {
        /// Length of the sequence.
        timesteps: Option<usize>,
        /// Numbers at each timestep.
        features: usize,
    },
    /// One vector, `(None, features)`.
    Flat {
        /// Numbers in the vector.
        features: usize,
    },
}

impl Shape {
    /// The features of a sequence of vectors, or an error that names the layer.
    pub fn sequence_features(self, layer: &str) -> Result<usize> {
        match self {
            Self::Sequence { features, .. } => Ok(features),
            other => Err(Error::config(
                format!("{layer}.input"),
                "a sequence of vectors (batch, timesteps, features)",
                other,
            )),
        }
    }

    /// The timesteps of a sequence, `None` where they are open or the shape has no time.
    pub fn timesteps(self) -> Option<usize> {
        match self {
            Self::Ids { timesteps } | Self::Sequence { timesteps, .. } => timesteps,
            Self::Flat { .. } => None,
        }
    }

    /// The size of the last axis: features, or nothing for ids.
    pub fn features(self) -> Option<usize> {
        match self {
            Self::Sequence { features, .. } | Self::Flat { features } => Some(features),
            Self::Ids { .. } => None,
        }
    }

    /// Keras' output shape without the batch axis; `None` is an open axis.
    pub fn axes(self) -> Vec<Option<usize>> {
        match self {
            Self::Ids { timesteps } => vec![timesteps],
            Self::Sequence { timesteps, features } => vec![timesteps, Some(features)],
            Self::Flat { features } => vec![Some(features)],
        }
    }
}

impl std::fmt::Display for Shape {
    /// Writes the shape as Keras prints it: `(None, None, 128)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "(None")?;
        for axis in self.axes() {
            match axis {
                Some(n) => write!(f, ", {n}")?,
                None => write!(f, ", None")?,
            }
        }
        write!(f, ")")
    }
}

/// What a [`Signal`] holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignalKind {
    /// Ids in [`Signal::ids`].
    Ids,
    /// Vectors over time in [`Signal::data`].
    Sequence,
    /// One vector a sample in [`Signal::data`], with one timestep.
    #[default]
    Flat,
}

/// A batch between two layers. Buffers are kept from batch to batch, so that training allocates nothing.
#[derive(Debug, Clone, Default)]
pub struct Signal {
    /// What it holds.
    pub kind: SignalKind,
    /// Length of the sequences; 1 for [`SignalKind::Flat`].
    pub timesteps: usize,
    /// Samples.
    pub batch: usize,
    /// Numbers in a vector; 0 for ids.
    pub features: usize,
    /// `[timesteps, batch, features]`.
    pub data: Vec<f32>,
    /// `[timesteps, batch]`, only for [`SignalKind::Ids`].
    pub ids: Vec<u32>,
    /// `[timesteps, batch]`, false where a timestep is masked; empty: nothing is masked.
    pub mask: Vec<bool>,
}

impl Signal {
    /// Becomes a batch of ids, `[timesteps, batch]`, all zero.
    pub fn set_ids(&mut self, timesteps: usize, batch: usize) {
        (self.kind, self.timesteps, self.batch, self.features) = (SignalKind::Ids, timesteps, batch, 0);
        self.data.clear();
        self.ids.clear();
        self.ids.resize(timesteps * batch, 0);
        self.mask.clear();
    }

    /// Becomes a batch of sequences; the numbers are left as they are and must all be written.
    pub fn set_sequence(&mut self, timesteps: usize, batch: usize, features: usize) {
        (self.kind, self.timesteps, self.batch, self.features) =
            (SignalKind::Sequence, timesteps, batch, features);
        self.data.resize(timesteps * batch * features, 0.0);
        self.ids.clear();
        self.mask.clear();
    }

    /// Becomes a batch of vectors; the numbers are left as they are and must all be written.
    pub fn set_flat(&mut self, batch: usize, features: usize) {
        self.set_sequence(1, batch, features);
        self.kind = SignalKind::Flat;
    }

    /// Takes kind, sizes and mask of `other` with another number of features; numbers must all be written.
    pub fn set_like(&mut self, other: &Self, features: usize) {
        self.set_sequence(other.timesteps, other.batch, features);
        self.kind = other.kind;
        self.mask.extend_from_slice(&other.mask);
    }

    /// Rows of `features` numbers: timesteps times batch.
    pub fn rows(&self) -> usize {
        self.timesteps * self.batch
    }

    /// The shape of one sample.
    pub fn shape(&self) -> Shape {
        let timesteps = Some(self.timesteps);
        match self.kind {
            SignalKind::Ids => Shape::Ids { timesteps },
            SignalKind::Sequence => Shape::Sequence { timesteps, features: self.features },
            SignalKind::Flat => Shape::Flat { features: self.features },
        }
    }

    /// Whether row `row` (timestep times batch plus sample) is masked.
    pub fn is_masked(&self, row: usize) -> bool {
        !self.mask.is_empty() && !self.mask[row]
    }
}
