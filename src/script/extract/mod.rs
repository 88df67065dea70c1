//! The step inside a loop over time, as a listing.
//!
//! 1. [`turns`]: what the loop goes through: an index, or the members of a sequence.
//! 2. [`flat`]: its block as one list of assignments: short loops unrolled, calls that stand alone written out.
//! 3. [`names`]: entries of arrays, lists and dictionaries become names: `xs[t]` the input, `hs[t - 1]` a state,
//!    `params["W"]` a weight.
//! 4. [`slice`]: the lines that the states need, and what is carried from one timestep to the next.
//! 5. [`text`]: the listing, with the functions that it calls.

mod columns;
mod einsum;
mod flat;
mod functions;
mod members;
mod names;
mod objects;
mod parts;
mod records;
mod slice;
mod text;
mod tuples;
mod turns;
mod verify;

use crate::listing::{Diagnostic, Listing, Span};

use super::array::Array;
use super::run::{Interpreter, Recorded};

/// An array of the script that a step takes.
#[derive(Debug, Clone)]
pub struct Given {
    /// Its name in the listing.
    pub name: String,
    /// What it is in the script: `params["Wz"]`.
    pub from: String,
    /// Its numbers: of the input at every timestep `[T, …]`, of a state before the first one.
    pub array: Array,
}

/// The step of a script.
#[derive(Debug, Clone)]
pub struct Step {
    /// The listing, `def step(…)`, which reads back.
    pub text: String,
    /// The line of the loop.
    pub line: usize,
    /// How often it runs.
    pub timesteps: usize,
    /// The input at every timestep.
    pub input: Given,
    /// The states before the first timestep, in the order of the parameters.
    pub states: Vec<Given>,
    /// The weights, in the order of the parameters.
    pub weights: Vec<Given>,
}

/// The loop over time of those that ran, and the step inside it: the first loop that carries arrays from turn to turn
/// and reads a sequence.
pub(super) fn over_time(loops: &[Recorded]) -> (Option<usize>, Result<Step, Diagnostic>) {
    let mut refusal = None;
    let ran = || loops.iter().enumerate().filter(|(_, recorded)| recorded.turns > 0);
    for (k, recorded) in ran() {
        match step_of(recorded, true) {
            Ok(step) => return (Some(k), Ok(step)),
            Err(Refusal { diagnostic, is_step: true }) => {
                // What trains goes through the sequences; a loop that runs inside may be the one over time.
                let inner = ran().skip(k + 1).take_while(|(inner, _)| *inner < recorded.inner);
                let found = inner.filter_map(|(k, inner)| Some((k, step_of(inner, true).ok()?))).next();
                return match found {
                    Some((k, step)) => (Some(k), Ok(step)),
                    None => (Some(k), Err(diagnostic)),
                };
            }
            Err(Refusal { diagnostic, .. }) => refusal = refusal.or(Some((k, diagnostic))),
        }
    }
    // A network may run on its own, without an input.
    if let Some((k, step)) = ran().find_map(|(k, recorded)| Some((k, step_of(recorded, false).ok()?))) {
        return (Some(k), Ok(step));
    }
    let message = "this script has no loop over time; write one, for x in xs: …, that carries a state";
    let nowhere = Diagnostic::new(Span { line: 1, column: 1, length: 1 }, message);
    refusal.map_or((None, Err(nowhere)), |(k, diagnostic)| (Some(k), Err(diagnostic)))
}

/// Which shapes a listing says in comments, where they do not follow from its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shapes {
    None,
    /// Those of weights that are vectors.
    OfVectors,
    OfAll,
}

/// Why a loop gives no step, and whether it is a loop over time at all.
pub(super) struct Refusal {
    diagnostic: Diagnostic,
    is_step: bool,
}

/// No step, and no loop over time.
fn no_loop(span: Span, message: &str) -> Refusal {
    Refusal { diagnostic: Diagnostic::new(span, message), is_step: false }
}

/// A loop over time of which no listing can be made.
fn no_listing(span: Span, message: impl Into<String>) -> Refusal {
    Refusal { diagnostic: Diagnostic::new(span, message), is_step: true }
}

/// The step of a loop; `reads`: whether it has to read a sequence. Integers of a sequence choose what a timestep reads,
/// and arrays that are changed in part keep what turns make; where that gives no step the first are read as numbers,
/// the second as states.
fn step_of(recorded: &Recorded, reads: bool) -> Result<Step, Refusal> {
    let mut refusal = None;
    let mut refused = Vec::new();
    for with_parts in [false, true] {
        for with_numbers in [false, true] {
            match step_with(recorded, reads, (with_numbers, with_parts), &mut refused) {
                Ok(step) => return Ok(step),
                Err(other) => refusal = refusal.or(Some(other)),
            }
        }
    }
    Err(refusal.unwrap_or_else(|| no_loop(recorded.span, "this loop gives no step")))
}

