//! Text to words by the rules of Keras' `Tokenizer` with its default arguments.
//!
//! Keras: `text_to_word_sequence` and `Tokenizer.fit_on_texts` in `keras/src/legacy/preprocessing/text.py`. Only the
//! defaults exist here (lower case, these filters, split at the space), because the data sets were made with them.

use std::collections::HashMap;
use std::ops::Range;

use crate::ordering::sort_by_key;

/// The characters that separate words besides the space: Keras' default `filters`.
pub const FILTERS: &str = "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n";

fn separates(c: char) -> bool {
    c == ' ' || FILTERS.contains(c)
}

/// The words of `text` in order, in lower case.
///
/// The apostrophe stays inside of a word (`don't`); so do typographic quotes and dashes, which the filters do not know.
/// `<br />` becomes the word `br`.
pub fn words(text: &str) -> Vec<String> {
    // The whole text is lowered before it is split: the lower case of the Greek capital sigma depends on its
    // neighbours.
    text.to_lowercase().split(separates).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// How a word outside of a vocabulary is shown. A text that holds it means such a word, not the word “unknown”.
pub const SHOWN_UNKNOWN: &str = "<unknown>";

/// The same, with [`SHOWN_UNKNOWN`] where a text that was shown holds it.
pub fn shown_words(text: &str) -> Vec<String> {
    let is_marked =
        |span: &Range<usize>| text[..span.start].ends_with('<') && text[span.end..].starts_with('>');
    let shown = |(span, word): (Range<usize>, String)| {
        let marked = format!("<{word}>");
        if is_marked(&span) && marked == SHOWN_UNKNOWN { marked } else { word }
    };
    word_spans(text).into_iter().zip(words(text)).map(shown).collect()
}

/// Where each of [`words`] stands in `text`, as byte ranges on character boundaries, in the same order and number.
pub fn word_spans(text: &str) -> Vec<Range<usize>> {
    // No separator changes by lowering and no other character becomes one, so both ways of splitting agree.
    let start = text.as_ptr() as usize;
    text.split(separates)
        .filter(|word| !word.is_empty())
        .map(|word| {
            let from = word.as_ptr() as usize - start;
            from..from + word.len()
        })
        .collect()
}

/// How often each word occurs in a collection of texts, in the order of first occurrence.
#[derive(Debug, Clone, Default)]
pub struct WordCounts {
    index: HashMap<String, usize>,
    counts: Vec<(String, u64)>,
}

impl WordCounts {
    /// Counts the words of one more text.
    pub fn add(&mut self, text: &str) {
        for word in words(text) {
            match self.index.get(&word) {
                Some(&k) => self.counts[k].1 += 1,
                None => {
                    self.index.insert(word.clone(), self.counts.len());
                    self.counts.push((word, 1));
                }
            }
        }
    }

    /// The number of distinct words.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// True before the first word.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The number of words in all texts together.
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }

    /// Every word with its count: the most frequent first, words of equal count in the order of first occurrence.
    pub fn ranked(&self) -> Vec<(&str, u64)> {
        let mut ranked: Vec<_> = self.counts.iter().map(|(word, count)| (word.as_str(), *count)).collect();
        sort_by_key(&mut ranked, |&(_, count)| std::cmp::Reverse(count)); // stable, as Python's sort is
        ranked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_word_of_a_shown_text_is_told_from_the_word_unknown() {
        assert_eq!(shown_words("The <unknown> film, unknown."), ["the", "<unknown>", "film", "unknown"]);
        assert_eq!(shown_words("<unknown> <br> <Unknown>"), ["<unknown>", "br", "<unknown>"]);
        assert_eq!(shown_words("< unknown>"), ["unknown"]);
    }
}
