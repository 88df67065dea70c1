//! One text or sequence through a model, as the views read it.
//!
//! There is no second forward pass: the symbols are those that the layers keep on their tapes for back-propagation, the
//! predictions after each step come from the same hidden states, the gradient norms from the same backward pass.

use ndarray::Axis;

use crate::layers::recurrent::{Recurrent, Symbol};
use crate::layers::{Layer, Shape, Signal, SignalKind};
use crate::math::reduce::argmax;
use crate::model::{Mode, Sequential};
use crate::{Error, Result};

/// Everything a model computed while it read one sequence. Rows are in the order of the sequence, whatever the
/// direction in which a layer read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Length of the sequence.
    pub timesteps: usize,
    /// Numbers in one prediction.
    pub outputs: usize,
    /// The prediction after each timestep, `[timesteps, outputs]`; NaN where the model has none.
    pub predictions: Vec<f32>,
    /// The model's own output for the whole sequence, `[outputs]`, or its last timestep.
    pub output: Vec<f32>,
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
    /// Steps that it computed: fewer than the sequence has behind a convolution or pooling.
    pub timesteps: usize,
    /// Width of the output.
    pub units: usize,
    /// Gates and states in the order of the equations.
    pub symbols: Vec<SymbolTrace>,
    /// ‖∂ log-odds of the predicted class / ∂h‖ after each step, `[timesteps]`.
    pub gradient_norms: Vec<f32>,
}

/// One gate or state over time.
#[derive(Debug, Clone, PartialEq)]
pub struct SymbolTrace {
    /// The symbol of the equations.
    pub name: String,
    /// Numbers at each timestep.
    pub width: usize,
    /// `[timesteps, width]`.
    pub data: Vec<f32>,
}

impl SymbolTrace {
    /// The smallest and the largest number.
    pub fn range(&self) -> (f32, f32) {
        let smallest = self.data.iter().fold(f32::INFINITY, |a, b| a.min(*b));
        (smallest, self.data.iter().fold(f32::NEG_INFINITY, |a, b| a.max(*b)))
    }
}

impl Trace {
    /// Only the timesteps `kept`; layers that computed another number of steps stay whole.
    ///
    /// # Panics
    /// If they reach beyond the sequence.
    pub fn cut(&mut self, kept: std::ops::Range<usize>) {
        let cut = |data: &mut Vec<f32>, width: usize| {
            data.truncate(kept.end * width);
            data.drain(..kept.start * width);
        };
        cut(&mut self.predictions, self.outputs);
        for layer in self.layers.iter_mut().filter(|layer| layer.timesteps == self.timesteps) {
            layer.timesteps = kept.len();
            cut(&mut layer.gradient_norms, 1);
            layer.symbols.iter_mut().for_each(|symbol| cut(&mut symbol.data, symbol.width));
        }
        self.timesteps = kept.len();
    }
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
pub fn trace_vectors(model: &mut Sequential, features: usize, values: &[f32]) -> Result<Trace> {
    if features == 0 || !values.len().is_multiple_of(features) {
        return Err(Error::shape("x", &[values.len() / features.max(1), features], &[values.len()]));
    }
    let input = model.input_mut();
    input.set_sequence(values.len() / features, 1, features);
    input.data.copy_from_slice(values);
    trace(model)
}

/// Traces the one sequence that stands in the model's input.
///
/// # Errors
/// If it does not fit the model.
pub fn trace(model: &mut Sequential) -> Result<Trace> {
    let input = model.input();
    if input.batch != 1 || input.kind == SignalKind::Flat {
        return Err(Error::value("a trace", "of one sequence", input.shape()));
    }
    // What stateful layers keep for the next batch of their training is none of a trace's business.
    let aside = model.take_states();
    let traced = trace_from_zeros(model);
    model.restore_states(aside);
    traced
}

fn trace_from_zeros(model: &mut Sequential) -> Result<Trace> {
    let timesteps = model.input().timesteps;
    let mask = model.input().mask.clone();
    model.forward(Mode::INFERENCE)?;
    let output = model.output();
    let outputs = output.features;
    let output = output.data[output.data.len().saturating_sub(outputs)..].to_vec();
    let mut layers: Vec<LayerTrace> =
        model.layers().iter().flat_map(|layer| layer.recurrents()).map(layer_trace).collect();
    let states = running_states(model, timesteps);
    add_gradient_norms(model, &mut layers);
    let (predictions, note) = running_predictions(model, (timesteps, outputs), states, &mask)?;
    Ok(Trace { timesteps, outputs, predictions, output, note, layers })
}

fn layer_trace((path, layer): (String, &Recurrent)) -> LayerTrace {
    let tape = layer.tape().unwrap_or_else(|| unreachable!("a forward pass has just run"));
    let symbol = |symbol: Symbol| {
        let mut values = tape.values(&symbol).index_axis_move(Axis(1), 0);
        if layer.goes_backwards() {
            values.invert_axis(Axis(0));
        }
        SymbolTrace { data: values.iter().copied().collect(), name: symbol.name, width: symbol.width }
    };
    LayerTrace {
        name: path,
        class_name: layer.class_name().to_owned(),
        timesteps: tape.timesteps(),
        units: tape.state_width(0),
        symbols: layer.cell().symbols().into_iter().map(symbol).collect(),
        gradient_norms: Vec::new(),
    }
}

/// Sends the gradient of the predicted class' log-odds back through the tapes that the forward pass has left.
fn add_gradient_norms(model: &mut Sequential, layers: &mut [LayerTrace]) {
    let seed = log_odds_gradient(model);
    let (output, dy) = model.output_and_gradient();
    let last = output.data.len().saturating_sub(output.features);
    dy.fill(0.0);
    let predicted = last + argmax(&output.data[last..]);
    if let Some(d) = dy.get_mut(predicted) {
        *d = seed;
    }
    let mut gradients = model.new_gradients();
    model.backward(Mode::INFERENCE, false, &mut gradients);
    let recurrents = model.layers().iter().flat_map(|layer| layer.recurrents());
    for ((_, layer), trace) in recurrents.zip(layers) {
        trace.gradient_norms = layer.gradient_norms().iter().map(|norm| *norm as f32).collect();
        if layer.goes_backwards() {
            trace.gradient_norms.reverse();
        }
    }
}

/// ∂ ln(p / (1 − p)) / ∂p of the largest output where the last layer gives probabilities; 1 where it gives the logit itself.
/// The same for σ and softmax, so that a saturated prediction still has a gradient.
fn log_odds_gradient(model: &Sequential) -> f32 {
    let activation = model.layers().last().and_then(|layer| {
        let config = layer.config();
        config.pointer("/config/activation").and_then(|name| name.as_str().map(str::to_owned))
    });
    if !matches!(activation.as_deref(), Some("sigmoid" | "softmax")) {
        return 1.0;
    }
    let output = model.output();
    let last = &output.data[output.data.len().saturating_sub(output.features)..];
    let p = last.get(argmax(last)).copied().unwrap_or(0.5);
    let slope = p * (1.0 - p);
    if slope > 0.0 { 1.0 / slope } else { 0.0 }
}

/// The hidden states of the last recurrent layer after each step, in the order of computation.
struct RunningStates {
    /// Index of the layer.
    layer: usize,
    /// `[timesteps, units]`.
    h: Vec<f32>,
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
        h: tape.states_between(0, 1, timesteps + 1).to_vec(),
        returns_sequences: recurrent.returns_sequences(),
        goes_backwards: recurrent.goes_backwards(),
    })
}

