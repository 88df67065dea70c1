//! Subscripts: the contents of square brackets.

use super::expression::Parsed;
use super::reader::Reader;
use crate::listing::language::diagnostics::Diagnostic;
use crate::listing::language::tokens::Token;
use crate::listing::language::tree::{Expression, ExpressionKind, Subscript};

/// The largest step of a slice.
const LARGEST_STEP: i64 = 64;

impl Reader<'_> {
    /// The contents of square brackets; the opening one has been consumed.
    pub(super) fn subscripts(&mut self) -> Parsed<Vec<Subscript>> {
        let (mut parts, start) = (Vec::new(), self.at);
        // `a[()]` is all of `a`, which is one number.
        if self.take("(") {
            if self.take(")") && self.take("]") {
                return Ok(parts);
            }
            self.at = start;
        }
        loop {
            if self.new_axis() {
                parts.push(Subscript::NewAxis);
            } else {
                parts.push(self.subscript()?);
            }
            if !self.take(",") || self.next_sign() == Some("]") {
                break;
            }
        }
        self.expect("]", "to close the index")?;
        Ok(parts)
    }

    fn subscript(&mut self) -> Parsed<Subscript> {
        let start = if self.next_sign() == Some(":") { None } else { Some(self.expression()?) };
        if self.take(":") {
            let end = match self.next_sign() {
                Some("]" | "," | ":") => None,
                _ => Some(self.expression()?),
            };
            if !self.take(":") || matches!(self.next_sign(), Some("]" | ",")) {
                return Ok(Subscript::Range(start, end));
            }
            let step = self.expression()?;
            return match whole(&step) {
                Some(1) => Ok(Subscript::Range(start, end)),
                Some(by) if by != 0 && by.abs() <= LARGEST_STEP => Ok(Subscript::Stepped(start, end, by)),
                _ => {
                    let message =
                        format!("the step of a slice is a whole number up to {LARGEST_STEP}: a[::2]");
                    Err(Diagnostic::new(step.span, message))
                }
            };
        }
        let Some(index) = start else { return Err(self.expected("an index")) };
        match whole(&index) {
            Some(index) => Ok(Subscript::Index(index)),
            None => Err(Diagnostic::new(
                index.span,
                "an index must be a whole number: a[0]; numbers that a condition chooses are np.where(a > 0, a, b)",
            )),
        }
    }

    /// `None` or `np.newaxis`, which is consumed.
    fn new_axis(&mut self) -> bool {
        let name = |at: usize| match self.tokens.get(at).map(|t| &t.token) {
            Some(Token::Name(name)) => name.as_str(),
            _ => "",
        };
        let is = |at: usize, word: &str| name(at) == word;
        let length = if is(self.at, "None") || is(self.at, "newaxis") {
            1
        } else if is(self.at, "np") && self.sign_at(self.at + 1) == Some(".") && is(self.at + 2, "newaxis") {
            3
        } else {
            return false;
        };
        self.at += length;
        true
    }
}

/// The whole number that an expression writes, `-1` included.
pub(in crate::listing) fn whole(expression: &Expression) -> Option<i64> {
    match &expression.kind {
        ExpressionKind::Number(value) if value.fract() == 0.0 && value.abs() < 1e6 => Some(*value as i64),
        ExpressionKind::Negate(inner) => match inner.kind {
            ExpressionKind::Number(_) => whole(inner).map(|v| -v),
            _ => None,
        },
        _ => None,
    }
}
