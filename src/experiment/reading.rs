//! How samples become the input of a model.

use serde::Serialize;

use crate::data::vocabulary::{START, UNKNOWN};
use crate::data::{Padding, Side};
use crate::layers::Shape;
use crate::layers::config::Section;
use crate::model::Sequential;
use crate::{Error, Result};

/// Longer sequences do not fit a browser tab.
const LONGEST: usize = 10_000;

/// The fewest ids a vocabulary can have: padding, start and unknown.
const FEWEST_IDS: usize = UNKNOWN as usize + 1;

/// How samples become the input of a model: `as` in a document.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "as", rename_all = "snake_case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Reading {
    /// Ids of words, `[maxlen]`, cut and filled as Keras' `pad_sequences` does it.
    Words(Words),
    /// Ids as plain numbers, one a timestep, `[below - 1, 1]`, zeros behind. Texts of `below` ids and more are dropped,
    /// as Keras' `load_data(maxlen=below)` does it.
    Numbers {
        /// One more than the length of every sequence.
        below: usize,
    },
    /// Images, `[rows, columns]`: one row of pixels from 0 to 1 a timestep.
    Rows,
    /// Windows of a long text, `[timesteps]` ids of characters; the label of each is the character after it.
    Characters {
        /// Length of a window.
        timesteps: usize,
        /// Whether each row of a batch goes on where it ended in the batch before, for layers that are stateful.
        stateful: bool,
    },
    /// The same with words, numbered from 1 by rank as Keras' `Tokenizer` does it; rarer words are left out.
    WordIds {
        /// Words are kept whose rank is below this, Keras' `num_words`.
        num_words: usize,
        /// Length of a window.
        timesteps: usize,
        /// As for characters.
        stateful: bool,
    },
    /// One word of a long text, `[1]`, and as its label the word after it. Numbered as for `WordIds`.
    WordPairs {
        /// Words are kept whose rank is below this, Keras' `num_words`.
        num_words: usize,
    },
    /// Arrays as they are.
    Sequences,
}

/// How a text of words becomes a sequence of ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Words {
    /// Words with ids from this on are unknown.
    pub num_words: usize,
    /// Length of every sequence.
    pub maxlen: usize,
    /// Where short sequences are filled with zeros.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "\"pre\" | \"post\""))]
    pub padding: Side,
    /// Which end of a long sequence is cut off.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "\"pre\" | \"post\""))]
    pub truncating: Side,
    /// Whether unknown words are read as the id 2; otherwise they are left out.
    pub oov: bool,
    /// Whether the id 1 stands in front of every text.
    pub start: bool,
}

impl Words {
    /// How sequences are cut and filled.
    pub fn padding(&self) -> Padding {
        Padding { padding: self.padding, truncating: self.truncating, value: 0 }
    }

    /// The id that is read for the word `id`; `None` if it is left out.
    pub fn read_as(&self, id: u16) -> Option<u16> {
        let known = usize::from(id) < self.num_words && id != UNKNOWN;
        match known {
            true => Some(id),
            false => self.oov.then_some(UNKNOWN),
        }
    }

    /// The sequence that is read for the ids of a text, which begin with the start, before it is cut and filled.
    pub fn sequence(&self, ids: &[u16]) -> Vec<u16> {
        let skipped = usize::from(!self.start && ids.first() == Some(&START));
        ids[skipped..].iter().filter_map(|id| self.read_as(*id)).collect()
    }

    fn read(section: &Section) -> Result<Self> {
        Ok(Self {
            num_words: section.size("num_words")?,
            maxlen: length(section, "maxlen")?,
            padding: side(section, "padding")?,
            truncating: side(section, "truncating")?,
            oov: section.flag_or("oov", true)?,
            start: section.flag_or("start", true)?,
        })
    }
}

fn side(section: &Section, key: &str) -> Result<Side> {
    match section.text_or(key, "pre")? {
        "pre" => Ok(Side::Pre),
        "post" => Ok(Side::Post),
        other => Err(Error::config(section.field(key), "pre or post", other)),
    }
}

fn length(section: &Section, key: &str) -> Result<usize> {
    let length = section.size(key)?;
    match length <= LONGEST {
        true => Ok(length),
        false => Err(Error::config(section.field(key), format!("at most {LONGEST}"), length)),
    }
}

/// The names of the readings with the keys that belong to each.
const READINGS: [(&str, &[&str]); 7] = [
    ("words", &["num_words", "maxlen", "padding", "truncating", "oov", "start"]),
    ("numbers", &["below"]),
    ("rows", &[]),
    ("characters", &["timesteps", "stateful"]),
    ("word_ids", &["num_words", "timesteps", "stateful"]),
    ("word_pairs", &["num_words"]),
    ("sequences", &[]),
];

