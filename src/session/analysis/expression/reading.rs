//! Names in a typed line: each becomes a name that a listing can have, and mistakes get their place in the line back.

use super::Known;
use crate::listing::{Diagnostic, Span, is_reserved};

/// What stands before the line in the listing that computes it.
pub(super) const BEFORE: &str = "    watched_result = ";
/// The name of its value.
pub(super) const RESULT: &str = "watched_result";

/// The names that can be read.
pub(super) struct Reading<'a> {
    layer: &'a str,
    known: &'a [Known],
    /// Recurrent layers that compute another number of timesteps.
    refused: &'a [String],
}

/// A line in names of a listing.
pub(super) struct Line {
    /// The line with other names.
    pub(super) text: String,
    /// The new names, each with the place of what it stands for among the known.
    pub(super) used: Vec<(String, usize)>,
    /// What was typed for each new name.
    typed: Vec<String>,
    /// For each character of `text`, and for its end, the character of the typed line.
    columns: Vec<usize>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(layer: &'a str, known: &'a [Known], refused: &'a [String]) -> Self {
        Self { layer, known, refused }
    }

    /// Replaces all names.
    ///
    /// # Errors
    /// Names that do not exist, with those that do.
    pub(super) fn line(&self, typed: &str) -> Result<Line, Vec<Diagnostic>> {
        let characters: Vec<char> = typed.chars().collect();
        if let Some(at) = characters.iter().position(|c| matches!(c, '\n' | '\r')) {
            return Err(vec![mistake(at, 1, "write one line".to_owned())]);
        }
        let mut line = Line { text: String::new(), used: vec![], typed: vec![], columns: vec![] };
        let mut mistakes = Vec::new();
        let mut at = 0;
        while at < characters.len() && characters[at] != '#' {
            let length = match self.layer_at(&characters, at) {
                Some((layer, length)) => self.take(&mut line, layer, &characters, at, length, &mut mistakes),
                None if starts_name(&characters, at) => {
                    let length = name_length(&characters[at..]);
                    self.take(&mut line, "", &characters, at, length, &mut mistakes)
                }
                None => 0,
            };
            if length == 0 {
                line.text.push(characters[at]);
                line.columns.push(at);
            }
            at += length.max(1);
        }
        line.columns.push(at);
        if mistakes.is_empty() { Ok(line) } else { Err(mistakes) }
    }

    /// `layer.name` at this place: the layer, and the length of both.
    fn layer_at(&self, characters: &[char], at: usize) -> Option<(&'a str, usize)> {
        if at > 0 && continues_name(characters[at - 1]) {
            return None;
        }
        let all = self.known.iter().map(|known| known.layer.as_str());
        let names = all.chain(self.refused.iter().map(String::as_str));
        let fits = |layer: &&str| {
            let path = layer.chars().chain(['.']);
            let length = layer.chars().count() + 1;
            characters.len() > at + length
                && path.eq(characters[at..at + length].iter().copied())
                && starts_name(characters, at + length)
        };
        let layer = names.filter(fits).max_by_key(|layer| layer.len())?;
        let before = layer.chars().count() + 1;
        Some((layer, before + name_length(&characters[at + before..])))
    }

    /// Takes a name over; returns 0 for words that are not names of values.
    fn take(
        &self,
        line: &mut Line,
        layer: &str,
        characters: &[char],
        at: usize,
        length: usize,
        mistakes: &mut Vec<Diagnostic>,
    ) -> usize {
        let typed: String = characters[at..at + length].iter().collect();
        let name = if layer.is_empty() { typed.as_str() } else { &typed[layer.len() + 1..] };
        let of = if layer.is_empty() { self.layer } else { layer };
        let next = characters[at + length..].iter().find(|c| **c != ' ');
        let is_value = !layer.is_empty() || !(is_reserved(name) || matches!(next, Some('(' | '=')));
        if !is_value || (at > 0 && characters[at - 1] == '.' && layer.is_empty()) {
            self.copy(line, characters, at, length);
            return length;
        }
        let Some(k) = self.known.iter().position(|known| known.layer == of && known.name == name) else {
            let followed = layer.is_empty() && next == Some(&'.');
            mistakes.push(mistake(at, length, self.unknown(of, name, followed)));
            return length;
        };
        let place = line.typed.iter().position(|known| *known == typed).unwrap_or_else(|| {
            line.used.push((format!("watched_{}_", line.used.len()), k));
            line.typed.push(typed.clone());
            line.typed.len() - 1
        });
        for (k, c) in line.used[place].0.clone().chars().enumerate() {
            line.text.push(c);
            line.columns.push(at + k.min(length - 1));
        }
        length
    }

