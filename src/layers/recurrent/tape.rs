//! What back-propagation through time must remember: every state and every gate of every timestep.
//!
//! The same memory serves training and the views. Going backwards, cells overwrite their gates with the gradients of
//! these: then it is a [`TapeGradients`], which no view takes for values.

use ndarray::{ArrayView3, ShapeBuilder};

use super::per_gate::PerGate;
use super::product::Packing;
use super::symbol::{Symbol, TapeLocation};

/// The states and fields of one pass over a batch of sequences, in the order in which the timesteps were computed.
#[derive(Debug, Clone, Default)]
pub struct Tape {
    timesteps: usize,
    batch: usize,
    /// Each state `[timesteps + 1, batch, width]`: entry t is the state before step t.
    states: Vec<Vec<f32>>,
    state_widths: Vec<usize>,
    /// Each field `[timesteps, batch, width]`: what the cell keeps besides its states, its gates first of all.
    fields: Vec<Vec<f32>>,
    field_widths: Vec<usize>,
    /// Dropout masks of the input for each gate, `[gates, batch, features]`; empty if all gates share one.
    pub(super) input_masks: Vec<f32>,
    /// Dropout masks of the recurrent input, `[gates, batch, width of the first state]`; empty without recurrent
    /// dropout.
    pub(super) recurrent_masks: Vec<f32>,
    /// The first state multiplied by its dropout masks, `[gates, timesteps, batch, width]`; empty without recurrent
    /// dropout.
    masked_states: Vec<f32>,
    /// Number of separate masks: one for each gate, or 1 that all gates share.
    pub(super) masks: usize,
    /// Whether the states before the first step may differ from zero.
    pub(super) starts_from_state: bool,
}

impl Tape {
    /// A tape for cells with these states and fields.
    pub fn new(state_widths: Vec<usize>, field_widths: Vec<usize>) -> Self {
        Self {
            states: vec![Vec::new(); state_widths.len()],
            fields: vec![Vec::new(); field_widths.len()],
            state_widths,
            field_widths,
            ..Self::default()
        }
    }

    /// Makes workspace for a batch; states before the first step become zero, everything else is left to be written.
    pub fn begin(&mut self, timesteps: usize, batch: usize) {
        (self.timesteps, self.batch) = (timesteps, batch);
        for (state, width) in self.states.iter_mut().zip(&self.state_widths) {
            state.resize((timesteps + 1) * batch * width, 0.0);
            state[..batch * width].fill(0.0);
        }
        for (field, width) in self.fields.iter_mut().zip(&self.field_widths) {
            field.resize(timesteps * batch * width, 0.0);
        }
        self.input_masks.clear();
        self.recurrent_masks.clear();
        self.masked_states.clear();
        self.masks = 1;
        self.starts_from_state = false;
    }

    /// Timesteps of the pass.
    pub fn timesteps(&self) -> usize {
        self.timesteps
    }

    /// Samples of the pass.
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// How many states the cell has.
    pub fn state_count(&self) -> usize {
        self.states.len()
    }

    /// Width of state `k`.
    pub fn state_width(&self, k: usize) -> usize {
        self.state_widths[k]
    }

    /// Width of field `k`.
    pub fn field_width(&self, k: usize) -> usize {
        self.field_widths[k]
    }

    /// State `k` before step `t` (after the last step for `t` = timesteps), `[batch, width]`.
    pub fn state(&self, k: usize, t: usize) -> &[f32] {
        let size = self.batch * self.state_widths[k];
        &self.states[k][t * size..][..size]
    }

    /// The same, to be written.
    pub fn state_mut(&mut self, k: usize, t: usize) -> &mut [f32] {
        let size = self.batch * self.state_widths[k];
        &mut self.states[k][t * size..][..size]
    }

    /// State `k` after the steps `from..to`, `[to − from, batch, width]`, to be written.
    pub fn states_after_mut(&mut self, k: usize, from: usize, to: usize) -> &mut [f32] {
        let size = self.batch * self.state_widths[k];
        &mut self.states[k][(from + 1) * size..(to + 1) * size]
    }

    /// All of state `k`, `[timesteps + 1, batch, width]`.
    pub(super) fn state_array_mut(&mut self, k: usize) -> &mut [f32] {
        &mut self.states[k]
    }

    /// State `k` before the steps `from..to`, `[to − from, batch, width]`.
    pub fn states_between(&self, k: usize, from: usize, to: usize) -> &[f32] {
        let size = self.batch * self.state_widths[k];
        &self.states[k][from * size..to * size]
    }

