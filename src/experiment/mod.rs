//! An experiment as a document: data, how they are read, model, training and seed in one JSON text.
//!
//! The page, the command line, links and files on disk hold the same document and read it with the one type
//! [`Experiment`]. What is left out has a default, an unknown key is an error that names it, and every value is checked
//! when the document is read; only the model is checked when it is built, by [`Experiment::build_model`].

mod arrays;
mod baseline;
mod catalogue;
mod data;
mod difference;
mod document;
mod examples;
mod fit;
mod fitting;
mod flow;
#[cfg(feature = "formats")]
pub mod keras_code;
#[cfg(feature = "formats")]
mod moving;
mod presets;
mod reading;
mod results;
pub mod sample;
pub mod sets;
mod survey;
pub mod tasks;
#[cfg(not(target_arch = "wasm32"))]
pub mod wording;

use serde::Serialize;
use serde_json::Value;

pub use baseline::Baseline;
pub use catalogue::{Catalogue, ClassFacts, OptionFacts, OptionKind, catalogue};
pub use data::{Data, NamedFile, OWN, TASK, Validation};
pub use examples::Material;
pub use fit::{Fit, LARGEST_SEED, ValidateEvery};
pub use flow::Flow;
#[cfg(feature = "formats")]
pub use moving::{Misfit, Moved, OnOtherData};
pub use presets::{Cut, MenuEntry, MenuGroup, PRESETS, Preset, menu, nearest};
pub use reading::{Reading, Words};
pub use results::{Bands, Course, CoursePoint, Measured, Printed, PrintedLayer};
pub use sample::{ClassCounts, Sample, Subset, TimestepRole};
pub use survey::{Mend, Survey, Trouble};

use crate::model::Sequential;
use crate::train::Loss;
use crate::{Error, Result};

/// One experiment.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Experiment {
    /// What a list shows: `Film reviews, LSTM(128) with dropout`.
    pub title: String,
    /// One or two sentences for a reader.
    pub about: String,
    /// The tutorial that it comes from, by the first digits of its name: `001`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub tutorial: Option<String>,
    /// What is learned from.
    pub data: Data,
    /// Keras' JSON of a Sequential.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "KerasModel"))]
    pub model: Value,
    /// Loss and optimizer.
    pub compile: Compile,
    /// Batches, epochs and seed.
    pub fit: Fit,
    /// Which file the first weights come from, in place of the seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub weights: Option<NamedFile>,
    /// What the tutorial printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub printed: Option<Printed>,
    /// What was measured with this engine.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub measured: Vec<Measured>,
}

/// Keras' `compile`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Compile {
    /// Keras' name of the loss; labels that are class ids need `sparse_categorical_crossentropy`.
    pub loss: String,
    /// Whether the model's output is logits.
    pub from_logits: bool,
    /// Keras' configuration of the optimizer, or its name alone.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "KerasObject | string"))]
    pub optimizer: Value,
}

impl Experiment {
    /// Builds the model with first weights from the experiment's seed.
    ///
    /// # Errors
    /// Names the part of the configuration that cannot be used, or that does not suit the reading of the data.
    pub fn build_model(&self) -> Result<Sequential> {
        let model = Sequential::from_json(&self.model.to_string(), self.fit.seed)?;
        self.data.reading.check_model(&model)?;
        Ok(model)
    }

    /// The loss.
    ///
    /// # Errors
    /// If there is no loss of that name.
    pub fn loss(&self) -> Result<Loss> {
        Loss::from_keras(&self.compile.loss, self.compile.from_logits)
    }

    /// The experiment with this name among those that come with the project.
    ///
    /// # Errors
    /// If there is none; the message lists all of them.
    pub fn preset(name: &str) -> Result<Self> {
        let known = || PRESETS.iter().map(|preset| preset.name).collect::<Vec<_>>().join(", ");
        let found = PRESETS.iter().find(|preset| preset.name == name);
        let preset = found.ok_or_else(|| {
            Error::value("the experiment", format!("the path of a file or one of {}", known()), name)
        })?;
        Self::from_json(preset.document)
    }
}
