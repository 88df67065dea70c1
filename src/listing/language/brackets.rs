//! The brackets that stand open at a place of a text.

use super::diagnostics::{Diagnostic, Span};

/// How deep an expression may be nested.
pub(super) const DEEPEST_NESTING: usize = 64;

pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = format!(
        "this expression is nested more than {DEEPEST_NESTING} deep; give a part of it a name on a line of its own"
    );
    Diagnostic::new(span, message)
}

/// The brackets that stand open, each with its place.
#[derive(Default)]
pub(super) struct Brackets {
    open: Vec<(char, Span)>,
    /// Whether it has been said that there are too many.
    is_too_deep: bool,
}

impl Brackets {
    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    pub(super) fn open(&mut self, bracket: char, span: Span) {
        self.open.push((bracket, span));
    }

    /// Closes the last one; what is wrong with that.
    pub(super) fn close(&mut self, bracket: char, span: Span) -> Option<Diagnostic> {
        let wanted = |open: char| match open {
            '(' => ')',
            '[' => ']',
            _ => '}',
        };
        let message = match self.open.pop() {
            Some((open, _)) if wanted(open) == bracket => return None,
            Some((open, at)) => format!(
                "`{bracket}` does not close the `{open}` of line {}, column {}; write `{}` here",
                at.line,
                at.column,
                wanted(open)
            ),
            None => format!("`{bracket}` closes nothing; remove it or open it before"),
        };
        Some(Diagnostic::new(span, message))
    }

    /// Whether what stands at a place lies too deep, and what to say of it if that has not been said.
    pub(super) fn too_deep(&mut self, span: Span) -> (bool, Option<Diagnostic>) {
        let is_too_deep = self.open.len() > DEEPEST_NESTING;
        let news = is_too_deep && !std::mem::replace(&mut self.is_too_deep, true);
        (is_too_deep, news.then(|| too_deep(span)))
    }

    /// At the end of the text: where one is still open, and what to say of it.
    pub(super) fn left_open(&self) -> Option<(Span, Diagnostic)> {
        let (bracket, span) = self.open.first()?;
        let message = format!("`{bracket}` is never closed; add the closing bracket");
        Some((*span, Diagnostic::new(*span, message)))
    }
}
