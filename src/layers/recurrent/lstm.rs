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
use super::functions::{Functions, Gated, with_functions};
use super::gates::GateProducts;
use super::symbol::Symbol;
use super::tape::{Tape, TapeGradients, Timestep};
use super::whole_rows::{Row, WholeRows};
use crate::Result;
use crate::layers::config::Section;
use crate::layers::initializer::Initializer;
use crate::layers::{Builder, Gradients, PassContext};
use crate::math::lanes::Lanes;

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
        let (u, own) = (self.options.units, self.options.functions);
        let whole = WholeRows { backend: pass.backend, functions: own, workspace: &mut self.workspace };
        for r in 0..h.len() / u {
            let unit = |all: Range<usize>| all.start * u..all.end * u;
            let row = Row { z: &mut z[unit(4 * r..4 * r + 4)], tanh_c: &mut tanh_c[unit(r..r + 1)] };
            let (before, c, h) = (&c_before[unit(r..r + 1)], &mut c[unit(r..r + 1)], &mut h[unit(r..r + 1)]);
            with_functions!(pass.backend, own, |L, functions| forward_row::<L>(functions, row, before, c, h),
                whole: whole.lstm(row, before, c, h));
        }
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
        let (u, own) = (self.options.units, self.options.functions);
        let mut whole = WholeRows { backend: pass.backend, functions: own, workspace: &mut self.workspace };
        for r in 0..dh.len() / u {
            let unit = |all: Range<usize>| all.start * u..all.end * u;
            let row = Row { z: &mut z[unit(4 * r..4 * r + 4)], tanh_c: &mut tanh_c[unit(r..r + 1)] };
            let (before, dh, dc) = (&c_before[unit(r..r + 1)], &dh[unit(r..r + 1)], &mut dc[unit(r..r + 1)]);
            with_functions!(pass.backend, own, |L, functions| backward_row::<L>(functions, row, before, dh, dc),
                whole: whole.lstm_back(row, before, dh, dc));
        }
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

// What four lanes do are functions, not closures, and arrays are written out: a browser build that does not inline them
// passes everything through memory, which cost a third of the time of a step.

/// Pre-activations of i f g o and c before, to i f g o, c, tanh(c) and h.
#[inline(always)]
fn forward_lanes<L: Lanes>(functions: Functions, [i, f, g, o, c]: [L; 5]) -> [L; 7] {
    let (i, f) = (functions.recurrent_activation.of(i), functions.recurrent_activation.of(f));
    let (g, o) = (functions.activation.of(g), functions.recurrent_activation.of(o));
    let c = f.mul(c).add(i.mul(g));
    let tanh_c = functions.activation.of(c);
    [i, f, g, o, c, tanh_c, o.mul(tanh_c)]
}

/// Gates, c before, tanh(c), dh and dc, to the gradients of the four pre-activations and of c before.
#[inline(always)]
fn backward_lanes<L: Lanes>(functions: Functions, [i, f, g, o, before, tanh_c, dh, dc]: [L; 8]) -> [L; 5] {
    let (activation, gate) = (functions.activation, functions.recurrent_activation);
    let dc = dc.add(dh.mul(o).mul(activation.derivative_of(tanh_c)));
    [
        dc.mul(g).mul(gate.derivative_of(i)),
        dc.mul(before).mul(gate.derivative_of(f)),
        dc.mul(i).mul(activation.derivative_of(g)),
        dh.mul(tanh_c).mul(gate.derivative_of(o)),
        dc.mul(f),
    ]
}

/// The four parts of a row of gates.
#[inline(always)]
fn quarters(z: &mut [f32]) -> [&mut [f32]; 4] {
    let (first, second) = z.split_at_mut(z.len() / 2);
    let (i, f) = first.split_at_mut(first.len() / 2);
    let (g, o) = second.split_at_mut(second.len() / 2);
    [i, f, g, o]
}

