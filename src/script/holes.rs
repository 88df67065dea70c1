//! What pseudo-code leaves open, and what could stand there.
//!
//! `output_t = f(input_t, state_t)` says how a network proceeds and not what `f` is. A name that nothing in the text
//! defines is a hole; from its use follows what it can be: a function, a sequence, a matrix, a vector.

use std::collections::HashSet;

use crate::listing::Span;

use super::language::*;
use super::library;
use super::run::{assigned, targets_of};
use super::whole::Script;

/// One way to fill a hole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The lines of Python.
    pub text: String,
    /// The line of the script that they take the place of; above the script without one.
    pub replaces: Option<usize>,
}

/// A name that the script leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    /// The name.
    pub name: String,
    /// The line where it is first used.
    pub line: usize,
    /// What is needed there: `a function of 2 values`.
    pub needs: String,
    /// What could stand there, the usual first.
    pub choices: Vec<Choice>,
}

/// What the choices call sizes.
const SIZES: &str = "timesteps, features, units = 100, 32, 64";

/// How a name is used.
struct Uses<'a> {
    body: &'a [Statement],
    known: HashSet<String>,
    /// Names of loops, the sequences that they go through, and where they begin.
    loops: Vec<(String, Expression, Span)>,
    holes: Vec<Hole>,
}

impl Script {
    /// What the script leaves open, in the order of its lines; nothing for a script that can run.
    pub fn holes(&self) -> Vec<Hole> {
        // `from numpy import *` names what a script reads.
        let all = |statement: &Statement| match &statement.kind {
            StatementKind::Import(names) => names.iter().any(|(_, own)| own == "*"),
            _ => false,
        };
        if self.body.iter().any(all) {
            return vec![];
        }
        let mut uses = Uses { body: &self.body, known: HashSet::new(), loops: vec![], holes: vec![] };
        uses.know(&self.body);
        uses.block(&self.body);
        if !uses.holes.is_empty() {
            uses.first_states(self.source());
            uses.loop_names(self.source());
        }
        uses.holes
    }

    /// The script with the first choice for every hole; `chosen` names others by hole and number.
    pub fn filled(&self, chosen: &[(&str, usize)]) -> String {
        let holes = self.holes();
        if holes.is_empty() {
            return self.source().to_owned();
        }
        let mut above = vec!["import numpy as np".to_owned(), SIZES.to_owned()];
        let mut lines: Vec<String> = self.source().lines().map(str::to_owned).collect();
        for hole in &holes {
            let number = chosen.iter().find(|(name, _)| *name == hole.name).map_or(0, |(_, number)| *number);
            let Some(choice) = hole.choices.get(number).or(hole.choices.first()) else { continue };
            match choice.replaces.and_then(|line| lines.get_mut(line - 1)) {
                Some(line) => line.clone_from(&choice.text),
                None => above.extend(
                    choice
                        .text
                        .lines()
                        .map(str::to_owned)
                        .filter(|line| !above.contains(line))
                        .collect::<Vec<_>>(),
                ),
            }
        }
        // Functions stand below what they read.
        above.sort_by_key(|line| line.starts_with("def "));
        above.join("\n") + "\n\n" + &lines.join("\n") + "\n"
    }
}

