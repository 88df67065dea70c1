//! Where a number comes from: its line, the formula with the operands filled in, the largest parts of its sum, and
//! for every operand the place where it was made, so that one can walk back to the input.

mod elements;
mod write;

use super::record::{Phase, Recording};
use super::shapes::Role;
use super::{Graph, Op};
use elements::Elements;
use serde::Serialize;

/// A number of a recording: which listing, when, after which line, whose, and which of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Which listing.
    pub phase: Phase,
    /// The timestep, from 0.
    pub timestep: usize,
    /// The line of the listing's text; the value is the one after it.
    pub line: usize,
    /// The name.
    pub name: String,
    /// The position in the array, row after row.
    pub index: usize,
}

/// Where an operand was made.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Origin {
    /// A number written in the listing.
    Written,
    /// Read from the sequence at this timestep.
    Input {
        /// Which timestep.
        timestep: usize,
    },
    /// The state before the first step.
    Initial,
    /// A weight.
    Weight,
    /// Made by a line, of this or another timestep.
    Line {
        /// Where exactly.
        place: Place,
    },
    /// A state as returned by the step before from an expression without a name.
    Returned {
        /// The timestep that returned it.
        timestep: usize,
    },
    /// The gradient that arrives at a state after this timestep.
    Arriving {
        /// What the loss itself says about the state after this step.
        from_loss: f32,
        /// What comes back from the next timestep, and where it was made there.
        from_next: Option<(f32, Place)>,
    },
    /// A part of a line without a name.
    Part,
}

/// A number that a formula uses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Operand {
    /// As it is written: `z_f[5]`.
    pub label: String,
    /// The number.
    pub value: f32,
    /// Where it comes from.
    pub origin: Origin,
}

/// One part of a sum.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contribution {
    /// As it is written: `x[7] * W[7, 5]`.
    pub label: String,
    /// How much it adds.
    pub value: f32,
    /// The factors of a product, or the value itself.
    pub factors: Vec<Operand>,
}

/// Everything about one number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// Which number it is.
    pub place: Place,
    /// Its position along each axis.
    pub position: Vec<usize>,
    /// The shape of the array it stands in.
    pub shape: Vec<usize>,
    /// The number.
    pub value: f32,
    /// The lines of the text that make it.
    pub text: String,
    /// `f[5] = sigmoid(z_f[5])`
    pub formula: String,
    /// `sigmoid(-2.013)`
    pub filled: String,
    /// What the formula reads.
    pub operands: Vec<Operand>,
    /// What the terms add up to: the number itself, or what a function is taken of, such as `z_f[5]`.
    pub sum_label: String,
    /// The sum of all terms.
    pub sum: f32,
    /// The parts of the sum, the largest first.
    pub terms: Vec<Contribution>,
    /// Where the number comes from if no line of this timestep makes it: for parameters.
    pub origin: Option<Origin>,
}

impl Recording {
    /// Explains the number at `place`; `None` if there is no such number.
    pub fn explain(&self, place: &Place) -> Option<Explanation> {
        if place.timestep >= self.timesteps() {
            return None;
        }
        let node = self.node(place.phase, place.line, &place.name)?;
        let shape = self.shape(place.phase, node).to_vec();
        let elements = Elements::new(self, place.phase, place.timestep);
        let value = *elements.values(node).get(place.index)?;
        let graph = self.text(place.phase).graph();
        let made_here = !matches!(graph.nodes[node].op, Op::Parameter(_));
        let (sum_label, sum_of) = elements.sum_of(node, place.index);
        let mut terms = if made_here { elements.terms(sum_of) } else { vec![] };
        terms.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
        let label = write::label(&place.name, &shape, place.index);
        let formula = if made_here { elements.formula(node, place.index, false) } else { label.clone() };
        Some(Explanation {
            place: place.clone(),
            position: write::position(&shape, place.index),
            value,
            text: self.lines_of(place.phase, graph, node),
            formula: format!("{label} = {formula}"),
            filled: elements.formula(node, place.index, true),
            operands: if made_here { elements.operands(node, place.index) } else { vec![] },
            sum_label: sum_label.unwrap_or(label),
            sum: elements.value(sum_of),
            terms,
            origin: (!made_here).then(|| self.origin(place.phase, place.timestep, node, place.index)),
            shape,
        })
    }

