//! Numbers inside a recurrent layer that are set by hand.

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::Analysis;
use crate::session::analysis::SurgeryQuestion;
use crate::wasm::convert::{Reply, from_js, thrown, to_js};
use crate::wasm::replies::{SymbolTrace, Trace};

/// A sequence with and without changes: the changed layer and all behind it.
#[derive(Serialize, Tsify)]
pub struct Operated {
    /// Without changes.
    pub before: Trace,
    /// With them.
    pub after: Trace,
    /// The layer's symbols with changes minus those without; empty if the sequences differ in length.
    pub difference: Vec<SymbolTrace>,
}

#[wasm_bindgen]
impl Analysis {
    /// Reads a sequence with changes, and the original without.
    pub fn operate(&mut self, question: Ts<SurgeryQuestion>) -> Reply<Ts<Operated>> {
        let question = from_js("what is changed", &question).map_err(thrown)?;
        let done = self.0.operate(&question).map_err(thrown)?;
        let difference = done.difference.into_iter().map(SymbolTrace::from).collect();
        to_js(&Operated { before: done.before.into(), after: done.after.into(), difference })
    }
}
