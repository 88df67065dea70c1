//! Experiments that differ from the present one in one thing.

use serde_json::{Map, Value, json};

use super::{Case, Remedy};
use crate::train::Optimizer;

impl Case<'_> {
    /// The experiment with the value at each pointer replaced; nothing where such an experiment cannot be trained.
    pub(super) fn with(&self, label: impl Into<String>, changes: &[(&str, Value)]) -> Option<Remedy> {
        let changes: Map<String, Value> =
            changes.iter().map(|(pointer, value)| ((*pointer).to_owned(), value.clone())).collect();
        let changed = self.experiment.with_changes(&changes).ok()?;
        changed.build_model().ok()?;
        (changed != *self.experiment).then(|| Remedy { label: label.into(), experiment: changed.to_json() })
    }

    /// Every option of the optimizer as Keras writes it.
    pub(super) fn optimizer(&self) -> Value {
        let written = &self.experiment.compile.optimizer;
        Optimizer::from_keras(written, &self.model.parameters).map_or(Value::Null, |found| found.to_keras())
    }

    /// The optimizer with one option changed.
    pub(super) fn with_optimizer(&self, label: impl Into<String>, key: &str, value: Value) -> Option<Remedy> {
        let mut optimizer = self.optimizer();
        *optimizer.get_mut("config")?.as_object_mut()?.entry(key).or_insert(Value::Null) = value;
        self.with(label, &[("/compile/optimizer", optimizer)])
    }

    /// The learning rate, where it is one number.
    pub(super) fn learning_rate(&self) -> Option<f64> {
        self.optimizer()["config"]["learning_rate"].as_f64()
    }

    /// The learning rate times `factor`.
    pub(super) fn with_rate(&self, factor: f64) -> Option<Remedy> {
        let wanted = self.learning_rate()? * factor;
        // Few digits, as a reader would type it.
        let wanted: f64 = format!("{wanted:.2e}").parse().ok()?;
        self.with_optimizer(format!("Try learning rate {wanted}"), "learning_rate", json!(wanted))
    }

    /// The layers of the model.
    pub(super) fn layers(&self) -> &[Value] {
        let layers = self.experiment.model.pointer("/config/layers").and_then(Value::as_array);
        layers.map(Vec::as_slice).unwrap_or_default()
    }

    /// The model with other layers.
    pub(super) fn with_layers(&self, label: impl Into<String>, layers: Vec<Value>) -> Option<Remedy> {
        self.with(label, &[("/model/config/layers", Value::Array(layers))])
    }
}
