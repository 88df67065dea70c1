//! A reader's own files: read by the extra module, which holds the formats.

use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::convert::{Reply, from_js, thrown, to_js};
use super::experiment::experiment_from;
use crate::data::own::{OwnChoice, OwnInfo, read};
use crate::experiment::{Experiment, OnOtherData};

/// A file that was read, on its way to the engine. Every method throws `Failure`.
#[wasm_bindgen]
pub struct OwnFile(crate::data::own::Own);

#[wasm_bindgen]
impl OwnFile {
    /// Reads a file; `choice` holds what was chosen of its columns.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str, bytes: &[u8], choice: Ts<OwnChoice>) -> Reply<OwnFile> {
        let choice = from_js("the choice of columns", &choice).map_err(thrown)?;
        read(name, bytes, &choice).map(Self).map_err(thrown)
    }

    /// What was found in it.
    pub fn info(&self) -> Reply<Ts<OwnInfo>> {
        to_js(&self.0.info)
    }

    /// Its data set as the engine loads it.
    pub fn packed(&self) -> Reply<Vec<u8>> {
        self.0.dataset.to_bytes().map_err(thrown)
    }

    /// `experiment` on this data set: with its own model where that fits, else with a small one.
    pub fn experiment(&self, experiment: Ts<Experiment>) -> Reply<Ts<OnOtherData>> {
        let experiment = experiment_from(&experiment).map_err(thrown)?;
        let own = experiment.on(&self.0.dataset).map_err(thrown)?;
        to_js(&experiment.on_other_data(&own))
    }
}

/// `experiment` on the data of the project's document `name`, or that document and why the model does not fit; throws
/// `Failure`.
#[wasm_bindgen]
pub fn on_data_of(experiment: Ts<Experiment>, name: &str) -> Reply<Ts<OnOtherData>> {
    let experiment = experiment_from(&experiment).map_err(thrown)?;
    to_js(&experiment.on_other_data(&Experiment::preset(name).map_err(thrown)?))
}
