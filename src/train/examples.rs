//! The samples of a training or validation set, and how blocks of them become the input of a model.

use std::ops::Range;

use ndarray::{Array, Array1, Array2, Array3, Axis, Dimension, RemoveAxis, Slice};

use crate::error::Axes;
use crate::layers::Signal;
use crate::{Error, Result};

/// What goes into the model.
#[derive(Debug, Clone, PartialEq)]
pub enum Inputs {
    /// Ids, `[samples, timesteps]`.
    Ids(Array2<u32>),
    /// Sequences of vectors, `[samples, timesteps, features]`.
    Sequences(Array3<f32>),
    /// Vectors, `[samples, features]`.
    Vectors(Array2<f32>),
}

/// What should come out of the model.
#[derive(Debug, Clone, PartialEq)]
pub enum Labels {
    /// Class ids, `[samples, timesteps]`; a sample with one label has one timestep.
    Classes(Array2<u32>),
    /// Numbers in the shape of the output, `[samples, timesteps, features]`; a vector has one timestep.
    Values(Array3<f32>),
}

/// Samples with their labels. All arrays are in standard layout: the numbers of a sample stand together.
#[derive(Debug, Clone)]
pub struct Examples {
    inputs: Inputs,
    labels: Labels,
    /// `[samples, timesteps]`, false where a timestep is masked.
    mask: Option<Array2<bool>>,
    /// `[samples, 1]` or `[samples, timesteps of the labels]`; nothing where all count 1.
    pub(super) weights: Option<Array2<f32>>,
}

/// The labels of one block, with time as the first axis.
#[derive(Debug, Clone, Default)]
pub struct BlockLabels {
    /// Class ids, `[timesteps, batch]`.
    pub classes: Vec<u32>,
    /// Numbers, `[timesteps, batch, features]`.
    pub values: Vec<f32>,
    /// Weight of each prediction, `[timesteps, batch]`; empty: all count 1.
    pub weights: Vec<f32>,
}

impl Examples {
    /// Puts inputs and labels together.
    ///
    /// # Errors
    /// If they are not of equally many samples, there are none, or a number is not finite.
    pub fn new(inputs: Inputs, labels: Labels) -> Result<Self> {
        let count = inputs.shape()[0];
        if count == 0 {
            return Err(Error::value("the data set", "at least one sample", "none"));
        }
        check_filled("x", inputs.shape(), inputs.not_finite())?;
        check_filled("y", labels.shape(), labels.not_finite())?;
        check_shape("y", labels.axes(count, None), labels.shape())?;
        Ok(Self {
            inputs: inputs.in_standard_layout(),
            labels: labels.in_standard_layout(),
            mask: None,
            weights: None,
        })
    }

    /// Masks timesteps: `mask` is false where a timestep of a sample does not count.
    ///
    /// # Errors
    /// If it is not `[samples, timesteps]` of the inputs.
    pub fn with_mask(mut self, mask: Array2<bool>) -> Result<Self> {
        let expected = [("samples", self.count()), ("timesteps", self.inputs.timesteps())];
        check_shape("mask", expected, mask.shape())?;
        self.mask = Some(standard(mask));
        Ok(self)
    }

    /// How many samples there are.
    pub fn count(&self) -> usize {
        self.inputs.shape()[0]
    }

    /// The inputs of all samples.
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// The labels of all samples.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// The samples of `range`.
    ///
    /// # Panics
    /// If it reaches beyond the samples.
    pub fn part(&self, range: Range<usize>) -> Self {
        Self {
            inputs: match &self.inputs {
                Inputs::Ids(ids) => Inputs::Ids(cut(ids, &range)),
                Inputs::Sequences(values) => Inputs::Sequences(cut(values, &range)),
                Inputs::Vectors(values) => Inputs::Vectors(cut(values, &range)),
            },
            labels: match &self.labels {
                Labels::Classes(ids) => Labels::Classes(cut(ids, &range)),
                Labels::Values(values) => Labels::Values(cut(values, &range)),
            },
            mask: self.mask.as_ref().map(|mask| cut(mask, &range)),
            weights: self.weights.as_ref().map(|weights| cut(weights, &range)),
        }
    }

