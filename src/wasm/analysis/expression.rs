//! Lines in the names of a layer.

use js_sys::Float32Array;
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::Analysis;
use crate::listing::Diagnostic;
use crate::session::analysis::ExpressionQuestion;
use crate::wasm::convert::{Reply, from_js, numbers, thrown, to_js};

/// What there is to say about a line.
#[derive(Serialize, Tsify)]
pub struct Watched {
    /// The layer's own names.
    pub names: Vec<String>,
    /// The names of the other layers, with the layer in front.
    pub others: Vec<String>,
    /// The values, if the line is right.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub computed: Option<WatchedValues>,
    /// What is wrong with the line.
    pub mistakes: Vec<Diagnostic>,
}

/// The values of a line.
#[derive(Serialize, Tsify)]
pub struct WatchedValues {
    /// Whether it gives one number at every timestep, and not a vector.
    pub is_number: bool,
    /// Numbers at every timestep.
    pub width: usize,
    /// The mean of all of them.
    pub mean: f64,
    /// `[timesteps, width]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array")]
    pub data: Float32Array,
}

#[wasm_bindgen]
impl Analysis {
    /// The values of a line at every shown timestep.
    pub fn expression(&mut self, question: Ts<ExpressionQuestion>) -> Reply<Ts<Watched>> {
        let question = from_js("the line", &question).map_err(thrown)?;
        let answer = self.0.expression(&question).map_err(thrown)?;
        let computed = answer.computed.map(|computed| WatchedValues {
            is_number: computed.is_number,
            width: computed.values.ncols(),
            mean: computed.mean(),
            data: numbers(&computed.values),
        });
        to_js(&Watched { names: answer.names, others: answer.others, computed, mistakes: answer.mistakes })
    }
}
