//! The functions of a script that a step calls, as the functions above it.

use std::rc::Rc;

use super::super::language::*;
use super::super::run::{Interpreter, assigned};
use super::super::value::{Closure, Value};

/// A function above the step, and the arrays that it reads from outside, which are then handed to it.
pub(super) struct Above {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) reads: Vec<String>,
}

/// The functions that are needed so far, those that others call first.
#[derive(Default)]
pub(super) struct Functions {
    pub(super) all: Vec<Above>,
    /// Whether numbers of the script keep their names in the lines of the step.
    pub(super) keeps_names: bool,
    /// How long each state is that is a vector.
    pub(super) lengths: Vec<(usize, String)>,
    /// Lines that name those lengths, and numbers as parameters: `H = len(h)`, `alpha=0.3`.
    pub(super) sizes: Vec<(String, String)>,
    pub(super) constants: Vec<(String, f64)>,
}

impl Functions {
    /// An expression as a listing writes it: numpy by its usual name, numbers in place of names that stand for them,
    /// arrays that a function reads handed to it.
    pub(super) fn plain(
        &mut self,
        expression: &Expression,
        bound: &[String],
        run: &mut Interpreter,
    ) -> Expression {
        self.plain_within(expression, bound, run, 0)
    }

    fn plain_within(
        &mut self,
        expression: &Expression,
        bound: &[String],
        run: &mut Interpreter,
        depth: usize,
    ) -> Expression {
        let inner = |functions: &mut Self, run: &mut Interpreter, part: &Expression| match &part.kind {
            ExpressionKind::Name(name) if !bound.contains(name) => match run.named(name) {
                Some(value) if depth == 0 && functions.keep(name, &value) => None,
                Some(Value::Library(path)) => Some(library_name(&path, part)),
                Some(Value::Int(value)) => {
                    Some(Expression { kind: ExpressionKind::Int(value), span: part.span })
                }
                Some(Value::Float(value)) => {
                    Some(Expression { kind: ExpressionKind::Float(value), span: part.span })
                }
                Some(Value::Array(array)) if array.shape().is_empty() => {
                    let value = array.only().unwrap_or(0.0);
                    Some(Expression { kind: ExpressionKind::Float(value), span: part.span })
                }
                Some(Value::Function(closure)) => {
                    functions.define(name, &closure, run, depth);
                    None
                }
                _ => None,
            },
            _ => None,
        };
        let plain = replaced(expression, &mut |part| inner(self, run, part));
        let plain = translated(&plain, bound);
        self.handed(&plain, bound)
    }

    /// Whether a number keeps its name: as the length of a state, or as a parameter with a value.
    fn keep(&mut self, name: &str, value: &Value) -> bool {
        if !self.keeps_names {
            return false;
        }
        match value {
            Value::Int(size) => {
                let state = self.lengths.iter().find(|(length, _)| *length as i64 == *size);
                let Some((_, state)) = state.filter(|_| *size > 1) else { return false };
                if !self.sizes.iter().any(|(known, _)| known == name) {
                    self.sizes.push((name.to_owned(), state.clone()));
                }
                true
            }
            Value::Float(value) => {
                if !self.constants.iter().any(|(known, _)| known == name) {
                    self.constants.push((name.to_owned(), *value));
                }
                true
            }
            _ => false,
        }
    }

    /// Calls with the arrays that the called function reads.
    fn handed(&self, expression: &Expression, bound: &[String]) -> Expression {
        replaced(expression, &mut |part| {
            let ExpressionKind::Call(function, arguments) = &part.kind else { return None };
            let name = as_name(function).filter(|name| !bound.iter().any(|own| own == name))?;
            let above =
                self.all.iter().find(|above| above.name == name).filter(|above| !above.reads.is_empty())?;
            let mut arguments: Vec<Argument> = arguments
                .iter()
                .map(|a| Argument { name: a.name.clone(), value: self.handed(&a.value, bound) })
                .collect();
            let at = arguments.iter().position(|a| a.name.is_some()).unwrap_or(arguments.len());
            let more = above.reads.iter().map(|read| Argument { name: None, value: name_at(read, part) });
            arguments.splice(at..at, more);
            Some(Expression { kind: ExpressionKind::Call(function.clone(), arguments), span: part.span })
        })
    }

