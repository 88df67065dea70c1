//! `experiment read`, `code` and `script`: Keras code and the document of an experiment.

use std::path::Path;

use unrolled::experiment::keras_code::script::{self, Form};
use unrolled::experiment::{PRESETS, keras_code};
use unrolled::session::Training;
use unrolled::session::files::first_updates;
use unrolled::{Error, Result};

use super::experiment;
use crate::{files, print};

/// Prints the document of the experiment that the code in `file` is, on top of the experiment `start`.
pub fn read(file: &Path, start: &str) -> Result<()> {
    let start = experiment::read(start)?;
    let read = keras_code::read(&files::read_text(file)?, &start)
        .map_err(|mistake| Error::format(files::name(file), mistake.to_string()))?;
    for note in &read.notes {
        eprintln!("line {}: {}.", note.line, note.text);
    }
    if !read.passed_over.is_empty() {
        let lines: Vec<String> = read.passed_over.iter().map(usize::to_string).collect();
        eprintln!("Lines that say nothing of the model: {}.", lines.join(", "));
    }
    experiment::print_document(&read.experiment.to_json())
}

/// Prints the Keras code of an experiment.
pub fn code(name: &str) -> Result<()> {
    print::text(&keras_code::code(&experiment::read(name)?)?)
}

/// Writes a script that repeats the run of an experiment into `folder`, with the files that it needs.
pub fn script(name: &str, folder: &Path, form: Form, (data, weights): (&Path, Option<&Path>)) -> Result<()> {
    let chosen = experiment::read(name)?;
    let first = files::first_weights(&chosen, weights)?;
    let is_preset = PRESETS.iter().any(|preset| preset.name == name);
    let name = if is_preset { name.to_owned() } else { script::file_name(&chosen) };
    let text = script::script(&chosen, &name, form)?;
    let mut training = Training::new();
    if let Some(dataset) = experiment::dataset(&chosen, data)? {
        training.use_dataset(dataset);
    }
    first_updates(&mut training, chosen, first.as_deref())?;
    std::fs::create_dir_all(folder)
        .map_err(|e| Error::format(files::name(folder), format!("it cannot be made ({e})")))?;
    let script = folder.join(format!("{name}.{}", if form.notebook { "ipynb" } else { "py" }));
    files::write(&script, text.as_bytes())?;
    files::write(&folder.join(format!("{name}-run.npz")), &training.keras_run_file()?)?;
    print::line(&files::name(&script))
}
