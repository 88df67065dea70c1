//! Units of the recurrent layers, and which timesteps made the model say so.

use ndarray::ArrayView2;
use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::Analysis;
use crate::analysis::order;
use crate::session::analysis::{ContextsProgress, InfluenceProgress, Shown, UnitInfluence, Wanted};
use crate::wasm::convert::{Reply, from_js, thrown, to_js};
use crate::wasm::engine::now;
use crate::{Error, Result};

#[wasm_bindgen]
impl Analysis {
    /// How much each unit of each recurrent layer matters for the answer to what is shown.
    pub fn unit_influence(&mut self, shown: Ts<Shown>) -> Reply<Vec<Ts<UnitInfluence>>> {
        let shown = from_js("what is shown", &shown).map_err(thrown)?;
        self.0.unit_influence(&shown).map_err(thrown)?.iter().map(to_js).collect()
    }

    /// Begins to ask which timesteps made the model say so.
    pub fn begin_influence(&mut self, shown: Ts<Shown>) -> Reply<()> {
        let shown = from_js("what is shown", &shown).map_err(thrown)?;
        self.0.begin_influence(&shown).map_err(thrown)
    }

    /// Leaves out timesteps for about `budget_ms` milliseconds; a later call goes on.
    pub fn influence_for(&mut self, budget_ms: f64) -> Reply<Ts<InfluenceProgress>> {
        to_js(&self.0.influence_for(budget_ms, now).map_err(thrown)?)
    }

    /// Begins to search the data for the places where a unit fires.
    pub fn begin_contexts(&mut self, wanted: Ts<Wanted>) -> Reply<()> {
        let wanted = from_js("what is searched for", &wanted).map_err(thrown)?;
        self.0.begin_contexts(wanted).map_err(thrown)
    }

    /// Reads samples for about `budget_ms` milliseconds; a later call goes on.
    pub fn contexts_for(&mut self, budget_ms: f64) -> Reply<Ts<ContextsProgress>> {
        to_js(&self.0.contexts_for(budget_ms, now).map_err(thrown)?)
    }
}

/// An order in which units with similar numbers stand beside each other; `data` is `[timesteps, units]`.
#[wasm_bindgen]
pub fn similarity_order(data: &[f32], units: usize) -> Reply<Vec<u32>> {
    let order = by_similarity(data, units).map_err(thrown)?;
    Ok(order.into_iter().map(|unit| unit as u32).collect())
}

fn by_similarity(data: &[f32], units: usize) -> Result<Vec<usize>> {
    let whole = units > 0 && data.len().is_multiple_of(units);
    let shape = if whole { (data.len() / units, units) } else { (0, 0) };
    let found = ArrayView2::from_shape(shape, if whole { data } else { &[] });
    let rows = found
        .map_err(|_| Error::value("the numbers", "as many for each timestep as there are units", units))?;
    Ok(order::similarity_order(rows.t()))
}
