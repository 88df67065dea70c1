//! How the gradient of the answer reaches the states of a sequence: the part that the memory itself carries, and the
//! part that leads through gates.

use ndarray::{Array1, Array2, ArrayView3, Axis};
use serde::Serialize;

use super::{Analysis, Shown};
use crate::Result;
use crate::layers::activation::{self, Activation};
use crate::layers::recurrent::{Recurrent, StateGradients, Tape};
use crate::math::reduce::sum_of_squares;
use crate::model::{Mode, Sequential};
use crate::trace::seed_log_odds;

/// The gradient of the predicted class' log-odds by a state of one recurrent layer, in two parts that add up to it.
/// Arrays are `[timesteps, units]`, in the order of the sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct Paths {
    /// The layer's name, or for a part of a layer its path: `bidirectional/forward`.
    pub layer: String,
    /// The state that carries the gradient: `c` of an LSTM, `h` of a GRU.
    pub state: &'static str,
    /// What multiplies the gradient at a step of the direct path: `f` of an LSTM, `z` of a GRU.
    pub gate: &'static str,
    /// The whole gradient of the state after each step, as back-propagation computes it.
    pub whole: Array2<f32>,
    /// The part that came along the direct path: c ← f·c, or h ← z·h, at every step.
    pub direct: Array2<f32>,
    /// The part that led through the recurrent kernel, and so through a gate or candidate, at least once.
    pub through_gates: Array2<f32>,
}

/// Lengths of the three arrays of [`Paths`] after each timestep, each `[timesteps]`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PathNorms {
    /// The layer's path.
    pub layer: String,
    /// The state that carries the gradient.
    pub state: &'static str,
    /// The gate on the direct path.
    pub gate: &'static str,
    /// ‖whole‖.
    pub whole: Vec<f32>,
    /// ‖direct‖.
    pub direct: Vec<f32>,
    /// ‖through gates‖.
    pub through_gates: Vec<f32>,
}

impl Paths {
    /// The lengths of the gradients.
    pub fn norms(&self) -> PathNorms {
        let lengths = |array: &Array2<f32>| {
            array.rows().into_iter().map(|row| sum_of_squares(&row.to_vec()).sqrt() as f32).collect()
        };
        PathNorms {
            layer: self.layer.clone(),
            state: self.state,
            gate: self.gate,
            whole: lengths(&self.whole),
            direct: lengths(&self.direct),
            through_gates: lengths(&self.through_gates),
        }
    }
}

impl Analysis {
    /// For every LSTM and GRU of the model, the two parts of the gradient that reaches its state; layers without a
    /// direct path, and those that are listings, have none.
    ///
    /// # Errors
    /// If there is no word in the text, or no such sample.
    pub fn paths(&mut self, shown: &Shown) -> Result<Vec<Paths>> {
        let kept = self.place(shown)?.kept;
        let timesteps = self.model.input().timesteps;
        let states = self.model.take_states();
        let found = paths(&mut self.model);
        self.model.restore_states(states);
        let mut found = found?;
        for path in found.iter_mut().filter(|path| path.whole.nrows() == timesteps) {
            for array in [&mut path.whole, &mut path.direct, &mut path.through_gates] {
                *array = array.slice(ndarray::s![kept.clone(), ..]).to_owned();
            }
        }
        Ok(found)
    }
}

/// What the paths need of the pass forward, `[timesteps, units]` in the order of computation.
struct Carrier {
    layer: String,
    class: &'static str,
    /// What multiplies the state along the direct path.
    gate: Array2<f32>,
    /// ∂h/∂c of the LSTM: o·φ′(c).
    into_h: Option<Array2<f32>>,
    /// Whether the states were kept over a step since it is masked.
    masked: Vec<bool>,
}

/// The parts of the gradient for the one sequence in the model's input.
fn paths(model: &mut Sequential) -> Result<Vec<Paths>> {
    let found = with_state_gradients(model, |_, layer, carrier| carrier.map(|own| parted(layer, own)))?;
    Ok(found.into_iter().flatten().collect())
}

