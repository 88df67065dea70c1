//! Hidden states as paths in a plane.

use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::Analysis;
use crate::session::analysis::{Space, SpaceQuestion};
use crate::wasm::convert::{Reply, from_js, thrown, to_js};

#[wasm_bindgen]
impl Analysis {
    /// The hidden states of some sequences in one plane, and with two units the field in which they move.
    pub fn space(&mut self, question: Ts<SpaceQuestion>) -> Reply<Ts<Space>> {
        let question = from_js("what is drawn", &question).map_err(thrown)?;
        to_js(&self.0.space(&question).map_err(thrown)?)
    }
}
