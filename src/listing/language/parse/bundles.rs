//! Several values under one name: tuples that are read like lists, and dictionaries whose values are read under their
//! keys. `gates["i"]` is called `gates_i`, and what is only kept for the way back stays as it is.

use super::blocks::targets;
use super::constants::{Constants, Known};
use super::lines::{Function, is_sign, is_word, items, located, put, reads, sign, unwrapped, word};
use super::made::{named, spelt};
use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// Writes tuples as lists where they are read like lists, and `a, b = [c], [d]` as two lines.
pub(super) fn lists(function: &mut Function) {
    let mut lines: Vec<LogicalLine> = Vec::new();
    for line in std::mem::take(&mut function.body) {
        lines.extend(apart(&line).unwrap_or_else(|| vec![line]));
    }
    for at in 0..lines.len() {
        let Some((name, values)) = tuple(&lines[at]) else { continue };
        // `return h, cache` only hands it on.
        let is_read = |line: &LogicalLine| {
            let hands_on = is_word(line, 0, "return")
                && super::lines::values(&line.tokens[1..]).iter().all(|value| {
                    value.len() == 1 || value.iter().all(|t| t.token != Token::Name(name.clone()))
                });
            !hands_on && !is_word(line, 0, "self") && targets(line) != [name.clone()]
        };
        let mut others = lines[at + 1..].iter().filter(|line| is_read(line));
        if !others.any(|line| reads(line, &name)) && !is_state(&lines[at + 1..], &name) {
            continue;
        }
        let like = lines[at].tokens[0].clone();
        lines[at].tokens = spelt("$ [ $ ]", &like, &[&lines[at].tokens[..2], &values]);
    }
    function.body = lines;
}

/// Whether a tuple that is returned holds the states: its name says so.
fn is_state(lines: &[LogicalLine], name: &str) -> bool {
    let says = ["state", "hidden", "carry"].iter().any(|word| name.contains(word));
    says && lines.iter().any(|line| is_word(line, 0, "return") && reads(line, name))
}

/// The name and the values of `name = (a, b)` or `name = a, b`.
fn tuple(line: &LogicalLine) -> Option<(String, Vec<Located>)> {
    let name = word(line, 0).filter(|_| is_sign(line, 1, "="))?;
    let values = line.tokens.get(2..)?;
    let is_wrapped = is_sign(line, 2, "(") && unwrapped(values).is_some();
    let inside = if is_wrapped { unwrapped(values)? } else { values };
    let is_assignment = inside
        .iter()
        .any(|token| token.token == Token::Sign("=") || token.token == Token::Name("for".into()));
    (items(inside).len() > 1 && !is_assignment).then(|| (name.to_string(), inside.to_vec()))
}

/// `a, b = [c, d], [e]` as `a = [c, d]` and `b = [e]`.
fn apart(line: &LogicalLine) -> Option<Vec<LogicalLine>> {
    let equals = (0..line.tokens.len()).find(|at| is_sign(line, *at, "="))?;
    let (names, values) = (items(&line.tokens[..equals]), items(&line.tokens[equals + 1..]));
    if names.len() < 2 || names.len() != values.len() {
        return None;
    }
    let is_list = |value: &Vec<Located>| {
        let inside = unwrapped(value).unwrap_or_default();
        value[0].token == Token::Sign("[") && !inside.is_empty() || items(inside).len() > 1
    };
    // `(a, b), t = state, 1`, where no value reads what a line before it has changed.
    let groups = names.iter().any(|name| unwrapped(name).is_some())
        && (1..values.len()).all(|k| {
            let is_new = |token: &Located| names[..k].iter().flatten().any(|t| t.token == token.token);
            values[k].iter().all(|token| !matches!(token.token, Token::Name(_)) || !is_new(token))
        });
    if !groups && !values.iter().all(is_list) {
        return None;
    }
    let made = names.into_iter().zip(values).enumerate().map(|(k, (name, value))| {
        let equals = located(Token::Sign("="), &name[0]);
        LogicalLine { joined: line.joined || k > 0, ..line.with([name, vec![equals], value].concat()) }
    });
    Some(made.collect())
}

