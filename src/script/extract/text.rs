//! The listing of a step.

use super::super::array::Array;
use super::super::language::*;
use super::super::run::{Interpreter, Recorded, assigned};
use super::super::value::Value;
use super::functions::Functions;
use super::names::{Named, NamedLine, Source};
use super::slice::Carried;
use super::turns::Turns;
use super::{Given, Refusal, Shapes, Step, no_listing};

/// A listing before it is read.
pub(super) struct Draft {
    above: Vec<String>,
    parameters: Vec<String>,
    lines: Vec<String>,
    returns: Vec<String>,
    input: Given,
    states: Vec<Given>,
    weights: Vec<Given>,
}

impl Draft {
    pub(super) fn new(
        recorded: &Recorded,
        (turns, reads): (&Turns, bool),
        named: &Named,
        carried: &Carried,
        (with_outputs, keeps_names): (bool, bool),
        run: &mut Interpreter,
    ) -> Result<Self, Refusal> {
        let chosen: Vec<_> = named
            .lines
            .iter()
            .zip(&carried.needed)
            .filter(|(line, needed)| **needed || (with_outputs && is_output(line, carried)))
            .map(|(line, _)| line)
            .collect();
        if let Some(raw) = chosen.iter().find(|line| line.is_raw) {
            let message = format!(
                "a step is the same at every timestep, and `{}` depends on which one it is; \
                 prepare it in an array before the loop and read that array here",
                written(&raw.value)
            );
            return Err(no_listing(raw.value.span, message));
        }
        // What a turn itself makes, in whatever order it is read.
        let mut bound: Vec<String> = chosen.iter().flat_map(|line| line.targets.clone()).collect();
        bound.extend(carried.states.iter().map(|state| state.before.clone()));
        bound.extend(named.inputs.iter().map(|input| input.name.clone()));
        bound.extend(named.weights.iter().map(|weight| weight.name.clone()));
        let states = states_of(recorded, turns, named, carried, run);
        let vectors = states.iter().filter(|given| given.array.shape().len() == 1);
        let lengths = vectors.map(|given| (given.array.count(), given.name.clone())).collect();
        let mut functions = Functions { keeps_names, lengths, ..Functions::default() };
        let (mut lines, mut names) = (Vec::new(), Vec::new());
        for line in &chosen {
            let value = functions.plain(&line.value, &bound, run);
            names_in(&value, &mut names);
            let comment = line.comment.as_ref().map(|text| format!("  # {text}")).unwrap_or_default();
            let (targets, part) = (line.targets.join(", "), &line.part);
            lines.push(format!("    {targets}{part} = {}{comment}", written(&value)));
        }
        let inputs: Vec<&Source> = named.inputs.iter().filter(|input| names.contains(&input.name)).collect();
        let (input, unpacked) = match inputs.is_empty() && !reads {
            true => (no_input(recorded, &bound)?, vec![]),
            false => input_of(recorded, turns, &inputs, run)?,
        };
        let sizes = functions.sizes.iter().map(|(name, state)| format!("    {name} = len({state})"));
        lines.splice(0..0, sizes.chain(unpacked));
        let weights = weights_of(named, &names, &bound, run);
        let mut parameters = vec![input.name.clone()];
        parameters.extend(states.iter().chain(&weights).map(|given| given.name.clone()));
        parameters.extend(functions.constants.iter().map(|(name, value)| format!("{name}={value:?}")));
        Ok(Self {
            above: functions.all.into_iter().map(|above| above.text).collect(),
            parameters,
            lines,
            returns: carried.states.iter().map(|state| state.after.clone()).collect(),
            input,
            states,
            weights,
        })
    }

