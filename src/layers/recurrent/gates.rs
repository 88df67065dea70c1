//! z = x·W + h·U + b for all gates of a cell in one matrix, and its gradients.

use std::ops::Range;

use super::cell::Block;
use super::dropped::Dropped;
use super::product::{GateKernel, Packing, Room};
use super::tape::Tape;
use crate::Result;
use crate::layers::initializer::Initializer;
use crate::layers::{Builder, Gradients, Pass, WeightId};
use crate::math::reduce::add_rows;

/// x·W + b for all gates at once: the part of a cell that does not wait for the state.
#[derive(Default)]
pub struct InputProduct {
    kernel: GateKernel,
    /// b, if there is one: as many numbers as W has columns, or more, of which the first are meant.
    bias: Option<WeightId>,
    columns: usize,
    /// The input under the mask of each gate, `[gates, steps, batch, features]`.
    dropped: Vec<f32>,
}

impl InputProduct {
    /// Declares `kernel`, `[features, gates·units]`.
    pub fn build(
        builder: &mut Builder,
        features: usize,
        (gates, units): (usize, usize),
        initializer: Initializer,
    ) -> Result<Self> {
        let columns = gates * units;
        let kernel = builder.weight("kernel", &[features, columns], initializer)?;
        let kernel = GateKernel::new(kernel, (features, columns), units, 0..gates);
        Ok(Self { kernel, bias: None, columns, dropped: Vec::new() })
    }

    /// Lets the first row of `bias` have its gradient from here.
    pub fn set_bias(&mut self, bias: Option<WeightId>) {
        self.bias = bias;
    }

    /// Packs the weights; there is a row for every timestep of a block, so never for single rows.
    pub fn pack(&mut self, pass: &Pass, packing: Packing) {
        self.kernel.pack(pass, Packing { single_rows: false, ..packing });
    }

    /// `z = b + x·W` for a block of rows; without numbers b is zero.
    pub fn project(&mut self, pass: &Pass, b: &[f32], x: &[f32], (z, masks): (&mut [f32], Dropped)) {
        match b.is_empty() {
            true => z.fill(0.0),
            false => z.chunks_exact_mut(self.columns).for_each(|row| row.copy_from_slice(b)),
        }
        let x = masks.over(x, &mut self.dropped);
        self.kernel.forward(pass, x, z, self.columns);
    }

    /// Gradients of W, b and x from `dz`, `[steps, batch, columns]`, which is packed in `room` afterwards unless every
    /// gate has an input of its own.
    pub fn gather(
        &mut self,
        pass: &Pass,
        block: Block,
        (dz, masks): (&[f32], Dropped),
        room: &mut Room,
        gradients: &mut Gradients,
    ) {
        let x = masks.over(block.x, &mut self.dropped);
        self.kernel.gather(pass, x, (dz, self.columns, false), room, gradients);
        if let Some(bias) = self.bias {
            add_rows(&mut gradients.get_mut(bias)[..self.columns], dz);
        }
        if let Some(dx) = block.dx {
            dx.fill(0.0);
            self.kernel.back(pass, (dz, self.columns), masks, room, dx);
        }
    }
}

/// z = x·W + h·U + b, all gates in one matrix: what SimpleRNN and LSTM begin with.
#[derive(Default)]
pub struct GateProducts {
    input: InputProduct,
    recurrent_kernel: GateKernel,
    bias: Option<WeightId>,
    room: Room,
    columns: usize,
    version: (u64, Packing),
}

impl GateProducts {
    /// Declares `kernel`, `[features, gates·units]`, `recurrent_kernel`, `[units, gates·units]`, and `bias`,
    /// `[gates·units]`, if it has an initializer.
    pub fn build(
        builder: &mut Builder,
        features: usize,
        (gates, units): (usize, usize),
        [kernel, recurrent]: [Initializer; 2],
        bias: Option<Initializer>,
    ) -> Result<Self> {
        let columns = gates * units;
        let mut input = InputProduct::build(builder, features, (gates, units), kernel)?;
        let recurrent = builder.weight("recurrent_kernel", &[units, columns], recurrent)?;
        let bias = bias.map(|initializer| builder.weight("bias", &[columns], initializer)).transpose()?;
        input.set_bias(bias);
        let recurrent_kernel = GateKernel::new(recurrent, (units, columns), units, 0..gates);
        Ok(Self { input, recurrent_kernel, bias, columns, ..Self::default() })
    }

    /// Packs the weights if they changed or are packed otherwise.
    pub fn prepare(&mut self, pass: &Pass, packing: Packing) {
        if self.version != (pass.parameters.version(), packing) {
            self.input.pack(pass, packing);
            self.recurrent_kernel.pack(pass, packing);
            self.version = (pass.parameters.version(), packing);
        }
    }

    /// `z = b + x·W` for a block of rows; `target` is z and the dropout masks of x.
    pub fn project(&mut self, pass: &Pass, x: &[f32], target: (&mut [f32], Dropped)) {
        let bias = self.bias.map_or(&[][..], |bias| pass.parameters.get(bias));
        self.input.project(pass, bias, x, target);
    }

    /// `z += h·U`.
    pub fn recur(&self, pass: &Pass, h: Dropped, z: &mut [f32]) {
        self.recurrent_kernel.forward(pass, h, z, self.columns);
    }

    /// `dh = dz·Uᵀ`, through the dropout masks of h.
    pub fn recur_back(&mut self, pass: &Pass, dz: &[f32], masks: Dropped, dh: &mut [f32]) {
        dh.fill(0.0);
        self.recurrent_kernel.back(pass, (dz, self.columns), masks, &mut self.room, dh);
    }

    /// All weight gradients of a block and its `dx`, where dz stands in field `field` of the tape.
    pub fn gather(
        &mut self,
        pass: &Pass,
        block: Block,
        (tape, field): (&Tape, usize),
        gradients: &mut Gradients,
    ) {
        let Range { start, end } = block.steps;
        let dz = tape.fields_between(field, start, end);
        let (h, masks) = (tape.recurrent_inputs(start, end), tape.input_masks());
        self.input.gather(pass, block, (dz, masks), &mut self.room, gradients);
        let dz = (dz, self.columns, !masks.is_split());
        self.recurrent_kernel.gather(pass, h, dz, &mut self.room, gradients);
    }
}
