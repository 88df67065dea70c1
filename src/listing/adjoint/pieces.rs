//! How choices, extremes and what moves numbers hand their gradients on.

use super::build::{add, binary, call, call_with, expression, multiply, number, subscripts, subtract};
use super::reverse::{Reverse, Term};
use super::text::Line;
use crate::listing::graph::{Cut, NodeId};
use crate::listing::language::functions::Function;
use crate::listing::language::tree::{Binary, Expression, ExpressionKind, Options};

impl Reverse<'_> {
    /// The gradient of `np.where` goes to what was chosen.
    pub(super) fn chosen(&mut self, id: NodeId, d: &Term) {
        let inputs = self.graph.nodes[id].inputs.clone();
        let [condition, a, b] = [inputs[0], inputs[1], inputs[2]];
        let where_ = |first: Expression, other: Expression| {
            call(Function::Where, vec![self.value(condition), first, other])
        };
        let (for_a, for_b) = (where_(d.value.clone(), number(0.0)), where_(number(0.0), d.value.clone()));
        self.elementwise(b, condition, d, for_b);
        self.elementwise(a, condition, d, for_a);
    }

    /// The gradient of the largest number goes to where it stands, in equal parts if it stands in several places.
    pub(super) fn largest(&mut self, id: NodeId, options: Options, d: Expression) {
        let from = self.graph.nodes[id].inputs[0];
        let equal = binary(Binary::Equal, self.value(from), self.value(id));
        let count = call_with(Function::Sum, vec![equal.clone()], options);
        let value = binary(Binary::Divide, multiply(d, equal), count);
        self.give(from, value, self.shapes[from].clone());
    }

    /// The gradient of a product goes to each number times all the others: the product of those that are not 0,
    /// divided by the number itself, where no other one is 0.
    pub(super) fn multiplied(&mut self, id: NodeId, options: Options, d: Expression) {
        let from = self.graph.nodes[id].inputs[0];
        let along = Options { keep: options.axis.is_some(), ..options };
        let is_zero = || binary(Binary::Equal, self.value(from), number(0.0));
        let without = call(Function::Where, vec![is_zero(), number(1.0), self.value(from)]);
        let zeros = call_with(Function::Sum, vec![is_zero()], along);
        let whole = call_with(Function::Prod, vec![without.clone()], along);
        let others = binary(Binary::Divide, whole, without);
        let other_is_zero = binary(Binary::Greater, subtract(zeros, is_zero()), number(0.0));
        let others = call(Function::Where, vec![other_is_zero, number(0.0), others]);
        let value = multiply(d, others);
        self.give(from, value, self.shapes[from].clone());
    }

    /// The gradient of a new shape gets the old one.
    pub(super) fn reshape_back(&mut self, from: NodeId, d: Expression) {
        let minus_one = || number(-1.0);
        let sizes = match self.shapes[from].as_slice() {
            [] => {
                let sum = call_with(Function::Sum, vec![d], Options::default());
                return self.give(from, sum, vec![]);
            }
            [_] => vec![minus_one()],
            [rows, ..] => {
                let known = self.sizes.resolve(rows).and_then(|size| size.number());
                let length = || expression(ExpressionKind::Length(Box::new(self.value(from)), 0));
                vec![known.map_or_else(length, |rows| number(rows as f64)), minus_one()]
            }
        };
        let value = expression(ExpressionKind::Reshape(Box::new(d), sizes));
        self.give(from, value, self.shapes[from].clone());
    }

    /// An outer product is linear in both.
    pub(super) fn outer(&mut self, id: NodeId, d: Expression) {
        let [a, b] = [self.graph.nodes[id].inputs[0], self.graph.nodes[id].inputs[1]];
        let sum = |value: Expression| call_with(Function::Sum, vec![value], Options::default());
        let times = |left, right| binary(Binary::MatMul, left, right);
        let (mut for_a, mut for_b) = match (self.shapes[a].is_empty(), self.shapes[b].is_empty()) {
            (false, false) => (times(d.clone(), self.value(b)), times(self.value(a), d)),
            _ => (multiply(d.clone(), self.value(b)), multiply(self.value(a), d)),
        };
        if self.shapes[a].is_empty() || self.shapes[b].is_empty() {
            let flat =
                |value: Expression| expression(ExpressionKind::Reshape(Box::new(value), vec![number(-1.0)]));
            for_a = if self.shapes[a].is_empty() { sum(for_a) } else { flat(for_a) };
            for_b = if self.shapes[b].is_empty() { sum(for_b) } else { flat(for_b) };
        }
        self.give(b, for_b, self.shapes[b].clone());
        self.give(a, for_a, self.shapes[a].clone());
    }

    /// Behind `a[:H] = b` the gradient of the part is that of `b`; the rest is that of `a` before.
    pub(super) fn part_assigned(&mut self, id: NodeId, cuts: &[Cut], d: Expression) {
        let [base, from] = [self.graph.nodes[id].inputs[0], self.graph.nodes[id].inputs[1]];
        let parts = subscripts(self.graph, cuts, &|node| self.value(node));
        if self.active[from] {
            let part = expression(ExpressionKind::Subscript(Box::new(d.clone()), parts.clone()));
            let gone = cuts.iter().filter(|cut| matches!(cut, Cut::Index(_))).count();
            let shape = &self.shapes[from];
            let sum = |axis, keep| call_with(Function::Sum, vec![part.clone()], Options { axis, keep });
            let value = match shape.as_slice() {
                [] => sum(None, false),
                [one] if one.number() == Some(1) && self.shapes[base].len() == gone + 1 => sum(Some(0), true),
                [_] if self.shapes[base].len() == gone + 2 => sum(Some(0), false),
                _ => part,
            };
            // A line of its own: the whole gradient may change in place behind it.
            let wanted = self.graph.nodes[from].name.clone().unwrap_or_else(|| "part".into());
            let value = self.line(format!("d_{wanted}"), value);
            self.give(from, value, self.shapes[from].clone());
        }
        if self.active[base] {
            let wanted = self.wanted_name(base);
            let copy = self.line(wanted, add(d, number(0.0)));
            let target = self.wanted.len() - 1;
            self.lines.push(Line { target, part: Some(parts), adds: false, value: number(0.0) });
            self.give(base, copy, self.shapes[base].clone());
        }
    }
}
