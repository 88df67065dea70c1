//! Texts, word by word, and what becomes of each word.

use serde::Serialize;

use super::{Appearance, Names, Received, TimestepRole};
use crate::data::Side;
use crate::data::vocabulary::{START, UNKNOWN, Unit};
use crate::experiment::Words;

/// A word or a character of a sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SampleToken {
    /// The word as the data set has it.
    pub text: String,
    /// Its id in the data set.
    pub id: u32,
    /// What it is for the network.
    pub is: TokenKind,
    /// What becomes of it.
    pub place: Place,
    /// The timestep at which the network reads it; nothing if it does not.
    pub timestep: Option<usize>,
}

/// What a word is for the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// The start of a text.
    Start,
    /// A word with an id of its own.
    Known,
    /// A word outside of `num_words`.
    Unknown,
}

/// What becomes of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The network reads it.
    Read,
    /// The text is longer than `maxlen`, and its beginning is cut off.
    CutBefore,
    /// The text is longer than `maxlen`, and its end is cut off.
    CutAfter,
    /// Words of this kind are left out before the text is cut.
    LeftOut,
}

/// A text as [`Words`] reads it: marks its words, and what stands at each timestep of `received`.
pub(super) fn of_words(words: &Words, ids: &[u16], names: &Names, received: &mut Received) -> Appearance {
    let skipped = usize::from(!words.start && ids.first() == Some(&START));
    let is_read = |k: &usize| *k >= skipped && words.read_as(ids[*k]).is_some();
    let read: Vec<usize> = (0..ids.len()).filter(is_read).collect();
    let length = read.len().min(words.maxlen);
    let first = match words.truncating {
        Side::Pre => read.len() - length,
        Side::Post => 0,
    };
    let shift = match words.padding {
        Side::Pre => words.maxlen - length,
        Side::Post => 0,
    };
    let mut tokens: Vec<SampleToken> = ids
        .iter()
        .map(|id| SampleToken { is: kind(*id, words.num_words), ..token(u32::from(*id), names) })
        .collect();
    for (k, at) in read.iter().enumerate() {
        tokens[*at].place = match k {
            k if k < first => Place::CutBefore,
            k if k >= first + length => Place::CutAfter,
            _ => Place::Read,
        };
        tokens[*at].timestep = (tokens[*at].place == Place::Read).then(|| k - first + shift);
    }
    mark(received, &tokens);
    Appearance::Text { tokens, characters: false }
}

/// A text whose ids are read as plain numbers, zeros behind.
pub(super) fn of_numbers(ids: &[u16], names: &Names, received: &mut Received) -> Appearance {
    let read = |(t, id): (usize, &u16)| SampleToken {
        is: kind(*id, usize::MAX),
        place: Place::Read,
        timestep: Some(t),
        ..token(u32::from(*id), names)
    };
    let tokens: Vec<SampleToken> = ids.iter().enumerate().map(read).collect();
    mark(received, &tokens);
    Appearance::Text { tokens, characters: false }
}

/// A window of a long text, all of which is read.
pub(super) fn of_window(received: &Received, names: &Names) -> Appearance {
    let characters = names.vocabulary().is_some_and(|vocabulary| vocabulary.unit() == Unit::Character);
    let read =
        |(t, id): (usize, &u32)| SampleToken { place: Place::Read, timestep: Some(t), ..token(*id, names) };
    Appearance::Text { tokens: received.ids.iter().enumerate().map(read).collect(), characters }
}

/// A word that is not read.
fn token(id: u32, names: &Names) -> SampleToken {
    SampleToken { text: names.id(id), id, is: TokenKind::Known, place: Place::LeftOut, timestep: None }
}

fn kind(id: u16, num_words: usize) -> TokenKind {
    match id {
        START => TokenKind::Start,
        id if id == UNKNOWN || usize::from(id) >= num_words => TokenKind::Unknown,
        _ => TokenKind::Known,
    }
}

/// Says of each timestep what stands there; one that no word has is padding unless it is masked.
fn mark(received: &mut Received, tokens: &[SampleToken]) {
    let mut kinds = vec![None; received.roles.len()];
    for token in tokens {
        if let Some(kind) = token.timestep.and_then(|t| kinds.get_mut(t)) {
            *kind = Some(token.is);
        }
    }
    for (role, kind) in received.roles.iter_mut().zip(kinds) {
        *role = match (*role, kind) {
            (TimestepRole::Masked, _) => TimestepRole::Masked,
            (_, None) => TimestepRole::Padding,
            (_, Some(TokenKind::Start)) => TimestepRole::Start,
            (_, Some(TokenKind::Unknown)) => TimestepRole::Unknown,
            (_, Some(TokenKind::Known)) => TimestepRole::Value,
        };
    }
}
