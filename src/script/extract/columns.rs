//! Rows and columns that numpy makes of vectors and numbers by itself, `np.vstack((1, u))`, as what they are.

use std::collections::HashMap;

use super::super::language::*;
use super::super::run::{Interpreter, Recorded};
use super::super::value::Value;

/// The values of all names at the end of the first turn, so that expressions can be asked for their axes.
pub(super) fn first_turn(recorded: &Recorded) -> Interpreter {
    let mut names: HashMap<String, Value> = recorded.before.clone();
    for (name, values) in &recorded.values {
        names.extend(values.first().map(|value| (name.clone(), Value::Array(value.clone()))));
    }
    Interpreter::with(&names)
}

/// Numbers beside each other as a vector, for the functions that take them so: `np.array([1, u])`, `np.hstack((1, u))`.
fn in_a_row(name: &str, part: &Expression, all: &[Expression], run: &mut Interpreter) -> Option<Expression> {
    let takes = ["np.hstack", "np.array", "np.concatenate", "np.r_"].contains(&name);
    let axes: Vec<usize> = all.iter().map(|one| axes_of(one, run)).collect::<Option<_>>()?;
    let is_number = |(one, axes): (&Expression, &usize)| *axes == 0 && !is_literal(one);
    let fits = name != "np.array" || axes.iter().all(|axes| *axes == 0);
    if !takes || !fits || !all.iter().zip(&axes).any(is_number) {
        return None;
    }
    let make = |kind: ExpressionKind| Expression { kind, span: part.span };
    let flat = |(one, axes): (&Expression, &usize)| match is_number((one, axes)) {
        true => {
            let ravel = make(ExpressionKind::Attribute(Box::new(one.clone()), "ravel".to_owned()));
            make(ExpressionKind::Call(Box::new(ravel), vec![]))
        }
        false => one.clone(),
    };
    let all = make(ExpressionKind::List(all.iter().zip(&axes).map(flat).collect()));
    let function = make(ExpressionKind::Attribute(Box::new(name_at("np", part)), "hstack".to_owned()));
    Some(make(ExpressionKind::Call(Box::new(function), vec![Argument { name: None, value: all }])))
}

fn is_literal(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Negate(one) => is_literal(one),
        ExpressionKind::Int(_) | ExpressionKind::Float(_) => true,
        _ => false,
    }
}

/// An expression in which `np.vstack` is given what has two axes already: vectors as rows, several numbers as a column.
pub(super) fn upright(expression: &Expression, run: &mut Interpreter) -> Expression {
    replaced(expression, &mut |part| {
        if let ExpressionKind::Subscript(of, index) = &part.kind
            && let ExpressionKind::Tuple(all) = &index.kind
        {
            return in_a_row(&written(of), part, all, run);
        }
        let ExpressionKind::Call(function, arguments) = &part.kind else { return None };
        let name = written(function);
        let is_stack = ["np.vstack", "numpy.vstack", "np.row_stack", "numpy.row_stack", "vstack"]
            .contains(&name.as_str());
        let [Argument { name: None, value }] = arguments.as_slice() else { return None };
        if let (false, ExpressionKind::Tuple(all) | ExpressionKind::List(all)) = (is_stack, &value.kind) {
            return in_a_row(&name, part, all, run);
        }
        let (true, ExpressionKind::Tuple(all) | ExpressionKind::List(all)) = (is_stack, &value.kind) else {
            return None;
        };
        let axes: Option<Vec<usize>> = all.iter().map(|one| axes_of(one, run)).collect();
        let axes = axes?;
        if axes.iter().all(|axes| *axes == 2) {
            return None;
        }
        let make = |kind: ExpressionKind| Expression { kind, span: part.span };
        let numpy = |name: &str, all: Vec<Expression>| {
            let function = make(ExpressionKind::Attribute(Box::new(name_at("np", part)), name.to_owned()));
            let argument = Argument { name: None, value: make(ExpressionKind::List(all)) };
            make(ExpressionKind::Call(Box::new(function), vec![argument]))
        };
        let shaped = |of: Expression, sizes: [i64; 2]| {
            let function = make(ExpressionKind::Attribute(Box::new(of), "reshape".to_owned()));
            let size = |size: i64| match size {
                -1 => make(ExpressionKind::Negate(Box::new(make(ExpressionKind::Int(1))))),
                size => make(ExpressionKind::Int(size)),
            };
            let arguments = sizes.map(|own| Argument { name: None, value: size(own) }).to_vec();
            make(ExpressionKind::Call(Box::new(function), arguments))
        };
        let raveled = |of: Expression| {
            let ravel = make(ExpressionKind::Attribute(Box::new(of), "ravel".to_owned()));
            make(ExpressionKind::Call(Box::new(ravel), vec![]))
        };
        // Numbers that follow each other are one column.
        let (mut parts, mut numbers) = (Vec::new(), Vec::new());
        for (one, axes) in all.iter().zip(&axes) {
            let own = upright(one, run);
            if *axes == 0 {
                numbers.push(if is_literal(one) { own } else { raveled(own) });
                continue;
            }
            if !numbers.is_empty() {
                parts.push(shaped(numpy("hstack", std::mem::take(&mut numbers)), [-1, 1]));
            }
            parts.push(if *axes == 1 { shaped(own, [1, -1]) } else { own });
        }
        if !numbers.is_empty() {
            parts.push(shaped(numpy("hstack", numbers), [-1, 1]));
        }
        Some(match parts.len() {
            1 => parts.swap_remove(0),
            _ => numpy("concatenate", parts),
        })
    })
}

/// How many axes a value has.
fn axes_of(expression: &Expression, run: &mut Interpreter) -> Option<usize> {
    match run.value_of(expression).ok()? {
        Value::Array(array) => Some(array.shape().len()),
        Value::Int(_) | Value::Float(_) => Some(0),
        _ => None,
    }
}
