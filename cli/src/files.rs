//! Reading and writing files, with errors that name them.

use std::path::Path;

use unrolled::formats::keras;
use unrolled::model::{Sequential, weights};
use unrolled::tensors::{Container, Tensors};
use unrolled::{Error, Result};

/// The whole content of a file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| Error::format(name(path), format!("it cannot be read ({e})")))
}

/// The content of a file that is text.
pub fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?).map_err(|_| Error::format(name(path), "this is not a text file"))
}

/// Writes a whole file.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).map_err(|e| Error::format(name(path), format!("it cannot be written ({e})")))
}

/// The path as messages name it.
pub fn name(path: &Path) -> String {
    path.display().to_string()
}

/// The tensors of a safetensors or npz file.
pub fn read_tensors(path: &Path) -> Result<Tensors> {
    Tensors::from_bytes(&read(path)?, &name(path))
}

/// Writes tensors: as npz where the name ends so, else as safetensors.
pub fn write_tensors(path: &Path, tensors: &Tensors) -> Result<()> {
    let is_npz = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("npz"));
    let container = if is_npz { Container::Npz } else { Container::Safetensors };
    write(path, &tensors.to_bytes(container)?)
}

/// Whether a file holds a whole model: `.keras`, or an older `.h5` that is not called `.weights.h5`.
pub fn holds_model(path: &Path, bytes: &[u8]) -> Result<bool> {
    match Container::of(bytes) {
        _ if keras::is_hdf5(bytes) => Ok(!name(path).to_lowercase().ends_with(".weights.h5")),
        Container::Npz => keras::is_keras_archive(bytes, &name(path)),
        Container::Safetensors => Ok(false),
    }
}

/// The model that a file describes, a JSON configuration or a whole model, with its own weights, or zeros until they are read.
pub fn read_model(path: &Path) -> Result<Sequential> {
    let bytes = read(path)?;
    if holds_model(path, &bytes)? {
        return keras::read_model(&bytes, &name(path));
    }
    let text = String::from_utf8(bytes).map_err(|_| {
        Error::format(name(path), "this is not text; use Keras' model.to_json() or a .keras file")
    })?;
    Sequential::with_zero_weights(&text)
}

/// Gives a model the weights of a file of any kind; `what` names the file.
pub fn load_weights(model: &mut Sequential, bytes: &[u8], what: &str) -> Result<()> {
    if keras::is_hdf5(bytes) {
        return keras::read_weights(model, bytes, what);
    }
    if Container::of(bytes) == Container::Npz && keras::is_keras_archive(bytes, what)? {
        return keras::read_weights_of_archive(model, bytes, what);
    }
    let tensors = Tensors::from_bytes(bytes, what)?;
    weights::assign(&mut model.parameters, &tensors, what)?;
    let unused = weights::unused(&model.parameters, &tensors);
    if let Some(first) = unused.iter().find(|name| !name.starts_with("history/")) {
        eprintln!("{what} holds `{first}`, which is no weight of this model; it is not used.");
    }
    Ok(())
}

/// The model with the weights of a file.
pub fn read_model_with_weights(model: &Path, path: &Path) -> Result<Sequential> {
    let mut model = read_model(model)?;
    load_weights(&mut model, &read(path)?, &name(path))?;
    Ok(model)
}
