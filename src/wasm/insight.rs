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
    pub phases: Vec<insight::UpdatePhase>,
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

    /// Predicts the validation set with the model as it is, for about `budget_ms` milliseconds; a later call goes on.
    pub fn judge_for(&mut self, budget_ms: f64) -> Reply<Ts<insight::Judging>> {
        to_js(&self.training.judge_for(budget_ms, now).map_err(thrown)?)
    }

    /// What was wrong in the last evaluation that is over; nothing before the first one.
    pub fn mistakes(&mut self) -> Reply<Option<Ts<insight::Mistakes>>> {
        self.training.mistakes().map_err(thrown)?.map(|mistakes| to_js(&mistakes)).transpose()
    }

    /// How fast the run goes, and how long it takes until update `until`; nothing before the first update.
    pub fn pace(&mut self, until: f64) -> Reply<Option<Ts<insight::Pace>>> {
        self.training.pace(until as u64).map_err(thrown)?.map(|pace| to_js(&pace)).transpose()
    }

    /// What the tutorial printed, beside what it is here.
    pub fn examine(&mut self) -> Reply<Vec<Ts<insight::Tick>>> {
        self.training.examine().map_err(thrown)?.iter().map(to_js).collect()
    }
}
