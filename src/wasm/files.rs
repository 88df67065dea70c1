//! Files that are opened and saved, with the extra module, which holds the formats.

use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::convert::{Reply, plain, thrown};
use super::experiment::experiment_from;
use crate::Result;
use crate::data::Dataset;
use crate::experiment::Experiment;
use crate::generate::Sampler;
use crate::session::files::{self, NetworkFormat, Opened};

/// A model or weights that were opened. Every method throws `Failure`.
#[wasm_bindgen]
pub struct OpenedNetwork(Opened);

#[wasm_bindgen]
impl OpenedNetwork {
    /// Opens a file on top of `experiment`, whose data set is `pack` as the engine loads it.
    #[wasm_bindgen(constructor)]
    pub fn new(
        name: &str,
        bytes: &[u8],
        experiment: Ts<Experiment>,
        pack: Option<Vec<u8>>,
    ) -> Reply<OpenedNetwork> {
        let present = experiment_from(&experiment).map_err(thrown)?;
        let opened = dataset(pack).and_then(|dataset| files::open(name, bytes, &present, dataset));
        opened.map(Self).map_err(thrown)
    }

    /// The experiment with the model of the file.
    pub fn experiment(&self) -> Reply<Ts<Experiment>> {
        plain(&self.0.experiment.to_json()).map(Ts::new_unchecked)
    }

    /// Its first weights, as `Engine.start_from` takes them; nothing where the file holds none.
    pub fn weights(&self) -> Option<Vec<u8>> {
        self.0.weights.clone()
    }

    /// What was taken otherwise than it stands in the file, in sentences.
    pub fn remarks(&self) -> Vec<String> {
        self.0.remarks.clone()
    }
}

/// Whether the arrays of a safetensors or npz file have the names of all weights of the experiment's model; throws
/// `Failure` where the experiment is none.
#[wasm_bindgen]
pub fn holds_weights(bytes: &[u8], experiment: Ts<Experiment>) -> Reply<bool> {
    let experiment = experiment_from(&experiment).map_err(thrown)?;
    Ok(files::holds_weights(bytes, &experiment))
}

/// A network as a file.
#[wasm_bindgen]
pub struct SavedNetwork {
    bytes: Vec<u8>,
    remarks: Vec<String>,
}

#[wasm_bindgen]
impl SavedNetwork {
    /// The network of `experiment` with the weights of a checkpoint; `ending` is that of the file: `keras`,
    /// `weights.h5`, `safetensors` or `npz`. Throws `Failure`.
    #[wasm_bindgen(constructor)]
    pub fn new(experiment: Ts<Experiment>, checkpoint: &[u8], ending: &str) -> Reply<SavedNetwork> {
        let experiment = experiment_from(&experiment).map_err(thrown)?;
        let written = NetworkFormat::of_ending(ending)
            .and_then(|format| files::network_file(&experiment, checkpoint, format));
        written.map(|(bytes, remarks)| Self { bytes, remarks }).map_err(thrown)
    }

    /// The content of the file.
    pub fn bytes(&self) -> Vec<u8> {
        self.bytes.clone()
    }

    /// What one should know of it, in sentences.
    pub fn remarks(&self) -> Vec<String> {
        self.remarks.clone()
    }
}

/// A zip archive with the Keras 3 script of `experiment`, the same as a notebook and for several devices, and what they
/// read; `first` are the first weights where they come from a file. Throws `Failure`.
#[wasm_bindgen]
pub fn keras_archive(
    experiment: Ts<Experiment>,
    name: &str,
    pack: Option<Vec<u8>>,
    first: Option<Vec<u8>>,
) -> Reply<Vec<u8>> {
    let experiment = experiment_from(&experiment).map_err(thrown)?;
    let written =
        dataset(pack).and_then(|dataset| files::keras_archive(&experiment, name, dataset, first.as_deref()));
    written.map_err(thrown)
}

/// What the language model of `experiment` with the weights of a checkpoint adds to `text`: `length` characters or
/// words, drawn with `temperature` and `seed`. Throws `Failure`.
#[wasm_bindgen]
pub fn continue_text(
    experiment: Ts<Experiment>,
    checkpoint: &[u8],
    pack: Option<Vec<u8>>,
    text: &str,
    length: u32,
    temperature: f32,
    seed: u32,
) -> Reply<String> {
    let experiment = experiment_from(&experiment).map_err(thrown)?;
    let written = dataset(pack).and_then(|dataset| {
        let sampler = Sampler::new(temperature, u64::from(seed))?;
        let asked = (text, length as usize, sampler);
        files::continue_text(&experiment, checkpoint, dataset.as_ref(), asked)
    });
    written.map_err(thrown)
}

/// A name for the files of an experiment, from its title; throws `Failure`.
#[wasm_bindgen]
pub fn file_name(experiment: Ts<Experiment>) -> Reply<String> {
    let experiment = experiment_from(&experiment).map_err(thrown)?;
    Ok(crate::experiment::keras_code::script::file_name(&experiment))
}

/// The data set in the bytes of a pack.
pub(super) fn dataset(pack: Option<Vec<u8>>) -> Result<Option<Dataset>> {
    pack.map(|bytes| Dataset::from_bytes(&bytes)).transpose()
}
