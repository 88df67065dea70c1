//! How a number is written: its name and position, its formula, the formula with numbers filled in.

use super::digits::{evaluate, power_of_ten, size_text};
use super::elements::{Element, Elements, Made};
use crate::listing::graph::{NodeId, Op, Reduction};
use crate::listing::language::diagnostics::Span;
use crate::listing::language::functions::Function;
use crate::listing::language::printing::{print_expression, print_number};
use crate::listing::language::tree::{Binary, Expression, ExpressionKind};

/// As many more decimals are written at most.
const MOST_EXTRA_DIGITS: usize = 6;

impl Elements<'_> {
    pub(super) fn label(&self, element: Element) -> String {
        match self.name(element.0) {
            Some(name) => self.recording.label(self.pass, element.0, name, element.1),
            None => {
                let expression = self.expression(element, None, false);
                let text = print_expression(&expression);
                if matches!(expression.kind, ExpressionKind::Binary(..)) { format!("({text})") } else { text }
            }
        }
    }

    /// The formula of a number in the names that it reads.
    pub(super) fn formula(&self, element: Element, root: bool) -> String {
        print_expression(&self.expression(element, None, root))
    }

    /// The formula with numbers filled in, with so many digits that they give the number to within half of `unit`; how
    /// many more than usual these are.
    pub(super) fn filled(&self, element: Element, root: bool, unit: i32) -> (String, usize) {
        let limit = 0.5 * power_of_ten(unit);
        let value = f64::from(self.value(element));
        let mut extra = 0;
        loop {
            let expression = self.expression(element, Some(extra), root);
            let is_far = evaluate(&expression).is_some_and(|found| (found - value).abs() > limit);
            if !is_far || extra == MOST_EXTRA_DIGITS {
                return (print_expression(&expression), extra);
            }
            extra += 1;
        }
    }

    fn expression(&self, element: Element, filled: Option<usize>, root: bool) -> Expression {
        let number = || written(self.value(element), filled.unwrap_or(0));
        let node = &self.graph.nodes[element.0];
        match self.made(element, root) {
            Made::Leaf if matches!(node.op, Op::Number(_)) => named(self.whole(element.0)),
            Made::Leaf if matches!(node.op, Op::Length(_)) && self.name(element.0).is_none() => {
                named(print_number(f64::from(self.value(element))))
            }
            Made::Leaf if filled.is_some() => number(),
            Made::Leaf => match (&node.op, self.name(element.0)) {
                (_, Some(known)) => named(self.recording.label(self.pass, element.0, known, element.1)),
                _ => number(),
            },
            Made::Same(inner) => self.expression(inner, filled, false),
            Made::Sum(_) | Made::Products(_) if filled.is_some() => number(),
            Made::Sum(all) => match all.as_slice() {
                [a, b] if matches!(node.op, Op::Grow(_)) => {
                    joined(Binary::Add, self.expression(*a, None, false), self.expression(*b, None, false))
                }
                _ => called(Function::Sum, vec![named(self.whole(node.inputs[0]))]),
            },
            Made::Products(all) => self.sum_of_products(element, &all),
            Made::Operation(_) if matches!(node.op, Op::Function(Function::Softmax)) => {
                match filled.is_some() {
                    true => number(),
                    false => named(format!("softmax({})[{}]", self.whole(node.inputs[0]), element.1)),
                }
            }
            Made::Operation(inputs) if is_product(&node.op) && inputs.len() > MOST_FACTORS => {
                match filled.is_some() {
                    true => number(),
                    false => called(Function::Prod, vec![named(self.whole(node.inputs[0]))]),
                }
            }
            Made::Operation(inputs) => {
                let operands: Vec<Expression> =
                    inputs.iter().map(|inner| self.expression(*inner, filled, false)).collect();
                operation(&node.op, operands).unwrap_or_else(number)
            }
        }
    }

    /// `x @ W[:, 5]`, or one product.
    fn sum_of_products(&self, element: Element, all: &[(Element, Element)]) -> Expression {
        let node = &self.graph.nodes[element.0];
        if let ([(a, b)], Op::Outer) = (all, &node.op) {
            return joined(
                Binary::Multiply,
                self.expression(*a, None, false),
                self.expression(*b, None, false),
            );
        }
        let (a, b) = (node.inputs[0], node.inputs[1]);
        let (left, right) = (self.shape(a).len(), self.shape(b).len());
        let columns = if right == 2 { self.shape(b)[1] } else { 1 };
        let (row, column) = (element.1 / columns, element.1 % columns);
        let left = if left == 2 { format!("{}[{row}]", self.whole(a)) } else { self.whole(a) };
        let right = match (right, self.name(b)) {
            (2, Some(name)) => self.recording.column_label(self.pass, b, name, column),
            (2, None) => format!("{}[:, {column}]", self.whole(b)),
            _ => self.whole(b),
        };
        joined(Binary::MatMul, named(left), named(right))
    }

    /// A whole array as it is written; unnamed values are put in parentheses.
    pub(super) fn whole(&self, node: NodeId) -> String {
        let n = &self.graph.nodes[node];
        match (self.name(node), &n.op) {
            (Some(name), _) => self.recording.called(self.pass, node, name),
            (None, Op::Number(value)) => print_number(*value),
            (None, Op::Transpose) => format!("{}.T", self.whole(n.inputs[0])),
            (None, op) => {
                let operands = n.inputs.iter().map(|input| named(self.whole(*input))).collect();
                let text = operation(op, operands).map(|e| print_expression(&e));
                let text = text.unwrap_or_else(|| "…".into());
                // A call stands by itself.
                if matches!(op, Op::Function(_)) { text } else { format!("({text})") }
            }
        }
    }
}

