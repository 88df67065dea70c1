//! Functions inside of the step, values that are named inside of an expression, and conditions that are decided when
//! the text is read.

use super::lines::{Function, called, function, lambda, located, one_line, parameters, sign, word};
use crate::listing::language::tokens::{Located, LogicalLine, Token};
use std::collections::HashSet;

/// So many values get a name inside of one line.
const MOST_NAMED: usize = 64;

/// Takes the functions out that a function defines; what they read of it becomes their first parameters.
pub(super) fn taken_out(outer: &mut Function) -> Vec<Function> {
    let mut found: Vec<Function> = Vec::new();
    let mut lines: Vec<LogicalLine> = Vec::new();
    let all = std::mem::take(&mut outer.body);
    let called: HashSet<&str> = all.iter().flat_map(called).collect();
    let is_called = |line: &LogicalLine| word(line, 0).is_some_and(|name| called.contains(name));
    let mut rest = all.iter().cloned().peekable();
    while let Some(line) = rest.next() {
        if word(&line, 0) == Some("def") {
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
        let free = read_outside(&found[k], &known);
        let name = found[k].name.clone();
        insert(&mut found[k].head, 2, &free);
        let later = found[k + 1..].iter_mut().flat_map(|other| &mut other.body);
        for line in later.chain(&mut outer.body) {
            for at in (0..line.tokens.len()).rev() {
                if word(line, at) == Some(&name) && sign(line, at + 1) == Some("(") {
                    insert(line, at + 1, &free);
                }
            }
        }
    }
    found
}

/// The names that a line gives values.
fn targets(line: &LogicalLine) -> Vec<String> {
    let until = (0..line.tokens.len()).find(|at| sign(line, *at) == Some("=")).unwrap_or(0);
    (0..until).filter_map(|at| word(line, at).map(str::to_string)).collect()
}

/// The names of `known` that a function reads and does not have itself.
fn read_outside(inner: &Function, known: &HashSet<String>) -> Vec<String> {
    let mut own: HashSet<String> = parameters(&inner.head).into_iter().map(|(_, name)| name).collect();
    own.extend(inner.body.iter().flat_map(targets));
    let mut free: Vec<String> = Vec::new();
    for line in &inner.body {
        for at in 0..line.tokens.len() {
            let Some(name) = word(line, at).filter(|_| at == 0 || sign(line, at - 1) != Some(".")) else {
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
    if sign(line, bracket + 1) == Some(")") {
        tokens.pop();
    }
    line.tokens.splice(bracket + 1..bracket + 1, tokens);
}

/// `h = np.tanh(z := a + b)` as the two lines that it is.
pub(super) fn named_inside(outer: &mut Function) {
    let mut lines = Vec::new();
    for mut line in std::mem::take(&mut outer.body) {
        let is_named = |line: &LogicalLine, at: usize| sign(line, at) == Some(":=");
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

/// Leaves out what conditions on given numbers exclude, `if use_bias:`, `if b is not None:`, and what only complains.
pub(super) fn decided(outer: &mut Function, is_step: bool) {
    let head = outer.head.clone();
    let mut lines = Vec::new();
    let mut rest = std::mem::take(&mut outer.body).into_iter().peekable();
    // The condition before an `elif` or `else`: whether it holds, if that is known.
    let mut before: Option<bool> = None;
    while let Some(mut line) = rest.next() {
        let kind = word(&line, 0).filter(|word| matches!(*word, "if" | "elif" | "else")).map(str::to_string);
        let Some(kind) = kind.filter(|kind| kind == "if" || before.is_some()) else {
            before = None;
            lines.push(line);
            continue;
        };
        let written = line.clone();
        let behind = one_line(&mut line);
        let condition = &line.tokens[1..line.tokens.len().saturating_sub(1).max(1)];
        let holds = match (kind.as_str(), before) {
            ("else", Some(before)) => Some(!before),
            ("elif", Some(true)) => Some(false),
            _ => holds(condition, &head, is_step),
        };
        let indent = line.indent;
        let one = behind.is_some();
        let mut block: Vec<LogicalLine> = behind.into_iter().collect();
        while let Some(line) = rest.next_if(|line| line.joined || line.indent > indent) {
            block.push(line);
        }
        let complains = !block.is_empty()
            && block.iter().all(|line| matches!(word(line, 0), Some("raise" | "print" | "assert" | "pass")));
        match holds {
            Some(true) => lines.extend(block.into_iter().map(|line| LogicalLine { indent, ..line })),
            Some(false) => {}
            None if complains => {}
            None if one => lines.push(written),
            None => {
                lines.push(written);
                lines.append(&mut block);
            }
        }
        before = match (before, holds) {
            (Some(true), Some(false)) if kind == "elif" => Some(true),
            _ => holds,
        };
    }
    outer.body = lines;
}

/// Whether a condition holds, if the head of the function tells.
fn holds(condition: &[Located], head: &LogicalLine, is_step: bool) -> Option<bool> {
    let name = |at: usize| match &condition.get(at)?.token {
        Token::Name(name) => Some(name.as_str()),
        _ => None,
    };
    let is_parameter = |name: &str| is_step && parameters(head).iter().any(|(_, known)| known == name);
    match (condition.len(), name(0)?) {
        (1, "True") => Some(true),
        (1, "False") => Some(false),
        (1, flag) => {
            let at = (2..head.tokens.len()).find(|at| word(head, *at) == Some(flag))?;
            let value = (at..at + 4).find(|at| sign(head, *at) == Some("="))? + 1;
            match word(head, value)? {
                "True" => Some(true),
                "False" => Some(false),
                _ => None,
            }
        }
        (_, "not") => holds(&condition[1..], head, is_step).map(|holds| !holds),
        // Every parameter of a step is given.
        (3, given) if name(1) == Some("is") && name(2) == Some("None") => {
            is_parameter(given).then_some(false)
        }
        (4, given) if (name(1), name(2), name(3)) == (Some("is"), Some("not"), Some("None")) => {
            is_parameter(given).then_some(true)
        }
        _ if is_step => compared(condition, &parameters(head).first()?.1),
        _ => None,
    }
}

/// Whether `x.ndim == 1` or `len(x.shape) == 1` holds: a step reads one sample, which is a vector.
fn compared(condition: &[Located], input: &str) -> Option<bool> {
    let text: Vec<&str> = condition.iter().map(|token| token.text.as_str()).collect();
    let (sign, axes) = match text.as_slice() {
        [of, ".", "ndim", sign, axes] if *of == input => (*sign, axes),
        ["len", "(", of, ".", "shape", ")", sign, axes] if *of == input => (*sign, axes),
        _ => return None,
    };
    let axes: usize = axes.parse().ok()?;
    Some(match sign {
        "==" => axes == 1,
        "!=" => axes != 1,
        "<" => 1 < axes,
        ">" => 1 > axes,
        "<=" => 1 <= axes,
        ">=" => 1 >= axes,
        _ => return None,
    })
}
