//! One sample of an experiment: as it is, as ids, as the network receives it, and the wanted answer.

mod counts;
mod table;
mod text;

use serde::{Deserialize, Serialize};

pub use counts::{ClassCount, ClassCounts};
pub use table::{Cell, Column};
pub use text::{Place, SampleToken, TokenKind};

use super::examples::{Material, SIDE};
use super::{Experiment, Reading, Validation};
use crate::data::{Dataset, Split, Vocabulary};
use crate::train::{Examples, Inputs, Labels};
use crate::{Error, Result};

/// The subset of the data that a sample belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Subset {
    /// What is trained on.
    Train,
    /// What the model is judged with while it is trained.
    Validation,
}

/// One sample before a reader's eyes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Sample {
    /// The subset that it belongs to.
    pub subset: Subset,
    /// Its place in the subset, counted from 0.
    pub index: usize,
    /// How many samples the subset has.
    pub count: usize,
    /// The sample as it is.
    pub shown: Appearance,
    /// What the network receives.
    pub received: Received,
    /// What the network should answer.
    pub answer: Answer,
}

/// A sample as it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Appearance {
    /// A text, or a window of a long one.
    Text {
        /// Its words or characters in their order, those too that are not received.
        tokens: Vec<SampleToken>,
        /// Whether they are characters.
        characters: bool,
    },
    /// An image.
    Image {
        /// How many rows of pixels it has: one a timestep.
        rows: usize,
        /// How many pixels a row has.
        columns: usize,
        /// The brightness of each from 0 to 1, row after row.
        pixels: Vec<f32>,
    },
    /// Inputs and wanted answers, one row a timestep.
    Table {
        /// What each column is.
        columns: Vec<Column>,
        /// One cell for each column; empty ones where no answer is wanted.
        #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | string | null)[][]"))]
        rows: Vec<Vec<Cell>>,
    },
}

/// What the network receives of a sample.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Received {
    /// `[timesteps]` for ids, `[timesteps, features]` for numbers.
    pub shape: Vec<usize>,
    /// The ids, one a timestep; empty where numbers are received.
    pub ids: Vec<u32>,
    /// The numbers, one timestep after the other; empty where ids are received.
    pub values: Vec<f32>,
    /// What stands at each timestep.
    pub roles: Vec<TimestepRole>,
}

/// What stands at a timestep of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum TimestepRole {
    /// A zero that fills the sequence up; the network computes with it.
    Padding,
    /// A timestep that the model masks: recurrent layers keep their state.
    Masked,
    /// The start of a text, id 1.
    Start,
    /// The id 2, which stands for every word outside of `num_words`.
    Unknown,
    /// A word, a character, a symbol or numbers.
    Value,
}

/// What the network should answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Answer {
    /// Whether there is one for each of several timesteps.
    pub at_each_timestep: bool,
    /// The classes, one or one a timestep; empty where answers are numbers.
    pub classes: Vec<Class>,
    /// The numbers, one timestep after the other; empty where answers are classes.
    pub values: Vec<f32>,
    /// How many numbers an answer has; 0 where answers are classes.
    pub features: usize,
}

/// A class with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Class {
    /// Its id.
    pub id: u32,
    /// What it is called.
    pub name: String,
}

impl Material {
    /// The samples of a subset.
    ///
    /// # Errors
    /// If there is no validation set.
    pub fn subset(&self, subset: Subset) -> Result<&Examples> {
        match subset {
            Subset::Train => Ok(&self.train),
            Subset::Validation => self.validation.as_deref().ok_or_else(|| {
                Error::format(
                    "the experiment",
                    "it has no validation samples; choose a share of the training samples",
                )
            }),
        }
    }

