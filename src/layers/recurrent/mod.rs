//! The loop through time: masks, states, dropout and back-propagation for any [`Cell`].

pub mod cell;
mod functions;
pub mod gates;
pub mod gru;
pub mod lstm;
mod options;
pub mod per_gate;
pub mod product;
pub mod run;
pub mod simple_rnn;
mod symbol;
pub mod tape;

use ndarray::Array2;
use serde_json::Value;

pub use cell::{Block, Cell, CellClass};
use options::Options;
pub use per_gate::PerGate;
pub use run::{Carried, StateGradients};
pub use symbol::{Symbol, TapeLocation};
pub use tape::{Tape, TapeGradients};

use super::config::{LayerSection, Section};
use super::{Builder, Gradients, InputOutput, Layer, PassContext, Shape, Signal, SignalKind, keras_layer};
use crate::{Error, Result};

/// A recurrent layer: a cell and the loop through time around it, with Keras' options.
pub struct Recurrent {
    name: String,
    cell: Box<dyn Cell>,
    options: Options,
    memory: Memory,
    /// The input in the order of computation, under its dropout mask; empty when the layer's input serves as it is.
    input: Vec<f32>,
    input_mask: Vec<f32>,
    dstates: Vec<Vec<f32>>,
    /// State gradients of masked samples while the cell steps back, and which samples those are.
    held: Vec<f32>,
    held_rows: Vec<usize>,
    /// States that the next pass starts from.
    carried: Option<Carried>,
    gradient_norms: Vec<f64>,
    /// What a backward pass receives for the states after the last step, besides the gradient of the output.
    final_gradients: Option<Vec<Vec<f32>>>,
    /// What a backward pass outside of training keeps for those who asked for it.
    state_gradients: Option<StateGradients>,
}

/// What a layer remembers of its last pass.
enum Memory {
    /// A pass forward: gates and states.
    Values(Tape),
    /// A pass backward: gradients where the gates were.
    Gradients(TapeGradients),
}

impl Memory {
    /// Moves the memory out for the duration of a pass.
    fn take(&mut self) -> Tape {
        match std::mem::replace(self, Self::Values(Tape::default())) {
            Self::Values(tape) => tape,
            Self::Gradients(gradients) => gradients.into_memory(),
        }
    }
}

/// Keras' classes.
const CLASSES: [&str; 3] = ["SimpleRNN", "LSTM", "GRU"];

impl Recurrent {
    /// Reads the configuration of the recurrent layer `class`, one of Keras' or of `cells`.
    pub fn from_config(name: String, class: &str, config: &Section, cells: &[CellClass]) -> Result<Self> {
        let other = cells.iter().find(|cell| cell.name == class);
        let own: &[&str] = match class {
            _ if other.is_some() => other.map_or(&[], |other| other.options),
            "LSTM" => &["recurrent_activation", "unit_forget_bias"],
            "GRU" => &["recurrent_activation", "reset_after"],
            _ => &[],
        };
        let options = Options::from_config(config, own)?;
        let cell: Box<dyn Cell> = match (other, class) {
            (Some(other), _) => (other.make)(config)?,
            (None, "SimpleRNN") => Box::new(simple_rnn::SimpleRnn::from_config(config)?),
            (None, "GRU") => Box::new(gru::Gru::from_config(config)?),
            (None, "LSTM") => Box::new(lstm::Lstm::from_config(config)?),
            _ => return Err(Error::config(config.field("class_name"), "a recurrent layer", class)),
        };
        let memory = Memory::Values(Tape::new(cell.state_widths(), cell.field_widths()));
        Ok(Self {
            name,
            options,
            memory,
            dstates: vec![Vec::new(); cell.state_widths().len()],
            cell,
            input: Vec::new(),
            input_mask: Vec::new(),
            held: Vec::new(),
            held_rows: Vec::new(),
            carried: None,
            gradient_norms: Vec::new(),
            final_gradients: None,
            state_gradients: None,
        })
    }

