//! What happens at a position, as a sentence for a beginner: said from the facts of the listing and from the numbers,
//! so that it is true for every cell, input and setting.

mod backward;
mod forward;
mod output;
mod split;
mod written;

use super::choice::Excerpt;
use super::facts::Facts;
use super::readout::LABEL;
use super::session::{Edit, Stepping};
use super::walk::{Part, Position, PositionKind};
use crate::listing::{Assigned, NodeId, Op, Pass, Role, ValueAddress};

/// Says sentences about one session.
struct Teller<'a> {
    session: &'a Stepping,
    facts: Facts<'a>,
}

/// The number that a sentence is about.
struct Number<'a> {
    part: Part,
    address: &'a ValueAddress,
    node: NodeId,
    /// The assignment that made it; `None` for parameters.
    assigned: Option<&'a Assigned>,
    value: f32,
    /// What it is called.
    label: String,
    /// What its line computes for it: `tanh of z_c[5]`; nothing for another name of a value.
    computed: Option<String>,
}

impl Number<'_> {
    /// `c[5] is f[5] times c_before[5]`, the beginning of what is said of its value; the name alone for another name.
    fn is_computed(&self) -> String {
        self.computed
            .as_ref()
            .map_or_else(|| self.label.clone(), |computed| format!("{} is {computed}", self.label))
    }

    /// `c[5] is f[5] times c_before[5]: −0.21`
    fn with_value(&self) -> String {
        let value = written::plain(self.value);
        match &self.computed {
            Some(_) => format!("{}: {value}", self.is_computed()),
            None => format!("{} is {value}", self.label),
        }
    }
}

impl Stepping {
    /// What happens at position `at` of the walk, said of the number that is looked at: the line's own, or any other,
    /// of which then is said what it is.
    pub fn sentence(&self, at: usize, looked_at: Option<(Part, &ValueAddress)>) -> String {
        let walk = self.walk();
        let Some(position) = walk.get(at.min(walk.len().saturating_sub(1))) else { return String::new() };
        let teller = Teller { session: self, facts: Facts::new(self.recording(Part::Cell)) };
        let own = teller.own_number(position);
        let looked_at = looked_at.or_else(|| own.as_ref().map(|address| (position.part, address)));
        match looked_at {
            Some((part, address)) if !teller.is_general(position, own.as_ref(), (part, address)) => {
                teller.number(part, address).map(|number| teller.of_number(&number)).unwrap_or_default()
            }
            _ => teller.of_position(position),
        }
    }
}

impl<'a> Teller<'a> {
    /// What the line of a position makes first, or the input, or the first gradient that arrives.
    fn own_number(&self, position: &Position) -> Option<ValueAddress> {
        let recording = self.session.recording(position.part);
        let graph = recording.text(position.pass).graph();
        let at_line = graph.assigned.iter().find(|a| a.line == position.line);
        let name = match (at_line, position.pass) {
            (Some(assigned), _) => assigned.name.clone(),
            (None, Pass::Forward) => graph.parameters.first()?.clone(),
            (None, Pass::Backward) => graph.parameters.get(recording.shapes().parameters.len())?.clone(),
        };
        let (pass, timestep, line) = (position.pass, position.timestep, position.line);
        Some(ValueAddress { pass, timestep, line, name, index: 0 })
    }

    /// Whether the position's general sentence is about the number: at the heads of the listings and at the sums.
    fn is_general(
        &self,
        position: &Position,
        own: Option<&ValueAddress>,
        (part, address): (Part, &ValueAddress),
    ) -> bool {
        let head = self.session.recording(position.part).text(position.pass).definition().span.line;
        let general = position.kind == PositionKind::SumOverTime || position.line == head;
        let same = |own: &ValueAddress| {
            (own.pass, own.timestep, own.line, &own.name)
                == (address.pass, address.timestep, address.line, &address.name)
        };
        general && part == position.part && own.is_some_and(same)
    }

    fn of_position(&self, position: &Position) -> String {
        match (position.kind, position.pass) {
            (PositionKind::SumOverTime, _) => self.sum(position),
            (PositionKind::GradientArrives, _) => {
                "Now backwards: how would the loss change with each number? We start from d_loss = 1: the loss \
                 changes one for one with itself."
                    .to_string()
            }
            (_, Pass::Backward) => self.arriving(position.timestep),
            _ => self.reading(position.timestep),
        }
    }

    /// The number at an address, if there is one.
    fn number<'b>(&'b self, part: Part, address: &'b ValueAddress) -> Option<Number<'b>> {
        let recording = self.session.recording(part);
        if address.timestep >= recording.timesteps() {
            return None;
        }
        let node = recording.node(address.pass, address.line, &address.name)?;
        let value = *recording.value(address.pass, address.timestep, node).iter().nth(address.index)?;
        let mut assigned = recording.text(address.pass).graph().assigned.iter().rev();
        let assigned = assigned.find(|a| a.name == address.name && a.line <= address.line && a.node == node);
        let label = recording.label(address.pass, node, &address.name, address.index);
        let computed = assigned.and_then(|_| recording.in_words(address));
        Some(Number { part, address, node, assigned, value, label, computed })
    }

