//! One timestep of a recurrent layer, forward and backward.

use std::ops::Range;

use serde_json::Value;

use super::symbol::Symbol;
use super::tape::{Tape, TapeGradients};
use crate::Result;
use crate::layers::config::Section;
use crate::layers::{Builder, Gradients, PassContext};

/// A cell: what happens in one timestep. The loop through time, masks and dropout belong to
/// [`Recurrent`](super::Recurrent).
///
/// A pass runs in blocks of timesteps. Forward, for each block: [`project`](Cell::project) once, then
/// [`step`](Cell::step) for each timestep. Backward, for each block from the last to the first:
/// [`step_back`](Cell::step_back) for each timestep from the last to the first, then [`accumulate`](Cell::accumulate)
/// once.
pub trait Cell: Send {
    /// Keras' class name of the layer.
    fn class_name(&self) -> &'static str;

    /// Options of the cell in Keras' configuration.
    fn config(&self) -> Value;

    /// Width of each state; the first is the output. Final once the cell is built.
    fn state_widths(&self) -> Vec<usize>;

    /// Names of the states: `h`, `c`.
    fn state_names(&self) -> Vec<String>;

    /// What each state begins with where nothing else is given, in the shape of one sample; nothing for zeros.
    fn first_states(&self) -> Option<&[Vec<f32>]> {
        None
    }

    /// For how many gates Keras draws separate dropout masks when there is recurrent dropout.
    fn gate_count(&self) -> usize {
        1
    }

    /// Width of each field that the cell keeps on the tape. Final once the cell is built.
    fn field_widths(&self) -> Vec<usize>;

    /// Gates and states for the views, in the order of the equations.
    fn symbols(&self) -> Vec<Symbol>;

    /// Declares the weights for inputs of `features` numbers.
    fn build(&mut self, features: usize, builder: &mut Builder) -> Result<()>;

    /// Packs the weights if they have changed since the last pass; `tape` is made ready for this one.
    fn prepare(&mut self, pass: &PassContext, tape: &Tape);

    /// What can be computed from the inputs of all `steps` at once; `x` is `[steps, batch, features]`.
    fn project(&mut self, pass: &PassContext, x: &[f32], steps: Range<usize>, tape: &mut Tape);

    /// Computes the states after step `t` and whatever [`step_back`](Cell::step_back) needs.
    fn step(&mut self, pass: &PassContext, t: usize, tape: &mut Tape);

    /// Turns the gradients of the states after step `t` into those of the states before it, each `[batch, width]`, and
    /// keeps in `tape` what [`accumulate`](Cell::accumulate) needs. Rows of samples that are masked at `t` arrive as
    /// zeros.
    fn step_back(&mut self, pass: &PassContext, t: usize, tape: &mut TapeGradients, dstates: &mut [Vec<f32>]);

    /// Adds the gradients of the weights over all `steps`, and writes `dx`, `[steps, batch, features]`.
    fn accumulate(
        &mut self,
        pass: &PassContext,
        block: Block,
        tape: &mut TapeGradients,
        gradients: &mut Gradients,
    );
}

/// A class of recurrent layers whose cell is defined outside of this module.
#[derive(Debug, Clone, Copy)]
pub struct CellClass {
    /// The class name in configurations.
    pub name: &'static str,
    /// Options of the cell beside those of every recurrent layer.
    pub options: &'static [&'static str],
    /// Makes the cell from the layer's configuration.
    pub make: fn(&Section) -> Result<Box<dyn Cell>>,
}

/// A block of timesteps in the backward pass.
pub struct Block<'a> {
    /// The timesteps.
    pub steps: Range<usize>,
    /// Their inputs, `[steps, batch, features]`.
    pub x: &'a [f32],
    /// Where the gradient of the inputs is written, if it is needed.
    pub dx: Option<&'a mut [f32]>,
}
