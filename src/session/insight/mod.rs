//! What a reader can see of a training run besides its curves.

mod ask;
mod examiner;
mod mistakes;
mod norms;
mod pace;
mod slow_motion;

pub use examiner::{Tick, TickState};
pub use mistakes::{ClassFigures, Judgement, Judging, Mistakes};
pub use norms::{Norm, NormNames, Norms};
pub use pace::Pace;
pub(super) use pace::Stopwatch;
pub use slow_motion::{SlowUpdate, UpdateFigure, UpdatePart, UpdatePhase};
