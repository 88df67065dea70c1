//! The functions of a text: the step, and the helpers beside it.
//!
//! Imports name numpy, and what follows the step at the beginning of a line is not part of it. Dictionaries of weights
//! (`parameters["Wf"]`) and attributes (`self.W`) become weights of their own, and loops with fixed bounds are written
//! out, all before anything is read.

use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// A loop writes out at most so many lines.
const MOST_LINES: usize = 1000;
/// So many functions beside the step, each of which may call the one before it.
const MOST_HELPERS: usize = 32;

/// The lines of one function.
#[derive(Debug, Default)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) head: LogicalLine,
    pub(super) body: Vec<LogicalLine>,
    /// Parameters that were read out of a dictionary or of `self`.
    pub(super) weights: Vec<String>,
}

/// What a text defines.
#[derive(Debug, Default)]
pub(super) struct Program {
    /// The function that is the step.
    pub(super) step: Option<Function>,
    /// The functions that it may call, in the order of the text.
    pub(super) helpers: Vec<Function>,
}

/// Finds the functions of a text; `wanted` is the step's name where several could be it.
pub(super) fn program(lines: Vec<LogicalLine>, wanted: &str, mistakes: &mut Vec<Diagnostic>) -> Program {
    let mut functions: Vec<Function> = Vec::new();
    let mut aliases = Vec::new();
    let mut outside = None;
    // Whether the lines that are indented belong to a function.
    let mut inside = true;
    for mut line in lines {
        let first = word(&line, 0);
        let goes_on = line.joined || line.indent > 0;
        match functions.last_mut() {
            // What belongs to a loop or a condition behind the functions is not part of them.
            Some(_) if goes_on && !inside => {}
            // A line that is not indented belongs to a function that has not returned yet; it is complained about.
            Some(function) if goes_on || !(has_returned(function) || begins_another(&line)) => {
                function.body.push(line);
            }
            _ if first == Some("def") => {
                let name = word(&line, 1).unwrap_or_default().to_string();
                let body = one_line(&mut line);
                functions.push(Function {
                    name,
                    head: line,
                    body: body.into_iter().collect(),
                    weights: vec![],
                });
                inside = true;
            }
            _ if first == Some("class") => {
                let message = "a listing has no classes; take the step out of it: def step(self, x, h):, which reads \
                               self.W as a weight";
                mistakes.push(Diagnostic::new(line.tokens[0].span, message));
                return Program::default();
            }
            _ if matches!(first, Some("import" | "from")) => import(&line, &mut aliases, mistakes),
            _ => match lambda(&line) {
                Some(function) => functions.push(function),
                None => {
                    inside = functions.is_empty();
                    let start = line.tokens.first().map(|token| token.span);
                    if !inside && !does_something(&line) {
                        let message = "this line belongs to no function and does nothing; remove it";
                        mistakes.extend(start.map(|span| Diagnostic::new(span, message)));
                    }
                    outside = outside.or(start);
                }
            },
        }
    }
    if functions.is_empty()
        && mistakes.is_empty()
        && let Some(span) = outside
    {
        mistakes.push(Diagnostic::new(span, "a listing begins with `def step(x, h, W, U, b):`"));
    }
    let at = functions.iter().rposition(|f| f.name == wanted);
    let at = at.or_else(|| functions.iter().rposition(|f| !is_lambda(f)));
    let step = at.map(|at| functions.remove(at));
    if let Some(function) = functions.get(MOST_HELPERS) {
        let message = format!("a listing may have {MOST_HELPERS} functions beside its step; remove some");
        mistakes.push(Diagnostic::new(function.head.tokens[0].span, message));
        return Program::default();
    }
    let mut program = Program { step, helpers: functions };
    for function in program.helpers.iter_mut().chain(&mut program.step) {
        for line in &mut function.body {
            rename(line, &aliases);
        }
        function.body = loops(std::mem::take(&mut function.body), mistakes);
        weights(function);
    }
    program
}

