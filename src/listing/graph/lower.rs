//! From tree to graph: names are resolved, every operation becomes a node.

use super::bound::Bound;
use super::facts::{Begin, Facts};
use super::list::List;
use crate::listing::graph::{Assigned, Graph, Group, Node, NodeId, Op};
use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::tree::{Definition, Expression, ExpressionKind, Statement, Subscript};
use crate::ordering::sort_by_key;
use std::collections::HashMap;

/// Listings with more operations are refused, so that a browser reports the mistakes of a listing, or checks its
/// gradients, within 50 ms. NAS, the largest cell here, has about a hundred.
const MOST_NODES: usize = 400;
/// What an operation reads beyond so many values counts as operations too: a long list is as much work.
const USUAL_INPUTS: usize = 8;
/// So many lines may stand in a listing for each of its operations; a line that only gives a name makes none.
const LINES_PER_OPERATION: usize = 3;
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
            axes: Vec::new(),
            squeezed: Vec::new(),
            grown: Vec::new(),
            groups: Vec::new(),
        },
        facts: Vec::new(),
        joined: 0,
        helpers: &definition.helpers,
        values: HashMap::new(),
        sizes: HashMap::new(),
        lists: HashMap::new(),
        states: definition.returns.len(),
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
        lowering.count(&constant.name, constant.value);
    }
    let lines = definition.body.len();
    if lines > lowering.most * LINES_PER_OPERATION {
        let most = lowering.most * LINES_PER_OPERATION;
        let message = format!("this listing is too long: it has {lines} lines, {most} are the most");
        return Err(vec![Diagnostic::new(definition.span, message)]);
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
    if lowering.operations() > lowering.most {
        let message = format!(
            "this listing is too long: it has {} operations, {} are the most",
            lowering.operations(),
            lowering.most
        );
        lowering.mistakes = vec![Diagnostic::new(definition.span, message)];
    }
    if lowering.mistakes.is_empty() { Ok(lowering.graph) } else { Err(lowering.mistakes) }
}