    /// Cuts the last `share` of the samples off for validation, before any shuffling, as Keras'
    /// `validation_split`.
    ///
    /// # Errors
    /// If one of the two parts would be empty.
    pub fn split_validation(self, share: f64) -> Result<(Self, Self)> {
        let count = self.count();
        let first = (count as f64 * (1.0 - share)).floor();
        if !(first >= 1.0 && first < count as f64) {
            let expected = format!("a share that leaves samples in both parts of {count}");
            return Err(Error::config("validation_split", expected, share));
        }
        Ok((self.part(0..first as usize), self.part(first as usize..count)))
    }

    /// Writes the samples `rows` into `x` and `y`, time first.
    pub fn fill(&self, rows: &[u32], x: &mut Signal, y: &mut BlockLabels) {
        self.fill_inputs(rows, x);
        y.classes.clear();
        y.values.clear();
        y.weights.clear();
        match &self.labels {
            Labels::Classes(ids) => extend_time_first(&mut y.classes, ids, rows, self.labels.timesteps()),
            Labels::Values(values) => {
                let features = values.len_of(Axis(2));
                for t in 0..self.labels.timesteps() {
                    for row in rows {
                        y.values.extend_from_slice(&sample(values, *row)[t * features..][..features]);
                    }
                }
            }
        }
        if let Some(weights) = &self.weights {
            extend_time_first(&mut y.weights, weights, rows, self.labels.timesteps());
        }
    }

    fn fill_inputs(&self, rows: &[u32], x: &mut Signal) {
        let batch = rows.len();
        match &self.inputs {
            Inputs::Ids(ids) => {
                x.set_ids(ids.ncols(), batch);
                for (b, row) in rows.iter().enumerate() {
                    for (t, id) in sample(ids, *row).iter().enumerate() {
                        x.ids[t * batch + b] = *id;
                    }
                }
            }
            Inputs::Sequences(values) => {
                let (_, timesteps, features) = values.dim();
                x.set_sequence(timesteps, batch, features);
                for (b, row) in rows.iter().enumerate() {
                    for (t, vector) in sample(values, *row).chunks_exact(features).enumerate() {
                        x.data[(t * batch + b) * features..][..features].copy_from_slice(vector);
                    }
                }
            }
            Inputs::Vectors(values) => {
                x.set_flat(batch, values.ncols());
                for (row, to) in rows.iter().zip(x.data.chunks_exact_mut(values.ncols())) {
                    to.copy_from_slice(sample(values, *row));
                }
            }
        }
        if let Some(mask) = &self.mask {
            extend_time_first(&mut x.mask, mask, rows, mask.ncols());
        }
    }
}

impl Inputs {
    /// The sizes of all axes, samples first.
    pub fn shape(&self) -> &[usize] {
        match self {
            Self::Ids(ids) => ids.shape(),
            Self::Sequences(values) => values.shape(),
            Self::Vectors(values) => values.shape(),
        }
    }

    /// Length of each sequence; 1 for vectors.
    pub fn timesteps(&self) -> usize {
        match self {
            Self::Ids(_) | Self::Sequences(_) => self.shape()[1],
            Self::Vectors(_) => 1,
        }
    }

    fn not_finite(&self) -> Option<f32> {
        match self {
            Self::Ids(_) => None,
            Self::Sequences(values) => first_not_finite(values),
            Self::Vectors(values) => first_not_finite(values),
        }
    }

    fn in_standard_layout(self) -> Self {
        match self {
            Self::Ids(ids) => Self::Ids(standard(ids)),
            Self::Sequences(values) => Self::Sequences(standard(values)),
            Self::Vectors(values) => Self::Vectors(standard(values)),
        }
    }
}

