//! Keras' own files: `.keras`, `.weights.h5`, and the older `.h5`, whole models and weights alone.
//!
//! A `.keras` file is a zip archive of `config.json`, `metadata.json` and `model.weights.h5`. In the HDF5 file the
//! weights of a layer have no names but numbers, under a path made of class names (keras/src/saving/saving_lib.py).
//! The state of an optimizer and compile options are not read and not written.

mod hdf5;
mod legacy;
mod places;
mod weights_file;

use serde_json::json;

use crate::model::Sequential;
use crate::tensors::archive;
use crate::{Error, Result};
use hdf5::Hdf5;

const CONFIG: &str = "config.json";
const METADATA: &str = "metadata.json";
const WEIGHTS: &str = "model.weights.h5";
/// The version whose format is written.
const KERAS_VERSION: &str = "3.15.1";

/// Whether `bytes` begin as an HDF5 file does.
pub fn is_hdf5(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89HDF\r\n\x1a\n")
}

/// Reads a whole model with its weights from a `.keras` file or from the `.h5` file of an older Keras.
///
/// # Errors
/// If the file is broken or of another kind, or if its model or a weight cannot be used.
pub fn read_model(bytes: &[u8], what: &str) -> Result<Sequential> {
    if is_hdf5(bytes) {
        let file = Hdf5::open(bytes, what)?;
        let mut model = Sequential::with_zero_weights(&legacy::model_config(&file)?)?;
        legacy::read(&mut model, &file)?;
        return Ok(model);
    }
    let mut files = archive::unpack(bytes, what)?;
    let mut take = |name: &str| {
        let place = files.iter().position(|(file, _)| file == name);
        place.map(|k| files.swap_remove(k).1).ok_or_else(|| {
            Error::format(
                what,
                format!("`{name}` is not inside; this is no .keras file, save the model with Keras 3"),
            )
        })
    };
    let config =
        String::from_utf8(take(CONFIG)?).map_err(|_| Error::format(what, "its config.json is not text"))?;
    let mut model = Sequential::with_zero_weights(&config)?;
    read_weights(&mut model, &take(WEIGHTS)?, what)?;
    Ok(model)
}

/// Gives `model` the weights of a `.weights.h5` file, or of an older `.h5` file.
///
/// # Errors
/// If a weight is missing, has another shape or is not finite; then no weight has changed.
pub fn read_weights(model: &mut Sequential, bytes: &[u8], what: &str) -> Result<()> {
    let file = Hdf5::open(bytes, what)?;
    if legacy::is_legacy(&file) { legacy::read(model, &file) } else { weights_file::read(model, &file) }
}

/// Gives `model` the weights inside a `.keras` file, whatever model it describes.
///
/// # Errors
/// As [`read_weights`].
pub fn read_weights_of_archive(model: &mut Sequential, bytes: &[u8], what: &str) -> Result<()> {
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

/// The `.keras` file of a model, which Keras 3 opens with `load_model`.
///
/// # Errors
/// None for a model that could be built.
pub fn write_model(model: &Sequential) -> Result<Vec<u8>> {
    let metadata = json!({ "keras_version": KERAS_VERSION, "date_saved": "" });
    archive::pack(&[
        (METADATA.to_owned(), metadata.to_string().into_bytes()),
        (CONFIG.to_owned(), model.to_json().to_string().into_bytes()),
        (WEIGHTS.to_owned(), write_weights(model)?),
    ])
}

/// The `.weights.h5` file of a model, which Keras 3 reads with `load_weights`.
///
/// # Errors
/// None for a model that could be built.
pub fn write_weights(model: &Sequential) -> Result<Vec<u8>> {
    weights_file::write(model)
}

/// A weight's place in the file and its numbers, checked.
fn checked(name: &str, shape: &[usize], values: Vec<f32>) -> Result<Vec<f32>> {
    if values.len() != shape.iter().product::<usize>() {
        return Err(Error::shape(name, shape, &[values.len()]));
    }
    match values.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(Error::value(format!("every number of `{name}`"), "finite", value)),
        None => Ok(values),
    }
}
