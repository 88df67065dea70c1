//! A line in the names of a recurrent layer, computed at every timestep of a sequence: by the parser, the shapes and
//! the executor of the listings, over the arrays that a trace keeps.

mod reading;

use ndarray::{Array2, Axis, IxDyn, concatenate};
use serde::Deserialize;

use super::through_time::state_gradients;
use super::{Analysis, Shown};
use crate::layers::Recurrent;
use crate::listing::cells::KERAS_WEIGHTS;
use crate::listing::{Diagnostic, Listing, Pass, Recording, Sequence, SizedListing};
use crate::model::{Mode, Sequential};
use crate::trace::trace;
use crate::{Error, Result};
use reading::{Line, Reading};

/// A line, and where it is computed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ExpressionQuestion {
    /// The sequence.
    pub shown: Shown,
    /// The recurrent layer whose names stand in the line by themselves.
    pub layer: String,
    /// The line: `np.mean(f)`, `f * c`, `d_h / h`, `lstm_1.f`.
    pub text: String,
}

/// What there is to say about a line.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpressionAnswer {
    /// What the layer's own names are: its input, gates and states, gradients of states, weights.
    pub names: Vec<String>,
    /// The names of the other layers with as many timesteps, with the layer in front: `lstm_1.f`.
    pub others: Vec<String>,
    /// The values, if the line is right.
    pub computed: Option<Computed>,
    /// What is wrong with the line; its place is counted in the line alone.
    pub mistakes: Vec<Diagnostic>,
}

/// The values of a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Computed {
    /// Whether the line gives one number at every timestep, and not a vector.
    pub is_number: bool,
    /// `[timesteps, width]`; width 1 for numbers.
    pub values: Array2<f32>,
}

impl Computed {
    /// The mean of all values, over the timesteps and within vectors.
    pub fn mean(&self) -> f64 {
        self.values.iter().map(|value| f64::from(*value)).sum::<f64>() / self.values.len().max(1) as f64
    }
}

/// What a name stands for.
enum Named {
    /// `[timesteps, width]`.
    Timed(Array2<f32>),
    /// The same at every timestep.
    Weight(Vec<usize>, Vec<f32>),
    /// The gradient of a state, if the line asks for gradients.
    Gradient(Option<Array2<f32>>),
}

/// A name as it is typed.
struct Known {
    layer: String,
    name: String,
    is: Named,
}

impl Analysis {
    /// The values of a line at every shown timestep.
    ///
    /// # Errors
    /// If the sequence cannot be read, or the layer has no state for each timestep. What is wrong with the line itself
    /// stands in the answer.
    pub fn expression(&mut self, question: &ExpressionQuestion) -> Result<ExpressionAnswer> {
        let kept = self.place(&question.shown)?.kept;
        let states = self.model.take_states();
        let known = known_names(&mut self.model, question.text.contains("d_"));
        self.model.restore_states(states);
        let (mut known, refused) = known?;
        for known in &mut known {
            if let Named::Timed(array) | Named::Gradient(Some(array)) = &mut known.is {
                *array = array.slice(ndarray::s![kept.clone(), ..]).to_owned();
            }
        }
        if !known.iter().any(|known| known.layer == question.layer) {
            let expected = "a recurrent layer with a state for every timestep";
            return Err(Error::value("the layer of the line", expected, &question.layer));
        }
        let (own, other): (Vec<&Known>, Vec<&Known>) =
            known.iter().partition(|known| known.layer == question.layer);
        let mut answer = ExpressionAnswer {
            names: own.iter().map(|known| known.name.clone()).collect(),
            others: other.iter().map(|known| format!("{}.{}", known.layer, known.name)).collect(),
            computed: None,
            mistakes: Vec::new(),
        };
        if question.text.trim().is_empty() {
            return Ok(answer);
        }
        let reading = Reading::new(&question.layer, &known, &refused);
        match reading.line(&question.text).and_then(|line| computed(&line, &known, kept.len())) {
            Ok(computed) => answer.computed = Some(computed),
            Err(mistakes) => answer.mistakes = mistakes,
        }
        Ok(answer)
    }
}

/// Every name of every recurrent layer that computes as many timesteps as the model reads, and the other recurrent
/// layers.
fn known_names(model: &mut Sequential, gradients: bool) -> Result<(Vec<Known>, Vec<String>)> {
    let timesteps = model.input().timesteps;
    let traced = trace(model)?;
    model.forward(Mode::INFERENCE)?;
    let inputs = inputs_of(model);
    let states = states_with_gradients(model);
    let gradients = if gradients { Some(state_gradients(model)?) } else { None };
    let (same, others): (Vec<_>, Vec<_>) =
        traced.layers.into_iter().partition(|layer| layer.timesteps() == timesteps);
    let mut known = Vec::new();
    for layer in same {
        let mut add = |name: &str, is: Named| {
            known.push(Known { layer: layer.name.clone(), name: name.to_owned(), is });
        };
        let input = inputs.iter().find(|(name, x)| *name == layer.name && x.nrows() == timesteps);
        if let Some((_, x)) = input {
            add("x", Named::Timed(x.clone()));
        }
        for symbol in &layer.symbols {
            add(&symbol.name, Named::Timed(symbol.values.clone()));
        }
        let of_layer = gradients.iter().flatten().filter(|(path, ..)| *path == layer.name);
        for (_, state, whole) in of_layer {
            add(&format!("d_{state}"), Named::Gradient(Some(whole.clone())));
        }
        if gradients.is_none() {
            let states = states.iter().filter(|(path, _)| *path == layer.name);
            states.for_each(|(_, state)| add(&format!("d_{state}"), Named::Gradient(None)));
        }
        let own = format!("{}/", layer.name);
        for spec in model.parameters.specs() {
            let Some(weight) = spec.name.strip_prefix(&own) else { continue };
            let short = KERAS_WEIGHTS.iter().find(|(keras, _)| *keras == weight).map_or(weight, |own| own.1);
            let values = model.parameters.by_name(&spec.name).unwrap_or_default();
            let is_free = layer.symbol(short).is_none() && short != "x" && spec.shape.len() <= 2;
            if is_free && !short.contains('/') {
                add(short, Named::Weight(spec.shape.clone(), values.to_vec()));
            }
        }
    }
    Ok((known, others.into_iter().map(|layer| layer.name).collect()))
}

