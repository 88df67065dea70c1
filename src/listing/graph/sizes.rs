//! Sizes: lengths of arrays, names that stand for them, and what is computed from them.

use super::bound::Bound;
use super::lower::Lowering;
use crate::listing::graph::{Cut, NodeId, Op};
use crate::listing::language::diagnostics::Span;
use crate::listing::language::functions::Function;
use crate::listing::language::parse::whole;
use crate::listing::language::tree::{Binary, Expression, ExpressionKind, LAST, Subscript};

/// What may be a size.
const A_SIZE: &str = "a size is made of whole numbers and of lengths such as H = h.shape[0], or len(h): a[:H], \
                      a[H:2 * H]; np.split(a, n) cuts an array into n equal parts";

impl Lowering<'_> {
    /// Whether an expression is made of whole numbers and lengths only.
    pub(super) fn is_size(&self, expression: &Expression) -> bool {
        match &expression.kind {
            ExpressionKind::Number(_) => whole(expression).is_some(),
            ExpressionKind::Name(name) => self.sizes.contains_key(name),
            ExpressionKind::Length(..) => true,
            ExpressionKind::Negate(inner) => self.is_size(inner),
            ExpressionKind::Binary(operation, left, right) => {
                let linear = matches!(
                    operation,
                    Binary::Add | Binary::Subtract | Binary::Multiply | Binary::FloorDivide
                );
                linear && self.is_size(left) && self.is_size(right)
            }
            _ => false,
        }
    }

    /// A size; its lengths are those of values that are there already.
    pub(super) fn bound(&mut self, expression: &Expression) -> Option<Bound> {
        if !self.is_size(expression) {
            self.mistake(expression.span, A_SIZE);
            return None;
        }
        let made = self.size(expression);
        if made.is_none() {
            self.mistake(expression.span, A_SIZE);
        }
        made
    }

    fn size(&mut self, expression: &Expression) -> Option<Bound> {
        match &expression.kind {
            ExpressionKind::Name(name) => self.sizes.get(name).cloned(),
            ExpressionKind::Length(of, axis) => {
                let node = self.expression(of)?;
                let axis = self.axis(node, *axis);
                Some(Bound::length(node, axis))
            }
            ExpressionKind::Negate(inner) => self.size(inner)?.times(-1),
            ExpressionKind::Binary(operation, left, right) => {
                let (left, right) = (self.size(left)?, self.size(right)?);
                match (operation, left.known(), right.known()) {
                    (Binary::Add, ..) => left.plus(&right, 1),
                    (Binary::Subtract, ..) => left.plus(&right, -1),
                    (Binary::Multiply, Some(by), _) => right.times(by),
                    (Binary::Multiply, _, Some(by)) => left.times(by),
                    (Binary::FloorDivide, _, Some(by)) => left.divided(by),
                    _ => None,
                }
            }
            _ => whole(expression).map(Bound::number),
        }
    }

    /// The axis that is meant; for the last one, how many axes the value has is remembered, to be checked once its
    /// shape is known.
    pub(super) fn axis(&mut self, node: NodeId, axis: usize) -> usize {
        if axis != LAST {
            return axis;
        }
        let axis = self.rank(node).saturating_sub(1);
        let span = self.graph.nodes[node].span;
        self.graph.axes.push((node, axis + 1, span, "write the number of the last one: axis=0 or axis=1"));
        axis
    }

    pub(super) fn rank(&self, node: NodeId) -> usize {
        self.facts[node].rank
    }

    pub(super) fn is_number(&self, node: NodeId) -> bool {
        self.facts[node].is_number
    }

    pub(super) fn is_truth(&self, node: NodeId) -> bool {
        self.facts[node].is_truth
    }

    pub(super) fn first_size(&self, node: NodeId) -> Option<i64> {
        self.facts[node].rows
    }

    /// `np.zeros`, `np.ones`, `np.full`: one number everywhere.
    pub(super) fn filled(&mut self, value: f64, shape: &[Expression], span: Span) -> Option<NodeId> {
        let bounds: Option<Vec<Bound>> = shape.iter().map(|size| self.length(size)).collect();
        Some(self.node(Op::Fill(value, bounds?), vec![], span))
    }

    /// A size that an array is made with, at least 1.
    pub(super) fn length(&mut self, expression: &Expression) -> Option<Bound> {
        let bound = self.bound(expression)?;
        if bound.known().is_some_and(|size| !(1..=65_536).contains(&size)) {
            let message = "a length is a whole number from 1 to 65536, or that of an array: np.zeros(len(h))";
            self.mistake(expression.span, message);
            return None;
        }
        Some(bound)
    }

    /// `np.eye`, `np.arange` and `np.linspace`.
    pub(super) fn numbered(
        &mut self,
        function: Function,
        arguments: &[Expression],
        span: Span,
    ) -> Option<NodeId> {
        if function == Function::Eye {
            let count = self.length(&arguments[0])?;
            return Some(self.node(Op::Eye(count), vec![], span));
        }
        if function == Function::Arange {
            let (first, end) = (self.bound(&arguments[0])?, self.bound(&arguments[1])?);
            let Some((start, count)) = first.known().zip(end.plus(&first, -1)) else {
                return self
                    .mistake(arguments[0].span, "np.arange begins with a whole number: np.arange(1, n)");
            };
            return Some(self.node(Op::Range { start: start as f64, step: 1.0, count }, vec![], span));
        }
        let ends = [&arguments[0], &arguments[1]].map(written);
        let ([Some(start), Some(end)], Some(count @ 1..=65_536)) =
            (ends, self.size(&arguments[2]).and_then(|n| n.known()))
        else {
            return self.mistake(span, "np.linspace takes three numbers: np.linspace(0, 1, 5)");
        };
        let step = if count > 1 { (end - start) / (count - 1) as f64 } else { 0.0 };
        Some(self.node(Op::Range { start, step, count: Bound::number(count) }, vec![], span))
    }

    /// `a.reshape(4, -1)`.
    pub(super) fn reshaped(&mut self, inner: NodeId, sizes: &[Expression], span: Span) -> Option<NodeId> {
        let mut made = Vec::new();
        for size in sizes {
            made.push(if whole(size) == Some(-1) { None } else { Some(self.length(size)?) });
        }
        if made.iter().filter(|size| size.is_none()).count() > 1 {
            return self.mistake(span, "one size may be left to follow from the others: a.reshape(4, -1)");
        }
        Some(self.node(Op::Reshape(made), vec![inner], span))
    }

    /// `a[…]`.
    pub(super) fn cut_out(&mut self, inner: NodeId, parts: &[Subscript], span: Span) -> Option<NodeId> {
        let all = |part: &Subscript| matches!(part, Subscript::Range(None, None));
        let one = Some(Bound::number(1));
        let sizes = match parts {
            [] => {
                self.graph.axes.push((inner, 0, span, ONE_NUMBER));
                return Some(inner);
            }
            [first, Subscript::NewAxis] if all(first) => vec![None, one],
            [Subscript::NewAxis] => vec![one, None],
            [Subscript::NewAxis, last] if all(last) => vec![one, None],
            _ if parts.contains(&Subscript::NewAxis) => {
                return self.mistake(
                    span,
                    "a new axis makes a column, a[:, None], or a row, a[None, :], of a vector",
                );
            }
            _ => {
                let cuts = self.cuts(parts)?;
                return Some(self.node(Op::Slice(cuts), vec![inner], span));
            }
        };
        // A matrix would get a third axis.
        self.graph.axes.push((inner, 1, span, "only a vector gets a new axis"));
        Some(self.node(Op::Reshape(sizes), vec![inner], span))
    }

    pub(super) fn cuts(&mut self, parts: &[Subscript]) -> Option<Vec<Cut>> {
        parts.iter().map(|part| self.cut(part)).collect()
    }

    fn cut(&mut self, part: &Subscript) -> Option<Cut> {
        let mut ends = |start: &Option<Expression>, end: &Option<Expression>| {
            let start = start.as_ref().map(|bound| self.bound(bound));
            let end = end.as_ref().map(|bound| self.bound(bound));
            Some((start.map_or(Some(None), |b| b.map(Some))?, end.map_or(Some(None), |b| b.map(Some))?))
        };
        match part {
            Subscript::Index(index) => Some(Cut::Index(*index)),
            Subscript::Range(start, end) => ends(start, end).map(|(start, end)| Cut::Range(start, end)),
            Subscript::Stepped(start, end, by) => {
                ends(start, end).map(|(start, end)| Cut::Stepped(start, end, *by))
            }
            Subscript::NewAxis => None,
        }
    }
}

/// What is said where numbers that a condition chooses get an array.
const ONE_NUMBER: &str = "the numbers that a condition chooses take one number, or what the same condition chooses: \
                          z[mask] = h[mask]; or write z = np.where(mask, h, z)";

/// The number that an expression writes.
pub(super) fn written(expression: &Expression) -> Option<f64> {
    match &expression.kind {
        ExpressionKind::Number(value) => Some(*value),
        ExpressionKind::Negate(inner) => written(inner).map(|value| -value),
        _ => None,
    }
}
