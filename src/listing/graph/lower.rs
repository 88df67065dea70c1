//! From tree to graph: names are resolved, every operation becomes a node.

use crate::listing::graph::{Assigned, Bound, Cut, Graph, Node, NodeId, Op};
use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::functions::Function;
use crate::listing::language::parse::whole;
use crate::listing::language::tree::{
    Binary, Definition, Expression, ExpressionKind, Options, Statement, Subscript,
};
use crate::ordering::sort_by_key;
use std::collections::HashMap;

/// Listings with more operations are refused, so that a browser reports the mistakes of a listing, or checks its
/// gradients, within 50 ms. NAS, the largest cell here, has about a hundred.
const MOST_NODES: usize = 400;
/// An adjoint has several operations for each of its listing.
const MOST_ADJOINT_NODES: usize = 12 * MOST_NODES;

/// Turns a listing into its graph.
pub(in crate::listing) fn lower(definition: &Definition) -> Result<Graph, Vec<Diagnostic>> {
    let mut lowering = Lowering {
        graph: Graph {
            nodes: Vec::new(),
            parameters: definition.parameters.iter().map(|p| p.name.clone()).collect(),
            assigned: Vec::new(),
            returns: Vec::new(),
        },
        helpers: &definition.helpers,
        values: HashMap::new(),
        statement: None,
        mistakes: Vec::new(),
        inlined: 0,
        most: if definition.name == "step_back" { MOST_ADJOINT_NODES } else { MOST_NODES },
    };
    for (position, parameter) in definition.parameters.iter().enumerate() {
        let id = lowering.node(Op::Parameter(position), vec![], parameter.span);
        lowering.values.insert(parameter.name.clone(), id);
    }
    for constant in &definition.constants {
        let id = lowering.node(Op::Number(constant.value), vec![], constant.span);
        lowering.values.insert(constant.name.clone(), id);
    }
    for (index, statement) in definition.body.iter().enumerate() {
        lowering.statement = Some(index);
        lowering.assignment(index, statement);
    }
    lowering.statement = None;
    for value in &definition.returns {
        if let Some(node) = lowering.expression(value) {
            lowering.graph.returns.push(node);
        }
    }
    if lowering.graph.nodes.len() > lowering.most {
        let message = format!(
            "this listing is too long: it has {} operations, {} are the most",
            lowering.graph.nodes.len(),
            lowering.most
        );
        lowering.mistakes = vec![Diagnostic::new(definition.span, message)];
    }
    if lowering.mistakes.is_empty() { Ok(lowering.graph) } else { Err(lowering.mistakes) }
}

pub(super) struct Lowering<'a> {
    pub(super) graph: Graph,
    /// The functions that may be called.
    pub(super) helpers: &'a [Definition],
    pub(super) values: HashMap<String, NodeId>,
    pub(super) statement: Option<usize>,
    pub(super) mistakes: Vec<Diagnostic>,
    pub(super) most: usize,
    /// How many calls of helpers have been written out.
    pub(super) inlined: usize,
}

impl<'a> Lowering<'a> {
    pub(super) fn mistake(&mut self, span: Span, message: impl Into<String>) -> Option<NodeId> {
        self.mistakes.push(Diagnostic::new(span, message));
        None
    }

    pub(super) fn node(&mut self, op: Op, inputs: Vec<NodeId>, span: Span) -> NodeId {
        self.graph.nodes.push(Node { op, inputs, span, statement: self.statement, name: None });
        self.graph.nodes.len() - 1
    }

    fn assign(&mut self, index: usize, name: &str, node: Option<NodeId>, span: Span) {
        let Some(node) = node else {
            // The line has been reported; a placeholder keeps its name defined.
            let stand_in = self.node(Op::Number(0.0), vec![], span);
            self.values.entry(name.to_string()).or_insert(stand_in);
            return;
        };
        self.graph.nodes[node].name.get_or_insert_with(|| name.to_string());
        self.values.insert(name.to_string(), node);
        let assigned = Assigned { statement: index, line: span.line, name: name.to_string(), node };
        self.graph.assigned.push(assigned);
    }

