//! z = x·W + h·U + b for all gates of a cell in one matrix, and its gradients.

use std::ops::Range;

use super::cell::Block;
use super::per_gate::PerGate;
use super::product::{GateKernel, Packing, Workspace};
use super::tape::TapeGradients;
use crate::Result;
use crate::layers::initializer::Initializer;
use crate::layers::{Builder, Gradients, PassContext, WeightId};
use crate::math::Matrix;
use crate::math::reduce::add_rows;

/// x·W + b for all gates at once: the part of a cell that does not depend on the state.
#[derive(Default)]
pub struct InputProduct {
    kernel: GateKernel,
    /// b, if there is one. It has at least as many numbers as W has columns; the first of them are used.
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
        let kernel = builder.weight(
            "kernel",
            [("features", features), (&columns_name(gates), columns)],
            initializer,
        )?;
        let kernel = GateKernel::new(kernel, (features, columns), units, 0..gates);
        Ok(Self { kernel, bias: None, columns, dropped: Vec::new() })
    }

    /// The weight whose first `columns` numbers are b; their gradient is computed here.
    pub fn set_bias(&mut self, bias: Option<WeightId>) {
        self.bias = bias;
    }

    /// Packs the weights; there is a row for every timestep of a block, so never for single rows.
    pub fn pack(&mut self, pass: &PassContext, packing: Packing) {
        self.kernel.pack(pass, Packing { single_rows: false, ..packing });
    }

    /// `z = b + x·W` for a block of rows; without numbers b is zero.
    pub fn project(&mut self, pass: &PassContext, b: &[f32], x: &[f32], (z, masks): (&mut [f32], PerGate)) {
        match b.is_empty() {
            true => z.fill(0.0),
            false => z.chunks_exact_mut(self.columns).for_each(|row| row.copy_from_slice(b)),
        }
        let x = masks.over(x, &mut self.dropped);
        self.kernel.forward(pass, x, z, self.columns);
    }

    /// Gradients of W, b and x from `dz`, `[steps·batch, columns]` without gaps, which is packed in `workspace`
    /// afterwards unless every gate has an input of its own.
    pub fn accumulate(
        &mut self,
        pass: &PassContext,
        block: Block,
        (dz, masks): (Matrix, PerGate),
        workspace: &mut Workspace,
        gradients: &mut Gradients,
    ) {
        let x = masks.over(block.x, &mut self.dropped);
        self.kernel.accumulate(pass, x, dz, workspace, gradients);
        if let Some(bias) = self.bias {
            add_rows(&mut gradients.get_mut(bias)[..self.columns], dz.data);
        }
        if let Some(dx) = block.dx {
            dx.fill(0.0);
            self.kernel.back(pass, dz, masks, workspace, dx);
        }
    }
}

/// What the columns of a weight for `gates` gates are called in an error: `4·units`.
pub(super) fn columns_name(gates: usize) -> String {
    if gates == 1 { "units".to_owned() } else { format!("{gates}·units") }
}

/// z = x·W + h·U + b, all gates in one matrix: what SimpleRNN and LSTM begin with.
#[derive(Default)]
pub struct GateProducts {
    input: InputProduct,
    recurrent_kernel: GateKernel,
    bias: Option<WeightId>,
    workspace: Workspace,
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
        let recurrent = builder.weight(
            "recurrent_kernel",
            [("units", units), (&columns_name(gates), columns)],
            recurrent,
        )?;
        let bias = bias
            .map(|initializer| builder.weight("bias", [(columns_name(gates).as_str(), columns)], initializer))
            .transpose()?;
        input.set_bias(bias);
        let recurrent_kernel = GateKernel::new(recurrent, (units, columns), units, 0..gates);
        Ok(Self { input, recurrent_kernel, bias, columns, ..Self::default() })
    }

    /// Packs the weights if they changed or are packed otherwise.
    pub fn prepare(&mut self, pass: &PassContext, packing: Packing) {
        if self.version != (pass.parameters.version(), packing) {
            self.input.pack(pass, packing);
            self.recurrent_kernel.pack(pass, packing);
            self.version = (pass.parameters.version(), packing);
        }
    }

    /// `z = b + x·W` for a block of rows; `target` is z and the dropout masks of x.
    pub fn project(&mut self, pass: &PassContext, x: &[f32], target: (&mut [f32], PerGate)) {
        let bias = self.bias.map_or(&[][..], |bias| pass.parameters.get(bias));
        self.input.project(pass, bias, x, target);
    }

    /// `z += h·U`.
    #[inline(always)]
    pub fn recur(&self, pass: &PassContext, h: PerGate, z: &mut [f32]) {
        self.recurrent_kernel.forward(pass, h, z, self.columns);
    }

    /// `dh = dz·Uᵀ`, through the dropout masks of h.
    pub fn recur_back(&mut self, pass: &PassContext, dz: &[f32], masks: PerGate, dh: &mut [f32]) {
        dh.fill(0.0);
        let dz = Matrix::new(dz, dz.len() / self.columns, self.columns);
        self.recurrent_kernel.back(pass, dz, masks, &mut self.workspace, dh);
    }

    /// All weight gradients of a block and its `dx`, where dz is field `field` of the tape.
    pub fn accumulate(
        &mut self,
        pass: &PassContext,
        block: Block,
        (tape, field): (&TapeGradients, usize),
        gradients: &mut Gradients,
    ) {
        let Range { start, end } = block.steps;
        let dz = tape.gradients_between(field, start, end);
        let dz = Matrix::new(dz, dz.len() / self.columns, self.columns);
        let (h, masks) = (tape.recurrent_inputs(start, end), tape.input_masks());
        self.input.accumulate(pass, block, (dz, masks), &mut self.workspace, gradients);
        let workspace = &mut self.workspace;
        match h.is_split() || masks.is_split() {
            true => self.recurrent_kernel.accumulate(pass, h, dz, workspace, gradients),
            false => self.recurrent_kernel.accumulate_packed(pass, h, workspace, gradients),
        }
    }
}