fn word(line: &LogicalLine, at: usize) -> Option<&str> {
    match &line.tokens.get(at)?.token {
        Token::Name(name) => Some(name),
        _ => None,
    }
}

fn sign(line: &LogicalLine, at: usize) -> Option<&'static str> {
    match line.tokens.get(at)?.token {
        Token::Sign(sign) => Some(sign),
        _ => None,
    }
}

fn located(token: Token, like: &Located) -> Located {
    let text = match &token {
        Token::Name(name) => name.clone(),
        Token::Sign(sign) => (*sign).to_string(),
        _ => like.text.clone(),
    };
    Located { token, text, span: like.span }
}

fn has_returned(function: &Function) -> bool {
    function.body.iter().any(|line| word(line, 0) == Some("return"))
}

fn begins_another(line: &LogicalLine) -> bool {
    matches!(word(line, 0), Some("def" | "import" | "from" | "class")) && !line.joined
}

/// Whether a line outside of the functions is one of the program around them: it assigns, calls or begins a block.
fn does_something(line: &LogicalLine) -> bool {
    let signs = (0..line.tokens.len()).any(|at| matches!(sign(line, at), Some("=" | "(" | ":")));
    signs || matches!(line.tokens.first().map(|first| &first.token), Some(Token::Text(_)))
}

fn is_lambda(function: &Function) -> bool {
    function.head.tokens.first().is_some_and(|token| token.text == "lambda")
}

/// What stands behind the colon of `def step(x, h): return h`.
fn one_line(head: &mut LogicalLine) -> Option<LogicalLine> {
    let mut open = 0usize;
    let colon = (0..head.tokens.len()).find(|at| {
        match sign(head, *at) {
            Some("(" | "[" | "{") => open += 1,
            Some(")" | "]" | "}") => open = open.saturating_sub(1),
            _ => {}
        }
        open == 0 && sign(head, *at) == Some(":")
    })?;
    let rest = head.tokens.split_off(colon + 1);
    (!rest.is_empty()).then(|| LogicalLine {
        tokens: rest,
        comment: head.comment.take(),
        last_line: head.last_line,
        joined: true,
        ..LogicalLine::default()
    })
}

/// `name = lambda a, b: value` as the function that it is.
fn lambda(line: &LogicalLine) -> Option<Function> {
    if sign(line, 1) != Some("=") || word(line, 2) != Some("lambda") {
        return None;
    }
    let name = word(line, 0)?.to_string();
    let colon = (3..line.tokens.len()).find(|at| sign(line, *at) == Some(":"))?;
    let like = &line.tokens[2];
    let mut head = vec![like.clone(), located(Token::Name(name.clone()), &line.tokens[0])];
    head.push(located(Token::Sign("("), like));
    head.extend_from_slice(&line.tokens[3..colon]);
    head.push(located(Token::Sign(")"), like));
    head.push(line.tokens[colon].clone());
    let mut value = vec![located(Token::Name("return".into()), &line.tokens[colon])];
    value.extend_from_slice(&line.tokens[colon + 1..]);
    let of =
        |tokens| LogicalLine { tokens, joined: true, last_line: line.last_line, ..LogicalLine::default() };
    Some(Function { name, head: of(head), body: vec![of(value)], weights: vec![] })
}

/// What is wrong with an import inside of the function, or with `import os`.
pub(super) fn not_imported(line: &LogicalLine) -> String {
    match word(line, 1) {
        Some("numpy") | None => "np is already there: remove this line".to_string(),
        Some(module) => format!(
            "`{module}` cannot be imported: a listing has np, sigmoid, hard_sigmoid, relu and softmax, and nothing \
             else is imported; remove this line"
        ),
    }
}

