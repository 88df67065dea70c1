//! Seeds from the browser's source of randomness.

use wasm_bindgen::prelude::*;

use super::convert::{Reply, thrown};
use crate::rng;

/// A seed from the browser's source of randomness, of at most six digits, to be shown and kept.
///
/// # Errors
/// Throws `Failure` if the browser has no source of randomness.
#[wasm_bindgen]
pub fn fresh_seed() -> Reply<f64> {
    rng::fresh_seed().map(|seed| seed as f64).map_err(thrown)
}
