//! What a loop goes over of a dictionary that a function has made: `gates.items()`, `gates.values()`, `sorted(gates)`.

use super::bundles::{dictionary, key};
use super::lines::{closing, is_sign, is_word, located, put, sign, word};
use super::made::{comma_separated, named, spelt};
use crate::listing::language::tokens::{Located, LogicalLine, Token};
use crate::ordering::sort_by;

/// The entries of one dictionary: its keys, and what stands for their values.
type Entries = Vec<(String, Vec<Located>)>;

/// Writes the views of dictionaries as the tuples that they are; `written` are the lines before.
pub(super) fn written_out(tokens: &mut Vec<Located>, written: &[LogicalLine]) {
    for at in (0..tokens.len()).rev() {
        let line = LogicalLine { tokens: std::mem::take(tokens), ..LogicalLine::default() };
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
    let (end, entries) = match sign(line, at) {
        Some("{") => {
            let end = closing(&line.tokens, at)?;
            let tokens = spelt("a = $", like, &[&line.tokens[at..=end]]);
            (end, dictionary(&LogicalLine { tokens, ..LogicalLine::default() })?.1)
        }
        _ => {
            let name = word(line, at).filter(|_| at == 0 || !is_sign(line, at - 1, "."))?;
            (at, entries(written, name, like))
        }
    };
    if entries.is_empty() {
        return None;
    }
    let called = |at: usize| {
        let calls = is_sign(line, at + 1, ".") && is_sign(line, at + 3, "(");
        word(line, at + 2).filter(|_| calls && is_sign(line, at + 4, ")"))
    };
    let is_sorted = at > 1 && is_word(line, at - 2, "sorted") && is_sign(line, at - 1, "(");
    let is_over = at > 0 && is_word(line, at - 1, "in");
    let (kind, end) = match called(end) {
        Some(kind @ ("items" | "values" | "keys")) => (kind, end + 5),
        Some(_) => return None,
        None if is_sorted || is_over => ("keys", end + 1),
        None => return None,
    };
    let sorted = is_sorted && kind == "keys" && is_sign(line, end, ")");
    let ends = matches!(sign(line, end), Some(":" | ")" | "]" | "}" | ",")) || end >= line.tokens.len();
    if !ends {
        return None;
    }
    let mut keys: Vec<Vec<Located>> = Vec::new();
    let mut values: Vec<Vec<Located>> = Vec::new();
    for (key, value) in entries {
        keys.push(vec![located(Token::Text(key), like)]);
        values.push(value);
    }
    if sorted {
        sort_by(&mut keys, |a, b| text(a).cmp(text(b)));
    }
    let (keys, values) = (comma_separated(&keys, like), comma_separated(&values, like));
    let made = match kind {
        "items" => spelt("zip ( [ $ ] , [ $ ] )", like, &[&keys, &values]),
        "values" => spelt("[ $ ]", like, &[&values]),
        _ => spelt("[ $ ]", like, &[&keys]),
    };
    Some((if sorted { (at - 2)..(end + 1) } else { at..end }, made))
}

fn text(key: &[Located]) -> &str {
    match key.first().map(|token| &token.token) {
        Some(Token::Text(text)) => text,
        _ => "",
    }
}

/// The entries of a dictionary that these lines make, in their order.
fn entries(written: &[LogicalLine], name: &str, like: &Located) -> Entries {
    let mut found: Vec<String> = Vec::new();
    for line in written {
        if let Some((_, entries)) = dictionary(line).filter(|(own, _)| own == name) {
            found = entries.into_iter().map(|(key, _)| key).collect();
        } else if let Some(key) = key(line, 0, name).filter(|_| is_sign(line, 4, "="))
            && !found.contains(&key)
        {
            found.push(key);
        }
    }
    let value = |key: String| {
        let own = [located(Token::Text(key.clone()), like)];
        (key, spelt("$ [ $ ]", like, &[&named(name, like), &own]))
    };
    found.into_iter().map(value).collect()
}