/// `refused`: texts that are no listings, and why; many ways to write a step lead to the same one.
fn step_with(
    recorded: &Recorded,
    reads: bool,
    with: (bool, bool),
    refused: &mut Vec<(String, Vec<Diagnostic>)>,
) -> Result<Step, Refusal> {
    let held = objects::names_of(recorded);
    let adapted = objects::adapted(recorded, &held);
    let recorded = adapted.as_ref().unwrap_or(recorded);
    let mut run = Interpreter::with(&recorded.before);
    let turns = turns::Turns::new(recorded, &mut run, with)?;
    let mut lines = flat::flat(recorded, &held, &mut run)?;
    for line in &mut lines {
        line.value = tuples::spread(&line.value, false, &recorded.names, &mut run);
    }
    for line in lines.iter_mut().filter(|_| !held.is_empty()) {
        line.target = objects::plain(&line.target, &held, &mut run, 0);
        line.value = objects::plain(&line.value, &held, &mut run, 0);
    }
    let mut first = columns::first_turn(recorded);
    for line in &mut lines {
        line.value = columns::upright(&line.value, &mut first);
    }
    let mut named = names::named(recorded, &turns, lines, &mut run)?;
    let carried = slice::Carried::new(recorded, &turns, &mut named)?;
    let (mut problem, mut refusal) = (None, None);
    let hows = [(true, true), (true, false), (false, true), (false, false)];
    let of_vectors = hows.into_iter().map(|how| (how, Shapes::OfVectors));
    let of_all = hows.into_iter().map(|how| (how, Shapes::OfAll));
    let ways = hows.into_iter().map(|how| (how, Shapes::None)).chain(of_vectors).chain(of_all);
    for (how, shapes) in ways {
        // What is only shown beside the states may be what no listing has.
        let draft = match text::Draft::new(recorded, (&turns, reads), &named, &carried, how, &mut run) {
            Ok(draft) => draft,
            Err(other) => {
                refusal = refusal.or(Some(other));
                continue;
            }
        };
        let text = draft.text(shapes);
        let listing = match refused.iter().find(|(own, _)| *own == text) {
            Some((_, mistakes)) => Err(mistakes.clone()),
            None => Listing::parse(&text).and_then(|listing| {
                listing.symbolic_shapes()?;
                listing.differentiate()?;
                Ok(listing)
            }),
        };
        let is_listing = listing.is_ok();
        let read = listing.and_then(|listing| {
            // The arrays of the script are those that the listing must work with.
            let step = draft.step(text.clone(), recorded);
            let mut given: Vec<(&str, &[usize])> = vec![(&step.input.name, &step.input.array.shape()[1..])];
            given.extend(step.states.iter().chain(&step.weights).map(|g| (g.name.as_str(), g.array.shape())));
            let shapes = listing.shapes_given(&given)?;
            let differing = verify::differing(&listing, &shapes, &step, &carried, recorded);
            Ok((step, differing))
        });
        if let (false, Err(mistakes)) = (is_listing, &read)
            && refused.iter().all(|(own, _)| *own != text)
        {
            refused.push((text.clone(), mistakes.clone()));
        }
        match read {
            Ok((step, None)) => return Ok(step),
            Ok((_, Some((state, timestep)))) => {
                let message = format!(
                    "no step can be taken out of this loop: what would be its lines gives other numbers for `{state}` \
                     at timestep {timestep}. A step does the same in every timestep and makes whole arrays: write \
                     np.where(…) for what is done only now and then, and a new array for one that is changed in part"
                );
                return Err(no_listing(recorded.span, message));
            }
            // What is said without shapes that were added is said of the script.
            Err(mistakes) if shapes == Shapes::None => {
                problem = mistakes.into_iter().next().map(|mistake| (mistake, text));
            }
            Err(_) => {}
        }
    }
    if let Some(refusal) = refusal {
        return Err(refusal);
    }
    let (why, line) = problem.map_or((String::new(), String::new()), |(mistake, text)| {
        let line = text.lines().nth(mistake.line.saturating_sub(1)).unwrap_or_default().trim().to_owned();
        (mistake.message, line)
    });
    Err(no_listing(recorded.span, format!("the step of this loop is no listing: in `{line}`, {why}")))
}
