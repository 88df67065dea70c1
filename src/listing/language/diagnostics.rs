//! What is wrong with a text, where, and what would work.

use serde::Serialize;
use std::fmt;

/// A place in a text: line and column count from 1, column and length in characters.
///
/// A place that runs over several lines ends with its first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Span {
    /// The line, from 1.
    pub line: usize,
    /// The first character, from 1.
    pub column: usize,
    /// How many characters, at least 1.
    pub length: usize,
}

impl Span {
    /// From the start of `self` to the end of `other`; if `other` ends on a later line, `self` alone.
    pub fn to(self, other: Self) -> Self {
        if other.line != self.line || other.column < self.column {
            return self;
        }
        Self { length: (other.column + other.length).saturating_sub(self.column).max(self.length), ..self }
    }
}

/// One mistake in a listing: where it is, and a sentence that says what would work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Diagnostic {
    /// The line, from 1.
    pub line: usize,
    /// The first character, from 1.
    pub column: usize,
    /// How many characters are meant, at least 1.
    pub length: usize,
    /// The sentence.
    pub message: String,
}

/// Characters that are shown behind a mistake: a line may be as long as any file.
const SHOWN_BEHIND: usize = 200;

impl Diagnostic {
    /// A mistake at `span`.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        let Span { line, column, length } = span;
        Self { line, column, length: length.max(1), message: message.into() }
    }

    /// The sentence with the line of `source` it is about, and carets below the place.
    pub fn render(&self, source: &str) -> String {
        let line = source.lines().nth(self.line.saturating_sub(1)).unwrap_or("");
        let length = self.column.saturating_add(self.length).saturating_add(SHOWN_BEHIND);
        let shown: String = line.chars().take(length).map(|c| if c == '\t' { ' ' } else { c }).collect();
        let carets = self.length.min((shown.chars().count() + 1).saturating_sub(self.column - 1)).max(1);
        let number = self.line.to_string();
        format!(
            "{self}\n{number} | {shown}\n{pad} | {indent}{mark}",
            pad = " ".repeat(number.len()),
            indent = " ".repeat(self.column - 1),
            mark = "^".repeat(carets),
        )
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for Diagnostic {}
