//! The hidden states of sequences as paths in a plane, and with two units the whole field in which they move.

use ndarray::{Array1, Array2, ArrayView2, Axis, s};
use serde::{Deserialize, Serialize};

use super::{Analysis, Shown};
use crate::analysis::principal::Principal;
use crate::eigenvalues::eigenvalues;
use crate::layers::Recurrent;
use crate::model::{Mode, Sequential};
use crate::trace::trace;
use crate::{Error, Result};

/// Points of the grid along each axis.
const GRID: usize = 17;

/// Starts of the search for fixed points along each axis.
const STARTS: usize = 9;

/// Steps of Newton's method; ten are usual.
const STEPS: usize = 40;

/// Half of the distance over which a slope is taken: the rounding of f32 and the curvature err equally little there.
const REACH: f32 = 4e-3;

/// Where a step moves a state by less, it is a fixed point.
const STANDS_STILL: f32 = 2e-5;

/// Fixed points that are nearer to each other are the same.
const SAME: f32 = 4e-3;

/// What is drawn in one plane.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SpaceQuestion {
    /// The sequences; the field holds x at the mean of the first one.
    pub shown: Vec<Shown>,
    /// The path of the recurrent layer.
    pub layer: String,
}

/// Hidden states of one layer in a plane.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Space {
    /// Whether the axes are the layer's two units themselves; else they are principal components.
    pub units_are_axes: bool,
    /// The share of the states' variance along each axis; one or two.
    pub shares: Vec<f64>,
    /// One path for each sequence.
    pub paths: Vec<SpacePath>,
    /// Where every state goes, for a layer of two units whose only state is h.
    pub field: Option<SpaceField>,
}

/// One sequence in the plane.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SpacePath {
    /// The state before the shown timestep that is computed first.
    pub start: [f64; 2],
    /// The state after every timestep, x and y in turn.
    pub points: Vec<f64>,
    /// The words, or what stands for them.
    pub words: Vec<String>,
}

/// Where one step leads from every state, while x stays the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SpaceField {
    /// States on a grid, x and y in turn.
    pub from: Vec<f32>,
    /// Where one step leads from each, x and y in turn.
    pub to: Vec<f32>,
    /// States that a step does not move.
    pub fixed: Vec<FixedPoint>,
}

/// A state that a step does not move.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FixedPoint {
    /// The state.
    pub at: [f32; 2],
    /// Absolute values of the eigenvalues of ∂h_t/∂h_{t−1} there, the larger first: below 1 the state attracts.
    pub sizes: [f64; 2],
}

/// The hidden states of one sequence.
struct States {
    before: Array1<f64>,
    /// `[timesteps, units]`.
    after: Array2<f64>,
    words: Vec<String>,
    /// The mean input of the layer, `[features]`.
    x: Vec<f32>,
}

impl Analysis {
    /// The hidden states of some sequences in one plane: of the first two principal components of all of them, or with
    /// two units of the units themselves.
    ///
    /// # Errors
    /// If there is no such layer, it has no state for every timestep, or a sequence cannot be read.
    pub fn space(&mut self, question: &SpaceQuestion) -> Result<Space> {
        let mut all = Vec::new();
        for shown in &question.shown {
            all.push(self.states(shown, &question.layer)?);
        }
        let Some(first) = all.first() else {
            return Err(Error::value("the sequences of a state space", "at least one", "none"));
        };
        let units = first.after.ncols();
        let views: Vec<ArrayView2<f64>> = all.iter().map(|states| states.after.view()).collect();
        let points = ndarray::concatenate(Axis(0), &views).unwrap_or_else(|_| first.after.clone());
        let mut plane = Principal::of(points.view(), 2);
        if units == 2 {
            let along = |k: usize| plane.axes.row(k).map(|a| a * a) * plane.shares[k];
            plane.shares = along(0) + along(1);
            plane.mean.fill(0.0);
            plane.axes = Array2::eye(2);
        }
        let field = match units {
            2 => self.field(&question.layer, &first.x)?,
            _ => None,
        };
        let paths = all.iter().map(|states| path_in(&plane, states)).collect();
        Ok(Space { units_are_axes: units == 2, shares: plane.shares.to_vec(), paths, field })
    }

