//! Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000), as Keras has it.
//!
//! ```text
//! z = x·W + h·U + b            four parts of `units` columns: i f c o
//! i = σ(z_i)   f = σ(z_f)   g = tanh(z_c)   o = σ(z_o)
//! c ← f·c + i·g
//! h ← o·tanh(c)
//! ```

use std::ops::Range;

use serde_json::Value;

use super::cell::{Block, Cell};
use super::functions::Gated;
use super::gates::GateProducts;
use super::symbol::Symbol;
use super::tape::{Tape, TapeGradients, Timestep};
use crate::Result;
use crate::layers::config::Section;
use crate::layers::initializer::Initializer;
use crate::layers::{Builder, Gradients, PassContext};

/// Field of the tape that holds the gates i f g o, later their gradients; `[timesteps, batch, 4·units]`.
const GATES: usize = 0;
/// State h, the output.
const H: usize = 0;
/// State c, the memory.
const C: usize = 1;

/// The cell of Keras' `LSTM`.
pub struct Lstm {
    options: Gated,
    unit_forget_bias: bool,
    products: GateProducts,
    workspace: Vec<f32>,
}

impl Lstm {
    /// Reads the cell's part of the layer's configuration.
    pub fn from_config(config: &Section) -> Result<Self> {
        Ok(Self {
            options: Gated::from_config(config)?,
            unit_forget_bias: config.flag_or("unit_forget_bias", true)?,
            products: GateProducts::default(),
            workspace: Vec::new(),
        })
    }
}

impl Cell for Lstm {
    fn class_name(&self) -> &'static str {
        "LSTM"
    }

    fn config(&self) -> Value {
        self.options.to_keras(("unit_forget_bias", self.unit_forget_bias))
    }

    fn state_widths(&self) -> Vec<usize> {
        vec![self.options.units; 2]
    }

    fn state_names(&self) -> Vec<String> {
        vec!["h".into(), "c".into()]
    }

    fn gate_count(&self) -> usize {
        4
    }

    fn field_widths(&self) -> Vec<usize> {
        vec![4 * self.options.units, self.options.units]
    }

    fn symbols(&self) -> Vec<Symbol> {
        let (gates, states) = (["i", "f", "g", "o"].into_iter().enumerate(), [("c", C), ("h", H)]);
        let gates = gates.map(|(k, name)| self.options.gate(name, GATES, k));
        gates.chain(states.map(|(name, index)| self.options.state(name, index))).collect()
    }

    fn build(&mut self, features: usize, builder: &mut Builder) -> Result<()> {
        let Gated { units, use_bias, initializers: [kernel, recurrent, bias], .. } = self.options;
        let bias = if self.unit_forget_bias { Initializer::UnitForget { gate: 1, gates: 4 } } else { bias };
        let bias = use_bias.then_some(bias);
        self.products = GateProducts::build(builder, features, (4, units), [kernel, recurrent], bias)?;
        Ok(())
    }

    fn prepare(&mut self, pass: &PassContext, tape: &Tape) {
        self.products.prepare(pass, tape.packing());
    }

    fn project(&mut self, pass: &PassContext, x: &[f32], steps: Range<usize>, tape: &mut Tape) {
        self.products.project(pass, x, tape.fields_and_input_masks(GATES, steps.start, steps.end));
    }

    fn step(&mut self, pass: &PassContext, t: usize, tape: &mut Tape) {
        let skip_recurrence = t == 0 && !tape.starts_from_state;
        let Timestep { input, before: [_, c_before], after: [h, c], fields: [z, tanh_c], .. } =
            tape.timestep::<2, 2>(t);
        if !skip_recurrence {
            self.products.recur(pass, input, z);
        }
        self.options.pointwise(pass, &mut self.workspace).lstm(z, c_before, [c, tanh_c, h]);
    }

    fn step_back(
        &mut self,
        pass: &PassContext,
        t: usize,
        tape: &mut TapeGradients,
        dstates: &mut [Vec<f32>],
    ) {
        let needs_states_before = tape.needs_states_before(t);
        let Timestep { masks, before: [_, c_before], fields: [z, tanh_c], .. } = tape.timestep::<2, 2>(t);
        let [dh, dc] = dstates else { unreachable!("an LSTM has two states") };
        self.options.pointwise(pass, &mut self.workspace).lstm_back([z, tanh_c], c_before, dh, dc);
        if needs_states_before {
            self.products.recur_back(pass, z, masks, dh);
        }
    }

    fn accumulate(
        &mut self,
        pass: &PassContext,
        block: Block,
        tape: &mut TapeGradients,
        gradients: &mut Gradients,
    ) {
        self.products.accumulate(pass, block, (tape, GATES), gradients);
    }
}