impl Reading {
    pub(super) fn read(section: &Section) -> Result<Self> {
        let name = section.text_or("as", "sequences")?;
        let Some((_, keys)) = READINGS.iter().find(|(known, _)| *known == name) else {
            let expected = format!("one of {}", READINGS.map(|(name, _)| name).join(", "));
            return Err(Error::config(section.field("as"), expected, name));
        };
        section.only(&[&["as"], keys])?;
        Ok(match name {
            "words" => Self::Words(Words::read(section)?),
            "numbers" => Self::Numbers { below: read_below(section)? },
            "rows" => Self::Rows,
            "characters" => Self::Characters {
                timesteps: length(section, "timesteps")?,
                stateful: section.flag_or("stateful", false)?,
            },
            "word_ids" => Self::WordIds {
                num_words: section.size("num_words")?,
                timesteps: length(section, "timesteps")?,
                stateful: section.flag_or("stateful", false)?,
            },
            "word_pairs" => Self::WordPairs { num_words: section.size("num_words")? },
            _ => Self::Sequences,
        })
    }

    /// Whether the labels are the ids that come next in a long text.
    pub fn is_language_model(&self) -> bool {
        matches!(self, Self::Characters { .. } | Self::WordIds { .. } | Self::WordPairs { .. })
    }

    /// Whether each row of a batch goes on where it ended in the batch before.
    pub fn carries(&self) -> bool {
        matches!(self, Self::Characters { stateful: true, .. } | Self::WordIds { stateful: true, .. })
    }

    /// Length of every sequence; none where the data decide.
    pub fn timesteps(&self) -> Option<usize> {
        match self {
            Self::Words(words) => Some(words.maxlen),
            Self::Numbers { below } => Some(below - 1),
            Self::Characters { timesteps, .. } | Self::WordIds { timesteps, .. } => Some(*timesteps),
            Self::WordPairs { .. } => Some(1),
            Self::Rows | Self::Sequences => None,
        }
    }

    /// Checks that `model` reads what this reading gives: ids or numbers, as many, and that its table has a row for
    /// each id.
    ///
    /// # Errors
    /// Says what the model should read.
    pub fn check_model(&self, model: &Sequential) -> Result<()> {
        let ids = match self {
            Self::Words(words) => Some(words.num_words),
            // Ids are counted from 1, so that the largest is `num_words - 1`; Keras' tutorials add one row.
            Self::WordIds { num_words, .. } | Self::WordPairs { num_words } => Some(*num_words),
            Self::Characters { .. } => Some(1),
            Self::Numbers { .. } | Self::Rows | Self::Sequences => None,
        };
        if let Some(count) = ids {
            check_table(model, count, matches!(self, Self::Words(_)))?;
        } else if *self != Self::Sequences && matches!(model.input_shape(), Shape::Ids { .. }) {
            let expected = "made for numbers, without an Embedding as its first layer";
            return Err(Error::config("model", expected, model.input_shape()));
        }
        match (model.input_shape().timesteps(), self.timesteps()) {
            (Some(theirs), Some(ours)) if theirs != ours => {
                let key = match self {
                    Self::Words(_) => "maxlen",
                    Self::Numbers { .. } => "below",
                    _ => "timesteps",
                };
                let expected = format!("{theirs} timesteps, the length that the model reads");
                Err(Error::config(format!("data.reading.{key}"), expected, ours))
            }
            _ => Ok(()),
        }
    }
}

fn read_below(section: &Section) -> Result<usize> {
    match length(section, "below")? {
        below if below < 2 => Err(Error::config(section.field("below"), "at least 2", below)),
        below => Ok(below),
    }
}

/// Checks that the model begins with a table that has a row for each of `count` ids.
fn check_table(model: &Sequential, count: usize, has_special_ids: bool) -> Result<()> {
    if !matches!(model.input_shape(), Shape::Ids { .. }) {
        let expected = "made for ids, with an Embedding as its first layer";
        return Err(Error::config("model", expected, model.input_shape()));
    }
    let first = model.layers()[0].config();
    let rows = first.pointer("/config/input_dim").and_then(serde_json::Value::as_u64).unwrap_or(0) as usize;
    let least = if has_special_ids { FEWEST_IDS } else { 1 };
    if count < least || rows < count {
        let expected = format!("from {least} to {rows}, the Embedding's input_dim");
        return Err(Error::config("data.reading.num_words", expected, count));
    }
    Ok(())
}
