//! Which timesteps made the model say so: for each, how the log-odds of the answer would change without it.

use serde::Serialize;

use super::super::text::{Placed, place_tokens};
use super::{Analysis, Shown};
use crate::data::Side;
use crate::experiment::Reading;
use crate::layers::{Parameters, Signal, SignalKind};
use crate::math::elementary::ln;
use crate::math::reduce::argmax;
use crate::model::{Mode, Sequential};
use crate::trace::{gives_probabilities, seed_log_odds};
use crate::{Error, Result};

/// Probabilities nearer to 0 or 1 than this count as so near.
const LEAST: f32 = 1e-7;

/// What each timestep did for the answer; positive numbers speak for it. Both lists are `[timesteps]`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Influence {
    /// The largest output at the end, counted from 0: the answer that is asked about.
    pub output: usize,
    /// Its log-odds; where the last layer gives no probabilities, the output itself.
    pub log_odds: f32,
    /// Σ over features of ∂ log-odds/∂x · x, with x the vector of the word or the numbers of the timestep.
    pub gradient_times_input: Vec<f32>,
    /// The log-odds less those without the timestep.
    pub left_out: Vec<f32>,
    /// Whether words are taken out of the text, which is placed anew; otherwise their vectors, or the numbers, are set
    /// to zero.
    pub shortened: bool,
}

/// How far [`Analysis::influence_for`] is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct InfluenceProgress {
    /// Timesteps that were left out.
    pub done: usize,
    /// All of them.
    pub all: usize,
    /// The result when all were.
    pub influence: Option<Influence>,
}

/// An influence that is being computed, with the weights that the model had when it began.
pub(super) struct Weighing {
    placed: Placed,
    shown: Shown,
    found: Influence,
    weights: Parameters,
}

impl Analysis {
    /// Begins to ask which timesteps made the model say so.
    ///
    /// # Errors
    /// If there is no word in the text, or no such sample.
    pub fn begin_influence(&mut self, shown: &Shown) -> Result<()> {
        let placed = self.place(shown)?;
        let states = self.model.take_states();
        let gradient = gradient_times_input(&mut self.model);
        self.model.restore_states(states);
        let gradient_times_input = gradient?[placed.kept.clone()].to_vec();
        let output = self.model.output();
        let last = &output.data[output.data.len().saturating_sub(output.features)..];
        let output = argmax(last);
        let found = Influence {
            output,
            log_odds: log_odds(&self.model, output),
            gradient_times_input,
            left_out: Vec::new(),
            shortened: matches!(self.experiment.data.reading, Reading::Words(_)),
        };
        let weights = self.model.parameters.clone();
        self.weighing = Some(Weighing { placed, shown: shown.clone(), found, weights });
        Ok(())
    }

    /// Leaves out one timestep after the other for about `budget_ms` milliseconds by `clock`, and at least one; a later
    /// call goes on. Weights that the model was given meanwhile do not count.
    ///
    /// # Errors
    /// If nothing was begun, or the shortened text does not fit the model.
    pub fn influence_for(&mut self, budget_ms: f64, clock: impl Fn() -> f64) -> Result<InfluenceProgress> {
        let start = clock();
        let mut weighing =
            self.weighing.take().ok_or_else(|| Error::format("the influence", "it has not been begun"))?;
        let all = weighing.placed.kept.len();
        std::mem::swap(&mut weighing.weights, &mut self.model.parameters);
        let mut left = Ok(());
        while left.is_ok() && weighing.found.left_out.len() < all {
            left = self.leave_next_out(&mut weighing);
            if clock() - start >= budget_ms {
                break;
            }
        }
        std::mem::swap(&mut weighing.weights, &mut self.model.parameters);
        left?;
        let done = weighing.found.left_out.len();
        if done == all {
            return Ok(InfluenceProgress { done, all, influence: Some(weighing.found) });
        }
        self.weighing = Some(weighing);
        Ok(InfluenceProgress { done, all, influence: None })
    }

