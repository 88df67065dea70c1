//! From a listing to its adjoint, which is a listing again.
//!
//! Reverse mode over the graph: the operations are visited from the last to the first, each one hands its gradient
//! on to its operands. Values that have a name in the listing get a line `d_<name> = …` (`dz_<rest>` for names that
//! begin with `z_`); what has none is written into the lines that use it, unless it would be written twice. The
//! forward lines whose values are needed again come first; `<name>_before` keeps a value that is overwritten.

use super::build::{self, add, call, is_atom, number, subscripts, weight};
use super::guards::Guards;
use super::naming;
use super::text::{self, Line};
use crate::listing::graph::{Cut, Graph, NodeId, Op};
use crate::listing::language::diagnostics::Diagnostic;
use crate::listing::language::functions::Function;
use crate::listing::language::tree::{Definition, Expression, ExpressionKind, Options};
use crate::listing::shapes::size::{Size, Sizes};
use crate::ordering::sort_by_key;

/// A gradient that is longer than this gets a line of its own.
const LONGEST_INLINE: usize = 12;
/// So many terms are added on one line.
const MOST_TERMS: usize = 6;

/// The adjoint of a listing, and for each of its lines the node of the listing whose gradient it makes; `shapes` are
/// those of the listing's nodes. Lines that repeat the listing make none, and `fixed` parameters get no gradient.
pub(in crate::listing) fn differentiate(
    definition: &Definition,
    graph: &Graph,
    (shapes, sizes): (&[Vec<Size>], &Sizes),
    fixed: &[NodeId],
) -> Result<(Definition, Vec<Option<NodeId>>), Vec<Diagnostic>> {
    let states = graph.returns.len();
    let assigned = definition.body.iter().flat_map(|s| s.targets.iter().map(|t| (&t.name, t.span)));
    for (name, span) in definition.parameters.iter().map(|p| (&p.name, p.span)).chain(assigned) {
        if definition.parameters[1..=states].iter().any(|s| *name == format!("d_{}", s.name)) {
            let message =
                format!("`{name}` is the name of a gradient in the adjoint; choose another name here");
            return Err(vec![Diagnostic::new(span, message)]);
        }
    }
    let active = graph.varies(fixed);
    let mut reverse = Reverse {
        definition,
        graph,
        shapes,
        sizes,
        guards: Guards::new(graph, shapes, &active),
        active,
        arriving: vec![Arriving::default(); graph.nodes.len()],
        wanted: definition.parameters[1..=states].iter().map(|s| format!("d_{}", s.name)).collect(),
        of: graph.returns.clone(),
        visited: 0,
        lines: Vec::new(),
    };
    for (state, node) in graph.returns.iter().enumerate() {
        let shape = shapes[*node].clone();
        reverse.arriving[*node].terms.push(Term { value: gradient(state), shape });
    }
    let parameters = definition.parameters.len();
    for id in (parameters..graph.nodes.len()).rev() {
        reverse.visit(id);
    }
    // The states come last: their lines may overwrite the gradients that arrived.
    let mut leaving = vec![number(0.0); parameters];
    let weights = (states + 1..parameters).filter(|id| !fixed.contains(id));
    for id in std::iter::once(0).chain(weights).chain(1..=states) {
        leaving[id] = reverse.parameter(id);
    }
    let leaving =
        (0..parameters).zip(leaving).filter(|(id, _)| !fixed.contains(id)).map(|(_, d)| d).collect();
    let of: Vec<NodeId> = reverse.lines.iter().map(|line| reverse.of[line.target]).collect();
    let adjoint = text::assemble(definition, graph, reverse.lines, reverse.wanted, leaving);
    let repeated = adjoint.body.len() - of.len();
    let meanings = std::iter::repeat_n(None, repeated).chain(of.into_iter().map(Some)).collect();
    Ok((adjoint, meanings))
}

