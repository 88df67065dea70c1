//! Gradients through time.

use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::Analysis;
use crate::session::analysis::{FeltRows, KernelBlock, PathNorms, RecordedNetwork, Shown};
use crate::wasm::convert::{Reply, from_js, thrown, to_js};
use crate::wasm::engine::now;
use crate::wasm::replies::LayerTrace;

#[wasm_bindgen]
impl Analysis {
    /// For every LSTM and GRU, how the gradient reaches its state: lengths of the whole and of its two parts.
    pub fn paths(&mut self, shown: Ts<Shown>) -> Reply<Vec<Ts<PathNorms>>> {
        let shown = from_js("what is shown", &shown).map_err(thrown)?;
        self.0.paths(&shown).map_err(thrown)?.iter().map(|paths| to_js(&paths.norms())).collect()
    }

    /// Begins the map of how much every prediction depends on every state before it.
    pub fn begin_felt(&mut self, shown: Ts<Shown>) -> Reply<()> {
        let shown = from_js("what is shown", &shown).map_err(thrown)?;
        self.0.begin_felt(&shown).map_err(thrown)
    }

    /// Computes rows of the map for about `budget_ms` milliseconds; a later call goes on.
    pub fn felt_for(&mut self, budget_ms: f64) -> Reply<Ts<FeltRows>> {
        to_js(&self.0.felt_for(budget_ms, now).map_err(thrown)?)
    }

    /// The blocks of the recurrent kernels with their spectral radius and singular values.
    pub fn kernels(&self) -> Reply<Vec<Ts<KernelBlock>>> {
        self.0.kernels().iter().map(to_js).collect()
    }
}

/// How a recorded network's one recurrent layer computes at every word.
#[wasm_bindgen]
pub fn trace_recorded(network: Ts<RecordedNetwork>) -> Reply<Ts<LayerTrace>> {
    let network = from_js("the network", &network).map_err(thrown)?;
    let trace = network.trace().map_err(thrown)?;
    let layer = trace.layers.into_iter().next();
    to_js(&LayerTrace::from(layer.unwrap_or_else(|| unreachable!("the network has one recurrent layer"))))
}