impl Labels {
    /// One class id for each sample.
    pub fn of_samples(ids: Vec<u32>) -> Self {
        Self::Classes(Array1::from(ids).insert_axis(Axis(1)))
    }

    /// The sizes of all axes, samples first.
    pub fn shape(&self) -> &[usize] {
        match self {
            Self::Classes(ids) => ids.shape(),
            Self::Values(values) => values.shape(),
        }
    }

    /// Timesteps of one sample's labels; 1 for a single label.
    pub fn timesteps(&self) -> usize {
        self.shape()[1]
    }

    /// The axes of labels of `samples`, for an output of the sizes `[timesteps, features]` if there is one.
    pub(super) fn axes(&self, samples: usize, output: Option<[usize; 2]>) -> Axes {
        match self {
            Self::Classes(_) => {
                let timesteps = output.map_or(self.timesteps(), |[timesteps, _]| timesteps);
                [("samples", samples), ("timesteps", timesteps)].into()
            }
            Self::Values(values) => {
                let [timesteps, features] = output.unwrap_or([self.timesteps(), values.len_of(Axis(2))]);
                [("samples", samples), ("timesteps", timesteps), ("features", features)].into()
            }
        }
    }

    fn not_finite(&self) -> Option<f32> {
        match self {
            Self::Classes(_) => None,
            Self::Values(values) => first_not_finite(values),
        }
    }

    fn in_standard_layout(self) -> Self {
        match self {
            Self::Classes(ids) => Self::Classes(standard(ids)),
            Self::Values(values) => Self::Values(standard(values)),
        }
    }
}

/// Checks that an array has the shape that the arrays beside it need.
pub(super) fn check_shape(what: &str, expected: impl Into<Axes>, found: &[usize]) -> Result<()> {
    let expected = expected.into();
    if found == expected.sizes { Ok(()) } else { Err(Error::shape(what, expected, found)) }
}

/// Checks that each sample has at least one number and all numbers are finite.
fn check_filled(what: &str, shape: &[usize], not_finite: Option<f32>) -> Result<()> {
    if shape[1..].contains(&0) {
        return Err(Error::value(format!("each sample of `{what}`"), "at least one number", "none"));
    }
    match not_finite {
        Some(bad) => Err(Error::value(format!("every number of `{what}`"), "finite", bad)),
        None => Ok(()),
    }
}

pub(super) fn first_not_finite<D: Dimension>(array: &Array<f32, D>) -> Option<f32> {
    array.iter().copied().find(|value| !value.is_finite())
}

/// `array` with the numbers of each sample together.
pub(super) fn standard<T: Clone, D: Dimension>(array: Array<T, D>) -> Array<T, D> {
    if array.is_standard_layout() { array } else { array.as_standard_layout().into_owned() }
}

fn cut<T: Clone, D: Dimension>(array: &Array<T, D>, range: &Range<usize>) -> Array<T, D> {
    array.slice_axis(Axis(0), Slice::from(range.clone())).to_owned()
}

/// The numbers of sample `row` of an array in standard layout. A slice, since blocks are filled in every
/// update and an index for each axis takes longer.
fn sample<T, D: RemoveAxis>(array: &Array<T, D>, row: u32) -> &[T] {
    let size = array.len() / array.len_of(Axis(0));
    &array.as_slice().unwrap_or_default()[row as usize * size..][..size]
}

/// Adds the entries of `rows` time first; an array with one column serves all `timesteps`.
fn extend_time_first<T: Copy>(to: &mut Vec<T>, array: &Array2<T>, rows: &[u32], timesteps: usize) {
    let columns = array.ncols();
    let entries = array.as_slice().unwrap_or_default();
    for t in 0..timesteps {
        let column = t.min(columns - 1);
        to.extend(rows.iter().map(|row| entries[*row as usize * columns + column]));
    }
}
