//! The forward half of an adjoint: the lines of the listing whose values the gradients need.

use super::build::{
    add, binary, call, call_with, expression, measured, multiply, name, negate, number, size, subscripts,
    transpose,
};
use super::naming::{part_name, statement, unused};
use crate::listing::graph::{Bound, Graph, NodeId, Op, Reduction};
use crate::listing::language::functions::Function;
use crate::listing::language::tree::{
    Binary, Definition, Expression, ExpressionKind, Options, Statement, Subscript,
};
use std::collections::{HashMap, HashSet};

/// A value without a name that is written with more values than this gets a line of its own, so that what is read
/// twice on every line is not written out twice as often with each of them.
const MOST_WRITTEN: usize = 64;

/// The name under which each node can be read, if it has one.
type Names = Vec<Option<String>>;

/// The forward half.
pub(super) struct Forward<'a> {
    definition: &'a Definition,
    graph: &'a Graph,
    /// Nodes that get a line: named ones and parts of lines whose value is needed.
    own_line: Vec<bool>,
    /// Nodes without a name that are too long to be written where they are read.
    long: Vec<bool>,
}

impl<'a> Forward<'a> {
    pub(super) fn new(definition: &'a Definition, graph: &'a Graph) -> Self {
        let count = graph.nodes.len();
        let mut forward = Self { definition, graph, own_line: vec![false; count], long: vec![false; count] };
        let mut written = vec![1usize; count];
        for node in 0..count {
            if !forward.is_simple(node) {
                written[node] += forward.reads(node).iter().map(|read| written[*read]).sum::<usize>();
                forward.long[node] = written[node] > MOST_WRITTEN;
            }
            if forward.long[node] {
                written[node] = 1;
            }
        }
        forward
    }

    fn is_parameter(&self, node: NodeId) -> bool {
        node < self.graph.parameters.len()
    }

    /// Whether a node can be written without a line: a parameter, a name, a number.
    fn is_simple(&self, node: NodeId) -> bool {
        let n = &self.graph.nodes[node];
        self.is_parameter(node) || n.name.is_some() || matches!(n.op, Op::Number(_))
    }

    /// Whether the value of a node without a name is written where it is read.
    fn is_inline(&self, node: NodeId) -> bool {
        let n = &self.graph.nodes[node];
        n.name.is_none()
            && !self.is_parameter(node)
            && !self.long[node]
            && !matches!(n.op, Op::MatMul { .. } | Op::Put(_))
            && self.reads(node).iter().all(|input| self.is_simple(*input))
    }

    /// The nodes that a node is written with: its inputs and those that measure it.
    fn reads(&self, node: NodeId) -> Vec<NodeId> {
        let mut reads = self.graph.nodes[node].inputs.clone();
        reads.extend(measured(self.graph, node));
        reads
    }

    /// Marks the lines that `nodes` need.
    pub(super) fn need(&mut self, nodes: &[NodeId]) {
        let mut open: Vec<NodeId> = nodes.to_vec();
        while let Some(node) = open.pop() {
            if self.is_parameter(node) || self.own_line[node] {
                continue;
            }
            if self.is_inline(node) {
                open.extend(self.reads(node));
                continue;
            }
            if matches!(self.graph.nodes[node].op, Op::Number(_)) && self.graph.nodes[node].name.is_none() {
                continue;
            }
            self.own_line[node] = true;
            open.extend(self.leaves(node));
        }
    }

    /// The nearest nodes below that have a name.
    fn leaves(&self, node: NodeId) -> Vec<NodeId> {
        let mut leaves = Vec::new();
        let mut open = self.reads(node);
        while let Some(input) = open.pop() {
            let is_named = self.is_parameter(input) || self.graph.nodes[input].name.is_some();
            if is_named || self.own_line[input] || self.long[input] {
                leaves.push(input);
            } else {
                open.extend(self.reads(input));
            }
        }
        leaves
    }

