//! Functions inside of the step, and values that are named inside of an expression.

use super::lines::{
    Function, called, function, is_sign, is_word, lambda, located, parameters, put, sign, word,
};
use super::made::{named, spelt};
use crate::listing::language::tokens::{Located, LogicalLine, Token};
use std::collections::HashSet;

/// So many values get a name inside of one line.
const MOST_NAMED: usize = 64;

/// Takes the functions out that a function defines; what they read of it becomes their first parameters.
pub(super) fn taken_out(outer: &mut Function) -> Vec<Function> {
    let mut found: Vec<Function> = Vec::new();
    let mut lines: Vec<LogicalLine> = Vec::new();
    let all = std::mem::take(&mut outer.body);
    let called: HashSet<String> = all.iter().flat_map(called).map(str::to_string).collect();
    let is_called = |line: &LogicalLine| word(line, 0).is_some_and(|name| called.contains(name));
    let mut rest = all.iter().cloned().peekable();
    while let Some(line) = rest.next() {
        if is_word(&line, 0, "def") {
            let indent = line.indent;
            let mut inner = function(line);
            while let Some(line) = rest.next_if(|line| line.joined || line.indent > indent) {
                inner.body.push(line);
            }
            found.push(inner);
        } else if let Some(inner) = lambda(&line).filter(|_| is_called(&line)) {
            found.push(inner);
        } else {
            lines.push(line);
        }
    }
    outer.body = lines;
    let mut known: HashSet<String> = parameters(&outer.head).into_iter().map(|(_, name)| name).collect();
    known.extend(outer.body.iter().flat_map(targets));
    for k in 0..found.len() {
        let (function, later) = found[k..].split_at_mut(1);
        let later = later.iter_mut().flat_map(|other| &mut other.body);
        closed(&mut function[0], &known, later.chain(&mut outer.body));
    }
    found
}

/// What a function reads of `known` becomes its first parameters, and is given where it is called.
pub(super) fn closed<'a>(
    function: &mut Function,
    known: &HashSet<String>,
    callers: impl Iterator<Item = &'a mut LogicalLine>,
) {
    let free = read_outside(function, known);
    if free.is_empty() {
        return;
    }
    insert(&mut function.head, 2, &free);
    for line in callers {
        for at in (0..line.tokens.len()).rev() {
            if word(line, at) == Some(&function.name) && is_sign(line, at + 1, "(") {
                insert(line, at + 1, &free);
            }
        }
    }
}

/// Puts parameters behind the others.
pub(super) fn at_the_end(head: &mut LogicalLine, names: &[String]) {
    let Some(close) = (0..head.tokens.len()).rev().find(|at| is_sign(head, *at, ")")) else { return };
    let like = head.tokens[close].clone();
    let tokens = names.iter().flat_map(|name| spelt(", $", &like, &[&named(name, &like)]));
    put(&mut head.tokens, close..close, tokens.collect());
}

/// The names that a line gives values.
fn targets(line: &LogicalLine) -> Vec<String> {
    let until = (0..line.tokens.len()).find(|at| is_sign(line, *at, "=")).unwrap_or(0);
    (0..until).filter_map(|at| word(line, at).map(str::to_string)).collect()
}

/// The names of `known` that a function reads and does not have itself.
pub(super) fn read_outside(inner: &Function, known: &HashSet<String>) -> Vec<String> {
    let mut own: HashSet<String> = parameters(&inner.head).into_iter().map(|(_, name)| name).collect();
    own.extend(inner.body.iter().flat_map(targets));
    let mut free: Vec<String> = Vec::new();
    for line in &inner.body {
        for at in 0..line.tokens.len() {
            let Some(name) = word(line, at).filter(|_| at == 0 || !is_sign(line, at - 1, ".")) else {
                continue;
            };
            if known.contains(name) && !own.contains(name) && !free.iter().any(|other| other == name) {
                free.push(name.to_string());
            }
        }
    }
    free
}

/// Puts names behind the bracket at a place.
fn insert(line: &mut LogicalLine, bracket: usize, names: &[String]) {
    let Some(like) = line.tokens.get(bracket).cloned() else { return };
    let comma = located(Token::Sign(","), &like);
    let mut tokens: Vec<Located> =
        names.iter().flat_map(|name| [located(Token::Name(name.clone()), &like), comma.clone()]).collect();
    if is_sign(line, bracket + 1, ")") {
        tokens.pop();
    }
    put(&mut line.tokens, bracket + 1..bracket + 1, tokens);
}

/// `h = np.tanh(z := a + b)` as the two lines that it is.
pub(super) fn named_inside(outer: &mut Function) {
    let mut lines = Vec::new();
    for mut line in std::mem::take(&mut outer.body) {
        let is_named = |line: &LogicalLine, at: usize| is_sign(line, at, ":=");
        for _ in 0..MOST_NAMED {
            let Some(at) = (1..line.tokens.len()).rev().find(|at| is_named(&line, *at)) else { break };
            let mut open = 0usize;
            let end = (at + 1..line.tokens.len()).find(|end| match sign(&line, *end) {
                Some("(" | "[") => {
                    open += 1;
                    false
                }
                Some(")" | "]") if open > 0 => {
                    open -= 1;
                    false
                }
                Some(")" | "]") => true,
                Some(",") => open == 0,
                _ => false,
            });
            let end = end.unwrap_or(line.tokens.len());
            let value: Vec<Located> = line.tokens.drain(at..end).skip(1).collect();
            let mut tokens = vec![line.tokens[at - 1].clone()];
            tokens.push(located(Token::Sign("="), &tokens[0]));
            tokens.extend(value);
            let above = std::mem::take(&mut line.above);
            let LogicalLine { indent, last_line, joined, .. } = line;
            lines.push(LogicalLine { indent, tokens, comment: None, above, last_line, joined });
            line.joined = true;
        }
        lines.push(line);
    }
    outer.body = lines;
}
