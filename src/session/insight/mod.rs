//! What a reader can see of a training run besides its curves.

mod mistakes;
mod norms;
mod slow_motion;

pub use mistakes::{ClassFigures, Judgement, Judging, Mistakes};
pub use norms::{Norm, NormNames, Norms};
pub use slow_motion::{Phase, PhaseFigure, PhaseKind, SlowUpdate};
