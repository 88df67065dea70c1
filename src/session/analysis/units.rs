//! How much each unit of a recurrent layer matters for the answer.

use serde::Serialize;

use super::{Analysis, Shown};
use crate::Result;
use crate::layers::recurrent::Recurrent;
use crate::model::Mode;
use crate::trace::seed_log_odds;

/// The units of one recurrent layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct UnitInfluence {
    /// The path of the layer.
    pub layer: String,
    /// Σ over the timesteps of |∂ log-odds/∂h · h|, with the log-odds of the answer, `[units]`.
    pub influence: Vec<f32>,
}

impl Analysis {
    /// How much each unit of each recurrent layer matters for the answer to what is shown.
    ///
    /// # Errors
    /// If there is no word in the text, or no such sample.
    pub fn unit_influence(&mut self, shown: &Shown) -> Result<Vec<UnitInfluence>> {
        self.place(shown)?;
        let states = self.model.take_states();
        let found = self.run_for_units();
        self.model.restore_states(states);
        found
    }

    fn run_for_units(&mut self) -> Result<Vec<UnitInfluence>> {
        self.keep_state_gradients(true);
        let ran = self.model.forward(Mode::INFERENCE);
        // Going backwards, cells write gradients over their gates; the states keep their values.
        let recurrents = self.model.layers().iter().flat_map(|layer| layer.recurrents());
        let states: Vec<Vec<f32>> = recurrents.map(|(_, layer)| states_of(layer)).collect();
        if ran.is_ok() {
            seed_log_odds(&mut self.model);
            let mut gradients = self.model.new_gradients();
            self.model.backward(Mode::INFERENCE, false, &mut gradients);
        }
        let recurrents = self.model.layers().iter().flat_map(|layer| layer.recurrents()).zip(states);
        let found = recurrents
            .map(|((path, layer), h)| UnitInfluence { layer: path, influence: influence_of(layer, &h) });
        let found = found.collect();
        self.keep_state_gradients(false);
        ran.map(|()| found)
    }

    fn keep_state_gradients(&mut self, keep: bool) {
        for layer in self.model.layers_mut() {
            layer.recurrents_mut().into_iter().for_each(|(_, part)| part.keep_state_gradients(keep));
        }
    }
}

/// h after every step, `[steps, units]`, in the order of computation.
fn states_of(layer: &Recurrent) -> Vec<f32> {
    layer.tape().map_or(Vec::new(), |tape| tape.state_after(0).iter().copied().collect())
}

/// Σ over the steps of |∂/∂h · h| for each unit, from the first step to the last.
fn influence_of(layer: &Recurrent, h: &[f32]) -> Vec<f32> {
    let kept = layer.state_gradients();
    let Some(dh) = kept.and_then(|kept| kept.states.first()) else { return Vec::new() };
    let steps = layer.gradient_norms().len().max(1);
    let units = h.len() / steps;
    let mut sums = vec![0.0; units];
    // The pass kept the last step first.
    for (dh, h) in dh.chunks_exact(units.max(1)).rev().zip(h.chunks_exact(units.max(1))) {
        sums.iter_mut().zip(dh.iter().zip(h)).for_each(|(sum, (dh, h))| *sum += (dh * h).abs());
    }
    sums
}
