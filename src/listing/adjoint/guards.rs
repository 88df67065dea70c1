//! What a choice does not take. Both sides of `np.where` are computed, so the one that is not taken may overflow:
//! `np.where(z > 0, z, np.exp(z) - 1)` with a large `z`. Its gradient is 0 there, and 0 times infinity would be no
//! number. So what values that only one side reads hand back to the others is chosen again, by the same condition.

use super::build::broadcast;
use crate::listing::graph::{Graph, NodeId, Op};
use crate::listing::language::functions::Function;
use crate::listing::language::tree::Binary;
use crate::listing::shapes::size::Size;

/// One side of a choice.
#[derive(PartialEq)]
struct Side {
    condition: NodeId,
    /// Whether it is taken where the condition holds.
    holds: bool,
    /// The side of another choice that this choice is on.
    around: Option<usize>,
    /// Whether its condition and all around it are single numbers.
    is_single: bool,
}

/// Which nodes only one side of a choice reads.
pub(super) struct Guards {
    sides: Vec<Side>,
    of: Vec<Option<usize>>,
    /// Whether the gradient that a node hands on may be no number although none arrives.
    risky: Vec<bool>,
}

impl Guards {
    pub(super) fn new(graph: &Graph, shapes: &[Vec<Size>], active: &[bool]) -> Self {
        let count = graph.nodes.len();
        let wild = wild(graph);
        let mut guards = Self { sides: vec![], of: vec![None; count], risky: vec![false; count] };
        // Whether it is known already where a value is read.
        let mut read = vec![false; count];
        for id in graph.returns.iter().copied().chain(0..graph.parameters.len()) {
            read[id] = true;
        }
        for id in (graph.parameters.len()..count).rev().filter(|id| active[*id]) {
            let node = &graph.nodes[id];
            guards.risky[id] |= is_risky(graph, id, &wild, active);
            let chooses = node.op == Op::Function(Function::Where);
            for (place, input) in node.inputs.iter().enumerate() {
                if !active[*input] || (chooses && place == 0) {
                    continue;
                }
                let fits = is_elementwise(&node.op) && shapes[*input] == shapes[id];
                let mut side = if fits { guards.of[id] } else { guards.single(guards.of[id]) };
                let condition = node.inputs[0];
                let covers = broadcast(&shapes[condition], &shapes[*input]) == shapes[*input];
                if chooses && covers && node.inputs[1] != node.inputs[2] {
                    side = Some(guards.side(condition, place == 1, side, &shapes[condition]));
                }
                // What mixes numbers hands on gradients of other places.
                if !is_elementwise(&graph.nodes[*input].op) {
                    side = guards.single(side);
                }
                guards.of[*input] = if read[*input] { guards.common(guards.of[*input], side) } else { side };
                read[*input] = true;
                guards.risky[*input] |= guards.risky[id] && guards.of[id].is_some();
            }
        }
        guards
    }

    fn side(&mut self, condition: NodeId, holds: bool, around: Option<usize>, shape: &[Size]) -> usize {
        let is_single = shape.is_empty() && around.is_none_or(|around| self.sides[around].is_single);
        let side = Side { condition, holds, around, is_single };
        let known = self.sides.iter().position(|known| *known == side);
        known.unwrap_or_else(|| {
            self.sides.push(side);
            self.sides.len() - 1
        })
    }

    /// The nearest side around that a single number decides, however its values are mixed.
    fn single(&self, side: Option<usize>) -> Option<usize> {
        self.outwards(side).find(|side| self.sides[*side].is_single)
    }

    fn common(&self, one: Option<usize>, other: Option<usize>) -> Option<usize> {
        self.outwards(one).find(|side| self.outwards(other).any(|known| known == *side))
    }

    /// The choices that what `from` hands to `to` has to be chosen by again, the inmost first: the condition, and
    /// whether it has to hold.
    pub(super) fn left(&self, from: NodeId, to: NodeId) -> Vec<(NodeId, bool)> {
        if !self.risky[from] {
            return vec![];
        }
        let common = self.common(self.of[from], self.of[to]);
        let left = self.outwards(self.of[from]).take_while(|side| Some(*side) != common);
        left.map(|side| (self.sides[side].condition, self.sides[side].holds)).collect()
    }

    /// A side and those around it.
    fn outwards(&self, side: Option<usize>) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(side, |side| self.sides[*side].around)
    }
}

/// Which values may be infinite or no number though all parameters are small.
fn wild(graph: &Graph) -> Vec<bool> {
    let mut wild = vec![false; graph.nodes.len()];
    for (id, node) in graph.nodes.iter().enumerate() {
        let second = node.inputs.get(1).map(|input| &graph.nodes[*input].op);
        let own = match node.op {
            Op::Function(Function::Exp | Function::Expm1 | Function::Log | Function::Log1p) => true,
            Op::Binary(Binary::Divide) => !matches!(second, Some(Op::Number(_))),
            Op::Binary(Binary::Power) => !matches!(second, Some(Op::Number(n)) if *n >= 1.0),
            _ => false,
        };
        wild[id] = own || node.inputs.iter().any(|input| wild[*input]);
    }
    wild
}

/// Whether a gradient of 0 may become no number on its way through a node.
fn is_risky(graph: &Graph, id: NodeId, wild: &[bool], active: &[bool]) -> bool {
    let inputs = &graph.nodes[id].inputs;
    match graph.nodes[id].op {
        Op::Binary(Binary::Add | Binary::Subtract) | Op::Negate | Op::Function(Function::Where) => false,
        Op::Sum { .. } | Op::Slice(_) | Op::Part { .. } | Op::Concatenate(_) | Op::Stack(_) => false,
        Op::Reshape(_) | Op::Transpose => false,
        Op::Binary(Binary::Multiply) => {
            (wild[inputs[0]] && active[inputs[1]]) || (wild[inputs[1]] && active[inputs[0]])
        }
        _ => wild[id],
    }
}

/// Whether each number comes from the numbers at its own place.
fn is_elementwise(op: &Op) -> bool {
    match op {
        Op::Binary(_) | Op::Negate | Op::Clip(..) => true,
        Op::Function(function) => *function != Function::Softmax,
        _ => false,
    }
}
