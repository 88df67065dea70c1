//! Which operations are drawn, and what feeds them.

use super::picture::Figure;
use crate::listing::graph::{Graph, NodeId, Op};
use crate::listing::language::functions::Function;
use crate::listing::language::tree::Binary;
use std::collections::BTreeSet;

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// A parameter that moves: the input or a state.
    Parameter(usize),
    /// A drawn operation, by its place in the list.
    Drawn(usize),
}

/// What arrives at one side of an operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Feed {
    /// Whether weights are involved.
    pub(super) mixed: bool,
    pub(super) sources: BTreeSet<Source>,
}

impl Feed {
    /// The one source of a value that arrives as it is.
    pub(super) fn direct(&self) -> Option<Source> {
        if self.mixed || self.sources.len() != 1 { None } else { self.sources.first().copied() }
    }
}

/// An operation that is drawn.
#[derive(Debug, Clone)]
pub(super) struct Drawn {
    pub(super) node: NodeId,
    pub(super) figure: Figure,
    pub(super) label: String,
    pub(super) feeds: Vec<Feed>,
}

/// What is drawn of a listing.
#[derive(Debug, Clone)]
pub(super) struct Simple {
    pub(super) drawn: Vec<Drawn>,
    /// For each returned value what it comes from.
    pub(super) returns: Vec<Feed>,
    pub(super) states: usize,
}

pub(super) fn simplify(graph: &Graph) -> Simple {
    let states = graph.returns.len();
    let moves = graph.depends_on(|position| position <= states);
    let mut drawn: Vec<Drawn> = Vec::new();
    let mut feeds: Vec<Feed> = Vec::with_capacity(graph.nodes.len());
    for (id, node) in graph.nodes.iter().enumerate() {
        let feed = match node.op {
            _ if !moves[id] => Feed::default(),
            Op::Parameter(position) => of(Source::Parameter(position)),
            _ => {
                let moving: Vec<Feed> =
                    node.inputs.iter().filter(|i| moves[**i]).map(|i| feeds[*i].clone()).collect();
                let steady = moving.len() < node.inputs.len();
                match figure(graph, id, &moving, steady) {
                    None => Feed {
                        mixed: moving.iter().any(|f| f.mixed)
                            || (steady && weighs(&node.op))
                            || moving.len() > 1,
                        sources: moving.into_iter().flat_map(|f| f.sources).collect(),
                    },
                    Some((figure, label)) => {
                        drawn.push(Drawn { node: id, figure, label, feeds: moving });
                        of(Source::Drawn(drawn.len() - 1))
                    }
                }
            }
        };
        feeds.push(feed);
    }
    let returns = graph.returns.iter().map(|node| feeds[*node].clone()).collect();
    Simple { drawn, returns, states }
}

fn of(source: Source) -> Feed {
    Feed { mixed: false, sources: BTreeSet::from([source]) }
}

/// Whether a steady operand of this operation is a weight that mixes or scales.
fn weighs(op: &Op) -> bool {
    matches!(op, Op::MatMul { .. } | Op::Binary(_))
}

/// How an operation is drawn; `None` if it disappears in its wires.
fn figure(graph: &Graph, id: NodeId, moving: &[Feed], steady: bool) -> Option<(Figure, String)> {
    let node = &graph.nodes[id];
    let symbol = node.op.symbol().to_string();
    let number = node.inputs.iter().find_map(|i| match graph.nodes[*i].op {
        Op::Number(value) => Some((*i, value)),
        _ => None,
    });
    let any_mixed = moving.iter().any(|f| f.mixed);
    match &node.op {
        Op::Function(Function::Maximum | Function::Minimum) => Some((Figure::Circle, symbol)),
        Op::Function(_) | Op::Clip(..) | Op::Sum { .. } => Some((Figure::Box, symbol)),
        Op::Negate => Some((Figure::Circle, symbol)),
        Op::Concatenate(_) | Op::Stack(_) => {
            let inputs = moving.iter().flat_map(|f| &f.sources);
            let drawn = inputs.filter(|s| matches!(s, Source::Drawn(_))).count() > 0;
            (drawn && moving.len() > 1).then_some((Figure::Box, symbol))
        }
        // The product of two values of the step is drawn, one with a weight is not.
        Op::MatMul { .. } => (!steady).then_some((Figure::Circle, symbol)),
        Op::Binary(Binary::Add | Binary::Subtract) => match number {
            // `1 - f`
            Some((place, value)) if !any_mixed => {
                let first = node.inputs[0] == place;
                let text = crate::listing::language::printing::print_number(value);
                Some((
                    Figure::Circle,
                    if first { format!("{text}{symbol}") } else { format!("{symbol}{text}") },
                ))
            }
            _ if steady || moving.iter().all(|f| f.mixed) => None,
            _ => Some((Figure::Circle, symbol)),
        },
        Op::Binary(Binary::Power) => {
            let exponent = number.map(|(_, v)| crate::listing::language::printing::print_number(v));
            Some((Figure::Circle, exponent.map_or(symbol, |n| format!("x^{n}"))))
        }
        Op::Binary(Binary::Divide)
            if node.inputs.first().is_some_and(|i| matches!(graph.nodes[*i].op, Op::Number(_))) =>
        {
            Some((Figure::Circle, "1/x".into()))
        }
        Op::Binary(_) => (!steady).then_some((Figure::Circle, symbol)),
        _ => None,
    }
}