    /// Field `k` at step `t`, `[batch, width]`.
    pub fn field(&self, k: usize, t: usize) -> &[f32] {
        self.fields_between(k, t, t + 1)
    }

    /// State `k` after every step, `[timesteps, batch, width]`, in the order in which the steps were computed.
    pub fn state_after(&self, k: usize) -> ArrayView3<'_, f32> {
        let width = self.state_widths[k];
        self.values(&Symbol { name: String::new(), location: TapeLocation::State { index: k }, width })
    }

    /// The numbers of `symbol` after every step, `[timesteps, batch, width]`, in the order in which the steps were
    /// computed.
    pub fn values(&self, symbol: &Symbol) -> ArrayView3<'_, f32> {
        let (numbers, stride) = match symbol.location {
            TapeLocation::Field { index, column } => {
                (&self.fields[index][column.min(self.fields[index].len())..], self.field_widths[index])
            }
            TapeLocation::State { index } => {
                let width = self.state_widths[index];
                (&self.states[index][(self.batch * width).min(self.states[index].len())..], width)
            }
        };
        let shape = (self.timesteps, self.batch, symbol.width);
        let strides = (self.batch * stride, stride, 1);
        ArrayView3::from_shape(shape.strides(strides), numbers)
            .unwrap_or_else(|wrong| unreachable!("`{}` does not fit its tape: {wrong}", symbol.name))
    }

    /// Field `k` at the steps `from..to`, `[to − from, batch, width]`.
    pub fn fields_between(&self, k: usize, from: usize, to: usize) -> &[f32] {
        let size = self.batch * self.field_widths[k];
        &self.fields[k][from * size..to * size]
    }

    /// The same, to be written.
    pub fn fields_between_mut(&mut self, k: usize, from: usize, to: usize) -> &mut [f32] {
        let size = self.batch * self.field_widths[k];
        &mut self.fields[k][from * size..to * size]
    }

    /// Moves field `k`, `[timesteps, batch, width]`, out, to be written while others are read; it is empty until
    /// [`put_field`](Self::put_field) returns it.
    pub fn take_field(&mut self, k: usize) -> Vec<f32> {
        std::mem::take(&mut self.fields[k])
    }

    /// Returns what [`take_field`](Self::take_field) moved out.
    pub fn put_field(&mut self, k: usize, field: Vec<f32>) {
        self.fields[k] = field;
    }

    /// How a cell packs its weights for this pass.
    pub fn packing(&self) -> Packing {
        Packing { split: self.masks > 1, single_rows: self.batch == 1 }
    }

    /// Dropout masks of the input for each gate, `[batch, features]`; empty if all gates share one.
    pub fn input_masks(&self) -> PerGate<'_> {
        PerGate::copies(&self.input_masks, self.masks)
    }

    /// Field `k` at the steps `from..to`, to be written, and the masks of the input.
    pub fn fields_and_input_masks(&mut self, k: usize, from: usize, to: usize) -> (&mut [f32], PerGate<'_>) {
        let size = self.batch * self.field_widths[k];
        let masks = PerGate::copies(&self.input_masks, self.masks);
        (&mut self.fields[k][from * size..to * size], masks)
    }

    /// The hidden states that enter the recurrent products of the steps `from..to`: the first state multiplied by its
    /// dropout masks.
    pub fn recurrent_inputs(&self, from: usize, to: usize) -> PerGate<'_> {
        let size = self.batch * self.state_widths[0];
        match self.masked_states.is_empty() {
            true => PerGate::same(&self.states[0]),
            false => PerGate::copies(&self.masked_states, self.masks),
        }
        .part(from * size, (to - from) * size)
    }

    /// Writes the masked copies of the first state before step `t`, if there is recurrent dropout.
    #[inline(always)]
    pub(super) fn mask_state(&mut self, t: usize) {
        if !self.recurrent_masks.is_empty() {
            self.write_masked_state(t);
        }
    }

    fn write_masked_state(&mut self, t: usize) {
        let size = self.batch * self.state_widths[0];
        let copy = self.timesteps * size;
        self.masked_states.resize(self.masks * copy, 0.0);
        let state = &self.states[0][t * size..][..size];
        for gate in 0..self.masks {
            let masked = &mut self.masked_states[gate * copy + t * size..][..size];
            let mask = &self.recurrent_masks[gate * size..][..size];
            masked.iter_mut().zip(state).zip(mask).for_each(|((to, h), m)| *to = h * m);
        }
    }

    /// What step `t` of a fused cell works on: its `S` states and its first `F` fields.
    #[inline(always)]
    pub fn timestep<const S: usize, const F: usize>(&mut self, t: usize) -> Timestep<'_, S, F> {
        let batch = self.batch;
        debug_assert!(S <= self.states.len() && F <= self.fields.len(), "a cell asks for what it declared");
        let mut before: [&[f32]; S] = [&[]; S];
        let mut after: [&mut [f32]; S] = std::array::from_fn(|_| Default::default());
        for (k, (state, width)) in self.states.iter_mut().zip(&self.state_widths).take(S).enumerate() {
            let size = batch * width;
            let (low, high) = state.split_at_mut((t + 1) * size);
            before[k] = &low[t * size..];
            after[k] = &mut high[..size];
        }
        let mut fields: [&mut [f32]; F] = std::array::from_fn(|_| Default::default());
        for (k, (field, width)) in self.fields.iter_mut().zip(&self.field_widths).take(F).enumerate() {
            fields[k] = &mut field[t * batch * width..][..batch * width];
        }
        let size = batch * self.state_widths[0];
        let input = match self.masked_states.is_empty() {
            true => PerGate::same(before[0]).part(0, size),
            false => PerGate::copies(&self.masked_states, self.masks).part(t * size, size),
        };
        let masks = PerGate::copies(&self.recurrent_masks, self.masks);
        Timestep { input, masks, before, after, fields }
    }
}

