//! Which operations are drawn, and what feeds them.

use super::picture::Figure;
use crate::listing::graph::{Cut, Graph, Group, NodeId, Op};
use crate::listing::language::functions::Function;
use crate::listing::language::printing::print_number;
use crate::listing::language::tree::Binary;
use std::cell::Cell;

/// Longer texts of a sum are cut.
const MOST_LETTERS: usize = 60;

/// A text is put together of at most so many pieces; what is read twice on every line would have no end.
const MOST_PIECES: usize = 200;

/// Arguments of a call with more letters are left out of a sum.
const SHORT: usize = 8;

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Source {
    /// A parameter that moves: the input or a state.
    Parameter(usize),
    /// A drawn operation, by its place in the list.
    Drawn(usize),
}

/// What arrives at an operation: the source, and the name of the value where the listing gives it one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Input {
    pub(super) source: Source,
    pub(super) name: Option<String>,
}

/// An operation that is drawn.
#[derive(Debug, Clone)]
pub(super) struct Drawn {
    pub(super) node: NodeId,
    pub(super) figure: Figure,
    /// What is written into it; for sums with weights one entry for each term.
    pub(super) terms: Vec<String>,
    pub(super) inputs: Vec<Input>,
    /// The group of operations that it stands for.
    pub(super) folds: Option<usize>,
}

/// What is drawn of a listing.
#[derive(Debug, Clone)]
pub(super) struct Simple {
    pub(super) drawn: Vec<Drawn>,
    /// For each returned value what it comes from.
    pub(super) returns: Vec<Input>,
    pub(super) states: usize,
}

/// What has become of a node.
#[derive(Clone)]
enum Made {
    /// It does not change from timestep to timestep.
    Steady,
    /// It arrives as it is.
    Wire(Input),
    /// A sum with weights that may still grow: its terms and what feeds them.
    Open(Vec<String>, Vec<Input>),
}

struct Simplifier<'a> {
    graph: &'a Graph,
    made: Vec<Made>,
    drawn: Vec<Drawn>,
    /// The groups that are drawn as one box, outermost ones only, and where the values that are read of each are.
    folded: Vec<usize>,
    /// How many pieces the text that is being written may still have.
    pieces: Cell<usize>,
}

/// What is drawn of a graph; calls in `unfolded` are drawn operation by operation.
pub(super) fn simplify(graph: &Graph, unfolded: &[usize]) -> Simple {
    let states = graph.returns.len();
    let moves = graph.depends_on(|position| position <= states);
    let mut uses = vec![0; graph.nodes.len()];
    for input in graph.nodes.iter().flat_map(|node| &node.inputs).chain(&graph.returns) {
        uses[*input] += 1;
    }
    let folded = folded(graph, unfolded, &moves);
    let made = Vec::with_capacity(graph.nodes.len());
    let mut simplifier =
        Simplifier { graph, made, drawn: Vec::new(), folded, pieces: Cell::new(MOST_PIECES) };
    for (id, node) in graph.nodes.iter().enumerate() {
        let group = simplifier.group_of(id);
        let made = match node.op {
            _ if !moves[id] => Made::Steady,
            _ if group.is_some() => simplifier.fold(id, group.unwrap_or_default(), &moves),
            Op::Parameter(position) => simplifier.wire(Source::Parameter(position), id),
            _ => simplifier.node(id),
        };
        simplifier.made.push(made);
        // A line of its own in the listing is an element of its own.
        if uses[id] != 1 || node.name.is_some() {
            simplifier.close(id);
        }
    }
    let returns = graph.returns.iter().filter_map(|node| simplifier.close(*node)).collect();
    Simple { drawn: simplifier.drawn, returns, states }
}

/// The groups that are drawn as one box: those with two operations and more that move, outside of all others.
fn folded(graph: &Graph, unfolded: &[usize], moves: &[bool]) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    // Outer calls come behind those inside of them.
    for (k, group) in graph.groups.iter().enumerate().rev() {
        let inside = |other: &usize| {
            let outer = &graph.groups[*other].nodes;
            outer.start <= group.nodes.start && group.nodes.end <= outer.end
        };
        let moving = group.nodes.clone().filter(|id| moves[*id]).count();
        if moving > 1 && !unfolded.contains(&k) && !found.iter().any(inside) {
            found.push(k);
        }
    }
    found
}