/// A part of a gradient and its shape, which may be smaller than the value's where it is the same all over.
#[derive(Debug, Clone)]
pub(super) struct Term {
    pub(super) value: Expression,
    pub(super) shape: Vec<Size>,
}

/// All that arrives at a node.
#[derive(Debug, Clone, Default)]
pub(super) struct Arriving {
    pub(super) terms: Vec<Term>,
    /// Gradients of the parts of `np.split`: node of the part, gradient.
    pub(super) parts: Vec<(NodeId, Expression)>,
    /// Gradients of slices.
    pub(super) slices: Vec<(NodeId, Expression)>,
}

impl Arriving {
    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty() && self.parts.is_empty() && self.slices.is_empty()
    }
}

pub(super) struct Reverse<'a> {
    pub(super) definition: &'a Definition,
    pub(super) graph: &'a Graph,
    pub(super) shapes: &'a [Vec<Size>],
    pub(super) sizes: &'a Sizes,
    /// Whether a node changes with a parameter.
    pub(super) active: Vec<bool>,
    pub(super) guards: Guards,
    pub(super) arriving: Vec<Arriving>,
    /// For each gradient the name it would like to have.
    pub(super) wanted: Vec<String>,
    /// For each gradient the node that it belongs to.
    pub(super) of: Vec<NodeId>,
    /// The node whose gradient is being written.
    pub(super) visited: NodeId,
    pub(super) lines: Vec<Line>,
}

/// The gradient with this number; its name is settled at the end.
fn gradient(number: usize) -> Expression {
    build::name(format!("@{number}"))
}

