//! The simple recurrent network of Elman (1990), as Keras has it: h ← φ(x·W + h·U + b).

use std::ops::Range;

use serde_json::Value;

use super::cell::{Block, Cell};
use super::functions::initializers;
use super::gates::GateProducts;
use super::per_gate::PerGate;
use super::symbol::{Symbol, TapeLocation};
use super::tape::{Tape, TapeGradients, Timestep};
use crate::Result;
use crate::layers::activation::{self, Activation};
use crate::layers::config::Section;
use crate::layers::initializer::Initializer;
use crate::layers::{Builder, Gradients, PassContext};
use crate::object;

/// Field of the tape that receives the gradients of the pre-activations; `[timesteps, batch, units]`.
const DZ: usize = 0;
/// State h, the output.
const H: usize = 0;

/// The cell of Keras' `SimpleRNN`.
pub struct SimpleRnn {
    units: usize,
    activation: Activation,
    use_bias: bool,
    initializers: [Initializer; 3],
    products: GateProducts,
}

impl SimpleRnn {
    /// Reads the cell's part of the layer's configuration.
    pub fn from_config(config: &Section) -> Result<Self> {
        let default = if config.is_null("activation") { Activation::Linear } else { Activation::Tanh };
        Ok(Self {
            units: config.size("units")?,
            activation: activation::in_section(config, "activation", default)?,
            use_bias: config.flag_or("use_bias", true)?,
            initializers: initializers(config)?,
            products: GateProducts::default(),
        })
    }
}

impl Cell for SimpleRnn {
    fn class_name(&self) -> &'static str {
        "SimpleRNN"
    }

    fn config(&self) -> Value {
        object!({
            "units": self.units,
            "activation": self.activation.name(),
            "use_bias": self.use_bias,
            "kernel_initializer": self.initializers[0].to_keras(),
            "recurrent_initializer": self.initializers[1].to_keras(),
            "bias_initializer": self.initializers[2].to_keras(),
        })
    }

    fn state_widths(&self) -> Vec<usize> {
        vec![self.units]
    }

    fn state_names(&self) -> Vec<String> {
        vec!["h".into()]
    }

    fn field_widths(&self) -> Vec<usize> {
        vec![self.units]
    }

    fn symbols(&self) -> Vec<Symbol> {
        vec![Symbol { name: "h".into(), location: TapeLocation::State { index: H }, width: self.units }]
    }

    fn build(&mut self, features: usize, builder: &mut Builder) -> Result<()> {
        let [kernel, recurrent, bias] = self.initializers;
        let bias = self.use_bias.then_some(bias);
        self.products = GateProducts::build(builder, features, (1, self.units), [kernel, recurrent], bias)?;
        Ok(())
    }

    fn prepare(&mut self, pass: &PassContext, tape: &Tape) {
        self.products.prepare(pass, tape.packing());
    }

    /// Writes x·W + b where h after each step will stand: the step needs no other memory.
    fn project(&mut self, pass: &PassContext, x: &[f32], steps: Range<usize>, tape: &mut Tape) {
        let h = tape.states_after_mut(H, steps.start, steps.end);
        self.products.project(pass, x, (h, PerGate::default()));
    }

    fn step(&mut self, pass: &PassContext, t: usize, tape: &mut Tape) {
        let skip_recurrence = t == 0 && !tape.starts_from_state;
        let Timestep { input, after: [h], .. } = tape.timestep::<1, 1>(t);
        if !skip_recurrence {
            self.products.recur(pass, input, h);
        }
        self.activation.apply(pass.backend, h, self.units);
    }

    fn step_back(
        &mut self,
        pass: &PassContext,
        t: usize,
        tape: &mut TapeGradients,
        dstates: &mut [Vec<f32>],
    ) {
        let needs_states_before = tape.needs_states_before(t);
        let Timestep { masks, after: [h], fields: [dz], .. } = tape.timestep::<1, 1>(t);
        let [dh] = dstates else { unreachable!("a SimpleRNN has one state") };
        dz.copy_from_slice(dh);
        self.activation.back(pass.backend, h, dz, self.units);
        if needs_states_before {
            self.products.recur_back(pass, dz, masks, dh);
        }
    }

    fn accumulate(
        &mut self,
        pass: &PassContext,
        block: Block,
        tape: &mut TapeGradients,
        gradients: &mut Gradients,
    ) {
        self.products.accumulate(pass, block, (tape, DZ), gradients);
    }
}
