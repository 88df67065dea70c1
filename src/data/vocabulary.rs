//! Which id stands for which word.
//!
//! Words are numbered as `keras.datasets.imdb` and `reuters` number them: the most frequent word has rank 1 and the id
//! `rank + 3`; 0 pads, 1 starts a text, 2 stands for a word outside of the vocabulary, and 3 is never used. Characters
//! are numbered from 0 in the order of their code points.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::tokenizer;
use crate::{Error, Result};

/// The id that fills a sequence up to a common length.
pub const PAD: u16 = 0;
/// The id in front of each text.
pub const START: u16 = 1;
/// The id of every word that is not in the vocabulary.
pub const UNKNOWN: u16 = 2;
/// What is added to a word's rank, which counts from 1, to get its id.
pub const INDEX_FROM: u16 = 3;
/// Pixels are whole numbers from 0 to 255.
const PIXEL_VALUES: usize = 256;

/// What one id stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A word: `rank + 3`, with the ids 0, 1 and 2 for padding, start and unknown.
    Word,
    /// A word of a long text: its rank, with the id 0 for nothing; other words are left out. As Keras' `Tokenizer`
    /// does it.
    RankedWord,
    /// A character: its place among the distinct characters of the text.
    Character,
    /// The brightness of a pixel, 0 to 255; there are no words.
    Pixel,
    /// A number of an array; there are no ids and no words.
    Number,
}

/// The words, or characters, that have an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vocabulary {
    unit: Unit,
    words: Vec<String>,
    places: HashMap<String, usize>,
}

impl Vocabulary {
    /// A vocabulary of `words` in the order of their ids: by rank for words, by code point for characters.
    ///
    /// # Errors
    /// A word that stands twice, an empty word, a character entry that is not one character, words for pixels, or more
    /// words than 16-bit ids can name.
    pub fn new(unit: Unit, words: Vec<String>) -> Result<Self> {
        let vocabulary = Self { unit, places: HashMap::new(), words };
        let most = usize::from(u16::MAX) + 1 - vocabulary.first_id();
        if vocabulary.words.len() > most {
            let expected = format!("at most {most} words, as ids have 16 bits");
            return Err(Error::value("the vocabulary", expected, vocabulary.words.len()));
        }
        if matches!(unit, Unit::Pixel | Unit::Number) && !vocabulary.words.is_empty() {
            return Err(Error::value("the vocabulary", "empty for numbers", vocabulary.words.len()));
        }
        vocabulary.indexed()
    }

    /// The vocabulary of the `num_words - 4` most frequent words of `ranked`, so that every id is below `num_words`.
    ///
    /// # Errors
    /// As [`Vocabulary::new`].
    pub fn of_most_frequent(ranked: &[(&str, u64)], num_words: usize) -> Result<Self> {
        let count = num_words.saturating_sub(usize::from(INDEX_FROM) + 1);
        Self::new(Unit::Word, ranked.iter().take(count).map(|(word, _)| (*word).to_owned()).collect())
    }

    /// The vocabulary of the distinct characters of `text`.
    ///
    /// # Errors
    /// More distinct characters than 16-bit ids can name.
    pub fn of_characters(text: &str) -> Result<Self> {
        // Entered one by one: collecting would compile a sort of its own.
        let mut distinct = BTreeSet::new();
        distinct.extend(text.chars());
        Self::new(Unit::Character, distinct.into_iter().map(String::from).collect())
    }

    fn indexed(mut self) -> Result<Self> {
        for (place, word) in self.words.iter().enumerate() {
            if word.is_empty() || (self.unit == Unit::Character && word.chars().count() != 1) {
                let what = format!("entry {place} of the vocabulary");
                return Err(Error::value(what, "one character or a word", format!("{word:?}")));
            }
            if let Some(first) = self.places.insert(word.clone(), place) {
                let expected = format!("a new word, as entry {first} is the same");
                return Err(Error::value(
                    format!("entry {place} of the vocabulary"),
                    expected,
                    format!("{word:?}"),
                ));
            }
        }
        Ok(self)
    }

