//! One sequence through a listing, forwards and backwards, with every value of every line to be looked at.
//!
//! It runs as a layer in training does, with a batch of one and everything on the tape that is computed.

use ndarray::{ArrayD, ArrayViewD, IxDyn};
use serde::{Deserialize, Serialize};

use super::executor::Executor;
use super::layout::Keep;
use super::plan::Plan;
use super::sequence::{Sequence, contiguous};
use super::sized::SizedListing;
use crate::layers::initializer::Initializer;
use crate::layers::recurrent::{Block, Tape};
use crate::layers::{Builder, Gradients, Parameters, PassContext};
use crate::listing::graph::Assigned;
use crate::listing::parsed::Listing;
use crate::listing::shapes::{Role, Shapes};
use crate::math::Backend;
use crate::math::reduce::add_assign;
use crate::{Error, Result};

/// The direction of a pass, and so which of the two listings a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Pass {
    /// The step function, from the first timestep to the last.
    Forward,
    /// Its adjoint, from the last timestep to the first.
    Backward,
}

/// Every value of a listing and its adjoint over one sequence.
#[derive(Clone)]
pub struct Recording {
    sized: SizedListing,
    sequence: Sequence,
    executor: Executor,
    parameters: Parameters,
    tape: Tape,
    gradients: BackwardResults,
    pins: Vec<Pin>,
}

/// What the backward pass leaves.
#[derive(Clone)]
struct BackwardResults {
    /// The accumulator that every backward pass begins with at zero.
    accumulator: Gradients,
    input: ArrayD<f32>,
    initial: Vec<ArrayD<f32>>,
    weights: Vec<ArrayD<f32>>,
}

/// A number of a state that was set by hand before a step; what the steps before made of it does not count.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pin {
    state: usize,
    timestep: usize,
    index: usize,
    value: f32,
}

impl Recording {
    /// Runs a listing over `sequence`, forwards and backwards.
    ///
    /// # Errors
    /// If an array of the sequence does not have the shape that the listing gives it.
    pub fn new(sized: &SizedListing, sequence: Sequence) -> Result<Self> {
        let shapes = sized.shapes();
        sequence.check(sized.listing(), shapes)?;
        let sequence = sequence.contiguous();
        let mut builder = Builder::default();
        let weight = |weight: &crate::listing::shapes::ParameterShape| {
            builder.weight(&weight.name, &weight.shape, Initializer::Zeros)
        };
        let ids = shapes.weights().map(weight).collect::<Result<Vec<_>>>()?;
        let (parameters, accumulator) = builder.finish();
        let executor = Executor::new(sized.plan().clone(), Keep::Everything, ids);
        let tape = Tape::new(executor.state_widths(), executor.field_widths());
        let zeros = |shape: &[usize]| ArrayD::zeros(IxDyn(shape));
        let gradients = BackwardResults {
            accumulator,
            input: zeros(sequence.x.shape()),
            initial: shapes.states().map(|state| zeros(&state.shape)).collect(),
            weights: shapes.weights().map(|weight| zeros(&weight.shape)).collect(),
        };
        let sized = sized.clone();
        let mut recording = Self { sized, sequence, executor, parameters, tape, gradients, pins: vec![] };
        recording.load_weights();
        recording.rerun()?;
        Ok(recording)
    }

    /// Runs everything again, after a number was changed.
    ///
    /// # Errors
    /// If an array of another shape was given.
    pub fn rerun(&mut self) -> Result<()> {
        self.rerun_forward()?;
        self.rerun_backward()
    }

    /// Runs the step function again over all timesteps; the gradients stay as they were.
    ///
    /// # Errors
    /// If an input of another shape was given.
    pub fn rerun_forward(&mut self) -> Result<()> {
        self.check()?;
        let timesteps = self.sequence.timesteps();
        let Self { sequence, executor, parameters, tape, pins, .. } = self;
        let pass = context(parameters);
        tape.begin(timesteps, 1);
        for (state, initial) in sequence.initial.iter().enumerate() {
            if let Some(initial) = initial {
                copy(initial.view(), tape.state_mut(state, 0));
            }
        }
        executor.prepare(&pass, tape);
        executor.project(&pass, numbers(&sequence.x), 0..timesteps, tape);
        for t in 0..timesteps {
            for pin in pins.iter().filter(|pin| pin.timestep == t) {
                tape.state_mut(pin.state, t)[pin.index] = pin.value;
            }
            executor.step(&pass, t, tape);
        }
        Ok(())
    }