    /// What every timestep adds to the gradient of a weight at a position, first timestep first.
    pub fn over_time(&self, weight: &str, index: usize) -> Option<Vec<f32>> {
        let parameters = &self.shapes().parameters;
        let position = parameters.iter().position(|p| p.name == weight && p.role == Role::Weight)?;
        let node = *self.adjoint().graph().returns.get(position)?;
        (0..self.timesteps()).map(|t| self.value(Phase::Backward, t, node).get(index).copied()).collect()
    }

    fn lines_of(&self, phase: Phase, graph: &Graph, node: usize) -> String {
        let listing = self.text(phase);
        let lines: Vec<&str> = listing.source().lines().collect();
        let range = match graph.nodes[node].statement {
            Some(statement) => {
                let statement = &listing.definition().body[statement];
                statement.span.line..=statement.last_line
            }
            None => graph.nodes[node].span.line..=graph.nodes[node].span.line,
        };
        let text: Vec<&str> = range.filter_map(|line| lines.get(line - 1).map(|l| l.trim())).collect();
        text.join(" ")
    }

    /// Where the value of a named node or parameter was made, seen from a timestep.
    pub(super) fn origin(&self, phase: Phase, timestep: usize, node: usize, index: usize) -> Origin {
        let graph = self.text(phase).graph();
        let Op::Parameter(position) = graph.nodes[node].op else {
            return match graph.assigned.iter().find(|a| a.node == node) {
                Some(a) => Origin::Line {
                    place: Place { phase, timestep, line: a.line, name: a.name.clone(), index },
                },
                None => Origin::Part,
            };
        };
        let parameters = &self.shapes().parameters;
        let Some(parameter) = parameters.get(position) else {
            return self.arriving(timestep, position - parameters.len(), index);
        };
        match parameter.role {
            Role::Input => Origin::Input { timestep },
            Role::Weight => Origin::Weight,
            Role::State if timestep == 0 => Origin::Initial,
            Role::State => {
                let before = timestep - 1;
                let returned = self.listing().graph().returns[position - 1];
                match self.made(Phase::Forward, before, returned, index) {
                    Some(place) => Origin::Line { place },
                    None => Origin::Returned { timestep: before },
                }
            }
        }
    }

    /// The line that made a returned value last.
    fn made(&self, phase: Phase, timestep: usize, node: usize, index: usize) -> Option<Place> {
        let graph = self.text(phase).graph();
        let a = graph.assigned.iter().rev().find(|a| a.node == node)?;
        Some(Place { phase, timestep, line: a.line, name: a.name.clone(), index })
    }

    fn arriving(&self, timestep: usize, state: usize, index: usize) -> Origin {
        let width: usize = self.shapes().parameters[state + 1].shape.iter().product();
        let upstream = self.sequence().upstream.get(state);
        let from_loss = upstream.and_then(|u| u.get(timestep * width + index)).copied().unwrap_or(0.0);
        let node = self.adjoint().graph().returns[state + 1];
        let next = timestep + 1;
        let from_next = (next < self.timesteps()).then(|| {
            let value = self.value(Phase::Backward, next, node).get(index).copied().unwrap_or(0.0);
            let line = self.adjoint().definition().return_span.line;
            let unnamed = Place { phase: Phase::Backward, timestep: next, line, name: String::new(), index };
            (value, self.made(Phase::Backward, next, node, index).unwrap_or(unnamed))
        });
        Origin::Arriving { from_loss, from_next }
    }
}