    fn define(&mut self, name: &str, closure: &Rc<Closure>, run: &mut Interpreter, depth: usize) {
        if depth > 8 || self.all.iter().any(|above| above.name == name) {
            return;
        }
        let function = &closure.function;
        let mut bound: Vec<String> = function.parameters.iter().map(|p| p.name.clone()).collect();
        assigned(&function.body, &mut bound);
        let (mut names, mut lines) = (Vec::new(), Vec::new());
        for statement in &function.body {
            let mut plain = |expression: &Expression| {
                let plain = self.plain_within(expression, &bound, run, depth + 1);
                names_in(&plain, &mut names);
                written(&plain)
            };
            lines_of(statement, 1, &mut plain, &mut lines);
        }
        let is_array =
            |name: &String| matches!(run.named(name), Some(Value::Array(array)) if !array.shape().is_empty());
        let reads: Vec<String> =
            names.into_iter().filter(|name| !bound.contains(name) && is_array(name)).collect();
        let mut parameters: Vec<String> =
            function.parameters.iter().filter(|p| p.default.is_none()).map(|p| p.name.clone()).collect();
        parameters.extend(reads.iter().cloned());
        let with_default = function.parameters.iter().filter_map(|p| {
            let default = self.plain_within(p.default.as_ref()?, &[], run, depth + 1);
            Some(format!("{}={}", p.name, written(&default)))
        });
        parameters.extend(with_default.collect::<Vec<_>>());
        let text = format!("def {name}({}):\n{}\n", parameters.join(", "), lines.join("\n"));
        self.all.push(Above { name: name.to_owned(), text, reads });
    }
}

/// The lines of a statement, so far indented, with its expressions as they are written in a listing.
fn lines_of(
    statement: &Statement,
    indent: usize,
    plain: &mut dyn FnMut(&Expression) -> String,
    lines: &mut Vec<String>,
) {
    let mut heads: Vec<(String, &[Statement])> = Vec::new();
    let line = match &statement.kind {
        StatementKind::Assign(targets, value) => {
            let targets: Vec<String> = targets.iter().map(written).collect();
            format!("{} = {}", targets.join(" = "), plain(value))
        }
        StatementKind::Augmented(target, operator, value) => {
            format!("{} {}= {}", written(target), operator.sign(), plain(value))
        }
        StatementKind::Return(Some(value)) => format!("return {}", plain(value)),
        StatementKind::Break => "break".to_owned(),
        StatementKind::Continue => "continue".to_owned(),
        StatementKind::For(each) => {
            heads.push((format!("for {} in {}:", written(&each.target), plain(&each.over)), &each.body));
            if !each.otherwise.is_empty() {
                heads.push(("else:".to_owned(), &each.otherwise));
            }
            String::new()
        }
        StatementKind::While(test, body) => {
            heads.push((format!("while {}:", plain(test)), body));
            String::new()
        }
        StatementKind::If(branches, otherwise) => {
            for (k, (test, body)) in branches.iter().enumerate() {
                let word = if k == 0 { "if" } else { "elif" };
                heads.push((format!("{word} {}:", plain(test)), body));
            }
            if !otherwise.is_empty() {
                heads.push(("else:".to_owned(), otherwise));
            }
            String::new()
        }
        StatementKind::Raise(_) => "raise".to_owned(),
        StatementKind::Pass => "pass".to_owned(),
        _ => return,
    };
    let spaces = "    ".repeat(indent);
    if !line.is_empty() {
        lines.push(format!("{spaces}{line}"));
    }
    for (head, body) in heads {
        lines.push(format!("{spaces}{head}"));
        let begins = lines.len();
        body.iter().for_each(|statement| lines_of(statement, indent + 1, plain, lines));
        if lines.len() == begins {
            lines.push(format!("{spaces}    pass"));
        }
    }
}

