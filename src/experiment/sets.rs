//! What the page says of data sets and settings before anything is loaded.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Experiment;
use crate::Result;

/// What a reader is told of a packed set.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SetFacts {
    /// The name of the set and of its file, `NAME.safetensors`.
    pub name: &'static str,
    /// Sets of one subject share the reader's text.
    pub subject: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// How many texts there are to learn from.
    pub samples: usize,
    /// One more than the largest id: Keras' `num_words`; of images the number of shades.
    pub vocabulary: usize,
    /// Texts to try, the first of which is typed for the reader; none where the set is not read word by word.
    pub texts: &'static [&'static str],
}

const REVIEWS: &[&str] = &[
    "not a bad film, just a very slow one",
    "the best performance i have seen in years and a wonderful story",
    "i wanted to like it but the plot is boring and the acting is terrible",
];

const NEWSWIRES: &[&str] = &[
    "the bank of japan intervened to buy dollars as the yen rose against the dollar",
    "shr cts vs cts net mln vs mln revs mln vs mln",
    "opec oil ministers meet to discuss crude output and prices",
];

/// The short name of a subject, what its sets are called, and texts to try.
type Subject = (&'static str, &'static str, &'static [&'static str]);

const fn set(
    name: &'static str,
    (subject, label, texts): Subject,
    samples: usize,
    vocabulary: usize,
) -> SetFacts {
    SetFacts { name, subject, label, samples, vocabulary, texts }
}

const IMDB: Subject = ("imdb", "IMDB reviews", REVIEWS);
const REUTERS: Subject = ("reuters", "Reuters newswires", NEWSWIRES);

const MOBY_DICK: Subject = ("moby-dick", "Moby Dick", &[]);
const DIGITS: Subject = ("digits", "Handwritten digits", &[]);

/// The packed sets.
pub const SETS: [SetFacts; 6] = [
    set("imdb-small", IMDB, 4000, 5000),
    set("imdb", IMDB, 20_000, 20_000),
    set("reuters-r52", REUTERS, 6532, 10_000),
    set("reuters-r52-all-words", REUTERS, 6532, 22_278),
    set("moby-dick", MOBY_DICK, 1, 83),
    set("digits", DIGITS, 4000, 256),
];

/// The experiments that the page starts from.
pub const PAGE_PRESETS: [&str; 3] = ["imdb-small", "imdb", "reuters"];

/// What a setting can be in the page: larger ones do not fit a browser tab or a class's patience.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Limits {
    /// The smallest.
    pub minimum: f64,
    /// The largest.
    pub maximum: f64,
    /// What the arrows of a number field add.
    pub step: f64,
    /// What the setting is called.
    pub label: &'static str,
}

const fn limits(minimum: f64, maximum: f64, step: f64, label: &'static str) -> Limits {
    Limits { minimum, maximum, step, label }
}

/// The settings of the page by the names that they have in links.
pub const LIMITS: [(&str, Limits); 7] = [
    ("units", limits(1.0, 128.0, 1.0, "Units")),
    ("embedding", limits(1.0, 128.0, 1.0, "Embedding")),
    ("words", limits(100.0, 20_000.0, 100.0, "Vocabulary")),
    ("maxlen", limits(5.0, 200.0, 5.0, "Words read")),
    ("batch", limits(1.0, 256.0, 1.0, "Batch")),
    ("seed", limits(0.0, 999_999.0, 1.0, "Seed")),
    ("rate", limits(0.0001, 0.1, 0.0001, "Learning rate")),
];

/// Everything that the page knows of data and experiments before the engine is there.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Facts {
    /// The documents of [`PAGE_PRESETS`], with every default filled in.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "PagePresets"))]
    pub presets: Map<String, Value>,
    /// The packed sets, by name.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Record<string, SetFacts>"))]
    pub sets: Map<String, Value>,
    /// The limits of the page's settings, by the names that they have in links.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "SettingLimits"))]
    pub limits: Map<String, Value>,
}

/// What the page knows of data and experiments.
///
/// # Errors
/// If a document of the page's presets cannot be read.
pub fn facts() -> Result<Facts> {
    let mut presets = Map::new();
    for name in PAGE_PRESETS {
        presets.insert(name.to_owned(), json!(Experiment::preset(name)?));
    }
    let limits: Map<String, Value> =
        LIMITS.iter().map(|(name, limits)| ((*name).to_owned(), json!(limits))).collect();
    let sets: Map<String, Value> = SETS.iter().map(|set| (set.name.to_owned(), json!(set))).collect();
    Ok(Facts { presets, sets, limits })
}
