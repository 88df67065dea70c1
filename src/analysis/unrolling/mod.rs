//! One listing unrolled in three ways: as a loop, as a parallel scan, and as a convolution.
//!
//! Where a step is linear in its states, s′ = Aₜ s + bₜ, two steps are one step of the same form, so that all
//! states follow from a tree of such pairs (Blelloch, *Prefix sums and their applications*, 1990). Where Aₜ is the
//! same at every timestep, the states are a convolution of bₜ with the powers of A. All three give the same numbers,
//! up to the rounding of f32.

mod linear;
mod rows;
mod ways;

use serde::Serialize;

use crate::listing::{Pass, Recording};
use linear::Steps;
pub use rows::{Row, Rows};

/// What keeps a step from being linear in its states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Obstacle {
    /// The line of the text.
    pub line: usize,
    /// The operation: `sigmoid`, `×`.
    pub operation: String,
    /// Whether it multiplies or divides two values that both depend on the state; else it bends one.
    pub of_two: bool,
    /// The line as it is written.
    pub text: String,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum WayKind {
    /// Timestep after timestep, as the listing is run.
    Loop,
    /// Pairs of timesteps, pairs of pairs and so on, in a tree.
    Scan,
    /// All timesteps at once, with the powers of the coefficients.
    Convolution,
}

/// One way to the same states.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Way {
    /// Which one.
    pub kind: WayKind,
    /// Products that it computed for the recurrence; the coefficients are the same for all ways.
    pub work: u64,
    /// Rounds one after another; within a round everything may be computed at once.
    pub depth: usize,
    /// What is joined with what: round, from which timestep, into which.
    pub pairs: Vec<[usize; 3]>,
    /// The largest difference to the loop.
    pub difference: f32,
    /// The first number of the states after each timestep.
    pub first: Vec<f32>,
}

/// What unrolling a listing gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Unrollings {
    /// The states that one timestep hands to the next.
    pub states: Vec<String>,
    /// How many numbers they have.
    pub numbers: usize,
    /// How many timesteps were unrolled.
    pub timesteps: usize,
    /// What forbids everything but the loop.
    pub obstacle: Option<Obstacle>,
    /// How many numbers of the old states one of the new ones reads at most; 1 where every number goes its own way.
    pub reads: usize,
    /// Whether the coefficients follow from the input, and so differ from timestep to timestep.
    pub timed: bool,
    /// The ways that there are, the loop first.
    pub ways: Vec<Way>,
    /// The largest number in size of each power of the coefficients, where they are the same at every timestep.
    pub kernel: Vec<f32>,
    /// The largest number in size of the states, against which differences are small or not.
    pub largest: f32,
}

/// More products than this are not computed: about a second in a browser.
const MOST_WORK: u64 = 200_000_000;

/// Unrolls what was recorded; nothing if no state is read, or if it would take too long.
pub fn unrolled(recording: &Recording) -> Option<Unrollings> {
    let graph = recording.listing().graph();
    let needed = graph.needed_for(&graph.returns);
    let carried: Vec<usize> = (0..graph.returns.len()).filter(|state| needed[state + 1]).collect();
    if carried.is_empty() {
        return None;
    }
    let names = recording.listing().states();
    let steps = Steps::of(recording, &carried);
    let mut found = Unrollings {
        states: carried.iter().map(|state| names[*state].to_owned()).collect(),
        numbers: carried
            .iter()
            .map(|state| recording.shape(Pass::Forward, state + 1).iter().product::<usize>())
            .sum(),
        timesteps: recording.timesteps(),
        obstacle: None,
        reads: 0,
        timed: false,
        ways: vec![],
        kernel: vec![],
        largest: 0.0,
    };
    let steps = match steps {
        Err(obstacle) => return Some(Unrollings { obstacle: Some(obstacle), ..found }),
        Ok(steps) => steps,
    };
    found.reads = steps.steps.iter().flat_map(|step| &step.0).map(|row| row.terms.len()).max().unwrap_or(0);
    found.timed = steps.timed;
    let reads = found.reads as u64;
    if 4 * found.timesteps as u64 * found.numbers as u64 * reads * reads.max(found.numbers as u64 / 8)
        > MOST_WORK
    {
        return None;
    }
    let states = ways::looped(recording, &carried);
    found.largest = states.iter().flatten().fold(0.0, |most: f32, s| most.max(s.abs()));
    let loop_work = steps.steps.iter().map(Rows::products).sum();
    found.ways.push(ways::way(
        WayKind::Loop,
        &states,
        &states,
        (loop_work, found.timesteps),
        ways::chain(found.timesteps),
    ));
    let start = ways::start(recording, &carried);
    found.ways.push(ways::scan(&steps.steps, &start, &states));
    if !steps.timed {
        let (way, kernel) = ways::convolution(&steps.steps, &start, &states);
        found.ways.push(way);
        found.kernel = kernel;
    }
    Some(found)
}
