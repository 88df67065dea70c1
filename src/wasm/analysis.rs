//! What the page asks about a model beside its training, with the extra module.

mod doctor;
mod expression;
mod gradients;
mod padding;
mod space;
mod surgery;
mod units;
mod unrolling;

use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::convert::{Reply, from_js, thrown, to_js};
use super::experiment::experiment_from;
use super::files::dataset;
use super::replies::Trace;
use crate::experiment::Experiment;
use crate::session::analysis::{self, Shown};

/// A model with the weights of some update, and the data that it is asked about. Every method throws `Failure`.
#[wasm_bindgen]
pub struct Analysis(analysis::Analysis);

#[wasm_bindgen]
impl Analysis {
    /// The model of an experiment with its first weights; `pack` is its data set as the engine loads it.
    #[wasm_bindgen(constructor)]
    pub fn new(experiment: Ts<Experiment>, pack: Option<Vec<u8>>) -> Reply<Analysis> {
        let experiment = experiment_from(&experiment).map_err(thrown)?;
        let made = dataset(pack).and_then(|dataset| analysis::Analysis::new(experiment, dataset));
        made.map(Self).map_err(thrown)
    }

    /// Gives the model the weights of `Engine.weights` or `Engine.checkpoint`.
    pub fn take_weights(&mut self, bytes: &[u8]) -> Reply<()> {
        self.0.take_weights(bytes).map_err(thrown)
    }

    /// What the model computes at the words of a text, or at the timesteps of a sample that are not padding.
    pub fn trace(&mut self, shown: Ts<Shown>) -> Reply<Ts<Trace>> {
        let shown = from_js("what is shown", &shown).map_err(thrown)?;
        to_js(&Trace::from(self.0.trace(&shown).map_err(thrown)?))
    }
}
