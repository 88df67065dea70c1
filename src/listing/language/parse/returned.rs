//! What stands behind `return`: states as they are, in brackets or in a dictionary, with what is kept for the way back.

use super::reader::Reader;
use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::tokens::Token;
use crate::listing::language::tree::Expression;

/// The values and where they stand.
pub(super) struct Returned(pub(super) Vec<Expression>, pub(super) Span);

/// `return h, c`, `return (h, c)`, `return y, [h, c]`, `return {"h": h}` and `return h, cache`: a group that holds the
/// `input`, and a dictionary beside other values, is a cache.
pub(super) fn returned(mut reader: Reader, input: &str) -> Result<Returned, Diagnostic> {
    let start = reader.here();
    let all = reader.tokens;
    reader.at += 1;
    if reader.wraps_everything() {
        reader.at += 1;
        reader.tokens = &all[..all.len() - 1];
    }
    let (mut values, mut states) = (Vec::new(), None);
    while reader.peek().is_some() {
        let from = reader.at;
        let close = reader.closing();
        let whole = from == 1 && close.is_some_and(|close| close + 1 == all.len());
        let group = close.filter(|close| {
            matches!(reader.sign_at(close + 1), Some(",")) || close + 1 == reader.tokens.len()
        });
        match (reader.next_sign(), group) {
            (Some("{"), Some(close)) if whole => values = entries(&mut reader, close, ":")?,
            (Some("{"), Some(close)) => reader.at = close + 1,
            (Some("(" | "["), Some(close))
                if reader.holds(close, &Token::Sign(",")) || reader.next_sign() == Some("[") =>
            {
                if reader.holds(close, &Token::Name(input.into())) {
                    reader.at = close + 1;
                } else {
                    let mut inner = Reader { tokens: &reader.tokens[..=close], ..reader };
                    states = Some(inner.values()?);
                    reader.at = inner.at;
                }
            }
            _ if reader.peek().is_some_and(|t| t.text == "dict") && reader.sign_at(from + 1) == Some("(") => {
                reader.at += 1;
                let close = reader.closing().unwrap_or(from + 1);
                values = entries(&mut reader, close, "=")?;
            }
            _ => values.push(reader.expression()?),
        }
        if !reader.take(",") {
            break;
        }
    }
    if reader.peek().is_some() {
        return Err(reader.expected("a comma or the end of the line"));
    }
    let values = states.unwrap_or(values);
    if values.is_empty() {
        return Err(Diagnostic::new(start, "return needs the new states: return h"));
    }
    Ok(Returned(values, start.to(all.last().map_or(start, |last| last.span))))
}

/// The values of a dictionary; its names say nothing.
fn entries(reader: &mut Reader, close: usize, sign: &str) -> Result<Vec<Expression>, Diagnostic> {
    reader.at += 1;
    let mut values = Vec::new();
    while reader.at < close {
        reader.at += 1;
        reader.expect(sign, "and a value behind the name")?;
        values.push(reader.expression()?);
        if !reader.take(",") {
            break;
        }
    }
    reader.at = reader.at.max(close) + 1;
    Ok(values)
}

impl Reader<'_> {
    /// The place of the bracket that closes the one here.
    fn closing(&self) -> Option<usize> {
        let mut open = 0usize;
        for at in self.at..self.tokens.len() {
            match self.sign_at(at) {
                Some("(" | "[" | "{") => open += 1,
                Some(")" | "]" | "}") => open = open.saturating_sub(1),
                _ => {}
            }
            if open == 0 {
                return (at > self.at).then_some(at);
            }
        }
        None
    }

    /// Whether something stands between here and `close`, in this bracket itself.
    fn holds(&self, close: usize, wanted: &Token) -> bool {
        let mut open = 0usize;
        (self.at..close).any(|at| {
            match self.sign_at(at) {
                Some("(" | "[" | "{") => open += 1,
                Some(")" | "]" | "}") => open = open.saturating_sub(1),
                _ => {}
            }
            open == 1 && self.tokens[at].token == *wanted
        })
    }
}