/// What `import numpy as xp` and `from numpy import tanh as f` call things.
fn import(line: &LogicalLine, aliases: &mut Vec<(String, String)>, mistakes: &mut Vec<Diagnostic>) {
    let module = word(line, 1).unwrap_or_default();
    if !matches!(module, "numpy" | "math" | "scipy" | "jax" | "cupy" | "autograd" | "__future__" | "typing") {
        mistakes.push(Diagnostic::new(line.tokens[0].span, not_imported(line)));
        return;
    }
    if word(line, 0) == Some("import") {
        let name = (0..line.tokens.len()).rev().find_map(|at| word(line, at)).unwrap_or(module);
        aliases.push((name.to_string(), "np".into()));
        return;
    }
    for at in 3..line.tokens.len() {
        if let (Some(of), Some("as"), Some(name)) = (word(line, at), word(line, at + 1), word(line, at + 2)) {
            aliases.push((name.to_string(), of.to_string()));
        }
    }
}

fn rename(line: &mut LogicalLine, aliases: &[(String, String)]) {
    for at in 0..line.tokens.len() {
        let known = word(line, at).and_then(|name| aliases.iter().rev().find(|(alias, _)| alias == name));
        let behind_a_dot = at > 0 && sign(line, at - 1) == Some(".");
        if let Some((_, known)) = known.filter(|_| !behind_a_dot) {
            line.tokens[at].token = Token::Name(known.clone());
        }
    }
}

/// Writes loops out whose bounds are fixed: `for i in range(2):`, `for w in (a, b):`.
fn loops(lines: Vec<LogicalLine>, mistakes: &mut Vec<Diagnostic>) -> Vec<LogicalLine> {
    let mut written: Vec<LogicalLine> = Vec::new();
    let mut rest = lines.into_iter().peekable();
    while let Some(mut head) = rest.next() {
        if word(&head, 0) != Some("for") {
            written.push(head);
            continue;
        }
        let behind = one_line(&mut head);
        let mut body: Vec<LogicalLine> = behind.into_iter().collect();
        while let Some(line) = rest.next_if(|line| line.joined || line.indent > head.indent) {
            body.push(line);
        }
        let Some((name, values)) = rounds(&head) else {
            let message = "a listing describes one step: a loop needs fixed bounds here, as in for i in range(2):; \
                           the loop over time is outside of it";
            mistakes.push(Diagnostic::new(head.tokens[0].span, message));
            continue;
        };
        let body = loops(body, mistakes);
        if written.len() + body.len() * values.len() > MOST_LINES {
            let message = format!("this loop makes more than {MOST_LINES} lines; use a smaller bound");
            mistakes.push(Diagnostic::new(head.tokens[0].span, message));
            continue;
        }
        for value in &values {
            written.extend(body.iter().map(|line| {
                let mut line = LogicalLine { indent: head.indent, ..line.clone() };
                for token in &mut line.tokens {
                    if token.token == Token::Name(name.clone()) {
                        token.token = value.clone();
                    }
                }
                line
            }));
        }
    }
    written
}

/// The name that a loop counts with, and its values.
fn rounds(head: &LogicalLine) -> Option<(String, Vec<Token>)> {
    let name = word(head, 1)?.to_string();
    if word(head, 2) != Some("in") {
        return None;
    }
    let number = |at: usize| match head.tokens.get(at)?.token {
        Token::Number(value) if value.fract() == 0.0 && value.abs() <= 1e4 => Some(value as i64),
        _ => None,
    };
    if word(head, 3) == Some("range") {
        let (first, last) = match (sign(head, 6), sign(head, 8)) {
            (Some(")"), _) => (0, number(5)?),
            (Some(","), Some(")")) => (number(5)?, number(7)?),
            _ => return None,
        };
        return Some((name, (first..last).map(|value| Token::Number(value as f64)).collect()));
    }
    let end = head.tokens.len().checked_sub(2)?;
    let opened = matches!((sign(head, 3), sign(head, end)), (Some("("), Some(")")) | (Some("["), Some("]")));
    if !opened || sign(head, end + 1) != Some(":") {
        return None;
    }
    let values = (4..end).filter(|at| sign(head, *at) != Some(","));
    let values: Option<Vec<Token>> = values
        .map(|at| match &head.tokens[at].token {
            token @ (Token::Name(_) | Token::Number(_)) => Some(token.clone()),
            _ => None,
        })
        .collect();
    Some((name, values?))
}

