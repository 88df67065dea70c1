//! Keras code and experiments: what people paste is read into a document, and a document is written as code.
//!
//! The text is not run: constants, layers, `compile` and `fit` are read where they stand, and what says nothing of the
//! model is passed over. Nothing that is pasted makes the reader panic.

mod calls;
mod classes;
mod data;
mod evaluate;
mod json;
mod known;
mod layers;
mod normal;
mod python;
mod reader;
pub mod script;
mod syntax;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))] // proptest is not there in the browser
mod tests;
mod tokens;
mod training;
mod write;

use std::fmt;

use serde::Serialize;

pub use write::code;

use super::Experiment;
use crate::Error;
use crate::error::readable;

/// A remark on a line of the code that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Note {
    /// The line, from 1.
    pub line: usize,
    /// What was made of it, in a sentence.
    pub text: String,
}

/// Why code cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what to write instead.
    pub text: String,
}

impl Mistake {
    fn new(line: usize, text: impl Into<String>) -> Self {
        Self { line, text: readable(&text.into()) }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.text)
    }
}

impl From<Mistake> for Error {
    fn from(mistake: Mistake) -> Self {
        Self::format("the code", mistake.to_string())
    }
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ReadCode {
    /// The experiment.
    pub experiment: Experiment,
    /// What was taken otherwise than it stands there, or left out.
    pub notes: Vec<Note>,
    /// The lines that say nothing of the model: imports, prints, plots.
    pub passed_over: Vec<usize>,
}

/// Longer texts are no code that a person pastes.
const LONGEST: usize = 400_000;

/// Reads Keras code, Keras' JSON of a model or a whole experiment document. Data and seed stay those of `start`; model,
/// `compile`, `fit` and the reading of the data are replaced as far as the text says.
///
/// # Errors
/// The first line that is about the model and cannot be taken, with what to write instead.
pub fn read(text: &str, start: &Experiment) -> Result<ReadCode, Mistake> {
    if text.len() > LONGEST {
        return Err(Mistake::new(1, "this text is too long; paste the lines of the model"));
    }
    if let Some(read) = json::read(text, start) {
        return read;
    }
    let mut reader = reader::Reader::default();
    reader.run(&tokens::statements(text))?;
    training::assemble(reader, start)
}
