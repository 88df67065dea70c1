//! Gated recurrent unit (Cho et al. 2014), as Keras has it, with the reset gate after or before the product.
//!
//! ```text
//! z = σ(x·W_z + h·U_z + b_z)      r = σ(x·W_r + h·U_r + b_r)
//! reset_after:  g = tanh(x·W_h + b_h + r·(h·U_h + b′_h))      b is [2, 3·units]: of the input, of the state
//! else:         g = tanh(x·W_h + b_h + (r·h)·U_h)             b is [3·units]
//! h ← z·h + (1 − z)·g
//! ```

use std::ops::Range;

use serde_json::Value;

use super::cell::{Block, Cell};
use super::functions::Gated;
use super::gates::InputProduct;
use super::per_gate::PerGate;
use super::product::{GateKernel, Packing, Workspace};
use super::symbol::Symbol;
use super::tape::{Tape, TapeGradients, Timestep};
use crate::Result;
use crate::layers::config::Section;
use crate::layers::{Builder, Gradients, PassContext, WeightId};
use crate::math::Matrix;
use crate::math::reduce::{add_assign, add_rows};

/// Field of the tape that holds the gates z r g, later their gradients; `[timesteps, batch, 3·units]`.
const GATES: usize = 0;
/// Field of the inner candidate, `[timesteps, batch, units]`: with `reset_after` h·U_h + b′_h, later its gradient;
/// else r·h.
const INNER: usize = 1;
/// State h, the output.
const H: usize = 0;

/// The cell of Keras' `GRU`.
pub struct Gru {
    options: Gated,
    reset_after: bool,
    input: InputProduct,
    bias: Option<WeightId>,
    /// The first two thirds of U, and the last.
    gates: GateKernel,
    candidate: GateKernel,
    /// What z, r and g begin with, and what the inner candidate begins with; empty without a bias.
    gate_bias: Vec<f32>,
    inner_bias: Vec<f32>,
    workspace: Workspace,
    row_workspace: Vec<f32>,
    /// Gradient of r·h, `[batch, units]`.
    d_reset: Vec<f32>,
    version: (u64, Packing),
}

impl Gru {
    /// Reads the cell's part of the layer's configuration.
    pub fn from_config(config: &Section) -> Result<Self> {
        Ok(Self {
            options: Gated::from_config(config)?,
            reset_after: config.flag_or("reset_after", true)?,
            input: InputProduct::default(),
            bias: None,
            gates: GateKernel::default(),
            candidate: GateKernel::default(),
            gate_bias: Vec::new(),
            inner_bias: Vec::new(),
            workspace: Workspace::default(),
            row_workspace: Vec::new(),
            d_reset: Vec::new(),
            version: (0, Packing::default()),
        })
    }

    /// The biases as the steps need them: those of the state's z and r can be added with those of the input.
    fn prepare_bias(&mut self, pass: &PassContext) {
        let Some(bias) = self.bias else { return };
        let (bias, u) = (pass.parameters.get(bias), self.options.units);
        self.gate_bias.clear();
        self.gate_bias.extend_from_slice(&bias[..3 * u]);
        if self.reset_after {
            add_assign(&mut self.gate_bias[..2 * u], &bias[3 * u..5 * u]);
            self.inner_bias.clear();
            self.inner_bias.extend_from_slice(&bias[5 * u..]);
        }
    }

    /// The inner candidate before the reset gate acts: h·U_h + b′_h.
    fn inner_candidate(&self, pass: &PassContext, input: Option<PerGate>, inner: &mut [f32]) {
        match self.inner_bias.is_empty() {
            true => inner.fill(0.0),
            false => inner
                .chunks_exact_mut(self.options.units)
                .for_each(|row| row.copy_from_slice(&self.inner_bias)),
        }
        if let Some(input) = input {
            self.candidate.forward(pass, input, inner, self.options.units);
        }
    }
}

