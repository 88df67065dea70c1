//! What a loop goes over of a dictionary that a function has made: `gates.items()`, `gates.values()`, `sorted(gates)`.

use super::bundles::{dictionary, key};
use super::lines::{closing, located, put, sign, word};
use crate::listing::language::tokens::{Located, LogicalLine, Token};

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
            let head = [Token::Name("a".into()), Token::Sign("=")].map(|token| located(token, like));
            let whole = [&head[..], &line.tokens[at..=end]].concat();
            (end, dictionary(&LogicalLine { tokens: whole, ..LogicalLine::default() })?.1)
        }
        _ => {
            let name = word(line, at).filter(|_| at == 0 || sign(line, at - 1) != Some("."))?;
            (at, entries(written, name, like))
        }
    };
    if entries.is_empty() {
        return None;
    }
    let called = |at: usize| {
        let calls = sign(line, at + 1) == Some(".") && sign(line, at + 3) == Some("(");
        word(line, at + 2).filter(|_| calls && sign(line, at + 4) == Some(")"))
    };
    let is_sorted = at > 1 && word(line, at - 2) == Some("sorted") && sign(line, at - 1) == Some("(");
    let is_over = at > 0 && word(line, at - 1) == Some("in");
    let (kind, end) = match called(end) {
        Some(kind @ ("items" | "values" | "keys")) => (kind, end + 5),
        Some(_) => return None,
        None if is_sorted || is_over => ("keys", end + 1),
        None => return None,
    };
    let sorted = is_sorted && kind == "keys" && sign(line, end) == Some(")");
    let ends = matches!(sign(line, end), Some(":" | ")" | "]" | "}" | ",")) || end >= line.tokens.len();
    if !ends {
        return None;
    }
    let mut keys: Vec<Vec<Located>> =
        entries.iter().map(|(key, _)| vec![located(Token::Text(key.clone()), like)]).collect();
    if sorted {
        keys.sort_by(|a, b| text(a).cmp(text(b)));
    }
    let values: Vec<Vec<Located>> = entries.into_iter().map(|(_, value)| value).collect();
    let made = match kind {
        "items" => {
            let zip = [located(Token::Name("zip".into()), like), located(Token::Sign("("), like)];
            let comma = [located(Token::Sign(","), like)];
            let end = [located(Token::Sign(")"), like)];
            [&zip[..], &tuple(&keys, like), &comma, &tuple(&values, like), &end].concat()
        }
        "values" => tuple(&values, like),
        _ => tuple(&keys, like),
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
        } else if let Some(key) = key(line, 0, name).filter(|_| sign(line, 4) == Some("="))
            && !found.contains(&key)
        {
            found.push(key);
        }
    }
    let value = |key: String| {
        let tokens = [Token::Name(name.into()), Token::Sign("["), Token::Text(key.clone()), Token::Sign("]")];
        (key, tokens.map(|token| located(token, like)).to_vec())
    };
    found.into_iter().map(value).collect()
}

/// `[a, b]`
fn tuple(all: &[Vec<Located>], like: &Located) -> Vec<Located> {
    let sign = |sign| located(Token::Sign(sign), like);
    let inside: Vec<Located> = all.iter().flat_map(|one| [one.clone(), vec![sign(",")]].concat()).collect();
    [vec![sign("[")], inside, vec![sign("]")]].concat()
}