    fn first_id(&self) -> usize {
        match self.unit {
            Unit::Word => usize::from(INDEX_FROM) + 1,
            Unit::RankedWord => 1,
            Unit::Character | Unit::Pixel | Unit::Number => 0,
        }
    }

    /// What an id stands for.
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// The words in the order of their ids.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// One more than the largest id: the `input_dim` that an Embedding needs, Keras' `num_words`.
    pub fn num_words(&self) -> usize {
        match self.unit {
            Unit::Pixel => PIXEL_VALUES,
            Unit::Word | Unit::RankedWord | Unit::Character | Unit::Number => {
                self.first_id() + self.words.len()
            }
        }
    }

    /// The id of `word`, which must be in lower case as [`tokenizer::words`] gives it.
    pub fn id(&self, word: &str) -> Option<u16> {
        self.places.get(word).and_then(|place| u16::try_from(place + self.first_id()).ok())
    }

    /// The word of `id`; the ids that stand for no word have none.
    pub fn word(&self, id: u16) -> Option<&str> {
        usize::from(id).checked_sub(self.first_id()).and_then(|k| self.words.get(k)).map(String::as_str)
    }

    /// How `id` is shown to a reader: its word, or `<pad>`, `<start>`, `<unknown>`, `<unused>`.
    pub fn display_word(&self, id: u16) -> String {
        match (self.word(id), self.unit, id) {
            (Some(word), _, _) => word.to_owned(),
            (None, Unit::Pixel | Unit::Number, _) => id.to_string(),
            (None, Unit::Word | Unit::RankedWord, PAD) => "<pad>".to_owned(),
            (None, Unit::Word, START) => "<start>".to_owned(),
            (None, Unit::Word, UNKNOWN) => tokenizer::SHOWN_UNKNOWN.to_owned(),
            (None, _, _) => "<unused>".to_owned(),
        }
    }

    /// The ids of a text.
    ///
    /// Words: the start id, then one id for each of [`tokenizer::words`], [`UNKNOWN`] for those outside of the
    /// vocabulary. Words of a long text: one id for each that has one. Characters: one id for each character of the
    /// vocabulary; others are left out. Pixels: nothing.
    pub fn encode(&self, text: &str) -> Vec<u16> {
        match self.unit {
            Unit::Word => std::iter::once(START)
                .chain(tokenizer::words(text).iter().map(|word| self.id(word).unwrap_or(UNKNOWN)))
                .collect(),
            Unit::RankedWord => tokenizer::words(text).iter().filter_map(|word| self.id(word)).collect(),
            Unit::Character => {
                let mut buffer = [0; 4];
                text.chars().filter_map(|c| self.id(c.encode_utf8(&mut buffer))).collect()
            }
            Unit::Pixel | Unit::Number => Vec::new(),
        }
    }

    /// The text of `ids`: words with spaces between them, or characters as they were. Padding and start are left out,
    /// an unknown word is shown as `<unknown>`.
    pub fn decode(&self, ids: &[u16]) -> String {
        match self.unit {
            Unit::Character => ids.iter().filter_map(|id| self.word(*id)).collect(),
            Unit::Word | Unit::RankedWord | Unit::Pixel | Unit::Number => {
                let hidden: &[u16] = match self.unit {
                    Unit::Word => &[PAD, START],
                    Unit::RankedWord => &[PAD],
                    _ => &[],
                };
                let shown = |id: &&u16| !hidden.contains(*id);
                ids.iter().filter(shown).map(|id| self.display_word(*id)).collect::<Vec<_>>().join(" ")
            }
        }
    }

    /// The same vocabulary with only the ids below `num_words`.
    ///
    /// # Errors
    /// `num_words` leaves no word, or the ids do not stand for words.
    pub fn cut(&self, num_words: usize) -> Result<Self> {
        let count = num_words.saturating_sub(self.first_id());
        if self.unit != Unit::Word || count == 0 {
            return Err(Error::config("num_words", "at least 5, for a vocabulary of words", num_words));
        }
        Self::new(Unit::Word, self.words.iter().take(count).cloned().collect())
    }
}
