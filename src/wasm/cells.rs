//! Texts of the project's cells, between the page and this instance.

use wasm_bindgen::prelude::*;

use super::convert::{Reply, thrown};
use crate::listing::cells;

/// The text of a listing of the project, where this module holds it or was given it.
#[wasm_bindgen]
pub fn cell_text(name: &str) -> Option<String> {
    cells::text(name).map(str::to_owned)
}

/// Hands over the text of a listing of the project, so that models may name it.
#[wasm_bindgen]
pub fn provide_cell_text(name: &str, text: &str) -> Reply<()> {
    cells::provide(name, text).map_err(thrown)
}
