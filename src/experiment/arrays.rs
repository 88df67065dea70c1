//! Lists of numbers as the arrays of a set of samples.

use std::borrow::Cow;

use ndarray::{Array, Array2, ArrayD, Axis, Dimension, IntoDimension};

use crate::data::{Arrays, Padding, pad_into};
use crate::tensors::Tensor;
use crate::train::{Examples, Inputs, Labels};
use crate::{Error, Result};

/// `values`, row-major, as an array of `shape`.
pub(super) fn array<T, S: IntoDimension>(shape: S, values: Vec<T>) -> Result<Array<T, S::Dim>> {
    let shape = shape.into_dimension();
    let (axes, count) = (shape.slice().to_vec(), values.len());
    Array::from_shape_vec(shape, values).map_err(|_| Error::shape("the samples", &axes, &[count]))
}

/// Sequences of ids, each cut or filled to `length`: `[sequences, length]`.
pub(super) fn padded(length: usize, how: Padding, sequences: &[impl AsRef<[u16]>]) -> Array2<u16> {
    let mut rows = Array2::zeros((sequences.len(), length));
    for (mut row, sequence) in rows.rows_mut().into_iter().zip(sequences) {
        if let Some(row) = row.as_slice_mut() {
            pad_into(row, sequence.as_ref(), how);
        }
    }
    rows
}

/// All class ids of the labels; nothing where labels are numbers.
pub(super) fn class_ids(labels: &Labels) -> Option<Vec<u32>> {
    match labels {
        Labels::Classes(ids) => Some(ids.iter().copied().collect()),
        Labels::Values(_) => None,
    }
}

/// The samples `kept` of arrays that a file holds. Whole numbers with two axes are ids, `[samples, timesteps]`; other
/// inputs are sequences of vectors, where two axes mean one number a timestep. Whole numbers are classes, one a sample
/// or one a timestep; other labels with two axes are one vector a sample.
pub(super) fn samples_of(arrays: &Arrays, kept: &[usize]) -> Result<Examples> {
    let x = match &arrays.x {
        Tensor::F32(x) if x.ndim() == 2 => {
            Inputs::Sequences(of_rank("x", some(x, kept)?.insert_axis(Axis(2)))?)
        }
        Tensor::F32(x) => Inputs::Sequences(of_rank("x", some(x, kept)?)?),
        ids if ids.shape().len() == 2 => Inputs::Ids(of_rank("x", some(&ids.ids("x")?, kept)?)?),
        numbers => Inputs::Sequences(of_rank("x", some(&numbers.to_floats("x")?, kept)?)?),
    };
    let y = match &arrays.y {
        Tensor::F32(y) => {
            let mut y = some(y, kept)?;
            if y.ndim() == 1 {
                y = y.insert_axis(Axis(1));
            }
            if y.ndim() == 2 {
                y = y.insert_axis(Axis(1));
            }
            Labels::Values(of_rank("y", y)?)
        }
        classes => {
            let ids = some(&classes.ids("y")?, kept)?;
            let ids = if ids.ndim() == 1 { ids.insert_axis(Axis(1)) } else { ids };
            Labels::Classes(of_rank("y", ids)?)
        }
    };
    Examples::new(x, y)
}

/// The samples `kept` of an array. ndarray's `select` does the same in three times as much code.
fn some<T: Copy>(from: &ArrayD<T>, kept: &[usize]) -> Result<ArrayD<T>> {
    let mut shape = from.shape().to_vec();
    let width: usize = shape.iter().skip(1).product();
    let all = from.as_slice().map_or_else(|| from.iter().copied().collect(), Cow::Borrowed);
    let values = kept.iter().flat_map(|k| &all[k * width..][..width]).copied().collect();
    shape.iter_mut().take(1).for_each(|samples| *samples = kept.len());
    array(shape, values)
}

fn of_rank<T, D: Dimension>(name: &str, array: ArrayD<T>) -> Result<Array<T, D>> {
    let found = array.ndim();
    let expected = || format!("one with {} axes", D::NDIM.unwrap_or_default());
    array.into_dimensionality().map_err(|_| Error::value(format!("the array `{name}`"), expected(), found))
}