    fn of_number(&self, number: &Number) -> String {
        if !number.value.is_finite() {
            let value = written::plain(number.value);
            return format!(
                "{} is {value}: a number before it has become too large to compute with.",
                number.label
            );
        }
        match (number.assigned, number.address.pass, number.part) {
            (None, _, _) => self.parameter(number),
            (Some(assigned), Pass::Backward, _) => self.gradient(number, assigned),
            (Some(assigned), Pass::Forward, Part::Cell) => self.line(number, assigned),
            (Some(_), Pass::Forward, Part::Output) => self.output(number),
        }
    }

    /// What is given to a timestep: the input, a state, a weight, a gradient that arrives.
    fn parameter(&self, number: &Number) -> String {
        let recording = self.session.recording(number.part);
        let (label, value) = (&number.label, written::plain(number.value));
        let timestep = number.address.timestep;
        let Op::Parameter(position) = recording.text(number.address.pass).graph().nodes[number.node].op
        else {
            return format!("{label} is {value}.");
        };
        let Some(parameter) = recording.shapes().parameters.get(position) else {
            let is_last = timestep + 1 == recording.timesteps();
            let from = if is_last { "loss".to_string() } else { format!("later {}", self.steps()) };
            return format!("{label} = {value} arrives from the {from}.");
        };
        match (parameter.role, number.part) {
            (Role::Input, Part::Cell) => format!("{label} of {} is {value}.", self.word(timestep)),
            (Role::Input, Part::Output) => {
                format!("{label} = {value} is read from the cell after {}.", self.word(timestep))
            }
            (Role::State, _) => self.state_before(&parameter.name, number),
            (Role::Weight, Part::Output) if parameter.name == LABEL => self.true_label(number),
            (Role::Weight, _) => format!("{label} = {value} is a weight: the same at every {}.", self.step()),
        }
    }

    /// A state that enters a timestep.
    fn state_before(&self, name: &str, number: &Number) -> String {
        let (label, value) = (&number.label, written::plain(number.value));
        let (timestep, index) = (number.address.timestep, number.address.index);
        let recording = self.session.recording(number.part);
        if recording.is_set(name, timestep, index) || self.is_first_state_edited(name, timestep, index) {
            return format!("{label} was set to {value} by hand before {}.", self.word(timestep));
        }
        if timestep > 0 {
            let (before, here) = (self.word(timestep - 1), self.word(timestep));
            let own = label.replacen("_before", "", 1);
            return format!("{label} = {value} is {own} after {before}, handed to {here}.");
        }
        if self.session.input().excerpt == Excerpt::Answer {
            return format!("{label} = {value} is what the encoder handed over.");
        }
        match self.left_by() {
            None if number.value == 0.0 => format!("{label} is 0: nothing was read before {}.", self.word(0)),
            None => format!("{label} = {value} is the state before {}.", self.word(0)),
            Some(left) => {
                format!("{label} = {value} is the state left by {left} before {}.", self.word(0))
            }
        }
    }

    /// Whether a number of the first states was changed by hand.
    fn is_first_state_edited(&self, name: &str, timestep: usize, index: usize) -> bool {
        let mut edits = self.session.edits().iter().filter(|edit| edit.part == Part::Cell);
        timestep == 0 && edits.any(|edit| edit.timestep == 0 && edit.name == name && edit.index == index)
    }

    /// `, but for what was set by hand` where a number of the first states was.
    fn but_by_hand(&self) -> &'static str {
        let states = self.session.recording(Part::Cell).listing().states();
        let by_hand = |edit: &Edit| {
            edit.part == Part::Cell && edit.timestep == 0 && states.contains(&edit.name.as_str())
        };
        if self.session.edits().iter().any(by_hand) { ", but for what was set by hand" } else { "" }
    }

    /// What was read before the first word: `the 91 empty places and the start mark`, `the 12 earlier words of the
    /// text`.
    fn left_by(&self) -> Option<String> {
        let before = self.session.input().before;
        match self.session.input().excerpt {
            Excerpt::Continued { read: 1 } => {
                return Some(format!("the earlier {} of the text", self.step()));
            }
            Excerpt::Continued { read } => {
                return Some(format!("the {read} earlier {} of the text", self.steps()));
            }
            _ => {}
        }
        match (before.padding, before.start) {
            (0, false) => None,
            (0, true) => Some("the start mark".to_string()),
            (padding, false) => Some(format!("the {}", places(padding))),
            (padding, true) => Some(format!("the {} and the start mark", places(padding))),
        }
    }

    /// “bad”, or timestep 3.
    fn word(&self, timestep: usize) -> String {
        let input = self.session.input();
        let label = input.labels.get(timestep).map_or("", String::as_str);
        if input.words { format!("“{label}”") } else { format!("timestep {label}") }
    }

    fn step(&self) -> &'static str {
        self.session.input().called
    }

    fn steps(&self) -> String {
        format!("{}s", self.step())
    }

    /// Whether what is read is all of its text.
    fn is_whole(&self) -> bool {
        self.session.input().excerpt == Excerpt::Whole
    }

    /// `word`, or `word that is read` where the text has others.
    fn step_read(&self) -> String {
        if self.is_whole() { self.step().to_string() } else { format!("{} that is read", self.step()) }
    }

    fn timesteps(&self) -> usize {
        self.session.input().labels.len()
    }
}

/// `91 empty places`
fn places(count: usize) -> String {
    if count == 1 { "1 empty place".to_string() } else { format!("{count} empty places") }
}
