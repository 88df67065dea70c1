//! The adjoint as a listing: which forward lines it repeats, and what everything is called.

use super::build::{
    binary, call, call_with, expression, for_children, name, negate, number, rename, subscript, transpose,
};
use crate::listing::graph::{Graph, NodeId, Op};
use crate::listing::language::diagnostics::Span;
use crate::listing::language::functions::Function;
use crate::listing::language::tree::{
    Binary, Definition, Expression, ExpressionKind, Options, Parameter, Statement, Subscript, Target,
};
use std::collections::{HashMap, HashSet};

/// A line of the backward half: gradient number `target` (of a part) gets a value.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) target: usize,
    pub(super) part: Option<Vec<Subscript>>,
    pub(super) value: Expression,
}

/// Puts forward lines and gradients together.
pub(super) fn assemble(
    definition: &Definition,
    graph: &Graph,
    lines: Vec<Line>,
    wanted: Vec<String>,
    leaving: Vec<Expression>,
) -> Definition {
    let mut forward = Forward::new(definition, graph);
    let needed: Vec<NodeId> = lines.iter().flat_map(|line| nodes_in(&line.value)).collect();
    forward.need(&needed);
    let (mut body, names) = forward.lines(&needed);
    let mut taken: HashSet<String> = definition.parameters.iter().map(|p| p.name.clone()).collect();
    taken.extend(body.iter().flat_map(|s| s.targets.iter().map(|t| t.name.clone())));
    let names_of_gradients = name_gradients(&lines, &wanted, (&leaving, graph.returns.len()), &taken);
    if let Some(first) = body.first_mut() {
        first.above = vec!["forward again: the values that the gradients need".into()];
    }
    let mut settle = |key: &str| match key.split_at(1) {
        ("@", n) => name(n.parse::<usize>().map(|n| names_of_gradients[n].clone()).unwrap_or_default()),
        (_, n) => n.parse::<usize>().map(|n| forward.written(n, &names)).unwrap_or_else(|_| number(0.0)),
    };
    let backward = body.len();
    for line in lines {
        let (mut value, target) = (line.value, names_of_gradients[line.target].clone());
        rename(&mut value, &mut settle);
        let mut written = statement(vec![target], value, None);
        written.targets[0].part = line.part;
        body.push(written);
    }
    if let Some(first) = body.get_mut(backward) {
        first.above = vec!["backwards: what each value means for the loss".into()];
    }
    let mut returns = leaving;
    returns.iter_mut().for_each(|value| rename(value, &mut settle));
    let mut parameters = definition.parameters.clone();
    for state in &definition.parameters[1..=graph.returns.len()] {
        parameters.push(Parameter { name: format!("d_{}", state.name), span: Span::default() });
    }
    Definition {
        above: vec![
            "The adjoint of step: from the gradients of the new states to those of all parameters.".into(),
        ],
        helpers: Vec::new(),
        name: "step_back".into(),
        parameters,
        constants: Vec::new(),
        comment: None,
        body,
        returns,
        return_comment: None,
        return_above: vec![],
        return_span: Span::default(),
        span: Span::default(),
    }
}

fn statement(names: Vec<String>, value: Expression, comment: Option<String>) -> Statement {
    let target = |name| Target { name, part: None, span: Span::default() };
    Statement {
        targets: names.into_iter().map(target).collect(),
        value,
        in_place: false,
        comment,
        above: vec![],
        span: Span::default(),
        last_line: 0,
    }
}

/// The forward nodes whose values an expression reads.
fn nodes_in(expression: &Expression) -> Vec<NodeId> {
    let mut found = Vec::new();
    visit(expression, &mut |key| found.extend(key.strip_prefix('%').and_then(|n| n.parse::<usize>().ok())));
    found
}

fn visit(expression: &Expression, f: &mut dyn FnMut(&str)) {
    if let ExpressionKind::Name(key) = &expression.kind {
        f(key);
    }
    for_children(expression, &mut |child| visit(child, f));
}

