//! A whole Keras 3 script, or a notebook, that repeats a run: the same data, first weights and batches.

mod data;
mod notebook;
mod run_file;
mod sections;

use serde_json::Value;

pub use run_file::{FIRST_LOSSES, run_file};

use super::write;
use crate::experiment::Experiment;
use crate::{Error, Result};

/// What is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Form {
    /// A Jupyter notebook instead of a script.
    pub notebook: bool,
    /// The batches are shared by all devices, with `keras.distribution.DataParallel`.
    pub devices: bool,
}

/// A part of a script: a cell of a notebook.
struct Section {
    title: &'static str,
    text: String,
    code: String,
}

/// The text of a Keras 3 script or notebook that repeats the run of `experiment`. Beside it belongs `<name>-run.npz`,
/// which [`run_file`] gives.
///
/// # Errors
/// If the experiment cannot be built, or has something that Keras does not have.
pub fn script(experiment: &Experiment, name: &str, form: Form) -> Result<String> {
    check(experiment)?;
    let parts = write::parts(experiment)?;
    let sections = sections::all(experiment, name, form, &parts)?;
    Ok(match form.notebook {
        true => notebook::write(experiment, &sections),
        false => plain(experiment, &sections),
    })
}

/// A name for the files of an experiment that has none, from its title.
pub fn file_name(experiment: &Experiment) -> String {
    let letters = experiment
        .title
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let words: String = letters.collect();
    let words: Vec<&str> = words.split('-').filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "experiment".into() } else { words.join("-") }
}

/// What Keras cannot repeat.
fn check(experiment: &Experiment) -> Result<()> {
    if experiment.model.to_string().contains("\"class_name\":\"Listing\"") {
        let expected = "without a Listing to become a Keras script; choose SimpleRNN, LSTM or GRU";
        return Err(Error::config("model", expected, "a layer whose cell is a listing"));
    }
    let updates = experiment.compile.optimizer.pointer("/config/sparse_embedding_updates");
    if updates.is_some_and(|updates| updates == "touched_rows") {
        let expected = "dense to become a Keras script, since Keras updates every row";
        return Err(Error::config("optimizer.sparse_embedding_updates", expected, "touched_rows"));
    }
    Ok(())
}

/// The sections one behind the other, their texts as comments.
fn plain(experiment: &Experiment, sections: &[Section]) -> String {
    let mut text = format!("# {}\n", experiment.title);
    for section in sections {
        text.push_str(&format!("\n# --- {} ---\n", section.title));
        for line in section.text.lines() {
            text.push_str(&format!("# {line}\n"));
        }
        text.push_str(section.code.trim_end());
        text.push('\n');
    }
    text
}

/// Whether dropout acts somewhere: its draws are not Keras'.
fn has_dropout(model: &Value) -> bool {
    let acts = |key: &str| ["dropout", "recurrent_dropout", "rate"].contains(&key);
    match model {
        Value::Object(map) => {
            map.iter().any(|(key, value)| acts(key) && value.as_f64().is_some_and(|rate| rate > 0.0))
                || map.values().any(has_dropout)
        }
        Value::Array(items) => items.iter().any(has_dropout),
        _ => false,
    }
}