/// A product is written out with so many factors.
const MOST_FACTORS: usize = 6;

fn is_product(op: &Op) -> bool {
    matches!(op, Op::Reduce { by: Reduction::Product, .. })
}

fn operation(op: &Op, operands: Vec<Expression>) -> Option<Expression> {
    let mut operands = operands.into_iter();
    let first = operands.next()?;
    Some(match op {
        Op::Binary(operation) => joined(*operation, first, operands.next()?),
        Op::Negate => Expression { kind: ExpressionKind::Negate(Box::new(first)), span: Span::default() },
        Op::MatMul { .. } => joined(Binary::MatMul, first, operands.next()?),
        Op::Clip(low, high) => {
            called(Function::Clip, vec![first, written(*low as f32, 0), written(*high as f32, 0)])
        }
        Op::Function(function) => called(*function, std::iter::once(first).chain(operands).collect()),
        op if is_product(op) && operands.len() == 0 => called(Function::Prod, vec![first]),
        op if is_product(op) => {
            operands.fold(first, |product, factor| joined(Binary::Multiply, product, factor))
        }
        _ => return None,
    })
}

fn named(text: String) -> Expression {
    Expression { kind: ExpressionKind::Name(text), span: Span::default() }
}

fn joined(operation: Binary, left: Expression, right: Expression) -> Expression {
    Expression {
        kind: ExpressionKind::Binary(operation, Box::new(left), Box::new(right)),
        span: Span::default(),
    }
}

fn called(function: Function, arguments: Vec<Expression>) -> Expression {
    Expression { kind: ExpressionKind::Call(function, arguments, Default::default()), span: Span::default() }
}

/// A number as it is filled in; its sign is an operation, so that parentheses come out right.
fn written(value: f32, extra: usize) -> Expression {
    let number = named(size_text(value.abs(), extra));
    if value < 0.0 {
        Expression { kind: ExpressionKind::Negate(Box::new(number)), span: Span::default() }
    } else {
        number
    }
}

/// Where position `index` lies along each axis.
pub(super) fn position(shape: &[usize], index: usize) -> Vec<usize> {
    match *shape {
        [] => vec![],
        [_] => vec![index],
        [_, columns, ..] => vec![index / columns.max(1), index % columns.max(1)],
    }
}
