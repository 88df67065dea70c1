//! What a recording is made from.

use ndarray::ArrayD;

use crate::listing::shapes::Shapes;
use crate::{Error, Result};

/// The input, the weights and what the loss says, for one sequence.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sequence {
    /// `[timesteps, …]`, then the shape of the input.
    pub x: ArrayD<f32>,
    /// The state before the first step, for each state in its shape; `None`, or missing at the end, for zeros.
    pub initial: Vec<Option<ArrayD<f32>>>,
    /// Every weight in the order of the listing's parameters.
    pub weights: Vec<ArrayD<f32>>,
    /// The gradient of the loss with respect to each state after each step, `[timesteps, …]`; `None`, or missing at the
    /// end, for zeros.
    pub upstream: Vec<Option<ArrayD<f32>>>,
}

impl Sequence {
    /// How many timesteps it has.
    pub fn timesteps(&self) -> usize {
        self.x.shape().first().copied().unwrap_or(0)
    }

    /// The same with every array in memory row after row.
    pub(super) fn contiguous(self) -> Self {
        let all = |arrays: Vec<Option<ArrayD<f32>>>| arrays.into_iter().map(|a| a.map(contiguous)).collect();
        Self {
            x: contiguous(self.x),
            initial: all(self.initial),
            weights: self.weights.into_iter().map(contiguous).collect(),
            upstream: all(self.upstream),
        }
    }

    /// Checks that every array has the shape that `shapes` asks for, and that there is a timestep.
    ///
    /// # Errors
    /// Names the array and both shapes.
    pub(super) fn check(&self, shapes: &Shapes) -> Result<()> {
        let timesteps = self.timesteps();
        let timed = |shape: &[usize]| [&[timesteps], shape].concat();
        let states = shapes.states().count();
        let input = &shapes.parameters[0];
        agree(&input.name, &[&[timesteps.max(1)], input.shape.as_slice()].concat(), &self.x)?;
        for (state, initial) in shapes.states().zip(&self.initial) {
            initial.as_ref().map_or(Ok(()), |initial| agree(&state.name, &state.shape, initial))?;
        }
        for (state, upstream) in shapes.states().zip(&self.upstream) {
            let name = format!("upstream/{}", state.name);
            upstream.as_ref().map_or(Ok(()), |upstream| agree(&name, &timed(&state.shape), upstream))?;
        }
        for (what, found) in
            [("initial states", self.initial.len()), ("upstream gradients", self.upstream.len())]
        {
            if found > states {
                return Err(Error::shape(format!("the list of {what}"), &[states], &[found]));
            }
        }
        let weights = shapes.weights().count();
        if self.weights.len() != weights {
            return Err(Error::shape("the list of weights", &[weights], &[self.weights.len()]));
        }
        shapes
            .weights()
            .zip(&self.weights)
            .try_for_each(|(weight, found)| agree(&weight.name, &weight.shape, found))
    }
}

/// The same array, in memory row after row.
pub(super) fn contiguous(array: ArrayD<f32>) -> ArrayD<f32> {
    if array.is_standard_layout() { array } else { array.as_standard_layout().into_owned() }
}

fn agree(name: &str, shape: &[usize], found: &ArrayD<f32>) -> Result<()> {
    if found.shape() == shape { Ok(()) } else { Err(Error::shape(name, shape, found.shape())) }
}