    pub(super) fn assignment(&mut self, index: usize, statement: &Statement) {
        let first = &statement.targets[0];
        if let Some(parts) = &first.part {
            let value = self.expression(&statement.value);
            let base = self.lookup(&first.name, first.span);
            let cuts = self.cuts(parts);
            let grown = value
                .zip(base)
                .zip(cuts)
                .map(|((value, base), cuts)| self.node(Op::Grow(cuts), vec![base, value], statement.span));
            self.assign(index, &first.name, grown, first.span);
        } else if let ExpressionKind::Call(Function::Split, arguments, options) = &statement.value.kind {
            self.split(index, statement, arguments, *options);
        } else if let ExpressionKind::Tuple(values) = &statement.value.kind {
            // All values are computed before any name changes.
            let made: Vec<Option<NodeId>> = values.iter().map(|value| self.expression(value)).collect();
            for (target, node) in statement.targets.iter().zip(made) {
                self.assign(index, &target.name, node, target.span);
            }
        } else if let (2.., ExpressionKind::Helper(name, arguments)) =
            (statement.targets.len(), &statement.value.kind)
        {
            let made = self.inline(name, arguments, statement.value.span, statement.targets.len());
            for (k, target) in statement.targets.iter().enumerate() {
                self.assign(index, &target.name, made.get(k).copied(), target.span);
            }
        } else if statement.targets.len() > 1 {
            let message = format!(
                "{} names need {} parts; several names at once take their values from np.split(a, {})",
                statement.targets.len(),
                statement.targets.len(),
                statement.targets.len()
            );
            self.mistake(statement.value.span, message);
            for target in &statement.targets {
                self.assign(index, &target.name, None, target.span);
            }
        } else if statement.in_place {
            self.change_in_place(index, statement);
        } else {
            let value = self.expression(&statement.value);
            self.assign(index, &first.name, value, first.span);
        }
    }

    /// `h += a` changes the array: every name that it has means the new value afterwards.
    fn change_in_place(&mut self, index: usize, statement: &Statement) {
        let target = &statement.targets[0];
        let before = self.values.get(&target.name).copied();
        let value = self.expression(&statement.value);
        let (Some(before), Some(value)) = (before, value) else {
            return self.assign(index, &target.name, value, target.span);
        };
        let is_view = |part: NodeId, of: NodeId| {
            let node = &self.graph.nodes[part];
            let views = matches!(node.op, Op::Part { .. } | Op::Slice(_) | Op::Transpose);
            views && node.inputs.first() == Some(&of)
        };
        let shares = |node: NodeId| node != before && (is_view(node, before) || is_view(before, node));
        let mut shared: Vec<&String> =
            self.values.iter().filter(|(_, node)| shares(**node)).map(|(n, _)| n).collect();
        sort_by_key(&mut shared, |name| *name);
        if let Some(other) = shared.first() {
            let name = &target.name;
            let message = format!(
                "`{name}` changes in place here, and `{other}` shares its numbers and would change too; write the line \
                 as {name} = {name} …"
            );
            self.mistake(statement.span, message);
            return;
        }
        let names: Vec<String> =
            self.values.iter().filter(|(_, node)| **node == before).map(|(name, _)| name.clone()).collect();
        self.assign(index, &target.name, Some(value), target.span);
        for name in names {
            self.values.insert(name, value);
        }
    }

    fn split(&mut self, index: usize, statement: &Statement, arguments: &[Expression], options: Options) {
        let source = self.expression(&arguments[0]);
        let (count, targets) = (whole(&arguments[1]), &statement.targets);
        let mut parts = None;
        match count {
            Some(count) if count >= 1 && targets.len() as i64 == count => {
                parts = source.map(|s| (s, count as usize))
            }
            Some(count) if count >= 1 => {
                let (span, names) = (statement.targets[0].span, targets.len());
                let message = format!(
                    "np.split makes {count} parts, but {names} names stand left of =; write {count} names"
                );
                self.mistake(span, message);
            }
            _ => {
                let message = "the second argument of np.split is the number of equal parts: np.split(a, 4)";
                self.mistake(arguments[1].span, message);
            }
        }
        let axis = options.axis.unwrap_or(0);
        for (position, target) in targets.iter().enumerate() {
            let node = parts.map(|(source, count)| {
                self.node(Op::Part { index: position, count, axis }, vec![source], statement.value.span)
            });
            self.assign(index, &target.name, node, target.span);
        }
    }

    fn lookup(&mut self, name: &str, span: Span) -> Option<NodeId> {
        if let Some(node) = self.values.get(name) {
            return Some(*node);
        }
        let mut known: Vec<&str> = self.values.keys().map(String::as_str).collect();
        sort_by_key(&mut known, |name| *name);
        let near = known.iter().find(|k| k.eq_ignore_ascii_case(name));
        let message = match near {
            Some(near) => format!("`{name}` has no value here; did you mean `{near}`?"),
            None => format!(
                "`{name}` has no value here; assign it on a line above, or add it to the parameters of def if \
                 it is a weight"
            ),
        };
        // One complaint for each name is enough.
        let stand_in = self.node(Op::Number(0.0), vec![], span);
        self.values.insert(name.to_string(), stand_in);
        self.mistake(span, message)
    }

