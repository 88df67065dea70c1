//! Which states are vectors, which columns, and which matrices.
//!
//! Every state is a vector as long as that fits the text. Where it does not, what is returned for a state says what it
//! is: `S = S + np.outer(v, k)` makes a matrix.

use super::inferred::Inferred;
use crate::listing::graph::{Graph, Op};

/// What a state may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rank {
    /// `(units,)`
    Vector,
    /// `(units, 1)`
    Column,
    /// `(units, columns)`
    Matrix,
}

/// So often shapes are inferred anew for one text.
const MOST_TRIALS: usize = 12;

/// Tries what the states may be, beginning with vectors; `infer` infers all shapes. Where nothing fits, the mistakes
/// are those of vectors.
pub(super) fn settled(graph: &Graph, infer: impl Fn(&[Rank]) -> Inferred) -> Inferred {
    let states = graph.returns.len();
    let vectors = infer(&vec![Rank::Vector; states]);
    if vectors.mistakes.is_empty() {
        return vectors;
    }
    let wanted = if makes_columns(graph) { vec![Rank::Column, Rank::Matrix] } else { vec![Rank::Matrix] };
    let mut trials = 0;
    let mut attempt = |ranks: &[Rank]| {
        trials += 1;
        (trials <= MOST_TRIALS).then(|| infer(ranks))
    };
    for rank in wanted {
        let mut ranks = vec![Rank::Vector; states];
        let mut tried = vectors.clone();
        // What is returned with two axes is a matrix.
        while let Some(state) = returned_as_matrix(graph, &tried, &ranks) {
            ranks[state] = rank;
            match attempt(&ranks) {
                Some(found) if found.mistakes.is_empty() => return found,
                Some(found) => tried = found,
                None => return vectors,
            }
        }
        // A mistake before that may hide it: one at a time, then all.
        let alone = (0..states).map(|state| vec![state]).chain(std::iter::once((0..states).collect()));
        for chosen in alone {
            let ranks: Vec<Rank> =
                (0..states).map(|k| if chosen.contains(&k) { rank } else { Rank::Vector }).collect();
            match attempt(&ranks) {
                Some(found) if found.mistakes.is_empty() => return found,
                Some(_) => {}
                None => return vectors,
            }
        }
    }
    vectors
}

/// A state that is still a vector, but for which a value with two axes is returned.
fn returned_as_matrix(graph: &Graph, inferred: &Inferred, ranks: &[Rank]) -> Option<usize> {
    let axes = |node: usize| inferred.shape(node).map_or(0, |shape| shape.len());
    (0..ranks.len()).find(|state| ranks[*state] == Rank::Vector && axes(graph.returns[*state]) == 2)
}

/// Whether the text makes a column of the input or of a state and keeps its name: `x = x.reshape(-1, 1)`.
fn makes_columns(graph: &Graph) -> bool {
    graph.nodes.iter().any(|node| {
        let column = matches!(&node.op, Op::Reshape(sizes) if sizes.len() == 2);
        let parameter = node.inputs.first().and_then(|input| graph.parameters.get(*input));
        column && parameter.is_some_and(|parameter| node.name.as_ref() == Some(parameter))
    })
}
