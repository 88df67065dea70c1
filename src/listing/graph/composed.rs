//! Functions that are made of several operations, and those whose arguments are numbers.

use super::lower::Lowering;
use crate::listing::graph::{NodeId, Op};
use crate::listing::language::diagnostics::Span;
use crate::listing::language::functions::Function;
use crate::listing::language::parse::whole;
use crate::listing::language::tree::{Binary, Expression, ExpressionKind, Options};

impl Lowering<'_> {
    pub(super) fn fill(
        &mut self,
        function: Function,
        arguments: &[Expression],
        span: Span,
    ) -> Option<NodeId> {
        let mut shape = Vec::new();
        for argument in arguments {
            match whole(argument) {
                Some(size @ 1..=65_536) => shape.push(size as usize),
                _ => {
                    let message =
                        format!("a length must be a whole number from 1 to 65536: {}", function.example());
                    return self.mistake(argument.span, message);
                }
            }
        }
        let value = if function == Function::Ones { 1.0 } else { 0.0 };
        Some(self.node(Op::Fill(value, shape), vec![], span))
    }

    pub(super) fn clip(&mut self, arguments: &[Expression], span: Span) -> Option<NodeId> {
        let value = self.expression(&arguments[0]);
        let number = |e: &Expression| match &e.kind {
            ExpressionKind::Number(value) => Some(*value),
            ExpressionKind::Negate(inner) => match inner.kind {
                ExpressionKind::Number(value) => Some(-value),
                _ => None,
            },
            _ => None,
        };
        for bound in &arguments[1..] {
            if number(bound).is_none() {
                let message = "the bounds of np.clip are numbers: np.clip(a, -1, 1); \
                               use np.minimum and np.maximum for other bounds";
                return self.mistake(bound.span, message);
            }
        }
        let (low, high) = (number(&arguments[1])?, number(&arguments[2])?);
        if low > high {
            return self
                .mistake(arguments[1].span, "the lower bound of np.clip comes first: np.clip(a, -1, 1)");
        }
        Some(self.node(Op::Clip(low, high), vec![value?], span))
    }

    /// Mean, variance and standard deviation. The mean is the sum, divided by as many ones.
    pub(super) fn moments(
        &mut self,
        function: Function,
        value: NodeId,
        options: Options,
        span: Span,
    ) -> NodeId {
        let keep = options.keep || (function != Function::Mean && options.axis.is_some());
        let mean = self.mean(value, Options { keep, ..options }, span);
        if function == Function::Mean {
            return mean;
        }
        let far = self.node(Op::Binary(Binary::Subtract), vec![value, mean], span);
        let squares = self.composed(Function::Square, far, span);
        let variance = self.mean(squares, options, span);
        if function == Function::Var { variance } else { self.composed(Function::Sqrt, variance, span) }
    }

    fn mean(&mut self, value: NodeId, options: Options, span: Span) -> NodeId {
        let sum = Op::Sum { axis: options.axis, keep: options.keep };
        let ones = self.node(Op::FillLike(1.0), vec![value], span);
        let [total, count] = [value, ones].map(|of| self.node(sum.clone(), vec![of], span));
        self.node(Op::Binary(Binary::Divide), vec![total, count], span)
    }

    /// A function that is made of others.
    pub(super) fn composed(&mut self, function: Function, a: NodeId, span: Span) -> NodeId {
        let number = |lowering: &mut Self, value: f64| lowering.node(Op::Number(value), vec![], span);
        let binary =
            |lowering: &mut Self, operation, a, b| lowering.node(Op::Binary(operation), vec![a, b], span);
        match function {
            Function::Sqrt => {
                let half = number(self, 0.5);
                binary(self, Binary::Power, a, half)
            }
            Function::Square => {
                let two = number(self, 2.0);
                binary(self, Binary::Power, a, two)
            }
            Function::Abs => {
                let minus = self.node(Op::Negate, vec![a], span);
                self.node(Op::Function(Function::Maximum), vec![a, minus], span)
            }
            Function::Silu => {
                let gate = self.node(Op::Function(Function::Sigmoid), vec![a], span);
                binary(self, Binary::Multiply, a, gate)
            }
            Function::LogSigmoid => {
                let minus = self.node(Op::Negate, vec![a], span);
                let softplus = self.composed(Function::Softplus, minus, span);
                self.node(Op::Negate, vec![softplus], span)
            }
            // log(1 + exp(a)) = max(a, 0) + log(1 + exp(-|a|)), in which nothing overflows.
            _ => {
                let size = self.composed(Function::Abs, a, span);
                let minus = self.node(Op::Negate, vec![size], span);
                let small = self.node(Op::Function(Function::Exp), vec![minus], span);
                let one = number(self, 1.0);
                let sum = binary(self, Binary::Add, one, small);
                let rest = self.node(Op::Function(Function::Log), vec![sum], span);
                let positive = self.node(Op::Function(Function::Relu), vec![a], span);
                binary(self, Binary::Add, positive, rest)
            }
        }
    }
}
