//! Experiments that a reader opens from a file.

use wasm_bindgen::prelude::*;

use super::convert::{Reply, plain, thrown};
use crate::experiment::Experiment;

/// Reads an experiment document and returns it with every default filled in; throws `Failure`.
#[wasm_bindgen]
pub fn read_experiment(text: &str) -> Reply<JsValue> {
    plain(&Experiment::from_json(text).map_err(thrown)?.to_json())
}