/// Writes dictionaries out whose values are read under their keys; of others only the name is left, as of all that is
/// kept for the way back.
pub(super) fn dictionaries(function: &mut Function) {
    let names: Vec<String> =
        function.body.iter().filter_map(|line| dictionary(line).map(|(name, _)| name)).collect();
    for name in names {
        let member = |line: &LogicalLine, at: usize| key(line, at, &name);
        let is_target = |line: &LogicalLine, at: usize| {
            let equals = (0..line.tokens.len()).find(|at| is_sign(line, *at, "=")).unwrap_or(0);
            at < equals
        };
        let is_read = function
            .body
            .iter()
            .any(|line| (0..line.tokens.len()).any(|at| member(line, at).is_some() && !is_target(line, at)));
        let mut lines: Vec<LogicalLine> = Vec::new();
        for mut line in std::mem::take(&mut function.body) {
            if let Some((_, entries)) = dictionary(&line).filter(|(own, _)| *own == name) {
                let like = line.tokens[0].clone();
                let tokens = spelt("$ = { }", &like, &[&named(&name, &like)]);
                for (key, value) in entries.into_iter().filter(|_| is_read) {
                    let own = spelt("$ = $", &like, &[&named(&called(&name, &key), &like), &value]);
                    lines.push(line.with(own));
                    line.joined = true;
                    line.above = vec![];
                }
                line.tokens = tokens;
                lines.push(line);
                continue;
            }
            let starts = member(&line, 0).is_some();
            if starts && !is_read {
                continue;
            }
            let mut at = 0;
            while at < line.tokens.len() {
                if let Some(key) = member(&line, at) {
                    let own = located(Token::Name(called(&name, &key)), &line.tokens[at]);
                    put(&mut line.tokens, at..at + 4, vec![own]);
                }
                at += 1;
            }
            lines.push(line);
        }
        function.body = lines;
    }
}

fn called(name: &str, key: &str) -> String {
    let key: String = key.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    format!("{name}_{key}")
}

/// The key in `name["key"]` at a place.
pub(super) fn key(line: &LogicalLine, at: usize, name: &str) -> Option<String> {
    let is_own = word(line, at) == Some(name) && (at == 0 || !is_sign(line, at - 1, "."));
    match (&line.tokens.get(at + 2)?.token, sign(line, at + 1), sign(line, at + 3)) {
        (Token::Text(key), Some("["), Some("]")) if is_own => Some(key.clone()),
        _ => None,
    }
}

/// The name and the entries of `name = {"key": value}` or `name = dict(key=value)`.
#[allow(clippy::type_complexity)]
pub(super) fn dictionary(line: &LogicalLine) -> Option<(String, Vec<(String, Vec<Located>)>)> {
    let name = word(line, 0).filter(|_| is_sign(line, 1, "="))?;
    let opens = if is_word(line, 2, "dict") { 3 } else { 2 };
    let (open, close) = if opens == 3 { ("(", ")") } else { ("{", "}") };
    let last = line.tokens.len().checked_sub(1)?;
    if sign(line, opens) != Some(open) || sign(line, last) != Some(close) || last <= opens {
        return None;
    }
    let mut entries = Vec::new();
    for entry in items(&line.tokens[opens + 1..last]) {
        match entry.as_slice() {
            [key, by, value @ ..] if !value.is_empty() => match (&key.token, &by.token) {
                (Token::Text(key), Token::Sign(":")) | (Token::Name(key), Token::Sign("=")) => {
                    entries.push((key.clone(), value.to_vec()));
                }
                _ => return Some((name.to_string(), vec![])),
            },
            _ => return Some((name.to_string(), vec![])),
        }
    }
    Some((name.to_string(), entries))
}

/// Puts texts together that are known: `"W_" + "i"`, and `f"W_{gate}"`.
pub(super) fn texts(tokens: &mut Vec<Located>, constants: &Constants) {
    let mut at = 0;
    while at < tokens.len() {
        let is_format = matches!(&tokens[at].token, Token::Name(name) if name == "f" || name == "F");
        if let (true, Some(Token::Text(text))) = (is_format, tokens.get(at + 1).map(|next| &next.token))
            && let Some(text) = formatted(text, constants)
        {
            let made = Located { token: Token::Text(text), ..tokens[at + 1].clone() };
            put(tokens, at..at + 2, vec![made]);
        }
        if let [
            Located { token: Token::Text(a), .. },
            Located { token: Token::Sign("+"), .. },
            Located { token: Token::Text(b), .. },
        ] = &tokens[at.saturating_sub(2)..=at]
        {
            let made = Located { token: Token::Text(format!("{a}{b}")), ..tokens[at].clone() };
            put(tokens, at - 2..at + 1, vec![made]);
            at -= 2;
        }
        at += 1;
    }
}

/// A text with what is known in the place of `{name}`.
fn formatted(text: &str, constants: &Constants) -> Option<String> {
    let mut made = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, behind) = behind.split_once('}')?;
        made.push_str(before);
        match constants.names.get(name.trim())? {
            Known::Text(text) => made.push_str(text),
            Known::Number(number) => made.push_str(&number.to_string()),
            _ => return None,
        }
        rest = behind;
    }
    made.push_str(rest);
    Some(made)
}
