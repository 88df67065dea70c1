//! What the page shows of a run besides its curves.

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::convert::{Reply, thrown, to_js};
use super::engine::{Engine, now};
use super::replies::Report;
use crate::session::insight;

/// One update, phase by phase.
#[derive(Serialize, Tsify)]
pub struct SlowUpdate {
    /// Indices of the training samples of the batch.
    pub samples: Vec<u32>,
    /// The phases in their order.
    pub phases: Vec<insight::Phase>,
    /// What every update reports.
    pub report: Report,
}

#[wasm_bindgen]
impl Engine {
    /// Exactly one optimizer step, and what happened in it: the run is as after [`Engine::step_once`].
    pub fn slow_update(&mut self) -> Reply<Ts<SlowUpdate>> {
        let done = self.training.slow_update(now).map_err(thrown)?;
        let report = Report::from(done.report);
        to_js(&SlowUpdate { samples: done.samples, phases: done.phases, report })
    }
}
