//! Tokens that are made: lines in the place of shorter ones.

use super::lines::located;
use crate::listing::language::tokens::{Located, Token};

/// Tokens as a text has them, with spaces between them, and `parts` in the places of its `$`:
/// `np . where ( $ , $ , $ )`.
#[inline(never)]
pub(super) fn spelt(text: &'static str, like: &Located, parts: &[&[Located]]) -> Vec<Located> {
    let mut made = Vec::new();
    let mut parts = parts.iter();
    for word in text.split(' ') {
        let token = match word.as_bytes() {
            [b'$'] => {
                made.extend_from_slice(parts.next().copied().unwrap_or_default());
                continue;
            }
            [b'a'..=b'z' | b'A'..=b'Z' | b'_', ..] => Token::Name(word.into()),
            _ => Token::Sign(word),
        };
        made.push(located(token, like));
    }
    made
}

/// Values with commas behind them.
#[inline(never)]
pub(super) fn comma_separated(values: &[Vec<Located>], like: &Located) -> Vec<Located> {
    let mut made = Vec::new();
    for value in values {
        made.extend_from_slice(value);
        made.push(located(Token::Sign(","), like));
    }
    made.pop();
    made
}

/// A name as the value that it is.
pub(super) fn named(name: &str, like: &Located) -> Vec<Located> {
    vec![located(Token::Name(name.into()), like)]
}
