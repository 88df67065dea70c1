//! The documents of `experiments/`, which are part of the engine so that page and command line read the same.

use serde::Serialize;

use super::sets::PAGE_PRESETS;
use super::{Experiment, TASK};
use crate::Result;

/// A document that comes with the project.
#[derive(Debug, Clone, Copy)]
pub struct Preset {
    /// Its name: that of the file without `.json`.
    pub name: &'static str,
    /// The JSON text.
    pub document: &'static str,
}

macro_rules! presets {
    ($($name:literal),* $(,)?) => {
        &[$(Preset { name: $name, document: include_str!(concat!("../../experiments/", $name, ".json")) }),*]
    };
}

/// Every document: the tutorials' in their order, the page's, those for a class, the recordings', and one for each task
/// of generated data. A test compares the list with the folder.
pub const PRESETS: &[Preset] = presets![
    "reuters-simple-rnn",
    "reuters-simple-rnn-stacked",
    "reuters-lstm",
    "reuters-lstm-stacked",
    "imdb-lstm",
    "imdb-elman",
    "imdb-lstm-100",
    "imdb-conv-lstm",
    "moby-dick-word-pairs",
    "imdb-simple-rnn-32",
    "imdb-simple-rnn-stacked",
    "imdb-lstm-32",
    "digits",
    "digits-broken-down",
    "moby-dick",
    "imdb-small",
    "imdb",
    "reuters",
    "imdb-conv-gru",
    "digits-lstm",
    "reuters-gru",
    "moby-dick-gru",
    "demo-lstm",
    "demo-gru",
    "demo-simple-rnn",
    "adding",
    "temporal-order",
    "copy-memory",
    "selective-copy",
    "parity",
    "modulo-3",
    "echo",
    "associative-recall",
    "sine",
    "brackets",
    "embedded-reber",
    "reversing",
];

/// The tutorials that documents come from, by the first digits of their names.
const TUTORIALS: [(&str, &str); 5] = [
    ("000", "Newswires as plain numbers"),
    ("001", "Film reviews, an LSTM with dropout"),
    ("002", "Recurrent networks in Keras"),
    ("003", "A recurrent network is a for loop"),
    ("004", "Handwritten digits, row by row"),
];

/// The documents that reach a result worth showing to a class within 20, 60 and 180 seconds on two cores.
const CLASSROOM: [&str; 4] = ["imdb-conv-gru", "digits-lstm", "reuters-gru", "moby-dick-gru"];

/// What a menu shows of an experiment.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct MenuEntry {
    /// The name of the document.
    pub name: &'static str,
    /// What it is called.
    pub title: String,
    /// One or two sentences for a reader.
    pub about: String,
}

/// Experiments that belong together.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct MenuGroup {
    /// What the group is called.
    pub title: String,
    /// Its experiments.
    pub entries: Vec<MenuEntry>,
}

/// Every document in groups: to start from, to show a class, of each tutorial, tasks whose data are generated, networks
/// of the page's recordings.
///
/// # Errors
/// If a document cannot be read.
pub fn menu() -> Result<Vec<MenuGroup>> {
    let mut titles = vec!["To start from".to_owned(), "To show a class, in seconds".to_owned()];
    titles.extend(TUTORIALS.iter().map(|(number, title)| format!("Tutorial {number}: {title}")));
    titles.push("Tasks, generated from the seed".to_owned());
    titles.push("Networks of the recordings".to_owned());
    let mut groups: Vec<MenuGroup> =
        titles.into_iter().map(|title| MenuGroup { title, entries: Vec::new() }).collect();
    let of_page = PAGE_PRESETS.iter().filter_map(|name| PRESETS.iter().find(|preset| preset.name == *name));
    let others = PRESETS.iter().filter(|preset| !PAGE_PRESETS.contains(&preset.name));
    for preset in of_page.chain(others) {
        let experiment = Experiment::from_json(preset.document)?;
        let tutorial =
            TUTORIALS.iter().position(|(number, _)| experiment.tutorial.as_deref() == Some(number));
        let group = match tutorial {
            Some(at) => 2 + at,
            None if experiment.data.set == TASK => 2 + TUTORIALS.len(),
            None if preset.name.starts_with("demo-") => 3 + TUTORIALS.len(),
            None => usize::from(CLASSROOM.contains(&preset.name)),
        };
        let entry = MenuEntry { name: preset.name, title: experiment.title, about: experiment.about };
        groups[group].entries.push(entry);
    }
    Ok(groups)
}

/// The name of the document from which `experiment` differs least: its difference is the shortest text.
///
/// # Errors
/// If a document cannot be read.
pub fn nearest(experiment: &Experiment) -> Result<&'static str> {
    let mut best = (usize::MAX, PRESETS[0].name);
    for preset in PRESETS {
        let changes = experiment.difference(&Experiment::from_json(preset.document)?);
        let length = serde_json::Value::Object(changes).to_string().len();
        if length < best.0 {
            best = (length, preset.name);
        }
    }
    Ok(best.1)
}