/// The prediction after each timestep, `[timesteps, outputs]`: what the layers behind the last recurrent one make of each
/// of its states.
fn running_predictions(
    model: &mut Sequential,
    (timesteps, outputs): (usize, usize),
    states: Option<RunningStates>,
    mask: &[bool],
) -> Result<(Vec<f32>, Option<String>)> {
    let output = model.output();
    if output.kind == SignalKind::Sequence && output.timesteps == timesteps {
        return Ok((output.data.clone(), None));
    }
    let only_last = |output: &Signal| {
        let mut predictions = vec![f32::NAN; timesteps * outputs];
        if output.kind == SignalKind::Flat {
            predictions[(timesteps - 1) * outputs..].copy_from_slice(&output.data);
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
        (false, _) => predictions_of_states(model, next, &states, timesteps)?,
        (true, true) => predictions_of_prefixes(model, next, &states, (timesteps, mask))?,
        (true, false) => return Ok(only_last(output)),
    };
    if states.goes_backwards {
        computed = computed.rchunks_exact(outputs).flatten().copied().collect();
    }
    Ok((computed, None))
}

/// Every state is one sample of a batch for the remaining layers.
fn predictions_of_states(
    model: &mut Sequential,
    next: usize,
    states: &RunningStates,
    timesteps: usize,
) -> Result<Vec<f32>> {
    let input = model.input_of_mut(next);
    input.set_flat(timesteps, states.h.len() / timesteps);
    input.data.copy_from_slice(&states.h);
    model.forward_from(next, Mode::INFERENCE)?;
    Ok(model.output().data.clone())
}

/// Pooling over time sees as many states as there were steps.
fn predictions_of_prefixes(
    model: &mut Sequential,
    next: usize,
    states: &RunningStates,
    (timesteps, mask): (usize, &[bool]),
) -> Result<Vec<f32>> {
    let units = states.h.len() / timesteps;
    let mut predictions = Vec::new();
    for t in 0..timesteps {
        let input = model.input_of_mut(next);
        input.set_sequence(t + 1, 1, units);
        input.data.copy_from_slice(&states.h[..(t + 1) * units]);
        input.mask.extend_from_slice(mask.get(..t + 1).unwrap_or_default());
        model.forward_from(next, Mode::INFERENCE)?;
        predictions.extend_from_slice(&model.output().data);
    }
    Ok(predictions)
}
