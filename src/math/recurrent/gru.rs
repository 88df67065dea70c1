//! GRU with its reset gate after or before the product: gates and state of every sample, and the way back.

use super::rows::each_lane;
use super::{Functions, Pointwise, with_functions};
use crate::activation::Function;
use crate::lanes::Lanes;

// `z`, `[batch, 3·units]`, holds the gates z r g side by side.
impl Pointwise<'_> {
    /// Forward, reset gate after the product: `z` holds pre-activations and receives the gates, `inner` is the inner
    /// candidate h·U + b, and h ← z·h + (1 − z)·g.
    pub fn gru_after(&mut self, z: &mut [f32], inner: &[f32], before: &[f32], h: &mut [f32]) {
        let (u, own, backend) = (self.units, self.functions, self.backend);
        let rows = z.chunks_exact_mut(3 * u).zip(inner.chunks_exact(u));
        let rows = rows.zip(before.chunks_exact(u)).zip(h.chunks_exact_mut(u));
        with_functions!(backend, own, |L, functions| {
            rows.for_each(|(((z, inner), before), h)| forward_after::<L, _>(functions, z, inner, before, h))
        }, whole: rows.for_each(|(((z, inner), before), h)| self.gru_after_row(z, inner, before, h)));
    }

    /// The reverse: gates and inner candidate are replaced by their gradients, `dh` by its part that went through z·h.
    pub fn gru_after_back(&mut self, z: &mut [f32], inner: &mut [f32], before: &[f32], dh: &mut [f32]) {
        let (u, own, backend) = (self.units, self.functions, self.backend);
        let rows = z.chunks_exact_mut(3 * u).zip(inner.chunks_exact_mut(u));
        let rows = rows.zip(before.chunks_exact(u)).zip(dh.chunks_exact_mut(u));
        with_functions!(backend, own, |L, functions| {
            rows.for_each(|(((z, inner), before), dh)| backward_after::<L, _>(functions, z, inner, before, dh))
        }, whole: rows.for_each(|(((z, inner), before), dh)| self.gru_after_row_back(z, inner, before, dh)));
    }

    /// Forward, reset gate before the product, first part: gates z and r, and r·h, which enters the product.
    pub fn gru_reset(&mut self, z: &mut [f32], inner: &mut [f32], input: &[f32]) {
        let (u, own, backend) = (self.units, self.functions, self.backend);
        let rows = z.chunks_exact_mut(3 * u).zip(inner.chunks_exact_mut(u)).zip(input.chunks_exact(u));
        with_functions!(backend, own, |L, functions| {
            rows.for_each(|((z, inner), input)| reset_state::<L, _>(functions, z, inner, input))
        }, whole: rows.for_each(|((z, inner), input)| self.gru_reset_row(z, inner, input)));
    }

    /// The reverse: `d` is the gradient of r·h and becomes that of h; r is replaced by the gradient of its
    /// pre-activation.
    pub fn gru_reset_back(&mut self, z: &mut [f32], input: &[f32], d: &mut [f32]) {
        let (u, own, backend) = (self.units, self.functions, self.backend);
        let rows = z.chunks_exact_mut(3 * u).zip(input.chunks_exact(u)).zip(d.chunks_exact_mut(u));
        with_functions!(backend, own, |L, functions| {
            rows.for_each(|((z, input), d)| reset_state_back::<L, _>(functions, z, input, d))
        }, whole: rows.for_each(|((z, input), d)| self.gru_reset_row_back(z, input, d)));
    }

    /// The second part: candidate g from its pre-activation, and h ← z·h + (1 − z)·g.
    pub fn gru_before(&mut self, z: &mut [f32], before: &[f32], h: &mut [f32]) {
        let (u, own, backend) = (self.units, self.functions, self.backend);
        let rows = z.chunks_exact_mut(3 * u).zip(before.chunks_exact(u)).zip(h.chunks_exact_mut(u));
        with_functions!(backend, own, |L, functions| {
            rows.for_each(|((z, before), h)| forward_before::<L, _>(functions, z, before, h))
        }, whole: rows.for_each(|((z, before), h)| self.gru_before_row(z, before, h)));
    }

    /// The reverse: z and g are replaced by their gradients, `dh` by its part that went through z·h.
    pub fn gru_before_back(&mut self, z: &mut [f32], before: &[f32], dh: &mut [f32]) {
        let (u, own, backend) = (self.units, self.functions, self.backend);
        let rows = z.chunks_exact_mut(3 * u).zip(before.chunks_exact(u)).zip(dh.chunks_exact_mut(u));
        with_functions!(backend, own, |L, functions| {
            rows.for_each(|((z, before), dh)| backward_before::<L, _>(functions, z, before, dh))
        }, whole: rows.for_each(|((z, before), dh)| self.gru_before_row_back(z, before, dh)));
    }
}

