//! From text to tree: a recursive descent over logical lines that goes on after a mistake.
//!
//! Whatever is typed, the answer is a tree or a list of mistakes: nesting and size are limited, so the stack and the
//! time are too.

mod expression;
mod statement;
mod subscript;

pub(super) use subscript::whole;

use super::diagnostic::{Diagnostic, Span};
use super::functions::Dialect;
use super::syntax::Definition;
use super::token::{Located, LogicalLine, Token, tokenize};

/// The longest text that is read, in bytes; the longest listing of this project has 2,000.
pub const LONGEST_SOURCE: usize = 32 * 1024;
/// An adjoint repeats its listing and adds about twice as much.
const LONGEST_ADJOINT: usize = 8 * LONGEST_SOURCE;
/// How deep an expression may be nested.
pub(super) const DEEPEST_NESTING: usize = 64;
/// More mistakes than this help nobody.
const MOST_MISTAKES: usize = 20;
/// `x`, states and weights together.
const MOST_PARAMETERS: usize = 64;

/// Reads one function.
pub(super) fn parse(source: &str, dialect: Dialect) -> Result<Definition, Vec<Diagnostic>> {
    let longest = if dialect == Dialect::Step { LONGEST_SOURCE } else { LONGEST_ADJOINT };
    if source.len() > longest {
        let message = format!(
            "this text is too long: a listing may have {longest} bytes, this one has {}; keep one step function",
            source.len()
        );
        return Err(vec![Diagnostic::new(Span { line: 1, column: 1, length: 1 }, message)]);
    }
    let (lines, mistakes) = tokenize(source);
    let mut parser = statement::Body::new(dialect, mistakes);
    let definition = parser.definition(&lines, source);
    let mut mistakes = parser.mistakes;
    mistakes.sort_by_key(|m| (m.line, m.column));
    mistakes.dedup_by_key(|m| (m.line, m.column));
    mistakes.truncate(MOST_MISTAKES);
    match definition {
        Some(definition) if mistakes.is_empty() => Ok(definition),
        _ => Err(mistakes),
    }
}

/// The tokens of one logical line, read from left to right.
pub(super) struct Reader<'a> {
    tokens: &'a [Located],
    at: usize,
    dialect: Dialect,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn new(line: &'a LogicalLine, dialect: Dialect) -> Self {
        Self { tokens: &line.tokens, at: 0, dialect, depth: 0 }
    }

    fn peek(&self) -> Option<&'a Located> {
        self.tokens.get(self.at)
    }

    fn next_sign(&self) -> Option<&'static str> {
        self.sign_at(self.at)
    }

    fn sign_at(&self, at: usize) -> Option<&'static str> {
        match self.tokens.get(at)?.token {
            Token::Sign(sign) => Some(sign),
            _ => None,
        }
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = self.next_sign() == Some(sign);
        self.at += usize::from(found);
        found
    }

    /// Where the next token stands, or just behind the last one.
    fn here(&self) -> Span {
        match (self.peek(), self.tokens.last()) {
            (Some(next), _) => next.span,
            (None, Some(last)) => {
                Span { line: last.span.line, column: last.span.column + last.span.length, length: 1 }
            }
            (None, None) => Span { line: 1, column: 1, length: 1 },
        }
    }

    /// The token before the next one.
    fn before(&self) -> Span {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(self.here(), |t| t.span)
    }

    fn found(&self) -> String {
        self.peek().map_or("the end of the line".to_string(), |t| t.token.shown(&t.text))
    }

    fn expected(&self, what: &str) -> Diagnostic {
        Diagnostic::new(self.here(), format!("expected {what}, found {}", self.found()))
    }

    fn expect(&mut self, sign: &str, after: &str) -> Result<Span, Diagnostic> {
        let span = self.here();
        if self.take(sign) { Ok(span) } else { Err(self.expected(&format!("`{sign}` {after}"))) }
    }

    fn name(&mut self) -> Option<(&'a str, Span)> {
        match self.peek() {
            Some(Located { token: Token::Name(name), span, .. }) => {
                self.at += 1;
                Some((name, *span))
            }
            _ => None,
        }
    }
}
