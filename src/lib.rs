//! Recurrent networks that one can read: the engine of Unrolled.
//!
//! A reading tour: [`math`] promises an order of additions; [`rng`] names every random number.

#[cfg(feature = "analysis")]
pub mod analysis;
#[cfg(feature = "bench")]
pub mod bench;
pub mod data;
#[cfg(any(feature = "analysis", feature = "formats"))]
pub mod eigenvalues;
pub mod experiment;
#[cfg(feature = "formats")]
pub mod formats;
pub mod generate;
pub mod listing;
pub mod model;
mod ordering;
pub mod plot;
#[cfg(feature = "formats")]
pub mod script;
pub mod session;
pub mod trace;
pub mod train;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

pub(crate) use unrolled_core::decimal;
pub use unrolled_core::error::{Axes, Error, Result};
pub use unrolled_core::{error, layers, math, rng, tensors};
