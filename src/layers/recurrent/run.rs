//! What the loop through time does around the cell: order, masks, dropout, states.

use std::ops::Range;

use super::Recurrent;
use super::cell::Block;
use super::tape::{Tape, TapeGradients};
use crate::layers::{Gradients, PassContext, Signal};
use crate::math::reduce::{add_assign, sum_of_squares};
use crate::rng::{RngExt, Stream, Unit};
use crate::{Error, Result};

/// Rows (timesteps times samples) of a block: its gates stay in the second-level cache.
const BLOCK_ROWS: usize = 256;

/// The blocks of timesteps in which a pass over `x` runs.
pub(super) fn blocks(x: &Signal) -> impl DoubleEndedIterator<Item = Range<usize>> + use<> {
    let (timesteps, length) = (x.timesteps, (BLOCK_ROWS / x.batch.max(1)).max(1));
    (0..timesteps.div_ceil(length)).map(move |k| k * length..((k + 1) * length).min(timesteps))
}

/// The states that a pass starts from, for all samples of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Carried {
    /// Each `[batch, width]`.
    pub states: Vec<Vec<f32>>,
    /// Whether a caller gave them; otherwise a stateful layer left them.
    pub given: bool,
}

/// The gradients of the states after every step of a backward pass, step after step from the last to the first that was
/// computed.
#[derive(Debug, Clone, Default)]
pub struct StateGradients {
    /// What reaches the output h of each step from the layers above, `[steps, batch, width]`.
    pub received: Vec<f32>,
    /// The gradient of each state, with what was received; each `[steps, batch, width]`.
    pub states: Vec<Vec<f32>>,
}

impl StateGradients {
    /// Adds a step: `later` is the gradient of h that came from the steps behind it, `all` that of each state.
    fn push(&mut self, later: &[f32], all: &[Vec<f32>]) {
        self.states.resize_with(all.len(), Vec::new);
        self.received.extend(all[0].iter().zip(later).map(|(all, later)| all - later));
        self.states.iter_mut().zip(all).for_each(|(kept, state)| kept.extend_from_slice(state));
    }
}

impl Recurrent {
    /// The pass forward over `x`, block by block.
    pub(super) fn run(
        &mut self,
        pass: &PassContext,
        x: &Signal,
        tape: &mut Tape,
        y: &mut Signal,
    ) -> Result<()> {
        self.begin(pass, x, tape)?;
        self.cell.prepare(pass, tape);
        let size = x.batch * x.features;
        for steps in blocks(x) {
            let source = if self.input.is_empty() { &x.data } else { &self.input };
            let input = &source[steps.start * size..steps.end * size];
            self.cell.project(pass, input, steps.clone(), tape);
            for s in steps {
                tape.mask_state(s);
                self.cell.step(pass, s, tape);
                self.hold_masked_states(x, s, tape);
            }
        }
        if self.options.stateful {
            self.carry_states_over(pass.first_row, tape);
        }
        self.write_output(x, tape, y);
        Ok(())
    }

    /// The pass backward: from `dy` the gradients of the weights and, in the order of computation, `dx`.
    pub(super) fn run_back(
        &mut self,
        pass: &PassContext,
        x: &Signal,
        (dy, mut dx): (&mut [f32], Option<&mut [f32]>),
        tape: &mut TapeGradients,
        gradients: &mut Gradients,
    ) {
        for (k, dstate) in self.dstates.iter_mut().enumerate() {
            dstate.clear();
            dstate.resize(x.batch * tape.state_width(k), 0.0);
        }
        if let Some(last) = self.final_gradients.take() {
            assert_eq!(last.len(), self.dstates.len(), "a gradient for each state");
            self.dstates.iter_mut().zip(&last).for_each(|(dstate, last)| dstate.copy_from_slice(last));
        }
        self.gradient_norms.clear();
        let mut kept = self.state_gradients.take().map(|_| StateGradients::default());
        let size = x.batch * x.features;
        for steps in blocks(x).rev() {
            for s in steps.clone().rev() {
                let later = kept.as_ref().map(|_| self.dstates[0].clone());
                self.receive_output_gradient(x, s, tape.state_width(0), dy);
                if !pass.training {
                    self.gradient_norms.push(sum_of_squares(&self.dstates[0]).sqrt());
                }
                if let (Some(kept), Some(later)) = (&mut kept, later) {
                    kept.push(&later, &self.dstates);
                }
                self.step_back(pass, x, s, tape);
            }
            let range = steps.start * size..steps.end * size;
            let source = if self.input.is_empty() { &x.data } else { &self.input };
            let dx = dx.as_deref_mut().map(|dx| &mut dx[range.clone()]);
            let block = Block { steps, x: &source[range], dx };
            self.cell.accumulate(pass, block, tape, gradients);
        }
        self.gradient_norms.reverse();
        self.state_gradients = kept;
    }

