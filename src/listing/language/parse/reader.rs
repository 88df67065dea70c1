//! The tokens of one logical line and a position among them.

use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::functions::Dialect;
use crate::listing::language::tokens::{Located, LogicalLine, Token};
use crate::listing::language::tree::{Definition, Expression};

/// The tokens of one logical line, read from left to right.
pub(super) struct Reader<'a> {
    pub(super) tokens: &'a [Located],
    pub(super) at: usize,
    pub(super) dialect: Dialect,
    pub(super) helpers: &'a [Definition],
    pub(super) depth: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(line: &'a LogicalLine, dialect: Dialect, helpers: &'a [Definition]) -> Self {
        Self { tokens: &line.tokens, at: 0, dialect, helpers, depth: 0 }
    }

    /// Passes over a type hint: up to the comma, the `=`, the bracket or the colon behind it.
    pub(super) fn skip_hint(&mut self) {
        let mut open = 0usize;
        while self.peek().is_some() {
            match self.next_sign() {
                Some("," | "=" | ")" | ":") if open == 0 => return,
                Some("[" | "(") => open += 1,
                Some("]" | ")") => open = open.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Whether names and a `=` follow: `b = value` behind `a =`.
    pub(super) fn assigns_again(&self) -> bool {
        let mut at = self.at;
        loop {
            match self.tokens.get(at).map(|t| &t.token) {
                Some(Token::Name(_) | Token::Sign("," | "(" | ")")) => at += 1,
                Some(Token::Sign("=")) => return at > self.at,
                _ => return false,
            }
        }
    }

    /// The values of a line, in brackets or not, with commas between them.
    pub(super) fn values(&mut self) -> Result<Vec<Expression>, Diagnostic> {
        let all = self.tokens;
        let wrapped = self.wraps_everything();
        if wrapped {
            self.at += 1;
            self.tokens = &all[..all.len() - 1];
        }
        let mut values = Vec::new();
        while self.peek().is_some() {
            values.push(self.expression()?);
            if !self.take(",") {
                break;
            }
        }
        if wrapped && self.peek().is_none() {
            self.tokens = all;
            self.at += 1;
        }
        Ok(values)
    }

    /// Whether the bracket that opens here closes at the very end.
    pub(super) fn wraps_everything(&self) -> bool {
        let mut open = 0usize;
        for at in self.at..self.tokens.len() {
            match self.sign_at(at) {
                Some("(" | "[") => open += 1,
                Some(")" | "]") => open = open.saturating_sub(1),
                _ => {}
            }
            if open == 0 {
                return at + 1 == self.tokens.len() && at > self.at;
            }
        }
        false
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
