//! Running a plan over sequences: forwards with everything kept, backwards through time with gradients.

use crate::listing::cell::instruction::{Form, Instruction, compute};
use crate::listing::cell::plan::{Plan, Stage};
use crate::listing::cell::products::Products;
use crate::{Error, Result};

/// What a run reads; time is the first axis everywhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct Inputs<'a> {
    /// `[timesteps, batch, features]`
    pub x: &'a [f32],
    /// For each state `[batch, units]`, or empty for zeros; may be shorter than the number of states.
    pub initial: &'a [&'a [f32]],
    /// Every weight in the order of the listing's parameters.
    pub weights: &'a [&'a [f32]],
    /// `[timesteps, batch]`: where 0, the step leaves the states as they are. Empty: all are 1.
    pub mask: &'a [u8],
}

/// Every value of a run of a listing, forwards and backwards, and its gradients.
///
/// Each value is `[timesteps, batch, …]`; values that follow from weights alone are kept once.
#[derive(Debug, Clone)]
pub struct Tape {
    pub(super) timesteps: usize,
    pub(super) batch: usize,
    buffers: Vec<Vec<f32>>,
    /// For each state `[timesteps + 1, batch, units]`: before the first step and after each.
    states: Vec<Vec<f32>>,
    /// For each state `[batch, units]`: the gradient on its way back through time.
    carried: Vec<Vec<f32>>,
    mask: Vec<u8>,
    products: Products,
}

impl Tape {
    /// Room for a run over so many timesteps and samples.
    pub fn new(plan: &Plan, timesteps: usize, batch: usize) -> Self {
        let room = |id: usize| {
            let value = &plan.values[id];
            match plan.stages[id] {
                Stage::Never if !matches!(value.instruction, Instruction::Arriving(_)) => 0,
                _ if value.form.per_sample => value.form.width() * timesteps * batch,
                _ => value.form.width(),
            }
        };
        let width = |state: usize| plan.values[plan.parameters[state + 1]].form.width();
        let states = 0..plan.returned.len();
        Self {
            timesteps,
            batch,
            buffers: (0..plan.values.len()).map(|id| vec![0.0; room(id)]).collect(),
            states: states.clone().map(|s| vec![0.0; (timesteps + 1) * batch * width(s)]).collect(),
            carried: states.map(|s| vec![0.0; batch * width(s)]).collect(),
            mask: Vec::new(),
            products: Products::new(plan),
        }
    }

    /// How many timesteps it has room for.
    pub fn timesteps(&self) -> usize {
        self.timesteps
    }

    /// How many sequences side by side.
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// All numbers of a value, `[timesteps, batch, …]`; empty if it is not kept.
    pub fn value(&self, id: usize) -> &[f32] {
        &self.buffers[id]
    }

    /// A state before the first step and after each, `[timesteps + 1, batch, units]`.
    pub fn state(&self, index: usize) -> &[f32] {
        &self.states[index]
    }

    /// The numbers of a value at one timestep, also of values that are not kept.
    pub fn at(&self, plan: &Plan, id: usize, timestep: usize) -> Vec<f32> {
        let value = &plan.values[id];
        let samples = timestep * self.batch..(timestep + 1) * self.batch;
        if !self.buffers[id].is_empty() && plan.stages[id] != Stage::Total {
            return slice(&self.buffers[id], value.form, samples).to_vec();
        }
        let inputs: Vec<Vec<f32>> =
            value.inputs.iter().map(|input| self.at(plan, *input, timestep)).collect();
        let forms: Vec<Form> = value.inputs.iter().map(|input| plan.values[*input].form).collect();
        let samples = if value.form.per_sample { self.batch } else { 1 };
        let mut out = vec![0.0; value.form.width() * samples];
        compute(&value.instruction, (value.form, &forms), |k| &inputs[k], &mut out, self.batch);
        out
    }

    /// Runs the listing over all timesteps: [`begin`](Self::begin), then every [`step`](Self::step).
    pub fn forward(&mut self, plan: &Plan, inputs: &Inputs) -> Result<()> {
        self.begin(plan, inputs)?;
        (0..self.timesteps).for_each(|t| self.step(plan, t));
        Ok(())
    }

    /// Takes the inputs in and computes what depends on the weights and on `x` alone, for all timesteps at once.
    pub fn begin(&mut self, plan: &Plan, inputs: &Inputs) -> Result<()> {
        self.load(plan, inputs)?;
        self.all(plan, Stage::Once);
        self.products.pack(plan, self.batch, |id| self.buffers[id].as_slice());
        self.all(plan, Stage::BeforeForward);
        Ok(())
    }