/// Functions that listings have under other names: Python's `max` of two, `abs`, the norm of a vector.
fn translated(expression: &Expression, bound: &[String]) -> Expression {
    replaced(expression, &mut |part| {
        let ExpressionKind::Call(function, arguments) = &part.kind else { return None };
        let numpy = |name: &str, arguments: Vec<Argument>| {
            let function = library_name(&format!("numpy.{name}"), part);
            Expression { kind: ExpressionKind::Call(Box::new(function), arguments), span: part.span }
        };
        let plain = |argument: &Argument| Argument {
            name: argument.name.clone(),
            value: translated(&argument.value, bound),
        };
        let is_bound = as_name(function).is_some_and(|name| bound.iter().any(|own| own == name));
        match (written(function).as_str(), arguments.as_slice()) {
            ("np.einsum", [subscripts, operands @ ..]) => {
                let ExpressionKind::Text(letters) = &subscripts.value.kind else { return None };
                let operands: Vec<Expression> = operands.iter().map(|one| plain(one).value).collect();
                super::einsum::product(letters, &operands, part)
            }
            ("np.tensordot", [a, b, rest @ ..]) => tensordot(plain(a).value, plain(b).value, rest),
            ("max", [a, b]) if !is_bound => Some(numpy("maximum", vec![plain(a), plain(b)])),
            ("min", [a, b]) if !is_bound => Some(numpy("minimum", vec![plain(a), plain(b)])),
            ("abs", [a]) if !is_bound => Some(numpy("abs", vec![plain(a)])),
            ("sum", [a]) if !is_bound => Some(numpy("sum", vec![plain(a)])),
            ("float", [a]) if !is_bound => Some(plain(a).value),
            ("np.linalg.norm", [a]) => {
                let two = Expression { kind: ExpressionKind::Int(2), span: part.span };
                let square = ExpressionKind::Binary(Operator::Power, Box::new(plain(a).value), Box::new(two));
                let square = Expression { kind: square, span: part.span };
                let sum = numpy("sum", vec![Argument { name: None, value: square }]);
                Some(numpy("sqrt", vec![Argument { name: None, value: sum }]))
            }
            _ => None,
        }
    })
}

/// `np.tensordot(a, b, axes)` of matrices and vectors as the product that it is.
fn tensordot(a: Expression, b: Expression, rest: &[Argument]) -> Option<Expression> {
    let [axes] = rest else { return None };
    let span = a.span;
    let text: String = written(&axes.value).chars().filter(|c| !"()[] ".contains(*c)).collect();
    let turned =
        |one: Expression| Expression { kind: ExpressionKind::Attribute(Box::new(one), "T".to_owned()), span };
    let (a, b) = match text.trim_matches(',') {
        "1" | "1,0" | "1,,0" | "-1,0" | "-1,,0" => (a, b),
        "1,1" | "1,,1" | "-1,-1" | "-1,,-1" => (a, turned(b)),
        "0,0" | "0,,0" => (turned(a), b),
        _ => return None,
    };
    let kind = ExpressionKind::Binary(Operator::MatMul, Box::new(a), Box::new(b));
    Some(Expression { kind, span })
}

/// `np.tanh` for what was imported by another name.
fn library_name(path: &str, at: &Expression) -> Expression {
    let mut parts = path.split('.');
    let first = match parts.next() {
        Some("numpy" | "math") => "np",
        Some(other) => other,
        None => "np",
    };
    parts.fold(name_at(first, at), |of, part| Expression {
        kind: ExpressionKind::Attribute(Box::new(of), part.to_owned()),
        span: at.span,
    })
}
