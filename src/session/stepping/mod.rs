//! Stepping through a listing: one sequence forwards, the loss, and backwards, position by position.
//!
//! A [`Stepping`] holds every number of a cell and of the output behind it, knows the order in which a reader walks
//! through them ([`walk`]), takes changes of single numbers and keeps what was before them, and writes everything as
//! numpy. It draws nothing and knows nothing of a page.

mod check;
pub mod choice;
mod describe;
mod facts;
mod failure;
pub mod input;
mod numpy;
mod readers;
mod readout;
mod sentences;
mod session;
#[cfg(test)]
mod tests;
pub mod walk;
pub mod weights;

pub use check::{Check, check};
pub use choice::{
    Called, Choice, Excerpt, InputChoice, MOST_FEATURES, MOST_TIMESTEPS, MOST_UNITS, ReadBefore, WeightChoice,
};
pub use describe::{Description, NamedText, Outline, Side, describe, outline};
pub use failure::Failure;
pub use input::Input;
pub use readout::{OutputKind, Readout};
pub use session::{Edit, Stepping};
pub use walk::{Part, Phase, Position, PositionKind};
