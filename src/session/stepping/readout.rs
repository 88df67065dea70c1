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
    /// Input: the cell's state after each step. Its only state is the loss.
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
        let listing =
            Listing::parse(&text(kind, choice.target, &choice.class_names(kind == OutputKind::Binary)))?;
        let shapes = shapes(&listing, width, outputs)?;
        let (kernel, bias) = given.unwrap_or_else(|| random(width, choice.seed));
        let mut weights = vec![array("V", &[width, outputs], kernel)?, array("b_y", &[outputs], bias)?];
        if let OutputKind::Classes(count) = kind {
            let right = (choice.target.max(0.0) as usize).min(count - 1);
            let mut one_hot = ArrayD::zeros(IxDyn(&[count]));
            one_hot[[right]] = 1.0;
            weights.push(one_hot);
        }
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

fn shapes(listing: &Listing, width: usize, outputs: usize) -> Result<Shapes, Vec<Diagnostic>> {
    let target = [outputs];
    let kernel = [width, outputs];
    let loss: &[usize] = if outputs > 1 { &[] } else { &[1] };
    let mut given: Vec<(&str, &[usize])> = vec![("h", std::slice::from_ref(&width)), ("loss", loss)];
    given.extend([("V", kernel.as_slice()), ("b_y", target.as_slice())]);
    if outputs > 1 {
        given.push(("right", &target));
    }
    listing.shapes_given(&given)
}

/// Keras' first weights of a last layer with one number.
fn random(width: usize, seed: u64) -> (Vec<f32>, Vec<f32>) {
    let mut kernel = vec![0.0; width];
    Initializer::GlorotUniform.fill(&mut kernel, &[width, 1], seed, "weight/V");
    (kernel, vec![0.0])
}

/// The listing of the output; `classes` are the names of both classes where there are two.
fn text(kind: OutputKind, target: f32, classes: &[String]) -> String {
    let class = |k: usize| classes.get(k).cloned().unwrap_or_else(|| format!("class {k}"));
    let lines = match kind {
        OutputKind::Binary => {
            let right = usize::from(target >= 0.5);
            let given = ["1 - y", "y"][right];
            [
                format!("y = sigmoid(h @ V + b_y)  # probability of {}", class(1)),
                format!("loss = -np.log({given})  # the true label is {}", class(right)),
            ]
        }
        OutputKind::Classes(_) => [
            "y = softmax(h @ V + b_y)  # probability of each class",
            "loss = -np.sum(right * np.log(y))  # right is 1 for the right class, else 0",
        ]
        .map(String::from),
        OutputKind::Number => [
            "y = h @ V + b_y  # the number predicted next".to_string(),
            format!(
                "loss = (y {} {}) ** 2  # the true number is {target}",
                ["-", "+"][usize::from(target < 0.0)],
                target.abs()
            ),
        ],
    };
    let right = if matches!(kind, OutputKind::Classes(_)) { ", right" } else { "" };
    format!("def step(h, loss, V, b_y{right}):\n    {}\n    {}\n    return loss\n", lines[0], lines[1])
}