    /// Sample `index` of `subset`. `experiment` and `dataset` are those that the material was made from.
    ///
    /// # Errors
    /// If there is no such sample, or the data set is another one.
    pub fn sample(
        &self,
        experiment: &Experiment,
        dataset: Option<&Dataset>,
        subset: Subset,
        index: usize,
    ) -> Result<Sample> {
        let examples = self.subset(subset)?;
        let count = examples.count();
        if index >= count {
            return Err(Error::value("the sample", format!("from 0 to {}", count - 1), index));
        }
        let names = Names { experiment, dataset, numbered: self.numbered.as_ref() };
        let answer = answer_of(&examples.part(index..index + 1), &names);
        let mut received = received_of(examples, index, experiment);
        let shown = match (&experiment.data.reading, self.origin(experiment, dataset, subset, index)) {
            (Reading::Words(words), Some(ids)) => text::of_words(words, ids, &names, &mut received),
            (Reading::Numbers { .. }, Some(ids)) => text::of_numbers(ids, &names, &mut received),
            (Reading::Rows, _) => {
                Appearance::Image { rows: SIDE, columns: SIDE, pixels: received.values.clone() }
            }
            (reading, _) if reading.is_language_model() => text::of_window(&received, &names),
            _ => table::of_arrays(&received, &answer, &names),
        };
        Ok(Sample { subset, index, count, shown, received, answer })
    }

    /// What stands at each timestep of `sample` in a word: what its id stands for, one or two numbers, else the
    /// timestep, counted from 1. `experiment` and `dataset` are those that the material was made from.
    pub fn timestep_labels(
        &self,
        experiment: &Experiment,
        dataset: Option<&Dataset>,
        sample: &Sample,
    ) -> Vec<String> {
        let received = &sample.received;
        if !received.ids.is_empty() {
            let names = Names { experiment, dataset, numbered: self.numbered.as_ref() };
            return received.ids.iter().map(|id| names.id(*id)).collect();
        }
        let features = received.shape.get(1).copied().unwrap_or(1).max(1);
        let label = |(t, vector): (usize, &[f32])| match vector {
            [number] => format!("{number:.2}"),
            [first, second] => format!("{first:.2}, {second:.2}"),
            _ => (t + 1).to_string(),
        };
        received.values.chunks_exact(features).enumerate().map(label).collect()
    }

    /// What each of a model's `outputs` stands for: classes by their names, both of them where one probability stands
    /// for two; nothing where answers are numbers. `experiment` and `dataset` are those that the material was made
    /// from.
    pub fn answer_names(
        &self,
        experiment: &Experiment,
        dataset: Option<&Dataset>,
        outputs: usize,
    ) -> Vec<String> {
        if !matches!(self.train.labels(), Labels::Classes(_)) {
            return Vec::new();
        }
        let names = Names { experiment, dataset, numbered: self.numbered.as_ref() };
        (0..outputs.max(2) as u32).map(|id| names.class(id)).collect()
    }

    /// The ids of the text that a sample is made of.
    fn origin<'a>(
        &self,
        experiment: &Experiment,
        dataset: Option<&'a Dataset>,
        subset: Subset,
        index: usize,
    ) -> Option<&'a [u16]> {
        let dataset = dataset?;
        let split: &Split = match (subset, experiment.data.validation) {
            (Subset::Validation, Validation::Test) => &dataset.test,
            _ => &dataset.train,
        };
        let sequence = *self.sequences[subset as usize].get(index)?;
        (split.arrays().is_none() && sequence < split.len()).then(|| split.sequence(sequence))
    }
}

/// Where names of ids and classes come from.
pub(super) struct Names<'a> {
    pub experiment: &'a Experiment,
    pub dataset: Option<&'a Dataset>,
    pub numbered: Option<&'a Vocabulary>,
}

