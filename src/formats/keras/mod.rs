//! Keras' own files: `.keras`, `.weights.h5`, and the older `.h5`, whole models and weights alone.
//!
//! A `.keras` file is a zip archive of `config.json`, `metadata.json` and `model.weights.h5`. In the HDF5 file the
//! weights of a layer have no names but numbers, under a path made of class names (keras/src/saving/saving_lib.py).
//! Of `compile`, loss and optimizer are read; the state of an optimizer is not, and neither is written.

mod compiled;
mod hard_sigmoid;
mod hdf5;
mod legacy;
mod variable_groups;
mod weights_file;

use serde_json::{Value, json};

use crate::model::Sequential;
use crate::tensors::archive;
pub use compiled::compile_config;

use crate::{Error, Result};
use hdf5::{Hdf5, Precision};

const CONFIG: &str = "config.json";
const METADATA: &str = "metadata.json";
const WEIGHTS: &str = "model.weights.h5";
/// Layers that Keras does not have.
const OUR_CLASSES: [&str; 2] = ["ResidualWrapper", "Listing"];
/// The version whose format is written.
const KERAS_VERSION: &str = "3.15.1";

/// Whether `bytes` begin as an HDF5 file does.
pub fn is_hdf5(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89HDF\r\n\x1a\n")
}

/// Whether an HDF5 file holds the configuration of a model, and not weights alone.
///
/// # Errors
/// If it is not a whole HDF5 file.
pub fn holds_config(bytes: &[u8], what: &str) -> Result<bool> {
    Ok(legacy::model_config(&Hdf5::open(bytes, what)?).is_some())
}

/// Reads a whole model with its weights from a `.keras` file or from the `.h5` file of an older Keras; beside it
/// remarks for the user, none as a rule.
///
/// # Errors
/// If the file is broken or of another kind, or if its model or a weight cannot be used.
pub fn read_model(bytes: &[u8], what: &str) -> Result<(Sequential, Vec<String>)> {
    if is_hdf5(bytes) {
        let file = Hdf5::open(bytes, what)?;
        let config = legacy::model_config(&file).ok_or_else(|| no_model(&file))?;
        let mut model =
            Sequential::with_zero_weights(&with_version(config, legacy::version(&file).as_deref()))?;
        let remarks = read_from(&mut model, &file)?;
        return Ok((model, remarks));
    }
    let mut files = archive::unpack(bytes, what)?;
    let mut take = |name: &str| {
        let index = files.iter().position(|(file, _)| file == name);
        index.map(|k| files.swap_remove(k).1).ok_or_else(|| {
            Error::format(
                what,
                format!("`{name}` is not inside; this is no .keras file, save the model with Keras 3"),
            )
        })
    };
    let config =
        String::from_utf8(take(CONFIG)?).map_err(|_| Error::format(what, "its config.json is not text"))?;
    let metadata: Value =
        take(METADATA).ok().and_then(|metadata| serde_json::from_slice(&metadata).ok()).unwrap_or_default();
    let version = metadata.get("keras_version").and_then(Value::as_str);
    let mut model = Sequential::with_zero_weights(&with_version(config, version))?;
    let remarks = read_weights(&mut model, &take(WEIGHTS)?, what)?;
    Ok((model, remarks))
}

/// The version of Keras that wrote a file, where the file says so; a JSON configuration without one may need it.
pub fn version(bytes: &[u8]) -> Option<String> {
    if is_hdf5(bytes) {
        return legacy::version(&Hdf5::open(bytes, "").ok()?);
    }
    let files = archive::unpack(bytes, "").ok()?;
    let (_, metadata) = files.iter().find(|(name, _)| name == METADATA)?;
    let metadata: Value = serde_json::from_slice(metadata).ok()?;
    Some(metadata.get("keras_version")?.as_str()?.to_owned())
}

/// The configuration `config` with the version of Keras that wrote it, if it does not say so itself: the names in it
/// mean what they meant in that version.
pub fn with_version(config: String, version: Option<&str>) -> String {
    let (Some(version), Ok(mut json)) = (version, serde_json::from_str::<Value>(&config)) else {
        return config;
    };
    if let Some(object) = json.as_object_mut() {
        object.entry("keras_version").or_insert(version.into());
    }
    json.to_string()
}

/// Gives `model` the weights of a `.weights.h5` file, or of an older `.h5` file; returns remarks for the user.
///
/// # Errors
/// If a weight is missing, has another shape or is not finite; then no weight has changed.
pub fn read_weights(model: &mut Sequential, bytes: &[u8], what: &str) -> Result<Vec<String>> {
    read_from(model, &Hdf5::open(bytes, what)?)
}

