//! The documents of `experiments/`, which are part of the engine so that page and command line read the same.

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

/// Every document: the tutorials' in their order, the page's, and one for each task of generated data. A test compares
/// the list with the folder.
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
    "moby-dick",
    "imdb-small",
    "imdb",
    "reuters",
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
