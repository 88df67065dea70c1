//! What a loop goes over of a dictionary that a function has made: `gates.items()`, `gates.values()`.

use super::bundles::{dictionary, key};
use super::lines::{is_sign, is_word, located, put, sign, word};
use super::made::{comma_separated, named, spelt};
use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// Writes the views of dictionaries as the tuples that they are; `written` are the lines before.
pub(super) fn written_out(tokens: &mut Vec<Located>, written: &[LogicalLine]) {
    for at in (0..tokens.len()).rev() {
        let line = LogicalLine::of(std::mem::take(tokens));
        let found = view(&line, at, written);
        *tokens = line.tokens;
        if let Some((range, made)) = found {
            put(tokens, range, made);
        }
    }
}

/// The view at a place: where it stands, and what it is.
fn view(
    line: &LogicalLine,
    at: usize,
    written: &[LogicalLine],
) -> Option<(std::ops::Range<usize>, Vec<Located>)> {
    let like = line.tokens.get(at)?;
    let name = word(line, at).filter(|_| at == 0 || !is_sign(line, at - 1, "."))?;
    let over = at > 0 && is_word(line, at - 1, "in");
    let kind = match word(line, at + 2) {
        Some(kind @ ("items" | "values" | "keys"))
            if is_sign(line, at + 1, ".") && is_sign(line, at + 3, "(") && is_sign(line, at + 4, ")") =>
        {
            kind
        }
        _ if over && matches!(sign(line, at + 1), Some(":" | ")" | "]" | "}") | None) => "",
        _ => return None,
    };
    let (keys, values) = entries(written, name, like)?;
    let made = match kind {
        "items" => spelt("zip ( [ $ ] , [ $ ] )", like, &[&keys, &values]),
        "values" => spelt("[ $ ]", like, &[&values]),
        _ => spelt("[ $ ]", like, &[&keys]),
    };
    Some((at..if kind.is_empty() { at + 1 } else { at + 5 }, made))
}

/// The keys of a dictionary that these lines make, in their order, and its values.
fn entries(written: &[LogicalLine], name: &str, like: &Located) -> Option<(Vec<Located>, Vec<Located>)> {
    let mut found: Vec<String> = Vec::new();
    for line in written {
        if let Some((_, entries)) = dictionary(line).filter(|(own, _)| own == name) {
            found = entries.into_iter().map(|(key, _)| key).collect();
        } else if let Some(key) =
            key(line, 0, name).filter(|key| is_sign(line, 4, "=") && !found.contains(key))
        {
            found.push(key);
        }
    }
    let keys: Vec<_> = found.into_iter().map(|key| vec![located(Token::Text(key), like)]).collect();
    let values: Vec<_> = keys.iter().map(|key| spelt("$ [ $ ]", like, &[&named(name, like), key])).collect();
    (!keys.is_empty()).then(|| (comma_separated(&keys, like), comma_separated(&values, like)))
}