/// One timestep of a [`Tape`]; every array is `[batch, width]`.
pub struct Timestep<'a, const S: usize, const F: usize> {
    /// The first state as it enters the recurrent product: multiplied by its dropout masks.
    pub input: PerGate<'a>,
    /// These masks; empty without recurrent dropout.
    pub masks: PerGate<'a>,
    /// The states before the step.
    pub before: [&'a [f32]; S],
    /// The states after the step.
    pub after: [&'a mut [f32]; S],
    /// The fields of the step.
    pub fields: [&'a mut [f32]; F],
}

/// The memory of a [`Tape`] while and after a pass goes backwards.
///
/// The fields of the steps from which the pass has returned hold what the cell put there: the fused cells replace their
/// gates by the gradients of the pre-activations. States keep their values.
#[derive(Debug, Clone, Default)]
pub struct TapeGradients(Tape);

impl TapeGradients {
    /// Begins a pass backwards over what `tape` remembers.
    pub fn replacing(tape: Tape) -> Self {
        Self(tape)
    }

    /// The memory, to be used for the next pass.
    pub fn into_memory(self) -> Tape {
        self.0
    }

    /// The memory, for a cell that keeps gradients in fields of their own and replaces nothing.
    pub fn memory(&mut self) -> &mut Tape {
        &mut self.0
    }

    /// Timesteps of the pass.
    pub fn timesteps(&self) -> usize {
        self.0.timesteps
    }

    /// Samples of the pass.
    pub fn batch(&self) -> usize {
        self.0.batch
    }

    /// Whether anything can use the gradients of the states before step `t`.
    pub(super) fn needs_states_before(&self, t: usize) -> bool {
        t > 0 || self.0.starts_from_state
    }

    /// What step `t` remembers; its gradients are written over its fields.
    #[inline(always)]
    pub fn timestep<const S: usize, const F: usize>(&mut self, t: usize) -> Timestep<'_, S, F> {
        self.0.timestep(t)
    }

    /// What the cell wrote to field `k` at the steps `from..to`, `[to − from, batch, width]`.
    pub fn gradients_between(&self, k: usize, from: usize, to: usize) -> &[f32] {
        self.0.fields_between(k, from, to)
    }

    /// The hidden states that entered the recurrent products: [`Tape::recurrent_inputs`].
    pub fn recurrent_inputs(&self, from: usize, to: usize) -> PerGate<'_> {
        self.0.recurrent_inputs(from, to)
    }

    /// Dropout masks of the input: [`Tape::input_masks`].
    pub fn input_masks(&self) -> PerGate<'_> {
        self.0.input_masks()
    }

    /// State `k` before step `t`, `[batch, width]`: [`Tape::state`].
    pub(super) fn state(&self, k: usize, t: usize) -> &[f32] {
        self.0.state(k, t)
    }

    /// Width of state `k`.
    pub fn state_width(&self, k: usize) -> usize {
        self.0.state_width(k)
    }
}
