//! One text or sequence through a model, as the views read it.
//!
//! There is no second forward pass: the symbols are those that the layers keep on their tapes for back-propagation, the
//! predictions after each step come from the same hidden states, the gradient norms from the same backward pass.

use std::ops::Range;

use ndarray::{Array, Array1, Array2, ArrayView1, ArrayView2, Axis, RemoveAxis, Slice};

use crate::layers::activation::Activation;
use crate::layers::recurrent::{Recurrent, Symbol};
use crate::layers::{Layer, Shape, Signal, SignalKind};
use crate::math::Backend;
use crate::math::reduce::argmax;
use crate::model::{Mode, Sequential};
use crate::{Error, Result};

/// Everything a model computed while it read one sequence. Rows are in the order of the sequence, whatever the
/// direction in which a layer read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// The prediction after each timestep, `[timesteps, outputs]`; NaN where the model has none.
    pub predictions: Array2<f32>,
    /// The model's own output for the whole sequence, `[outputs]`, or its last timestep.
    pub output: Array1<f32>,
    /// Why some predictions are missing.
    pub note: Option<String>,
    /// The recurrent layers from input to output.
    pub layers: Vec<LayerTrace>,
}

/// What one recurrent layer computed.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerTrace {
    /// The layer's name, or for a part of a layer its path: `bidirectional/forward`.
    pub name: String,
    /// Keras' class name.
    pub class_name: String,
    /// Width of the output.
    pub units: usize,
    /// Whether it computed the last timestep first.
    pub goes_backwards: bool,
    /// Gates and states in the order of the equations.
    pub symbols: Vec<SymbolTrace>,
    /// ‖∂ log-odds of the predicted class / ∂h‖ after each step, `[timesteps]`.
    pub gradient_norms: Array1<f32>,
}

/// One gate or state over time.
#[derive(Debug, Clone, PartialEq)]
pub struct SymbolTrace {
    /// The symbol of the equations.
    pub name: String,
    /// Its numbers, `[timesteps, width]`.
    pub values: Array2<f32>,
}

impl SymbolTrace {
    /// The smallest and the largest number.
    pub fn range(&self) -> (f32, f32) {
        let smallest = self.values.iter().fold(f32::INFINITY, |a, b| a.min(*b));
        (smallest, self.values.iter().fold(f32::NEG_INFINITY, |a, b| a.max(*b)))
    }
}

impl LayerTrace {
    /// Steps that the layer computed: fewer than the sequence has behind a convolution or pooling.
    pub fn timesteps(&self) -> usize {
        self.gradient_norms.len()
    }

    /// The gate or state called `name`.
    pub fn symbol(&self, name: &str) -> Option<&SymbolTrace> {
        self.symbols.iter().find(|symbol| symbol.name == name)
    }
}

impl Trace {
    /// Length of the sequence.
    pub fn timesteps(&self) -> usize {
        self.predictions.nrows()
    }

    /// Makes probabilities of predictions that are logits.
    pub fn activate(&mut self, activation: Activation) {
        let width = self.predictions.ncols();
        for all in [self.predictions.as_slice_mut(), self.output.as_slice_mut()].into_iter().flatten() {
            activation.apply(Backend::best(), all, width);
        }
    }

    /// Only the timesteps `kept`; layers that computed another number of steps stay whole.
    ///
    /// # Panics
    /// If they reach beyond the sequence.
    pub fn cut(&mut self, kept: Range<usize>) {
        let timesteps = self.timesteps();
        self.predictions = rows(&self.predictions, &kept);
        for layer in self.layers.iter_mut().filter(|layer| layer.timesteps() == timesteps) {
            layer.gradient_norms = rows(&layer.gradient_norms, &kept);
            layer.symbols.iter_mut().for_each(|symbol| symbol.values = rows(&symbol.values, &kept));
        }
    }
}

/// The timesteps `kept` of an array whose first axis is time.
fn rows<D: RemoveAxis>(array: &Array<f32, D>, kept: &Range<usize>) -> Array<f32, D> {
    array.slice_axis(Axis(0), Slice::from(kept.clone())).to_owned()
}

/// Traces ids, `[timesteps]`, through `model`.
///
/// # Errors
/// If the ids do not fit the model.
pub fn trace_ids(model: &mut Sequential, ids: &[u32]) -> Result<Trace> {
    let input = model.input_mut();
    input.set_ids(ids.len(), 1);
    input.ids.copy_from_slice(ids);
    trace(model)
}