    pub(super) fn expression(&mut self, expression: &Expression) -> Option<NodeId> {
        let span = expression.span;
        if self.graph.nodes.len() > self.most {
            return None;
        }
        match &expression.kind {
            ExpressionKind::Number(value) => Some(self.node(Op::Number(*value), vec![], span)),
            ExpressionKind::Name(name) => self.lookup(name, span),
            ExpressionKind::Negate(inner) => {
                let inner = self.expression(inner)?;
                Some(self.node(Op::Negate, vec![inner], span))
            }
            ExpressionKind::Binary(operation, left, right) => {
                let (left, right) = (self.expression(left), self.expression(right));
                let op = match operation {
                    Binary::MatMul => Op::MatMul { dot: false },
                    other => Op::Binary(*other),
                };
                Some(self.node(op, vec![left?, right?], span))
            }
            ExpressionKind::Call(function, arguments, options) => {
                self.call(*function, arguments, *options, span)
            }
            ExpressionKind::Subscript(inner, parts) => {
                let inner = self.expression(inner);
                let cuts = self.cuts(parts)?;
                Some(self.node(Op::Slice(cuts), vec![inner?], span))
            }
            ExpressionKind::Transpose(inner) => {
                let inner = self.expression(inner)?;
                Some(self.node(Op::Transpose, vec![inner], span))
            }
            ExpressionKind::Helper(name, arguments) => self.inline(name, arguments, span, 1).first().copied(),
            ExpressionKind::Tuple(_) => self.mistake(span, "several values need as many names left of ="),
            ExpressionKind::Length(..) => self.mistake(span, "a length may only stand in a slice"),
        }
    }

    fn call(
        &mut self,
        function: Function,
        arguments: &[Expression],
        options: Options,
        span: Span,
    ) -> Option<NodeId> {
        let axis = options.axis.unwrap_or(0);
        let op = match function {
            Function::Split => {
                let message = "np.split stands alone on its line: a, b = np.split(z, 2)";
                return self.mistake(span, message);
            }
            Function::Zeros | Function::Ones => return self.fill(function, arguments, span),
            Function::Clip => return self.clip(arguments, span),
            Function::Mean | Function::Var | Function::Std => {
                let value = self.expression(&arguments[0])?;
                return Some(self.moments(function, value, options, span));
            }
            Function::Abs | Function::Sqrt | Function::Square | Function::Softplus => {
                let value = self.expression(&arguments[0])?;
                return Some(self.composed(function, value, span));
            }
            Function::LogSigmoid | Function::Silu => {
                let value = self.expression(&arguments[0])?;
                return Some(self.composed(function, value, span));
            }
            Function::Concatenate | Function::Stack if arguments.is_empty() => {
                let message = format!("{} needs at least one array in its list", function.name());
                return self.mistake(span, message);
            }
            Function::Concatenate => Op::Concatenate(axis),
            Function::Stack => Op::Stack(axis),
            Function::Sum => Op::Sum { axis: options.axis, keep: options.keep },
            Function::Dot => Op::MatMul { dot: true },
            Function::Outer => Op::Outer,
            Function::ZerosLike => Op::FillLike(0.0),
            Function::OnesLike => Op::FillLike(1.0),
            other => Op::Function(other),
        };
        let inputs: Vec<Option<NodeId>> = arguments.iter().map(|a| self.expression(a)).collect();
        let inputs: Option<Vec<NodeId>> = inputs.into_iter().collect();
        Some(self.node(op, inputs?, span))
    }

    fn cuts(&mut self, parts: &[Subscript]) -> Option<Vec<Cut>> {
        parts
            .iter()
            .map(|part| match part {
                Subscript::Index(index) => Some(Cut::Index(*index)),
                Subscript::Range(start, end) => {
                    let start = start.as_ref().map(|b| self.bound(b));
                    let end = end.as_ref().map(|b| self.bound(b));
                    Some(Cut::Range(
                        start.map_or(Some(None), |b| b.map(Some))?,
                        end.map_or(Some(None), |b| b.map(Some))?,
                    ))
                }
            })
            .collect()
    }

    /// A bound: whole numbers and lengths, added up.
    fn bound(&mut self, expression: &Expression) -> Option<Bound> {
        if let Some(constant) = whole(expression) {
            return Some(Bound { constant, lengths: vec![] });
        }
        match &expression.kind {
            ExpressionKind::Length(of, axis) => {
                let node = self.expression(of)?;
                Some(Bound { constant: 0, lengths: vec![(node, *axis)] })
            }
            ExpressionKind::Binary(Binary::Add, left, right) => {
                let (mut left, right) = (self.bound(left)?, self.bound(right)?);
                left.constant += right.constant;
                left.lengths.extend(right.lengths);
                Some(left)
            }
            _ => {
                self.mistakes
                    .push(Diagnostic::new(expression.span, "a bound is a sum of whole numbers and lengths"));
                None
            }
        }
    }
}
