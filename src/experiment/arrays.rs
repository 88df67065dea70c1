//! Plain lists of numbers as the arrays of a set of samples.

use ndarray::{Array, Dimension, IntoDimension};

use crate::train::{Inputs, Labels};
use crate::{Error, Result};

/// Ids, `[samples, timesteps]`.
pub(super) fn ids(timesteps: usize, ids: Vec<u32>) -> Result<Inputs> {
    let count = ids.len() / timesteps.max(1);
    Ok(Inputs::Ids(array((count, timesteps), ids)?))
}

/// Sequences of vectors, `[samples, timesteps, features]`.
pub(super) fn sequences(timesteps: usize, features: usize, values: Vec<f32>) -> Result<Inputs> {
    let count = values.len() / (timesteps * features).max(1);
    Ok(Inputs::Sequences(array((count, timesteps, features), values)?))
}

/// Class ids, `[samples, timesteps]`.
pub(super) fn classes(timesteps: usize, ids: Vec<u32>) -> Result<Labels> {
    let count = ids.len() / timesteps.max(1);
    Ok(Labels::Classes(array((count, timesteps), ids)?))
}

/// Numbers, `[samples, timesteps, features]`.
pub(super) fn values(timesteps: usize, features: usize, values: Vec<f32>) -> Result<Labels> {
    let count = values.len() / (timesteps * features).max(1);
    Ok(Labels::Values(array((count, timesteps, features), values)?))
}

/// All class ids of the labels; nothing where labels are numbers.
pub(super) fn class_ids(labels: &Labels) -> Option<Vec<u32>> {
    match labels {
        Labels::Classes(ids) => Some(ids.iter().copied().collect()),
        Labels::Values(_) => None,
    }
}

fn array<T, S: IntoDimension>(shape: S, values: Vec<T>) -> Result<Array<T, S::Dim>> {
    let shape = shape.into_dimension();
    let (axes, count) = (shape.slice().to_vec(), values.len());
    Array::from_shape_vec(shape, values).map_err(|_| Error::shape("the samples", &axes, &[count]))
}
