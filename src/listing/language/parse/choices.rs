//! Conditions on sizes and numbers as choices: both branches are computed, and each name takes the value of the branch
//! that holds. `if n > 2: z = z / n` is `z = z / n if n > 2 else z`.

use super::blocks::{Branch, targets};
use super::constants::Constants;
use super::flow::{End, Flow};
use super::lines::{is_sign, located, sign, values, word};
use super::loops::conditional;
use super::made::{named, spelt};
use crate::listing::language::tokens::{Located, LogicalLine, Token};
use crate::listing::language::tree::Binary;

/// What a branch calls the values that it computes.
const ENDINGS: [&str; 4] = ["if", "elif", "elif_2", "elif_3"];
/// What is said where one condition returns inside of another one that may not.
const RETURNS: &str = "this condition returns in one case inside of it and goes on in another; let it return in every \
                       case, or choose between two values with np.where(a > 0, a, b)";
/// A condition has so many branches.
const MOST_BRANCHES: usize = 8;

/// The lines of one branch with names of their own, and what each name of the function is at its end.
struct Computed {
    condition: Option<Vec<Located>>,
    values: Vec<(String, Vec<Located>)>,
}

impl Flow<'_> {
    /// Writes a choice between branches of which the first has a condition that is not known.
    pub(super) fn chosen(
        &mut self,
        head: &LogicalLine,
        branches: Vec<Branch>,
        constants: &mut Constants,
        written: &mut Vec<LogicalLine>,
    ) -> End {
        chosen(self, head, branches, constants, written)
    }
}

fn chosen(
    flow: &mut Flow,
    head: &LogicalLine,
    branches: Vec<Branch>,
    constants: &mut Constants,
    written: &mut Vec<LogicalLine>,
) -> End {
    let like = head.tokens[0].clone();
    if branches.len() > MOST_BRANCHES {
        flow.mistake(head, "a condition has eight branches at most, and this one has more");
        return End::Next;
    }
    let last_is_open = branches.last().is_some_and(|branch| branch.condition.is_some());
    let mut all: Vec<Computed> = Vec::new();
    let mut returned = 0;
    for (k, branch) in branches.into_iter().enumerate() {
        let mut own = constants.clone();
        let mut lines = Vec::new();
        // What is returned above comes first, whatever this branch says; a branch without a condition says it.
        let above = branch.condition.is_some().then(|| std::mem::take(&mut flow.later));
        let known = flow.later.len();
        let end = flow.block(&branch.lines, &mut own, &mut lines);
        let returns_inside = flow.later.len() > known;
        flow.later = above.unwrap_or(std::mem::take(&mut flow.later));
        let condition = branch.condition.map(|condition| condition_of(&condition));
        match end {
            End::Next if !returns_inside || (condition.is_none() && k == returned) => {}
            End::Return if k == returned => {
                returned += 1;
                let Some(condition) = condition else {
                    // Every branch returns.
                    written.extend(lines);
                    return End::Return;
                };
                let Some(line) = lines.pop() else { return End::Next };
                let renamed = computed(flow, None, lines, k, written);
                let values = values(&line.tokens[1..]);
                let values: Vec<_> = values.into_iter().map(|value| renamed.read(&value)).collect();
                // Names may change before the end of the function.
                let condition = kept(flow, head, ("holds", condition), written);
                let values = values.into_iter().map(|value| kept(flow, head, ("returned", value), written));
                let values = values.collect();
                flow.later.push((condition, values));
                continue;
            }
            End::Next => {
                flow.mistake(head, RETURNS);
                return End::Next;
            }
            _ => {
                flow.leaves(head);
                return End::Next;
            }
        }
        all.push(computed(flow, condition, lines, k, written));
    }
    if let [Computed { condition: None, values }] = all.as_slice() {
        for (name, value) in values {
            written.push(line_of(flow, head, name, value.clone()));
        }
        return End::Next;
    }
    let mut names: Vec<String> = Vec::new();
    for (name, _) in all.iter().flat_map(|branch| &branch.values) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    // A condition that reads what changes is computed before anything does.
    for branch in &mut all {
        let Some(condition) = branch.condition.as_mut().filter(|_| names.len() > 1) else { continue };
        if condition.iter().any(|token| matches!(&token.token, Token::Name(name) if names.contains(name))) {
            let name = fresh(flow, "holds");
            written.push(line_of(flow, head, &name, std::mem::take(condition)));
            *condition = named(&name, &like);
        }
    }
    for name in names {
        let before = flow.names.contains(&name).then(|| named(&name, &like));
        let mut value: Option<Vec<Located>> = before.clone().filter(|_| last_is_open);
        for branch in all.iter().rev() {
            let own = branch.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
            let Some(own) = own.or_else(|| before.clone()) else { continue };
            value = Some(match (&branch.condition, value) {
                (Some(condition), Some(other)) => conditional(condition, &own, &other),
                _ => own,
            });
        }
        constants.names.remove(&name);
        if let Some(value) = value {
            written.push(line_of(flow, head, &name, value));
            if !flow.names.contains(&name) {
                flow.names.push(name);
            }
        }
    }
    End::Next
}

