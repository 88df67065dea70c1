//! What the model writes, and what of it is right.

use serde::{Deserialize, Serialize};

use super::{Session, character, fill_sources};
use crate::data::pairs::Pair;
use crate::model::encoder_decoder::{MARK, Written};
use crate::{Error, Result};

/// An answer that the model has written.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Answer {
    /// What was read.
    pub source: String,
    /// What should have been written; nothing where that is not known.
    pub expected: Option<String>,
    /// What was written, character by character, the mark of the end among them.
    pub written: Vec<WrittenCharacter>,
    /// Whether all of it is right; nothing where that is not known.
    pub is_right: Option<bool>,
    /// The attention weights, one row for each of `written`, one column for each character of the source; empty
    /// without attention.
    pub attention: Vec<f32>,
}

/// One character of an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct WrittenCharacter {
    /// The character; empty for the mark of the end.
    pub text: String,
    /// The probability that the model gave to it.
    pub probability: f32,
    /// Whether it is what should stand there; nothing where that is not known.
    pub is_right: Option<bool>,
}

/// How much of what is held out was right after an update.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Reached {
    /// Updates made by then.
    pub update: u64,
    /// The share of answers that were right from the first character to the last.
    pub right: f32,
}

impl Session {
    /// The pairs that no update is trained on.
    pub fn held_out(&self) -> &[Pair] {
        &self.held_out
    }

    /// The last answers to all of them, in their order.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// The update after which they were written, and the share of them that is right.
    pub fn standing(&self) -> Reached {
        let right = self.answers.iter().filter(|answer| answer.is_right == Some(true)).count();
        Reached { update: self.answered_at, right: right as f32 / self.answers.len().max(1) as f32 }
    }

    /// The shares that were right, since the start of the run.
    pub fn reached(&self) -> &[Reached] {
        &self.reached
    }

    /// Answers all that is held out, and notes how much was right.
    pub(super) fn judge(&mut self) -> Result<()> {
        self.answer_held_out()?;
        self.reached.push(self.standing());
        Ok(())
    }

    /// Answers all that is held out with the weights of now.
    ///
    /// # Errors
    /// None is known; those of the layers are passed on.
    pub fn answer_held_out(&mut self) -> Result<()> {
        let pairs = std::mem::take(&mut self.held_out);
        let written = self.written(pairs.iter().map(|pair| pair.source.as_str()));
        self.held_out = pairs;
        let characters = self.settings.task.answer_characters();
        let answers = self.held_out.iter().zip(written?);
        self.answers = answers
            .map(|(pair, written)| Answer::of(&pair.source, Some(&pair.answer), characters, written))
            .collect();
        self.answered_at = self.updates();
        Ok(())
    }

    /// The answer to a source of the reader's own.
    ///
    /// # Errors
    /// If it is empty, too long, or has a character that the model does not know.
    pub fn ask(&mut self, source: &str) -> Result<Answer> {
        self.check(source)?;
        let written = self.written([source].into_iter())?.into_iter().next().unwrap_or_default();
        let known = self.held_out.iter().find(|pair| pair.source == source).map(|pair| pair.answer.as_str());
        Ok(Answer::of(source, known, self.settings.task.answer_characters(), written))
    }

    /// Checks that the model can read `source`.
    pub(super) fn check(&self, source: &str) -> Result<()> {
        let task = self.settings.task;
        let (known, longest) = (task.source_characters(), task.longest().0);
        let length = source.chars().count();
        if length == 0 || length > longest {
            return Err(Error::value(
                "what is to be read",
                format!("1 to {longest} characters long"),
                length,
            ));
        }
        match source.chars().find(|c| !known.contains(*c)) {
            None => Ok(()),
            Some(c) => {
                let expected = format!("of the characters that it was trained on, {known:?}");
                Err(Error::value("what is to be read", expected, format!("{c:?}")))
            }
        }
    }

    fn written<'a>(&mut self, sources: impl ExactSizeIterator<Item = &'a str>) -> Result<Vec<Written>> {
        fill_sources(&mut self.model, self.settings.task, sources);
        self.model.write(self.settings.task.longest().1 + 1)
    }
}

impl Answer {
    fn of(source: &str, expected: Option<&str>, characters: &str, written: Written) -> Self {
        let columns = source.chars().count();
        let right: Option<Vec<char>> = expected.map(|expected| expected.chars().collect());
        let ids = written.ids.iter().zip(&written.probabilities).enumerate();
        let one = |(at, (id, probability)): (usize, (&u32, &f32))| {
            let found = character(characters, *id);
            let is_right = right.as_ref().map(|right| right.get(at).copied() == found && at <= right.len());
            let text = found.map(String::from).unwrap_or_default();
            WrittenCharacter { text, probability: *probability, is_right }
        };
        let all: Vec<WrittenCharacter> = ids.map(one).collect();
        let is_complete = written.ids.last() == Some(&MARK);
        let is_right = |_| is_complete && all.iter().all(|character| character.is_right == Some(true));
        Self {
            source: source.to_owned(),
            expected: expected.map(str::to_owned),
            is_right: expected.map(is_right),
            attention: written.attention.iter().flat_map(|row| row.iter().take(columns)).copied().collect(),
            written: all,
        }
    }

    /// What was written, without the mark of the end.
    pub fn text(&self) -> String {
        self.written.iter().map(|character| character.text.as_str()).collect()
    }
}