    /// The recurrent layer of `section` as the part `part` of the layer `outer`; `go_backwards` may be decided for it.
    pub(super) fn within(
        outer: &str,
        part: &str,
        (section, cells): (&LayerSection, &[CellClass]),
        go_backwards: Option<bool>,
    ) -> Result<Self> {
        let others = cells.iter().map(|cell| cell.name);
        let known: Vec<&str> = CLASSES.into_iter().chain(others).collect();
        if !known.contains(&section.class) {
            let expected = format!("one of {}", known.join(", "));
            return Err(Error::config(section.class_field(), expected, section.class));
        }
        let mut layer = Self::from_config(format!("{outer}/{part}"), section.class, &section.config, cells)?;
        layer.options.go_backwards = go_backwards.unwrap_or(layer.options.go_backwards);
        Ok(layer)
    }

    /// Whether outputs of masked steps are zero instead of the outputs before them.
    pub(super) fn set_zero_output_for_mask(&mut self, zero: bool) {
        self.options.zero_output_for_mask = zero;
    }

    /// The cell.
    pub fn cell(&self) -> &dyn Cell {
        self.cell.as_ref()
    }

    /// What the last pass remembers; `None` after a backward pass, which has replaced the gates by their gradients.
    pub fn tape(&self) -> Option<&Tape> {
        match &self.memory {
            Memory::Values(tape) => Some(tape),
            Memory::Gradients(_) => None,
        }
    }

    /// How many states the cell has.
    pub fn state_count(&self) -> usize {
        self.dstates.len()
    }

    /// Width of state `k`.
    pub fn state_width(&self, k: usize) -> usize {
        match &self.memory {
            Memory::Values(tape) => tape.state_width(k),
            Memory::Gradients(tape) => tape.state_width(k),
        }
    }

    /// Whether timesteps were computed from the last to the first.
    pub fn goes_backwards(&self) -> bool {
        self.options.go_backwards
    }

    /// Whether the output is the whole sequence.
    pub fn returns_sequences(&self) -> bool {
        self.options.return_sequences
    }

    /// Whether Keras would return the final states beside the output.
    pub fn returns_state(&self) -> bool {
        self.options.return_state
    }

    /// Whether the next batch starts from the final states of this one.
    pub fn is_stateful(&self) -> bool {
        self.options.stateful
    }

    /// Lets passes start from `states`, each `[samples, width]`, until the states are reset.
    ///
    /// # Errors
    /// If there are not as many states as the cell has, or one is not `[samples, width]` finite numbers.
    pub fn set_initial_state(&mut self, states: Vec<Array2<f32>>) -> Result<()> {
        if states.len() != self.state_count() {
            let what = format!("the number of initial states of `{}`", self.name);
            return Err(Error::value(what, self.state_count().to_string(), states.len()));
        }
        let samples = states.first().map_or(0, Array2::nrows);
        for (k, state) in states.iter().enumerate() {
            let width = self.state_width(k);
            let what = || format!("initial_state/{}/{}", self.name, self.cell.state_names()[k]);
            if state.dim() != (samples, width) {
                return Err(Error::shape(what(), [("samples", samples), ("units", width)], state.shape()));
            }
            if let Some(bad) = state.iter().find(|v| !v.is_finite()) {
                return Err(Error::value(format!("every number of `{}`", what()), "finite", bad));
            }
        }
        let states = states.into_iter().map(|state| state.iter().copied().collect()).collect();
        self.carried = Some(Carried { states, given: true });
        Ok(())
    }

    /// The states that the next pass starts from, if they are not zero.
    pub fn carried(&self) -> Option<&Carried> {
        self.carried.as_ref()
    }

    /// ‖∂loss/∂h‖ over the whole batch after each step, in the order of computation; left by a backward pass outside of
    /// training.
    pub fn gradient_norms(&self) -> &[f64] {
        &self.gradient_norms
    }