/// A value under a name of its own, so that it stays what it is here.
fn kept(
    flow: &mut Flow,
    head: &LogicalLine,
    (wanted, value): (&str, Vec<Located>),
    written: &mut Vec<LogicalLine>,
) -> Vec<Located> {
    let name = fresh(flow, wanted);
    written.push(line_of(flow, head, &name, value));
    named(&name, &head.tokens[0])
}

impl Computed {
    /// Tokens with the names of the branch.
    fn read(&self, tokens: &[Located]) -> Vec<Located> {
        renamed(tokens, &self.values)
    }
}

/// Writes the lines of a branch under names of its own.
fn computed(
    flow: &mut Flow,
    condition: Option<Vec<Located>>,
    lines: Vec<LogicalLine>,
    branch: usize,
    written: &mut Vec<LogicalLine>,
) -> Computed {
    let is_else = condition.is_none() && branch > 0;
    let ending = if is_else { "else" } else { ENDINGS[branch.min(ENDINGS.len() - 1)] };
    let mut values: Vec<(String, Vec<Located>)> = Vec::new();
    // One value that nothing in the branch reads again needs no name.
    if let [line] = lines.as_slice()
        && let (Some(name), Some("=")) = (word(line, 0), sign(line, 1))
        && targets(line).len() == 1
    {
        let value = bracketed(&line.tokens[2..]);
        return Computed { condition, values: vec![(name.to_string(), value)] };
    }
    for mut line in lines {
        let assigned = targets(&line);
        let Some(like) = line.tokens.first().cloned() else { continue };
        if assigned.is_empty() {
            continue;
        }
        let grows = sign(&line, 1).and_then(Binary::augmented).is_some();
        let is_part = is_sign(&line, 1, "[") && word(&line, 0).is_some();
        let first = assigned[0].clone();
        let old = values.iter().find(|(name, _)| *name == first).map(|(_, value)| value.clone());
        let equals = (0..line.tokens.len())
            .rev()
            .find(|at| sign(&line, *at).is_some_and(|sign| sign == "=" || Binary::augmented(sign).is_some()));
        let Some(equals) = equals else { continue };
        let value = renamed(&line.tokens[equals + 1..], &values);
        let by = line.tokens[equals].clone();
        let mut tokens: Vec<Located>;
        if grows && !is_part {
            // `z += a` makes a new array here.
            let operation = sign_before(&by).unwrap_or("+");
            let name = own_name(flow, &mut values, &first, ending, &like);
            let before = old.unwrap_or_else(|| named(&first, &like));
            let by = [located(Token::Sign(operation), &like)];
            tokens = spelt("$ = $ $ $", &like, &[&named(&name, &like), &before, &by, &bracketed(&value)]);
        } else if is_part {
            if old.is_none() {
                let name = own_name(flow, &mut values, &first, ending, &like);
                let copy = [
                    Token::Name(name),
                    Token::Sign("="),
                    Token::Name(first),
                    Token::Sign("*"),
                    Token::Number(1.0),
                ];
                let copy = copy.into_iter().map(|token| located(token, &like)).collect();
                written.push(LogicalLine {
                    tokens: copy,
                    joined: true,
                    above: vec![],
                    comment: None,
                    ..line.clone()
                });
            }
            tokens = renamed(&line.tokens[..equals], &values);
            tokens.push(by);
            tokens.extend(value);
        } else {
            for name in &assigned {
                own_name(flow, &mut values, name, ending, &like);
            }
            tokens = renamed(&line.tokens[..equals], &values);
            tokens.push(by);
            tokens.extend(value);
        }
        line.tokens = tokens;
        line.indent = flow.base();
        written.push(line);
    }
    Computed { condition, values }
}