    fn states(&mut self, shown: &Shown, layer: &str) -> Result<States> {
        let placed = self.place(shown)?;
        let (kept, timesteps) = (placed.kept, self.model.input().timesteps);
        let traced = trace(&mut self.model)?;
        let (index, name) = found(&self.model, layer)?;
        let known = traced.layers.iter().find(|known| known.name == layer);
        let h = known.and_then(|known| known.symbol(&name)).filter(|h| h.values.nrows() == timesteps);
        let Some(h) = h else {
            return Err(Error::value(format!("the states of `{layer}`"), "one for every timestep", "others"));
        };
        let values = h.values.mapv(f64::from);
        let backwards = known.is_some_and(|known| known.goes_backwards);
        let before = if backwards { Some(kept.end) } else { kept.start.checked_sub(1) };
        let before = before.filter(|row| *row < values.nrows());
        let before = before.map_or_else(|| Array1::zeros(values.ncols()), |row| values.row(row).to_owned());
        let input = self.model.input_of_mut(index);
        let features = input.features.max(1);
        let mut x = vec![0.0; features];
        for row in input.data.chunks_exact(features).skip(kept.start).take(kept.len()) {
            x.iter_mut().zip(row).for_each(|(sum, x)| *sum += x / kept.len() as f32);
        }
        let words = placed.tokens.into_iter().filter(|token| token.kept).map(|token| token.text).collect();
        Ok(States { before, after: values.slice(s![kept, ..]).to_owned(), words, x })
    }

    /// The field of a layer with two units; none if it has another state beside h.
    fn field(&mut self, layer: &str, x: &[f32]) -> Result<Option<SpaceField>> {
        let (index, _) = found(&self.model, layer)?;
        let states = self.model.take_states();
        let mut plane = Plane { model: &mut self.model, index, layer, x };
        let field = match plane.part().is_some_and(|part| part.state_count() == 1) {
            true => Some(plane.field()?),
            false => None,
        };
        self.model.restore_states(states);
        Ok(field)
    }
}

/// The place of the layer whose part is called `layer`, and the name of its first state.
fn found(model: &Sequential, layer: &str) -> Result<(usize, String)> {
    let mut parts = model
        .layers()
        .iter()
        .enumerate()
        .flat_map(|(k, outer)| outer.recurrents().into_iter().map(move |(path, part)| (k, path, part)));
    match parts.find(|(_, path, _)| path == layer) {
        Some((k, _, part)) => Ok((k, part.cell().state_names().into_iter().next().unwrap_or_default())),
        None => Err(Error::value("the layer", "a recurrent layer of the model", layer)),
    }
}

fn path_in(plane: &Principal, states: &States) -> SpacePath {
    let two = |points: Array2<f64>| {
        let at = |p: usize, a: usize| if a < points.ncols() { points[[p, a]] } else { 0.0 };
        (0..points.nrows()).flat_map(|p| [at(p, 0), at(p, 1)]).collect::<Vec<f64>>()
    };
    let start = two(plane.place(states.before.view().insert_axis(Axis(0))));
    let points = two(plane.place(states.after.view()));
    SpacePath { start: [start[0], start[1]], points, words: states.words.clone() }
}

/// ∂step/∂h at a state, `[unit of step][unit of h]`.
type Slope = [[f32; 2]; 2];

/// A recurrent layer of two units whose input stays the same.
struct Plane<'a> {
    model: &'a mut Sequential,
    index: usize,
    layer: &'a str,
    x: &'a [f32],
}

