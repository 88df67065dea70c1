//! One form for models that say the same, so that reading what was written gives the document that it was written from.

use serde_json::{Map, Value};

use super::Note;
use crate::Result;
use crate::experiment::Experiment;
use crate::layers::{self, Builder, config::LayerSection, snake_case};
use crate::listing::cell::CLASS;
use crate::model::Sequential;
use crate::train::Optimizer;

/// The model with every option as Keras 3 writes it; its weights are not drawn.
pub(super) fn complete(model: &Value) -> Result<Value> {
    Ok(Sequential::with_zero_weights(&model.to_string())?.to_json())
}

/// A layer with every option as Keras 3 writes it.
pub(super) fn complete_layer(layer: &Value) -> Result<Value> {
    Ok(layers::from_config(layer, "layers[0]", &[CLASS])?.config())
}

/// An optimizer with every option as Keras 3 writes it.
pub(super) fn complete_optimizer(optimizer: &Value) -> Result<Value> {
    Ok(Optimizer::from_keras(optimizer, &Builder::default().finish().0)?.to_keras())
}

/// The names that layers have if the code gives them none: `lstm`, `lstm_1`.
#[derive(Default)]
pub(super) struct Namer(Vec<String>);

impl Namer {
    /// The name of the next layer; `given` is the one in its configuration.
    pub fn next(&mut self, class: &str, given: Option<&str>) -> String {
        let first = snake_case(class);
        let numbered = (0..=self.0.len()).map(|k| match k {
            0 => first.clone(),
            _ => format!("{first}_{k}"),
        });
        let free = numbered.into_iter().find(|name| !self.0.contains(name)).unwrap_or_default();
        let name = given.map_or(free, str::to_owned);
        self.0.push(name.clone());
        name
    }

    /// Gives the last layer another name.
    pub fn rename_last(&mut self, name: &str) {
        if let Some(last) = self.0.last_mut() {
            name.clone_into(last);
        }
    }
}

/// The name that a layer has without saying so.
pub(super) fn own_name(layer: &Value) -> String {
    let name = LayerSection::of(layer, "layer").and_then(|section| section.name());
    name.unwrap_or_default()
}

/// `read`, or as much of `start` as says the same: what was not changed stays as it was written.
pub(super) fn keep_equal(start: &Value, read: Value) -> Value {
    let (Ok(old), Ok(new)) = (complete(start), complete(&read)) else { return read };
    if old["config"] == new["config"] {
        return start.clone();
    }
    let (mut kept, list) = (read, "/config/layers");
    let count = |model: &Value| model.pointer(list).and_then(Value::as_array).map(Vec::len);
    if count(start) != count(&kept) {
        return kept;
    }
    for k in 0..count(start).unwrap_or(0) {
        let at = format!("{list}/{k}");
        let (Some(old), Some(new)) = (start.pointer(&at), kept.pointer_mut(&at)) else { continue };
        let is_input = |layer: &Value| layer["class_name"] == "InputLayer";
        let equal = match is_input(old) || is_input(new) {
            true => is_input(old) && is_input(new) && old.pointer(AXES) == new.pointer(AXES),
            false => {
                matches!((complete_layer(old), complete_layer(new)), (Ok(a), Ok(b)) if a == b)
                    && old.pointer("/config/input_length") == new.pointer("/config/input_length")
            }
        };
        if equal {
            *new = old.clone();
        }
    }
    kept
}

/// Where an input layer says its axes.
pub(super) const AXES: &str = "/config/batch_shape";

/// The options of a layer that differ from what Keras takes anyway, in the order of its configuration.
pub(super) fn said(layer: &Value) -> Map<String, Value> {
    let Some(config) = layer["config"].as_object() else { return Map::new() };
    let mut shown = layer.clone();
    let complete = complete_layer(layer).ok();
    for key in config.keys() {
        let mut without = shown.clone();
        if let Some(config) = without["config"].as_object_mut() {
            config.shift_remove(key);
        }
        if complete.is_some() && complete_layer(&without).ok() == complete {
            shown = without;
        }
    }
    shown["config"].as_object().cloned().unwrap_or_default()
}

/// What was printed and measured belongs to the experiment as it was, first weights from a file to its model.
pub(super) fn forget_reports(experiment: &mut Experiment, start: &Experiment) {
    if experiment.model != start.model {
        experiment.weights = None;
    }
    if experiment != start {
        experiment.printed = None;
        experiment.measured.clear();
    }
}

/// Notes why the model cannot be trained on the data, if it cannot.
pub(super) fn check_data(experiment: &Experiment, line: usize, notes: &mut Vec<Note>) {
    let model = Sequential::with_zero_weights(&experiment.model.to_string());
    if let Err(error) = model.and_then(|model| experiment.data.reading.check_model(&model)) {
        let text = format!("the model does not suit the data `{}`: {error}", experiment.data.set);
        notes.push(Note { line, text });
    }
}
