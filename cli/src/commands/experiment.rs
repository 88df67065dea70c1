//! `experiment`: the documents that experiments are.

use std::path::Path;

use serde_json::Value;
use unrolled::data::Dataset;
use unrolled::data::own::{Own, OwnChoice, read as read_own};
use unrolled::experiment::keras_code::script::Form;
use unrolled::experiment::{Experiment, OWN, PRESETS};
use unrolled::{Error, Result};

use super::keras_code;
use crate::arguments::ExperimentCommand;
use crate::{files, print};

/// Lists the experiments or prints one.
pub fn run(command: &ExperimentCommand) -> Result<()> {
    match command {
        ExperimentCommand::List => list(),
        ExperimentCommand::Show { experiment } => show(experiment),
        ExperimentCommand::Read { file, start } => keras_code::read(file, start),
        ExperimentCommand::Script { experiment, folder, notebook, devices, weights, data } => {
            let form = Form { notebook: *notebook, devices: *devices };
            keras_code::script(experiment, folder, form, (data, weights.as_deref()))
        }
        ExperimentCommand::Code { experiment } => keras_code::code(experiment),
    }
}

/// Prints the name and the title of every experiment that comes with the project.
pub fn list() -> Result<()> {
    let mut text = String::new();
    for preset in PRESETS {
        let experiment = Experiment::from_json(preset.document)?;
        text.push_str(&format!("{:<28}{}\n", preset.name, experiment.title));
    }
    print::text(&text)
}

fn show(name: &str) -> Result<()> {
    print_document(&read(name)?.to_complete_json()?)
}

/// Prints a document so that people can read it.
pub fn print_document(document: &Value) -> Result<()> {
    let text = serde_json::to_string_pretty(document)
        .map_err(|e| Error::format("the experiment", format!("it cannot be written ({e})")))?;
    print::line(&text)
}

/// The experiment in the file `name`, or the one that is called so.
pub fn read(name: &str) -> Result<Experiment> {
    let path = Path::new(name);
    let is_path = path.extension().is_some() || path.components().count() > 1;
    if !is_path {
        return Experiment::preset(name);
    }
    let text = files::read_text(path)?;
    Experiment::from_json(&text).map_err(|error| Error::format(files::name(path), error.to_string()))
}

/// The packed set of `folder` that an experiment names, or the reader's own file there; none where data are generated.
pub fn dataset(experiment: &Experiment, folder: &Path) -> Result<Option<Dataset>> {
    if experiment.data.task.is_some() {
        return Ok(None);
    }
    if experiment.data.set == OWN {
        return own(folder).map(Some);
    }
    let path = folder.join(format!("{}.safetensors", experiment.data.set));
    if !path.exists() {
        let problem = "it is not there; `cargo xtask data` makes it, or name another folder with --data";
        return Err(Error::format(files::name(&path), problem));
    }
    Dataset::from_bytes(&files::read(&path)?).map(Some)
}

/// The reader's own file as a data set; what was found in it is said on standard error.
pub fn own(path: &Path) -> Result<Dataset> {
    let name = files::name(path);
    let Own { dataset, info } = read_own(&name, &files::read(path)?, &OwnChoice::default())?;
    if let (Some(text), Some(label)) = (&info.text, &info.label) {
        eprintln!("{name}: texts from `{text}`, labels from `{label}`.");
    }
    info.notes.iter().for_each(|note| eprintln!("{name}: {note}"));
    Ok(dataset)
}
