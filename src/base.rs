//! What the parts of the engine hand to each other, and how they read their configuration. It is a package of its own
//! for the same reason as `src/core.rs`: the browser's build compiles it for size.

pub mod decimal;
pub mod error;
pub mod tensors;

/// How a layer's configuration is read; the layers are in `unrolled-core`.
pub mod layers {
    pub mod config;
}

/// The learning rate along a run; the rest of `train` is in `unrolled-core` and `unrolled`.
pub mod train {
    pub mod power;
    pub mod schedule;
}

pub use error::{Axes, Error, Result};
