//! The step function: reading, gates, candidate, new states.

use super::super::choice::Excerpt;
use super::super::facts::Effect;
use super::super::walk::{self, Part};
use super::written::{list, percent, plain};
use super::{Number, Teller};
use crate::data::tokenizer::SHOWN_UNKNOWN;
use crate::listing::{Assigned, Function, NodeId, Op, Pass};

impl Teller<'_> {
    /// What enters, and where everything earlier is.
    pub(super) fn reading(&self, timestep: usize) -> String {
        let input = self.session.input();
        let (word, features) = (self.word(timestep), input.features());
        let unknown = input.known.get(timestep) == Some(&false);
        let is_any = input.labels.get(timestep).is_some_and(|label| label == SHOWN_UNKNOWN);
        let numbers = if features == 1 { "1 number".to_string() } else { format!("{features} numbers") };
        let enters = match (input.words, features) {
            (true, _) if unknown && is_any => {
                format!(
                    "A word that the network does not know enters, as the {numbers} of all unknown words."
                )
            }
            (true, _) if unknown => {
                format!("The network does not know {word}: it enters as the {numbers} of all unknown words.")
            }
            (true, _) => format!("{word} enters as {numbers}."),
            (false, 1) => {
                let value = input.x.get((timestep, 0)).copied().unwrap_or(f32::NAN);
                format!("The number {} enters at {word}.", plain(value))
            }
            (false, _) => format!("{features} numbers enter at {word}."),
        };
        format!("{enters} {}", self.known_before(timestep))
    }

    fn known_before(&self, timestep: usize) -> String {
        let states = self.facts.states_read();
        if states.is_empty() {
            return format!("No line reads the state: the cell knows nothing of earlier {}.", self.steps());
        }
        let verb = if states.len() == 1 { "is" } else { "are" };
        if timestep > 0 {
            return format!("All that the cell knows of earlier {} is in {}.", self.steps(), list(&states));
        }
        if let Some(left) = self.left_by() {
            let verb = if states.len() == 1 { "comes" } else { "come" };
            let but = self.but_by_hand();
            return format!("Before it the cell read {left}: {} {verb} from there{but}.", list(&states));
        }
        if self.session.input().excerpt == Excerpt::Answer {
            let but = self.but_by_hand();
            return format!("It is read first: {} {verb} what the encoder handed over{but}.", list(&states));
        }
        let (recording, step) = (self.session.recording(Part::Cell), self.step_read());
        let zero = (0..recording.listing().graph().returns.len()).all(|state| {
            recording.state(state).outer_iter().next().is_none_or(|s| s.iter().all(|v| *v == 0.0))
        });
        if zero {
            format!("It is the first {step}: {} {verb} still zero.", list(&states))
        } else {
            format!("It is the first {step}: {} {verb} not zero, but as given.", list(&states))
        }
    }

    /// What a line of the step function makes.
    pub(super) fn line(&self, number: &Number, assigned: &Assigned) -> String {
        let graph = self.session.recording(Part::Cell).listing().graph();
        let (label, value) = (&number.label, plain(number.value));
        let node = number.node;
        let last = graph.assigned.iter().rev().find(|a| a.node == node);
        if let Op::Parameter(_) = graph.nodes[node].op {
            return format!("{label} is {value}: another name for {}.", self.label(node, number));
        }
        if let Some(state) = graph.returns.iter().position(|returned| *returned == node)
            && last == Some(assigned)
        {
            return self.new_state(number, state);
        }
        if let Op::Part { .. } = graph.nodes[node].op {
            return self.split(number, assigned);
        }
        if self.facts.is_gate(node) {
            return self.gate(number);
        }
        if let Some((gate, complement)) = self.facts.gate_of_candidate(node) {
            let by = match (graph.nodes[gate].name.as_deref(), complement) {
                (Some(name), false) => format!("gate {name}"),
                (Some(name), true) => format!("1 − {name}"),
                (None, _) => "a gate".to_string(),
            };
            let of = self.of_unit(number);
            let computed = number.computed.as_ref().map_or(String::new(), |computed| format!("{computed}: "));
            return format!("The candidate{of} is {computed}{value}; {by} decides how much of it is let in.");
        }
        match graph.nodes[node].op {
            Op::Function(Function::Tanh) => format!("{}, between −1 and 1.", number.with_value()),
            Op::Function(Function::Relu) => {
                format!("{}; relu turns negative numbers into 0.", number.with_value())
            }
            _ => format!("{} at {}.", number.with_value(), self.word(number.address.timestep)),
        }
    }

    /// A number of another node at the same place.
    pub(super) fn label(&self, node: NodeId, number: &Number) -> String {
        let recording = self.session.recording(Part::Cell);
        let graph = recording.listing().graph();
        let name = match graph.nodes[node].op {
            Op::Parameter(position) => graph.parameters.get(position).map(String::as_str),
            _ => graph.nodes[node].name.as_deref(),
        };
        if let Some(name) = name {
            return recording.label(Pass::Forward, node, name, number.address.index);
        }
        match (&graph.nodes[node].op, graph.nodes[node].inputs.as_slice()) {
            (Op::Function(function), [argument]) => {
                format!("{}({})", function.name().trim_start_matches("np."), self.label(*argument, number))
            }
            _ => "what it multiplies".to_string(),
        }
    }

    pub(super) fn is_vector(&self, number: &Number) -> bool {
        self.session.recording(number.part).shape(number.address.pass, number.node).len() == 1
    }

    /// `unit 5`, or the number's name where it belongs to no unit.
    fn unit(&self, number: &Number) -> String {
        if self.is_unit(number) { format!("unit {}", number.address.index) } else { number.label.clone() }
    }

    /// Whether a number belongs to the unit of the same number: not so in a half of a state.
    fn is_unit(&self, number: &Number) -> bool {
        let recording = self.session.recording(number.part);
        let shape = |node: NodeId| recording.shape(Pass::Forward, node);
        let mut states = 1..=self.facts.states().len();
        self.is_vector(number) && states.any(|state| shape(state) == shape(number.node))
    }

    fn of_unit(&self, number: &Number) -> String {
        if self.is_unit(number) { format!(" of unit {}", number.address.index) } else { String::new() }
    }

    fn gate(&self, number: &Number) -> String {
        let uses = self.facts.uses(number.node);
        let of = |complement: bool| {
            uses.iter()
                .find(|use_| use_.complement == complement && !matches!(use_.effect, Effect::Scales { .. }))
        };
        let direct = of(false).or_else(|| uses.iter().find(|use_| !use_.complement)).map(|use_| use_.effect);
        let other = of(true).map(|use_| use_.effect);
        let Some(direct) = direct else {
            let read =
                if self.facts.is_read(number.node) { "between 0 and 1" } else { "and no line reads it" };
            return format!("{}, {read}.", number.with_value());
        };
        format!("{}: {}.", number.is_computed(), self.gate_does(number, direct, other))
    }

    /// What a gate does, and what one minus the gate does.
    fn gate_does(&self, number: &Number, direct: Effect, other: Option<Effect>) -> String {
        let share = number.value;
        let (unit, all, rest) = (self.unit(number), percent(share), percent(1.0 - share));
        match (direct, other) {
            (Effect::Keeps { state }, Some(Effect::LetsIn { value, .. })) => format!(
                "{unit} keeps {all} of {}{} and takes {rest} of {}",
                self.own_state(state, number),
                self.if_zero(state, number),
                self.new_value(value, number)
            ),
            (Effect::LetsIn { value, .. }, Some(Effect::Keeps { state })) => format!(
                "{unit} takes {all} of {} and keeps {rest} of {}{}",
                self.new_value(value, number),
                self.own_state(state, number),
                self.if_zero(state, number).trim_end_matches(',')
            ),
            (Effect::Keeps { state }, _) if self.is_zero_before(state, number) => {
                let yet = if number.address.timestep == 0 { " yet" } else { "" };
                let before = self.label(state + 1, number);
                format!("{all}, but there is nothing to keep{yet}, as {before} is 0")
            }
            (Effect::Keeps { state }, _) if share < 0.5 => {
                format!("{unit} forgets {rest} of {}", self.own_state(state, number))
            }
            (Effect::Keeps { state }, _) => {
                format!("{unit} keeps {all} of {}", self.own_state(state, number))
            }
            (Effect::LetsIn { value, .. }, _) => {
                format!("{unit} lets in {all} of {}", self.new_value(value, number))
            }
            (Effect::Shows { value, .. }, _) => {
                format!("{unit} shows {all} of {}", self.label(value, number))
            }
            (Effect::Scales { value }, _) => {
                let zero = (1..=self.facts.states().len()).contains(&value)
                    && self.is_zero_before(value - 1, number);
                let zero = if zero { ", which is 0," } else { "" };
                format!("it lets {all} of {}{zero} through", self.label(value, number))
            }
        }
    }

    /// Whether the state that enters is 0 at the number's place.
    fn is_zero_before(&self, state: usize, number: &Number) -> bool {
        let recording = self.session.recording(Part::Cell);
        let before = recording.value(Pass::Forward, number.address.timestep, state + 1);
        self.is_unit(number) && before.iter().nth(number.address.index).is_some_and(|before| *before == 0.0)
    }

    fn if_zero(&self, state: usize, number: &Number) -> &'static str {
        if self.is_zero_before(state, number) { ", which is 0," } else { "" }
    }

    /// `its memory`, `its old state`, or the state's name.
    fn own_state(&self, state: usize, number: &Number) -> String {
        let is_vector = self.is_vector(number);
        if is_vector && !self.is_unit(number) {
            self.called(state + 1)
        } else if self.facts.is_memory(state) && is_vector {
            "its memory".to_string()
        } else if self.facts.states().len() == 1 && is_vector {
            "its old state".to_string()
        } else {
            self.label(state + 1, number)
        }
    }

    /// `its candidate`, or the value's name.
    fn new_value(&self, value: NodeId, number: &Number) -> String {
        if self.facts.gate_of_candidate(value).is_some() && self.is_vector(number) {
            "its candidate".to_string()
        } else {
            self.label(value, number)
        }
    }

    fn new_state(&self, number: &Number, state: usize) -> String {
        let recording = self.session.recording(Part::Cell);
        let (label, value) = (&number.label, plain(number.value));
        let timestep = number.address.timestep;
        let word = self.word(timestep);
        let is_read = self.session.read_state() == state;
        let next = self.step();
        let said = number.with_value();
        if walk::is_output(recording.listing(), state) {
            let reader = if is_read { " The output layer reads it." } else { "" };
            return format!("{said}. It leaves the cell at {word}; no later {next} reads it.{reader}");
        }
        let before = recording.value(Pass::Forward, timestep, state + 1);
        let before = before.iter().nth(number.address.index).copied();
        if let (Some(before), true) = (before, self.facts.is_memory(state)) {
            return format!(
                "{}: the memory{} was {} before {word} and is {value} now.",
                number.is_computed(),
                self.of_unit(number),
                plain(before)
            );
        }
        if timestep + 1 == self.timesteps() {
            let reader = match (is_read, self.is_whole()) {
                (true, _) => "the output layer reads it".to_string(),
                (false, true) => "nothing reads it any more".to_string(),
                (false, false) => format!("no later {next} is stepped through"),
            };
            return format!("{said} after the last {}; {reader}.", self.step_read());
        }
        let reader = if is_read { "; the output layer sees the same number" } else { "" };
        let said = if number.computed.is_some() { said } else { format!("{label} = {value}") };
        format!("{said} passes to the next {next}{reader}.")
    }
}
