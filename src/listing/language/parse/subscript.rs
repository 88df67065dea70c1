//! Subscripts: the contents of square brackets.

use super::expression::Parsed;
use super::reader::Reader;
use crate::listing::language::diagnostics::Diagnostic;
use crate::listing::language::functions::Dialect;
use crate::listing::language::tree::{Expression, ExpressionKind, Subscript};

impl Reader<'_> {
    /// The contents of square brackets; the opening one has been consumed.
    pub(super) fn subscripts(&mut self) -> Parsed<Vec<Subscript>> {
        let mut parts = Vec::new();
        loop {
            let start = if self.next_sign() == Some(":") { None } else { Some(self.bound()?) };
            if self.take(":") {
                let end = match self.next_sign() {
                    Some("]" | ",") => None,
                    Some(":") => {
                        return Err(Diagnostic::new(self.here(), "a slice has no step; write a[1:3]"));
                    }
                    _ => Some(self.bound()?),
                };
                if self.next_sign() == Some(":") {
                    return Err(Diagnostic::new(self.here(), "a slice has no step; write a[1:3]"));
                }
                parts.push(Subscript::Range(start, end));
            } else if let Some(start) = start {
                match whole(&start) {
                    Some(index) => parts.push(Subscript::Index(index)),
                    None => {
                        return Err(Diagnostic::new(start.span, "an index must be a whole number: a[0]"));
                    }
                }
            }
            if !self.take(",") {
                break;
            }
        }
        self.expect("]", "to close the index")?;
        Ok(parts)
    }

    fn bound(&mut self) -> Parsed<Expression> {
        let (bound, _) = self.binary(0)?;
        if self.dialect != Dialect::Adjoint && whole(&bound).is_none() {
            let message = "an index or the end of a slice must be a whole number; \
                           np.split(a, n) cuts an array into n equal parts";
            return Err(Diagnostic::new(bound.span, message));
        }
        Ok(bound)
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
