//! Small pieces of expressions, with the obvious simplifications.

use crate::listing::graph::{Bound, Cut};
use crate::listing::language::diagnostics::Span;
use crate::listing::language::functions::Function;
use crate::listing::language::tree::{Binary, Expression, ExpressionKind, Options, Subscript};
use crate::listing::shapes::size::Size;

pub(super) fn expression(kind: ExpressionKind) -> Expression {
    Expression { kind, span: Span::default() }
}

pub(super) fn name(name: String) -> Expression {
    expression(ExpressionKind::Name(name))
}

pub(super) fn number(value: f64) -> Expression {
    if value < 0.0 { negate(number(-value)) } else { expression(ExpressionKind::Number(value)) }
}

pub(super) fn call(function: Function, arguments: Vec<Expression>) -> Expression {
    call_with(function, arguments, Options::default())
}

pub(super) fn call_with(function: Function, arguments: Vec<Expression>, options: Options) -> Expression {
    expression(ExpressionKind::Call(function, arguments, options))
}

pub(super) fn binary(operation: Binary, left: Expression, right: Expression) -> Expression {
    expression(ExpressionKind::Binary(operation, Box::new(left), Box::new(right)))
}

/// `-a`, without two signs in a row.
pub(super) fn negate(inner: Expression) -> Expression {
    match inner.kind {
        ExpressionKind::Negate(inner) => *inner,
        _ => expression(ExpressionKind::Negate(Box::new(inner))),
    }
}

/// `a + b`, or `a - b` if `b` has a sign.
pub(super) fn add(left: Expression, right: Expression) -> Expression {
    match right.kind {
        ExpressionKind::Negate(right) => binary(Binary::Subtract, left, *right),
        // A sign in front of a product belongs to the whole product.
        ExpressionKind::Binary(operation @ (Binary::Multiply | Binary::Divide), first, second)
            if matches!(first.kind, ExpressionKind::Negate(_)) =>
        {
            binary(Binary::Subtract, left, binary(operation, negate(*first), *second))
        }
        _ => binary(Binary::Add, left, right),
    }
}

pub(super) fn subtract(left: Expression, right: Expression) -> Expression {
    binary(Binary::Subtract, left, right)
}

/// `a * b`, leaving out ones.
pub(super) fn multiply(left: Expression, right: Expression) -> Expression {
    let one = |e: &Expression| matches!(e.kind, ExpressionKind::Number(1.0));
    match (one(&left), one(&right)) {
        (true, _) => right,
        (_, true) => left,
        _ => binary(Binary::Multiply, left, right),
    }
}

pub(super) fn transpose(inner: Expression) -> Expression {
    expression(ExpressionKind::Transpose(Box::new(inner)))
}

/// Whether it costs nothing to write it twice.
pub(super) fn is_atom(expression: &Expression) -> bool {
    matches!(expression.kind, ExpressionKind::Name(_) | ExpressionKind::Number(_))
}

/// How many pieces it has.
pub(super) fn weight(expression: &Expression) -> usize {
    let mut count = 1;
    for_children(expression, &mut |child| count += weight(child));
    count
}

/// Calls `f` with every direct part.
pub(super) fn for_children(expression: &Expression, f: &mut dyn FnMut(&Expression)) {
    match &expression.kind {
        ExpressionKind::Number(_) | ExpressionKind::Name(_) => {}
        ExpressionKind::Negate(a) | ExpressionKind::Transpose(a) | ExpressionKind::Length(a, _) => f(a),
        ExpressionKind::Binary(_, a, b) => {
            f(a);
            f(b);
        }
        ExpressionKind::Call(_, arguments, _)
        | ExpressionKind::Helper(_, arguments)
        | ExpressionKind::Tuple(arguments) => arguments.iter().for_each(f),
        ExpressionKind::Subscript(inner, parts) => {
            f(inner);
            for part in parts {
                if let Subscript::Range(start, end) = part {
                    start.iter().chain(end).for_each(&mut *f);
                }
            }
        }
    }
}

/// Replaces every name by the result of `f`.
pub(super) fn rename(expression: &mut Expression, f: &mut dyn FnMut(&str) -> Expression) {
    match &mut expression.kind {
        ExpressionKind::Number(_) => {}
        ExpressionKind::Name(key) => *expression = f(key),
        ExpressionKind::Negate(a) | ExpressionKind::Transpose(a) | ExpressionKind::Length(a, _) => {
            rename(a, f)
        }
        ExpressionKind::Binary(_, a, b) => {
            rename(a, f);
            rename(b, f);
        }
        ExpressionKind::Call(_, arguments, _)
        | ExpressionKind::Helper(_, arguments)
        | ExpressionKind::Tuple(arguments) => arguments.iter_mut().for_each(|a| rename(a, f)),
        ExpressionKind::Subscript(inner, parts) => {
            rename(inner, f);
            for part in parts {
                if let Subscript::Range(start, end) = part {
                    start.iter_mut().chain(end).for_each(|bound| rename(bound, f));
                }
            }
        }
    }
}

/// A cut as it is written. Bounds of a listing are whole numbers.
pub(super) fn subscript(cut: &Cut) -> Subscript {
    let bound = |b: &Option<Bound>| b.as_ref().map(|b| number(b.constant as f64));
    match cut {
        Cut::Index(index) => Subscript::Index(*index),
        Cut::Range(start, end) => Subscript::Range(bound(start), bound(end)),
    }
}

/// The shape of two arrays joined element by element.
pub(super) fn broadcast(a: &[Size], b: &[Size]) -> Vec<Size> {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let mut shape = long.to_vec();
    let offset = long.len() - short.len();
    for (position, size) in short.iter().enumerate() {
        if shape[offset + position].number() == Some(1) {
            shape[offset + position] = size.clone();
        }
    }
    shape
}