impl Simplifier<'_> {
    /// The folded group that a node belongs to.
    fn group_of(&self, id: NodeId) -> Option<usize> {
        self.folded.iter().copied().find(|group| self.graph.groups[*group].nodes.contains(&id))
    }

    /// A node of a folded group: its first one that moves draws the box, and every other one is part of it.
    fn fold(&mut self, id: NodeId, group: usize, moves: &[bool]) -> Made {
        let known = self.drawn.iter().position(|drawn| drawn.folds == Some(group));
        let index = known.unwrap_or_else(|| {
            let graph = self.graph;
            let Group { name, nodes, .. } = &graph.groups[group];
            let mut feeds: Vec<Input> = Vec::new();
            let read = nodes.clone().filter(|id| moves[*id]).flat_map(|id| &graph.nodes[id].inputs);
            for input in read.filter(|input| !nodes.contains(input)) {
                feeds.extend(self.close(*input).filter(|input| !feeds.contains(input)));
            }
            let moving = || nodes.clone().rev().filter(|id| moves[*id]);
            let made = moving().find(|id| graph.nodes[*id].name.is_some()).or(moving().next());
            self.draw(made.unwrap_or(id), Figure::Box, vec![name.clone()], feeds);
            let index = self.drawn.len() - 1;
            self.drawn[index].folds = Some(group);
            index
        });
        self.wire(Source::Drawn(index), id)
    }

    fn wire(&self, source: Source, id: NodeId) -> Made {
        let name = match self.graph.nodes[id].op {
            Op::Parameter(position) => Some(self.graph.parameters[position].clone()),
            _ => self.graph.nodes[id].name.clone(),
        };
        Made::Wire(Input { source, name })
    }

    fn node(&mut self, id: NodeId) -> Made {
        let graph = self.graph;
        let inputs = &graph.nodes[id].inputs;
        let moving: Vec<NodeId> = inputs.iter().copied().filter(|i| self.moves(*i)).collect();
        if self.joins(id, &moving) {
            self.pieces.set(MOST_PIECES);
            let terms = self.terms(id);
            let fed = moving.iter().flat_map(|i| match &self.made[*i] {
                Made::Open(_, inputs) => inputs.clone(),
                Made::Wire(input) => vec![input.clone()],
                Made::Steady => vec![],
            });
            let mut feeds: Vec<Input> = Vec::new();
            for input in fed {
                if !feeds.contains(&input) {
                    feeds.push(input);
                }
            }
            return Made::Open(terms, feeds);
        }
        let feeds: Vec<Input> = moving.iter().filter_map(|i| self.close(*i)).collect();
        let steady = moving.len() < inputs.len();
        match self.figure(id, steady, moving.len()) {
            Some((figure, label)) => self.draw(id, figure, vec![label], feeds),
            None => match feeds.into_iter().next() {
                // A cut of an array or its transpose: the same wire under another name.
                Some(input) => {
                    let name = graph.nodes[id].name.clone().or(input.name);
                    Made::Wire(Input { source: input.source, name })
                }
                None => Made::Steady,
            },
        }
    }

    fn draw(&mut self, node: NodeId, figure: Figure, terms: Vec<String>, inputs: Vec<Input>) -> Made {
        self.drawn.push(Drawn { node, figure, terms, inputs, folds: None });
        self.wire(Source::Drawn(self.drawn.len() - 1), node)
    }

    /// Draws a sum that grows no further; what arrives from a node.
    fn close(&mut self, id: NodeId) -> Option<Input> {
        if let Made::Open(terms, inputs) = self.made[id].clone() {
            self.made[id] = self.draw(id, Figure::Sum, terms, inputs);
        }
        match &self.made[id] {
            Made::Wire(input) => Some(input.clone()),
            _ => None,
        }
    }

    fn moves(&self, id: NodeId) -> bool {
        !matches!(self.made[id], Made::Steady)
    }

    fn open(&self, id: NodeId) -> bool {
        matches!(self.made[id], Made::Open(..))
    }

    /// Whether a node becomes part of a sum with weights.
    fn joins(&self, id: NodeId, moving: &[NodeId]) -> bool {
        let node = &self.graph.nodes[id];
        let open = moving.iter().any(|i| self.open(*i));
        let number = |i: &NodeId| matches!(self.graph.nodes[*i].op, Op::Number(_));
        match node.op {
            Op::MatMul { .. } => moving.len() == 1,
            Op::Negate => open,
            Op::Binary(Binary::Add | Binary::Subtract) => {
                open || (moving.len() == 1 && !node.inputs.iter().any(number))
            }
            Op::Binary(Binary::Multiply) => moving.len() == 1,
            Op::Binary(Binary::Divide) => moving.len() == 1 && self.moves(node.inputs[0]),
            Op::Concatenate(_) => moving.iter().all(|i| self.is_named(*i)),
            _ => false,
        }
    }

    fn is_named(&self, id: NodeId) -> bool {
        self.graph.nodes[id].name.is_some() || matches!(self.graph.nodes[id].op, Op::Parameter(_))
    }

    /// The terms of a sum, as the listing writes them.
    fn terms(&self, id: NodeId) -> Vec<String> {
        let node = &self.graph.nodes[id];
        match (&self.made.get(id), &node.op) {
            (Some(Made::Open(terms, _)), _) if !self.is_named(id) => terms.clone(),
            (None, Op::Binary(operation @ (Binary::Add | Binary::Subtract))) => {
                let mut terms = self.terms(node.inputs[0]);
                let right = self.terms(node.inputs[1]);
                let (sign, right) = match operation {
                    Binary::Subtract if right.len() > 1 => ("−", vec![format!("({})", right.join(" "))]),
                    Binary::Subtract => ("−", right),
                    _ => ("+", right),
                };
                let first = right.first().map(|term| format!("{sign} {term}"));
                terms.extend(first.into_iter().chain(right.into_iter().skip(1)));
                terms
            }
            _ => vec![self.text(id)],
        }
    }

    /// A factor: sums and products of two values of the step stand in brackets.
    fn factor(&self, id: NodeId) -> String {
        let terms = self.terms(id);
        let node = &self.graph.nodes[id];
        let is_operation = matches!(node.op, Op::Binary(_)) && self.group_of(id).is_none();
        let product = is_operation && !self.is_named(id) && !self.open(id);
        if terms.len() > 1 || product { format!("({})", terms.join(" ")) } else { terms.concat() }
    }

    fn text(&self, id: NodeId) -> String {
        let Some(pieces) = self.pieces.get().checked_sub(1) else { return "…".into() };
        self.pieces.set(pieces);
        let node = &self.graph.nodes[id];
        let joined = |inputs: &[NodeId]| inputs.iter().map(|i| self.text(*i)).collect::<Vec<_>>().join(", ");
        let text = match (&node.op, &node.name) {
            (Op::Parameter(position), _) => self.graph.parameters[*position].clone(),
            (_, Some(name)) if id < self.made.len() => name.clone(),
            _ if self.group_of(id).is_some() => {
                let group = &self.graph.groups[self.group_of(id).unwrap_or_default()];
                // Its arguments stand below its own box.
                let arguments = Some(joined(&group.arguments)).filter(|text| text.len() <= SHORT);
                format!("{}({})", group.name, arguments.as_deref().unwrap_or("…"))
            }
            (Op::Number(value), _) => print_number(*value),
            (Op::MatMul { .. }, _) => {
                format!("{}·{}", self.factor(node.inputs[0]), self.factor(node.inputs[1]))
            }
            (Op::Binary(Binary::Power), _) => {
                let power = self.factor(node.inputs[1]);
                let base = self.factor(node.inputs[0]);
                if power == "0.5" { format!("√{base}") } else { format!("{base}^{power}") }
            }
            (Op::Binary(_), _) => {
                let symbol = node.op.symbol();
                format!("{} {symbol} {}", self.factor(node.inputs[0]), self.factor(node.inputs[1]))
            }
            (Op::Negate, _) => format!("−{}", self.factor(node.inputs[0])),
            (Op::Concatenate(_), _) => format!("[{}]", joined(&node.inputs)),
            (Op::Slice(cuts), _) => {
                let cut = match cuts.as_slice() {
                    [Cut::Index(index)] => index.to_string(),
                    _ => ":".into(),
                };
                format!("{}[{cut}]", joined(&node.inputs))
            }
            (Op::Transpose, _) => format!("{}ᵀ", self.factor(node.inputs[0])),
            (Op::Length(_), _) => format!("len({})", joined(&node.inputs)),
            _ => format!("{}({})", node.op.symbol(), joined(&node.inputs)),
        };
        match text.char_indices().nth(MOST_LETTERS) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }

    /// How an operation is drawn; `None` if its value is its input's, cut or turned.
    fn figure(&self, id: NodeId, steady: bool, moving: usize) -> Option<(Figure, String)> {
        let node = &self.graph.nodes[id];
        let symbol = node.op.symbol().to_string();
        let number = node.inputs.iter().find_map(|i| match self.graph.nodes[*i].op {
            Op::Number(value) => Some((*i, print_number(value))),
            _ => None,
        });
        Some(match (&node.op, number) {
            (Op::Function(Function::Maximum | Function::Minimum) | Op::Negate | Op::MatMul { .. }, _) => {
                (Figure::Circle, symbol)
            }
            // `1 - f`
            (Op::Binary(Binary::Add | Binary::Subtract), Some((place, text))) => {
                let first = node.inputs[0] == place;
                let label = if first { format!("{text}{symbol}") } else { format!("{symbol}{text}") };
                (Figure::Circle, label)
            }
            (Op::Binary(Binary::Power), Some((_, text))) if text == "0.5" => (Figure::Circle, "√".into()),
            (Op::Binary(Binary::Power), Some((_, text))) => (Figure::Circle, format!("x^{text}")),
            (Op::Binary(Binary::Divide), _) if steady => (Figure::Circle, "1/x".into()),
            (Op::Binary(_), _) => (Figure::Circle, symbol),
            (Op::Part { .. } | Op::Slice(_) | Op::Transpose, _) => return None,
            (Op::Function(_) | Op::Clip(..) | Op::Sum { .. }, _) => (Figure::Box, symbol),
            _ if moving == 1 => return None,
            _ => (Figure::Box, symbol),
        })
    }
}
