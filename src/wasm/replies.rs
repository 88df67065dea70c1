//! What the engine returns to the page where the engine's own types hold arrays: here they are typed arrays, which
//! can be transferred.

use js_sys::Float32Array;
use serde::Serialize;
use tsify::Tsify;

use super::convert::numbers;
use crate::data::{Dataset, Task};
use crate::session::insight::Norms;
use crate::session::stepping::ReadBefore;
use crate::session::{self, TextTrace, Token};
use crate::trace;
use crate::train::Evaluation;

/// What the page shows of a data set.
#[derive(Serialize, Tsify)]
pub struct DatasetInfo {
    /// The short name of the packed set.
    pub name: String,
    /// What readers call it.
    pub title: String,
    /// What is learned from it.
    pub task: Task,
    /// The name of each class.
    pub class_names: Vec<String>,
    /// How many training samples there are.
    pub train: usize,
}

impl From<&Dataset> for DatasetInfo {
    fn from(dataset: &Dataset) -> Self {
        Self {
            name: dataset.name.clone(),
            title: dataset.title.clone(),
            task: dataset.task,
            class_names: dataset.class_names.clone(),
            train: dataset.train.len(),
        }
    }
}

/// What one slice of training did.
#[derive(Serialize, Tsify)]
pub struct Report {
    /// Optimizer steps since the start of the run.
    pub step: u64,
    /// The step, counted from 1, of the first entry of `losses`.
    pub first_step: u64,
    /// Loss of each step's batch before its update, `[steps]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array")]
    pub losses: Float32Array,
    /// Accuracy of each step's batch before its update, `[steps]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array")]
    pub accuracies: Float32Array,
    /// Evaluations that were finished.
    pub validation: Vec<Evaluation>,
    /// Norms of gradients and changes in some of the updates.
    pub norms: Vec<Norms>,
    /// Time spent since the start of the run.
    pub seconds: f64,
    /// Whether all steps that were asked for are made and no evaluation is under way.
    pub finished: bool,
}

impl From<session::Report> for Report {
    fn from(report: session::Report) -> Self {
        Self {
            step: report.step,
            first_step: report.first_step,
            losses: Float32Array::from(report.losses.as_slice()),
            accuracies: Float32Array::from(report.accuracies.as_slice()),
            validation: report.validation,
            norms: report.norms,
            seconds: report.seconds,
            finished: report.finished,
        }
    }
}

/// A text through the model: its words, the predictions and everything that the recurrent layers computed.
#[derive(Serialize, Tsify)]
pub struct Trace {
    /// All words.
    pub tokens: Vec<Token>,
    /// The prediction after each kept word, `[words, classes]`, or `[words]` for a single output.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array")]
    pub probabilities: Float32Array,
    /// The names of the classes.
    pub classes: Vec<String>,
    /// The recurrent layers from input to output.
    pub layers: Vec<LayerTrace>,
    /// What a reader should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What one recurrent layer computed.
#[derive(Serialize, Tsify)]
pub struct LayerTrace {
    /// The layer's name, or for a part of a layer its path.
    pub name: String,
    /// Keras' class name.
    pub class_name: String,
    /// Width of the output.
    pub units: usize,
    /// Whether it computed the last timestep first.
    pub goes_backwards: bool,
    /// Gates and states in the order of the equations.
    pub symbols: Vec<SymbolTrace>,
    /// How strongly the prediction depends on the hidden state after each word, `[words]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array")]
    pub gradient_norms: Float32Array,
}

/// One gate or state over time.
#[derive(Serialize, Tsify)]
pub struct SymbolTrace {
    /// The symbol of the equations.
    pub name: String,
    /// `[words, width]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array")]
    pub data: Float32Array,
    /// The smallest number in `data`.
    pub minimum: f32,
    /// The largest number in `data`.
    pub maximum: f32,
}

impl From<TextTrace> for Trace {
    fn from(traced: TextTrace) -> Self {
        Self {
            tokens: traced.tokens,
            probabilities: numbers(&traced.trace.predictions),
            classes: traced.classes,
            layers: traced.trace.layers.into_iter().map(LayerTrace::from).collect(),
            note: traced.note,
        }
    }
}

impl From<trace::LayerTrace> for LayerTrace {
    fn from(layer: trace::LayerTrace) -> Self {
        Self {
            name: layer.name,
            class_name: layer.class_name,
            units: layer.units,
            goes_backwards: layer.goes_backwards,
            symbols: layer.symbols.into_iter().map(SymbolTrace::from).collect(),
            gradient_norms: numbers(&layer.gradient_norms),
        }
    }
}

impl From<trace::SymbolTrace> for SymbolTrace {
    fn from(symbol: trace::SymbolTrace) -> Self {
        let (minimum, maximum) = symbol.range();
        Self { data: numbers(&symbol.values), name: symbol.name, minimum, maximum }
    }
}

/// An array under its name.
#[derive(Serialize)]
struct Named(String, #[serde(with = "serde_wasm_bindgen::preserve")] Float32Array);

/// An array.
#[derive(Serialize)]
struct Numbers(#[serde(with = "serde_wasm_bindgen::preserve")] Float32Array);

/// One recurrent layer between an embedding and a last layer, and a text before it.
#[derive(Serialize, Tsify)]
pub struct Parts {
    /// Keras' name of the cell: `LSTM`; `Listing` for one that is a text.
    class_name: String,
    /// How many units it has.
    units: usize,
    /// The words that are read.
    words: Vec<String>,
    /// Whether each is in the vocabulary.
    known: Vec<bool>,
    /// Their vectors, `[words, features]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array")]
    x: Float32Array,
    /// The cell's weights by the names of its listing: `W`, `U`, `b`.
    #[tsify(type = "[string, Float32Array][]")]
    weights: Vec<Named>,
    /// The states that the cell has before the first word, after padding and start: `h`, `c`.
    #[tsify(type = "[string, Float32Array][]")]
    initial: Vec<Named>,
    /// What was read before the first word.
    before: ReadBefore,
    /// Kernel `[units, classes]` and bias `[classes]` of the last layer.
    #[tsify(type = "[Float32Array, Float32Array]")]
    output: (Numbers, Numbers),
    /// The names of the classes.
    classes: Vec<String>,
}

impl From<session::Parts> for Parts {
    fn from(parts: session::Parts) -> Self {
        Self {
            class_name: parts.class_name,
            units: parts.units,
            words: parts.words,
            known: parts.known,
            x: numbers(&parts.x),
            weights: parts.weights.into_iter().map(|(name, array)| Named(name, numbers(&array))).collect(),
            initial: parts.initial.into_iter().map(|(name, array)| Named(name, numbers(&array))).collect(),
            before: parts.before,
            output: (Numbers(numbers(&parts.output.0)), Numbers(numbers(&parts.output.1))),
            classes: parts.classes,
        }
    }
}
