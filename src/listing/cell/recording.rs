//! One sequence through a listing, forwards and backwards, with every value of every line kept for looking at.

use crate::listing::cell::plan::Plan;
use crate::listing::cell::run::{Inputs, Tape};
use crate::listing::graph::Assigned;
use crate::listing::language::diagnostics::Diagnostic;
use crate::listing::parsed::Listing;
use crate::listing::shapes::{Role, Shapes};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// Which of the two listings a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pass {
    /// The step function, from the first timestep to the last.
    Forward,
    /// Its adjoint, from the last timestep to the first.
    Backward,
}

/// What a recording is made from; every array in its own order, time first.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Sequence {
    /// `[timesteps, features]`
    pub x: Vec<f32>,
    /// The state before the first step, for each state `[units]`; empty for zeros.
    pub initial: Vec<Vec<f32>>,
    /// Every weight in the order of the listing's parameters.
    pub weights: Vec<Vec<f32>>,
    /// The gradient of the loss with respect to each state after each step, `[timesteps, units]`; empty for zeros.
    pub upstream: Vec<Vec<f32>>,
}

/// Every value of a listing and its adjoint over one sequence.
#[derive(Debug, Clone)]
pub struct Recording {
    listing: Listing,
    adjoint: Listing,
    plan: Plan,
    tape: Tape,
    sequence: Sequence,
    adjoint_shapes: Vec<Vec<usize>>,
    pins: Vec<Pin>,
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
    /// Runs `listing` over `sequence`, forwards and backwards.
    pub fn new(
        listing: &Listing,
        shapes: &Shapes,
        sequence: Sequence,
    ) -> std::result::Result<Result<Self>, Vec<Diagnostic>> {
        let adjoint = listing.differentiate_for(shapes)?;
        let plan = Plan::new(listing, &adjoint, shapes)?;
        let features = shapes.parameters[0].shape.iter().product::<usize>().max(1);
        let timesteps = sequence.x.len() / features;
        if timesteps == 0 || !sequence.x.len().is_multiple_of(features) {
            return Ok(Err(Error::shape("x", &[timesteps.max(1), features], &[sequence.x.len()])));
        }
        let tape = Tape::new(&plan, timesteps, 1);
        let given: Vec<Vec<usize>> =
            shapes.parameters.iter().chain(shapes.states()).map(|p| p.shape.clone()).collect();
        let adjoint_shapes = crate::listing::shapes::node_shapes(adjoint.graph(), &given)?;
        let mut recording =
            Self { listing: listing.clone(), adjoint, plan, tape, sequence, adjoint_shapes, pins: vec![] };
        Ok(recording.rerun().map(|()| recording))
    }

    /// Runs everything again, after a number was changed.
    pub fn rerun(&mut self) -> Result<()> {
        self.rerun_forward()?;
        self.rerun_backward()
    }

    /// Runs the step function again over all timesteps; the gradients stay as they were.
    pub fn rerun_forward(&mut self) -> Result<()> {
        let (initial, weights) = (slices(&self.sequence.initial), slices(&self.sequence.weights));
        let inputs = Inputs { x: &self.sequence.x, initial: &initial, weights: &weights, mask: &[] };
        if self.pins.is_empty() {
            return self.tape.forward(&self.plan, &inputs);
        }
        self.tape.begin(&self.plan, &inputs)?;
        for t in 0..self.tape.timesteps() {
            for pin in self.pins.iter().filter(|pin| pin.timestep == t) {
                self.tape.set_state(pin.state, t, pin.index, pin.value);
            }
            self.tape.step(&self.plan, t);
        }
        Ok(())
    }

    /// Runs the adjoint again over all timesteps.
    pub fn rerun_backward(&mut self) -> Result<()> {
        let upstream = slices(&self.sequence.upstream);
        if self.pins.is_empty() {
            return self.tape.backward(&self.plan, &upstream);
        }
        self.tape.begin_backward(&self.plan);
        for t in (0..self.tape.timesteps()).rev() {
            self.tape.step_back(&self.plan, t, &upstream);
            for pin in self.pins.iter().filter(|pin| pin.timestep == t) {
                self.tape.stop_gradient(pin.state, pin.index);
            }
        }
        self.tape.gather(&self.plan);
        Ok(())
    }

    /// Lets a state be again what the step before made of it; returns whether it had been set by hand.
    pub fn release(&mut self, name: &str, timestep: usize, index: usize) -> bool {
        let count = self.pins.len();
        let state = self.plan.shapes.parameters.iter().skip(1).position(|p| p.name == name);
        self.pins.retain(|pin| (Some(pin.state), pin.timestep, pin.index) != (state, timestep, index));
        self.pins.len() < count
    }

    /// Whether a number of a state was set by hand before a step.
    pub fn is_set(&self, name: &str, timestep: usize, index: usize) -> bool {
        let state = self.plan.shapes.parameters.iter().skip(1).position(|p| p.name == name);
        self.pins.iter().any(|pin| (Some(pin.state), pin.timestep, pin.index) == (state, timestep, index))
    }

