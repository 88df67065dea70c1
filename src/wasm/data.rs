//! What the page shows of the data of an experiment.

use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::convert::{Reply, from_js, thrown, to_js};
use super::engine::Engine;
use crate::experiment::{ClassCounts, Sample, Subset};

#[wasm_bindgen]
impl Engine {
    /// One sample of the experiment that is set up: as it is, as the network receives it, and the wanted answer.
    pub fn sample(&self, subset: Ts<Subset>, index: u32) -> Reply<Ts<Sample>> {
        let subset = from_js("the subset", &subset).map_err(thrown)?;
        to_js(&self.training.sample(subset, index as usize).map_err(thrown)?)
    }

    /// How often each class is the answer in training and validation.
    pub fn class_counts(&self) -> Reply<Ts<ClassCounts>> {
        to_js(&self.training.class_counts().map_err(thrown)?)
    }
}
