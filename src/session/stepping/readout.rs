//! The output layer and the loss behind the cell, as a listing: the output after each timestep, the loss after the
//! last.

use super::choice::{Choice, InputChoice, WeightChoice};
use super::failure::Failure;
use super::weights::array;
use crate::Error;
use crate::layers::initializer::Initializer;
use crate::listing::{Diagnostic, Listing, Pass, Recording, Sequence, Shapes, SizedListing};
use ndarray::{ArrayD, ArrayViewD, Axis, IxDyn};

/// The output of a session: its listing, run over the states of the cell.
#[derive(Clone)]
pub struct Readout {
    /// Input: the cell's state after each step. Its only state is the loss, which no line reads; [`as_function`] is how
    /// its text is shown.
    pub recording: Recording,
    /// What the output predicts.
    pub kind: OutputKind,
}

/// What the output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputKind {
    /// One probability.
    Binary,
    /// One probability a class.
    Classes(usize),
    /// One number.
    Number,
}

impl Readout {
    /// The output for a cell whose states after each step are `states`, `[timesteps, width]`.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn new(choice: &Choice, states: ArrayD<f32>) -> Result<Self, Failure> {
        let (timesteps, width) = (states.shape()[0], states.shape()[1..].iter().product());
        let given = match &choice.weights {
            WeightChoice::Trained { output: Some((kernel, bias)), .. } => {
                Some((kernel.clone(), bias.clone()))
            }
            _ => None,
        };
        let outputs = given.as_ref().map_or(1, |(_, bias)| bias.len().max(1));
        let kind = match choice.input {
            InputChoice::Numbers { .. } => OutputKind::Number,
            _ if outputs > 1 => OutputKind::Classes(outputs),
            _ => OutputKind::Binary,
        };
        let listing = Listing::parse(&text(kind, &choice.class_names(kind == OutputKind::Binary)))?;
        let shapes = shapes(&listing, width, outputs)?;
        let (kernel, bias) = given.unwrap_or_else(|| random(width, choice.seed));
        let mut weights = vec![array("V", &[width, outputs], kernel)?, array("b_y", &[outputs], bias)?];
        weights.push(label(kind, choice.target));
        let loss = shapes.states().next().map_or(&[][..], |loss| loss.shape.as_slice());
        let mut upstream = ArrayD::zeros(IxDyn(&[&[timesteps], loss].concat()));
        upstream.index_axis_mut(Axis(0), timesteps - 1).fill(1.0);
        let sequence = Sequence { x: states, initial: vec![], weights, upstream: vec![Some(upstream)] };
        let recording = Recording::new(&SizedListing::new(&listing, &shapes)?, sequence)?;
        Ok(Self { recording, kind })
    }

    /// The number of timesteps' last one.
    fn last(&self) -> usize {
        self.recording.timesteps() - 1
    }

    /// The loss after the last timestep.
    pub fn loss(&self) -> f32 {
        self.recording.state(0).last().copied().unwrap_or(f32::NAN)
    }

    /// The prediction after the last timestep, one number a class.
    pub fn said(&self) -> Vec<f32> {
        let line = self.recording.listing().definition().return_span.line;
        self.recording
            .named(Pass::Forward, self.last(), line, "y")
            .map(|y| y.into_iter().collect())
            .unwrap_or_default()
    }

    /// The prediction from a state, `[width]`, one number a class.
    pub(super) fn said_of(&self, state: ArrayViewD<f32>) -> Result<Vec<f32>, Error> {
        let mut other = self.recording.clone();
        let mut states = ArrayD::zeros([&[self.recording.timesteps()], state.shape()].concat());
        states.index_axis_mut(Axis(0), self.last()).assign(&state);
        other.set_input(states);
        other.rerun_forward()?;
        Ok(Self { recording: other, kind: self.kind }.said())
    }

    /// The gradient of the loss with respect to the cell's state after each step, `[timesteps, width]`.
    pub fn gradient(&self) -> ArrayD<f32> {
        self.recording.input_gradient().to_owned()
    }
}

/// The true label as the loss reads it: 0 or 1, one number a class, or the true number.
fn label(kind: OutputKind, target: f32) -> ArrayD<f32> {
    let one = |value| ArrayD::from_elem(IxDyn(&[1]), value);
    match kind {
        OutputKind::Binary => one(f32::from(u8::from(target >= 0.5))),
        OutputKind::Classes(count) => {
            let mut one_hot = ArrayD::zeros(IxDyn(&[count]));
            one_hot[[(target.max(0.0) as usize).min(count - 1)]] = 1.0;
            one_hot
        }
        OutputKind::Number => one(target),
    }
}

fn shapes(listing: &Listing, width: usize, outputs: usize) -> Result<Shapes, Vec<Diagnostic>> {
    let target = [outputs];
    let kernel = [width, outputs];
    let loss: &[usize] = if outputs > 1 { &[] } else { &[1] };
    let given: Vec<(&str, &[usize])> = vec![
        ("h", std::slice::from_ref(&width)),
        ("loss", loss),
        ("V", kernel.as_slice()),
        ("b_y", target.as_slice()),
        (LABEL, &target),
    ];
    listing.shapes_given(&given)
}

/// Keras' first weights of a last layer with one number.
fn random(width: usize, seed: u64) -> (Vec<f32>, Vec<f32>) {
    let mut kernel = vec![0.0; width];
    Initializer::GlorotUniform.fill(&mut kernel, &[width, 1], seed, "weight/V");
    (kernel, vec![0.0])
}

/// What the true label is called in the output's listing.
pub const LABEL: &str = "label";

/// The listing of the output; `classes` are the names of both classes where there are two.
fn text(kind: OutputKind, classes: &[String]) -> String {
    let positive = classes.get(1).map_or("class 1", String::as_str);
    let lines = match kind {
        OutputKind::Binary => format!(
            "    y = sigmoid(h @ V + b_y)  # probability of {positive}
    p = label * y + (1 - label) * (1 - y)  # probability of the true label
    loss = -np.log(p)
"
        ),
        OutputKind::Classes(_) => "    y = softmax(h @ V + b_y)  # probability of each class
    p = np.sum(label * y)  # probability of the true label
    loss = -np.log(p)
"
        .to_string(),
        OutputKind::Number => "    y = h @ V + b_y  # the number predicted next
    loss = (y - label) ** 2  # label: the number that does come next
"
        .to_string(),
    };
    format!("def step(h, loss, V, b_y, {LABEL}):\n{lines}    return loss\n")
}

/// The text of the output, or of its adjoint, as a function of what it reads. A listing is a step, so that it is given
/// its state, the loss; nothing reads that loss, and neither its gradient nor the label's is asked for. Both are made
/// by the last lines of the adjoint, which are left out: all other lines keep their numbers.
pub fn as_function(source: &str) -> String {
    let unasked = |line: &&str| {
        let made = line.trim_start();
        made.starts_with("d_loss =") || made.starts_with("d_label =")
    };
    let lines = source.lines().filter(|line| !unasked(line)).map(|line| {
        line.replace("def step(h, loss, ", "def output(h, ")
            .replace("def step_back(h, loss, ", "def output_back(h, ")
            .replace("return d_h, d_loss, d_V, d_b_y, d_label", "return d_h, d_V, d_b_y")
            .replace(
                "The adjoint of step: from the gradients of the new states to those of all parameters.",
                "The adjoint of output: from the gradient of the loss to those of h, V and b_y.",
            )
    });
    lines.map(|line| line + "\n").collect()
}
