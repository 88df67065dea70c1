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
const WHOLE_MODEL: &str = "model_weights";

/// Whether the file is of this kind.
pub fn is_legacy(file: &Hdf5) -> bool {
    file.texts("", LAYERS).is_some() || file.texts(WHOLE_MODEL, LAYERS).is_some()
}

/// The configuration of the whole model, if the file holds one.
pub fn model_config(file: &Hdf5) -> Option<String> {
    file.text("", "model_config")
}

/// The version of Keras that wrote the file.
pub fn version(file: &Hdf5) -> Option<String> {
    ["", WHOLE_MODEL].iter().find_map(|group| file.text(group, "keras_version"))
}

/// Where the weights of `model` stand, in its order.
///
/// # Errors
/// If there are more or fewer.
pub fn paths(model: &Sequential, file: &Hdf5) -> Result<Vec<String>> {
    let root = if file.texts(WHOLE_MODEL, LAYERS).is_some() { WHOLE_MODEL } else { "" };
    let path =
        |parts: &[&str]| parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("/");
    let mut arrays = Vec::new();
    for layer in file.texts(root, LAYERS).unwrap_or_default() {
        let group = path(&[root, &layer]);
        for weight in file.texts(&group, WEIGHTS).unwrap_or_default() {
            arrays.push(path(&[&group, &weight]));
        }
    }
    let count = model.parameters.specs().len();
    if arrays.len() != count {
        let problem = format!("it holds {} weights, the model has {count}", arrays.len());
        return Err(Error::format(file.what(), problem));
    }
    Ok(arrays)
}