    /// The forward lines, and the name under which each node can be read after them.
    pub(super) fn lines(&self, needed_later: &[NodeId]) -> (Vec<Statement>, Names) {
        let groups = self.groups();
        let always = usize::MAX;
        let mut last_use: Vec<Option<usize>> = vec![None; self.graph.nodes.len()];
        for (at, group) in groups.iter().enumerate() {
            for leaf in group.iter().flat_map(|node| self.leaves(*node)) {
                last_use[leaf] = Some(at);
            }
        }
        for node in needed_later {
            let reads = if self.is_inline(*node) { self.reads(*node) } else { vec![*node] };
            reads.into_iter().for_each(|read| last_use[read] = Some(always));
        }
        let mut names: Names = vec![None; self.graph.nodes.len()];
        let mut holder: HashMap<String, NodeId> = HashMap::new();
        for (id, parameter) in self.graph.parameters.iter().enumerate() {
            names[id] = Some(parameter.clone());
            holder.insert(parameter.clone(), id);
        }
        let mut used = self.used_names();
        let mut body = Vec::new();
        for (at, group) in groups.iter().enumerate() {
            let targets: Vec<String> = group.iter().map(|node| self.target(*node, &mut used)).collect();
            // Written before the old values are renamed: the line itself still reads them under their own names.
            let value = self.line_value(group[0], &names);
            let put = match self.graph.nodes[group[0]].op {
                Op::Put(_) => Some(self.graph.nodes[group[0]].inputs[0]),
                _ => None,
            };
            for target in &targets {
                let Some(old) = holder.get(target).copied() else { continue };
                if last_use[old].is_some_and(|last| last > at) {
                    let kept = unused(&format!("{target}_before"), &mut used);
                    let value = name(target.clone());
                    // An array that changes in place is copied.
                    let value = if put == Some(old) { add(value, number(0.0)) } else { value };
                    body.push(statement(vec![kept.clone()], value, None));
                    names[old] = Some(kept);
                }
            }
            if let Some(base) = put.filter(|base| holder.get(&targets[0]) != Some(base)) {
                let copy = add(self.nested(base, &names), number(0.0));
                body.push(statement(vec![targets[0].clone()], copy, None));
            }
            let part = match &self.graph.nodes[group[0]].op {
                Op::Put(cuts) => Some(subscripts(self.graph, cuts, &|node| self.nested(node, &names))),
                _ => None,
            };
            let comment = self.comment(group[0]);
            for (node, target) in group.iter().zip(&targets) {
                names[*node] = Some(target.clone());
                holder.insert(target.clone(), *node);
            }
            let mut written = statement(targets, value, comment);
            written.targets[0].part = part;
            body.push(written);
        }
        (body, names)
    }

    /// The nodes that share a line: the parts of one split, or one node.
    fn groups(&self) -> Vec<Vec<NodeId>> {
        let mut groups: Vec<Vec<NodeId>> = Vec::new();
        let mut done = vec![false; self.graph.nodes.len()];
        for id in 0..self.graph.nodes.len() {
            let node = &self.graph.nodes[id];
            if !self.own_line[id] || done[id] {
                continue;
            }
            if let Op::Part { index, count, .. } = node.op {
                // The parts of a split are made together.
                let first = id - index;
                let all: Vec<NodeId> = (first..first + count).collect();
                all.iter().for_each(|id| done[*id] = true);
                groups.push(all);
            } else {
                groups.push(vec![id]);
            }
        }
        groups
    }

    fn used_names(&self) -> HashSet<String> {
        let assigned = self.graph.assigned.iter().map(|a| a.name.clone());
        self.graph.parameters.iter().cloned().chain(assigned).collect()
    }

    /// What a line calls its value: its own name, or one that says what is computed for which line.
    fn target(&self, id: NodeId, used: &mut HashSet<String>) -> String {
        let node = &self.graph.nodes[id];
        if let Some(name) = &node.name {
            return name.clone();
        }
        let line = node.statement.and_then(|s| self.definition.body[s].targets.first());
        unused(&part_name(&node.op, line.map(|t| t.name.as_str())), used)
    }

    fn comment(&self, id: NodeId) -> Option<String> {
        let node = &self.graph.nodes[id];
        let statement = node.statement.filter(|_| node.name.is_some())?;
        self.definition.body[statement].comment.clone()
    }

    fn line_value(&self, id: NodeId, names: &[Option<String>]) -> Expression {
        let node = &self.graph.nodes[id];
        let operand = |k: usize| self.nested(node.inputs[k], names);
        if let Op::Put(_) = node.op {
            return operand(1);
        }
        if let Op::Part { count, axis, .. } = node.op {
            let options = Options { axis: (axis != 0).then_some(axis), keep: false };
            return call_with(Function::Split, vec![operand(0), number(count as f64)], options);
        }
        self.operation(id, names)
    }