impl Names<'_> {
    /// What the ids of the input stand for; nothing for data that are generated.
    fn vocabulary(&self) -> Option<&Vocabulary> {
        self.numbered.or(self.dataset.map(|dataset| &dataset.vocabulary))
    }

    /// What an id of the input stands for.
    fn id(&self, id: u32) -> String {
        match (&self.experiment.data.task, self.vocabulary(), u16::try_from(id)) {
            (Some(task), _, _) => task.symbol(id),
            (None, Some(vocabulary), Ok(id)) => vocabulary.display_word(id),
            _ => id.to_string(),
        }
    }

    /// What a class is called.
    fn class(&self, id: u32) -> String {
        let named = self.dataset.and_then(|dataset| dataset.class_names.get(id as usize));
        match (&self.experiment.data.task, named) {
            (Some(task), _) => task.answer(id),
            (None, _) if self.experiment.data.reading.is_language_model() => self.id(id),
            (None, Some(name)) => name.clone(),
            (None, None) => id.to_string(),
        }
    }
}

/// What a row of the training arrays holds.
fn received_of(examples: &Examples, index: usize, experiment: &Experiment) -> Received {
    let row = examples.part(index..index + 1);
    let shape = row.inputs().shape()[1..].to_vec();
    let (ids, values) = match row.inputs() {
        Inputs::Ids(ids) => (ids.iter().copied().collect(), Vec::new()),
        Inputs::Sequences(values) => (Vec::new(), values.iter().copied().collect()),
        Inputs::Vectors(values) => (Vec::new(), values.iter().copied().collect()),
    };
    let mut received = Received { shape, ids, values, roles: Vec::new() };
    received.roles = roles(&received, experiment);
    received
}

/// Which timesteps the first layer masks, by Keras' rules; all others hold values.
fn roles(received: &Received, experiment: &Experiment) -> Vec<TimestepRole> {
    let timesteps = received.shape.first().copied().unwrap_or(0);
    let padded = experiment.data.task.as_ref().is_some_and(|task| task.form().padded);
    let mask = Mask::of(&experiment.model);
    let features = received.shape.get(1).copied().unwrap_or(1).max(1);
    let role = |t: usize| match (received.ids.get(t), &mask) {
        (Some(0), Mask::Zeros) => TimestepRole::Masked,
        (Some(0), _) if padded => TimestepRole::Padding,
        (None, Mask::Value(value)) => {
            let vector = received.values.get(t * features..(t + 1) * features).unwrap_or_default();
            if vector.iter().all(|number| number == value) {
                TimestepRole::Masked
            } else {
                TimestepRole::Value
            }
        }
        _ => TimestepRole::Value,
    };
    (0..timesteps).map(role).collect()
}

/// What a model's first layer masks.
enum Mask {
    /// Nothing.
    None,
    /// The id 0: `Embedding(mask_zero=True)`.
    Zeros,
    /// Timesteps whose numbers are all this one: `Masking`.
    Value(f32),
}

impl Mask {
    fn of(model: &serde_json::Value) -> Self {
        let layers = model.pointer("/config/layers").and_then(serde_json::Value::as_array);
        let first = layers.into_iter().flatten().find(|layer| layer["class_name"] != "InputLayer");
        let Some(layer) = first else { return Self::None };
        match layer["class_name"].as_str() {
            Some("Embedding") if layer["config"]["mask_zero"] == true => Self::Zeros,
            Some("Masking") => Self::Value(layer["config"]["mask_value"].as_f64().unwrap_or(0.0) as f32),
            _ => Self::None,
        }
    }
}

/// The labels of one sample.
fn answer_of(sample: &Examples, names: &Names) -> Answer {
    let at_each_timestep = sample.labels().timesteps() > 1;
    match sample.labels() {
        Labels::Classes(ids) => {
            let classes = ids.iter().map(|id| Class { id: *id, name: names.class(*id) }).collect();
            Answer { at_each_timestep, classes, values: Vec::new(), features: 0 }
        }
        Labels::Values(values) => {
            let features = values.dim().2;
            Answer {
                at_each_timestep,
                classes: Vec::new(),
                values: values.iter().copied().collect(),
                features,
            }
        }
    }
}
