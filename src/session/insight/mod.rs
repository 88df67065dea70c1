//! What a reader can see of a training run besides its curves.

mod norms;
mod slow_motion;

pub use norms::{Norm, NormNames, Norms};
pub use slow_motion::{Figure, Phase, PhaseKind, SlowUpdate};