    /// Runs the adjoint again over all timesteps.
    ///
    /// # Errors
    /// If gradients of another shape were given.
    pub fn rerun_backward(&mut self) -> Result<()> {
        self.check()?;
        let timesteps = self.sequence.timesteps();
        let Self { sequence, executor, parameters, tape, gradients, pins, .. } = self;
        let pass = context(parameters);
        let mut states: Vec<Vec<f32>> =
            executor.state_widths().iter().map(|width| vec![0.0; *width]).collect();
        for t in (0..timesteps).rev() {
            for (state, upstream) in states.iter_mut().zip(&sequence.upstream) {
                if let Some(upstream) = upstream {
                    let width = state.len();
                    add_assign(state, &numbers(upstream)[t * width..(t + 1) * width]);
                }
            }
            executor.step_back(&pass, t, tape, &mut states);
            for pin in pins.iter().filter(|pin| pin.timestep == t) {
                states[pin.state][pin.index] = 0.0;
            }
        }
        gradients.accumulator.clear();
        let dx = gradients.input.as_slice_mut();
        let block = Block { steps: 0..timesteps, x: numbers(&sequence.x), dx };
        executor.accumulate(&pass, block, tape, &mut gradients.accumulator);
        for (to, from) in gradients.initial.iter_mut().zip(&states) {
            to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
        }
        for (to, (_, from)) in gradients.weights.iter_mut().zip(gradients.accumulator.to_dense()) {
            to.iter_mut().zip(from).for_each(|(to, from)| *to = from);
        }
        Ok(())
    }

    fn check(&self) -> Result<()> {
        let (expected, found) = (self.gradients.input.shape(), self.sequence.x.shape());
        if expected != found {
            return Err(Error::shape(self.listing().input(), expected, found));
        }
        self.sequence.check(self.listing(), self.shapes())
    }

    fn load_weights(&mut self) {
        let all = self.sequence.weights.iter().flatten();
        self.parameters.values_mut().iter_mut().zip(all).for_each(|(to, from)| *to = *from);
    }

    /// Lets a state be again what the step before made of it; returns whether it had been set by hand.
    pub fn release(&mut self, name: &str, timestep: usize, index: usize) -> bool {
        let count = self.pins.len();
        let state = self.state_called(name);
        self.pins.retain(|pin| (Some(pin.state), pin.timestep, pin.index) != (state, timestep, index));
        self.pins.len() < count
    }

    /// Whether a number of a state was set by hand before a step.
    pub fn is_set(&self, name: &str, timestep: usize, index: usize) -> bool {
        let state = self.state_called(name);
        self.pins.iter().any(|pin| (Some(pin.state), pin.timestep, pin.index) == (state, timestep, index))
    }

    fn state_called(&self, name: &str) -> Option<usize> {
        self.shapes().states().position(|state| state.name == name)
    }

    /// Gives another gradient of the loss with respect to each state after each step, as in [`Sequence::upstream`].
    pub fn set_upstream(&mut self, upstream: Vec<Option<ArrayD<f32>>>) {
        self.sequence.upstream = upstream.into_iter().map(|array| array.map(contiguous)).collect();
    }

    /// Gives another input of the same shape, `[timesteps, …]`.
    pub fn set_input(&mut self, x: ArrayD<f32>) {
        self.sequence.x = contiguous(x);
    }

    /// Changes one number of the input (at a timestep), of a state (before a timestep) or of a weight, by the
    /// parameter's name. A state that was changed keeps its number, whatever the steps before make of it.
    /// [`rerun`](Self::rerun) brings everything after it up to date.
    ///
    /// # Errors
    /// If there is no such number.
    pub fn change(&mut self, name: &str, timestep: usize, index: usize, value: f32) -> Result<()> {
        let parameters = &self.sized.shapes().parameters;
        let Some(position) = parameters.iter().position(|p| p.name == name) else {
            return Err(Error::value("the name", "one of the listing's parameters", name));
        };
        let (role, shape) = (parameters[position].role, IxDyn(&parameters[position].shape));
        let width: usize = parameters[position].shape.iter().product();
        let states = self.sequence_states();
        let (array, at) = match role {
            Role::Input => (&mut self.sequence.x, timestep * width + index),
            Role::State if timestep > 0 => return self.pin(position - 1, timestep, index, value),
            Role::State => {
                self.sequence.initial.resize(states, None);
                let initial = &mut self.sequence.initial[position - 1];
                (initial.get_or_insert_with(|| ArrayD::zeros(shape)), index)
            }
            Role::Weight => (&mut self.sequence.weights[position - 1 - states], index),
        };
        match array.iter_mut().nth(at).filter(|_| index < width) {
            Some(number) => *number = value,
            None => {
                return Err(Error::value(format!("the index of `{name}`"), format!("below {width}"), index));
            }
        }
        if role == Role::Weight {
            self.load_weights();
        }
        Ok(())
    }

    fn sequence_states(&self) -> usize {
        self.sized.plan().returned.len()
    }

    fn pin(&mut self, state: usize, timestep: usize, index: usize, value: f32) -> Result<()> {
        let parameter = &self.shapes().parameters[state + 1];
        let width: usize = parameter.shape.iter().product();
        if index >= width || timestep >= self.timesteps() {
            let expected = format!("below {width}, at a timestep below {}", self.timesteps());
            return Err(Error::value(format!("the index of `{}`", parameter.name), expected, index));
        }
        self.pins.retain(|pin| (pin.state, pin.timestep, pin.index) != (state, timestep, index));
        self.pins.push(Pin { state, timestep, index, value });
        Ok(())
    }

