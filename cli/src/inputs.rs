//! From tensors in a file, samples first, to what goes into a model.

use ndarray::{Array, Array2, ArrayD, Dimension, IntoDimension, Order};
use unrolled::layers::{Recurrent, Shape};
use unrolled::model::Sequential;
use unrolled::tensors::Tensors;
use unrolled::train::examples::BlockLabels;
use unrolled::train::{Examples, Inputs, Labels, Loss};
use unrolled::{Error, Result};

/// The samples of an INPUTS file.
#[derive(Clone)]
pub struct Samples {
    /// How many there are.
    pub count: usize,
    inputs: Inputs,
    mask: Option<Array2<bool>>,
}

/// Reads `x` and `mask` for a model with inputs of the shape `input`; `file` names where they come from.
pub fn samples(input: Shape, tensors: &Tensors, file: &str) -> Result<Samples> {
    let x = tensors.need("x", file)?;
    let wrong =
        || Error::Shape { what: "x".into(), expected: input.to_string(), found: format!("{:?}", x.shape()) };
    if x.shape().contains(&0) {
        return Err(Error::value("the sizes of `x`", "at least 1 on every axis", format!("{:?}", x.shape())));
    }
    let (count, timesteps, inputs) = match (input, x.shape()) {
        (Shape::Ids { .. }, &[count, timesteps]) => {
            (count, timesteps, Inputs::Ids(with_axes("x", x.ids("x")?)?))
        }
        (Shape::Sequence { .. }, &[count, timesteps, _]) => {
            (count, timesteps, Inputs::Sequences(with_axes("x", x.floats("x")?.clone())?))
        }
        (Shape::Flat { .. }, &[count, _]) => {
            (count, 1, Inputs::Vectors(with_axes("x", x.floats("x")?.clone())?))
        }
        _ => return Err(wrong()),
    };
    let features_fit = input.features().is_none_or(|features| x.shape().last() == Some(&features));
    if !features_fit || input.timesteps().is_some_and(|t| t != timesteps) {
        return Err(wrong());
    }
    let mask = match tensors.get("mask") {
        None => None,
        Some(_) if matches!(input, Shape::Flat { .. }) => {
            return Err(Error::value("`mask`", "left out where `x` has no timesteps", "one"));
        }
        Some(mask) if mask.shape() != [count, timesteps] => {
            let expected = [("samples", count), ("timesteps", timesteps)];
            return Err(Error::shape("mask", expected, mask.shape()));
        }
        Some(mask) => Some(with_axes("mask", mask.flags("mask")?)?),
    };
    Ok(Samples { count, inputs, mask })
}

impl Samples {
    /// The samples together with their labels.
    pub fn with_labels(self, labels: Labels) -> Result<Examples> {
        let examples = Examples::new(self.inputs, labels)?;
        match self.mask {
            Some(mask) => examples.with_mask(mask),
            None => Ok(examples),
        }
    }

    /// Writes all samples into the input of `model`.
    pub fn fill(&self, model: &mut Sequential) -> Result<()> {
        self.fill_first(self.count, model)
    }

    /// Writes the first `count` samples into the input of `model`.
    pub fn fill_first(&self, count: usize, model: &mut Sequential) -> Result<()> {
        // These labels are not used.
        let none = Labels::of_samples(vec![0; self.count]);
        let rows: Vec<u32> = (0..count as u32).collect();
        self.clone().with_labels(none)?.fill(&rows, model.input_mut(), &mut BlockLabels::default());
        Ok(())
    }
}

/// Checks that a model with stateful layers gets batches of the size that its configuration fixes, as Keras does.
pub fn check_batch(model: &Sequential, samples: usize) -> Result<()> {
    match model.batch_size() {
        Some(fixed) if model.is_stateful() && fixed != samples => Err(Error::value(
            "the number of samples in a batch of this stateful model",
            fixed.to_string(),
            samples,
        )),
        _ => Ok(()),
    }
}

/// Reads `y` as `loss` needs it for an output with the axes `output` (samples first).
pub fn labels(loss: Loss, output: &[usize], tensors: &Tensors, file: &str) -> Result<Labels> {
    let y = tensors.need("y", file)?;
    if matches!(loss, Loss::SparseCategoricalCrossentropy { .. }) {
        let without_features = &output[..output.len() - 1];
        let fits = y.shape() == without_features || y.shape().strip_suffix(&[1]) == Some(without_features);
        if !fits {
            return Err(Error::shape("y", without_features, y.shape()));
        }
        let shape = (without_features[0], without_features[1..].iter().product());
        return Ok(Labels::Classes(reshaped("y", y.ids("y")?, shape)?));
    }
    let fits = y.shape() == output || output.strip_suffix(&[1]) == Some(y.shape());
    if !fits {
        return Err(Error::shape("y", output, y.shape()));
    }
    let features = output.last().copied().unwrap_or(1);
    let timesteps = output[1..output.len() - 1].iter().product();
    Ok(Labels::Values(reshaped("y", y.to_floats("y")?, (output[0], timesteps, features))?))
}

