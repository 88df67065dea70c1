//! Which parameter of a step is its input, and which are its states, where they stand in another order than
//! `step(x, h, W)`: `step(h, x, W)`, `step(params, carry, x)`, `step(W, U, b, x, h)`, `step(x, u, A, B)` of a state `x`
//! with the input `u`. Names tell; where they do not, the order that is written stays.

use super::MOST_PARAMETERS;
use super::blocks::targets;
use super::lines::{Function, behind, is_word, parameters, put, sign, word};
use super::made::comma_separated;
use super::outputs::{is_called_state, stem};
use crate::listing::language::tokens::LogicalLine;

/// What inputs are called.
const INPUTS: [&str; 5] = ["x", "inp", "input", "inputs", "x_in"];
/// What the input of a state `x` is called.
const CONTROLS: [&str; 4] = ["u", "inp", "input", "inputs"];
/// What holds several weights.
const WEIGHTS: [&str; 7] = ["params", "parameters", "weights", "theta", "p", "w", "b"];

/// What is known of a parameter.
struct Role<'a> {
    name: &'a str,
    stem: String,
    /// It gets a value, or is returned.
    changes: bool,
}

impl Role<'_> {
    /// Its value of the timestep before.
    fn is_earlier(&self) -> bool {
        ["prev", "last", "old"].iter().any(|when| self.name.contains(when))
    }

    fn is_input(&self) -> bool {
        INPUTS.contains(&self.stem.as_str()) && !self.is_earlier() && !self.changes
    }

    fn is_state(&self) -> bool {
        self.is_earlier() || is_called_state(&self.stem)
    }

    fn is_weight(&self) -> bool {
        let is_matrix = self.name.starts_with(|c: char| c.is_ascii_uppercase());
        !self.changes && (is_matrix || WEIGHTS.contains(&self.stem.as_str()))
    }
}

/// Puts the input of a step first, its states behind it and all others behind those.
pub(super) fn settle(step: &mut Function) {
    let head = &step.head;
    let mut all = parameters(head);
    all.retain(|(_, name)| name != "self");
    let Some((first, _)) = all.first().cloned() else { return };
    let stars = (first..head.tokens.len()).any(|at| {
        matches!(sign(head, at), Some("*" | "**" | "/")) && matches!(sign(head, at - 1), Some("(" | ","))
    });
    if stars || all.len() < 2 || all.len() > MOST_PARAMETERS {
        return;
    }
    let changed = changed(&step.body);
    let roles: Vec<Role> = all
        .iter()
        .map(|(_, name)| {
            let stem = stem(name);
            Role { name, changes: changed.contains(&stem), stem }
        })
        .collect();
    let Some(order) = order(&roles, &step.body) else { return };
    let items = order.iter().map(|k| head.tokens[all[*k].0..behind(&head.tokens, all[*k].0)].to_vec());
    let made = comma_separated(&items.collect::<Vec<_>>(), &head.tokens[first]);
    let end = all.last().map_or(first, |(at, _)| behind(&head.tokens, *at));
    put(&mut step.head.tokens, first..end, made);
}

/// The order of the parameters, if it is another one.
fn order(roles: &[Role], body: &[LogicalLine]) -> Option<Vec<usize>> {
    let system = is_system(roles, body);
    let is_state = |role: &Role| role.is_state() || (role.stem == "x" && role.changes);
    let named = roles.iter().position(|role| role.is_input() && !system);
    let control = |role: &Role| CONTROLS.contains(&role.stem.as_str()) && !role.changes;
    let input = named.or_else(|| roles.iter().position(control))?;
    // What stands before the input and changes is a state, whatever it is called.
    let is_one = |k: usize| is_state(&roles[k]) || (system && k == 0) || (k < input && roles[k].changes);
    let states: Vec<usize> = (0..roles.len()).filter(|k| *k != input && is_one(*k)).collect();
    let next = *states.first()?;
    let begins = if input == 0 {
        // Only weights stand between the input and the first state.
        next > 1 && roles[1..next].iter().all(Role::is_weight)
    } else {
        let before = &roles[..input];
        before.iter().all(|role| role.is_weight() || is_state(role) || role.changes || system)
    };
    let rest = (0..roles.len()).filter(|k| *k != input && !states.contains(k));
    begins.then(|| std::iter::once(input).chain(states.iter().copied()).chain(rest).collect())
}

/// Whether the first parameter is a state `x` with an input `u`: `x` changes, or `A @ x` is its next value.
fn is_system(roles: &[Role], body: &[LogicalLine]) -> bool {
    let [x, u, ..] = roles else { return false };
    let named = x.stem == "x" && CONTROLS.contains(&u.stem.as_str()) && !u.changes;
    let steps = |line: &LogicalLine| {
        (0..line.tokens.len()).any(|at| {
            let matrix = matches!(word(line, at), Some("A" | "F"));
            let by = match sign(line, at + 1) {
                Some("@") => 2,
                Some(",") => 2,
                Some(".") if is_word(line, at + 2, "dot") => 4,
                _ => return false,
            };
            matrix && word(line, at + by) == Some(x.name)
        })
    };
    named && (x.changes || body.iter().any(steps))
}

/// The names, without what says when, that get values or are returned.
fn changed(body: &[LogicalLine]) -> Vec<String> {
    let returned = body.iter().filter(|line| is_word(line, 0, "return"));
    let returned = returned.flat_map(|line| (1..line.tokens.len()).filter_map(|at| alone(line, at)));
    body.iter().flat_map(targets).chain(returned).map(|name| stem(&name)).collect()
}

/// A name that is a value of its own.
fn alone(line: &LogicalLine, at: usize) -> Option<String> {
    let begins = at == 1 || matches!(sign(line, at - 1), Some("(" | "[" | ","));
    let ends = at + 1 == line.tokens.len() || matches!(sign(line, at + 1), Some(")" | "]" | ","));
    let called = at > 2 && word(line, at - 2).is_some_and(|name| name != "return");
    word(line, at).filter(|_| begins && ends && !called).map(str::to_string)
}