/// The gradients of the states that back-propagation gives for the one sequence in the model's input, by the path of
/// the layer and the name of the state, `[timesteps, units]`: those of `h`, and of `c` where it carries the gradient.
pub(super) fn state_gradients(model: &mut Sequential) -> Result<Vec<(String, String, Array2<f32>)>> {
    let found = with_state_gradients(model, |path, layer, carrier| {
        let own = state_gradient(layer).zip(layer.cell().state_names().into_iter().next());
        let c = carrier.filter(|own| own.class == "LSTM").map(|own| parted(layer, own).whole);
        let all = own.map(|(whole, name)| (name, whole)).into_iter().chain(c.map(|c| ("c".to_owned(), c)));
        all.map(|(name, whole)| (path.to_owned(), name, whole)).collect::<Vec<_>>()
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// The gradient of the first state after each step, in the order of the sequence.
fn state_gradient(layer: &Recurrent) -> Option<Array2<f32>> {
    let kept = layer.state_gradients()?.states.first()?;
    let timesteps = layer.gradient_norms().len();
    let width = kept.len().checked_div(timesteps)?;
    let mut whole = Array2::from_shape_vec((timesteps, width), kept.clone()).ok()?;
    // The pass kept the last step first.
    if !layer.goes_backwards() {
        whole.invert_axis(Axis(0));
    }
    Some(whole.as_standard_layout().into_owned())
}

/// Reads every recurrent layer after a pass forward and one back that keeps the gradients of the states.
fn with_state_gradients<T>(
    model: &mut Sequential,
    read: impl Fn(&str, &Recurrent, Option<Carrier>) -> T,
) -> Result<Vec<T>> {
    model.forward(Mode::INFERENCE)?;
    let layers = model.layers().iter().enumerate();
    let all = layers.flat_map(|(k, layer)| layer.recurrents().into_iter().map(move |part| (k, part)));
    let carriers: Vec<Option<Carrier>> = all
        .map(|(k, (path, layer))| {
            let before = if k == 0 { model.input() } else { model.output_of(k - 1) };
            carrier(path, layer, &before.mask)
        })
        .collect();
    for layer in model.layers_mut() {
        layer.recurrents_mut().into_iter().for_each(|(_, part)| part.keep_state_gradients(true));
    }
    seed_log_odds(model);
    let mut gradients = model.new_gradients();
    model.backward(Mode::INFERENCE, false, &mut gradients);
    let parts = model.layers().iter().flat_map(|layer| layer.recurrents());
    let found = parts.zip(carriers).map(|((path, layer), carrier)| read(&path, layer, carrier)).collect();
    for layer in model.layers_mut() {
        layer.recurrents_mut().into_iter().for_each(|(_, part)| part.keep_state_gradients(false));
    }
    Ok(found)
}

/// The first sample of a symbol over time, in the order of computation.
fn symbol(layer: &Recurrent, tape: &Tape, name: &str) -> Option<Array2<f32>> {
    let symbol = layer.cell().symbols().into_iter().find(|symbol| symbol.name == name)?;
    let values: ArrayView3<f32> = tape.values(&symbol);
    Some(values.index_axis(Axis(1), 0).to_owned())
}

fn carrier(path: String, layer: &Recurrent, mask: &[bool]) -> Option<Carrier> {
    let tape = layer.tape()?;
    let class = layer.cell().class_name();
    let config = layer.cell().config();
    let named = config.get("activation").unwrap_or(&serde_json::Value::Null);
    let activation = activation::from_keras(named, "activation").unwrap_or(Activation::Linear);
    let into_h = match class {
        "LSTM" if activation != Activation::Softmax => {
            let (c, mut o) = (symbol(layer, tape, "c")?, symbol(layer, tape, "o")?);
            o.zip_mut_with(&c, |o, c| *o *= activation.derivative_of(activation.of(*c)));
            Some(o)
        }
        "GRU" => None,
        _ => return None,
    };
    let gate = symbol(layer, tape, if class == "LSTM" { "f" } else { "z" })?;
    let mut masked: Vec<bool> =
        (0..tape.timesteps()).map(|t| mask.get(t).is_some_and(|counts| !counts)).collect();
    if layer.goes_backwards() {
        masked.reverse();
    }
    Some(Carrier { layer: path, class, gate, into_h, masked })
}

/// Follows the gradient back: what arrives directly, and what comes through the recurrent kernel.
fn parted(layer: &Recurrent, carrier: Carrier) -> Paths {
    let nothing = StateGradients::default();
    let kept = layer.state_gradients().unwrap_or(&nothing);
    let (timesteps, units) = carrier.gate.dim();
    // The pass kept the last step first.
    let of_step =
        |array: &[f32], s: usize| Array1::from(array[(timesteps - 1 - s) * units..][..units].to_vec());
    let shape = (timesteps, units);
    let [mut whole, mut direct, mut through] = [0; 3].map(|_| Array2::<f32>::zeros(shape));
    let mut carried = [Array1::<f32>::zeros(units), Array1::zeros(units)];
    // What reached the output of masked steps belongs to the step that made this output.
    let mut held = Array1::<f32>::zeros(units);
    for s in (0..timesteps).rev() {
        let dh = of_step(&kept.states[0], s);
        let received = of_step(&kept.received, s) + &held;
        let (is_masked, [along, other]) = (carrier.masked[s], &mut carried);
        held = if is_masked { received.clone() } else { Array1::zeros(units) };
        match &carrier.into_h {
            Some(into_h) => {
                let slope = if is_masked { Array1::zeros(units) } else { into_h.row(s).to_owned() };
                *along += &(&received * &slope);
                *other += &((&dh - &received) * &slope);
                whole.row_mut(s).assign(&(of_step(&kept.states[1], s) + &dh * &slope));
                through.row_mut(s).assign(other);
                direct.row_mut(s).assign(along);
            }
            None => {
                if !is_masked {
                    *along += &received;
                }
                let all = if is_masked { along.clone() + &received } else { along.clone() };
                through.row_mut(s).assign(&(&dh - &all));
                whole.row_mut(s).assign(&dh);
                direct.row_mut(s).assign(&all);
            }
        }
        if !is_masked {
            carried.iter_mut().for_each(|part| *part *= &carrier.gate.row(s));
        }
    }
    let arrays = [&mut whole, &mut direct, &mut through];
    if layer.goes_backwards() {
        arrays.into_iter().for_each(|array| array.invert_axis(Axis(0)));
    }
    let (state, gate) = if carrier.class == "LSTM" { ("c", "f") } else { ("h", "z") };
    Paths { layer: carrier.layer, state, gate, whole, direct, through_gates: through }
}
