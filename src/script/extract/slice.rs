//! What is carried from one timestep to the next, and the lines that it needs.

use super::super::array::Kind;
use super::super::language::*;
use super::super::run::Recorded;
use super::names::{Named, NamedLine};
use super::turns::Turns;
use super::{Refusal, no_loop};

/// A state: its name as a parameter, and the name of its new value.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) before: String,
    pub(super) after: String,
    /// Which of [`Named::kept`] it is, if the script keeps it in entries.
    pub(super) kept: Option<usize>,
}

/// The states of a step, and which lines they need.
pub(super) struct Carried {
    pub(super) states: Vec<State>,
    pub(super) needed: Vec<bool>,
    /// What is carried and is no state: sums over time.
    pub(super) totals: Vec<String>,
    /// States that count the timesteps.
    pub(super) counters: Vec<String>,
}

impl Carried {
    pub(super) fn new(recorded: &Recorded, turns: &Turns, named: &mut Named) -> Result<Self, Refusal> {
        let mut carried = Self::of_arrays(recorded, named)?;
        let counter = turns.counter().filter(|(index, _)| {
            let mut needs =
                named.lines.iter().zip(&carried.needed).filter(|(line, needed)| **needed && line.is_raw);
            let mut is_number = needs.clone().all(|(line, _)| reads_number(&line.value, index));
            is_number &= !named.lines.iter().any(|line| line.targets.contains(index));
            needs.next().is_some() && is_number
        });
        if let Some((index, value)) = counter {
            // `0.1 * t`: the timestep is one more state, which goes up by one.
            for line in &mut named.lines {
                line.is_raw &= !reads_number(&line.value, &index);
            }
            let uses = vec![index.clone()];
            let targets = vec![index.clone()];
            named.lines.push(NamedLine {
                targets,
                value,
                uses,
                comment: None,
                adds: false,
                is_raw: false,
                part: String::new(),
            });
            carried.needed.push(true);
            carried.states.push(State { before: index.clone(), after: index.clone(), kept: None });
            carried.counters.push(index);
        }
        Ok(carried)
    }

    fn of_arrays(recorded: &Recorded, named: &Named) -> Result<Self, Refusal> {
        let lines = &named.lines;
        let carried = read_before_written(named);
        let is_array = |name: &String| {
            recorded
                .values
                .get(name)
                .and_then(|values| values.first())
                .is_some_and(|array| !array.shape().is_empty())
                || lines.iter().any(|line| !line.part.is_empty() && line.targets.contains(name))
        };
        let mut states: Vec<State> = Vec::new();
        for name in &carried {
            if let Some(kept) = named.kept.iter().position(|kept| kept.before == *name) {
                let after = named.kept[kept].after.clone();
                states.push(State { before: name.clone(), after, kept: Some(kept) });
            } else if is_array(name) {
                states.push(State { before: name.clone(), after: name.clone(), kept: None });
            }
        }
        // What is only added up is a result, unless there is nothing else.
        let is_total = |state: &State| {
            let own: Vec<&NamedLine> =
                lines.iter().filter(|line| line.targets.contains(&state.after)).collect();
            let reads = lines.iter().filter(|line| line.uses.contains(&state.before)).count();
            own.iter().all(|line| line.adds) && reads == own.len()
        };
        if states.iter().any(|state| !is_total(state)) {
            states.retain(|state| !is_total(state));
        }
        if states.is_empty() {
            // A network of one unit carries a number.
            let is_number = |name: &&String| {
                let values = recorded.values.get(*name);
                let is_float = |array: &super::super::array::Array| array.kind() > Kind::Int;
                values.is_some_and(|values| {
                    values.iter().all(|v| v.shape().is_empty()) && values.iter().any(is_float)
                })
            };
            let numbers = carried.iter().filter(is_number).cloned();
            let state = |name: String| State { before: name.clone(), after: name, kept: None };
            states.extend(numbers.map(state).filter(|state| !is_total(state)));
        }
        if states.is_empty() {
            let message = "this loop carries no array from one turn to the next under a name of its own; give what a \
                           turn hands to the next one a name, as in h = np.tanh(x @ W + h @ U)";
            return Err(no_loop(recorded.span, message));
        }
        let mut needed = needed(lines, &states);
        // Numbers that are carried and needed are states too.
        loop {
            let used: Vec<&String> =
                lines.iter().zip(&needed).filter(|(_, n)| **n).flat_map(|(l, _)| &l.uses).collect();
            let more: Vec<&String> = carried
                .iter()
                .filter(|name| used.contains(name) && !states.iter().any(|state| state.before == **name))
                .collect();
            if more.is_empty() {
                let is_state = |name: &String| states.iter().any(|state| state.before == *name);
                let totals = carried.iter().filter(|name| !is_state(name)).cloned().collect();
                return Ok(Self { states, needed, totals, counters: vec![] });
            }
            let more =
                more.into_iter().map(|name| State { before: name.clone(), after: name.clone(), kept: None });
            states.extend(more.collect::<Vec<_>>());
            needed = self::needed(lines, &states);
        }
    }
}

/// Whether an index is read as a number wherever an expression reads it, not as a place in something.
fn reads_number(value: &Expression, index: &str) -> bool {
    let mut is_place = false;
    replaced(value, &mut |part| {
        if let ExpressionKind::Subscript(_, at) = &part.kind {
            let mut names = Vec::new();
            names_in(at, &mut names);
            is_place |= names.iter().any(|name| name == index);
        }
        None
    });
    !is_place
}

/// Names that a turn reads before it assigns them, and then assigns.
fn read_before_written(named: &Named) -> Vec<String> {
    let mut written: Vec<&String> = Vec::new();
    let mut carried: Vec<String> = Vec::new();
    let assigns = |name: &String| named.lines.iter().any(|line| line.targets.contains(name));
    for line in &named.lines {
        for name in &line.uses {
            // What the loop gives a value to, it does not carry.
            if named.inputs.iter().any(|input| input.name == *name) {
                continue;
            }
            let is_kept = named.kept.iter().any(|kept| kept.before == *name);
            if !written.contains(&name) && !carried.contains(name) && (is_kept || assigns(name)) {
                carried.push(name.clone());
            }
        }
        written.extend(&line.targets);
    }
    carried
}

/// Which lines the new values of the states need, found from the last line to the first.
fn needed(lines: &[NamedLine], states: &[State]) -> Vec<bool> {
    let mut wanted: Vec<&str> = states.iter().map(|state| state.after.as_str()).collect();
    let mut needed = vec![false; lines.len()];
    for (k, line) in lines.iter().enumerate().rev() {
        if line.targets.iter().any(|name| wanted.contains(&name.as_str())) {
            needed[k] = true;
            wanted.retain(|name| !line.targets.iter().any(|target| target == name));
            wanted.extend(line.uses.iter().map(String::as_str));
        }
    }
    needed
}