/// The states whose gradients back-propagation gives, by the path of the layer.
fn states_with_gradients(model: &Sequential) -> Vec<(String, String)> {
    let all = model.layers().iter().flat_map(|layer| layer.recurrents());
    let of = |(path, layer): (String, &Recurrent)| {
        let count = if layer.cell().class_name() == "LSTM" { 2 } else { 1 };
        let names = layer.cell().state_names().into_iter().take(count);
        names.map(|name| (path.clone(), name)).collect::<Vec<_>>()
    };
    all.flat_map(of).collect()
}

/// What the recurrent layers that stand by themselves read, `[timesteps, features]`.
fn inputs_of(model: &Sequential) -> Vec<(String, Array2<f32>)> {
    let layers = model.layers().iter().enumerate();
    let own = layers.filter(|(_, layer)| layer.recurrents().iter().any(|(path, _)| path == layer.name()));
    own.filter_map(|(k, layer)| {
        let input = if k == 0 { model.input() } else { model.output_of(k - 1) };
        let x = Array2::from_shape_vec((input.timesteps, input.features), input.data.clone()).ok()?;
        Some((layer.name().to_owned(), x))
    })
    .collect()
}

/// A state that the line does not use: a step function has one.
const STATE: &str = "watched_state";
/// All arrays that the line uses, beside each other.
const X: &str = "watched_x";

/// Runs a line at every timestep.
fn computed(
    line: &Line,
    known: &[Known],
    timesteps: usize,
) -> std::result::Result<Computed, Vec<Diagnostic>> {
    let mut arrays = Vec::new();
    let (mut weights, mut names, mut shapes) = (Vec::new(), String::new(), Vec::new());
    let (mut parts, mut width) = (String::new(), 0);
    for (name, k) in &line.used {
        match &known[*k].is {
            Named::Timed(array) | Named::Gradient(Some(array)) => {
                let columns = array.ncols();
                parts += &format!("    {name} = {X}[{width}:{}]\n", width + columns);
                width += columns;
                arrays.push(array.view());
            }
            Named::Weight(shape, values) => {
                names += &format!(", {name}");
                shapes.push((name.as_str(), shape.as_slice()));
                let array = ndarray::ArrayD::from_shape_vec(IxDyn(shape), values.clone());
                weights.push(array.unwrap_or_else(|wrong| unreachable!("a weight has its shape: {wrong}")));
            }
            Named::Gradient(None) => unreachable!("a line with a gradient in it asks for gradients"),
        }
    }
    let x = concatenate(Axis(1), &arrays).unwrap_or_else(|_| Array2::zeros((timesteps, 1)));
    let x = if x.ncols() == 0 { Array2::zeros((timesteps, 1)) } else { x };
    let first = format!("def step({X}, {STATE}{names}):\n{parts}");
    let source = format!("{first}{}{}\n    return {STATE}\n", reading::BEFORE, line.text);
    let at = first.lines().count() + 1;
    let in_line = |mistakes: Vec<Diagnostic>| line.in_line(mistakes, at);
    let listing = Listing::parse_watched(&source).map_err(in_line)?;
    let own = [[x.ncols()], [1]];
    shapes.extend([(X, own[0].as_slice()), (STATE, own[1].as_slice())]);
    let given = listing.shapes_given(&shapes).map_err(in_line)?;
    let sized = SizedListing::new(&listing, &given).map_err(in_line)?;
    let sequence = Sequence { x: x.into_dyn(), weights, ..Sequence::default() };
    let wrong = |error: Error| vec![Diagnostic { line: 1, column: 1, length: 1, message: error.to_string() }];
    let recording = Recording::new(&sized, sequence).map_err(wrong)?;
    let node = recording.node(Pass::Forward, at, reading::RESULT);
    let node = node.unwrap_or_else(|| unreachable!("the line has a value"));
    let shape = recording.shape(Pass::Forward, node);
    if shape.len() > 1 {
        return Err(vec![line.about_all(format!(
            "this line gives a matrix of {} × {} at every timestep; only a number or a vector is drawn: take a part of \
             it, a[0], or its np.sum(a, axis=0)",
            shape[0], shape[1]
        ))]);
    }
    let (is_number, columns) = (shape.is_empty(), shape.iter().product::<usize>());
    let values = recording.values(Pass::Forward, node).into_shape_with_order((timesteps, columns));
    let values = values.unwrap_or_else(|wrong| unreachable!("a vector at every timestep: {wrong}"));
    Ok(Computed { is_number, values })
}
