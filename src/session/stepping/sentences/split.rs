//! The parts of what a line splits: which part a number is, and what that is for.

use super::super::facts::Summed;
use super::super::walk::Part;
use super::written::{count, list, plain};
use super::{Number, Teller};
use crate::listing::{Assigned, Function, NodeId, Op, Pass, Role};

/// More names than these are said as a range.
const MOST_NAMES: usize = 4;

impl Teller<'_> {
    /// The parts of a sum, or of anything else.
    pub(super) fn split(&self, number: &Number, assigned: &Assigned) -> String {
        let graph = self.session.recording(Part::Cell).listing().graph();
        let made: Vec<&Assigned> =
            graph.assigned.iter().filter(|a| a.statement == assigned.statement).collect();
        let (label, value) = (&number.label, plain(number.value));
        let at = made.iter().position(|a| *a == assigned).unwrap_or(0);
        if at > 0 {
            let purpose = self.purpose(number);
            return format!("{label} is {value}: part {} of {}{purpose}.", at + 1, made.len());
        }
        let names: Vec<&str> = made.iter().map(|a| a.name.as_str()).collect();
        let names = match names.as_slice() {
            [first, .., last] if names.len() > MOST_NAMES => format!("{first} to {last}"),
            _ => list(&names),
        };
        let source = graph.nodes[number.node].inputs[0];
        let pieces = count(made.len());
        if let Op::Parameter(_) = graph.nodes[source].op {
            return format!("{} is split in {pieces}: {names}; {label} is {value}.", self.called(source));
        }
        let parts: Vec<NodeId> = made.iter().map(|a| a.node).collect();
        let (gates, candidates) = self.facts.parts_made_of(&parts);
        let into = if gates + candidates == parts.len() && gates > 0 {
            let gates = format!("{} gate{}", count(gates), if gates == 1 { "" } else { "s" });
            format!("split in {pieces}: {gates}{}", if candidates == 1 { " and the candidate" } else { "" })
        } else {
            format!("split in {pieces}: {names}")
        };
        self.before_split(source, &into)
    }

    /// How what is split is computed.
    fn before_split(&self, source: NodeId, into: &str) -> String {
        match self.facts.summed(source) {
            Summed { others: true, .. } => self.other_split(source, into),
            Summed { input: true, states: 0, bias: false, .. } => {
                format!("The input is multiplied by its weights; the product is {into}.")
            }
            Summed { input: false, states: 1, bias: false, .. } => {
                format!("The state is multiplied by its weights; the product is {into}.")
            }
            Summed { input: true, states: 0, .. } => {
                format!("The input is multiplied by its weights and a bias is added; the sum is {into}.")
            }
            Summed { input: false, states: 1, .. } => {
                format!("The state is multiplied by its weights and a bias is added; the sum is {into}.")
            }
            Summed { input: true, states, .. } => {
                let state = if states == 1 { "state" } else { "states" };
                format!("Input and {state} are multiplied by their weights and added; the sum is {into}.")
            }
            _ => format!("The sum is {into}."),
        }
    }

    /// The same where other values than the input and the states are multiplied by weights.
    fn other_split(&self, source: NodeId, into: &str) -> String {
        let read: Vec<String> = self
            .facts
            .weighted(source)
            .unwrap_or_default()
            .into_iter()
            .map(|node| self.called(node))
            .collect();
        let read: Vec<&str> = read.iter().map(String::as_str).collect();
        match read.as_slice() {
            all if all.is_empty() || all.contains(&"") => format!("The result is {into}."),
            [only] => format!("{only} is multiplied by its weights; the result is {into}."),
            all => format!("{} are multiplied by their weights and added; the sum is {into}.", list(all)),
        }
    }

    /// The name of a whole value, with `_before` for a state that enters; nothing where it has none.
    pub(super) fn called(&self, node: NodeId) -> String {
        let recording = self.session.recording(Part::Cell);
        let graph = recording.listing().graph();
        match graph.nodes[node].op {
            Op::Parameter(position) if self.facts.role(node) == Some(Role::State) => {
                recording.called(Pass::Forward, node, &graph.parameters[position])
            }
            Op::Parameter(position) => graph.parameters[position].clone(),
            _ => graph.nodes[node].name.clone().unwrap_or_default(),
        }
    }

    /// What a part is for: `, for the forget gate f`, `; its sigmoid is multiplied by c_1[5]`, `, for a_5`.
    fn purpose(&self, number: &Number) -> String {
        let graph = self.session.recording(Part::Cell).listing().graph();
        let named = self.facts.goes_into(number.node).and_then(|(node, title)| {
            let name = graph.nodes[node].name.as_deref();
            let name = name.map(|name| format!(" {name}")).unwrap_or_default();
            (title != "gate" || !name.is_empty()).then(|| format!(", for the {title}{name}"))
        });
        if let Some(named) = named {
            return named;
        }
        let (what, node) = match self.facts.function_of(number.node) {
            Some((node, Function::Sigmoid)) => ("its sigmoid", node),
            Some((node, Function::Tanh)) => ("its tanh", node),
            _ => ("it", number.node),
        };
        if let Some(other) = self.facts.multiplied_by(node).filter(|other| !self.called(*other).is_empty()) {
            return format!("; {what} is multiplied by {}", self.label(other, number));
        }
        let readers = self.facts.named_readers(number.node);
        // A part whose name the one line that reads it assigns anew.
        if let [reader] = readers.as_slice()
            && graph.nodes[*reader].name == graph.nodes[number.node].name
            && let Some(changed) = graph.assigned.iter().find(|assigned| assigned.node == *reader)
        {
            return format!(", changed in line {}", changed.line);
        }
        let names: Vec<&str> = readers.iter().filter_map(|node| graph.nodes[*node].name.as_deref()).collect();
        match names.as_slice() {
            [] if graph.returns.contains(&number.node) => String::new(),
            [] => ", and no line reads it".to_string(),
            [first, .., last] if names.len() > MOST_NAMES => format!(", read for {first} to {last}"),
            names => format!(", for {}", list(names)),
        }
    }
}
