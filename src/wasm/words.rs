//! Text as the engine reads it.

use wasm_bindgen::prelude::*;

use crate::data;

/// The words of `text` in order, in lower case, as the data sets were split.
#[wasm_bindgen]
pub fn words_of(text: &str) -> Vec<String> {
    data::words(text)
}
