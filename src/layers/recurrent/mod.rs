//! The loop through time: masks, states, dropout and back-propagation for any [`Cell`].

pub mod cell;
pub mod gru;
pub mod lstm;
pub mod product;
pub mod rows;
pub mod simple_rnn;
pub mod tape;

use serde_json::{Value, json};

pub use cell::{Block, Cell, Place, Symbol};
pub use tape::Tape;

use super::config::Section;
use super::{Builder, Ends, Gradients, Kind, Layer, Pass, Shape, Signal, keras_layer};
use crate::rng::Stream;
use crate::{Error, Result};

/// Rows (timesteps times samples) of a block: its gates stay in the second-level cache.
const BLOCK_ROWS: usize = 256;

/// A recurrent layer: a cell and the loop through time around it, with Keras' options.
pub struct Recurrent {
    name: String,
    cell: Box<dyn Cell>,
    options: Options,
    tape: Tape,
    /// The input in the order of computation, under its dropout mask; empty when the layer's input serves as it is.
    input: Vec<f32>,
    input_mask: Vec<f32>,
    dstates: Vec<Vec<f32>>,
    kept: Vec<Vec<f32>>,
    carry: Vec<f32>,
    /// States that the next pass starts from, for all samples of a batch: set by a caller, or left by a stateful layer.
    carried: Option<Vec<Vec<f32>>>,
}

/// Keras' options of every recurrent layer.
#[derive(Debug, Clone, Default)]
struct Options {
    return_sequences: bool,
    return_state: bool,
    go_backwards: bool,
    stateful: bool,
    dropout: f32,
    recurrent_dropout: f32,
}

impl Recurrent {
    /// Reads the configuration of the recurrent layer `class`.
    pub fn from_config(name: String, class: &str, config: &Section) -> Result<Self> {
        let cell: Box<dyn Cell> = match class {
            "SimpleRNN" => Box::new(simple_rnn::SimpleRnn::from_config(config)?),
            "GRU" => Box::new(gru::Gru::from_config(config)?),
            "LSTM" => Box::new(lstm::Lstm::from_config(config)?),
            _ => return Err(Error::config(config.field("class_name"), "a recurrent layer", class)),
        };
        let options = Options {
            return_sequences: config.flag_or("return_sequences", false)?,
            return_state: config.flag_or("return_state", false)?,
            go_backwards: config.flag_or("go_backwards", false)?,
            stateful: config.flag_or("stateful", false)?,
            dropout: config.rate_or("dropout", 0.0)? as f32,
            recurrent_dropout: config.rate_or("recurrent_dropout", 0.0)? as f32,
        };
        let tape = Tape::new(cell.state_widths(), cell.field_widths());
        Ok(Self {
            name,
            options,
            tape,
            dstates: vec![Vec::new(); cell.state_widths().len()],
            kept: vec![Vec::new(); cell.state_widths().len()],
            cell,
            input: Vec::new(),
            input_mask: Vec::new(),
            carry: Vec::new(),
            carried: None,
        })
    }

    /// The cell.
    pub fn cell(&self) -> &dyn Cell {
        self.cell.as_ref()
    }

