//! Runs a plan in the order in which a recurrent layer asks for it: what follows from the weights, what follows from
//! the input of a block of timesteps, each timestep forward, each timestep backward, and the sums over a block.
//!
//! Training and stepping share it; they differ in what stays on the tape, see [`Keep`].

use std::ops::Range;
use std::sync::Arc;

use super::layout::{Keep, Location, layout};
use super::machine::Machine;
use super::memory::Span;
use super::plan::{Plan, Stage};
use crate::layers::recurrent::{Block, Tape};
use crate::layers::{Gradients, PassContext, WeightId};

/// A plan with the memory that it needs besides the tape.
#[derive(Clone)]
pub(super) struct Executor {
    machine: Machine,
    /// Version of the weights that are packed.
    version: u64,
    /// The first sample of the block that is being computed.
    block: usize,
    /// New states, or gradients of old ones, until all are computed.
    states: Vec<Vec<f32>>,
}

impl Executor {
    /// An executor whose weights are `weights`, in the order of the listing's parameters.
    pub fn new(plan: Arc<Plan>, keep: Keep, weights: Vec<WeightId>) -> Self {
        let layout = layout(&plan, keep);
        let states = vec![Vec::new(); plan.returned.len()];
        Self { machine: Machine::new(plan, layout, weights), version: 0, block: 0, states }
    }

    /// Widths of the fields that it writes on a tape.
    pub fn field_widths(&self) -> Vec<usize> {
        self.machine.layout.fields.clone()
    }

    /// Widths of the states.
    pub fn state_widths(&self) -> Vec<usize> {
        let plan = &self.machine.plan;
        (0..plan.returned.len()).map(|state| plan.values[plan.parameters[state + 1]].form.width()).collect()
    }

    /// The location of value `id` of the plan.
    pub fn location(&self, id: usize) -> Location {
        self.machine.layout.locations[id]
    }

    /// Computes what follows from the weights alone, and packs them, if they have changed.
    pub fn prepare(&mut self, pass: &PassContext, tape: &Tape) {
        if self.version != pass.parameters.version() {
            self.machine.make_room(0, 0);
            self.machine.prepare(pass, tape);
            self.version = pass.parameters.version();
        }
    }

    /// Computes what follows from the inputs of `steps` and from no state; `x` is `[steps, batch, features]`.
    pub fn project(&mut self, pass: &PassContext, x: &[f32], steps: Range<usize>, tape: &mut Tape) {
        let batch = tape.batch();
        let samples = steps.start * batch..steps.end * batch;
        self.block = samples.start;
        self.machine.make_room(batch, samples.len());
        let span = Span { block: samples.start, samples, x, dstates: &[] };
        self.machine.keep_input(&span, tape);
        self.machine.run(pass, Stage::Project, &span, tape);
    }

    /// Computes the states after timestep `t`.
    pub fn step(&mut self, pass: &PassContext, t: usize, tape: &mut Tape) {
        let batch = tape.batch();
        let span = Span { samples: t * batch..(t + 1) * batch, block: self.block, x: &[], dstates: &[] };
        self.machine.run(pass, Stage::Step, &span, tape);
        self.read_states(pass, &span, tape, |plan, state| plan.returned[state]);
        for (state, values) in self.states.iter().enumerate() {
            tape.state_mut(state, t + 1).copy_from_slice(values);
        }
    }

    /// Turns the gradients of the states after timestep `t`, each `[batch, width]`, into those of the states before it.
    pub fn step_back(&mut self, pass: &PassContext, t: usize, tape: &mut Tape, dstates: &mut [Vec<f32>]) {
        let batch = tape.batch();
        let samples = t * batch..(t + 1) * batch;
        let span = Span { block: samples.start, samples, x: &[], dstates };
        self.machine.receive(&span, tape);
        self.machine.run(pass, Stage::StepBack, &span, tape);
        self.read_states(pass, &span, tape, |plan, state| plan.leaving[state + 1]);
        for (dstate, values) in dstates.iter_mut().zip(&self.states) {
            dstate.copy_from_slice(values);
        }
    }

    /// Adds the gradients of the weights over the block, and writes the gradient of its input.
    pub fn accumulate(
        &mut self,
        pass: &PassContext,
        block: Block,
        tape: &mut Tape,
        gradients: &mut Gradients,
    ) {
        let batch = tape.batch();
        let ends = (block.steps.end == tape.timesteps(), block.steps.start == 0);
        let samples = block.steps.start * batch..block.steps.end * batch;
        self.machine.make_room(batch, samples.len());
        let span = Span { block: samples.start, samples, x: block.x, dstates: &[] };
        self.machine.run(pass, Stage::Gather, &span, tape);
        if let Some(dx) = block.dx {
            let from = self.machine.rows(pass, &span, tape, self.machine.plan.leaving[0]);
            from.copy_to(dx);
        }
        self.machine.total(pass, &span, tape, ends, gradients);
    }

    /// The numbers of value `id` at timestep `t`, row after row, for a batch of one sample.
    pub fn value(&self, pass: &PassContext, tape: &Tape, t: usize, id: usize) -> Vec<f32> {
        let span = Span { samples: t..t + 1, block: 0, x: &[], dstates: &[] };
        self.machine.value(pass, &span, tape, id)
    }

    /// Reads one value for each state, selected by `which`.
    fn read_states(
        &mut self,
        pass: &PassContext,
        span: &Span,
        tape: &Tape,
        which: impl Fn(&Plan, usize) -> usize,
    ) {
        for (state, to) in self.states.iter_mut().enumerate() {
            let id = which(&self.machine.plan, state);
            let from = self.machine.rows(pass, span, tape, id);
            to.resize(tape.batch() * from.width, 0.0);
            from.copy_to(to);
        }
    }
}
