//! LSTM: gates, memory and output of every sample, and the way back.

use std::ops::Range;

use super::whole_rows::Row;
use super::{Functions, Pointwise, with_functions};
use crate::activation::Function;
use crate::lanes::Lanes;

impl Pointwise<'_> {
    /// Forward: `z`, `[batch, 4·units]`, holds the pre-activations of i f g o and receives the gates;
    /// c ← f·c + i·g and h ← o·tanh(c) are written beside tanh(c).
    pub fn lstm(&mut self, z: &mut [f32], c_before: &[f32], [c, tanh_c, h]: [&mut [f32]; 3]) {
        let (u, own, backend) = (self.units, self.functions, self.backend);
        for r in 0..h.len() / u {
            let unit = |all: Range<usize>| all.start * u..all.end * u;
            let row = Row { z: &mut z[unit(4 * r..4 * r + 4)], tanh_c: &mut tanh_c[unit(r..r + 1)] };
            let (before, c, h) = (&c_before[unit(r..r + 1)], &mut c[unit(r..r + 1)], &mut h[unit(r..r + 1)]);
            with_functions!(backend, own, |L, functions| forward_row::<L, _>(functions, row, before, c, h),
                whole: self.lstm_row(row, before, c, h));
        }
    }

    /// The reverse: `z` holds the gates and receives the gradients of their pre-activations, `dc` becomes the gradient
    /// of c before the step; `tanh_c` is overwritten.
    pub fn lstm_back(&mut self, [z, tanh_c]: [&mut [f32]; 2], c_before: &[f32], dh: &[f32], dc: &mut [f32]) {
        let (u, own, backend) = (self.units, self.functions, self.backend);
        for r in 0..dh.len() / u {
            let unit = |all: Range<usize>| all.start * u..all.end * u;
            let row = Row { z: &mut z[unit(4 * r..4 * r + 4)], tanh_c: &mut tanh_c[unit(r..r + 1)] };
            let (before, dh, dc) = (&c_before[unit(r..r + 1)], &dh[unit(r..r + 1)], &mut dc[unit(r..r + 1)]);
            with_functions!(backend, own, |L, functions| backward_row::<L, _>(functions, row, before, dh, dc),
                whole: self.lstm_row_back(row, before, dh, dc));
        }
    }
}

// What four lanes do are functions, not closures, and arrays are written out: a browser build that does not inline them
// passes everything through memory, which cost a third of the time of a step.

/// Pre-activations of i f g o and c before, to i f g o, c, tanh(c) and h.
#[inline(always)]
fn forward_lanes<L: Lanes, F: Function>(functions: Functions<F>, [i, f, g, o, c]: [L; 5]) -> [L; 7] {
    let (i, f) = (functions.recurrent_activation.of(i), functions.recurrent_activation.of(f));
    let (g, o) = (functions.activation.of(g), functions.recurrent_activation.of(o));
    let c = f.mul(c).add(i.mul(g));
    let tanh_c = functions.activation.of(c);
    [i, f, g, o, c, tanh_c, o.mul(tanh_c)]
}

/// Gates, c before, tanh(c), dh and dc, to the gradients of the four pre-activations and of c before.
#[inline(always)]
fn backward_lanes<L: Lanes, F: Function>(
    functions: Functions<F>,
    [i, f, g, o, before, tanh_c, dh, dc]: [L; 8],
) -> [L; 5] {
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
fn forward_row<L: Lanes, F: Function>(
    functions: Functions<F>,
    row: Row,
    c_before: &[f32],
    c: &mut [f32],
    h: &mut [f32],
) {
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
fn backward_row<L: Lanes, F: Function>(
    functions: Functions<F>,
    row: Row,
    c_before: &[f32],
    dh: &[f32],
    dc: &mut [f32],
) {
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
