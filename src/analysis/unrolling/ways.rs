//! The three ways to the states.

use super::rows::Rows;
use super::{Way, WayKind};
use crate::listing::Recording;
use ndarray::Axis;

/// The states before the first timestep, side by side.
pub(super) fn start(recording: &Recording, carried: &[usize]) -> Vec<f32> {
    at(recording, carried, 0)
}

/// The states after each timestep, as the listing was run.
pub(super) fn looped(recording: &Recording, carried: &[usize]) -> Vec<Vec<f32>> {
    (1..=recording.timesteps()).map(|t| at(recording, carried, t)).collect()
}

fn at(recording: &Recording, carried: &[usize], t: usize) -> Vec<f32> {
    let state = |state: &usize| -> Vec<f32> {
        recording.state(*state).index_axis(Axis(0), t).iter().copied().collect()
    };
    carried.iter().flat_map(state).collect()
}

/// A timestep after the other.
pub(super) fn chain(timesteps: usize) -> Vec<[usize; 3]> {
    (1..timesteps).map(|t| [t, t - 1, t]).collect()
}

pub(super) fn way(
    kind: WayKind,
    states: &[Vec<f32>],
    looped: &[Vec<f32>],
    (work, depth): (u64, usize),
    pairs: Vec<[usize; 3]>,
) -> Way {
    let both = states.iter().flatten().zip(looped.iter().flatten());
    let apart = |(a, b): (&f32, &f32)| if a == b || (a.is_nan() && b.is_nan()) { 0.0 } else { (a - b).abs() };
    let difference = both.map(apart).fold(0.0, |most: f32, d| if d > most || d.is_nan() { d } else { most });
    let first = states.iter().map(|state| state[0]).collect();
    Way { kind, work, depth, pairs, difference, first }
}

/// All prefixes of the steps by pairs: neighbours are joined, the prefixes of these are found in the same way, and what
/// lies between them takes one more join.
struct Scan {
    work: u64,
    depth: usize,
    pairs: Vec<[usize; 3]>,
}

impl Scan {
    /// The prefixes of `steps`, which end at the timesteps `ends`.
    fn prefixes(&mut self, steps: &[Rows], ends: &[usize]) -> Vec<Rows> {
        if steps.len() < 2 {
            return steps.to_vec();
        }
        let round = self.depth;
        self.depth += 1;
        let joined: Vec<Rows> = (1..steps.len())
            .step_by(2)
            .map(|k| self.join(&steps[k], &steps[k - 1], [round, ends[k - 1], ends[k]]))
            .collect();
        let inner: Vec<usize> = ends.iter().skip(1).step_by(2).copied().collect();
        let odd = self.prefixes(&joined, &inner);
        let between = steps.len() > 2;
        let round = self.depth;
        self.depth += usize::from(between);
        let mut all = vec![steps[0].clone()];
        for k in 1..steps.len() {
            let made = match k % 2 {
                1 => odd[k / 2].clone(),
                _ => self.join(&steps[k], &odd[k / 2 - 1], [round, ends[k - 1], ends[k]]),
            };
            all.push(made);
        }
        all
    }

    fn join(&mut self, later: &Rows, earlier: &Rows, pair: [usize; 3]) -> Rows {
        let (made, work) = later.after(earlier);
        self.work += work;
        self.pairs.push(pair);
        made
    }
}

/// The states by a tree of pairs.
pub(super) fn scan(steps: &[Rows], start: &[f32], looped: &[Vec<f32>]) -> Way {
    let mut scan = Scan { work: 0, depth: 0, pairs: Vec::new() };
    let ends: Vec<usize> = (0..steps.len()).collect();
    let prefixes = scan.prefixes(steps, &ends);
    // Every prefix takes the states before the first timestep, all at once.
    let states: Vec<Vec<f32>> = prefixes.iter().map(|prefix| prefix.apply(start)).collect();
    let work = scan.work + prefixes.iter().map(Rows::products).sum::<u64>();
    way(WayKind::Scan, &states, looped, (work, scan.depth + 1), scan.pairs)
}

/// How many rounds double 1 to at least `n`.
fn doublings(n: usize) -> usize {
    n.max(1).next_power_of_two().trailing_zeros() as usize
}

/// The states as a convolution of the rests with the powers of the coefficients, which are those of the first step; and
/// the largest number in size of each power.
pub(super) fn convolution(steps: &[Rows], start: &[f32], looped: &[Vec<f32>]) -> (Way, Vec<f32>) {
    let timesteps = steps.len();
    let once = steps[0].homogeneous();
    let mut work = 0;
    // Powers 0 to `timesteps`; those of each round are the known ones times the largest known one.
    let identity = |k| super::Row { terms: vec![(k, 1.0)], rest: 0.0 };
    let mut powers = vec![Rows((0..start.len()).map(identity).collect()), once];
    while powers.len() <= timesteps {
        let (last, known) = (powers.len() - 1, powers.len());
        for k in 1..known {
            if powers.len() <= timesteps {
                let (made, products) = powers[last].after(&powers[k]);
                work += products;
                powers.push(made);
            }
        }
    }
    let rests: Vec<Vec<f32>> = steps.iter().map(|step| step.0.iter().map(|row| row.rest).collect()).collect();
    let mut pairs = Vec::new();
    let states: Vec<Vec<f32>> = (0..timesteps)
        .map(|t| {
            let mut sum = powers[t + 1].apply(start);
            work += powers[t + 1].products();
            for (from, rest) in rests.iter().enumerate().take(t + 1) {
                let power = &powers[t - from];
                work += power.products();
                pairs.push([t - from, from, t]);
                sum.iter_mut().zip(power.apply(rest)).for_each(|(sum, part)| *sum += part);
            }
            sum
        })
        .collect();
    // The powers, all products at once, and a tree of sums.
    let depth = doublings(timesteps) + 1 + doublings(timesteps + 1);
    let largest = |power: &Rows| {
        let all = power.0.iter().flat_map(|row| &row.terms);
        all.fold(0.0, |most: f32, (_, value)| most.max(value.abs()))
    };
    let kernel = powers.iter().take(timesteps).map(largest).collect();
    (way(WayKind::Convolution, &states, looped, (work, depth), pairs), kernel)
}
