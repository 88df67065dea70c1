//! A seed that nobody chose.

use wasm_bindgen::prelude::*;

use super::convert::thrown;
use crate::rng;

/// A seed from the browser's source of randomness, of at most six digits, to be shown and kept.
///
/// # Errors
/// Throws `{ code, message }` if the browser has no source of randomness.
#[wasm_bindgen(js_name = freshSeed)]
pub fn fresh_seed() -> Result<f64, JsValue> {
    rng::fresh_seed().map(|seed| seed as f64).map_err(thrown)
}
