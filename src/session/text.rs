//! A reader's own text through the model in training.

use serde::Serialize;

use crate::data::tokenizer::{SHOWN_UNKNOWN, shown_words, word_spans};
use crate::data::vocabulary::{START, UNKNOWN};
use crate::data::{Dataset, Side, pad_into};
use crate::experiment::{Experiment, Reading, Words};
use crate::model::Sequential;
use crate::trace::{Trace, trace_ids};
use crate::{Error, Result};

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
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

/// How the experiment reads a text of words.
///
/// # Errors
/// If it reads something else.
pub(super) fn words_of(experiment: &Experiment) -> Result<&Words> {
    match &experiment.data.reading {
        Reading::Words(words) => Ok(words),
        _ => {
            let problem = format!("`{}` does not read texts word by word", experiment.title);
            Err(Error::format("the experiment", problem))
        }
    }
}

/// Traces `text` as the training data are read: with the start id in front, filled or cut to the model's length.
pub fn trace_text(
    model: &mut Sequential,
    dataset: &Dataset,
    reading: &Words,
    text: &str,
) -> Result<TextTrace> {
    let Placed { tokens, ids, kept, .. } = place_text(dataset, reading, text)?;
    let mut trace = trace_ids(model, &ids)?;
    let count = kept.len();
    trace.cut(kept);
    let note = note(&tokens, count, reading).or(trace.note.take());
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
    /// How many timesteps only fill the sequence up.
    #[cfg_attr(not(feature = "analysis"), expect(dead_code))]
    pub padding: usize,
}

/// `text` with the start id in front if that is read, filled or cut to the model's length.
pub(super) fn place_text(dataset: &Dataset, reading: &Words, text: &str) -> Result<Placed> {
    let tokens = tokens_of(text, dataset, reading);
    if tokens.is_empty() {
        return Err(Error::format("the text", "there is no word in it; type letters or digits"));
    }
    place_tokens(tokens, reading)
}

/// The same for words with their ids.
pub(super) fn place_tokens(mut tokens: Vec<Token>, reading: &Words) -> Result<Placed> {
    let start = usize::from(reading.start);
    let mut sequence = vec![START; start];
    // Which token each id behind the start belongs to: unknown words may be left out.
    let read: Vec<usize> = (0..tokens.len()).filter(|k| reading.read_as(tokens[*k].id).is_some()).collect();
    sequence.extend(read.iter().map(|k| tokens[*k].id));
    let mut row = vec![0; reading.maxlen];
    pad_into(&mut row, &sequence, reading.padding());
    let ids: Vec<u32> = row.iter().map(|id| u32::from(*id)).collect();

    let length = sequence.len().min(reading.maxlen);
    let first_read = match reading.truncating {
        Side::Pre => sequence.len() - length,
        Side::Post => 0,
    };
    let place = match reading.padding {
        Side::Pre => reading.maxlen - length,
        Side::Post => 0,
    };
    let kept = first_read.max(start)..first_read + length;
    tokens.iter_mut().for_each(|token| token.kept = false);
    for (k, token) in read.iter().enumerate() {
        tokens[*token].kept = kept.contains(&(k + start));
    }
    if read.is_empty() {
        let problem = "no word in it is in the vocabulary, and the experiment leaves such words out";
        return Err(Error::format("the text", problem));
    }
    if kept.is_empty() {
        let expected = "at least 2, for the start and one word";
        return Err(Error::config("data.reading.maxlen", expected, reading.maxlen));
    }
    let kept = place + kept.start - first_read..place + kept.end - first_read;
    let padding = reading.maxlen - length;
    Ok(Placed { tokens, ids, kept, padding })
}

fn tokens_of(text: &str, dataset: &Dataset, reading: &Words) -> Vec<Token> {
    let token = |(span, word): (std::ops::Range<usize>, String)| {
        let id_of =
            |word: &str| dataset.vocabulary.id(word).filter(|id| usize::from(*id) < reading.num_words);
        let id = id_of(&word).or_else(|| plain(&word).iter().find_map(|word| id_of(word)));
        let id = id.unwrap_or(UNKNOWN);
        let text = if word == SHOWN_UNKNOWN { word } else { text[span].to_owned() };
        Token { text, id, known: id != UNKNOWN, kept: true }
    };
    word_spans(text).into_iter().zip(shown_words(text)).map(token).collect()
}

/// What a keyboard with typographic signs means by a word, `don’t` and `“boring”`: with the apostrophe of the data, and
/// without quotation marks around it. The words of the data stay what Keras makes of them.
fn plain(word: &str) -> [String; 2] {
    const QUOTES: [char; 6] = ['“', '”', '„', '«', '»', '\''];
    let typed = |c: char| if matches!(c, '’' | '‘' | 'ʼ') { '\'' } else { c };
    let plain: String = word.chars().map(typed).collect();
    let bare = plain.trim_matches(QUOTES).to_owned();
    [plain, bare]
}

/// What a reader should know of a text of which `kept` words are read.
pub(super) fn note(tokens: &[Token], kept: usize, reading: &Words) -> Option<String> {
    if tokens.iter().filter(|token| token.kept).all(|token| !token.known) {
        let note = "No word here is in the vocabulary, so the network reads each of them as “unknown”.";
        return Some(note.to_owned());
    }
    let end = match reading.truncating {
        Side::Pre => "last",
        Side::Post => "first",
    };
    let all = tokens.iter().filter(|token| reading.oov || token.known).count();
    (kept < all).then(|| format!("Reads only the {end} {kept} words ({} skipped).", all - kept))
}