    /// The step function.
    pub fn listing(&self) -> &Listing {
        self.sized.listing()
    }

    /// Its adjoint.
    pub fn adjoint(&self) -> &Listing {
        self.sized.adjoint()
    }

    /// The listing of a pass.
    pub fn text(&self, pass: Pass) -> &Listing {
        match pass {
            Pass::Forward => self.listing(),
            Pass::Backward => self.adjoint(),
        }
    }

    /// What it was made from.
    pub fn sequence(&self) -> &Sequence {
        &self.sequence
    }

    /// The shapes of the parameters.
    pub fn shapes(&self) -> &Shapes {
        self.sized.shapes()
    }

    /// Both listings as one list of instructions.
    pub fn plan(&self) -> &Plan {
        self.sized.plan()
    }

    /// How many timesteps there are.
    pub fn timesteps(&self) -> usize {
        self.tape.timesteps()
    }

    /// Every assignment of a pass in the order of the text.
    pub fn assigned(&self, pass: Pass) -> &[Assigned] {
        &self.text(pass).graph().assigned
    }

    /// The shape of a node's value.
    pub fn shape(&self, pass: Pass, node: usize) -> &[usize] {
        match pass {
            Pass::Forward => &self.shapes().nodes[node],
            Pass::Backward => &self.sized.plan().adjoint_shapes[node],
        }
    }

    /// The value of a node at a timestep.
    pub fn value(&self, pass: Pass, timestep: usize, node: usize) -> ArrayD<f32> {
        shaped(self.shape(pass, node), self.numbers(pass, timestep, node))
    }

    /// The value of a node at every timestep, `[timesteps, …]`.
    pub fn values(&self, pass: Pass, node: usize) -> ArrayD<f32> {
        let all = (0..self.timesteps()).flat_map(|t| self.numbers(pass, t, node)).collect();
        shaped(&[&[self.timesteps()], self.shape(pass, node)].concat(), all)
    }

    /// The numbers of a node's value at a timestep, row after row.
    pub(in crate::listing) fn numbers(&self, pass: Pass, timestep: usize, node: usize) -> Vec<f32> {
        let plan = self.sized.plan();
        let id = match pass {
            Pass::Forward => plan.forward[node],
            Pass::Backward => plan.backward[node],
        };
        self.executor.value(&context(&self.parameters), &self.tape, timestep, id)
    }

    /// The value that `name` has after line `line` at a timestep.
    pub fn named(&self, pass: Pass, timestep: usize, line: usize, name: &str) -> Option<ArrayD<f32>> {
        let node = self.node(pass, line, name)?;
        (timestep < self.timesteps()).then(|| self.value(pass, timestep, node))
    }

    /// The node that `name` stands for after line `line`; parameters have it from the start.
    pub fn node(&self, pass: Pass, line: usize, name: &str) -> Option<usize> {
        let graph = self.text(pass).graph();
        let assigned = graph.assigned.iter().rev().find(|a| a.name == name && a.line <= line);
        assigned.map(|a| a.node).or_else(|| graph.parameters.iter().position(|p| p == name))
    }

    /// A state before the first step and after each, `[timesteps + 1, …]`.
    pub fn state(&self, index: usize) -> ArrayViewD<'_, f32> {
        let shape = &self.shapes().parameters[index + 1].shape;
        let all = self.tape.states_between(index, 0, self.timesteps() + 1);
        let shape = [&[self.timesteps() + 1], shape.as_slice()].concat();
        ArrayViewD::from_shape(IxDyn(&shape), all)
            .unwrap_or_else(|wrong| unreachable!("state {index} does not fit its tape: {wrong}"))
    }

    /// The gradient of the input, in its shape.
    pub fn input_gradient(&self) -> ArrayViewD<'_, f32> {
        self.gradients.input.view()
    }

    /// The gradient of the initial state `index`, in its shape.
    pub fn initial_gradient(&self, index: usize) -> ArrayViewD<'_, f32> {
        self.gradients.initial[index].view()
    }

    /// The gradient of a weight, added up over time, in its shape, by its position among the weights.
    pub fn weight_gradient(&self, position: usize) -> ArrayViewD<'_, f32> {
        self.gradients.weights[position].view()
    }
}

/// A pass without dropout.
fn context(parameters: &Parameters) -> PassContext<'_> {
    PassContext { parameters, backend: Backend::best(), training: false, seed: 0, update: 0, first_row: 0 }
}

fn shaped(shape: &[usize], numbers: Vec<f32>) -> ArrayD<f32> {
    ArrayD::from_shape_vec(IxDyn(shape), numbers)
        .unwrap_or_else(|wrong| unreachable!("a value does not have its shape {shape:?}: {wrong}"))
}

/// The numbers of an array of a sequence, row after row.
fn numbers(array: &ArrayD<f32>) -> &[f32] {
    array.as_slice().unwrap_or_else(|| unreachable!("arrays of a sequence are contiguous"))
}

fn copy(from: ArrayViewD<f32>, to: &mut [f32]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
}
