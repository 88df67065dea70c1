//! Whether a step that was taken out of a loop gives the numbers that the loop has.

use ndarray::{ArrayD, Axis, IxDyn};

use crate::listing::{Listing, Recording, Sequence, Shapes, SizedListing};

use super::super::array::Array;
use super::super::language::{Statement, StatementKind};
use super::super::run::Recorded;
use super::slice::Carried;
use super::{Given, Step};

/// So many timesteps are looked at, each from the states of the script before it.
const MOST_TIMESTEPS: usize = 8;
/// Fewer where the weights are many: so many numbers in all.
const MOST_WORK: usize = 4_000_000;
/// The listing computes in float32, most scripts in float64.
const TOLERANCE: f32 = 2e-3;

/// The state that differs and the timestep, counted from 1.
pub(super) fn differing(
    listing: &Listing,
    shapes: &Shapes,
    step: &Step,
    carried: &Carried,
    recorded: &Recorded,
) -> Option<(String, usize)> {
    let sized = SizedListing::new(listing, shapes).ok()?;
    let weights: Vec<ArrayD<f32>> = step.weights.iter().map(float).collect::<Option<_>>()?;
    let x = float(&step.input)?;
    let after: Vec<Option<&Vec<Array>>> =
        step.states.iter().map(|state| after_turns(state, carried, recorded)).collect();
    let size: usize = weights.iter().map(ArrayD::len).sum::<usize>() + x.len() / step.timesteps.max(1) + 1;
    let most = (MOST_WORK / size).clamp(2, MOST_TIMESTEPS);
    let is_known = after.iter().all(Option::is_some);
    // Without the states of every timestep the first ones are gone through one after the other.
    let chosen: Vec<usize> = match is_known {
        true if step.timesteps <= most => (0..step.timesteps).collect(),
        true => (0..most).map(|k| k * (step.timesteps - 1) / (most - 1)).collect(),
        false => vec![0],
    };
    // The turn that leaves the loop may have done less than the others.
    let last = step.timesteps - usize::from(leaves(&recorded.each.body));
    for k in chosen.into_iter().filter(|k| *k < last) {
        let length = if is_known { 1 } else { last.min(most / 2).max(1) };
        let initial = step.states.iter().zip(&after).map(|(state, after)| match (k, after) {
            (0, _) | (_, None) => float(state),
            (k, Some(after)) => numbers(&after[k - 1]),
        });
        let initial: Vec<Option<ArrayD<f32>>> = initial.collect();
        let part = x.slice_axis(Axis(0), (k..k + length).into()).to_owned();
        let sequence = Sequence { x: part, initial, weights: weights.clone(), upstream: vec![] };
        let recording = Recording::new(&sized, sequence).ok()?;
        for (s, (state, after)) in step.states.iter().zip(&after).enumerate() {
            let Some(after) = after else { continue };
            for turn in 0..length {
                let own = recording.state(s);
                let own = own.index_axis(Axis(0), turn + 1);
                let theirs = numbers(&after[k + turn])?;
                if own.shape() != theirs.shape() || !own.iter().zip(&theirs).all(|(a, b)| is_close(*a, *b)) {
                    return Some((state.name.clone(), k + turn + 1));
                }
            }
        }
    }
    None
}

/// Whether a block may leave the loop that it stands in.
fn leaves(body: &[Statement]) -> bool {
    body.iter().any(|statement| match &statement.kind {
        StatementKind::Break | StatementKind::Return(_) => true,
        StatementKind::If(branches, otherwise) => {
            branches.iter().any(|(_, body)| leaves(body)) || leaves(otherwise)
        }
        _ => false,
    })
}

fn is_close(own: f32, theirs: f32) -> bool {
    !own.is_finite() || !theirs.is_finite() || (own - theirs).abs() <= TOLERANCE * theirs.abs().max(1.0)
}

/// What the script has for a state after every turn, where it has a name.
fn after_turns<'a>(state: &Given, carried: &Carried, recorded: &'a Recorded) -> Option<&'a Vec<Array>> {
    if carried.counters.contains(&state.name) {
        return None;
    }
    let own = carried.states.iter().find(|own| own.before == state.name && own.kept.is_none())?;
    recorded.values.get(&own.after).filter(|values| values.len() == recorded.turns)
}

fn float(given: &Given) -> Option<ArrayD<f32>> {
    numbers(&given.array)
}

fn numbers(array: &Array) -> Option<ArrayD<f32>> {
    let numbers = array.numbers().into_iter().map(|value| value as f32).collect();
    ArrayD::from_shape_vec(IxDyn(array.shape()), numbers).ok()
}
