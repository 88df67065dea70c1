//! What is known about the shapes of a listing while they are inferred.

use super::size::{Size, Sizes};
use crate::listing::graph::{Graph, NodeId};
use crate::listing::language::diagnostics::Diagnostic;

/// How much a rule may assume; rules that assume less are applied first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(super) enum Guess {
    /// Nothing else is possible.
    No,
    /// A weight in a matrix product is a matrix.
    Matrix,
    /// A weight has the shape of the value it meets.
    Same,
    /// So has any other value whose shape is still unknown.
    Any,
}

/// What is known about the shapes of a listing.
#[derive(Debug, Clone)]
pub(in crate::listing) struct Inferred {
    pub(in crate::listing) sizes: Sizes,
    /// Nodes of one class have one shape.
    pub(super) class: Vec<usize>,
    pub(super) shapes: Vec<Option<Vec<Size>>>,
    pub(super) done: Vec<bool>,
    pub(super) wrong: Vec<bool>,
    /// Nodes that depend on the input or a state, and so are no weights.
    pub(super) moves: Vec<bool>,
    pub(super) mistakes: Vec<Diagnostic>,
    /// Counts what becomes known: a shape, or that two classes are one.
    pub(super) news: u32,
    /// When the shape of a class became known, or another class became part of it.
    pub(super) changed: Vec<u32>,
    /// Up to when a node's rule has found nothing, by how much it could assume.
    pub(super) tried: Vec<[u32; 4]>,
    /// `features`, `units` and the sizes that the text names.
    pub(in crate::listing) named: Vec<(String, Size)>,
}

impl Inferred {
    /// The shape of a node, with everything put in that is known.
    pub(in crate::listing) fn shape(&self, node: NodeId) -> Option<Vec<Size>> {
        let shape = self.shapes[self.class[node]].as_ref()?;
        shape.iter().map(|size| self.sizes.resolve(size)).collect()
    }

    pub(super) fn equal(&mut self, a: &[Size], b: &[Size]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.sizes.equate(a, b))
    }

    /// Takes a value that nothing reads for a number.
    pub(in crate::listing) fn is_a_number(&mut self, node: NodeId) {
        self.set(node, Vec::new());
    }

    pub(super) fn set(&mut self, node: NodeId, shape: Vec<Size>) -> bool {
        let class = self.class[node];
        let news = self.shapes[class].is_none();
        if news {
            self.shapes[class] = Some(shape);
            self.tell(class);
        }
        news
    }

    /// Remembers that something has become known of a class.
    fn tell(&mut self, class: usize) {
        self.news += 1;
        self.changed[class] = self.news;
    }

    /// Whether a node's rule found nothing before, and nothing has become known since of what it reads.
    pub(super) fn is_idle(&self, graph: &Graph, id: NodeId, guess: Guess) -> bool {
        let node = &graph.nodes[id];
        let since = self.tried[id][guess as usize];
        let known = |node: &NodeId| self.changed[self.class[*node]] > since;
        since > 0 && !known(&id) && !node.inputs.iter().any(known)
    }

    /// Finishes a node: its shape is found, or there is none because of a mistake.
    pub(super) fn finish(&mut self, graph: &Graph, id: NodeId, shape: Result<Vec<Size>, String>) -> bool {
        self.done[id] = true;
        match shape {
            Ok(shape) => {
                if let Some(expected) = self.shape(id) {
                    // Known before from its use: a weight's shape, or a state's.
                    if !self.equal(&expected, &shape) {
                        let (a, b) = (self.sizes.show_shape(&shape), self.sizes.show_shape(&expected));
                        let message = format!("this value has the shape {a}, but is used as {b}");
                        self.complain(graph, id, message);
                    }
                } else {
                    self.set(id, shape);
                }
            }
            Err(message) => self.complain(graph, id, message),
        }
        true
    }

    pub(super) fn complain(&mut self, graph: &Graph, id: NodeId, message: String) {
        self.wrong[id] = true;
        self.mistakes.push(Diagnostic::new(graph.nodes[id].span, message));
    }

    /// Whether a guess about node `unknown` is due: weights first, other values last.
    pub(super) fn may(&self, guess: Guess, wanted: Guess, unknown: NodeId) -> bool {
        guess == Guess::Any || (guess == wanted && !self.moves[unknown])
    }

    /// Two nodes have one shape from now on; neither is known yet.
    pub(super) fn merge(&mut self, a: NodeId, b: NodeId) {
        let (from, to) = (self.class[a], self.class[b]);
        for class in &mut self.class {
            if *class == from {
                *class = to;
            }
        }
        self.tell(to);
    }
}
