//! Text as the engine reads it.

use wasm_bindgen::prelude::*;

use crate::data;

/// The words of `text` in order, in lower case, as the data sets were split; `<unknown>` stands for any word that a
/// network does not know.
#[wasm_bindgen]
pub fn words_of(text: &str) -> Vec<String> {
    data::tokenizer::shown_words(text)
}