impl Uses<'_> {
    /// All names that the text defines anywhere.
    fn know(&mut self, body: &[Statement]) {
        let mut names = Vec::new();
        assigned(body, &mut names);
        self.known.extend(names);
        for statement in body {
            match &statement.kind {
                StatementKind::Import(names) => self.known.extend(names.iter().map(|(_, own)| own.clone())),
                StatementKind::Function(function) => {
                    self.known.insert(function.name.clone());
                    self.known.extend(function.parameters.iter().map(|parameter| parameter.name.clone()));
                    self.know(&function.body);
                }
                StatementKind::Class(class) => {
                    self.known.insert(class.name.clone());
                    self.know(&class.body);
                }
                StatementKind::For(each) => {
                    let mut names = Vec::new();
                    targets_of(&each.target, &mut names);
                    if let [name] = names.as_slice() {
                        self.loops.push((name.clone(), each.over.clone(), statement.span));
                    }
                    self.know(&each.body);
                    self.know(&each.otherwise);
                }
                StatementKind::While(_, body) => self.know(body),
                StatementKind::If(branches, otherwise) => {
                    branches.iter().for_each(|(_, body)| self.know(body));
                    self.know(otherwise);
                }
                _ => {}
            }
        }
    }

    fn block(&mut self, body: &[Statement]) {
        for statement in body {
            match &statement.kind {
                StatementKind::Expression(value) | StatementKind::Assign(_, value) => self.expression(value),
                StatementKind::Augmented(_, _, value) | StatementKind::Return(Some(value)) => {
                    self.expression(value)
                }
                StatementKind::For(each) => {
                    self.expression(&each.over);
                    self.block(&each.body);
                    self.block(&each.otherwise);
                }
                StatementKind::While(test, body) => {
                    self.expression(test);
                    self.block(body);
                }
                StatementKind::If(branches, otherwise) => {
                    branches.iter().for_each(|(_, body)| self.block(body));
                    self.block(otherwise);
                }
                StatementKind::Function(function) => self.block(&function.body),
                StatementKind::Class(class) => self.block(&class.body),
                _ => {}
            }
        }
    }

    /// The names that an expression gives values to itself.
    fn know_bound(&mut self, expression: &Expression) {
        replaced(expression, &mut |part| {
            let mut names = Vec::new();
            match &part.kind {
                ExpressionKind::Comprehension(all) => targets_of(&all.target, &mut names),
                ExpressionKind::Lambda(function) => {
                    names.extend(function.parameters.iter().map(|parameter| parameter.name.clone()));
                }
                _ => {}
            }
            self.known.extend(names);
            None
        });
    }

    fn expression(&mut self, expression: &Expression) {
        self.know_bound(expression);
        replaced(expression, &mut |part| {
            match &part.kind {
                ExpressionKind::Call(function, arguments) => {
                    if let Some(name) = as_name(function) {
                        self.called(name, arguments, part.span);
                    }
                    // `dot(W, x)`: the first is a matrix for the second.
                    if let [matrix, vector] = arguments.as_slice()
                        && written(function).ends_with("dot")
                    {
                        self.matrix(&matrix.value, &vector.value, true);
                    }
                }
                ExpressionKind::Binary(Operator::MatMul, a, b) => {
                    let is_left = as_name(a).is_some_and(|name| self.is_open(name));
                    if is_left {
                        self.matrix(a, b, true);
                    } else {
                        self.matrix(b, a, false);
                    }
                }
                ExpressionKind::Name(name) => self.array(name, part.span),
                _ => {}
            }
            None
        });
    }

    fn is_open(&self, name: &str) -> bool {
        !self.known.contains(name)
            && library::builtin(name).is_none()
            && !matches!(name, "super" | "object")
            && !matches!(name, "np" | "numpy")
            && !self.holes.iter().any(|hole| hole.name == name)
    }

    fn add(&mut self, name: &str, line: usize, needs: impl Into<String>, texts: &[String]) {
        let choices = texts.iter().map(|text| Choice { text: text.clone(), replaces: None }).collect();
        self.holes.push(Hole { name: name.to_owned(), line, needs: needs.into(), choices });
    }

    fn called(&mut self, name: &str, arguments: &[Argument], span: Span) {
        if !self.is_open(name) {
            return;
        }
        let values: Vec<String> = (0..arguments.len()).map(|k| parameter(&arguments[k].value, k)).collect();
        let texts: Vec<String> = match (name, values.as_slice()) {
            _ if library::is_numpy(name) => vec![format!("{name} = np.{name}")],
            ("softmax", [_]) => {
                vec![format!("def {name}(z): return np.exp(z - np.max(z)) / np.sum(np.exp(z - np.max(z)))")]
            }
            (_, [_]) => {
                let mut all = vec![
                    format!("{name} = np.tanh"),
                    format!("def {name}(z): return 1 / (1 + np.exp(-z))"),
                    format!("def {name}(z): return np.maximum(z, 0)"),
                ];
                // A name that says which one it is gets that one first.
                all.rotate_left(match name {
                    "sigmoid" | "sigma" | "logistic" => 1,
                    "relu" | "ReLU" => 2,
                    _ => 0,
                });
                all
            }
            (_, [x, h]) => [("np.tanh(", ")"), ("1 / (1 + np.exp(-(", ")))"), ("np.maximum(0, ", ")")]
                .iter()
                .map(|(begin, end)| {
                    format!(
                        "W = np.random.random((units, features))\nU = np.random.random((units, units))\n\
                         b = np.zeros(units)\n\
                         def {name}({x}, {h}): return {begin}np.dot(W, {x}) + np.dot(U, {h}) + b{end}"
                    )
                })
                .collect(),
            (_, many) => vec![format!("def {name}({}): return {}", many.join(", "), many.join(" + "))],
        };
        let needs = match values.len() {
            1 => "a function of one value".to_owned(),
            many => format!("a function of {many} values"),
        };
        self.add(name, span.line, needs, &texts);
    }

    /// A matrix that multiplies a vector, from the left or from the right.
    fn matrix(&mut self, matrix: &Expression, vector: &Expression, is_left: bool) {
        let Some(name) = as_name(matrix).filter(|name| self.is_open(name)).map(str::to_owned) else { return };
        // Of a state, which is carried, not read from a sequence.
        let of = written(vector);
        let is_input = self.loops.iter().any(|(item, ..)| of == *item || of.starts_with(&format!("{item}_")))
            || of.starts_with("x")
            || of.contains("input");
        let from = if is_input { "features" } else { "units" };
        let sizes = if is_left { format!("(units, {from})") } else { format!("({from}, units)") };
        let texts = [
            format!("{name} = np.random.random({sizes})"),
            format!("{name} = np.random.randn(*{sizes}) * 0.1"),
        ];
        self.add(&name, matrix.span.line, format!("a matrix {sizes}"), &texts);
    }

    fn array(&mut self, name: &str, span: Span) {
        let is_called_or_known = !self.is_open(name) || library::is_numpy(name);
        if is_called_or_known {
            return;
        }
        let is_sequence = self.loops.iter().any(|(_, over, _)| as_name(over) == Some(name));
        if is_sequence {
            let texts = [
                format!("{name} = np.random.random((timesteps, features))"),
                format!("{name} = np.random.randn(timesteps, features)"),
            ];
            self.add(name, span.line, "a sequence (timesteps, features)", &texts);
        } else {
            let texts = [format!("{name} = np.zeros(units)"), format!("{name} = np.random.random(units)")];
            self.add(name, span.line, "a vector (units,)", &texts);
        }
    }

    /// `state_t = 0` before a loop: a vector is meant.
    fn first_states(&mut self, source: &str) {
        for statement in self.body {
            let StatementKind::Assign(targets, value) = &statement.kind else { continue };
            let ([target], ExpressionKind::Int(0)) = (targets.as_slice(), &value.kind) else { continue };
            let Some(name) = as_name(target).filter(|_| source.lines().count() >= statement.span.line) else {
                continue;
            };
            let text = format!("{name} = np.zeros(units)");
            self.holes.push(Hole {
                name: name.to_owned(),
                line: statement.span.line,
                needs: "the state before the first timestep, a vector (units,)".to_owned(),
                choices: vec![Choice { text, replaces: Some(statement.span.line) }],
            });
        }
    }

    /// A name that is that of a loop but for its end, as `input_t` in `for input in …`: one of both was meant.
    fn loop_names(&mut self, source: &str) {
        for (item, _, span) in &self.loops {
            let is_meant =
                |hole: &&mut Hole| hole.name == format!("{item}_t") || hole.name == format!("{item}s");
            let Some(hole) = self.holes.iter_mut().find(is_meant) else { continue };
            let line = source.lines().nth(span.line - 1).unwrap_or_default();
            let text = line.replacen(&format!("for {item} in"), &format!("for {} in", hole.name), 1);
            hole.needs = format!("what the loop calls `{item}`");
            hole.choices = vec![Choice { text, replaces: Some(span.line) }];
        }
    }
}

/// The name of an argument as a parameter.
fn parameter(argument: &Expression, number: usize) -> String {
    as_name(argument).map_or_else(|| format!("v{number}"), str::to_owned)
}
