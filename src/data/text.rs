//! A long text of characters as a text of words.

use super::vocabulary::{Unit, Vocabulary};
use super::{Dataset, Split, Task, WordCounts};
use crate::{Error, Result};

impl Dataset {
    /// The text with words in place of characters, numbered by their rank in the whole text from 1 on, as Keras'
    /// `Tokenizer(num_words)` numbers them after `fit_on_texts`; words of rank `num_words` and above are left out.
    ///
    /// # Errors
    /// If the set is no long text of characters, or `num_words` leaves no word.
    pub fn text_by_words(&self, num_words: usize) -> Result<Self> {
        if self.task != Task::LanguageModel || self.vocabulary.unit() != Unit::Character {
            let problem = format!("`{}` is not one long text; choose one that is", self.name);
            return Err(Error::format("the data set", problem));
        }
        let parts = [&self.train, &self.test].map(|part| self.vocabulary.decode(part.ids()));
        let mut counts = WordCounts::default();
        parts.iter().for_each(|text| counts.add(text));
        let kept = counts.ranked().into_iter().take(num_words.saturating_sub(1));
        let words: Vec<String> = kept.map(|(word, _)| word.to_owned()).collect();
        if words.is_empty() {
            return Err(Error::config("num_words", "at least 2, and a text with words", num_words));
        }
        let vocabulary = Vocabulary::new(Unit::RankedWord, words)?;
        let [train, test] = parts.map(|text| {
            let ids = vocabulary.encode(&text);
            let sequences: Vec<&[u16]> = if ids.is_empty() { Vec::new() } else { vec![&ids] };
            Split::new(sequences, Vec::new())
        });
        Ok(Self { train: train?, test: test?, vocabulary, ..self.clone() })
    }
}