/// Gates and states of one sample: `z` holds pre-activations and receives the gates.
#[inline(always)]
fn forward_row<L: Lanes>(functions: Functions, row: Row, c_before: &[f32], c: &mut [f32], h: &mut [f32]) {
    let [zi, zf, zg, zo] = quarters(row.z);
    let (zi, i_rest) = zi.as_chunks_mut::<4>();
    let (zf, f_rest) = zf.as_chunks_mut::<4>();
    let (zg, g_rest) = zg.as_chunks_mut::<4>();
    let (zo, o_rest) = zo.as_chunks_mut::<4>();
    let (before, before_rest) = c_before.as_chunks::<4>();
    let (c, c_rest) = c.as_chunks_mut::<4>();
    let (tanh_c, tanh_rest) = row.tanh_c.as_chunks_mut::<4>();
    let (h, h_rest) = h.as_chunks_mut::<4>();
    let n = zi.len();
    let (zf, zg, zo) = (&mut zf[..n], &mut zg[..n], &mut zo[..n]);
    let (before, c, tanh_c, h) = (&before[..n], &mut c[..n], &mut tanh_c[..n], &mut h[..n]);
    for k in 0..n {
        let gates = [L::load(&zi[k]), L::load(&zf[k]), L::load(&zg[k]), L::load(&zo[k]), L::load(&before[k])];
        let done = forward_lanes(functions, gates);
        done[0].store(&mut zi[k]);
        done[1].store(&mut zf[k]);
        done[2].store(&mut zg[k]);
        done[3].store(&mut zo[k]);
        done[4].store(&mut c[k]);
        done[5].store(&mut tanh_c[k]);
        done[6].store(&mut h[k]);
    }
    if !i_rest.is_empty() {
        let gates = [L::load_part(i_rest), L::load_part(f_rest), L::load_part(g_rest), L::load_part(o_rest)];
        let [i, f, g, o] = gates;
        let done = forward_lanes(functions, [i, f, g, o, L::load_part(before_rest)]);
        done[0].store_part(i_rest);
        done[1].store_part(f_rest);
        done[2].store_part(g_rest);
        done[3].store_part(o_rest);
        done[4].store_part(c_rest);
        done[5].store_part(tanh_rest);
        done[6].store_part(h_rest);
    }
}

/// The reverse: `z` holds the gates and receives their pre-activation gradients, `dc` becomes that of c before.
#[inline(always)]
fn backward_row<L: Lanes>(functions: Functions, row: Row, c_before: &[f32], dh: &[f32], dc: &mut [f32]) {
    let [zi, zf, zg, zo] = quarters(row.z);
    let (zi, i_rest) = zi.as_chunks_mut::<4>();
    let (zf, f_rest) = zf.as_chunks_mut::<4>();
    let (zg, g_rest) = zg.as_chunks_mut::<4>();
    let (zo, o_rest) = zo.as_chunks_mut::<4>();
    let (before, before_rest) = c_before.as_chunks::<4>();
    let (tanh_c, tanh_rest) = row.tanh_c.as_chunks::<4>();
    let (dh, dh_rest) = dh.as_chunks::<4>();
    let (dc, dc_rest) = dc.as_chunks_mut::<4>();
    let n = zi.len();
    let (zf, zg, zo) = (&mut zf[..n], &mut zg[..n], &mut zo[..n]);
    let (before, tanh_c, dh, dc) = (&before[..n], &tanh_c[..n], &dh[..n], &mut dc[..n]);
    for k in 0..n {
        let [i, f, g, o] = [L::load(&zi[k]), L::load(&zf[k]), L::load(&zg[k]), L::load(&zo[k])];
        let (before, tanh_c, dh) = (L::load(&before[k]), L::load(&tanh_c[k]), L::load(&dh[k]));
        let done = backward_lanes(functions, [i, f, g, o, before, tanh_c, dh, L::load(&dc[k])]);
        done[0].store(&mut zi[k]);
        done[1].store(&mut zf[k]);
        done[2].store(&mut zg[k]);
        done[3].store(&mut zo[k]);
        done[4].store(&mut dc[k]);
    }
    if !i_rest.is_empty() {
        let gates = [L::load_part(i_rest), L::load_part(f_rest), L::load_part(g_rest), L::load_part(o_rest)];
        let [i, f, g, o] = gates;
        let (before, tanh_c) = (L::load_part(before_rest), L::load_part(tanh_rest));
        let (dh, dc) = (L::load_part(dh_rest), L::load_part(dc_rest));
        let done = backward_lanes(functions, [i, f, g, o, before, tanh_c, dh, dc]);
        done[0].store_part(i_rest);
        done[1].store_part(f_rest);
        done[2].store_part(g_rest);
        done[3].store_part(o_rest);
        done[4].store_part(dc_rest);
    }
}