    pub(super) fn text(&self, shapes: Shapes) -> String {
        let vectors = self.weights.iter().filter(|given| given.array.shape().len() == 1);
        let given: Vec<&Given> = match shapes {
            Shapes::None => vec![],
            Shapes::OfVectors => vectors.collect(),
            Shapes::OfAll => self.states.iter().chain(&self.weights).collect(),
        };
        let hint = |given: &&Given| {
            format!("# shape: {} = {}\n", given.name, super::super::array::shown_shape(given.array.shape()))
        };
        let hints: String = given.iter().filter(|given| !given.array.shape().is_empty()).map(hint).collect();
        let above: String = self.above.iter().map(|text| format!("{text}\n")).collect();
        format!(
            "{above}{hints}def step({}):\n{}\n    return {}\n",
            self.parameters.join(", "),
            self.lines.join("\n"),
            self.returns.join(", ")
        )
    }

    pub(super) fn step(self, text: String, recorded: &Recorded) -> Step {
        Step {
            text,
            line: recorded.span.line,
            timesteps: recorded.turns,
            input: self.input,
            states: self.states,
            weights: self.weights,
        }
    }
}

/// Whether a line that no state needs is shown with the step: not what is added up over time, and no bundle of values.
fn is_output(line: &NamedLine, carried: &Carried) -> bool {
    let is_bundle = matches!(
        line.value.kind,
        ExpressionKind::Tuple(_)
            | ExpressionKind::List(_)
            | ExpressionKind::Dict(_)
            | ExpressionKind::Text(_)
    );
    let is_total = line.targets.iter().any(|name| carried.totals.contains(name));
    !line.is_raw && !is_bundle && !is_total
}

/// An input that nothing reads: a zero in every timestep.
fn no_input(recorded: &Recorded, bound: &[String]) -> Result<Given, Refusal> {
    let is_free = |name: &&str| !bound.iter().any(|own| own == name) && !recorded.before.contains_key(*name);
    let name = ["x", "nothing", "no_input"].into_iter().find(is_free).unwrap_or("unused_input");
    let array = Array::filled(vec![recorded.turns, 1], super::super::array::Kind::Float, 0.0);
    let array = array.map_err(|fault| no_listing(recorded.span, fault.0))?;
    Ok(Given { name: name.to_owned(), from: "nothing: the loop reads no input".to_owned(), array })
}

/// The input over time. Several vectors and numbers are put one behind the other, and taken apart in the step.
fn input_of(
    recorded: &Recorded,
    turns: &Turns,
    inputs: &[&Source],
    run: &mut Interpreter,
) -> Result<(Given, Vec<String>), Refusal> {
    let [one] = inputs else { return several(recorded, turns, inputs, run) };
    match over_time(recorded, turns, one, run) {
        Some(array) => Ok((Given { name: one.name.clone(), from: written(&one.from), array }, vec![])),
        None => {
            Err(no_listing(one.from.span, "what this timestep reads has not the same shape in all of them"))
        }
    }
}

fn several(
    recorded: &Recorded,
    turns: &Turns,
    inputs: &[&Source],
    run: &mut Interpreter,
) -> Result<(Given, Vec<String>), Refusal> {
    if inputs.is_empty() {
        let message = "this loop reads no sequence; a step needs an input: for x in xs: or xs[t]";
        return Err(super::no_loop(recorded.span, message));
    }
    let mut parts = Vec::new();
    let mut lines = Vec::new();
    let mut from = 0;
    let is_free = |name: &&str| {
        let is_own = recorded.names.iter().any(|own| own == name) || recorded.before.contains_key(*name);
        !is_own && !inputs.iter().any(|input| input.name == **name)
    };
    let name = ["x", "inputs", "all_inputs"].into_iter().find(is_free).unwrap_or("inputs_of_step");
    for input in inputs {
        let array = over_time(recorded, turns, input, run).filter(|array| array.shape().len() <= 2);
        let Some(array) = array else {
            let names: Vec<String> =
                inputs.iter().map(|input| format!("`{}`", written(&input.from))).collect();
            let message = format!(
                "a step has one input, and this loop reads {}, which are no vectors that can be put one behind the \
                     other; go through one sample of the batch, as in xs = x[:, 0]",
                names.join(", ")
            );
            return Err(no_listing(recorded.span, message));
        };
        let (width, part) = match array.shape() {
            [_, width] => (*width, format!("{name}[{from}:{}]", from + width)),
            _ => (1, format!("{name}[{from}]")),
        };
        lines.push(format!("    {} = {part}", input.name));
        let sizes = [array.shape()[0] as i64, width as i64];
        parts.push(array.reshaped(&sizes).map_err(|fault| no_listing(recorded.span, fault.0))?);
        from += width;
    }
    let array =
        super::super::array::concatenate(&parts, 1).map_err(|fault| no_listing(recorded.span, fault.0))?;
    let from: Vec<String> = inputs.iter().map(|input| written(&input.from)).collect();
    Ok((Given { name: name.to_owned(), from: from.join(", "), array }, lines))
}

