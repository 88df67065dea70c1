//! Functions that are made of several operations, and those whose arguments are numbers.

use super::bound::Bound;
use super::lower::Lowering;
use super::sizes::written;
use crate::listing::graph::{NodeId, Op};
use crate::listing::language::diagnostics::Span;
use crate::listing::language::functions::Function;
use crate::listing::language::parse::whole;
use crate::listing::language::tree::{Binary, Expression, ExpressionKind, Options};

impl Lowering<'_> {
    pub(super) fn clip(&mut self, arguments: &[Expression], span: Span) -> Option<NodeId> {
        let value = self.expression(&arguments[0]);
        let (Some(low), Some(high)) = (written(&arguments[1]), written(&arguments[2])) else {
            // Bounds that are computed: the larger of the lower bound and the value, and so on.
            let bounds: Vec<Option<NodeId>> =
                arguments[1..].iter().map(|bound| self.expression(bound)).collect();
            let inner = self.node(Op::Function(Function::Maximum), vec![value?, bounds[0]?], span);
            return Some(self.node(Op::Function(Function::Minimum), vec![inner, bounds[1]?], span));
        };
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
            Function::Norm => {
                let squares = self.composed(Function::Square, a, span);
                let sum = self.node(Op::Sum { axis: None, keep: false }, vec![squares], span);
                self.composed(Function::Sqrt, sum, span)
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
            // 0.5 a (1 + tanh(√(2/π) (a + 0.044715 a³)))
            Function::Gelu => {
                let three = number(self, 3.0);
                let cube = binary(self, Binary::Power, a, three);
                let (small, scale, half) =
                    (number(self, 0.044_715), number(self, 0.797_884_560_802_865_4), number(self, 0.5));
                let cube = binary(self, Binary::Multiply, small, cube);
                let sum = binary(self, Binary::Add, a, cube);
                let bent = binary(self, Binary::Multiply, scale, sum);
                let bent = self.node(Op::Function(Function::Tanh), vec![bent], span);
                let one = number(self, 1.0);
                let gate = binary(self, Binary::Add, one, bent);
                let value = binary(self, Binary::Multiply, half, a);
                binary(self, Binary::Multiply, value, gate)
            }
            // log(1 + exp(a)) = max(a, 0) + log(1 + exp(-|a|)), in which nothing overflows.
            _ => {
                let rest = self.log_of_sum(a, span);
                let positive = self.node(Op::Function(Function::Relu), vec![a], span);
                binary(self, Binary::Add, positive, rest)
            }
        }
    }

    /// log(1 + exp(-|a|))
    fn log_of_sum(&mut self, a: NodeId, span: Span) -> NodeId {
        let size = self.composed(Function::Abs, a, span);
        let minus = self.node(Op::Negate, vec![size], span);
        let small = self.node(Op::Function(Function::Exp), vec![minus], span);
        self.node(Op::Function(Function::Log1p), vec![small], span)
    }

    /// log(exp(a) + exp(b)) = max(a, b) + log(1 + exp(-|a - b|))
    pub(super) fn log_add_exp(&mut self, a: NodeId, b: NodeId, span: Span) -> NodeId {
        let apart = self.node(Op::Binary(Binary::Subtract), vec![a, b], span);
        let rest = self.log_of_sum(apart, span);
        let larger = self.node(Op::Function(Function::Maximum), vec![a, b], span);
        self.node(Op::Binary(Binary::Add), vec![larger, rest], span)
    }
}

/// So many copies are put one behind the other.
const MOST_COPIES: i64 = 64;

impl Lowering<'_> {
    /// `np.tile(a, 2)`, `np.tile(a, (3, 1))` and `np.repeat(a, 2)`.
    pub(super) fn repeated(
        &mut self,
        function: Function,
        arguments: &[Expression],
        span: Span,
    ) -> Option<NodeId> {
        let value = self.expression(&arguments[0])?;
        let times = match &arguments[1].kind {
            ExpressionKind::List(all) if all.len() <= 2 && function == Function::Tile => all.as_slice(),
            _ => &arguments[1..2],
        };
        let rows = self.rank(value) < 2 && !self.is_number(value);
        if let ([rows_of, one], true) = (times, rows)
            && whole(one) == Some(1)
            && whole(rows_of).is_none()
        {
            let count = self.length(rows_of)?;
            let ones = self.node(Op::Fill(1.0, vec![count]), vec![], span);
            return Some(self.node(Op::Outer, vec![ones, value], span));
        }
        let counts: Vec<i64> =
            times.iter().filter_map(whole).filter(|n| (1..=MOST_COPIES).contains(n)).collect();
        let copies = |lowering: &mut Self, value: NodeId, count: i64, axis: usize| {
            let all = vec![value; count as usize];
            if count == 1 { value } else { lowering.node(Op::Concatenate(axis), all, span) }
        };
        match (function, counts.as_slice(), times.len()) {
            (Function::Repeat, [count], 1) if rows => {
                let stacked = self.node(Op::Stack(1), vec![value; *count as usize], span);
                Some(self.node(Op::Reshape(vec![None]), vec![stacked], span))
            }
            (Function::Tile, [count], 1) if rows => Some(copies(self, value, *count, 0)),
            (Function::Tile, [count], 1) if !self.is_number(value) => Some(copies(self, value, *count, 1)),
            (Function::Tile, [down, right], 2) if !self.is_number(value) => {
                let one_row = vec![Some(Bound::number(1)), None];
                let value = if rows { self.node(Op::Reshape(one_row), vec![value], span) } else { value };
                let wide = copies(self, value, *right, 1);
                Some(copies(self, wide, *down, 0))
            }
            _ => {
                let message = "np.tile(a, 2) and np.repeat(a, 2) repeat a vector so often, np.tile(a, (n, 1)) makes n \
                               equal rows of it";
                self.mistake(span, message)
            }
        }
    }
}