/// The name that a branch has for the value of a name.
fn own_name(
    flow: &mut Flow,
    values: &mut Vec<(String, Vec<Located>)>,
    name: &str,
    ending: &str,
    like: &Located,
) -> String {
    let known = values.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    if let Some(Token::Name(own)) = known.as_ref().and_then(|value| value.first()).map(|token| &token.token) {
        return own.clone();
    }
    let own = fresh(flow, &format!("{name}_{ending}"));
    values.push((name.to_string(), named(&own, like)));
    own
}

fn fresh(flow: &mut Flow, wanted: &str) -> String {
    let mut name = wanted.to_string();
    while flow.names.contains(&name) {
        name.push('_');
    }
    flow.names.push(name.clone());
    name
}

/// Tokens with other names; not those behind a dot, and not those of options.
fn renamed(tokens: &[Located], values: &[(String, Vec<Located>)]) -> Vec<Located> {
    let is = |at: usize, sign: &str| tokens.get(at).is_some_and(|token| token.token == Token::Sign(of(sign)));
    let mut made = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let stands = match &token.token {
            Token::Name(name) if at == 0 || !(is(at - 1, ".") || is(at + 1, "=")) => {
                values.iter().find(|(known, _)| known == name)
            }
            _ => None,
        };
        match stands {
            Some((_, value)) => made.extend(value.iter().map(|t| Located { span: token.span, ..t.clone() })),
            None => made.push(token.clone()),
        }
    }
    made
}

fn of(sign: &str) -> &'static str {
    if sign == "." { "." } else { "=" }
}

/// The operation of `+=`.
fn sign_before(by: &Located) -> Option<&'static str> {
    let Token::Sign(by) = by.token else { return None };
    ["+", "-", "*", "/", "@", "**", "%", "//"].into_iter().find(|sign| by.strip_suffix('=') == Some(sign))
}

fn line_of(flow: &Flow, head: &LogicalLine, name: &str, value: Vec<Located>) -> LogicalLine {
    let like = &head.tokens[0];
    let tokens = spelt("$ = $", like, &[&named(name, like), &value]);
    LogicalLine {
        indent: flow.base(),
        tokens,
        comment: None,
        above: vec![],
        last_line: head.last_line,
        joined: false,
    }
}

/// A condition with `and`, `or` and `not` written as numbers.
fn condition_of(condition: &[Located]) -> Vec<Located> {
    let Some(like) = condition.first() else { return vec![] };
    let sign = |sign: &'static str| located(Token::Sign(sign), like);
    for (word, between) in [("or", "+"), ("and", "*")] {
        let parts = super::constants::split_at_word(condition, word);
        if parts.len() < 2 {
            continue;
        }
        let mut made = vec![sign("(")];
        for (k, part) in parts.into_iter().enumerate() {
            if k > 0 {
                made.push(sign(between));
            }
            made.push(located(Token::Number(1.0), like));
            made.push(sign("*"));
            made.extend(bracketed(&condition_of(part)));
        }
        made.push(sign(")"));
        made.extend([sign(">"), located(Token::Number(0.0), like)]);
        return bracketed(&made);
    }
    if word_is(like, "not") {
        let mut made = vec![located(Token::Number(1.0), like), sign("-")];
        made.extend(bracketed(&condition_of(&condition[1..])));
        return bracketed(&made);
    }
    condition.to_vec()
}

fn word_is(token: &Located, word: &str) -> bool {
    matches!(&token.token, Token::Name(name) if name == word)
}

/// Tokens in brackets, unless they are one.
fn bracketed(tokens: &[Located]) -> Vec<Located> {
    super::loops::bracketed(tokens)
}