    fn copy(&self, line: &mut Line, characters: &[char], at: usize, length: usize) {
        for (k, c) in characters[at..at + length].iter().enumerate() {
            line.text.push(*c);
            line.columns.push(at + k);
        }
    }

    /// What to do about a name that does not exist.
    fn unknown(&self, layer: &str, name: &str, followed_by_dot: bool) -> String {
        if self.refused.iter().any(|other| other == layer) {
            return format!("`{layer}` computes another number of timesteps than `{}`", self.layer);
        }
        let names: Vec<&str> =
            self.known.iter().filter(|known| known.layer == layer).map(|known| known.name.as_str()).collect();
        if followed_by_dot {
            let mut layers: Vec<&str> = self.known.iter().map(|known| known.layer.as_str()).collect();
            layers.dedup();
            return format!("there is no layer `{name}`; the recurrent layers are {}", layers.join(", "));
        }
        let near = names.iter().find(|known| known.eq_ignore_ascii_case(name));
        let all = names.join(", ");
        if let Some(near) = near {
            return format!("`{layer}` has no `{name}`; did you mean `{near}`?");
        }
        let kept: Vec<&str> = names.iter().copied().filter(|name| name.starts_with("d_")).collect();
        if name.starts_with("d_") {
            return format!(
                "the gradient `{name}` is not kept; of `{layer}` there are those of the states: {}",
                kept.join(", ")
            );
        }
        format!("`{layer}` has no `{name}`; its names are {all}")
    }
}

impl Line {
    /// Mistakes of the listing whose line `at` this is, as mistakes of the typed line.
    pub(super) fn in_line(&self, mistakes: Vec<Diagnostic>, at: usize) -> Vec<Diagnostic> {
        let column = |column: usize| {
            let k = column.saturating_sub(1 + BEFORE.len()).min(self.columns.len() - 1);
            self.columns[k]
        };
        mistakes
            .into_iter()
            .map(|found| {
                let (start, end) = (column(found.column), column(found.column + found.length));
                let mut message = self.with_typed_names(&found.message);
                // A bracket that is named with its place.
                for k in 0..self.columns.len() {
                    let inside = format!("line {at}, column {}", k + 1 + BEFORE.len());
                    message =
                        message.replace(&format!("{inside};"), &format!("column {};", self.columns[k] + 1));
                }
                mistake(start, end.saturating_sub(start), message)
            })
            .collect()
    }

    /// A mistake of the line as a whole.
    pub(super) fn about_all(&self, message: String) -> Diagnostic {
        mistake(0, self.columns.last().copied().unwrap_or(1), message)
    }

    fn with_typed_names(&self, message: &str) -> String {
        let pairs = self.used.iter().zip(&self.typed);
        pairs.fold(message.to_owned(), |message, ((name, _), typed)| message.replace(name.as_str(), typed))
    }
}

fn mistake(at: usize, length: usize, message: String) -> Diagnostic {
    Diagnostic::new(Span { line: 1, column: at + 1, length }, message)
}

fn continues_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether a name begins here.
fn starts_name(characters: &[char], at: usize) -> bool {
    let begins = characters.get(at).is_some_and(|c| c.is_ascii_alphabetic() || *c == '_');
    begins && (at == 0 || !continues_name(characters[at - 1]))
}

fn name_length(characters: &[char]) -> usize {
    characters.iter().take_while(|c| continues_name(**c)).count()
}