    /// Lets backward passes outside of training keep the gradients of the states after every step, or forgets them.
    pub fn keep_state_gradients(&mut self, keep: bool) {
        self.state_gradients = keep.then(StateGradients::default);
    }

    /// What the last backward pass kept, if that was asked for.
    pub fn state_gradients(&self) -> Option<&StateGradients> {
        self.state_gradients.as_ref()
    }

    /// Replaces the states that the next pass starts from, and returns the former ones.
    pub fn replace_states(&mut self, states: Option<Carried>) -> Option<Carried> {
        std::mem::replace(&mut self.carried, states)
    }

    /// State `k` after the last step that was computed, `[batch, width]`: what Keras returns with `return_state`. The
    /// names of the states are those of the cell.
    pub fn final_state(&self, k: usize) -> &[f32] {
        match &self.memory {
            Memory::Values(tape) => tape.state(k, tape.timesteps()),
            Memory::Gradients(tape) => tape.state(k, tape.timesteps()),
        }
    }

    /// Gives the next pass backwards the gradients of the states after the last step, each `[batch, width]`, where
    /// something besides the output reads them: a decoder that starts from them.
    ///
    /// # Panics
    /// In that pass, if there are not as many as the cell has states, or one is not as long as its state.
    pub fn set_final_state_gradients(&mut self, gradients: Vec<Vec<f32>>) {
        self.final_gradients = Some(gradients);
    }

    /// The gradients of the states before the first step, left by the backward pass; each `[batch, width]`.
    ///
    /// They are complete only if the pass started from given states.
    pub fn initial_state_gradients(&self) -> &[Vec<f32>] {
        &self.dstates
    }
}

impl Layer for Recurrent {
    fn class_name(&self) -> &'static str {
        self.cell.class_name()
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn config(&self) -> Value {
        let mut options = self.cell.config();
        if let (Value::Object(options), Value::Object(more)) = (&mut options, self.options.to_keras()) {
            options.extend(more);
        }
        keras_layer(self, options)
    }

    fn build(&mut self, input: Shape, builder: &mut Builder) -> Result<Shape> {
        let features = input.sequence_features(builder.layer())?;
        self.cell.build(features, builder)?;
        // Only now are the widths of every cell known.
        self.memory = Memory::Values(Tape::new(self.cell.state_widths(), self.cell.field_widths()));
        let width = self.state_width(0);
        Ok(match self.options.return_sequences {
            true => Shape::Sequence { timesteps: input.timesteps(), features: width },
            false => Shape::Flat { features: width },
        })
    }

    fn forward(&mut self, pass: &PassContext, x: &Signal, y: &mut Signal) -> Result<()> {
        if x.kind != SignalKind::Sequence || x.timesteps == 0 {
            return Err(Error::value(
                format!("the input of `{}`", self.name),
                "a sequence of at least one timestep",
                x.shape(),
            ));
        }
        let mut tape = self.memory.take();
        let done = self.run(pass, x, &mut tape, y);
        self.memory = Memory::Values(tape);
        done
    }

    fn backward(
        &mut self,
        pass: &PassContext,
        io: InputOutput,
        dy: &mut [f32],
        mut dx: Option<&mut [f32]>,
        gradients: &mut Gradients,
    ) {
        let mut tape = TapeGradients::replacing(self.memory.take());
        self.run_back(pass, io.x, (dy, dx.as_deref_mut()), &mut tape, gradients);
        self.memory = Memory::Gradients(tape);
        if let Some(dx) = dx {
            self.restore_input_order(io.x, dx);
        }
    }

    fn recurrents(&self) -> Vec<(String, &Recurrent)> {
        vec![(self.name.clone(), self)]
    }

    fn recurrents_mut(&mut self) -> Vec<(String, &mut Recurrent)> {
        vec![(self.name.clone(), self)]
    }

    fn reset_states(&mut self) {
        self.carried = None;
    }
}
