//! What is told of a model that writes and of its text.

use serde::Serialize;

/// What an id stands for, as a page says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum WrittenUnit {
    /// A character.
    Character,
    /// A word.
    Word,
}

/// Where the numbers of a gate or state stand in the rows of [`Written`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PlacedSymbol {
    /// The layer's name, or for a part of a layer its path.
    pub layer: String,
    /// Keras' class name of the cell.
    pub class_name: String,
    /// The symbol of the equations: `f`, `h`.
    pub symbol: String,
    /// Its first number in a row.
    pub offset: usize,
    /// How many numbers it has.
    pub width: usize,
}

/// What a page says of a model that writes.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct WriterFacts {
    /// The title of its experiment.
    pub title: String,
    /// What an id stands for.
    pub unit: WrittenUnit,
    /// How many different ids can follow.
    pub vocabulary: usize,
    /// How many of the last ids it reads anew for each; nothing where it carries its states.
    pub window: Option<usize>,
    /// How many weights it has.
    pub parameters: usize,
    /// Sixteen hexadecimal digits that differ for different weights.
    pub weights_hash: String,
    /// Where gates and states stand in a row.
    pub symbols: Vec<PlacedSymbol>,
    /// How many numbers a row has.
    pub row: usize,
}

/// Ids that were read or written, from `first` on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Written {
    /// The position of the first of them in the text.
    pub first: usize,
    /// Each as it stands in the text; a word with the space before it.
    pub pieces: Vec<String>,
    /// The probability with which each was drawn; NaN where it was given.
    pub probabilities: Vec<f32>,
    /// Gates and states of each, `[ids, row]`.
    pub rows: Vec<f32>,
    /// The characters or words that were given and that the model does not know.
    pub left_out: Vec<String>,
}

/// How an id was chosen among those that could follow.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenChoice {
    /// The logits of the ids that could follow, in their order.
    pub logits: Vec<f32>,
    /// What each of these ids stands for.
    pub first_id: u16,
    /// The id that stands there.
    pub id: u16,
    /// The random number on which it was drawn, if it was.
    pub random: Option<f32>,
    /// The temperature now.
    pub temperature: f32,
}
