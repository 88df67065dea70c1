//! `experiment read` and `experiment code`: Keras code and the document of an experiment.

use std::path::Path;

use unrolled::experiment::keras_code;
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