    /// What the last pass remembers. After a backward pass the gates have been replaced by their gradients.
    pub fn tape(&self) -> &Tape {
        &self.tape
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

    /// Lets passes start from `states`, each `[batch, width]`, until the states are reset.
    ///
    /// # Errors
    /// If there are not as many states as the cell has, or one is not `[batch, width]`.
    pub fn set_initial_state(&mut self, batch: usize, states: Vec<Vec<f32>>) -> Result<()> {
        if states.len() != self.tape.state_count() {
            let what = format!("the number of initial states of `{}`", self.name);
            return Err(Error::value(what, self.tape.state_count().to_string(), states.len()));
        }
        for (k, state) in states.iter().enumerate() {
            let want = [batch, self.tape.state_width(k)];
            if state.len() != want[0] * want[1] {
                let what = format!("initial_state/{}/{}", self.name, self.cell.state_names()[k]);
                return Err(Error::shape(what, &want, &[state.len()]));
            }
        }
        self.carried = Some(states);
        Ok(())
    }

    /// State `k` after the last step that was computed, `[batch, width]`: what Keras returns with `return_state`. The
    /// names of the states are those of the cell.
    pub fn final_state(&self, k: usize) -> &[f32] {
        self.tape.state(k, self.tape.timesteps())
    }

    /// The gradients of the states before the first step, left by the backward pass; each `[batch, width]`.
    ///
    /// They are complete only when the pass started from given states; otherwise nobody can use them.
    pub fn initial_state_gradients(&self) -> &[Vec<f32>] {
        &self.dstates
    }

    fn begin(&mut self, pass: &Pass, x: &Signal) {
        self.tape.begin(x.timesteps, x.batch);
        if let Some(states) = &self.carried {
            for (k, state) in states.iter().enumerate() {
                let width = self.tape.state_width(k);
                let to = self.tape.state_mut(k, 0);
                if let Some(from) = state.get(pass.first_row * width..pass.first_row * width + to.len()) {
                    to.copy_from_slice(from);
                }
            }
            self.tape.starts_from_state = true;
        }
        let (dropout, recurrent) = match pass.training {
            true => (self.options.dropout, self.options.recurrent_dropout),
            false => (0.0, 0.0),
        };
        draw_mask(&mut self.input_mask, pass, (&self.name, "dropout"), (x.batch, x.features), dropout);
        let width = self.tape.state_width(0);
        let mask = &mut self.tape.recurrent_mask;
        draw_mask(mask, pass, (&self.name, "recurrent_dropout"), (x.batch, width), recurrent);
        self.copy_input(x);
    }

    /// Brings the input into the order of computation and under its mask, where that differs from what came in.
    fn copy_input(&mut self, x: &Signal) {
        self.input.clear();
        if !self.options.go_backwards && self.input_mask.is_empty() {
            return;
        }
        let size = x.batch * x.features;
        for s in 0..x.timesteps {
            let t = self.real_time(s, x.timesteps);
            self.input.extend_from_slice(&x.data[t * size..][..size]);
        }
        if !self.input_mask.is_empty() {
            for step in self.input.chunks_exact_mut(size) {
                step.iter_mut().zip(&self.input_mask).for_each(|(v, m)| *v *= m);
            }
        }
    }

    /// The timestep of the input that is computed as step `s`.
    fn real_time(&self, s: usize, timesteps: usize) -> usize {
        if self.options.go_backwards { timesteps - 1 - s } else { s }
    }

    /// Masked samples keep the states that they had before step `s`.
    fn hold_masked_states(&mut self, x: &Signal, s: usize) {
        if x.mask.is_empty() {
            return;
        }
        let t = self.real_time(s, x.timesteps);
        for k in 0..self.tape.state_count() {
            let width = self.tape.state_width(k);
            for b in 0..x.batch {
                if x.is_masked(t * x.batch + b) {
                    let (before, after) = (b * width, (s + 1) * x.batch * width + b * width);
                    let before = s * x.batch * width + before;
                    self.tape.state_array_mut(k).copy_within(before..before + width, after);
                }
            }
        }
    }

    /// Keeps the final states of these samples, which begin at `first_row` of the batch, for the next batch.
    fn carry_states_over(&mut self, first_row: usize) {
        let carried = self.carried.get_or_insert_with(|| vec![Vec::new(); self.tape.state_count()]);
        for (k, carried) in carried.iter_mut().enumerate() {
            let last = self.tape.state(k, self.tape.timesteps());
            let start = first_row * self.tape.state_width(k);
            carried.resize(carried.len().max(start + last.len()), 0.0);
            carried[start..start + last.len()].copy_from_slice(last);
        }
    }

    /// Writes the output: states after each step, and for a masked step the output before it (zeros at first).
    fn write_output(&self, x: &Signal, y: &mut Signal) {
        let width = self.tape.state_width(0);
        let size = x.batch * width;
        if !self.options.return_sequences {
            y.set_flat(x.batch, width);
            y.data.copy_from_slice(self.tape.state(0, x.timesteps));
            if !x.mask.is_empty() {
                self.zero_outputs_without_steps(x, &mut y.data);
            }
            return;
        }
        y.set_sequence(x.timesteps, x.batch, width);
        y.data.copy_from_slice(self.tape.states_between(0, 1, x.timesteps + 1));
        y.mask.extend_from_slice(&x.mask);
        if x.mask.is_empty() || !self.tape.starts_from_state {
            return; // A masked step keeps its state, so the states are the outputs when they begin at zero.
        }
        for b in 0..x.batch {
            for s in 0..x.timesteps {
                if !x.is_masked(self.real_time(s, x.timesteps) * x.batch + b) {
                    break;
                }
                y.data[s * size + b * width..][..width].fill(0.0);
            }
        }
    }

    /// A sample all of whose steps are masked has no output: Keras gives zeros, whatever its states are.
    fn zero_outputs_without_steps(&self, x: &Signal, y: &mut [f32]) {
        let width = self.tape.state_width(0);
        for b in 0..x.batch {
            if (0..x.timesteps).all(|t| x.is_masked(t * x.batch + b)) {
                y[b * width..][..width].fill(0.0);
            }
        }
    }

    /// Adds the gradient that reaches the output of step `s` to that of the first state.
    fn receive_output_gradient(&mut self, x: &Signal, s: usize, dy: &[f32]) {
        let width = self.tape.state_width(0);
        let size = x.batch * width;
        let last = s + 1 == x.timesteps;
        if self.carry.is_empty() {
            if self.options.return_sequences {
                crate::math::reduce::add_assign(&mut self.dstates[0], &dy[s * size..][..size]);
            } else if last {
                crate::math::reduce::add_assign(&mut self.dstates[0], dy);
            }
            return;
        }
        // With a mask a step's output may stand in later outputs too: what reaches them is carried back to it.
        let t = self.real_time(s, x.timesteps);
        if self.options.return_sequences {
            crate::math::reduce::add_assign(&mut self.carry, &dy[s * size..][..size]);
        } else if last {
            self.carry.copy_from_slice(dy);
        }
        for b in 0..x.batch {
            if !x.is_masked(t * x.batch + b) {
                let range = b * width..(b + 1) * width;
                let carry = &mut self.carry[range.clone()];
                crate::math::reduce::add_assign(&mut self.dstates[0][range], carry);
                carry.fill(0.0);
            }
        }
    }

    /// One step back for samples that are not masked; the others pass their state gradients on unchanged.
    fn step_back(&mut self, pass: &Pass, x: &Signal, s: usize) {
        let t = self.real_time(s, x.timesteps);
        let masked = |b: usize| x.is_masked(t * x.batch + b);
        let any = !x.mask.is_empty() && (0..x.batch).any(masked);
        if any {
            for k in 0..self.dstates.len() {
                let width = self.tape.state_width(k);
                self.kept[k].resize(self.dstates[k].len(), 0.0);
                self.kept[k].copy_from_slice(&self.dstates[k]);
                for b in (0..x.batch).filter(|b| masked(*b)) {
                    self.dstates[k][b * width..][..width].fill(0.0);
                }
            }
        }
        self.cell.step_back(pass, s, &mut self.tape, &mut self.dstates);
        if any {
            for k in 0..self.dstates.len() {
                let width = self.tape.state_width(k);
                for b in (0..x.batch).filter(|b| masked(*b)) {
                    let range = b * width..(b + 1) * width;
                    self.dstates[k][range.clone()].copy_from_slice(&self.kept[k][range]);
                }
            }
        }
    }

    /// Brings the gradient of the input back from the order of computation and through the dropout mask.
    fn restore_input_order(&self, x: &Signal, dx: &mut [f32]) {
        let size = x.batch * x.features;
        if !self.input_mask.is_empty() {
            for step in dx.chunks_exact_mut(size) {
                step.iter_mut().zip(&self.input_mask).for_each(|(v, m)| *v *= m);
            }
        }
        if self.options.go_backwards {
            for t in 0..x.timesteps / 2 {
                let (low, high) = dx.split_at_mut((x.timesteps - 1 - t) * size);
                low[t * size..][..size].swap_with_slice(&mut high[..size]);
            }
        }
    }

    /// The blocks of timesteps in which a pass over `x` runs.
    fn blocks(x: &Signal) -> impl DoubleEndedIterator<Item = std::ops::Range<usize>> + use<> {
        let (timesteps, length) = (x.timesteps, (BLOCK_ROWS / x.batch.max(1)).max(1));
        (0..timesteps.div_ceil(length)).map(move |k| k * length..((k + 1) * length).min(timesteps))
    }
}

/// Draws an inverted dropout mask `[batch, width]`, or none for rate 0. Each sample has numbers of its own, so that the
/// mask does not depend on how a batch is cut into blocks.
fn draw_mask(
    mask: &mut Vec<f32>,
    pass: &Pass,
    (name, purpose): (&str, &str),
    (batch, width): (usize, usize),
    rate: f32,
) {
    mask.clear();
    if rate > 0.0 {
        let mut stream = Stream::new(pass.seed, &format!("{name}/{purpose}"), pass.step);
        stream.seek((pass.first_row * width) as u64);
        let kept = 1.0 / (1.0 - rate);
        mask.extend((0..batch * width).map(|_| if stream.uniform() < rate { 0.0 } else { kept }));
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
        let loop_options = json!({
            "dropout": self.options.dropout,
            "recurrent_dropout": self.options.recurrent_dropout,
            "return_sequences": self.options.return_sequences,
            "return_state": self.options.return_state,
            "go_backwards": self.options.go_backwards,
            "stateful": self.options.stateful,
        });
        if let (Value::Object(options), Value::Object(more)) = (&mut options, loop_options) {
            options.extend(more);
        }
        keras_layer(self, options)
    }

    fn build(&mut self, input: Shape, builder: &mut Builder) -> Result<Shape> {
        let features = input.sequence_features(builder.layer())?;
        self.cell.build(features, builder)?;
        let width = self.tape.state_width(0);
        Ok(match self.options.return_sequences {
            true => Shape::Sequence { timesteps: input.timesteps(), features: width },
            false => Shape::Flat { features: width },
        })
    }

    fn forward(&mut self, pass: &Pass, x: &Signal, y: &mut Signal) -> Result<()> {
        if x.kind != Kind::Sequence || x.timesteps == 0 {
            return Err(Error::value(
                format!("the input of `{}`", self.name),
                "a sequence of at least one timestep",
                x.shape(),
            ));
        }
        self.begin(pass, x);
        self.cell.prepare(pass);
        let size = x.batch * x.features;
        for steps in Self::blocks(x) {
            let source = if self.input.is_empty() { &x.data } else { &self.input };
            let input = &source[steps.start * size..steps.end * size];
            self.cell.project(pass, input, steps.clone(), &mut self.tape);
            for s in steps {
                self.tape.mask_state(s);
                self.cell.step(pass, s, &mut self.tape);
                self.hold_masked_states(x, s);
            }
        }
        if self.options.stateful {
            self.carry_states_over(pass.first_row);
        }
        self.write_output(x, y);
        Ok(())
    }

    fn backward(
        &mut self,
        pass: &Pass,
        ends: Ends,
        dy: &mut [f32],
        mut dx: Option<&mut [f32]>,
        gradients: &mut Gradients,
    ) {
        let x = ends.x;
        for k in 0..self.dstates.len() {
            let width = self.tape.state_width(k);
            self.dstates[k].clear();
            self.dstates[k].resize(x.batch * width, 0.0);
        }
        self.carry.clear();
        if !x.mask.is_empty() {
            self.carry.resize(self.dstates[0].len(), 0.0);
        }
        let size = x.batch * x.features;
        for steps in Self::blocks(x).rev() {
            for s in steps.clone().rev() {
                self.receive_output_gradient(x, s, dy);
                self.step_back(pass, x, s);
            }
            let range = steps.start * size..steps.end * size;
            let source = if self.input.is_empty() { &x.data } else { &self.input };
            let dx = dx.as_deref_mut().map(|dx| &mut dx[range.clone()]);
            let block = Block { steps, x: &source[range], dx };
            self.cell.gather(pass, block, &mut self.tape, gradients);
        }
        if let Some(dx) = dx {
            self.restore_input_order(x, dx);
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