    /// Gives another gradient of the loss with respect to each state after each step, as in [`Sequence::upstream`].
    pub fn set_upstream(&mut self, upstream: Vec<Vec<f32>>) {
        self.sequence.upstream = upstream;
    }

    /// Gives another input of the same size, `[timesteps, features]`.
    pub fn set_input(&mut self, x: Vec<f32>) {
        self.sequence.x = x;
    }

    /// Changes one number of the input (at a timestep), of a state (before a timestep) or of a weight, by the
    /// parameter's name. A state that was changed keeps its number, whatever the steps before make of it.
    /// [`rerun`](Self::rerun) brings everything after it up to date.
    pub fn change(&mut self, name: &str, timestep: usize, index: usize, value: f32) -> Result<()> {
        let parameters = &self.plan.shapes.parameters;
        let Some(position) = parameters.iter().position(|p| p.name == name) else {
            return Err(Error::value("the name", "one of the listing's parameters", name));
        };
        let width: usize = parameters[position].shape.iter().product();
        let states = self.plan.returned.len();
        let (array, at) = match parameters[position].role {
            Role::Input => (&mut self.sequence.x, timestep * width + index),
            Role::State if timestep > 0 => return self.pin(position - 1, timestep, index, value),
            Role::State => {
                self.sequence.initial.resize(states, vec![]);
                let initial = &mut self.sequence.initial[position - 1];
                initial.resize(width, 0.0);
                (initial, index)
            }
            Role::Weight => (&mut self.sequence.weights[position - 1 - states], index),
        };
        match array.get_mut(at).filter(|_| index < width) {
            Some(number) => {
                *number = value;
                Ok(())
            }
            None => Err(Error::value(format!("the index of `{name}`"), format!("below {width}"), index)),
        }
    }

    fn pin(&mut self, state: usize, timestep: usize, index: usize, value: f32) -> Result<()> {
        let parameter = &self.plan.shapes.parameters[state + 1];
        let width: usize = parameter.shape.iter().product();
        if index >= width || timestep >= self.tape.timesteps() {
            let expected = format!("below {width}, at a timestep below {}", self.tape.timesteps());
            return Err(Error::value(format!("the index of `{}`", parameter.name), expected, index));
        }
        self.pins.retain(|pin| (pin.state, pin.timestep, pin.index) != (state, timestep, index));
        self.pins.push(Pin { state, timestep, index, value });
        Ok(())
    }

    /// The step function.
    pub fn listing(&self) -> &Listing {
        &self.listing
    }

    /// Its adjoint.
    pub fn adjoint(&self) -> &Listing {
        &self.adjoint
    }

    /// The listing of a pass.
    pub fn text(&self, pass: Pass) -> &Listing {
        match pass {
            Pass::Forward => &self.listing,
            Pass::Backward => &self.adjoint,
        }
    }

    /// What it was made from.
    pub fn sequence(&self) -> &Sequence {
        &self.sequence
    }

    /// The shapes of the parameters.
    pub fn shapes(&self) -> &Shapes {
        &self.plan.shapes
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
            Pass::Forward => &self.plan.shapes.nodes[node],
            Pass::Backward => &self.adjoint_shapes[node],
        }
    }

    /// The value of a node at a timestep, row after row.
    pub fn value(&self, pass: Pass, timestep: usize, node: usize) -> Vec<f32> {
        let id = match pass {
            Pass::Forward => self.plan.forward[node],
            Pass::Backward => self.plan.backward[node],
        };
        self.tape.at(&self.plan, id, timestep)
    }

    /// The value that `name` has after line `line` at a timestep, with its shape.
    pub fn named(
        &self,
        pass: Pass,
        timestep: usize,
        line: usize,
        name: &str,
    ) -> Option<(Vec<f32>, &[usize])> {
        let node = self.node(pass, line, name)?;
        (timestep < self.timesteps()).then(|| (self.value(pass, timestep, node), self.shape(pass, node)))
    }

    /// The node that `name` stands for after line `line`; parameters have it from the start.
    pub fn node(&self, pass: Pass, line: usize, name: &str) -> Option<usize> {
        let graph = self.text(pass).graph();
        let assigned = graph.assigned.iter().rev().find(|a| a.name == name && a.line <= line);
        assigned.map(|a| a.node).or_else(|| graph.parameters.iter().position(|p| p == name))
    }

    /// A state after each step, `[timesteps + 1, units]`; the first one is the initial state.
    pub fn state(&self, index: usize) -> &[f32] {
        self.tape.state(index)
    }

    /// The gradient of the input, `[timesteps, features]`.
    pub fn input_gradient(&self) -> Vec<f32> {
        self.tape.input_gradient(&self.plan)
    }

    /// The gradient of the initial state `index`, `[units]`.
    pub fn initial_gradient(&self, index: usize) -> &[f32] {
        self.tape.initial_gradient(index)
    }

    /// The gradient of a weight, added up over time, by its position among the weights.
    pub fn weight_gradient(&self, position: usize) -> &[f32] {
        self.tape.weight_gradient(&self.plan, position)
    }
}

fn slices(all: &[Vec<f32>]) -> Vec<&[f32]> {
    all.iter().map(Vec::as_slice).collect()
}
