//! The `.h5` files of Keras 2, which Keras 3 still writes: a whole model with its configuration as an attribute and its
//! weights in the group `model_weights`, or the weights alone at the root.
//!
//! Layers and weights are listed in attributes, in the order of the model; the names in the lists may differ from ours
//! (`lstm_1/kernel:0`, `sequential/lstm_1/lstm_cell/kernel`), their order does not.

use super::hdf5::Hdf5;
use crate::model::Sequential;
use crate::{Error, Result};

const LAYERS: &str = "layer_names";
const WEIGHTS: &str = "weight_names";

/// Whether the file is of this kind.
pub fn is_legacy(file: &Hdf5) -> bool {
    file.texts("", LAYERS).is_some() || file.texts("model_weights", LAYERS).is_some()
}

/// The configuration of the whole model.
pub fn model_config(file: &Hdf5) -> Result<String> {
    let config = file.text("", "model_config").ok_or_else(|| {
        let problem = "it holds weights but no model; give the model's JSON configuration beside it";
        Error::format(file.what(), problem)
    })?;
    // The version stands beside the configuration; its JSON needs it to read Keras 2's names as Keras 2 did.
    let (Some(version), Ok(mut json)) =
        (file.text("", "keras_version"), serde_json::from_str::<serde_json::Value>(&config))
    else {
        return Ok(config);
    };
    if let Some(object) = json.as_object_mut() {
        object.entry("keras_version").or_insert(version.into());
    }
    Ok(json.to_string())
}

/// Reads all weights of `model`.
pub fn read(model: &mut Sequential, file: &Hdf5) -> Result<()> {
    let root = if file.texts("model_weights", LAYERS).is_some() { "model_weights" } else { "" };
    let path =
        |parts: &[&str]| parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("/");
    let mut arrays = Vec::new();
    for layer in file.texts(root, LAYERS).unwrap_or_default() {
        let group = path(&[root, &layer]);
        for weight in file.texts(&group, WEIGHTS).unwrap_or_default() {
            arrays.push(path(&[&group, &weight]));
        }
    }
    let specs = model.parameters.specs();
    if arrays.len() != specs.len() {
        let problem = format!("it holds {} weights, the model has {}", arrays.len(), specs.len());
        return Err(Error::format(file.what(), problem));
    }
    let mut found = Vec::new();
    for (array, spec) in arrays.iter().zip(specs) {
        found.push((spec.name.clone(), spec.shape.clone(), file.floats(array, &spec.name, &spec.shape)?));
    }
    for (name, shape, values) in found {
        model.parameters.set(&name, &shape, &values)?;
    }
    Ok(())
}
