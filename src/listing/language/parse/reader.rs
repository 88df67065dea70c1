//! The tokens of one logical line and a position among them.

use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::functions::Dialect;
use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// How deep an expression may be nested.
pub(super) const DEEPEST_NESTING: usize = 64;

/// The tokens of one logical line, read from left to right.
pub(super) struct Reader<'a> {
    pub(super) tokens: &'a [Located],
    pub(super) at: usize,
    pub(super) dialect: Dialect,
    pub(super) depth: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(line: &'a LogicalLine, dialect: Dialect) -> Self {
        Self { tokens: &line.tokens, at: 0, dialect, depth: 0 }
    }

    pub(super) fn peek(&self) -> Option<&'a Located> {
        self.tokens.get(self.at)
    }

    pub(super) fn next_sign(&self) -> Option<&'static str> {
        self.sign_at(self.at)
    }

    pub(super) fn sign_at(&self, at: usize) -> Option<&'static str> {
        match self.tokens.get(at)?.token {
            Token::Sign(sign) => Some(sign),
            _ => None,
        }
    }

    pub(super) fn take(&mut self, sign: &str) -> bool {
        let found = self.next_sign() == Some(sign);
        self.at += usize::from(found);
        found
    }

    /// The span of the next token, or the position after the last one.
    pub(super) fn here(&self) -> Span {
        match (self.peek(), self.tokens.last()) {
            (Some(next), _) => next.span,
            (None, Some(last)) => {
                Span { line: last.span.line, column: last.span.column + last.span.length, length: 1 }
            }
            (None, None) => Span { line: 1, column: 1, length: 1 },
        }
    }

    /// The token before the next one.
    pub(super) fn before(&self) -> Span {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(self.here(), |t| t.span)
    }

    pub(super) fn found(&self) -> String {
        self.peek().map_or("the end of the line".to_string(), |t| t.token.shown(&t.text))
    }

    pub(super) fn expected(&self, what: &str) -> Diagnostic {
        Diagnostic::new(self.here(), format!("expected {what}, found {}", self.found()))
    }

    pub(super) fn expect(&mut self, sign: &str, after: &str) -> Result<Span, Diagnostic> {
        let span = self.here();
        if self.take(sign) { Ok(span) } else { Err(self.expected(&format!("`{sign}` {after}"))) }
    }

    pub(super) fn name(&mut self) -> Option<(&'a str, Span)> {
        match self.peek() {
            Some(Located { token: Token::Name(name), span, .. }) => {
                self.at += 1;
                Some((name, *span))
            }
            _ => None,
        }
    }
}