    fn leave_next_out(&mut self, weighing: &mut Weighing) -> Result<()> {
        let t = weighing.found.left_out.len();
        let states = self.model.take_states();
        let ran = self.run_without(weighing, t);
        self.model.restore_states(states);
        ran?;
        let without = log_odds(&self.model, weighing.found.output);
        weighing.found.left_out.push(weighing.found.log_odds - without);
        Ok(())
    }

    /// The pass forward without timestep `t` of those that are read.
    fn run_without(&mut self, Weighing { placed, shown, .. }: &Weighing, t: usize) -> Result<()> {
        if let Reading::Words(words) = &self.experiment.data.reading {
            let mut tokens = placed.tokens.clone();
            let read: Vec<usize> = (0..tokens.len()).filter(|k| tokens[*k].kept).collect();
            let ids = match (shown, read.get(t)) {
                (Shown::Text { .. }, Some(k)) if read.len() > 1 => {
                    tokens.remove(*k);
                    place_tokens(tokens, words)?.ids
                }
                _ => shortened(&placed.ids, placed.kept.start + t, words.padding),
            };
            let input = self.model.input_mut();
            input.set_ids(ids.len(), 1);
            input.ids.copy_from_slice(&ids);
            return self.model.forward(Mode::INFERENCE);
        }
        self.place(shown)?;
        let at = placed.kept.start + t;
        let first = self.first_numbers();
        if first == 0 {
            zero_row(self.model.input_mut(), at);
            return self.model.forward(Mode::INFERENCE);
        }
        self.model.forward(Mode::INFERENCE)?;
        zero_row(self.model.input_of_mut(first), at);
        self.model.forward_from(first, Mode::INFERENCE)
    }

    /// The signal that first holds numbers: the input, or for ids what the embedding makes of them.
    fn first_numbers(&self) -> usize {
        usize::from(self.model.input().kind == SignalKind::Ids)
    }
}

/// The ids without the one at `at`; padding fills the place, where it stands in any case.
fn shortened(ids: &[u32], at: usize, padding: Side) -> Vec<u32> {
    let mut ids = ids.to_vec();
    ids.remove(at);
    match padding {
        Side::Pre => ids.insert(0, 0),
        Side::Post => ids.push(0),
    }
    ids
}

/// Sets the numbers of one timestep to zero.
fn zero_row(signal: &mut Signal, t: usize) {
    let features = signal.features;
    signal.data[t * features..(t + 1) * features].fill(0.0);
}

/// The log-odds of an output at the end; the output itself where it is no probability.
fn log_odds(model: &Sequential, output: usize) -> f32 {
    let signal = model.output();
    let value = signal.data[signal.data.len() - signal.features + output];
    if !gives_probabilities(model) {
        return value;
    }
    let p = value.clamp(LEAST, 1.0 - LEAST);
    ln(p) - ln(1.0 - p)
}

/// Σ over features of ∂ log-odds/∂x · x at every timestep of the model's input, `[timesteps]`.
fn gradient_times_input(model: &mut Sequential) -> Result<Vec<f32>> {
    model.forward(Mode::INFERENCE)?;
    seed_log_odds(model);
    let mut gradients = model.new_gradients();
    let embedded = model.input().kind == SignalKind::Ids;
    let mut dx = Vec::new();
    let of_input = model.backward_watched(Mode::INFERENCE, !embedded, &mut gradients, &mut |k, dy| {
        if k == 0 && embedded {
            dx = dy.to_vec();
        }
    });
    if let Some(of_input) = of_input {
        dx = of_input.to_vec();
    }
    let x = if embedded { model.output_of(0) } else { model.input() };
    let features = x.features.max(1);
    let sums = x.data.chunks_exact(features).zip(dx.chunks_exact(features));
    Ok(sums.map(|(x, dx)| x.iter().zip(dx).fold(0.0, |sum, (x, dx)| sum + x * dx)).collect())
}