/// `array` with as many axes as `D` has.
fn with_axes<T, D: Dimension>(name: &str, array: ArrayD<T>) -> Result<Array<T, D>> {
    let found = array.ndim();
    array.into_dimensionality().map_err(|_| {
        let expected = D::NDIM.unwrap_or_default().to_string();
        Error::value(format!("the number of axes of `{name}`"), expected, found)
    })
}

/// The numbers of `array`, row-major, in another shape with equally many.
fn reshaped<T: Clone, S: IntoDimension>(name: &str, array: ArrayD<T>, shape: S) -> Result<Array<T, S::Dim>> {
    let (shape, found) = (shape.into_dimension(), array.shape().to_vec());
    let expected = shape.slice().to_vec();
    let reshaped = array.to_shape((shape, Order::RowMajor));
    reshaped.map(|array| array.into_owned()).map_err(|_| Error::shape(name, &expected, &found))
}

/// The numbers of an array in one row after the other.
pub fn flat<T: Clone>(array: ArrayD<T>) -> Vec<T> {
    if array.is_standard_layout() {
        return array.into_raw_vec_and_offset().0;
    }
    array.iter().cloned().collect()
}

/// Sets the states that INPUTS gives: `initial_state/<layer name>/<state>`, `[count, units]`.
///
/// Of a layer that has some of its states there, the others are zero.
///
/// # Errors
/// If a name belongs to no state of the model, or a shape is wrong.
pub fn set_initial_states(model: &mut Sequential, tensors: &Tensors, count: usize) -> Result<()> {
    let mut known = Vec::new();
    for (path, recurrent) in recurrent_parts_mut(model) {
        let names = state_names(&path, recurrent);
        if names.iter().any(|name| tensors.get(name).is_some()) {
            let states = names.iter().enumerate().map(|(k, name)| {
                let width = recurrent.state_width(k);
                let Some(state) = tensors.get(name) else { return Ok(Array2::zeros((count, width))) };
                let axes = [("samples", count), ("units", width)];
                match state.floats(name)?.clone().into_dimensionality() {
                    Ok(floats) if floats.dim() == (count, width) => Ok(floats),
                    _ => Err(Error::shape(name, axes, state.shape())),
                }
            });
            let states = states.collect::<Result<_>>()?;
            recurrent.set_initial_state(states)?;
        }
        known.extend(names);
    }
    match tensors.names().find(|name| name.starts_with("initial_state/") && !known.iter().any(|k| k == name))
    {
        None => Ok(()),
        Some(unknown) if known.is_empty() => {
            Err(Error::value("an initial state", "given to a model with recurrent layers", unknown))
        }
        Some(unknown) => {
            Err(Error::value("the name of an initial state", format!("one of {}", known.join(", ")), unknown))
        }
    }
}

/// Lets every recurrent layer that INPUTS gives no state start from zeros that count as given, so that the gradients of
/// the states before the first step are complete.
pub fn start_all_from_states(model: &mut Sequential, tensors: &Tensors, count: usize) -> Result<()> {
    for (path, recurrent) in recurrent_parts_mut(model) {
        if state_names(&path, recurrent).iter().all(|name| tensors.get(name).is_none()) {
            let widths = 0..recurrent.state_count();
            let zeros = widths.map(|k| Array2::zeros((count, recurrent.state_width(k)))).collect();
            recurrent.set_initial_state(zeros)?;
        }
    }
    Ok(())
}

fn state_names(path: &str, recurrent: &Recurrent) -> Vec<String> {
    recurrent.cell().state_names().iter().map(|state| format!("initial_state/{path}/{state}")).collect()
}

/// Every recurrent part with its path: `lstm`, `bidirectional/forward`.
fn recurrent_parts_mut(model: &mut Sequential) -> Vec<(String, &mut Recurrent)> {
    model.layers_mut().iter_mut().flat_map(|layer| layer.recurrents_mut()).collect()
}

/// Every recurrent part with its path.
pub fn recurrent_parts(model: &Sequential) -> Vec<(String, &Recurrent)> {
    model.layers().iter().flat_map(|layer| layer.recurrents()).collect()
}
