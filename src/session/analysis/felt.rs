//! How much the prediction after every timestep depends on the states before it: one pass backward for each timestep.

use serde::Serialize;

use super::{Analysis, Shown};
use crate::layers::{Signal, SignalKind};
use crate::model::{Mode, Sequential};
use crate::trace::seed_log_odds;
use crate::{Error, Result};

/// A map that is being made: it holds its own copy of the model, so that weights which arrive meanwhile do not mix.
pub(super) struct Mapping {
    model: Sequential,
    input: Signal,
    /// Where the shown timesteps stand in the input.
    kept: std::ops::Range<usize>,
    /// Timesteps that are still to be computed, the next one last.
    left: Vec<usize>,
}

/// Rows of the map that were computed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FeltRows {
    /// Rows of the whole map that are there by now.
    pub done: usize,
    /// Rows of the whole map: the shown timesteps.
    pub all: usize,
    /// The rows of this call.
    pub rows: Vec<FeltRow>,
}

/// The prediction after one timestep.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FeltRow {
    /// The timestep, from 0 among the shown ones: the model reads the sequence up to it and no further.
    pub t: usize,
    /// The recurrent layers from input to output.
    pub layers: Vec<FeltLayer>,
}

/// How much one layer's states matter to the prediction after one timestep.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FeltLayer {
    /// The layer's path.
    pub layer: String,
    /// ‖∂ log-odds of the class that is predicted after `t` / ∂h_k‖ for k = 0 … t.
    pub norms: Vec<f64>,
}

impl Analysis {
    /// Begins the map for what is shown, with the present weights.
    ///
    /// # Errors
    /// If what is shown cannot be read, or the model cannot read a part of a sequence.
    pub fn begin_felt(&mut self, shown: &Shown) -> Result<()> {
        if let Some(fixed) = self.model.layers().iter().find(|layer| layer.class_name() == "Flatten") {
            let found = format!("`{}`, which needs the whole sequence", fixed.name());
            return Err(Error::value("a model that can stop after every timestep", "without Flatten", found));
        }
        let kept = self.place(shown)?.kept;
        let mut model = self.experiment.build_model()?;
        model.parameters.values_mut().copy_from_slice(self.model.parameters.values());
        let left = coarse_to_fine(kept.len());
        self.mapping = Some(Mapping { model, input: self.model.input().clone(), kept, left });
        Ok(())
    }

    /// Computes rows of the map for about `budget_ms` milliseconds, at least one; a later call goes on. The last
    /// timestep comes first, then every 64th, 32nd … row.
    ///
    /// # Errors
    /// If no map was begun.
    pub fn felt_for(&mut self, budget_ms: f64, now: fn() -> f64) -> Result<FeltRows> {
        let Some(mapping) = &mut self.mapping else {
            return Err(Error::value("the map", "one that was begun", "none"));
        };
        let until = now() + budget_ms;
        let mut rows = Vec::new();
        while let Some(t) = mapping.left.pop() {
            rows.push(mapping.row(t)?);
            if now() >= until {
                break;
            }
        }
        let all = mapping.kept.len();
        let done = all - mapping.left.len();
        if done == all {
            self.mapping = None;
        }
        Ok(FeltRows { done, all, rows })
    }
}

impl Mapping {
    /// One pass forward over the sequence up to timestep `t`, and one back.
    fn row(&mut self, t: usize) -> Result<FeltRow> {
        let length = self.kept.start + t + 1;
        self.model.reset_states();
        begin_of(&self.input, length, self.model.input_mut());
        self.model.forward_from(0, Mode::INFERENCE)?;
        seed_log_odds(&mut self.model);
        let mut gradients = self.model.new_gradients();
        self.model.backward(Mode::INFERENCE, false, &mut gradients);
        let parts = self.model.layers().iter().flat_map(|layer| layer.recurrents());
        let layers = parts.filter(|(_, part)| part.gradient_norms().len() == length).map(|(layer, part)| {
            let norms = part.gradient_norms().iter().copied();
            let mut norms: Vec<f64> =
                if part.goes_backwards() { norms.rev().collect() } else { norms.collect() };
            norms.drain(..self.kept.start);
            FeltLayer { layer, norms }
        });
        Ok(FeltRow { t, layers: layers.collect() })
    }
}

/// The first `length` timesteps of a sequence.
fn begin_of(whole: &Signal, length: usize, part: &mut Signal) {
    match whole.kind {
        SignalKind::Ids => {
            part.set_ids(length, 1);
            part.ids.copy_from_slice(&whole.ids[..length]);
        }
        SignalKind::Sequence | SignalKind::Flat => {
            part.set_sequence(length, 1, whole.features);
            part.data.copy_from_slice(&whole.data[..length * whole.features]);
        }
    }
    part.mask.extend_from_slice(whole.mask.get(..length).unwrap_or_default());
}

/// All of `0..count`, the next one last: first the last timestep, then every 64th before it, every 32nd, and so on.
fn coarse_to_fine(count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let from_end = |t: &usize| count - 1 - t;
    order.sort_by_key(|t| (from_end(t).trailing_zeros().min(6), std::cmp::Reverse(from_end(t))));
    order
}