/// A gradient gets its preferred name unless another one that is still read has it.
fn name_gradients(
    lines: &[Line],
    wanted: &[String],
    (leaving, incoming): (&[Expression], usize),
    taken: &HashSet<String>,
) -> Vec<String> {
    let mut last_use = vec![0; wanted.len()];
    let mut note = |value: &Expression, at: usize| {
        visit(value, &mut |key| {
            if let Some(n) = key.strip_prefix('@').and_then(|n| n.parse::<usize>().ok()) {
                last_use[n] = at;
            }
        });
    };
    for (at, line) in lines.iter().enumerate() {
        note(&line.value, at);
    }
    leaving.iter().for_each(|value| note(value, lines.len()));
    let mut names: Vec<String> = wanted.to_vec();
    let mut holder: HashMap<String, usize> = (0..incoming).map(|n| (wanted[n].clone(), n)).collect();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.part.is_none()) {
        let free = |candidate: &String| {
            let read = holder.get(candidate).is_some_and(|other| last_use[*other] > at);
            !read && !taken.contains(candidate)
        };
        let base = &wanted[line.target];
        let mut candidates = std::iter::once(base.clone()).chain((2..).map(|k| format!("{base}_{k}")));
        let chosen = candidates.find(free).unwrap_or_else(|| base.clone());
        holder.insert(chosen.clone(), line.target);
        names[line.target] = chosen;
    }
    names
}

/// The forward half.
struct Forward<'a> {
    definition: &'a Definition,
    graph: &'a Graph,
    /// Nodes that get a line: named ones and parts of lines whose value is needed.
    own_line: Vec<bool>,
}

impl<'a> Forward<'a> {
    fn new(definition: &'a Definition, graph: &'a Graph) -> Self {
        Self { definition, graph, own_line: vec![false; graph.nodes.len()] }
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
            && !matches!(n.op, Op::MatMul { .. })
            && n.inputs.iter().all(|input| self.is_simple(*input))
    }

