//! A reader's own text through the model in training.

use super::Config;
use super::material::known;
use crate::data::vocabulary::{START, UNKNOWN};
use crate::data::{Dataset, Side, pad_into, word_spans, words};
use crate::model::Sequential;
use crate::trace::{Trace, trace_ids};
use crate::{Error, Result};

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The word as the reader wrote it.
    pub text: String,
    /// The id that the model reads.
    pub id: u16,
    /// Whether the word is in the vocabulary.
    pub known: bool,
    /// Whether the word is among those that fit the model's length.
    pub kept: bool,
}

/// What a model made of a text: the trace has one timestep for each word that is kept.
#[derive(Debug, Clone)]
pub struct TextTrace {
    /// All words.
    pub tokens: Vec<Token>,
    /// What the model computed at the words that are kept.
    pub trace: Trace,
    /// The names of the classes.
    pub classes: Vec<String>,
    /// What a reader should know.
    pub note: Option<String>,
}

/// Traces `text` as the training data are read: with the start id in front, filled or cut to the model's length.
pub fn trace_text(
    model: &mut Sequential,
    dataset: &Dataset,
    config: &Config,
    text: &str,
) -> Result<TextTrace> {
    let Placed { tokens, ids, kept } = place_text(dataset, config, text)?;
    let mut trace = trace_ids(model, &ids)?;
    let count = kept.len();
    trace.cut(kept);
    let note = note(&tokens, count, config).or(trace.note.take());
    Ok(TextTrace { tokens, trace, classes: dataset.class_names.clone(), note })
}

/// A text as the model reads it.
pub(super) struct Placed {
    /// All words.
    pub tokens: Vec<Token>,
    /// What the model is given, `[maxlen]`.
    pub ids: Vec<u32>,
    /// Where in `ids` the words that are kept stand.
    pub kept: std::ops::Range<usize>,
}

/// `text` with the start id in front, filled or cut to the model's length.
pub(super) fn place_text(dataset: &Dataset, config: &Config, text: &str) -> Result<Placed> {
    let mut tokens = tokens_of(text, dataset, config.num_words);
    if tokens.is_empty() {
        return Err(Error::format("the text", "there is no word in it; type letters or digits"));
    }
    let mut sequence = vec![START];
    sequence.extend(tokens.iter().map(|token| token.id));
    let mut row = vec![0; config.maxlen];
    pad_into(&mut row, &sequence, config.padding);
    let ids: Vec<u32> = row.iter().map(|id| u32::from(*id)).collect();

    let read = sequence.len().min(config.maxlen);
    let first_read = match config.padding.truncating {
        Side::Pre => sequence.len() - read,
        Side::Post => 0,
    };
    let place = match config.padding.padding {
        Side::Pre => config.maxlen - read,
        Side::Post => 0,
    };
    // Token k is entry k + 1 of the sequence, behind the start.
    let kept = first_read.max(1)..first_read + read;
    for (k, token) in tokens.iter_mut().enumerate() {
        token.kept = kept.contains(&(k + 1));
    }
    if kept.is_empty() {
        return Err(Error::config("maxlen", "at least 2, for the start and one word", config.maxlen));
    }
    let kept = place + kept.start - first_read..place + kept.end - first_read;
    Ok(Placed { tokens, ids, kept })
}

fn tokens_of(text: &str, dataset: &Dataset, num_words: usize) -> Vec<Token> {
    let token = |(span, word): (std::ops::Range<usize>, String)| {
        let id = dataset.vocabulary.id(&word).map_or(UNKNOWN, |id| known(id, num_words));
        Token { text: text[span].to_owned(), id, known: id != UNKNOWN, kept: true }
    };
    word_spans(text).into_iter().zip(words(text)).map(token).collect()
}

fn note(tokens: &[Token], kept: usize, config: &Config) -> Option<String> {
    if tokens.iter().filter(|token| token.kept).all(|token| !token.known) {
        let note = "No word here is in the vocabulary, so the network reads each of them as “unknown”.";
        return Some(note.to_owned());
    }
    let end = match config.padding.truncating {
        Side::Pre => "last",
        Side::Post => "first",
    };
    let all = tokens.len();
    (kept < all).then(|| format!("Only the {end} {kept} of {all} words are read; the network takes no more."))
}