    /// Prepares tape, masks and initial states for a pass over `x`.
    pub(super) fn begin(&mut self, pass: &PassContext, x: &Signal, tape: &mut Tape) -> Result<()> {
        tape.begin(x.timesteps, x.batch);
        self.load_states(pass, tape)?;
        let options = &self.options;
        let (dropout, recurrent) = match pass.training {
            true => (options.dropout, options.recurrent_dropout),
            false => (0.0, 0.0),
        };
        let gates = if options.masks_per_gate { self.cell.gate_count() } else { 1 };
        let acts = dropout > 0.0 || recurrent > 0.0;
        tape.masks = if acts { gates } else { 1 };
        // One mask for all gates is applied to the input here; separate masks are applied by the cell.
        let shape = (tape.masks, x.batch, x.features);
        let (one, several) = (&mut self.input_mask, &mut tape.input_masks);
        one.clear();
        draw_masks(if shape.0 == 1 { one } else { several }, pass, (&self.name, "dropout"), shape, dropout);
        let shape = (tape.masks, x.batch, tape.state_width(0));
        let masks = &mut tape.recurrent_masks;
        draw_masks(masks, pass, (&self.name, "recurrent_dropout"), shape, recurrent);
        self.copy_input(x);
        Ok(())
    }

    /// The states of the pass's samples; samples that a stateful layer has not seen yet start as the cell says.
    fn load_states(&self, pass: &PassContext, tape: &mut Tape) -> Result<()> {
        if let Some(first) = self.cell.first_states() {
            for (k, state) in first.iter().enumerate() {
                tape.state_mut(k, 0).chunks_exact_mut(state.len()).for_each(|row| row.copy_from_slice(state));
            }
            tape.starts_from_state = true;
        }
        let Some(Carried { states, given }) = &self.carried else { return Ok(()) };
        let (first_row, batch) = (pass.first_row, tape.batch());
        for (k, state) in states.iter().enumerate() {
            let width = tape.state_width(k);
            let samples = state.len() / width;
            let known = samples.saturating_sub(first_row).min(batch);
            if *given && known < batch {
                let what =
                    format!("the number of samples that start from the states given to `{}`", self.name);
                return Err(Error::value(what, format!("at most {samples}"), first_row + batch));
            }
            // In training a batch comes in blocks, and the first batch's last block is new to the layer.
            if !*given && !pass.training && samples != batch {
                let what = format!("the number of samples for the stateful layer `{}`", self.name);
                let expected = format!("{samples}, as in the batch before, unless its states are reset");
                return Err(Error::value(what, expected, batch));
            }
            let from = &state[(first_row * width).min(state.len())..][..known * width];
            tape.state_mut(k, 0)[..from.len()].copy_from_slice(from);
        }
        tape.starts_from_state = true;
        Ok(())
    }

    /// Copies the input in the order of computation and multiplied by its mask, unless neither changes it.
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
    pub(super) fn real_time(&self, s: usize, timesteps: usize) -> usize {
        if self.options.go_backwards { timesteps - 1 - s } else { s }
    }

