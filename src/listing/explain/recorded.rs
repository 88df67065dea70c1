//! Explanations of the numbers of a recording.

use super::elements::Elements;
use super::explanation::{Explanation, Origin, ValueAddress};
use super::write;
use crate::listing::cell::recording::{Pass, Recording};
use crate::listing::graph::{Graph, Op};
use crate::listing::shapes::Role;

impl Recording {
    /// Explains the number at `place`; `None` if there is no such number.
    pub fn explain(&self, address: &ValueAddress) -> Option<Explanation> {
        if address.timestep >= self.timesteps() {
            return None;
        }
        let node = self.node(address.pass, address.line, &address.name)?;
        let shape = self.shape(address.pass, node).to_vec();
        let elements = Elements::new(self, address.pass, address.timestep);
        let value = *elements.values(node).get(address.index)?;
        let graph = self.text(address.pass).graph();
        let made_here = !matches!(graph.nodes[node].op, Op::Parameter(_));
        let (sum_label, sum_of) = elements.sum_of(node, address.index);
        let mut terms = if made_here { elements.terms(sum_of) } else { vec![] };
        terms.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
        let label = write::label(&address.name, &shape, address.index);
        let formula = if made_here { elements.formula(node, address.index, false) } else { label.clone() };
        Some(Explanation {
            address: address.clone(),
            position: write::position(&shape, address.index),
            value,
            text: self.lines_of(address.pass, graph, node),
            formula: format!("{label} = {formula}"),
            filled: elements.formula(node, address.index, true),
            operands: if made_here { elements.operands(node, address.index) } else { vec![] },
            sum_label: sum_label.unwrap_or(label),
            sum: elements.value(sum_of),
            terms,
            origin: (!made_here).then(|| self.origin(address.pass, address.timestep, node, address.index)),
            shape,
        })
    }

    /// What every timestep adds to the gradient of a weight at a position, first timestep first.
    pub fn over_time(&self, weight: &str, index: usize) -> Option<Vec<f32>> {
        let parameters = &self.shapes().parameters;
        let position = parameters.iter().position(|p| p.name == weight && p.role == Role::Weight)?;
        let node = *self.adjoint().graph().returns.get(position)?;
        (0..self.timesteps()).map(|t| self.numbers(Pass::Backward, t, node).get(index).copied()).collect()
    }

    fn lines_of(&self, pass: Pass, graph: &Graph, node: usize) -> String {
        let listing = self.text(pass);
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
    pub(super) fn origin(&self, pass: Pass, timestep: usize, node: usize, index: usize) -> Origin {
        let graph = self.text(pass).graph();
        let Op::Parameter(position) = graph.nodes[node].op else {
            return match graph.assigned.iter().find(|a| a.node == node) {
                Some(a) => Origin::Line {
                    address: ValueAddress { pass, timestep, line: a.line, name: a.name.clone(), index },
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
                match self.made(Pass::Forward, before, returned, index) {
                    Some(address) => Origin::Line { address },
                    None => Origin::Returned { timestep: before },
                }
            }
        }
    }

    /// The line that made a returned value last.
    fn made(&self, pass: Pass, timestep: usize, node: usize, index: usize) -> Option<ValueAddress> {
        let graph = self.text(pass).graph();
        let a = graph.assigned.iter().rev().find(|a| a.node == node)?;
        Some(ValueAddress { pass, timestep, line: a.line, name: a.name.clone(), index })
    }

    fn arriving(&self, timestep: usize, state: usize, index: usize) -> Origin {
        let width: usize = self.shapes().parameters[state + 1].shape.iter().product();
        let upstream = self.sequence().upstream.get(state).and_then(Option::as_ref);
        let from_loss = upstream.and_then(|u| u.iter().nth(timestep * width + index)).copied().unwrap_or(0.0);
        let node = self.adjoint().graph().returns[state + 1];
        let next = timestep + 1;
        let from_next = (next < self.timesteps()).then(|| {
            let value = self.numbers(Pass::Backward, next, node).get(index).copied().unwrap_or(0.0);
            let line = self.adjoint().definition().return_span.line;
            let unnamed =
                ValueAddress { pass: Pass::Backward, timestep: next, line, name: String::new(), index };
            (value, self.made(Pass::Backward, next, node, index).unwrap_or(unnamed))
        });
        Origin::Arriving { from_loss, from_next }
    }
}