    /// Marks the lines that `nodes` need.
    fn need(&mut self, nodes: &[NodeId]) {
        let mut open: Vec<NodeId> = nodes.to_vec();
        while let Some(node) = open.pop() {
            if self.is_parameter(node) || self.own_line[node] {
                continue;
            }
            if self.is_inline(node) {
                open.extend(&self.graph.nodes[node].inputs);
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
        let mut open = self.graph.nodes[node].inputs.clone();
        while let Some(input) = open.pop() {
            if self.is_parameter(input) || self.graph.nodes[input].name.is_some() || self.own_line[input] {
                leaves.push(input);
            } else {
                open.extend(&self.graph.nodes[input].inputs);
            }
        }
        leaves
    }

    /// The forward lines, and the name under which each node can be read after them.
    fn lines(&self, needed_later: &[NodeId]) -> (Vec<Statement>, HashMap<NodeId, String>) {
        let groups = self.groups();
        let always = usize::MAX;
        let mut last_use: HashMap<NodeId, usize> = HashMap::new();
        for (at, group) in groups.iter().enumerate() {
            for leaf in group.iter().flat_map(|node| self.leaves(*node)) {
                last_use.insert(leaf, at);
            }
        }
        for node in needed_later {
            let reads =
                if self.is_inline(*node) { self.graph.nodes[*node].inputs.clone() } else { vec![*node] };
            last_use.extend(reads.into_iter().map(|read| (read, always)));
        }
        let mut names: HashMap<NodeId, String> = HashMap::new();
        let mut holder: HashMap<String, NodeId> = HashMap::new();
        for (id, parameter) in self.graph.parameters.iter().enumerate() {
            names.insert(id, parameter.clone());
            holder.insert(parameter.clone(), id);
        }
        let mut used = self.used_names();
        let mut body = Vec::new();
        for (at, group) in groups.iter().enumerate() {
            let targets: Vec<String> = group.iter().map(|node| self.target(*node, &mut used)).collect();
            // Written before the old values are renamed: the line itself still reads them under their own names.
            let value = self.line_value(group[0], &names);
            for target in &targets {
                let Some(old) = holder.get(target).copied() else { continue };
                if last_use.get(&old).is_some_and(|last| *last > at) {
                    let kept = unused(&format!("{target}_before"), &mut used);
                    body.push(statement(vec![kept.clone()], name(target.clone()), None));
                    names.insert(old, kept);
                }
            }
            let comment = self.comment(group[0]);
            for (node, target) in group.iter().zip(&targets) {
                names.insert(*node, target.clone());
                holder.insert(target.clone(), *node);
            }
            body.push(statement(targets, value, comment));
        }
        (body, names)
    }

    /// The nodes that share a line: the parts of one split, or one node.
    fn groups(&self) -> Vec<Vec<NodeId>> {
        let mut groups: Vec<Vec<NodeId>> = Vec::new();
        let mut done = HashSet::new();
        for id in 0..self.graph.nodes.len() {
            let node = &self.graph.nodes[id];
            if !self.own_line[id] || done.contains(&id) {
                continue;
            }
            if let Op::Part { .. } = node.op {
                let all = (0..self.graph.nodes.len()).filter(|other| {
                    let o = &self.graph.nodes[*other];
                    o.statement == node.statement && matches!(o.op, Op::Part { .. })
                });
                let all: Vec<NodeId> = all.collect();
                done.extend(all.iter().copied());
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

    fn line_value(&self, id: NodeId, names: &HashMap<NodeId, String>) -> Expression {
        let node = &self.graph.nodes[id];
        let operand = |k: usize| self.nested(node.inputs[k], names);
        if let Op::Part { count, axis, .. } = node.op {
            let options = Options { axis: (axis != 0).then_some(axis), keep: false };
            return call_with(Function::Split, vec![operand(0), number(count as f64)], options);
        }
        self.operation(id, names)
    }

    /// How a needed value is read behind the forward lines.
    fn written(&self, id: NodeId, names: &HashMap<NodeId, String>) -> Expression {
        if self.is_inline(id) && !names.contains_key(&id) {
            self.operation(id, names)
        } else {
            self.nested(id, names)
        }
    }

    fn nested(&self, id: NodeId, names: &HashMap<NodeId, String>) -> Expression {
        match names.get(&id) {
            Some(known) => name(known.clone()),
            None => self.operation(id, names),
        }
    }

    /// An operation with its operands, as it would be written.
    fn operation(&self, id: NodeId, names: &HashMap<NodeId, String>) -> Expression {
        let node = &self.graph.nodes[id];
        let operand = |k: usize| self.nested(node.inputs[k], names);
        let all = || node.inputs.iter().map(|input| self.nested(*input, names)).collect::<Vec<_>>();
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
                cuts.iter().map(subscript).collect(),
            )),
            Op::Concatenate(axis) => call_with(Function::Concatenate, all(), axis_option(*axis)),
            Op::Stack(axis) => call_with(Function::Stack, all(), axis_option(*axis)),
            Op::Sum { axis, keep } => call_with(Function::Sum, all(), Options { axis: *axis, keep: *keep }),
            Op::Fill(value, shape) => {
                let function = if *value == 1.0 { Function::Ones } else { Function::Zeros };
                call(function, shape.iter().map(|n| number(*n as f64)).collect())
            }
            Op::FillLike(value) => {
                call(if *value == 1.0 { Function::OnesLike } else { Function::ZerosLike }, all())
            }
            // Parameters have names; the others are written by differentiation only.
            Op::Parameter(position) => name(self.graph.parameters[*position].clone()),
            Op::Transpose => transpose(operand(0)),
            Op::Part { .. } | Op::Outer | Op::Grow(_) => operand(0),
        }
    }
}

/// What a part of a line without a name of its own is called: `tanh_c` is a tanh in the line of `c`.
pub(super) fn part_name(op: &Op, line: Option<&str>) -> String {
    let what = match op {
        Op::Function(function) => function.name().trim_start_matches("np."),
        Op::Binary(Binary::Add) => "sum",
        Op::Binary(Binary::Multiply) | Op::MatMul { .. } => "product",
        _ => "part",
    };
    line.map_or(what.to_string(), |line| format!("{what}_{line}"))
}

/// `base`, or `base_2`, `base_3` … if that is taken.
fn unused(base: &str, used: &mut HashSet<String>) -> String {
    let mut candidates = std::iter::once(base.to_string()).chain((2..).map(|k| format!("{base}_{k}")));
    let chosen = candidates.find(|c| !used.contains(c)).unwrap_or_else(|| base.to_string());
    used.insert(chosen.clone());
    chosen
}
