//! Explanations of the numbers of a recording.

use super::digits;
use super::elements::{Elements, finest_unit, print_terms, sum_unit};
use super::explanation::{Contribution, Explanation, LARGEST, Operand, Origin, ValueAddress};
use super::write;
use crate::listing::cell::recording::{Pass, Recording};
use crate::listing::graph::{Assigned, Graph, Op};
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
        let assigned = (graph.assigned.iter().rev())
            .find(|a| a.name == address.name && a.line <= address.line && a.node == node);
        let label = self.label(address.pass, node, &address.name, address.index);
        let element = (node, address.index);
        let root = assigned.is_some_and(|a| is_made_by(graph, a));
        let (sum_label, sum_of) = if root { elements.sum_of(element) } else { (None, element) };
        let sum = elements.value(sum_of);
        let mut terms =
            if assigned.is_some() { elements.terms(sum_of, root || sum_of != element) } else { vec![] };
        let right = if assigned.is_some() { elements.formula(element, root) } else { label.clone() };
        let (filled, extra) = elements.filled(element, root, digits::unit(value));
        let operands = if assigned.is_some() { elements.operands(element, root, extra) } else { vec![] };
        // What a function is taken of has the digits that it has in the formula, if its terms determine them.
        let in_formula = operands.iter().find(|operand| Some(&operand.label) == sum_label.as_ref());
        let in_formula = in_formula.and_then(|operand| {
            let unit = digits::unit_of_text(&operand.shown)?;
            (unit >= finest_unit(&terms)).then(|| (unit, operand.shown.clone()))
        });
        let (unit, sum_shown) = in_formula.unwrap_or_else(|| (sum_unit(&terms, sum), sum_shown(&terms, sum)));
        print_terms(&mut terms, unit);
        let pieces = self.pieces_in(address, node, &terms);
        Some(Explanation {
            address: address.clone(),
            position: write::position(&shape, address.index),
            value,
            shown: digits::shown(value),
            text: self.lines_of(address.pass, assigned, node),
            formula: format!("{label} = {right}"),
            filled,
            operands,
            pieces,
            sum_label: sum_label.unwrap_or_else(|| label.clone()),
            sum,
            sum_shown,
            rest: rest(&terms, unit),
            terms,
            origin: assigned
                .is_none()
                .then(|| self.origin(address.pass, address.timestep, node, address.index)),
            label,
            shape,
        })
    }

    /// Explains one number of a weight's gradient: the sum of what every timestep contributes, first timestep first.
    pub fn explain_total(&self, weight: &str, index: usize) -> Option<Explanation> {
        let parts = self.over_time(weight, index)?;
        let parameters = &self.shapes().parameters;
        let position = parameters.iter().position(|p| p.name == weight)?;
        let weights = parameters[..position].iter().filter(|p| p.role == Role::Weight).count();
        let value = *self.weight_gradient(weights).iter().nth(index)?;
        let adjoint = self.adjoint();
        let node = *adjoint.graph().returns.get(self.listing().gradient_place(position)?)?;
        let name = format!("d_{weight}");
        let line = adjoint.definition().return_span.line;
        let line = adjoint.graph().assigned.iter().find(|a| a.name == name).map_or(line, |a| a.line);
        let label = self.label(Pass::Backward, node, &name, index);
        let term = |(timestep, value): (usize, &f32)| Contribution {
            label: format!("{label} at timestep {}", timestep + 1),
            value: *value,
            shown: String::new(),
            so_far: String::new(),
            factors: vec![Operand {
                label: label.clone(),
                value: *value,
                shown: digits::shown(*value),
                origin: Origin::Line {
                    address: ValueAddress { pass: Pass::Backward, timestep, line, name: name.clone(), index },
                },
                address: Some(ValueAddress {
                    pass: Pass::Backward,
                    timestep,
                    line,
                    name: name.clone(),
                    index,
                }),
            }],
        };
        let mut terms: Vec<Contribution> = parts.iter().enumerate().map(term).collect();
        let unit = sum_unit(&terms, value);
        print_terms(&mut terms, unit);
        let shape = parameters[position].shape.clone();
        Some(Explanation {
            address: ValueAddress { pass: Pass::Backward, timestep: 0, line, name: name.clone(), index },
            position: write::position(&shape, index),
            value,
            shown: sum_shown(&terms, value),
            text: String::new(),
            formula: format!("{label} = the sum over all timesteps"),
            filled: String::new(),
            operands: vec![],
            pieces: self.own_piece(Pass::Backward, node, &name, index).unwrap_or_default(),
            sum_label: label.clone(),
            sum: value,
            sum_shown: sum_shown(&terms, value),
            rest: String::new(),
            terms,
            origin: None,
            label,
            shape,
        })
    }

    /// What every timestep adds to the gradient of a weight at a position, first timestep first.
    pub fn over_time(&self, weight: &str, index: usize) -> Option<Vec<f32>> {
        let parameters = &self.shapes().parameters;
        let position = parameters.iter().position(|p| p.name == weight && p.role == Role::Weight)?;
        let node = *self.adjoint().graph().returns.get(self.listing().gradient_place(position)?)?;
        (0..self.timesteps()).map(|t| self.numbers(Pass::Backward, t, node).get(index).copied()).collect()
    }

    /// The lines that make a value; for a parameter those of `def`.
    fn lines_of(&self, pass: Pass, assigned: Option<&Assigned>, node: usize) -> String {
        let listing = self.text(pass);
        let lines: Vec<&str> = listing.source().lines().collect();
        let range = match assigned.map(|a| &listing.definition().body[a.statement]) {
            Some(statement) => statement.span.line..=statement.last_line,
            None => {
                let line = listing.graph().nodes[node].span.line;
                line..=line
            }
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

/// Whether an assignment makes its value; another name for a value that was made before is made of that value alone.
pub(super) fn is_made_by(graph: &Graph, assigned: &Assigned) -> bool {
    let first = graph.assigned.iter().find(|other| other.node == assigned.node);
    !matches!(graph.nodes[assigned.node].op, Op::Parameter(_))
        && first.is_none_or(|first| first.line >= assigned.line)
}

/// A sum as it is printed: no finer than its terms determine it.
fn sum_shown(terms: &[Contribution], sum: f32) -> String {
    let unit = sum_unit(terms, sum);
    if unit > digits::unit(sum) { digits::to_unit(f64::from(sum), unit) } else { digits::shown(sum) }
}

/// All parts but the largest, added up and printed.
fn rest(terms: &[Contribution], unit: i32) -> String {
    if terms.len() <= LARGEST {
        return String::new();
    }
    let others: f64 = terms[LARGEST..].iter().map(|term| f64::from(term.value)).sum();
    digits::to_unit(others, digits::unit_of_terms(unit, terms.len()))
}