fn read_from(model: &mut Sequential, file: &Hdf5) -> Result<Vec<String>> {
    let paths = if legacy::is_legacy(file) {
        legacy::paths(model, file)?
    } else if weights_file::is_weights_file(file) {
        weights_file::paths(model, file)?
    } else {
        return Err(not_from_keras(file));
    };
    let (mut found, mut halves) = (Vec::new(), Vec::new());
    for (path, spec) in paths.iter().zip(model.parameters.specs()) {
        let (values, precision) = file.floats(path, spec)?;
        if precision != Precision::Whole {
            halves.push((spec.name.clone(), precision));
        }
        found.push((spec.name.clone(), spec.shape.clone(), values));
    }
    for (name, shape, values) in found {
        model.parameters.set(&name, &shape, &values)?;
    }
    Ok(halves
        .first()
        .map(|(name, precision)| half_precision(file.what(), name, *precision, halves.len()))
        .into_iter()
        .collect())
}

/// The remark on a file with weights in half precision.
fn half_precision(what: &str, first: &str, precision: Precision, count: usize) -> String {
    let name = if precision == Precision::Float16 { "float16" } else { "bfloat16" };
    let others = if count > 1 { format!(" and {} other weights", count - 1) } else { String::new() };
    format!("{what} holds `{first}`{others} as {name}; everything is computed in float32 here.")
}

fn no_model(file: &Hdf5) -> Error {
    if !legacy::is_legacy(file) && !weights_file::is_weights_file(file) {
        return not_from_keras(file);
    }
    let problem = "it holds weights but no model; give the model's JSON configuration beside it";
    Error::format(file.what(), problem)
}

fn not_from_keras(file: &Hdf5) -> Error {
    let problem =
        "this HDF5 file holds neither a model nor weights of Keras; save the model with model.save()";
    Error::format(file.what(), problem)
}

/// Gives `model` the weights inside a `.keras` file, whatever model it describes; returns remarks for the user.
///
/// # Errors
/// As [`read_weights`].
pub fn read_weights_of_archive(model: &mut Sequential, bytes: &[u8], what: &str) -> Result<Vec<String>> {
    let files = archive::unpack(bytes, what)?;
    match files.iter().find(|(name, _)| name == WEIGHTS) {
        Some((_, weights)) => read_weights(model, weights, what),
        None => Err(Error::format(what, format!("`{WEIGHTS}` is not inside; this is no .keras file"))),
    }
}

/// Whether a zip archive is a `.keras` file.
///
/// # Errors
/// If it is no archive.
pub fn is_keras_archive(bytes: &[u8], what: &str) -> Result<bool> {
    archive::holds(bytes, CONFIG, what)
}

/// The `.keras` file of a model, which Keras 3 opens with `load_model` and then predicts the same; beside it remarks
/// for the user, none as a rule.
///
/// # Errors
/// If Keras 3 has nothing equal to a layer's activation.
pub fn write_model(model: &Sequential) -> Result<(Vec<u8>, Vec<String>)> {
    let mut remarks = classes_of_our_own(model);
    let (config, values) = hard_sigmoid::for_keras_3(model)?;
    if hard_sigmoid::is_used(model) {
        remarks.push(
            "Keras 3 computes another hard_sigmoid than Keras 2: the weights that feed it are written multiplied \
             by 1.2, with which Keras 3 predicts the same."
                .into(),
        );
    }
    let metadata = json!({ "keras_version": KERAS_VERSION, "date_saved": "" });
    let bytes = archive::pack(&[
        (METADATA.to_owned(), metadata.to_string().into_bytes()),
        (CONFIG.to_owned(), config.to_string().into_bytes()),
        (WEIGHTS.to_owned(), weights_file::write(model, &values)?),
    ])?;
    Ok((bytes, remarks))
}

/// The `.weights.h5` file of a model, which Keras 3 reads with `load_weights`; beside it remarks for the user.
///
/// # Errors
/// None for a model that could be built.
pub fn write_weights(model: &Sequential) -> Result<(Vec<u8>, Vec<String>)> {
    let mut remarks = Vec::new();
    if hard_sigmoid::is_used(model) {
        remarks.push(
            "These weights belong to Keras 2's hard_sigmoid; a layer of Keras 3 needs \
             recurrent_activation=lambda x: keras.ops.clip(0.2 * x + 0.5, 0, 1) for them."
                .into(),
        );
    }
    Ok((weights_file::write(model, model.parameters.values())?, remarks))
}

/// The JSON configuration of a model: Keras 3's, or Keras 2's where a layer has Keras 2's hard sigmoid; beside it
/// remarks for the user.
pub fn write_config(model: &Sequential) -> (Value, Vec<String>) {
    let mut remarks = classes_of_our_own(model);
    if !hard_sigmoid::is_used(model) {
        return (model.to_json(), remarks);
    }
    remarks.push("This is a configuration for Keras 2, since Keras 3 computes another hard_sigmoid.".into());
    (hard_sigmoid::for_keras_2(model), remarks)
}

/// A remark on layers that Keras does not have.
fn classes_of_our_own(model: &Sequential) -> Vec<String> {
    let own = model.layers().iter().find(|layer| OUR_CLASSES.contains(&layer.class_name()));
    let remark = own.map(|layer| {
        let (name, class) = (layer.name(), layer.class_name());
        format!("Keras has no layer `{class}`, which `{name}` is; to load the file there, give one in custom_objects.")
    });
    remark.into_iter().collect()
}