impl Plane<'_> {
    fn part(&mut self) -> Option<&mut Recurrent> {
        let parts = self.model.layers_mut()[self.index].recurrents_mut();
        parts.into_iter().find(|(path, _)| path == self.layer).map(|(_, part)| part)
    }

    /// One step from each of the states, `[states, 2]`.
    fn step(&mut self, states: &[[f32; 2]]) -> Result<Vec<[f32; 2]>> {
        let rows = Array2::from_shape_fn((states.len(), 2), |(row, k)| states[row][k]);
        let x = self.x;
        let input = self.model.input_of_mut(self.index);
        input.set_sequence(1, states.len(), x.len());
        input.data.chunks_exact_mut(x.len()).for_each(|row| row.copy_from_slice(x));
        if let Some(part) = self.part() {
            part.set_initial_state(vec![rows])?;
        }
        // What follows the layer may not suit a single step; the layer itself has run by then.
        let _ = self.model.forward_from(self.index, Mode::INFERENCE);
        let after = self.part().map_or(&[][..], |part| part.final_state(0));
        Ok(after.as_chunks::<2>().0.to_vec())
    }

    fn field(&mut self) -> Result<SpaceField> {
        let from = grid(GRID, 1.0);
        let to = self.step(&from)?;
        Ok(SpaceField { from: from.concat(), to: to.concat(), fixed: self.fixed_points()? })
    }

    /// Newton's method on step(h) − h from many starts.
    fn fixed_points(&mut self) -> Result<Vec<FixedPoint>> {
        let mut states = grid(STARTS, 0.98);
        for _ in 0..STEPS {
            let (after, slopes) = self.step_with_slopes(&states)?;
            for ((h, to), [[a, b], [c, d]]) in states.iter_mut().zip(after).zip(slopes) {
                // Row k of a slope is how step's unit k moves: solve (slope − 1)·change = h − step.
                let (a, d, e, f) = (a - 1.0, d - 1.0, h[0] - to[0], h[1] - to[1]);
                let determinant = a * d - b * c;
                if determinant.abs() > 1e-9 {
                    h[0] = (h[0] + (e * d - b * f) / determinant).clamp(-2.0, 2.0);
                    h[1] = (h[1] + (a * f - e * c) / determinant).clamp(-2.0, 2.0);
                }
            }
        }
        let (after, slopes) = self.step_with_slopes(&states)?;
        let mut fixed: Vec<FixedPoint> = Vec::new();
        for ((at, to), slope) in states.into_iter().zip(after).zip(slopes) {
            let near =
                |a: [f32; 2], b: [f32; 2], by: f32| (a[0] - b[0]).abs() < by && (a[1] - b[1]).abs() < by;
            if !near(at, to, STANDS_STILL) || fixed.iter().any(|known| near(known.at, at, SAME)) {
                continue;
            }
            let slope = Array2::from_shape_fn((2, 2), |(row, k)| f64::from(slope[row][k]));
            if let Some([one, other]) = eigenvalues(slope.view()).as_deref() {
                fixed.push(FixedPoint { at, sizes: [one.abs(), other.abs()] });
            }
        }
        fixed.sort_by(|a, b| a.at[0].total_cmp(&b.at[0]).then(a.at[1].total_cmp(&b.at[1])));
        Ok(fixed)
    }

    /// One step from each state, and the slopes there by central differences.
    fn step_with_slopes(&mut self, states: &[[f32; 2]]) -> Result<(Vec<[f32; 2]>, Vec<Slope>)> {
        let around = |[x, y]: &[f32; 2]| {
            [[*x, *y], [x - REACH, *y], [x + REACH, *y], [*x, y - REACH], [*x, y + REACH]]
        };
        let asked: Vec<[f32; 2]> = states.iter().flat_map(around).collect();
        let found = self.step(&asked)?;
        let slope = |five: &[[f32; 2]; 5], k: usize| {
            [(five[2][k] - five[1][k]) / (2.0 * REACH), (five[4][k] - five[3][k]) / (2.0 * REACH)]
        };
        let (fives, _) = found.as_chunks::<5>();
        let slopes = fives.iter().map(|five| [slope(five, 0), slope(five, 1)]).collect();
        Ok((fives.iter().map(|five| five[0]).collect(), slopes))
    }
}

/// Points of the square from −`reach` to `reach`.
fn grid(side: usize, reach: f32) -> Vec<[f32; 2]> {
    let at = |k: usize| reach * (2.0 * k as f32 / (side - 1) as f32 - 1.0);
    (0..side * side).map(|k| [at(k % side), at(k / side)]).collect()
}