    /// How a needed value is read behind the forward lines.
    pub(super) fn written(&self, id: NodeId, names: &[Option<String>]) -> Expression {
        if self.is_inline(id) && names[id].is_none() {
            self.operation(id, names)
        } else {
            self.nested(id, names)
        }
    }

    fn nested(&self, id: NodeId, names: &[Option<String>]) -> Expression {
        match &names[id] {
            Some(known) => name(known.clone()),
            None => self.operation(id, names),
        }
    }

    /// An operation with its operands, as it would be written.
    fn operation(&self, id: NodeId, names: &[Option<String>]) -> Expression {
        let node = &self.graph.nodes[id];
        let operand = |k: usize| self.nested(node.inputs[k], names);
        let all = || node.inputs.iter().map(|input| self.nested(*input, names)).collect::<Vec<_>>();
        let length = |bound: &Bound| size(self.graph, bound, &|node| self.nested(node, names));
        let axis_option = |axis: usize| Options { axis: (axis != 0).then_some(axis), keep: false };
        match &node.op {
            Op::Number(value) => number(*value),
            Op::Binary(operation) => binary(*operation, operand(0), operand(1)),
            Op::MatMul { dot: true } => call(Function::Dot, all()),
            Op::MatMul { dot: false } => binary(Binary::MatMul, operand(0), operand(1)),
            Op::Negate => negate(operand(0)),
            Op::Function(function) => call(*function, all()),
            Op::Clip(low, high) => call(Function::Clip, vec![operand(0), number(*low), number(*high)]),
            Op::Slice(cuts) => expression(ExpressionKind::Subscript(
                Box::new(operand(0)),
                subscripts(self.graph, cuts, &|node| self.nested(node, names)),
            )),
            Op::Concatenate(axis) => call_with(Function::Concatenate, all(), axis_option(*axis)),
            Op::Stack(axis) => call_with(Function::Stack, all(), axis_option(*axis)),
            Op::Sum { axis, keep } => call_with(Function::Sum, all(), Options { axis: *axis, keep: *keep }),
            Op::Fill(value, shape) => {
                let mut sizes: Vec<Expression> = shape.iter().map(length).collect();
                match *value {
                    0.0 => call(Function::Zeros, sizes),
                    1.0 => call(Function::Ones, sizes),
                    value if sizes.len() == 1 => call(Function::Full, vec![sizes.remove(0), number(value)]),
                    value => {
                        call(Function::Full, vec![expression(ExpressionKind::List(sizes)), number(value)])
                    }
                }
            }
            Op::FillLike(value) => match *value {
                0.0 => call(Function::ZerosLike, all()),
                1.0 => call(Function::OnesLike, all()),
                value => call(Function::FullLike, vec![operand(0), number(value)]),
            },
            Op::Length(axis) => expression(ExpressionKind::Length(Box::new(operand(0)), *axis)),
            Op::Range { start, step, count } => {
                let range = call(Function::Arange, vec![number(0.0), length(count)]);
                let range = multiply(number(*step), range);
                if *start == 0.0 { range } else { add(number(*start), range) }
            }
            Op::Eye(count) => call(Function::Eye, vec![length(count)]),
            Op::Reduce { by, axis, keep } => {
                let function = match by {
                    Reduction::Largest => Function::Max,
                    Reduction::Smallest => Function::Min,
                    Reduction::Product => Function::Prod,
                };
                call_with(function, all(), Options { axis: *axis, keep: *keep })
            }
            Op::Reshape(sizes) => {
                let sizes = sizes.iter().map(|size| size.as_ref().map_or_else(|| number(-1.0), length));
                expression(ExpressionKind::Reshape(Box::new(operand(0)), sizes.collect()))
            }
            Op::Outer => call(Function::Outer, all()),
            // Parameters have names; the others are written by differentiation only.
            Op::Parameter(position) => name(self.graph.parameters[*position].clone()),
            Op::Transpose => transpose(operand(0)),
            Op::Part { index, count, axis } => {
                let parts = vec![operand(0), number(*count as f64)];
                let split = call_with(Function::Split, parts, axis_option(*axis));
                let part = Subscript::Index(*index as i64);
                expression(ExpressionKind::Subscript(Box::new(split), vec![part]))
            }
            Op::Grow(_) | Op::Put(_) => operand(0),
        }
    }
}