    /// The samples that are masked at step `s`.
    fn masked_samples<'x>(&self, x: &'x Signal, s: usize) -> impl Iterator<Item = usize> + use<'x> {
        let row = self.real_time(s, x.timesteps) * x.batch;
        let mask = if x.mask.is_empty() { &[][..] } else { &x.mask[row..row + x.batch] };
        mask.iter().enumerate().filter(|(_, counts)| !**counts).map(|(b, _)| b)
    }

    /// Masked samples keep the states that they had before step `s`.
    #[inline(always)]
    pub(super) fn hold_masked_states(&self, x: &Signal, s: usize, tape: &mut Tape) {
        if !x.mask.is_empty() {
            self.restore_masked_states(x, s, tape);
        }
    }

    fn restore_masked_states(&self, x: &Signal, s: usize, tape: &mut Tape) {
        for k in 0..tape.state_count() {
            let width = tape.state_width(k);
            for b in self.masked_samples(x, s) {
                let before = (s * x.batch + b) * width;
                let after = before + x.batch * width;
                tape.state_array_mut(k).copy_within(before..before + width, after);
            }
        }
    }

    /// Keeps the final states of these samples, which begin at `first_row` of the batch, for the next batch.
    pub(super) fn carry_states_over(&mut self, first_row: usize, tape: &Tape) {
        let empty = || Carried { states: vec![Vec::new(); tape.state_count()], given: false };
        let carried = self.carried.get_or_insert_with(empty);
        carried.given = false;
        for (k, state) in carried.states.iter_mut().enumerate() {
            let last = tape.state(k, tape.timesteps());
            let start = first_row * tape.state_width(k);
            state.resize(state.len().max(start + last.len()), 0.0);
            state[start..start + last.len()].copy_from_slice(last);
        }
    }

    /// Writes the output: the first state after each step. A masked step keeps its state and with it its output.
    ///
    /// So does Keras on JAX and NumPy. On TensorFlow and PyTorch the output is zero up to the first step that is not
    /// masked; the two differ only when such a sequence starts from a given state.
    pub(super) fn write_output(&self, x: &Signal, tape: &Tape, y: &mut Signal) {
        let width = tape.state_width(0);
        let first = match self.options.return_sequences {
            true => {
                y.set_sequence(x.timesteps, x.batch, width);
                y.mask.extend_from_slice(&x.mask);
                0
            }
            false => {
                y.set_flat(x.batch, width);
                x.timesteps - 1
            }
        };
        y.data.copy_from_slice(tape.states_between(0, first + 1, x.timesteps + 1));
        if self.options.zero_output_for_mask {
            for (s, step) in (first..x.timesteps).zip(y.data.chunks_exact_mut(x.batch * width)) {
                self.masked_samples(x, s).for_each(|b| step[b * width..][..width].fill(0.0));
            }
        }
    }

    /// Adds the gradient that reaches the output of step `s` to that of the first state.
    pub(super) fn receive_output_gradient(&mut self, x: &Signal, s: usize, width: usize, dy: &mut [f32]) {
        let size = x.batch * width;
        let dy = match self.options.return_sequences {
            true => &mut dy[s * size..][..size],
            false if s + 1 == x.timesteps => dy,
            false => return,
        };
        if self.options.zero_output_for_mask {
            self.masked_samples(x, s).for_each(|b| dy[b * width..][..width].fill(0.0));
        }
        add_assign(&mut self.dstates[0], dy);
    }

    /// One step back for samples that are not masked; the state gradients of the others stay unchanged.
    pub(super) fn step_back(&mut self, pass: &PassContext, x: &Signal, s: usize, tape: &mut TapeGradients) {
        self.held.clear();
        let (mut held, mut rows) = (std::mem::take(&mut self.held), std::mem::take(&mut self.held_rows));
        rows.clear();
        rows.extend(self.masked_samples(x, s));
        for (k, dstate) in self.dstates.iter_mut().enumerate() {
            let width = tape.state_width(k);
            for b in &rows {
                let row = &mut dstate[b * width..][..width];
                held.extend_from_slice(row);
                row.fill(0.0);
            }
        }
        self.cell.step_back(pass, s, tape, &mut self.dstates);
        let mut from = held.as_slice();
        for (k, dstate) in self.dstates.iter_mut().enumerate() {
            let width = tape.state_width(k);
            for b in &rows {
                let (row, rest) = from.split_at(width);
                dstate[b * width..][..width].copy_from_slice(row);
                from = rest;
            }
        }
        (self.held, self.held_rows) = (held, rows);
    }

    /// Multiplies the gradient of the input by the dropout mask and restores the order of the sequence.
    pub(super) fn restore_input_order(&self, x: &Signal, dx: &mut [f32]) {
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
}

/// Draws inverted dropout masks `[gates, batch, width]`, or none for rate 0. The numbers of a sample depend on its
/// index in the whole batch, so that masks do not depend on how a batch is split into blocks.
fn draw_masks(
    masks: &mut Vec<f32>,
    pass: &PassContext,
    (name, purpose): (&str, &str),
    (gates, batch, width): (usize, usize, usize),
    rate: f32,
) {
    masks.clear();
    if rate == 0.0 {
        return;
    }
    let kept = 1.0 / (1.0 - rate);
    for gate in 0..gates {
        let mut stream = Stream::new(pass.seed, &format!("{name}/{purpose}/{gate}"), pass.update);
        stream.seek((pass.first_row * width) as u64);
        masks.extend((0..batch * width).map(|_| if stream.sample(Unit) < rate { 0.0 } else { kept }));
    }
}
