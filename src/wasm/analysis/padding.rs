//! A text in several arrangements of its padding.

use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::Analysis;
use crate::session::analysis::{PaddingPicture, PaddingQuestion};
use crate::wasm::convert::{Reply, from_js, thrown, to_js};

#[wasm_bindgen]
impl Analysis {
    /// Reads a text with its padding before the words, behind them, and masked.
    pub fn padding(&mut self, question: Ts<PaddingQuestion>) -> Reply<Ts<PaddingPicture>> {
        let question = from_js("the text", &question).map_err(thrown)?;
        to_js(&self.0.padding(&question).map_err(thrown)?)
    }
}