pub(super) struct Lowering<'a> {
    pub(super) graph: Graph,
    /// What is known of each node.
    pub(super) facts: Vec<Facts>,
    /// Inputs of operations beyond the few that most have.
    joined: usize,
    /// The functions that may be called.
    pub(super) helpers: &'a [Definition],
    pub(super) values: HashMap<String, NodeId>,
    /// What the names of sizes stand for.
    pub(super) sizes: HashMap<String, Bound>,
    /// The names of lists.
    pub(super) lists: HashMap<String, List>,
    /// How many states there are.
    pub(super) states: usize,
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

    /// How many operations there are so far.
    pub(super) fn operations(&self) -> usize {
        self.graph.nodes.len() + self.joined
    }

    pub(super) fn node(&mut self, op: Op, inputs: Vec<NodeId>, span: Span) -> NodeId {
        let known: Vec<Facts> = inputs.iter().map(|input| self.facts[*input]).collect();
        let begin = Begin { states: self.states, parameters: &self.graph.parameters };
        self.facts.push(begin.facts(&op, &known));
        self.joined += inputs.len().saturating_sub(USUAL_INPUTS);
        self.graph.nodes.push(Node { op, inputs, span, statement: self.statement, name: None });
        self.graph.nodes.len() - 1
    }

    /// Remembers that the operations since `first` belong to one call.
    pub(super) fn group(&mut self, name: &str, first: NodeId, arguments: Vec<NodeId>) {
        let nodes = first..self.graph.nodes.len();
        self.graph.groups.push(Group { name: name.to_string(), nodes, arguments });
    }

    /// A whole number that has a name may be a size.
    pub(super) fn count(&mut self, name: &str, value: f64) {
        if value.fract() == 0.0 && value.abs() < 65_536.0 {
            self.sizes.insert(name.to_string(), Bound::number(value as i64));
        }
    }

    pub(super) fn assign(&mut self, index: usize, name: &str, node: Option<NodeId>, span: Span) {
        let Some(node) = node else {
            // The line has been reported; a placeholder keeps its name defined.
            let stand_in = self.node(Op::Number(0.0), vec![], span);
            self.values.entry(name.to_string()).or_insert(stand_in);
            return;
        };
        self.graph.nodes[node].name.get_or_insert_with(|| name.to_string());
        self.sizes.remove(name);
        self.lists.remove(name);
        self.values.insert(name.to_string(), node);
        let assigned = Assigned { statement: index, line: span.line, name: name.to_string(), node };
        self.graph.assigned.push(assigned);
    }

    pub(super) fn assignment(&mut self, index: usize, statement: &Statement) {
        let first = &statement.targets[0];
        let several = statement.targets.len() > 1;
        if first.part.is_some() {
            self.put(index, statement, statement.in_place);
        } else if let Some(list) = self.list(&statement.value) {
            self.assign_list(index, statement, list);
        } else if let ExpressionKind::Each(value, name, over) = &statement.value.kind {
            self.assign_each(index, statement, (value, name, over));
        } else if let ExpressionKind::Tuple(values) = &statement.value.kind {
            self.assign_values(index, statement, values);
        } else if let (2.., ExpressionKind::Helper(name, arguments)) =
            (statement.targets.len(), &statement.value.kind)
        {
            let made = self.inline(name, arguments, statement.value.span, statement.targets.len());
            for (k, target) in statement.targets.iter().enumerate() {
                self.assign(index, &target.name, made.get(k).copied(), target.span);
            }
        } else if several {
            self.rows(index, statement);
        } else if statement.in_place {
            self.change_in_place(index, statement);
        } else if self.is_size(&statement.value) {
            self.name_size(index, statement);
        } else {
            let value = self.expression(&statement.value);
            self.assign(index, &first.name, value, first.span);
        }
    }

    /// `a, b = b, a`: all values are computed before any name changes.
    fn assign_values(&mut self, index: usize, statement: &Statement, values: &[Expression]) {
        let of_one =
            matches!(values, [Expression { kind, .. }] if !matches!(kind, ExpressionKind::Length(..)));
        if of_one {
            let name = &statement.targets[0].name;
            self.mistake(statement.span, format!("one name takes its value without a comma: {name} = a"));
        }
        let of_a_batch = self.of_a_batch(statement, values);
        let values = of_a_batch.as_deref().unwrap_or(values);
        let known: Vec<Option<Bound>> =
            values.iter().map(|value| self.is_size(value).then(|| self.bound(value)).flatten()).collect();
        let made: Vec<Option<NodeId>> = values.iter().map(|value| self.expression(value)).collect();
        for ((target, node), size) in statement.targets.iter().zip(made).zip(known) {
            self.assign(index, &target.name, node, target.span);
            self.sizes.extend(size.map(|size| (target.name.clone(), size)));
        }
    }

    /// `n, m = x.shape`, where `x` is one sample here: what is called like a batch is 1.
    fn of_a_batch(&mut self, statement: &Statement, values: &[Expression]) -> Option<Vec<Expression>> {
        const BATCH: [&str; 6] = ["N", "batch", "batch_size", "m", "B", "_"];
        let [ExpressionKind::Length(of, 0), ExpressionKind::Length(_, 1)] =
            [&values.first()?.kind, &values.get(1)?.kind]
        else {
            return None;
        };
        let node = self.expression(of)?;
        if self.rank(node) != 1 {
            return None;
        }
        // A state may be a matrix.
        let called = if node == 0 { &BATCH[..] } else { &BATCH[..3] };
        let at = statement.targets.iter().position(|target| called.contains(&target.name.as_str()))?;
        self.graph.axes.push((node, 1, statement.span, "give its two lengths other names"));
        let span = of.span;
        let length = Expression { kind: ExpressionKind::Length(of.clone(), 0), span };
        let mut lengths = vec![length.clone(), length];
        lengths[at].kind = ExpressionKind::Number(1.0);
        Some(lengths)
    }

    /// `h += a` changes the array: every name that it has means the new value afterwards.
    fn change_in_place(&mut self, index: usize, statement: &Statement) {
        let target = &statement.targets[0];
        let before = self.values.get(&target.name).copied();
        let value = self.expression(&statement.value);
        match (before, value) {
            (Some(before), Some(value)) => self.change(index, statement, before, value, true),
            _ => self.assign(index, &target.name, value, target.span),
        }
    }

    /// `H = h.shape[0]` names a size, `n = 4` a whole number.
    fn name_size(&mut self, index: usize, statement: &Statement) {
        let target = &statement.targets[0];
        let bound = self.bound(&statement.value);
        let value = self.expression(&statement.value);
        self.assign(index, &target.name, value, target.span);
        if let Some(bound) = bound {
            self.sizes.insert(target.name.clone(), bound);
        }
    }

    pub(super) fn lookup(&mut self, name: &str, span: Span) -> Option<NodeId> {
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
        if self.operations() > self.most {
            return None;
        }
        match &expression.kind {
            ExpressionKind::Number(value) => Some(self.node(Op::Number(*value), vec![], span)),
            ExpressionKind::Name(name) if self.lists.contains_key(name) => {
                self.mistake(span, format!("`{name}` is a list; take one of its members: {name}[0]"))
            }
            ExpressionKind::Name(name) => self.lookup(name, span),
            ExpressionKind::Negate(inner) => {
                let inner = self.expression(inner)?;
                self.negated(inner, span)
            }
            ExpressionKind::Binary(operation, left, right) => {
                let (left, right) = (self.expression(left), self.expression(right));
                self.binary(*operation, left?, right?, span)
            }
            ExpressionKind::Call(function, arguments, options) => {
                self.call(*function, arguments, *options, span)
            }
            ExpressionKind::Subscript(inner, parts) => {
                if let Some(list) = self.list(inner) {
                    return match (list, parts.as_slice()) {
                        (Some(list), [Subscript::Index(index)]) => self.member(&list, *index, span),
                        (None, _) => None,
                        _ => self.mistake(span, "a member of a list is taken with its number: gates[0]"),
                    };
                }
                let inner = self.expression(inner);
                self.cut_out(inner?, parts, span)
            }
            ExpressionKind::Reshape(inner, sizes) => {
                let inner = self.expression(inner);
                self.reshaped(inner?, sizes, span)
            }
            ExpressionKind::Choice(parts) => self.choice(parts, span),
            ExpressionKind::Transpose(inner) => {
                let inner = self.expression(inner)?;
                Some(self.node(Op::Transpose, vec![inner], span))
            }
            ExpressionKind::Helper(name, arguments) => self.inline(name, arguments, span, 1).first().copied(),
            ExpressionKind::Tuple(_) => self.mistake(span, "several values need as many names left of ="),
            ExpressionKind::Each(..) => self.mistake(span, "give each value of this list a name: i, f = …"),
            ExpressionKind::List(_) => self.mistake(span, "a list may only stand in np.split(a, [2, 5])"),
            ExpressionKind::Length(of, axis) => {
                let node = self.expression(of)?;
                let axis = self.axis(node, *axis);
                Some(self.node(Op::Length(axis), vec![node], span))
            }
        }
    }
}
