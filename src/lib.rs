//! Recurrent networks that one can read: the engine of Unrolled.
//!
//! A reading tour: [`math`] promises an order of additions; [`rng`] names every random number.

pub mod error;
pub mod math;
pub mod rng;

pub use error::{Error, Result};