/// What the script has for an input in every turn.
fn over_time(recorded: &Recorded, turns: &Turns, input: &Source, run: &mut Interpreter) -> Option<Array> {
    let mut assigned_inside = Vec::new();
    assigned(&recorded.each.body, &mut assigned_inside);
    let is_given = |name: &&str| {
        !(turns.members.iter().any(|own| own == name) && assigned_inside.iter().any(|own| own == name))
    };
    // A name that the loop gives a value to and its block another one is read as the loop gives it.
    let kept = as_name(&input.from).filter(is_given).and_then(|name| recorded.over_time(name));
    kept.or_else(|| {
        // What a turn prepares is there at the end; what it reads may have been changed by then.
        let values = turns.over_time(run, &input.from);
        let values =
            values.or_else(|| turns.over_time(&mut Interpreter::with(&recorded.live), &input.from))?;
        let arrays: Option<Vec<Array>> = values.iter().map(|value| value.array().ok()).collect();
        super::super::array::stack(&arrays?, 0).ok()
    })
}

fn states_of(
    recorded: &Recorded,
    turns: &Turns,
    named: &Named,
    carried: &Carried,
    run: &mut Interpreter,
) -> Vec<Given> {
    let mut states = Vec::new();
    for state in &carried.states {
        let value = match state.kept {
            Some(kept) => turns.at_first(run, &named.kept[kept].from),
            None if carried.counters.contains(&state.before) => {
                turns.at_first(run, &name_at(&state.before, &turns.target))
            }
            None => recorded.before.get(&state.before).cloned(),
        };
        let from = state.kept.map_or(state.before.clone(), |kept| written(&named.kept[kept].from));
        let first = value.and_then(|value| value.array().ok());
        let later = state.kept.and_then(|kept| {
            turns.at_last(&mut Interpreter::with(&recorded.live), &named.kept[kept].from)?.array().ok()
        });
        let after = recorded.values.get(&state.after).and_then(|values| values.first()).or(later.as_ref());
        // A state that begins with a number is as large as it becomes.
        let array = match (first, after) {
            (Some(first), Some(after)) => first.broadcast_to(after.shape()).unwrap_or(first),
            (Some(first), None) => first,
            (None, after) => match after {
                Some(after) => after.clone(),
                None => continue,
            },
        };
        states.push(Given { name: state.before.clone(), from, array });
    }
    states
}

fn weights_of(named: &Named, names: &[String], bound: &[String], run: &mut Interpreter) -> Vec<Given> {
    let mut weights = Vec::new();
    for name in names {
        if let Some(weight) = named.weights.iter().find(|weight| weight.name == *name) {
            if let Some(array) = run.value_of(&weight.from).ok().and_then(|value| value.array().ok()) {
                weights.push(Given { name: name.clone(), from: written(&weight.from), array });
            }
        } else if let (Some(Value::Array(array)), false) = (run.named(name), bound.contains(name)) {
            weights.push(Given { name: name.clone(), from: name.clone(), array });
        }
    }
    weights
}