/// The parts z, r and g of one row.
fn parts(z: &mut [f32], u: usize) -> [&mut [f32]; 3] {
    let (z, rest) = z.split_at_mut(u);
    let (r, g) = rest.split_at_mut(u);
    [z, r, g]
}

/// Gates and state of one sample, reset gate after the product.
#[inline(always)]
fn forward_after<L: Lanes, F: Function>(
    f: Functions<F>,
    z: &mut [f32],
    inner: &[f32],
    before: &[f32],
    h: &mut [f32],
) {
    let [z, r, g] = parts(z, h.len());
    each_lane([z, r, g, h], [inner, before], |[z, r, g, _]: [L; 4], [inner, before]| {
        let (z, r) = (f.recurrent_activation.of(z), f.recurrent_activation.of(r));
        let g = f.activation.of(g.add(r.mul(inner)));
        [z, r, g, z.mul(before).add(L::splat(1.0).sub(z).mul(g))]
    });
}

/// The reverse: gates and inner candidate are replaced by their gradients, `dh` by its part that went through z·h.
#[inline(always)]
fn backward_after<L: Lanes, F: Function>(
    f: Functions<F>,
    z: &mut [f32],
    inner: &mut [f32],
    before: &[f32],
    dh: &mut [f32],
) {
    let [z, r, g] = parts(z, dh.len());
    each_lane([z, r, g, inner, dh], [before], |[z, r, g, inner, dh]: [L; 5], [before]| {
        let dg = dh.mul(L::splat(1.0).sub(z)).mul(f.activation.derivative_of(g));
        let dz = dh.mul(before.sub(g)).mul(f.recurrent_activation.derivative_of(z));
        let dr = dg.mul(inner).mul(f.recurrent_activation.derivative_of(r));
        [dz, dr, dg, dg.mul(r), dh.mul(z)]
    });
}

/// Gates of one sample, and the state under its reset gate, which enters the product.
#[inline(always)]
fn reset_state<L: Lanes, F: Function>(f: Functions<F>, z: &mut [f32], inner: &mut [f32], input: &[f32]) {
    let [z, r, _] = parts(z, inner.len());
    each_lane([z, r, inner], [input], |[z, r, _]: [L; 3], [input]| {
        let (z, r) = (f.recurrent_activation.of(z), f.recurrent_activation.of(r));
        [z, r, r.mul(input)]
    });
}

/// The reverse: `d` is the gradient of r·h and becomes that of h; r is replaced by the gradient of its
/// pre-activation.
#[inline(always)]
fn reset_state_back<L: Lanes, F: Function>(f: Functions<F>, z: &mut [f32], input: &[f32], d: &mut [f32]) {
    let [_, r, _] = parts(z, d.len());
    each_lane([r, d], [input], |[r, d]: [L; 2], [input]| {
        [d.mul(input).mul(f.recurrent_activation.derivative_of(r)), d.mul(r)]
    });
}

/// Candidate and state of one sample, reset gate before the product.
#[inline(always)]
fn forward_before<L: Lanes, F: Function>(f: Functions<F>, z: &mut [f32], before: &[f32], h: &mut [f32]) {
    let [z, _, g] = parts(z, h.len());
    each_lane([g, h], [z, before], |[g, _]: [L; 2], [z, before]| {
        let g = f.activation.of(g);
        [g, z.mul(before).add(L::splat(1.0).sub(z).mul(g))]
    });
}

/// The reverse: z and g are replaced by their gradients, `dh` by its part that went through z·h.
#[inline(always)]
fn backward_before<L: Lanes, F: Function>(f: Functions<F>, z: &mut [f32], before: &[f32], dh: &mut [f32]) {
    let [z, _, g] = parts(z, dh.len());
    each_lane([z, g, dh], [before], |[z, g, dh]: [L; 3], [before]| {
        let dg = dh.mul(L::splat(1.0).sub(z)).mul(f.activation.derivative_of(g));
        let dz = dh.mul(before.sub(g)).mul(f.recurrent_activation.derivative_of(z));
        [dz, dg, dh.mul(z)]
    });
}
