//! The documents of `experiments/`, which are part of the engine so that page and command line read the same.

use serde::Serialize;

use super::sets::PAGE_PRESETS;
use super::{Course, Experiment, TASK};
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
    "moby-dick-lstm-64",
    "moby-dick-words",
    "moby-dick-pairs",
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

/// A smaller cut of an experiment that takes too long for a lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Cut {
    /// What it is: `2,000 reviews, 1 epoch`.
    pub title: &'static str,
    /// The first so many samples, of a long text so many words or characters; nothing where all are taken.
    pub limit: Option<usize>,
    /// Epochs.
    pub epochs: usize,
}

/// The cuts by the names of their documents.
const CUTS: &[(&str, &str, Option<usize>, usize)] = &[
    ("reuters-simple-rnn", "20 of 200 epochs", None, 20),
    ("reuters-simple-rnn-stacked", "20 of 200 epochs", None, 20),
    ("reuters-lstm", "20 of 200 epochs", None, 20),
    ("reuters-lstm-stacked", "10 of 200 epochs", None, 10),
    ("imdb-lstm", "2,000 reviews, 1 epoch", Some(2000), 1),
    ("imdb-elman", "2,000 reviews, 1 epoch", Some(2000), 1),
    ("imdb-lstm-100", "2,000 reviews, 1 epoch", Some(2000), 1),
    ("imdb-conv-lstm", "2,000 reviews, 1 epoch", Some(2000), 1),
    ("moby-dick-word-pairs", "5,000 words, 1 epoch", Some(5000), 1),
    ("imdb-simple-rnn-32", "2,000 reviews, 2 epochs", Some(2000), 2),
    ("imdb-simple-rnn-stacked", "2,000 reviews, 1 epoch", Some(2000), 1),
    ("imdb-lstm-32", "2,000 reviews, 2 epochs", Some(2000), 2),
    ("moby-dick", "100,000 characters, 1 epoch", Some(100_000), 1),
];

/// The cut of the document with this name, where it has one.
pub fn cut(name: &str) -> Option<Cut> {
    let (_, title, limit, epochs) = CUTS.iter().find(|(of, ..)| *of == name)?;
    Some(Cut { title, limit: *limit, epochs: *epochs })
}

/// What a menu shows of an experiment.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct MenuEntry {
    /// The name of the document.
    pub name: &'static str,
    /// What it is called.
    pub title: String,
    /// One or two sentences for a reader.
    pub about: String,
    /// The smaller cut that is opened first, where the whole takes too long for a lesson.
    pub cut: Option<Cut>,
    /// Seconds that the whole takes in the page on two cores, where they were measured.
    pub seconds: Option<f64>,
    /// What it reaches on the way, where that was measured.
    pub course: Option<Course>,
}

/// Experiments that belong together.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct MenuGroup {
    /// What the group is called.
    pub title: String,
    /// Whether its experiments are opened at full speed, since their titles promise a time.
    pub at_full_speed: bool,
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
    let mut groups: Vec<MenuGroup> = titles
        .into_iter()
        .enumerate()
        .map(|(k, title)| MenuGroup { title, at_full_speed: k == 1, entries: Vec::new() })
        .collect();
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
        let (seconds, course) = (experiment.seconds_in_page(), experiment.course());
        let (title, about) = (experiment.title, experiment.about);
        let entry = MenuEntry { name: preset.name, title, about, cut: cut(preset.name), seconds, course };
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
