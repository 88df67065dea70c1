//! Which Keras wrote a configuration, and Keras 2's words said in Keras 3's.

use serde_json::{Value, json};

use super::{LAYERS_INSIDE, class_of};
use crate::{Error, Result};

/// Whether Keras 2 wrote the configuration `json` of a model.
///
/// The version stands beside the configuration (`keras_version`); who reads it from a file in which the version stands
/// elsewhere puts it there. One without a version is Keras 2's if a layer has the option `time_major`, which no other
/// Keras wrote, else Keras 3's.
///
/// # Errors
/// If Keras 1 wrote it.
pub fn is_keras_2(json: &Value, layers: &[Value]) -> Result<bool> {
    let version = json.get("keras_version").and_then(Value::as_str);
    if layers.iter().any(|layer| KEYS_OF_KERAS_1.iter().any(|key| has_option(layer, key))) {
        let found = version.map_or_else(String::new, |version| format!(" ({version})"));
        let problem = format!(
            "Keras 1 wrote this configuration{found}, which cannot be read; load the model in Keras 2.0 to 2.3 \
             and save it again"
        );
        return Err(Error::format("the model", problem));
    }
    Ok(match version {
        Some(version) => version.starts_with("2.") || version.starts_with("1."),
        None => layers.iter().any(|layer| has_option(layer, "time_major")),
    })
}

/// Options that Keras 1 wrote and no later version.
const KEYS_OF_KERAS_1: [&str; 6] =
    ["W_regularizer", "U_regularizer", "b_regularizer", "inner_init", "inner_activation", "nb_filter"];

/// Whether a layer, or a layer inside of it, has the option `key`.
fn has_option(layer: &Value, key: &str) -> bool {
    let Some(config) = layer.get("config") else { return false };
    config.get(key).is_some()
        || LAYERS_INSIDE.iter().filter_map(|inner| config.get(inner)).any(|inner| has_option(inner, key))
}

/// Says in Keras 3's terms what a layer of Keras 2 means: its hard sigmoid, clip(0.2·x + 0.5, 0, 1), has a name of
/// its own here, and a GRU that says nothing about `reset_after` is older than the option, which was false.
pub fn translate_keras_2(layer: &mut Value) {
    let is_gru = class_of(layer) == "GRU";
    let Some(config) = layer.get_mut("config").and_then(Value::as_object_mut) else { return };
    for key in ["activation", "recurrent_activation"] {
        let Some(activation) = config.get(key) else { continue };
        let name = activation.as_str().or_else(|| activation.get("config").and_then(Value::as_str));
        if name == Some("hard_sigmoid") {
            config.insert(key.into(), json!("hard_sigmoid_keras2"));
        }
    }
    if is_gru {
        config.entry("reset_after").or_insert(false.into());
    }
    for key in LAYERS_INSIDE {
        if let Some(inner) = config.get_mut(key) {
            translate_keras_2(inner);
        }
    }
}
