//! The functions of a text: the step, and the helpers beside it.
//!
//! Imports name numpy, and what follows the step at the beginning of a line is not part of it. Everything that Python
//! writes shorter is written out before anything is read: loops with fixed bounds (`loops`), what holds several weights
//! or states (`members`), functions inside of the step, and conditions that are decided (`inner`).

use super::classes::Classes;
use super::globals;
use super::handed;
use super::lines::{Function, function, is_sign, is_word, lambda, reads, sign, word};
use super::names::Names;
use super::order;
use super::tables::Tables;
use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::tokens::{LogicalLine, Token};
use std::collections::HashSet;

/// What the function of an adjoint is called.
pub(super) const ADJOINT: &str = "step_back";
/// So many functions beside the step, each of which may call the one before it.
const MOST_HELPERS: usize = 32;

/// What a text defines.
#[derive(Debug, Default)]
pub(super) struct Program {
    /// The function that is the step.
    pub(super) step: Option<Function>,
    /// The functions that it may call, in the order of the text.
    pub(super) helpers: Vec<Function>,
}

/// Finds the functions of a text; `wanted` is the step's name where several could be it, `lists`: whether weights that
/// are only read by an index are lists of weights.
pub(super) fn program(
    lines: Vec<LogicalLine>,
    (wanted, lists): (&str, bool),
    mistakes: &mut Vec<Diagnostic>,
) -> Program {
    let mut functions: Vec<Function> = Vec::new();
    let mut names = Names::reading(lists);
    let mut tables = Tables::default();
    let (mut outside, mut drawn) = (None, Vec::new());
    let mut classes = Classes::default();
    let mut lines = if wanted == ADJOINT { lines } else { classes.taken_from(lines) };
    let of_classes = classes.of_classes(&mut lines);
    // Whether the lines that are indented belong to a function.
    let mut inside = true;
    let mut imported = Vec::new();
    for line in lines {
        let first = word(&line, 0);
        let goes_on = line.joined || line.indent > 0;
        if !goes_on && tables.take(&line, &functions) {
            continue;
        }
        match functions.last_mut() {
            // What belongs to a loop or a condition behind the functions is not part of them.
            Some(_) if goes_on && !inside => {}
            // A line that is not indented belongs to a function that has not returned yet; it is complained about.
            Some(function) if goes_on || !(has_returned(function) || begins_another(&line)) => {
                function.body.push(line);
            }
            _ if first == Some("def") => {
                functions.push(function(line));
                inside = true;
            }
            _ if matches!(first, Some("import" | "from")) => {
                if !names.import(&line) {
                    imported.push(line);
                }
            }
            _ if names.constant(&line) => outside = outside.or(line.tokens.first().map(|token| token.span)),
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
                    drawn.extend(globals::drawn(&line));
                }
            },
        }
    }
    let method = classes.step(&mut tables, &functions).filter(|_| functions.iter().all(|f| f.name != wanted));
    // What is imported and not used needs no words.
    let methods = method.iter().flat_map(|(helpers, step)| helpers.iter().chain([step]));
    let bodies: Vec<&LogicalLine> = functions.iter().chain(methods).flat_map(|f| &f.body).collect();
    let uses = |name: &str| bodies.iter().any(|line| reads(line, name));
    for line in &imported {
        let bound = (1..line.tokens.len()).rev().find_map(|at| word(line, at));
        if bodies.is_empty() || bound.is_some_and(uses) {
            mistakes.push(Diagnostic::new(line.tokens[0].span, not_imported(line)));
        }
    }
    if functions.is_empty()
        && let (None, Some(span)) = (&method, classes.first)
    {
        let message = "this class has no method that makes a step; give it one: def step(self, x, h):";
        mistakes.push(Diagnostic::new(span, message));
    }
    if functions.is_empty()
        && method.is_none()
        && mistakes.is_empty()
        && let Some(span) = outside
    {
        mistakes.push(Diagnostic::new(span, "a listing begins with `def step(x, h, W, U, b):`"));
    }
    let mut functions = [of_classes, functions].into_iter().flatten().collect::<Vec<_>>();
    let step = if let Some((helpers, step)) = method {
        functions.extend(helpers);
        Some(step)
    } else {
        let at = functions.iter().rposition(|f| f.name == wanted);
        let at = at.or_else(|| functions.iter().rposition(|f| !is_lambda(f)));
        at.map(|at| functions.remove(at))
    };
    if let Some(function) = functions.get(MOST_HELPERS) {
        let message = format!("a listing may have {MOST_HELPERS} functions beside its step; remove some");
        mistakes.push(Diagnostic::new(function.head.tokens[0].span, message));
        return Program::default();
    }
    let mut program = Program { step, helpers: Vec::new() };
    if wanted == ADJOINT {
        // Differentiation writes nothing in short, and calls nothing `self`.
        program.helpers = functions;
        return program;
    }
    for function in functions.iter_mut().chain(&mut program.step) {
        function.body.iter_mut().for_each(|line| classes.without_records(line));
    }
    if let Some(step) = &mut program.step {
        order::settle(step);
        globals::handed(&drawn, &mut functions, step);
    }
    handed::written_out(&mut functions, &mut program.step, &mut tables);
    called_only(&mut functions, program.step.as_ref());
    let mut owners = Vec::new();
    for mut function in functions {
        let inside = names.settle(&mut function, false, (&program.helpers, &mut owners), mistakes);
        program.helpers.extend(inside.into_iter().chain([function]));
    }
    if let Some(step) = &mut program.step {
        let inside = names.settle(step, true, (&program.helpers, &mut owners), mistakes);
        program.helpers.extend(inside);
    }
    program
}

/// Leaves the functions out that neither the step nor a function that it calls mentions.
fn called_only(functions: &mut Vec<Function>, step: Option<&Function>) {
    let Some(step) = step else { return };
    let names = |function: &Function| -> Vec<String> {
        let lines = function.body.iter().chain([&function.head]);
        lines
            .flat_map(|line| (0..line.tokens.len()).filter_map(|at| word(line, at).map(str::to_string)))
            .collect()
    };
    let mut known: HashSet<String> = names(step).into_iter().collect();
    // Each may call those before it, and is called by those behind it; one that stands behind its caller too.
    for _ in 0..2 {
        for function in functions.iter().rev() {
            if known.contains(&function.name) {
                known.extend(names(function));
            }
        }
    }
    functions.retain(|function| known.contains(&function.name));
}

fn has_returned(function: &Function) -> bool {
    function.body.iter().any(|line| is_word(line, 0, "return"))
}

fn begins_another(line: &LogicalLine) -> bool {
    matches!(word(line, 0), Some("def" | "import" | "from" | "class")) && !line.joined
}

/// Whether a line outside of the functions is one of the program around them: it assigns, calls or begins a block.
fn does_something(line: &LogicalLine) -> bool {
    let signs = (0..line.tokens.len()).any(|at| matches!(sign(line, at), Some("=" | "(" | ":")));
    signs
        || is_sign(line, 0, "@")
        || matches!(line.tokens.first().map(|first| &first.token), Some(Token::Text(_)))
}

fn is_lambda(function: &Function) -> bool {
    function.head.tokens.first().is_some_and(|token| token.text == "lambda")
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

/// Where a text without any function is complained about.
pub(super) fn beginning() -> Span {
    Span { line: 1, column: 1, length: 1 }
}