/// Makes parameters of what is read out of a dictionary or of `self`.
fn weights(function: &mut Function) {
    let owners: Vec<(usize, String)> = parameters(&function.head)
        .into_iter()
        .filter(|(_, name)| {
            let read = |line: &LogicalLine, at: usize| reads_member(line, at, name).is_some();
            function.body.iter().any(|line| (0..line.tokens.len()).any(|at| read(line, at)))
        })
        .collect();
    for (at, owner) in owners.into_iter().rev() {
        let mut found: Vec<String> = Vec::new();
        for line in &mut function.body {
            let mut at = 0;
            while at < line.tokens.len() {
                if let Some((key, length)) = reads_member(line, at, &owner) {
                    let like = line.tokens[at].clone();
                    line.tokens.splice(at..at + length, [located(Token::Name(key.clone()), &like)]);
                    if !found.contains(&key) {
                        found.push(key);
                    }
                }
                at += 1;
            }
        }
        // `Wf = Wf` says nothing.
        function.body.retain(|line| {
            line.tokens.len() != 3
                || sign(line, 1) != Some("=")
                || word(line, 0).is_none()
                || word(line, 0) != word(line, 2)
        });
        function.weights.extend_from_slice(&found);
        let like = function.head.tokens[at].clone();
        let names: Vec<Located> = found
            .iter()
            .flat_map(|key| [located(Token::Sign(","), &like), located(Token::Name(key.clone()), &like)])
            .skip(1)
            .collect();
        put(&mut function.head, at, names, owner == "self");
    }
}

/// Puts parameters in the place of one, or at the end.
fn put(head: &mut LogicalLine, at: usize, mut names: Vec<Located>, at_the_end: bool) {
    if !at_the_end {
        head.tokens.splice(at..=at, names);
        return;
    }
    let until = if sign(head, at + 1) == Some(",") { at + 1 } else { at };
    let like = head.tokens[at].clone();
    head.tokens.drain(at..=until);
    if let Some(close) = (0..head.tokens.len()).rev().find(|at| sign(head, *at) == Some(")")) {
        names.insert(0, located(Token::Sign(","), &like));
        head.tokens.splice(close..close, names);
    }
}

/// The parameters of a head: where each stands, and its name.
fn parameters(head: &LogicalLine) -> Vec<(usize, String)> {
    let mut open = 0usize;
    let mut found = Vec::new();
    for at in 2..head.tokens.len() {
        let begins = matches!(sign(head, at - 1), Some("(" | ",")) && open == 1;
        if let Some(name) = word(head, at).filter(|_| begins) {
            found.push((at, name.to_string()));
        }
        match sign(head, at) {
            Some("(" | "[") => open += 1,
            Some(")" | "]") => open = open.saturating_sub(1),
            _ => {}
        }
    }
    found
}

/// `owner["key"]` or, for self, `self.key` at a place: the key, and how many tokens it takes.
fn reads_member(line: &LogicalLine, at: usize, owner: &str) -> Option<(String, usize)> {
    if word(line, at) != Some(owner) || (at > 0 && sign(line, at - 1) == Some(".")) {
        return None;
    }
    match (sign(line, at + 1), &line.tokens.get(at + 2)?.token) {
        (Some("["), Token::Text(key)) if sign(line, at + 3) == Some("]") => {
            let is_name = key.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
            is_name.then(|| (key.clone(), 4))
        }
        (Some("."), Token::Name(key)) if owner == "self" => Some((key.clone(), 3)),
        _ => None,
    }
}

/// Where a text without any function is complained about.
pub(super) fn beginning() -> Span {
    Span { line: 1, column: 1, length: 1 }
}
