//! Options of a configuration that do not matter for what is asked of the model: regularizers and constraints for a
//! model that is not trained, initializers for one whose weights come from a file.

use serde_json::{Map, Value};

use super::LAYERS_INSIDE;
use crate::layers::initializer::Initializer;

/// Where the weights of a model come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// The initializers draw them.
    Drawn,
    /// A file gives them; an initializer that is not known here is kept as it is.
    Loaded,
}

/// An option that was taken out of a layer before it was built, to be written again with the layer.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOut {
    /// Which layer, input layers not counted.
    layer: usize,
    /// The keys that lead from the layer to the object that holds the option: `config`, `layer`, `config`.
    within: Vec<&'static str>,
    key: String,
    value: Value,
    /// The path of the option in the model, for messages.
    pub field: String,
}

impl LeftOut {
    /// Whether a model that has this option cannot be trained here.
    pub fn acts_in_training(&self) -> bool {
        acts_in_training(&self.key)
    }

    /// What the option says.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Writes the option into the configuration of its layer, one of `layers`.
    pub fn put_back(&self, layers: &mut [Value]) {
        let layer = layers.get_mut(self.layer);
        let object =
            layer.and_then(|layer| self.within.iter().try_fold(layer, |object, key| object.get_mut(key)));
        if let Some(object) = object.and_then(Value::as_object_mut) {
            object.insert(self.key.clone(), self.value.clone());
        }
    }
}

fn acts_in_training(key: &str) -> bool {
    key.ends_with("_regularizer") || key.ends_with("_constraint")
}

/// Takes the options out of layer number `index`, found at `path`, that do not matter yet.
pub fn take_out(layer: &mut Value, index: usize, path: &str, weights: Weights) -> Vec<LeftOut> {
    let mut left_out = Vec::new();
    take_from(layer, &mut vec!["config"], weights, &mut |within, key, value| {
        left_out.push(LeftOut {
            layer: index,
            within: within.to_vec(),
            key: key.to_owned(),
            field: format!("{path}.{}.{key}", within.join(".")),
            value,
        });
    });
    left_out
}

fn take_from(
    layer: &mut Value,
    within: &mut Vec<&'static str>,
    weights: Weights,
    take: &mut impl FnMut(&[&'static str], &str, Value),
) {
    let Some(config) = layer.get_mut("config").and_then(Value::as_object_mut) else { return };
    let keys: Vec<String> = config.keys().filter(|key| matters_not(config, key, weights)).cloned().collect();
    for key in keys {
        if let Some(value) = config.shift_remove(&key) {
            take(within, &key, value);
        }
    }
    for key in LAYERS_INSIDE {
        if let Some(inner) = config.get_mut(key).filter(|inner| inner.is_object()) {
            within.extend([key, "config"]);
            take_from(inner, within, weights, take);
            within.truncate(within.len() - 2);
        }
    }
}

fn matters_not(config: &Map<String, Value>, key: &str, weights: Weights) -> bool {
    let value = &config[key];
    if value.is_null() {
        return false;
    }
    let is_unknown = || key.ends_with("_initializer") && Initializer::from_keras(value, key).is_err();
    acts_in_training(key) || (weights == Weights::Loaded && is_unknown())
}
