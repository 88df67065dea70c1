//! Whole numpy scripts with one loop over time, run as they stand.
//!
//! A [`Script`] is read, run ([`Script::run`]) with numpy's values and numpy's random numbers, and the [`Step`] inside
//! its loop is taken out as a listing, so that everything that asks about a listing can ask about the script.
//!
//! Values are computed in float64, as numpy computes them, or in float32 where the script says so. What is drawn and
//! what is added, multiplied and divided agrees with numpy to the last bit but for the order of sums; tanh, exp and log
//! are those of the crate `libm`, which differ from numpy's in the last digit at most. Over ten timesteps that stays
//! within 1e-12. The listing is run in float32 like every other.
//!
//! This module promises, as [`crate::listing`] does: no panic and no endless work, whatever is typed. Memory and work
//! are counted, and refused before they are taken.

mod array;
mod drawings;
mod extract;
mod holes;
mod language;
mod library;
mod operate;
mod positions;
pub mod random;
mod run;
mod show;
mod value;
mod walk;
mod whole;
mod world;

pub use array::{Array, Kind};
pub use extract::{Given, Step};
pub use holes::{Choice, Hole};
pub use positions::{Entry, Event, Gives, Kept, Numbers, Position, Question};
pub use walk::Walk;
pub use whole::{Run, Script};
