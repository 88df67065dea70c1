//! The adjoint: gradients that arrive, the line by line way back, the sums over time.

use super::super::walk::{self, Part, Position};
use super::written::{plain, raise};
use super::{Number, Teller};
use crate::listing::{Assigned, Graph, NodeId, Op, Pass, Role};

impl Teller<'_> {
    /// The beginning of a timestep on the way back.
    pub(super) fn arriving(&self, timestep: usize) -> String {
        let word = self.word(timestep);
        if timestep + 1 == self.timesteps() {
            return format!(
                "Arriving at {word}, the last {}: the gradient of the loss with respect to its state.",
                self.step_read()
            );
        }
        format!("Arriving at {word}: the gradient sent back by the later {}.", self.steps())
    }

    /// A line of an adjoint.
    pub(super) fn gradient(&self, number: &Number, assigned: &Assigned) -> String {
        let recording = self.session.recording(number.part);
        let (label, value) = (&number.label, &plain(number.value));
        let adjoint = recording.adjoint();
        let Some(node) = adjoint.gradient_of(assigned.statement) else {
            return format!("{label} is {value}, as on the way forwards.");
        };
        let statements = adjoint.definition().body.len();
        let last = (0..statements).rev().find(|statement| adjoint.gradient_of(*statement) == Some(node));
        if last != Some(assigned.statement) {
            return format!("{} so far; a later line completes this gradient.", number.with_value());
        }
        let graph = recording.listing().graph();
        let weight = self.role_in(number.part, node) == Some(Role::Weight);
        if weight && number.part == Part::Cell {
            let word = self.word(number.address.timestep);
            let name = &assigned.name;
            let all = if recording.shape(Pass::Backward, number.node).is_empty() {
                name.clone()
            } else {
                format!("each entry of {name}")
            };
            return match &number.computed {
                Some(computed) => {
                    format!("What {word} contributes to {all}: {label} gets {computed} = {value}.")
                }
                None => format!("What {word} contributes to {all}: {label} gets {value}."),
            };
        }
        if recording.shape(Pass::Forward, node) != recording.shape(Pass::Backward, number.node) {
            return format!("{}, a gradient on its way back.", number.with_value());
        }
        let what = match self.name_of(graph, node) {
            Some(name) => {
                let what = recording.label(Pass::Forward, node, &name, number.address.index);
                format!("{what}{}", self.where_made(graph, node, &name))
            }
            None => {
                format!("{} in forward line {}", described(graph, node), graph.nodes[node].span.line)
            }
        };
        // What no line reads gets no gradient.
        let is_state = self.role_in(number.part, node) == Some(Role::State) && number.part == Part::Cell;
        let to = if is_state && !walk::is_output(recording.listing(), node - 1) {
            self.sent_to(number.address.timestep)
        } else {
            String::new()
        };
        let first = format!("{label}{to} is {}", number.computed.as_ref().unwrap_or(value));
        format!("{first}. {}", raise(&what, number.value))
    }

    /// Where the gradient of a state goes that entered a timestep: what arrived there has the same name in the adjoint.
    fn sent_to(&self, timestep: usize) -> String {
        match timestep.checked_sub(1) {
            Some(before) => format!(", sent to {},", self.word(before)),
            None => format!(", sent to the state before {},", self.word(timestep)),
        }
    }

    fn role_in(&self, part: Part, node: NodeId) -> Option<Role> {
        let recording = self.session.recording(part);
        let Op::Parameter(position) = recording.listing().graph().nodes[node].op else { return None };
        recording.shapes().parameters.get(position).map(|parameter| parameter.role)
    }

    fn name_of(&self, graph: &Graph, node: NodeId) -> Option<String> {
        match graph.nodes[node].op {
            Op::Parameter(position) => graph.parameters.get(position).cloned(),
            _ => graph.nodes[node].name.clone(),
        }
    }

    /// The line of a name that several lines assign.
    fn where_made(&self, graph: &Graph, node: NodeId, name: &str) -> String {
        let mut nodes: Vec<NodeId> =
            graph.assigned.iter().filter(|a| a.name == name).map(|a| a.node).collect();
        nodes.dedup();
        let line = graph.assigned.iter().find(|a| a.node == node && a.name == name).map(|a| a.line);
        match line {
            Some(line) if nodes.len() > 1 => format!(" (forward line {line})"),
            _ => String::new(),
        }
    }

    /// The gradient of a weight, added up.
    pub(super) fn sum(&self, position: &Position) -> String {
        let recording = self.session.recording(Part::Cell);
        let weights = recording.listing().weights();
        let Some(name) = position.weight.and_then(|weight| weights.get(weight)) else { return String::new() };
        let count = self.timesteps();
        let used = match count {
            1 => format!("{name} was used at the only {}: d_{name} is what it contributes", self.step()),
            _ => format!(
                "{name} was used at all {count} {}: d_{name} is the sum of what each contributes",
                self.steps()
            ),
        };
        match self.left_by() {
            None => format!("{used}."),
            Some(left) if self.is_whole() => format!("{used}, without {left} before."),
            Some(left) => format!("{used}, without {left}."),
        }
    }
}

/// What a value without a name is.
fn described(graph: &Graph, node: NodeId) -> &'static str {
    match &graph.nodes[node].op {
        Op::Binary(crate::listing::Binary::Add | crate::listing::Binary::Subtract) | Op::MatMul { .. } => {
            "the sum"
        }
        Op::Binary(crate::listing::Binary::Multiply) => "the product",
        Op::Function(_) => "the result of the function",
        _ => "the intermediate value",
    }
}