/// Traces vectors, `[timesteps, features]`, through `model`.
///
/// # Errors
/// If the vectors do not fit the model.
pub fn trace_vectors(model: &mut Sequential, vectors: ArrayView2<f32>) -> Result<Trace> {
    let (timesteps, features) = vectors.dim();
    let input = model.input_mut();
    input.set_sequence(timesteps, 1, features);
    input.data.iter_mut().zip(vectors).for_each(|(to, from)| *to = *from);
    trace(model)
}

/// Traces the one sequence in the model's input.
///
/// # Errors
/// If it does not fit the model.
pub fn trace(model: &mut Sequential) -> Result<Trace> {
    let input = model.input();
    if input.batch != 1 || input.kind == SignalKind::Flat {
        return Err(Error::value("a trace", "of one sequence", input.shape()));
    }
    // A trace neither uses nor changes the states that stateful layers keep between batches.
    let kept = model.take_states();
    let traced = trace_from_zeros(model);
    model.restore_states(kept);
    traced
}

fn trace_from_zeros(model: &mut Sequential) -> Result<Trace> {
    let timesteps = model.input().timesteps;
    let mask = model.input().mask.clone();
    model.forward(Mode::INFERENCE)?;
    let output = model.output();
    let outputs = output.features;
    let output = Array1::from(output.data[output.data.len().saturating_sub(outputs)..].to_vec());
    let mut layers: Vec<LayerTrace> =
        model.layers().iter().flat_map(|layer| layer.recurrents()).map(layer_trace).collect();
    let states = running_states(model, timesteps);
    add_gradient_norms(model, &mut layers);
    let (predictions, note) = running_predictions(model, (timesteps, outputs), states, &mask)?;
    Ok(Trace { predictions, output, note, layers })
}

fn layer_trace((path, layer): (String, &Recurrent)) -> LayerTrace {
    let tape = layer.tape().unwrap_or_else(|| unreachable!("a forward pass has just run"));
    let symbol = |symbol: Symbol| {
        let mut values = tape.values(&symbol).index_axis_move(Axis(1), 0);
        if layer.goes_backwards() {
            values.invert_axis(Axis(0));
        }
        SymbolTrace { values: values.as_standard_layout().into_owned(), name: symbol.name }
    };
    LayerTrace {
        name: path,
        class_name: layer.class_name().to_owned(),
        units: tape.state_width(0),
        goes_backwards: layer.goes_backwards(),
        symbols: layer.cell().symbols().into_iter().map(symbol).collect(),
        gradient_norms: Array1::zeros(tape.timesteps()),
    }
}

/// Sends the gradient of the predicted class' log-odds back through the tapes of the forward pass.
fn add_gradient_norms(model: &mut Sequential, layers: &mut [LayerTrace]) {
    seed_log_odds(model);
    let mut gradients = model.new_gradients();
    model.backward(Mode::INFERENCE, false, &mut gradients);
    let recurrents = model.layers().iter().flat_map(|layer| layer.recurrents());
    for ((_, layer), trace) in recurrents.zip(layers) {
        let norms = layer.gradient_norms().iter().map(|norm| *norm as f32);
        trace.gradient_norms = if layer.goes_backwards() { norms.rev().collect() } else { norms.collect() };
    }
}

/// Makes the gradient of the model's output that of the predicted class' log-odds at the last timestep.
pub fn seed_log_odds(model: &mut Sequential) {
    let seed = log_odds_gradient(model);
    let (output, dy) = model.output_and_gradient();
    let last = output.data.len().saturating_sub(output.features);
    dy.fill(0.0);
    let predicted = last + argmax(&output.data[last..]);
    if let Some(d) = dy.get_mut(predicted) {
        *d = seed;
    }
}

/// ∂ ln(p / (1 − p)) / ∂p of the largest output where the last layer gives probabilities; 1 where it gives the logit
/// itself. The same for σ and softmax, so that a saturated prediction still has a gradient.
fn log_odds_gradient(model: &Sequential) -> f32 {
    if !gives_probabilities(model) {
        return 1.0;
    }
    let output = model.output();
    let last = &output.data[output.data.len().saturating_sub(output.features)..];
    let p = last.get(argmax(last)).copied().unwrap_or(0.5);
    let slope = p * (1.0 - p);
    if slope > 0.0 { 1.0 / slope } else { 0.0 }
}

/// Whether the last layer gives probabilities, and not logits or other numbers.
pub fn gives_probabilities(model: &Sequential) -> bool {
    let activation = model.layers().last().and_then(|layer| {
        let config = layer.config();
        config.pointer("/config/activation").and_then(|name| name.as_str().map(str::to_owned))
    });
    matches!(activation.as_deref(), Some("sigmoid" | "softmax"))
}