impl Reverse<'_> {
    /// The value of a node; how it is written is settled at the end.
    pub(super) fn value(&self, node: NodeId) -> Expression {
        match self.graph.nodes[node].op {
            Op::Number(value) => number(value),
            _ => build::name(format!("%{node}")),
        }
    }

    pub(super) fn visit(&mut self, id: NodeId) {
        if self.arriving[id].is_empty() || !self.active[id] {
            return;
        }
        self.visited = id;
        let named = self.graph.nodes[id].name.is_some();
        let wanted = self.wanted_name(id);
        let (mut total, shape) = self.total(id, &wanted);
        let passes = !named && self.passes_small_shapes(id);
        if shape != self.shapes[id] && !passes {
            total = self.fit(total, &shape, id);
        }
        let shape = if passes { shape } else { self.shapes[id].clone() };
        if named {
            total = self.line_unless_there(total, &wanted);
        } else if !is_atom(&total) && (self.uses(id) > 1 || weight(&total) > LONGEST_INLINE) {
            total = self.line(wanted, total);
        }
        self.hand_on(id, Term { value: total, shape });
    }

    /// The gradient of a parameter, on a line of its own.
    pub(super) fn parameter(&mut self, id: NodeId) -> Expression {
        self.visited = id;
        let wanted = format!("d_{}", self.definition.parameters[id].name);
        if self.arriving[id].is_empty() {
            let state = (1..=self.graph.returns.len()).contains(&id);
            let like = if state { gradient(id - 1) } else { self.value(id) };
            return self.line(wanted, call(Function::ZerosLike, vec![like]));
        }
        let (total, shape) = self.total(id, &wanted);
        let total = self.fit(total, &shape, id);
        self.line_unless_there(total, &wanted)
    }

    /// Writes a line for a gradient and gives the gradient.
    pub(super) fn line(&mut self, wanted: String, value: Expression) -> Expression {
        self.wanted.push(wanted);
        self.of.push(self.visited);
        let target = self.wanted.len() - 1;
        self.lines.push(Line { target, part: None, adds: false, value });
        gradient(target)
    }

    pub(super) fn line_unless_there(&mut self, value: Expression, wanted: &str) -> Expression {
        if let ExpressionKind::Name(key) = &value.kind
            && let Some(known) = key.strip_prefix('@').and_then(|n| n.parse::<usize>().ok())
            && self.wanted[known] == wanted
        {
            return value;
        }
        self.line(wanted.to_string(), value)
    }

    /// How often the gradient of a node is written into those of its operands.
    pub(super) fn uses(&self, id: NodeId) -> usize {
        let node = &self.graph.nodes[id];
        let active = node.inputs.iter().filter(|input| self.active[**input]).count();
        match node.op {
            Op::Function(Function::Softmax) => 2,
            _ => active,
        }
    }

    /// Whether a gradient that is smaller than the value may be handed on as it is: it meets the full shape anyway.
    pub(super) fn passes_small_shapes(&self, id: NodeId) -> bool {
        let node = &self.graph.nodes[id];
        match node.op {
            Op::Binary(crate::listing::language::tree::Binary::Multiply) => {
                node.inputs.iter().all(|input| self.shapes[*input] == self.shapes[id])
            }
            Op::Function(f) => node.inputs.len() == 1 && f != Function::Softmax,
            _ => false,
        }
    }

    pub(super) fn wanted_name(&self, id: NodeId) -> String {
        let node = &self.graph.nodes[id];
        if let Some(name) = &node.name {
            let parameter = self.definition.parameters.iter().any(|p| p.name == *name);
            return match name.strip_prefix("z_") {
                Some(rest) if !parameter => format!("dz_{rest}"),
                _ => format!("d_{name}"),
            };
        }
        let parts = &self.arriving[id].parts;
        if !parts.is_empty() {
            let names = parts.iter().filter_map(|(part, _)| self.graph.nodes[*part].name.as_deref());
            return naming::family_name(&names.collect::<Vec<_>>());
        }
        let target = node.statement.and_then(|s| self.definition.body[s].targets.first());
        let line = target.map(|t| t.name.as_str());
        match node.op {
            Op::Binary(
                crate::listing::language::tree::Binary::Add
                | crate::listing::language::tree::Binary::Subtract,
            )
            | Op::MatMul { .. } => {
                line.map_or("dz".into(), |line| format!("dz_{}", line.trim_start_matches("z_")))
            }
            _ => format!("d_{}", naming::part_name(&node.op, line)),
        }
    }

    /// Everything that arrives at a node, added up, and its shape.
    pub(super) fn total(&mut self, id: NodeId, wanted: &str) -> (Expression, Vec<Size>) {
        let arriving = std::mem::take(&mut self.arriving[id]);
        let full = self.shapes[id].clone();
        let mut terms = arriving.terms;
        terms.reverse();
        sort_by_key(&mut terms, |term| rank(&term.value));
        if !arriving.parts.is_empty() {
            for value in self.joined(&arriving.parts) {
                terms.push(Term { value, shape: full.clone() });
            }
        }
        if !arriving.slices.is_empty() {
            let value = self.gathered(id, &arriving.slices, wanted);
            terms.insert(0, Term { value, shape: full });
        }
        self.added(terms, wanted)
    }

    pub(super) fn added(&mut self, terms: Vec<Term>, wanted: &str) -> (Expression, Vec<Size>) {
        let mut sum: Option<Term> = None;
        for (position, term) in terms.into_iter().enumerate() {
            sum = Some(match sum {
                None => term,
                Some(before) => {
                    let shape = build::broadcast(&before.shape, &term.shape);
                    let mut value = add(before.value, term.value);
                    if position % MOST_TERMS == MOST_TERMS - 1 {
                        value = self.line(wanted.to_string(), value);
                    }
                    Term { value, shape }
                }
            });
        }
        // A node is only visited if something arrives.
        sum.map_or((number(0.0), vec![]), |term| (term.value, term.shape))
    }

    /// The gradients of the parts of splits, put together again; a source may be split more than once.
    pub(super) fn joined(&self, parts: &[(NodeId, Expression)]) -> Vec<Expression> {
        let mut families: Vec<(usize, usize, Vec<Option<Expression>>, NodeId)> = Vec::new();
        for (node, value) in parts {
            let Op::Part { index, count, axis } = self.graph.nodes[*node].op else {
                continue;
            };
            let free = |f: &&mut (usize, usize, Vec<Option<Expression>>, NodeId)| {
                (f.0, f.1) == (axis, count) && f.2[index].is_none()
            };
            match families.iter_mut().find(free) {
                Some(family) => family.2[index] = Some(value.clone()),
                None => {
                    let mut members = vec![None; count];
                    members[index] = Some(value.clone());
                    families.push((axis, count, members, *node));
                }
            }
        }
        let zeros = |like: NodeId| call(Function::ZerosLike, vec![self.value(like)]);
        families
            .into_iter()
            .map(|(axis, _, members, like)| {
                let members = members.into_iter().map(|m| m.unwrap_or_else(|| zeros(like))).collect();
                let axis = (axis != 0).then_some(axis);
                build::call_with(Function::Concatenate, members, Options { axis, keep: false })
            })
            .collect()
    }

    /// The gradients of slices, put back into an array of zeros, or stacked if they are all its rows.
    pub(super) fn gathered(
        &mut self,
        id: NodeId,
        slices: &[(NodeId, Expression)],
        wanted: &str,
    ) -> Expression {
        if let Some(rows) = self.all_rows(id, slices) {
            return call(Function::Stack, rows);
        }
        let zeros = call(Function::ZerosLike, vec![self.value(id)]);
        let whole = self.line(wanted.to_string(), zeros);
        let target = self.wanted.len() - 1;
        for (slice, value) in slices.iter().rev() {
            if let Op::Slice(cuts) = &self.graph.nodes[*slice].op {
                let part = Some(subscripts(self.graph, cuts, &|node| self.value(node)));
                self.lines.push(Line { target, part, adds: true, value: value.clone() });
            }
        }
        whole
    }

    pub(super) fn all_rows(&self, id: NodeId, slices: &[(NodeId, Expression)]) -> Option<Vec<Expression>> {
        let count = usize::try_from(self.shapes[id].first()?.number()?).ok()?;
        if self.shapes[id].len() != 2 || slices.len() != count {
            return None;
        }
        let mut rows = vec![None; count];
        for (slice, value) in slices {
            match &self.graph.nodes[*slice].op {
                Op::Slice(cuts) => match cuts.as_slice() {
                    [Cut::Index(index)] => {
                        *rows.get_mut(usize::try_from(*index).ok()?)? = Some(value.clone())
                    }
                    _ => return None,
                },
                _ => return None,
            }
        }
        rows.into_iter().collect()
    }

    /// Brings a gradient to the shape of its value: sums over what was broadcast, ones where it is the same all over.
    pub(super) fn fit(&self, mut value: Expression, shape: &[Size], id: NodeId) -> Expression {
        let wanted = &self.shapes[id];
        if shape == wanted.as_slice() {
            return value;
        }
        let sum = |value: Expression, axis: Option<usize>, keep: bool| {
            build::call_with(Function::Sum, vec![value], Options { axis, keep })
        };
        if wanted.is_empty() {
            return sum(value, None, false);
        }
        let mut shape = shape.to_vec();
        while shape.len() > wanted.len() {
            value = sum(value, Some(0), false);
            shape.remove(0);
        }
        let offset = wanted.len() - shape.len();
        for axis in 0..shape.len() {
            if wanted[offset + axis].number() == Some(1) && shape[axis].number() != Some(1) {
                value = sum(value, Some(axis), true);
                shape[axis] = Size::known(1);
            }
        }
        if shape == *wanted {
            return value;
        }
        build::multiply(value, call(Function::OnesLike, vec![self.value(id)]))
    }
}

/// The order of the terms of a sum: what is there already, then products, then what is subtracted.
fn rank(term: &Expression) -> u8 {
    match &term.kind {
        ExpressionKind::Name(_) => 0,
        ExpressionKind::Negate(_) => 2,
        ExpressionKind::Binary(_, first, _) if matches!(first.kind, ExpressionKind::Negate(_)) => 2,
        _ => 1,
    }
}
