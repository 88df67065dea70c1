//! How each operation hands its gradient on to its operands.

use super::build::{
    add, binary, broadcast, call, call_with, expression, multiply, negate, number, subtract, transpose,
};
use super::reverse::{Reverse, Term};
use crate::listing::graph::{NodeId, Op, Reduction};
use crate::listing::language::functions::Function;
use crate::listing::language::tree::{Binary, Expression, ExpressionKind, Options, Subscript};
use crate::listing::shapes::size::Size;

impl Reverse<'_> {
    /// Hands the gradient `d` of node `id` on.
    pub(super) fn hand_on(&mut self, id: NodeId, d: Term) {
        let graph = self.graph;
        let node = &graph.nodes[id];
        let first = node.inputs.first().copied().unwrap_or(id);
        match &node.op {
            Op::Parameter(_) | Op::Number(_) | Op::Fill(..) | Op::FillLike(_) => {}
            Op::Length(_) | Op::Range { .. } | Op::Eye(_) => {}
            // Written by differentiation only.
            Op::Grow(_) => {}
            Op::Outer => self.outer(id, d.value),
            Op::Reduce { by, axis, keep } => {
                let options = Options { axis: *axis, keep: *keep };
                match by {
                    Reduction::Product => self.multiplied(id, options, d.value),
                    _ => self.largest(id, options, d.value),
                }
            }
            Op::Reshape(_) => self.reshape_back(first, d.value),
            Op::Put(cuts) => self.part_assigned(id, cuts, d.value),
            Op::Transpose => {
                let reversed = d.shape.iter().rev().cloned().collect();
                self.give(first, transpose(d.value), reversed);
            }
            Op::Binary(operation) => self.binary(id, *operation, d),
            Op::MatMul { dot } => self.product(id, *dot, d.value),
            Op::Negate => self.give(first, negate(d.value), d.shape),
            Op::Function(function) => self.function(id, *function, d),
            Op::Clip(low, high) => {
                let y = self.value(id);
                let inside = multiply(
                    binary(Binary::Greater, y.clone(), number(*low)),
                    binary(Binary::Less, y, number(*high)),
                );
                self.elementwise(first, id, &d, multiply(d.value.clone(), inside));
            }
            Op::Part { .. } => {
                let value = self.taken(first, d.value, d.shape).0;
                self.arriving[first].parts.push((id, value));
            }
            Op::Slice(_) => {
                let value = self.taken(first, d.value, d.shape).0;
                self.arriving[first].slices.push((id, value));
            }
            Op::Concatenate(axis) => self.pieces(id, *axis, &d.value),
            Op::Stack(axis) => {
                for (k, input) in node.inputs.iter().enumerate() {
                    let mut parts = vec![Subscript::Range(None, None); *axis];
                    parts.push(Subscript::Index(k as i64));
                    let part = expression(ExpressionKind::Subscript(Box::new(d.value.clone()), parts));
                    self.give(*input, part, self.shapes[*input].clone());
                }
            }
            Op::Sum { axis: Some(1), keep: false } => {
                let ones = transpose(call(Function::OnesLike, vec![self.value(first)]));
                let spread = transpose(multiply(ones, d.value));
                self.give(first, spread, self.shapes[first].clone());
            }
            Op::Sum { .. } => self.give(first, d.value, d.shape),
        }
    }

    /// Adds a term to what arrives at a node that depends on a parameter.
    pub(super) fn give(&mut self, to: NodeId, value: Expression, shape: Vec<Size>) {
        if self.active[to] {
            let (value, shape) = self.taken(to, value, shape);
            // What was broadcast is summed here, so that the terms of one node have one shape at most.
            let value = if self.is_larger(&shape, to) { self.fit(value, &shape, to) } else { value };
            let shape = if self.is_larger(&shape, to) { self.shapes[to].clone() } else { shape };
            self.arriving[to].terms.push(Term { value, shape });
        }
    }

    /// What the visited node hands to `to`, with zeros where no choice around it takes it.
    fn taken(&self, to: NodeId, mut value: Expression, mut shape: Vec<Size>) -> (Expression, Vec<Size>) {
        for (condition, holds) in self.guards.left(self.visited, to) {
            let (first, second) = if holds { (value, number(0.0)) } else { (number(0.0), value) };
            value = call(Function::Where, vec![self.value(condition), first, second]);
            shape = broadcast(&shape, &self.shapes[condition]);
        }
        (value, shape)
    }

    fn is_larger(&self, shape: &[Size], to: NodeId) -> bool {
        broadcast(shape, &self.shapes[to]) != self.shapes[to]
    }

    /// Like `give`, for a gradient that has met the value of node `met`.
    pub(super) fn elementwise(&mut self, to: NodeId, met: NodeId, d: &Term, value: Expression) {
        let shape = broadcast(&d.shape, &self.shapes[met]);
        self.give(to, value, shape);
    }

    fn binary(&mut self, id: NodeId, operation: Binary, d: Term) {
        let [a, b] = [self.graph.nodes[id].inputs[0], self.graph.nodes[id].inputs[1]];
        let (va, vb) = (self.value(a), self.value(b));
        match operation {
            Binary::Add => {
                self.give(b, d.value.clone(), d.shape.clone());
                self.give(a, d.value, d.shape);
            }
            Binary::Subtract => {
                self.give(b, negate(d.value.clone()), d.shape.clone());
                self.give(a, d.value, d.shape);
            }
            Binary::Multiply => {
                self.elementwise(b, a, &d, multiply(d.value.clone(), va));
                self.elementwise(a, b, &d, multiply(d.value.clone(), vb));
            }
            Binary::Divide => {
                let square = binary(Binary::Power, vb.clone(), number(2.0));
                let right = binary(Binary::Divide, multiply(negate(d.value.clone()), va), square);
                let shape = broadcast(&d.shape, &self.shapes[id]);
                self.give(b, right, shape.clone());
                self.give(a, binary(Binary::Divide, d.value, vb), shape);
            }
            Binary::Power => self.power(id, (a, b), d),
            // A comparison does not change for a small change of its sides.
            _ => {}
        }
    }

    fn power(&mut self, id: NodeId, (a, b): (NodeId, NodeId), d: Term) {
        let (va, vb) = (self.value(a), self.value(b));
        let shape = broadcast(&d.shape, &self.shapes[id]);
        if self.active[b] {
            let log = call(Function::Log, vec![va.clone()]);
            let value = multiply(multiply(d.value.clone(), self.value(id)), log);
            self.give(b, value, shape.clone());
        }
        let slope = match self.graph.nodes[b].op {
            Op::Number(1.0) => number(1.0),
            Op::Number(2.0) => multiply(number(2.0), va),
            Op::Number(n) => multiply(number(n), binary(Binary::Power, va, number(n - 1.0))),
            _ => multiply(vb.clone(), binary(Binary::Power, va, subtract(vb, number(1.0)))),
        };
        self.give(a, multiply(d.value, slope), shape);
    }

    /// Gradients of a product: the other factor, from the other side.
    fn product(&mut self, id: NodeId, dot: bool, d: Expression) {
        let [a, b] = [self.graph.nodes[id].inputs[0], self.graph.nodes[id].inputs[1]];
        let (va, vb) = (self.value(a), self.value(b));
        let times = |left: Expression, right: Expression| {
            if dot { call(Function::Dot, vec![left, right]) } else { binary(Binary::MatMul, left, right) }
        };
        let outer = |left: Expression, right: Expression| call(Function::Outer, vec![left, right]);
        let (for_a, for_b) = match (self.shapes[a].len(), self.shapes[b].len()) {
            (1, 1) => (multiply(d.clone(), vb), multiply(d, va)),
            (1, _) => (times(d.clone(), transpose(vb)), outer(va, d)),
            (_, 1) => (outer(d.clone(), vb), times(transpose(va), d)),
            _ => (times(d.clone(), transpose(vb)), times(transpose(va), d)),
        };
        self.give(b, for_b, self.shapes[b].clone());
        self.give(a, for_a, self.shapes[a].clone());
    }

    fn function(&mut self, id: NodeId, function: Function, d: Term) {
        let inputs = self.graph.nodes[id].inputs.clone();
        let (a, y) = (inputs[0], self.value(id));
        let greater = |l: &Expression, r: &Expression| binary(Binary::Greater, l.clone(), r.clone());
        let value = d.value.clone();
        let zero = || number(0.0);
        let one = || number(1.0);
        let result = match function {
            Function::Tanh => multiply(value, subtract(one(), binary(Binary::Power, y, number(2.0)))),
            Function::Sigmoid => multiply(multiply(value, y.clone()), subtract(one(), y)),
            Function::Exp => multiply(value, y),
            Function::Log => binary(Binary::Divide, value, self.value(a)),
            Function::Log1p => binary(Binary::Divide, value, add(one(), self.value(a))),
            Function::Expm1 => multiply(value, add(y, one())),
            Function::Sin => multiply(value, call(Function::Cos, vec![self.value(a)])),
            Function::Cos => multiply(negate(value), call(Function::Sin, vec![self.value(a)])),
            Function::Arctan => {
                let square = binary(Binary::Power, self.value(a), number(2.0));
                binary(Binary::Divide, value, add(one(), square))
            }
            Function::Where => return self.chosen(id, &d),
            Function::Relu => multiply(value, greater(&y, &zero())),
            Function::HardSigmoid => {
                let slope = multiply(value, number(0.2));
                multiply(multiply(slope, greater(&y, &zero())), binary(Binary::Less, y, one()))
            }
            Function::Softmax => {
                let mean =
                    call_with(Function::Sum, vec![multiply(value.clone(), y.clone())], Default::default());
                multiply(y, subtract(value, mean))
            }
            Function::Maximum | Function::Minimum => return self.extreme(id, function, &d),
            // Every other function is an operation of its own.
            _ => return,
        };
        self.elementwise(a, id, &d, result);
    }

    /// The gradient of the larger or smaller of two goes to the one that was taken, to the left one if they are equal.
    fn extreme(&mut self, id: NodeId, function: Function, d: &Term) {
        let [a, b] = [self.graph.nodes[id].inputs[0], self.graph.nodes[id].inputs[1]];
        let (mut high, mut low) = (self.value(a), self.value(b));
        let (left, right) = if function == Function::Maximum {
            (binary(Binary::GreaterEqual, high.clone(), low.clone()), binary(Binary::Greater, low, high))
        } else {
            std::mem::swap(&mut high, &mut low);
            (binary(Binary::GreaterEqual, high.clone(), low.clone()), binary(Binary::Greater, low, high))
        };
        self.elementwise(b, id, d, multiply(d.value.clone(), right));
        self.elementwise(a, id, d, multiply(d.value.clone(), left));
    }

    /// The gradient of a concatenation is cut into its pieces.
    fn pieces(&mut self, id: NodeId, axis: usize, d: &Expression) {
        let inputs = self.graph.nodes[id].inputs.clone();
        let mut start: Option<Expression> = None;
        for (k, input) in inputs.iter().enumerate() {
            let length = self.length(*input, axis);
            let end = match &start {
                None => length,
                Some(start) => sum_of(start.clone(), length),
            };
            let stop = (k + 1 < inputs.len()).then(|| end.clone());
            let mut parts = vec![Subscript::Range(None, None); axis];
            parts.push(Subscript::Range(start.replace(end), stop));
            let piece = expression(ExpressionKind::Subscript(Box::new(d.clone()), parts));
            self.give(*input, piece, self.shapes[*input].clone());
        }
    }

    /// How long a value is along an axis: a number, or the length of a value with a name.
    fn length(&self, node: NodeId, axis: usize) -> Expression {
        let size = self.sizes.resolve(&self.shapes[node][axis]);
        if let Some(known) = size.as_ref().and_then(|s| s.number()) {
            return number(known as f64);
        }
        let same = |other: &NodeId| {
            let named = self.graph.nodes[*other].name.is_some() || *other < self.graph.parameters.len();
            named && self.shapes[*other] == self.shapes[node]
        };
        let named = if same(&node) { Some(node) } else { (0..node).rev().find(same) };
        expression(ExpressionKind::Length(Box::new(self.value(named.unwrap_or(node))), axis))
    }
}

/// `a + b`, adding numbers at once, and what ends with the same: `2 * a`.
fn sum_of(a: Expression, b: Expression) -> Expression {
    let two = |rest: Option<Expression>, times: f64| {
        let times = multiply(number(times), b.clone());
        rest.map_or(times.clone(), |rest| add(rest, times))
    };
    let repeats = |last: &Expression| match &last.kind {
        _ if *last == b => Some(2.0),
        ExpressionKind::Binary(Binary::Multiply, times, of) if **of == b => match times.kind {
            ExpressionKind::Number(times) => Some(times + 1.0),
            _ => None,
        },
        _ => None,
    };
    match (&a.kind, &b.kind) {
        (ExpressionKind::Number(x), ExpressionKind::Number(y)) => number(x + y),
        (_, ExpressionKind::Number(_)) => add(a, b),
        (ExpressionKind::Binary(Binary::Add, rest, last), _) if repeats(last).is_some() => {
            two(Some((**rest).clone()), repeats(last).unwrap_or(2.0))
        }
        _ if repeats(&a).is_some() => two(None, repeats(&a).unwrap_or(2.0)),
        _ => add(a, b),
    }
}
