//! Keras 2's hard sigmoid in the words of other versions.
//!
//! Keras 2 has clip(0.2·x + 0.5, 0, 1), Keras 3 clip(x/6 + 0.5, 0, 1). The first of x is the second of 1.2·x: a layer
//! whose kernels and bias are multiplied by 1.2 in the columns of its gates computes the same in Keras 3.

use std::ops::Range;

use serde_json::{Value, json};

use crate::model::Sequential;
use crate::{Error, Result};

const OURS: &str = "hard_sigmoid_keras2";
const FACTOR: f32 = 1.2;
/// The last Keras 2 inside of TensorFlow.
const KERAS_2: &str = "2.15.0";

/// Whether a layer of `model` has Keras 2's hard sigmoid.
pub fn is_used(model: &Sequential) -> bool {
    model.to_json().to_string().contains(OURS)
}

/// The configuration and all weights of `model`, as Keras 3 computes the same.
///
/// # Errors
/// If the function is applied to something else than a sum that weights make: there Keras 3 has nothing equal.
pub fn for_keras_3(model: &Sequential) -> Result<(Value, Vec<f32>)> {
    let mut config = model.to_json();
    let mut values = model.parameters.values().to_vec();
    for k in 0..model.layers().len() {
        let weights: Vec<usize> = model.weights_of(k).collect();
        // The input layer stands in front.
        let layer = &mut config["config"]["layers"][k + 1];
        let name = model.layers()[k].name();
        scale_layer(model, (layer, name), &weights, &mut values)?;
        rename(layer);
    }
    Ok((config, values))
}

/// The configuration of `model` as Keras 2 reads it: there the function is called `hard_sigmoid`.
pub fn for_keras_2(model: &Sequential) -> Value {
    let mut config = model.to_json();
    let layers = config["config"]["layers"].as_array_mut();
    for layer in layers.into_iter().flatten() {
        rename(layer);
        let config = layer["config"].as_object_mut();
        if let Some((config, shape)) =
            config.and_then(|c| c.shift_remove("batch_shape").map(|shape| (c, shape)))
        {
            config.insert("batch_input_shape".into(), shape);
        }
    }
    config["keras_version"] = json!(KERAS_2);
    config["backend"] = json!("tensorflow");
    config
}

/// Multiplies the weights that make what the function is applied to in the layer `layer`, which is or stands in the
/// layer called `name`; `weights` are the indices of its weights.
fn scale_layer(
    model: &Sequential,
    (layer, name): (&Value, &str),
    weights: &[usize],
    values: &mut [f32],
) -> Result<()> {
    let (class, config) = (layer["class_name"].as_str().unwrap_or_default(), &layer["config"]);
    if class == "Bidirectional" {
        let backward = config.get("backward_layer").filter(|inner| inner.is_object());
        for (part, inner) in
            [("/forward/", &config["layer"]), ("/backward/", backward.unwrap_or(&config["layer"]))]
        {
            let own = |k: &usize| model.parameters.specs()[*k].name.contains(part);
            let own: Vec<usize> = weights.iter().copied().filter(own).collect();
            scale_layer(model, (inner, name), &own, values)?;
        }
        return Ok(());
    }
    if let Some(inner) = config.get("layer") {
        return scale_layer(model, (inner, name), weights, values);
    }
    for key in ["activation", "recurrent_activation"] {
        if config[key] != OURS {
            continue;
        }
        for &weight in weights {
            let spec = &model.parameters.specs()[weight];
            let width = spec.shape.last().copied().unwrap_or(1);
            let columns = columns(class, key, width).ok_or_else(|| no_equal(name, key))?;
            for row in values[spec.offset()..][..spec.count()].chunks_exact_mut(width) {
                columns.iter().for_each(|range| row[range.clone()].iter_mut().for_each(|v| *v *= FACTOR));
            }
        }
        if weights.is_empty() {
            return Err(no_equal(name, key));
        }
    }
    Ok(())
}

/// The columns of the kernels and the bias, `width` wide, that make what the activation `key` is applied to.
fn columns(class: &str, key: &str, width: usize) -> Option<[Range<usize>; 2]> {
    let none = 0..0;
    match (class, key) {
        // i f c o
        ("LSTM", "recurrent_activation") => Some([0..width / 2, width / 4 * 3..width]),
        // z r h
        ("GRU", "recurrent_activation") => Some([0..width / 3 * 2, none]),
        ("GRU", "activation") => Some([width / 3 * 2..width, none]),
        ("SimpleRNN" | "Dense" | "Conv1D", "activation") => Some([0..width, none]),
        _ => None,
    }
}

fn no_equal(layer: &str, key: &str) -> Error {
    let problem = format!(
        "its {key} is Keras 2's hard_sigmoid, for which Keras 3 has nothing equal; convert the weights to \
         .weights.h5 and build the layer in Keras 3 with {key}=lambda x: keras.ops.clip(0.2 * x + 0.5, 0, 1)"
    );
    Error::format(format!("the layer `{layer}`"), problem)
}

/// Calls the function in `layer` and in the layers inside of it by the name that both versions use.
fn rename(layer: &mut Value) {
    let Some(config) = layer.get_mut("config").and_then(Value::as_object_mut) else { return };
    for key in ["activation", "recurrent_activation"] {
        if config.get(key).is_some_and(|name| name == OURS) {
            config.insert(key.into(), json!("hard_sigmoid"));
        }
    }
    for key in ["layer", "backward_layer"] {
        if let Some(inner) = config.get_mut(key) {
            rename(inner);
        }
    }
}