    /// One timestep, from the states before it to the states after it.
    pub fn step(&mut self, plan: &Plan, t: usize) {
        let samples = t * self.batch..(t + 1) * self.batch;
        for state in 0..plan.returned.len() {
            let id = plan.parameters[state + 1];
            let width = plan.values[id].form.width();
            let range = samples.start * width..samples.end * width;
            self.buffers[id][range.clone()].copy_from_slice(&self.states[state][range]);
        }
        self.some(plan, Stage::Forward, samples.clone());
        for (state, id) in plan.returned.iter().enumerate() {
            self.advance(plan, state, *id, samples.clone());
        }
    }

    /// Replaces one number of a state before step `t`, of the first sample.
    pub(super) fn set_state(&mut self, state: usize, t: usize, index: usize, value: f32) {
        let width = self.states[state].len() / ((self.timesteps + 1) * self.batch);
        self.states[state][t * self.batch * width + index] = value;
    }

    /// Lets no gradient through to the steps before, for one number of a state of the first sample.
    pub(super) fn stop_gradient(&mut self, state: usize, index: usize) {
        self.carried[state][index] = 0.0;
    }

    /// The state after a step: what was returned, or what it was where the mask is 0.
    fn advance(&mut self, plan: &Plan, state: usize, id: usize, samples: std::ops::Range<usize>) {
        let (form, batch) = (plan.values[id].form, self.batch);
        let width = form.width();
        for sample in samples {
            let (before, after) = self.states[state].split_at_mut((sample + batch) * width);
            let keeps = self.mask.get(sample) == Some(&0);
            let from = if keeps {
                &before[sample * width..(sample + 1) * width]
            } else {
                form.sample(&self.buffers[id], sample)
            };
            after[..width].copy_from_slice(from);
        }
    }

    fn load(&mut self, plan: &Plan, inputs: &Inputs) -> Result<()> {
        let copy = |name: &str, shape: &[usize], to: &mut [f32], from: &[f32]| {
            if to.len() != from.len() {
                let what = format!("{name} {}", crate::listing::shapes::tuple(shape));
                return Err(Error::shape(what, &[to.len()], &[from.len()]));
            }
            to.copy_from_slice(from);
            Ok(())
        };
        let named = &plan.shapes.parameters;
        copy(&named[0].name, &named[0].shape, &mut self.buffers[plan.parameters[0]], inputs.x)?;
        for state in 0..self.states.len() {
            let first = self.carried[state].len();
            let to = &mut self.states[state][..first];
            match inputs.initial.get(state) {
                Some(initial) if !initial.is_empty() => {
                    copy(&named[state + 1].name, &named[state + 1].shape, to, initial)?;
                }
                _ => to.fill(0.0),
            }
        }
        let weights = &named[self.states.len() + 1..];
        if weights.len() != inputs.weights.len() {
            return Err(Error::shape("the list of weights", &[weights.len()], &[inputs.weights.len()]));
        }
        for (position, (shape, from)) in weights.iter().zip(inputs.weights).enumerate() {
            let id = plan.parameters[self.states.len() + 1 + position];
            copy(&shape.name, &shape.shape, &mut self.buffers[id], from)?;
        }
        if !inputs.mask.is_empty() && inputs.mask.len() != self.timesteps * self.batch {
            return Err(Error::shape("mask", &[self.timesteps, self.batch], &[inputs.mask.len()]));
        }
        self.mask.clear();
        self.mask.extend_from_slice(inputs.mask);
        Ok(())
    }

    /// Runs the adjoint from the last timestep to the first.
    ///
    /// `upstream` holds for each state the gradient of the loss with respect to the state after each step,
    /// `[timesteps, batch, units]`, or is empty for zeros; [`forward`](Self::forward) must have run before.
    pub fn backward(&mut self, plan: &Plan, upstream: &[&[f32]]) -> Result<()> {
        for (state, from) in upstream.iter().enumerate().filter(|(_, from)| !from.is_empty()) {
            let Some(id) = plan.arriving.get(state) else {
                return Err(Error::shape(
                    "the list of upstream gradients",
                    &[plan.arriving.len()],
                    &[upstream.len()],
                ));
            };
            if self.buffers[*id].len() != from.len() {
                let shape = &plan.shapes.parameters[state + 1];
                let expected = [self.timesteps, self.batch, shape.shape.iter().product()];
                return Err(Error::shape(format!("upstream/{}", shape.name), &expected, &[from.len()]));
            }
        }
        self.begin_backward(plan);
        (0..self.timesteps).rev().for_each(|t| self.step_back(plan, t, upstream));
        self.gather(plan);
        Ok(())
    }

