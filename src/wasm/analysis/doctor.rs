//! Baselines of the data, statistics over many samples, and the rules that read a run.

use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::Analysis;
use crate::session::analysis::BaselineLine;
use crate::session::analysis::doctor::{Finding, Known};
use crate::session::analysis::statistics::Statistics;
use crate::wasm::convert::{Reply, from_js, thrown, to_js};
use crate::wasm::engine::now;

#[wasm_bindgen]
impl Analysis {
    /// Computes baselines of the data for about `budget_ms` milliseconds; all of them when they are there.
    pub fn baselines_for(&mut self, budget_ms: f64) -> Reply<Option<Vec<Ts<BaselineLine>>>> {
        let lines = self.0.baselines_for(budget_ms, now).map_err(thrown)?;
        lines.map(|lines| lines.iter().map(to_js).collect()).transpose()
    }

    /// Looks at further samples for about `budget_ms` milliseconds; the statistics when all are looked at.
    pub fn statistics_for(&mut self, budget_ms: f64) -> Reply<Option<Ts<Statistics>>> {
        self.0.statistics_for(budget_ms, now).map_err(thrown)?.map(|found| to_js(&found)).transpose()
    }

    /// What the rules find in the run of a checkpoint.
    pub fn examine(&mut self, run: &[u8], known: Ts<Known>) -> Reply<Vec<Ts<Finding>>> {
        let known = from_js("what is known of the run", &known).map_err(thrown)?;
        self.0.examine(run, &known).map_err(thrown)?.iter().map(to_js).collect()
    }
}
