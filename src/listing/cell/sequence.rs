//! What a recording is made from.

use ndarray::ArrayD;

use crate::listing::parsed::Listing;
use crate::listing::shapes::Shapes;
use crate::{Axes, Error, Result};

/// The input, the weights and the gradients of the loss with respect to the states, for one sequence.
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

    /// Checks that every array has the shape of its parameter in `listing`, and that there is a timestep.
    ///
    /// # Errors
    /// Names the array, its axes and both shapes.
    pub(super) fn check(&self, listing: &Listing, shapes: &Shapes) -> Result<()> {
        let timesteps = self.timesteps();
        let timed = |shape: &[usize]| [&[timesteps.max(1)], shape].concat();
        let states = shapes.states().count();
        let axes = |name: &str| axes(listing, name);
        let timed_axes = |name: &str| [vec!["timesteps".to_owned()], axes(name)].concat();
        let input = &shapes.parameters[0];
        agree(&input.name, || timed_axes(&input.name), &timed(&input.shape), &self.x)?;
        for (state, initial) in shapes.states().zip(&self.initial) {
            if let Some(initial) = initial {
                agree(&state.name, || axes(&state.name), &state.shape, initial)?;
            }
        }
        for (state, upstream) in shapes.states().zip(&self.upstream) {
            if let Some(upstream) = upstream {
                let name = format!("upstream/{}", state.name);
                agree(&name, || timed_axes(&state.name), &timed(&state.shape), upstream)?;
            }
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
            .try_for_each(|(weight, found)| agree(&weight.name, || axes(&weight.name), &weight.shape, found))
    }
}

/// The same array, in memory row after row.
pub(super) fn contiguous(array: ArrayD<f32>) -> ArrayD<f32> {
    if array.is_standard_layout() { array } else { array.as_standard_layout().into_owned() }
}

/// The axes of a parameter, `features` and `4·units`; none where they do not follow from the text.
fn axes(listing: &Listing, name: &str) -> Vec<String> {
    let all = listing.symbolic_shapes().unwrap_or_default();
    let shape =
        all.into_iter().find(|(parameter, ..)| parameter == name).map_or_else(String::new, |found| found.2);
    let sizes = shape.trim_matches(['(', ')']).split(',').map(str::trim).filter(|size| !size.is_empty());
    sizes.map(|size| size.replace('*', "·")).collect()
}

fn agree(name: &str, axes: impl Fn() -> Vec<String>, shape: &[usize], found: &ArrayD<f32>) -> Result<()> {
    if found.shape() == shape {
        return Ok(());
    }
    let names = Some(axes()).filter(|names| names.len() == shape.len()).unwrap_or_default();
    Err(Error::shape(name, Axes { sizes: shape.to_vec(), names }, found.shape()))
}