/// The hidden states of the last recurrent layer after each step, in the order of computation.
struct RunningStates {
    /// Index of the layer.
    layer: usize,
    /// `[timesteps, units]`.
    h: Array2<f32>,
    returns_sequences: bool,
    goes_backwards: bool,
}

/// The states from which predictions after each step follow, if the model is such that they do.
fn running_states(model: &Sequential, timesteps: usize) -> Option<RunningStates> {
    let parts = |index: usize| model.layers()[index].recurrents();
    let index = (0..model.layers().len()).rev().find(|index| !parts(*index).is_empty())?;
    let recurrent = parts(index).first()?.1;
    let tape = recurrent.tape()?;
    // Inside of a wrapper the states are not the layer's output.
    let is_itself = model.layers()[index].class_name() == recurrent.class_name();
    (is_itself && tape.timesteps() == timesteps).then(|| RunningStates {
        layer: index,
        h: tape.state_after(0).index_axis_move(Axis(1), 0).to_owned(),
        returns_sequences: recurrent.returns_sequences(),
        goes_backwards: recurrent.goes_backwards(),
    })
}

/// The prediction after each timestep, `[timesteps, outputs]`: what the layers behind the last recurrent one make of
/// each of its states.
fn running_predictions(
    model: &mut Sequential,
    (timesteps, outputs): (usize, usize),
    states: Option<RunningStates>,
    mask: &[bool],
) -> Result<(Array2<f32>, Option<String>)> {
    let output = model.output();
    if output.kind == SignalKind::Sequence && output.timesteps == timesteps {
        return Ok((predictions_in(output), None));
    }
    let only_last = |output: &Signal| {
        let mut predictions = Array2::from_elem((timesteps, outputs), f32::NAN);
        if output.kind == SignalKind::Flat {
            predictions.row_mut(timesteps - 1).assign(&ArrayView1::from(&output.data));
        }
        let note = "This model has a prediction only for the whole sequence, not after each step.";
        (predictions, Some(note.to_owned()))
    };
    let Some(states) = states.filter(|_| matches!(model.output_shape(), Shape::Flat { .. })) else {
        return Ok(only_last(output));
    };
    let next = states.layer + 1;
    let pools = model.layers().get(next).is_some_and(|layer| layer.class_name().starts_with("Global"));
    let mut computed = match (states.returns_sequences, pools) {
        (false, _) => predictions_of_states(model, next, &states)?,
        (true, true) => predictions_of_prefixes(model, next, &states, mask)?,
        (true, false) => return Ok(only_last(output)),
    };
    if states.goes_backwards {
        computed.invert_axis(Axis(0));
    }
    Ok((computed.as_standard_layout().into_owned(), None))
}

/// Every row of an output as the prediction of a timestep, `[rows, outputs]`.
fn predictions_in(output: &Signal) -> Array2<f32> {
    Array2::from_shape_vec((output.rows(), output.features), output.data.clone())
        .unwrap_or_else(|wrong| unreachable!("a signal has `features` numbers in every row: {wrong}"))
}

/// Every state is one sample of a batch for the remaining layers.
fn predictions_of_states(model: &mut Sequential, next: usize, states: &RunningStates) -> Result<Array2<f32>> {
    let (timesteps, units) = states.h.dim();
    let input = model.input_of_mut(next);
    input.set_flat(timesteps, units);
    input.data.iter_mut().zip(&states.h).for_each(|(to, from)| *to = *from);
    model.forward_from(next, Mode::INFERENCE)?;
    Ok(predictions_in(model.output()))
}

/// Pooling over time reads the states of all steps so far.
fn predictions_of_prefixes(
    model: &mut Sequential,
    next: usize,
    states: &RunningStates,
    mask: &[bool],
) -> Result<Array2<f32>> {
    let (timesteps, units) = states.h.dim();
    let mut predictions = Array2::zeros((0, model.output().features));
    for t in 0..timesteps {
        let input = model.input_of_mut(next);
        input.set_sequence(t + 1, 1, units);
        input.data.iter_mut().zip(&states.h).for_each(|(to, from)| *to = *from);
        input.mask.extend_from_slice(mask.get(..t + 1).unwrap_or_default());
        model.forward_from(next, Mode::INFERENCE)?;
        for row in predictions_in(model.output()).rows() {
            predictions
                .push_row(row)
                .unwrap_or_else(|wrong| unreachable!("every output has one width: {wrong}"));
        }
    }
    Ok(predictions)
}