impl Cell for Gru {
    fn class_name(&self) -> &'static str {
        "GRU"
    }

    fn config(&self) -> Value {
        self.options.to_keras(("reset_after", self.reset_after))
    }

    fn state_widths(&self) -> Vec<usize> {
        vec![self.options.units]
    }

    fn state_names(&self) -> Vec<String> {
        vec!["h".into()]
    }

    fn gate_count(&self) -> usize {
        3
    }

    fn field_widths(&self) -> Vec<usize> {
        vec![3 * self.options.units, self.options.units]
    }

    fn symbols(&self) -> Vec<Symbol> {
        let gates = ["z", "r", "g"].into_iter().enumerate();
        let gates = gates.map(|(k, name)| self.options.gate(name, GATES, k));
        gates.chain([self.options.state("h", H)]).collect()
    }

    fn build(&mut self, features: usize, builder: &mut Builder) -> Result<()> {
        let Gated { units, use_bias, initializers: [kernel, recurrent, bias], .. } = self.options;
        let columns = 3 * units;
        self.input = InputProduct::build(builder, features, (3, units), kernel)?;
        let recurrent =
            builder.weight("recurrent_kernel", [("units", units), ("3·units", columns)], recurrent)?;
        self.bias = match (use_bias, self.reset_after) {
            (false, _) => None,
            (true, false) => Some(builder.weight("bias", [("3·units", columns)], bias)?),
            (true, true) => {
                Some(builder.weight("bias", [("input and state", 2), ("3·units", columns)], bias)?)
            }
        };
        self.input.set_bias(self.bias);
        self.gates = GateKernel::new(recurrent, (units, columns), units, 0..2);
        self.candidate = GateKernel::new(recurrent, (units, columns), units, 2..3);
        Ok(())
    }

    fn prepare(&mut self, pass: &PassContext, tape: &Tape) {
        let packing = tape.packing();
        let version = (pass.parameters.version(), packing);
        if self.version != version {
            self.input.pack(pass, packing);
            self.gates.pack(pass, packing);
            self.candidate.pack(pass, packing);
            self.prepare_bias(pass);
            self.version = version;
        }
    }

    fn project(&mut self, pass: &PassContext, x: &[f32], steps: Range<usize>, tape: &mut Tape) {
        let target = tape.fields_and_input_masks(GATES, steps.start, steps.end);
        self.input.project(pass, &self.gate_bias, x, target);
    }

    fn step(&mut self, pass: &PassContext, t: usize, tape: &mut Tape) {
        let starts_from_zero = t == 0 && !tape.starts_from_state;
        let Timestep { input, before: [before], after: [h], fields: [z, inner], .. } =
            tape.timestep::<1, 2>(t);
        let u = self.options.units;
        if !starts_from_zero {
            self.gates.forward(pass, input, z, 3 * u);
        }
        if self.reset_after {
            self.inner_candidate(pass, (!starts_from_zero).then_some(input), inner);
            self.options.pointwise(pass, &mut self.row_workspace).gru_after(z, inner, before, h);
            return;
        }
        let mut pointwise = self.options.pointwise(pass, &mut self.row_workspace);
        pointwise.gru_reset(z, inner, input.of(2));
        if !starts_from_zero {
            self.candidate.whole.forward(pass, inner, &mut z[2 * u..], 3 * u);
        }
        pointwise.gru_before(z, before, h);
    }

    fn step_back(
        &mut self,
        pass: &PassContext,
        t: usize,
        tape: &mut TapeGradients,
        dstates: &mut [Vec<f32>],
    ) {
        let needs_states_before = tape.needs_states_before(t);
        let step = tape.timestep::<1, 2>(t);
        let [dh] = dstates else { unreachable!("a GRU has one state") };
        match self.reset_after {
            true => self.step_back_after(pass, needs_states_before, step, dh),
            false => self.step_back_before(pass, needs_states_before, step, dh),
        }
    }

    fn accumulate(
        &mut self,
        pass: &PassContext,
        block: Block,
        tape: &mut TapeGradients,
        gradients: &mut Gradients,
    ) {
        let (u, Range { start, end }) = (self.options.units, block.steps.clone());
        let dz = tape.gradients_between(GATES, start, end);
        let inner = tape.gradients_between(INNER, start, end);
        let h = tape.recurrent_inputs(start, end);
        let all = Matrix::new(dz, dz.len() / (3 * u), 3 * u);
        self.input.accumulate(pass, block, (all, tape.input_masks()), &mut self.workspace, gradients);
        self.gates.accumulate(pass, h, all.columns_between(0..2 * u), &mut self.workspace, gradients);
        if !self.reset_after {
            // (r·h)ᵀ·dg: the inner field holds the input of the candidate's product.
            let dg = all.columns_between(2 * u..3 * u);
            self.candidate.accumulate(pass, PerGate::same(inner), dg, &mut self.workspace, gradients);
            return;
        }
        let d_inner = Matrix::new(inner, all.rows, u);
        self.candidate.accumulate(pass, h, d_inner, &mut self.workspace, gradients);
        if let Some(bias) = self.bias {
            let bias = &mut gradients.get_mut(bias)[3 * u..];
            dz.chunks_exact(3 * u).for_each(|row| add_assign(&mut bias[..2 * u], &row[..2 * u]));
            add_rows(&mut bias[2 * u..], inner);
        }
    }
}

impl Gru {
    /// One step back with the reset gate after the product.
    fn step_back_after(
        &mut self,
        pass: &PassContext,
        needs_before: bool,
        step: Timestep<1, 2>,
        dh: &mut [f32],
    ) {
        let Timestep { masks, before: [before], fields: [z, inner], .. } = step;
        let u = self.options.units;
        self.options.pointwise(pass, &mut self.row_workspace).gru_after_back(z, inner, before, dh);
        if needs_before {
            let dz = Matrix::with_stride(z, dh.len() / u, 2 * u, 3 * u);
            self.gates.back(pass, dz, masks, &mut self.workspace, dh);
            let d_inner = Matrix::new(inner, dz.rows, u);
            self.candidate.back(pass, d_inner, masks, &mut self.workspace, dh);
        }
    }

    /// One step back with the reset gate before the product.
    fn step_back_before(
        &mut self,
        pass: &PassContext,
        needs_before: bool,
        step: Timestep<1, 2>,
        dh: &mut [f32],
    ) {
        let Timestep { input, masks, before: [before], fields: [z, _], .. } = step;
        let u = self.options.units;
        let mut pointwise = self.options.pointwise(pass, &mut self.row_workspace);
        pointwise.gru_before_back(z, before, dh);
        let d_reset = &mut self.d_reset;
        d_reset.clear();
        d_reset.resize(dh.len(), 0.0);
        let dg = Matrix::new(z, dh.len() / u, 3 * u).columns_between(2 * u..3 * u);
        self.candidate.whole.back(pass, dg, d_reset);
        pointwise.gru_reset_back(z, input.of(2), d_reset);
        if needs_before {
            d_reset.iter_mut().zip(masks.of(2)).for_each(|(d, m)| *d *= m);
            add_assign(dh, d_reset);
            let dz = Matrix::with_stride(z, dh.len() / u, 2 * u, 3 * u);
            self.gates.back(pass, dz, masks, &mut self.workspace, dh);
        }
    }
}
