//! `convert`: the same model or weights in another file format.

use std::path::Path;

use unrolled::formats::keras;
use unrolled::model::{Sequential, weights};
use unrolled::tensors::Tensors;
use unrolled::{Error, Result};

use crate::arguments::Convert;
use crate::files;

/// In what format the result is written, by the end of its name.
enum TargetFormat {
    /// A `.keras` file.
    Model,
    /// A `.h5` file.
    Weights,
    /// A JSON configuration.
    Configuration,
    /// Named tensors.
    Tensors,
}

/// Reads one file and writes the other.
pub fn run(options: &Convert) -> Result<()> {
    let source = files::read_known(&options.from)?;
    let target = target_format(&options.to)?;
    if matches!(target, TargetFormat::Tensors)
        && options.model.is_none()
        && !files::holds_model(&options.from, &source)?
    {
        if keras::is_hdf5(&source) {
            return Err(needs_model(&options.from));
        }
        let tensors = Tensors::from_bytes(&source, &files::name(&options.from))?;
        return files::write_tensors(&options.to, &tensors);
    }
    let model = model(options, &source)?;
    match target {
        TargetFormat::Model => files::write_with_remarks(&options.to, keras::write_model(&model)?),
        TargetFormat::Weights => files::write_with_remarks(&options.to, keras::write_weights(&model)?),
        TargetFormat::Configuration => {
            let (config, remarks) = keras::write_config(&model);
            files::write_with_remarks(&options.to, (config.to_string().into_bytes(), remarks))
        }
        TargetFormat::Tensors => files::write_tensors(&options.to, &weights::to_tensors(&model.parameters)),
    }
}

/// The model of `--model` with the weights of the source, or the model that the source itself is.
fn model(options: &Convert, source: &[u8]) -> Result<Sequential> {
    let name = files::name(&options.from);
    match &options.model {
        Some(model) => {
            let mut model = files::read_model(model)?;
            files::load_weights(&mut model, source, &name)?;
            Ok(model)
        }
        None if files::holds_model(&options.from, source)? => files::whole_model(source, &name),
        None => Err(needs_model(&options.from)),
    }
}

fn needs_model(path: &Path) -> Error {
    let problem = "it holds weights but no model; say with --model what they belong to";
    Error::format(files::name(path), problem)
}

fn target_format(path: &Path) -> Result<TargetFormat> {
    let name = files::name(path).to_lowercase();
    let endings = [
        (".keras", TargetFormat::Model),
        (".weights.h5", TargetFormat::Weights),
        (".h5", TargetFormat::Weights),
        (".json", TargetFormat::Configuration),
        (".safetensors", TargetFormat::Tensors),
        (".npz", TargetFormat::Tensors),
    ];
    let found = endings.into_iter().find(|(ending, _)| name.ends_with(ending));
    found.map(|(_, format)| format).ok_or_else(|| {
        Error::value("the file to write", "named .keras, .weights.h5, .json, .safetensors or .npz", &name)
    })
}
