//! Small pieces of expressions, with the obvious simplifications.

use crate::listing::graph::{Bound, Cut, Graph, Node, NodeId, Op};
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

/// Takes out what turns an array twice.
pub(super) fn tidy(value: &mut Expression) {
    while let ExpressionKind::Transpose(inner) = &mut value.kind {
        match &mut inner.kind {
            ExpressionKind::Transpose(inmost) => *value = (**inmost).clone(),
            ExpressionKind::Call(Function::Outer, two, _) => {
                two.reverse();
                *value = (**inner).clone();
            }
            _ => break,
        }
    }
    for_children_mut(value, &mut tidy);
}

fn for_children_mut(expression: &mut Expression, f: &mut dyn FnMut(&mut Expression)) {
    match &mut expression.kind {
        ExpressionKind::Negate(a) | ExpressionKind::Transpose(a) | ExpressionKind::Length(a, _) => f(a),
        ExpressionKind::Subscript(a, _) | ExpressionKind::Reshape(a, _) => f(a),
        ExpressionKind::Binary(_, a, b) => {
            f(a);
            f(b);
        }
        ExpressionKind::Call(_, arguments, _) => arguments.iter_mut().for_each(f),
        _ => {}
    }
}

/// Whether it costs nothing to write it twice.
pub(super) fn is_atom(expression: &Expression) -> bool {
    matches!(expression.kind, ExpressionKind::Name(_) | ExpressionKind::Number(_))
}

/// How many pieces it has.
pub(super) fn weight(expression: &Expression) -> usize {
    let mut count = 1;
    expression.parts(&mut |child| count += weight(child));
    count
}

/// Replaces every name by the result of `f`.
pub(super) fn rename(expression: &mut Expression, f: &mut dyn FnMut(&str) -> Expression) {
    match &mut expression.kind {
        ExpressionKind::Number(_) => {}
        ExpressionKind::Name(key) => *expression = f(key),
        ExpressionKind::Negate(a) | ExpressionKind::Transpose(a) | ExpressionKind::Length(a, _) => {
            rename(a, f)
        }
        ExpressionKind::Binary(_, a, b) | ExpressionKind::Each(a, _, b) => {
            rename(a, f);
            rename(b, f);
        }
        ExpressionKind::Call(_, arguments, _)
        | ExpressionKind::Helper(_, arguments)
        | ExpressionKind::Choice(arguments)
        | ExpressionKind::List(arguments)
        | ExpressionKind::Tuple(arguments) => arguments.iter_mut().for_each(|a| rename(a, f)),
        ExpressionKind::Reshape(inner, sizes) => {
            rename(inner, f);
            sizes.iter_mut().for_each(|size| rename(size, f));
        }
        ExpressionKind::Subscript(inner, parts) => {
            rename(inner, f);
            rename_subscripts(parts, f);
        }
    }
}

/// The same in the bounds of slices.
pub(super) fn rename_subscripts(parts: &mut [Subscript], f: &mut dyn FnMut(&str) -> Expression) {
    for part in parts {
        if let Subscript::Range(start, end) | Subscript::Stepped(start, end, _) = part {
            start.iter_mut().chain(end).for_each(|bound| rename(bound, f));
        }
    }
}

/// The node whose name a length has, `H = h.shape[0]`, if there is one.
fn named_length(graph: &Graph, node: NodeId, axis: usize) -> Option<NodeId> {
    let is = |n: &Node| n.name.is_some() && n.op == Op::Length(axis) && n.inputs[0] == node;
    graph.nodes.iter().position(is)
}

/// The nodes that the sizes of an operation are written with.
pub(super) fn measured(graph: &Graph, node: NodeId) -> Vec<NodeId> {
    let bounds = graph.nodes[node].op.bounds();
    let lengths = bounds.into_iter().flat_map(|bound| &bound.lengths);
    lengths.map(|(node, axis, _)| named_length(graph, *node, *axis).unwrap_or(*node)).collect()
}

/// A size as it is written; `value` is how a node is.
pub(super) fn size(graph: &Graph, bound: &Bound, value: &dyn Fn(NodeId) -> Expression) -> Expression {
    let mut sum: Option<Expression> = None;
    for (node, axis, times) in &bound.lengths {
        let length = match named_length(graph, *node, *axis) {
            Some(named) => value(named),
            None => expression(ExpressionKind::Length(Box::new(value(*node)), *axis)),
        };
        let term = multiply(number(times.abs() as f64), length);
        sum = Some(match (sum, *times < 0) {
            (None, false) => term,
            (None, true) => negate(term),
            (Some(sum), false) => add(sum, term),
            (Some(sum), true) => subtract(sum, term),
        });
    }
    let constant = number(bound.constant as f64);
    let sum = match sum {
        None => constant,
        Some(sum) if bound.constant == 0 => sum,
        Some(sum) => add(sum, constant),
    };
    if bound.under == 1 { sum } else { binary(Binary::FloorDivide, sum, number(bound.under as f64)) }
}

/// Cuts as they are written.
pub(super) fn subscripts(
    graph: &Graph,
    cuts: &[Cut],
    value: &dyn Fn(NodeId) -> Expression,
) -> Vec<Subscript> {
    let bound = |b: &Option<Bound>| b.as_ref().map(|b| size(graph, b, value));
    let written = cuts.iter().map(|cut| match cut {
        Cut::Index(index) => Subscript::Index(*index),
        Cut::Range(start, end) => Subscript::Range(bound(start), bound(end)),
        Cut::Stepped(start, end, by) => Subscript::Stepped(bound(start), bound(end), *by),
    });
    written.collect()
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
