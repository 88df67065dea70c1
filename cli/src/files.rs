//! Reading and writing files, with errors that name them.

use std::path::Path;

use unrolled::experiment::Experiment;
use unrolled::formats::{foreign, keras};
use unrolled::model::Sequential;
use unrolled::tensors::{Container, Tensors};
use unrolled::train::checkpoint;
use unrolled::{Error, Result};

/// The whole content of a file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    if path.is_dir() {
        let problem = match path.join("saved_model.pb").exists() {
            true => {
                "this folder is TensorFlow's SavedModel, which cannot be read; load it in Keras 2 and save it as .keras"
            }
            false => "this is a folder; give a file",
        };
        return Err(Error::format(name(path), problem));
    }
    std::fs::read(path).map_err(|e| Error::format(name(path), format!("it cannot be read ({e})")))
}

/// The content of a file that holds a model, weights or arrays: what is plainly something else is named for what it is.
pub fn read_known(path: &Path) -> Result<Vec<u8>> {
    let bytes = read(path)?;
    match foreign::explain(&bytes) {
        Some(problem) => Err(Error::format(name(path), problem)),
        None => Ok(bytes),
    }
}

/// The content of a file that is text.
pub fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?).map_err(|_| Error::format(name(path), "this is not a text file"))
}

/// Writes a whole file.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).map_err(|e| Error::format(name(path), format!("it cannot be written ({e})")))
}

/// Writes a whole file and prints the remarks on it to standard error.
pub fn write_with_remarks(path: &Path, (bytes, remarks): (Vec<u8>, Vec<String>)) -> Result<()> {
    write(path, &bytes)?;
    remarks.iter().for_each(|remark| eprintln!("{remark}"));
    Ok(())
}

/// The path as messages name it.
pub fn name(path: &Path) -> String {
    path.display().to_string()
}

/// The tensors of a safetensors or npz file.
pub fn read_tensors(path: &Path) -> Result<Tensors> {
    let tensors = Tensors::from_bytes(&read_known(path)?, &name(path))?;
    remark_on_precision(&tensors, &name(path));
    Ok(tensors)
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

/// The model that a file describes, a JSON configuration or a whole model, which then has its weights.
pub fn read_model(path: &Path) -> Result<Sequential> {
    described(path, None)
}

/// The model of a file; `version` is that of the Keras that wrote its weights, if a configuration does not say it.
fn described(path: &Path, version: Option<&str>) -> Result<Sequential> {
    let bytes = read_known(path)?;
    if holds_model(path, &bytes)? {
        return whole_model(&bytes, &name(path));
    }
    if let Some(problem) = foreign::explain_no_model(&bytes) {
        return Err(Error::format(name(path), problem));
    }
    if keras::is_hdf5(&bytes) {
        return Err(Error::format(
            name(path),
            "it holds weights but no model; give the model's JSON configuration",
        ));
    }
    let text = String::from_utf8(bytes).map_err(|_| {
        Error::format(name(path), "this is not text; use Keras' model.to_json() or a .keras file")
    })?;
    Sequential::with_zero_weights(&keras::with_version(text, version)).map_err(|error| match error {
        Error::Format { problem, .. } => Error::format(name(path), problem),
        other => other,
    })
}

/// The first weights of an experiment from a file of any kind, as a training starts from them; none where the
/// experiment draws its own.
pub fn first_weights(experiment: &Experiment, path: Option<&Path>) -> Result<Option<Vec<u8>>> {
    let Some(path) = path else {
        let Some(file) = &experiment.weights else { return Ok(None) };
        let problem = format!("it starts with the weights of `{}`; name that file with --weights", file.name);
        return Err(Error::format("the experiment", problem));
    };
    let mut model = experiment.build_model()?;
    load_weights(&mut model, &read_known(path)?, &name(path))?;
    let found = format!("{:016x}", model.parameters.hash());
    match experiment.weights.as_ref().filter(|wanted| !wanted.hash.is_empty() && wanted.hash != found) {
        Some(wanted) => {
            let problem = format!(
                "its weights fit the model, but they are not those that the experiment starts with: their hash is \
                 {found}, that of `{}` is {}; name that file, or take `weights` out of the experiment",
                wanted.name, wanted.hash
            );
            Err(Error::format(name(path), problem))
        }
        None => checkpoint::save_weights(&model.parameters).map(Some),
    }
}

/// A whole model with its weights; remarks go to standard error.
pub fn whole_model(bytes: &[u8], what: &str) -> Result<Sequential> {
    let (model, remarks) = keras::read_model(bytes, what)?;
    remarks.iter().for_each(|remark| eprintln!("{remark}"));
    Ok(model)
}

/// Gives a model the weights of a file of any kind; `what` names the file, remarks go to standard error.
pub fn load_weights(model: &mut Sequential, bytes: &[u8], what: &str) -> Result<()> {
    unrolled::session::files::load_weights(model, bytes, what)?
        .iter()
        .for_each(|remark| eprintln!("{remark}"));
    Ok(())
}

fn remark_on_precision(tensors: &Tensors, what: &str) {
    if let Some(first) = tensors.widened().first() {
        eprintln!("{what} holds `{first}` in half precision; everything is computed in float32 here.");
    }
}

/// The model with the weights of a file.
pub fn read_model_with_weights(model: &Path, path: &Path) -> Result<Sequential> {
    let bytes = read_known(path)?;
    // A whole model that is given twice is read once.
    if model == path && holds_model(path, &bytes)? {
        return whole_model(&bytes, &name(path));
    }
    let mut model = described(model, keras::version(&bytes).as_deref())?;
    load_weights(&mut model, &bytes, &name(path))?;
    Ok(model)
}
