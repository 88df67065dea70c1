//! Experiments that a reader opens from a file.

use wasm_bindgen::prelude::*;

use super::convert::{Reply, thrown, to_js};
use crate::experiment::Experiment;

/// Reads an experiment document and returns it with every default filled in; throws `{ code, message }`.
#[wasm_bindgen]
pub fn read_experiment(text: &str) -> Reply {
    to_js(&Experiment::from_json(text).map_err(thrown)?.to_json())
}
