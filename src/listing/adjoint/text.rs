//! The adjoint as a listing: which forward lines it repeats, and what everything is called.

use super::build::{name, number, rename, rename_subscripts, tidy};
use super::forward::Forward;
use super::naming::statement;
use crate::listing::graph::{Graph, NodeId};
use crate::listing::language::diagnostics::Span;
use crate::listing::language::tree::{Definition, Expression, ExpressionKind, Parameter, Subscript};
use std::collections::{HashMap, HashSet};

/// A line of the backward half: gradient number `target` (of a part) gets a value.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) target: usize,
    pub(super) part: Option<Vec<Subscript>>,
    /// Whether the part grows by the value, or becomes it.
    pub(super) adds: bool,
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
    let needed: Vec<NodeId> = lines.iter().flat_map(nodes_of).collect();
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
        tidy(&mut value);
        let mut written = statement(vec![target], value, None);
        written.in_place = line.adds;
        written.targets[0].part = line.part;
        if let Some(parts) = &mut written.targets[0].part {
            rename_subscripts(parts, &mut settle);
        }
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
        outputs: (0, Span::default()),
        return_comment: None,
        return_above: vec![],
        return_span: Span::default(),
        span: Span::default(),
    }
}

/// The forward nodes whose values a line reads.
fn nodes_of(line: &Line) -> Vec<NodeId> {
    let mut nodes = nodes_in(&line.value);
    for part in line.part.iter().flatten() {
        if let Subscript::Range(start, end) | Subscript::Stepped(start, end, _) = part {
            nodes.extend(start.iter().chain(end).flat_map(nodes_in));
        }
    }
    nodes
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
    expression.parts(&mut |child| visit(child, f));
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
