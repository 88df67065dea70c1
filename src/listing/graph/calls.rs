//! Calls of functions, operations between two values, and choices.

use super::bound::Bound;
use super::lower::Lowering;
use super::sizes::written;
use crate::listing::graph::{Cut, Node, NodeId, Op, Reduction};
use crate::listing::language::diagnostics::Span;
use crate::listing::language::functions::Function;
use crate::listing::language::tree::{Binary, Expression, ExpressionKind, Options};

/// What is said where arrays turn out to have another number of axes than `np.hstack` was read with.
const SIDE_BY_SIDE: &str = "write np.concatenate([a, b], axis=0) for vectors, np.concatenate([a, b], axis=1) for \
                            matrices side by side";

impl Lowering<'_> {
    pub(super) fn call(
        &mut self,
        function: Function,
        arguments: &[Expression],
        options: Options,
        span: Span,
    ) -> Option<NodeId> {
        match function {
            Function::Split => {
                let message = "np.split stands alone on its line, a, b = np.split(z, 2), or a part is taken of it, \
                               np.split(z, 2)[0]";
                return self.mistake(span, message);
            }
            Function::Zeros => return self.filled(0.0, arguments, span),
            Function::Ones => return self.filled(1.0, arguments, span),
            Function::Full => return self.full(arguments, span),
            Function::Eye | Function::Arange | Function::Linspace => {
                return self.numbered(function, arguments, span);
            }
            Function::Clip => return self.clip(arguments, span),
            Function::Tile | Function::Repeat => return self.repeated(function, arguments, span),
            _ if function.takes_list() => return self.joined(function, arguments, options, span),
            _ => {}
        }
        let inputs: Vec<Option<NodeId>> = arguments.iter().map(|a| self.expression(a)).collect();
        let inputs: Vec<NodeId> = inputs.into_iter().collect::<Option<_>>()?;
        let first = inputs.first().copied()?;
        let begins = self.graph.nodes.len();
        let options = Options { axis: options.axis.map(|axis| self.axis(first, axis)), ..options };
        let op = match function {
            Function::Mean | Function::Var | Function::Std => {
                let made = self.moments(function, first, options, span);
                self.group(function.name().trim_start_matches("np."), begins, inputs);
                return Some(made);
            }
            Function::Sqrt | Function::Square => return Some(self.composed(function, first, span)),
            Function::Norm if options.axis.is_some() => {
                let squares = self.composed(Function::Square, first, span);
                let sum = Op::Sum { axis: options.axis, keep: options.keep };
                let sum = self.node(sum, vec![squares], span);
                let made = self.composed(Function::Sqrt, sum, span);
                self.group("norm", begins, inputs);
                return Some(made);
            }
            Function::Abs
            | Function::Softplus
            | Function::LogSigmoid
            | Function::Silu
            | Function::Norm
            | Function::Gelu => {
                let made = self.composed(function, first, span);
                self.group(function.name().trim_start_matches("np."), begins, inputs);
                return Some(made);
            }
            Function::LogAddExp => {
                let made = self.log_add_exp(first, inputs[1], span);
                self.group("logaddexp", begins, inputs);
                return Some(made);
            }
            Function::Max => return Some(self.reduced(Reduction::Largest, first, options, span)),
            Function::Min => return Some(self.reduced(Reduction::Smallest, first, options, span)),
            Function::Prod => return Some(self.reduced(Reduction::Product, first, options, span)),
            Function::FullLike => return self.full_like(first, inputs[1], &arguments[1], span),
            Function::Sum => Op::Sum { axis: options.axis, keep: options.keep },
            Function::Dot => Op::MatMul { dot: true },
            Function::Outer => Op::Outer,
            Function::ZerosLike => Op::FillLike(0.0),
            Function::OnesLike => Op::FillLike(1.0),
            other => Op::Function(other),
        };
        Some(self.node(op, inputs, span))
    }

    /// `np.concatenate`, `np.stack` and their kin.
    fn joined(
        &mut self,
        function: Function,
        arguments: &[Expression],
        options: Options,
        span: Span,
    ) -> Option<NodeId> {
        if arguments.is_empty() {
            let message = format!("{} needs at least one array in its list", function.name());
            return self.mistake(span, message);
        }
        let mut inputs: Vec<Option<NodeId>> = Vec::new();
        for argument in arguments {
            match self.list(argument) {
                Some(list) => {
                    let list = list?;
                    inputs.extend((0..list.len()).map(|k| self.member(&list, k as i64, argument.span)));
                }
                None => inputs.push(self.expression(argument)),
            }
        }
        let mut inputs: Vec<NodeId> = inputs.into_iter().collect::<Option<_>>()?;
        let axis = options.axis.unwrap_or(0);
        if matches!(function, Function::HorizontalStack | Function::VerticalStack) {
            for input in &mut inputs {
                if self.is_number(*input) {
                    *input = self.node(Op::Stack(0), vec![*input], span);
                }
            }
        }
        // A number above a column is a column too.
        let columns = |lowering: &Self| inputs.iter().any(|input| lowering.rank(*input) > 1);
        if function == Function::VerticalStack && columns(self) {
            for input in &mut inputs {
                if self.rank(*input) == 1 && self.first_size(*input) == Some(1) {
                    let sizes = vec![Some(Bound::number(1)), Some(Bound::number(1))];
                    *input = self.node(Op::Reshape(sizes), vec![*input], span);
                }
            }
        }
        let op = match function {
            // The new axis of a stack of vectors is the first or the last one.
            Function::Stack if axis > 1 => Op::Stack(1),
            Function::Stack => Op::Stack(axis),
            Function::HorizontalStack => {
                let is_matrix = |input: &NodeId| self.rank(*input) > 1;
                let columns = inputs.iter().any(|input| is_matrix(input) && self.moves(*input));
                let axis = usize::from(columns || inputs.iter().all(is_matrix));
                self.graph.axes.extend(inputs.iter().map(|input| (*input, axis + 1, span, SIDE_BY_SIDE)));
                Op::Concatenate(axis)
            }
            // Published cells keep the input and the state as columns, one below the other.
            Function::VerticalStack if inputs.contains(&0) && !self.is_row() => Op::Concatenate(0),
            Function::VerticalStack if inputs.iter().all(|input| self.rank(*input) == 1) => Op::Stack(0),
            Function::VerticalStack => Op::Concatenate(0),
            _ => Op::Concatenate(self.axis(inputs[0], axis)),
        };
        Some(self.node(op, inputs, span))
    }

    /// Whether the input stands left of a weight, as a column cannot.
    fn is_row(&self) -> bool {
        let product = |node: &Node| matches!(node.op, Op::MatMul { .. }) && node.inputs[0] == 0;
        self.graph.nodes.iter().any(|node| product(node) && self.rank(node.inputs[1]) > 1)
    }

    /// `np.full(n, a)`, with its shape as one argument.
    fn full(&mut self, arguments: &[Expression], span: Span) -> Option<NodeId> {
        let shape = match &arguments[0].kind {
            ExpressionKind::List(sizes) => sizes.as_slice(),
            _ => &arguments[..1],
        };
        let Some(value) = written(&arguments[1]) else {
            let value = self.expression(&arguments[1]);
            let ones = self.filled(1.0, shape, span);
            return Some(self.node(Op::Binary(Binary::Multiply), vec![ones?, value?], span));
        };
        self.filled(value, shape, span)
    }

    fn full_like(&mut self, like: NodeId, value: NodeId, text: &Expression, span: Span) -> Option<NodeId> {
        match written(text) {
            Some(value) => Some(self.node(Op::FillLike(value), vec![like], span)),
            None => {
                let ones = self.node(Op::FillLike(1.0), vec![like], span);
                Some(self.node(Op::Binary(Binary::Multiply), vec![ones, value], span))
            }
        }
    }

    /// `np.max` and its kin. Of rows, the axis is kept and then taken away.
    fn reduced(&mut self, by: Reduction, value: NodeId, options: Options, span: Span) -> NodeId {
        let axis = options.axis;
        let rows = axis == Some(1) && !options.keep;
        let node = self.node(Op::Reduce { by, axis, keep: options.keep || rows }, vec![value], span);
        if !rows {
            return node;
        }
        self.node(Op::Slice(vec![Cut::Range(None, None), Cut::Index(0)]), vec![node], span)
    }

    /// `a + b`, and what is made of several operations: `a // b`, `a % b`.
    pub(super) fn binary(
        &mut self,
        operation: Binary,
        left: NodeId,
        right: NodeId,
        span: Span,
    ) -> Option<NodeId> {
        if operation.compares() && [left, right].iter().any(|side| self.is_written_comparison(*side)) {
            let message = "compare two values at a time: (a > b) * (b > c) is 1 where both hold";
            return self.mistake(span, message);
        }
        let truths = self.is_truth(left) && self.is_truth(right);
        if truths && matches!(operation, Binary::Add | Binary::Subtract | Binary::Divide | Binary::Power) {
            let message =
                "numpy has truth values here, not numbers; multiply one of them by 1.0: 1.0 * (a > b)";
            return self.mistake(span, message);
        }
        let op = match operation {
            Binary::MatMul => Op::MatMul { dot: false },
            Binary::FloorDivide | Binary::Modulo => {
                let ratio = self.node(Op::Binary(Binary::Divide), vec![left, right], span);
                let whole = self.node(Op::Function(Function::Floor), vec![ratio], span);
                if operation == Binary::FloorDivide {
                    return Some(whole);
                }
                let taken = self.node(Op::Binary(Binary::Multiply), vec![right, whole], span);
                return Some(self.node(Op::Binary(Binary::Subtract), vec![left, taken], span));
            }
            other => Op::Binary(other),
        };
        Some(self.node(op, vec![left, right], span))
    }

    /// `-a`
    pub(super) fn negated(&mut self, inner: NodeId, span: Span) -> Option<NodeId> {
        if self.is_truth(inner) {
            let message =
                "numpy has truth values here, which have no sign; write 1 - (a > b) for the opposite";
            return self.mistake(span, message);
        }
        Some(self.node(Op::Negate, vec![inner], span))
    }

    fn is_written_comparison(&self, node: NodeId) -> bool {
        let n = &self.graph.nodes[node];
        n.name.is_none() && self.is_truth(node)
    }

    fn moves(&self, node: NodeId) -> bool {
        !matches!(self.graph.nodes[node].op, Op::Parameter(position) if position > self.states)
    }

    /// `a if c else b`, where the condition is one number whatever the sizes are.
    pub(super) fn choice(&mut self, parts: &[Expression], span: Span) -> Option<NodeId> {
        let made: Vec<Option<NodeId>> = parts.iter().map(|part| self.expression(part)).collect();
        let made: Vec<NodeId> = made.into_iter().collect::<Option<_>>()?;
        if !self.is_number(made[0]) {
            let message = "this condition is an array, which is neither true nor false; choose number by number: \
                           np.where(a > 0, a, b)";
            return self.mistake(parts[0].span, message);
        }
        Some(self.node(Op::Function(Function::Where), made, span))
    }
}