    /// Computes what the adjoint needs of the forward pass, and forgets gradients of an earlier pass.
    pub fn begin_backward(&mut self, plan: &Plan) {
        self.all(plan, Stage::BeforeBackward);
        self.carried.iter_mut().for_each(|c| c.fill(0.0));
    }

    /// One timestep backwards: adds `upstream` at `t` to what comes from later timesteps, and goes on to the states
    /// before the step. The sizes are those that [`backward`](Self::backward) checks.
    pub fn step_back(&mut self, plan: &Plan, t: usize, upstream: &[&[f32]]) {
        let samples = t * self.batch..(t + 1) * self.batch;
        for state in 0..plan.arriving.len() {
            let from = upstream.get(state).copied().unwrap_or(&[]);
            self.arrive(plan, state, from, samples.clone());
        }
        self.some(plan, Stage::Backward, samples.clone());
        for state in 0..plan.arriving.len() {
            self.leave(plan, state, samples.clone());
        }
    }

    /// After the last [`step_back`](Self::step_back): the gradients of the input and the weights, over all timesteps.
    pub fn gather(&mut self, plan: &Plan) {
        self.all(plan, Stage::AfterBackward);
        self.all(plan, Stage::Total);
    }

    /// What arrives at a state: from the loss and from the next timestep. A masked step passes it on untouched.
    fn arrive(&mut self, plan: &Plan, state: usize, upstream: &[f32], samples: std::ops::Range<usize>) {
        let id = plan.arriving[state];
        let width = plan.values[id].form.width();
        let carried = &mut self.carried[state];
        if !upstream.is_empty() {
            crate::math::reduce::add_assign(carried, &upstream[samples.start * width..samples.end * width]);
        }
        let to = &mut self.buffers[id][samples.start * width..samples.end * width];
        for (k, sample) in samples.enumerate() {
            let row = k * width..(k + 1) * width;
            if self.mask.get(sample) == Some(&0) {
                to[row].fill(0.0);
            } else {
                to[row.clone()].copy_from_slice(&carried[row]);
            }
        }
    }

    fn leave(&mut self, plan: &Plan, state: usize, samples: std::ops::Range<usize>) {
        let id = plan.leaving[state + 1];
        let form = plan.values[id].form;
        for (k, sample) in samples.enumerate() {
            if self.mask.get(sample) != Some(&0) {
                let row = &mut self.carried[state][k * form.width()..(k + 1) * form.width()];
                row.copy_from_slice(form.sample(&self.buffers[id], sample));
            }
        }
    }

    /// The gradient of the input, `[timesteps, batch, features]`.
    pub fn input_gradient(&self, plan: &Plan) -> Vec<f32> {
        let id = plan.leaving[0];
        let form = plan.values[id].form;
        (0..self.timesteps * self.batch).flat_map(|s| form.sample(&self.buffers[id], s).to_vec()).collect()
    }

    /// The gradient of an initial state, `[batch, units]`.
    pub fn initial_gradient(&self, state: usize) -> &[f32] {
        &self.carried[state]
    }

    /// The gradient of the weight at `position` among the weights, in its own shape.
    pub fn weight_gradient(&self, plan: &Plan, position: usize) -> &[f32] {
        &self.buffers[plan.totals[position]]
    }

    fn all(&mut self, plan: &Plan, stage: Stage) {
        self.some(plan, stage, 0..self.timesteps * self.batch);
    }

    fn some(&mut self, plan: &Plan, stage: Stage, samples: std::ops::Range<usize>) {
        for &id in plan.at(stage) {
            let value = &plan.values[id];
            let mut out = std::mem::take(&mut self.buffers[id]);
            let width = value.form.width();
            let target =
                if value.form.per_sample { samples.start * width..samples.end * width } else { 0..width };
            let input = |k: usize| {
                let from = value.inputs[k];
                slice(&self.buffers[from], plan.values[from].form, samples.clone())
            };
            let target = &mut out[target];
            let fast = value.inputs.len() == 2
                && self.products.compute((plan, id), (input(0), input(1)), target, samples.len());
            if !fast {
                compute(&value.instruction, (value.form, plan.forms(id)), input, target, samples.len());
            }
            self.buffers[id] = out;
        }
    }
}

/// The numbers of some samples.
fn slice(all: &[f32], form: Form, samples: std::ops::Range<usize>) -> &[f32] {
    let width = form.width();
    if form.per_sample { &all[samples.start * width..samples.end * width] } else { all }
}
