//! What crosses the boundary, and how.

use js_sys::{Float32Array, JSON};
use ndarray::{Array, Dimension};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::data::{Dataset, Provenance, Task};
use crate::experiment::Experiment;
use crate::model::LayerSummary;
use crate::session::{Parts, Report, SetUp, TextTrace};
use crate::trace::LayerTrace;
use crate::train::Evaluation;
use crate::{Error, Result};

/// What a call gives back to JavaScript.
pub type Reply = std::result::Result<JsValue, JsValue>;

/// What is thrown: a code for programs, a sentence for readers.
#[derive(Serialize)]
struct Failure {
    code: &'static str,
    message: String,
}

/// `error` as it is thrown.
pub fn thrown(error: Error) -> JsValue {
    let failure = Failure { code: error.code(), message: error.to_string() };
    to_js(&failure).unwrap_or_else(|_| JsValue::from_str(&failure.message))
}

/// `value` as a plain object.
pub fn to_js(value: &impl Serialize) -> Reply {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(JsValue::from)
}

/// The experiment in a JavaScript object.
pub fn experiment_from(value: &JsValue) -> Result<Experiment> {
    let text = JSON::stringify(value).ok().and_then(|text| text.as_string());
    let text = text.ok_or_else(|| Error::format("the experiment", "it is not a plain object"))?;
    Experiment::from_json(&text)
}

#[derive(Serialize)]
struct DatasetInfo<'a> {
    name: &'a str,
    title: &'a str,
    task: Task,
    class_names: &'a [String],
    vocabulary_size: usize,
    train: usize,
    test: usize,
    provenance: &'a Provenance,
    notes: &'a str,
}

/// What the page shows of a data set.
pub fn dataset_info(dataset: &Dataset) -> Reply {
    to_js(&DatasetInfo {
        name: &dataset.name,
        title: &dataset.title,
        task: dataset.task,
        class_names: &dataset.class_names,
        vocabulary_size: dataset.vocabulary.num_words(),
        train: dataset.train.len(),
        test: dataset.test.len(),
        provenance: &dataset.provenance,
        notes: &dataset.notes,
    })
}

#[derive(Serialize)]
struct SetUpReply<'a> {
    summary: SummaryReply<'a>,
    steps_per_epoch: u64,
    train: usize,
    validation: usize,
    baseline: Option<BaselineReply<'a>>,
    backend: &'a str,
}

#[derive(Serialize)]
struct SummaryReply<'a> {
    layers: &'a [LayerSummary],
    total: usize,
    trainable: usize,
}

#[derive(Serialize)]
struct BaselineReply<'a> {
    label: &'a str,
    accuracy: f64,
}

/// What the page shows of a model that was set up.
pub fn set_up_reply(set_up: &SetUp) -> Reply {
    let summary = &set_up.summary;
    to_js(&SetUpReply {
        summary: SummaryReply { layers: &summary.layers, total: summary.total, trainable: summary.trainable },
        steps_per_epoch: set_up.steps_per_epoch,
        train: set_up.train,
        validation: set_up.validation,
        baseline: set_up
            .baseline
            .as_ref()
            .map(|baseline| BaselineReply { label: &baseline.label, accuracy: baseline.accuracy }),
        backend: set_up.backend,
    })
}

#[derive(Serialize)]
struct ReportReply<'a> {
    step: u64,
    epoch: u64,
    epoch_position: f64,
    first_step: u64,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    losses: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    accuracies: Float32Array,
    validation: &'a [Evaluation],
    seconds: f64,
    finished: bool,
}

/// What a slice of training did.
pub fn report_reply(report: &Report) -> Reply {
    to_js(&ReportReply {
        step: report.step,
        epoch: report.epoch,
        epoch_position: report.epoch_position,
        first_step: report.first_step,
        losses: Float32Array::from(report.losses.as_slice()),
        accuracies: Float32Array::from(report.accuracies.as_slice()),
        validation: &report.validation,
        seconds: report.seconds,
        finished: report.finished,
    })
}

#[derive(Serialize)]
struct TraceReply<'a> {
    tokens: Vec<TokenReply<'a>>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    probabilities: Float32Array,
    classes: &'a [String],
    layers: Vec<LayerReply<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct TokenReply<'a> {
    text: &'a str,
    id: u16,
    known: bool,
    kept: bool,
}

#[derive(Serialize)]
struct LayerReply<'a> {
    name: &'a str,
    class_name: &'a str,
    units: usize,
    symbols: Vec<SymbolReply<'a>>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    gradient_norms: Float32Array,
}

#[derive(Serialize)]
struct SymbolReply<'a> {
    name: &'a str,
    width: usize,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    data: Float32Array,
    minimum: f32,
    maximum: f32,
}

/// What the views draw of a text.
pub fn trace_reply(traced: &TextTrace) -> Reply {
    let tokens = traced.tokens.iter();
    let tokens = tokens.map(|t| TokenReply { text: &t.text, id: t.id, known: t.known, kept: t.kept });
    to_js(&TraceReply {
        tokens: tokens.collect(),
        probabilities: floats(&traced.trace.predictions),
        classes: &traced.classes,
        layers: traced.trace.layers.iter().map(layer_reply).collect(),
        note: traced.note.as_deref(),
    })
}

fn layer_reply(layer: &LayerTrace) -> LayerReply<'_> {
    let symbols = layer.symbols.iter().map(|symbol| {
        let (minimum, maximum) = symbol.range();
        let (data, width) = (floats(&symbol.values), symbol.values.ncols());
        SymbolReply { name: &symbol.name, width, data, minimum, maximum }
    });
    LayerReply {
        name: &layer.name,
        class_name: &layer.class_name,
        units: layer.units,
        symbols: symbols.collect(),
        gradient_norms: floats(&layer.gradient_norms),
    }
}

/// The numbers of an array, row after row.
fn floats<D: Dimension>(array: &Array<f32, D>) -> Float32Array {
    match array.as_slice() {
        Some(numbers) => Float32Array::from(numbers),
        None => Float32Array::from(array.iter().copied().collect::<Vec<f32>>().as_slice()),
    }
}

#[derive(Serialize)]
struct PartsReply<'a> {
    class_name: &'a str,
    units: usize,
    words: &'a [String],
    known: &'a [bool],
    x: &'a [f32],
    weights: &'a [(String, Vec<f32>)],
    initial: &'a [(String, Vec<f32>)],
    output: &'a (Vec<f32>, Vec<f32>),
}

/// What stepping needs of a model.
pub fn parts_reply(parts: &Parts) -> Reply {
    to_js(&PartsReply {
        class_name: &parts.class_name,
        units: parts.units,
        words: &parts.words,
        known: &parts.known,
        x: &parts.x,
        weights: &parts.weights,
        initial: &parts.initial,
        output: &parts.output,
    })
}
