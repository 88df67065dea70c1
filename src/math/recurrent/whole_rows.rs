//! The steps of LSTM and GRU for activations that need all units of a gate at once, which lanes cannot have: softmax.
//!
//! The softmax runs over the units of each gate separately, as in Keras, which splits the gates first.

use super::{Functions, Pointwise};

/// What one sample keeps of one step of an LSTM: the gates i f g o, `[4·units]`, and tanh(c), `[units]`.
pub(super) struct Row<'a> {
    pub(super) z: &'a mut [f32],
    pub(super) tanh_c: &'a mut [f32],
}

// Every array is `[units]`, of one sample, but `z` holds all gates.
impl Pointwise<'_> {
    fn gate(&self, z: &mut [f32]) {
        self.functions.recurrent_activation.apply(self.backend, z, z.len());
    }

    fn squash(&self, z: &mut [f32]) {
        self.functions.activation.apply(self.backend, z, z.len());
    }

    /// Turns the gradients of gates in the workspace into those of their pre-activations and writes them over the
    /// gates.
    ///
    /// `candidate` is the one gate that `activation` has squashed.
    fn back(&mut self, z: &mut [f32], (units, candidate): (usize, usize)) {
        for (k, (y, dy)) in z.chunks_exact_mut(units).zip(self.workspace.chunks_exact_mut(units)).enumerate()
        {
            let Functions { activation, recurrent_activation } = self.functions;
            let function = if k == candidate { activation } else { recurrent_activation };
            function.back(self.backend, y, dy, units);
            y.copy_from_slice(dy);
        }
    }

    /// LSTM forward: `z` holds pre-activations and receives the gates.
    pub(super) fn lstm_row(&self, row: Row, before: &[f32], c: &mut [f32], h: &mut [f32]) {
        let u = h.len();
        for (k, z) in row.z.chunks_exact_mut(u).enumerate() {
            if k == 2 { self.squash(z) } else { self.gate(z) }
        }
        for k in 0..u {
            c[k] = row.z[u + k] * before[k] + row.z[k] * row.z[2 * u + k];
        }
        row.tanh_c.copy_from_slice(c);
        self.squash(row.tanh_c);
        for k in 0..u {
            h[k] = row.z[3 * u + k] * row.tanh_c[k];
        }
    }

    /// The reverse: `z` receives the gradients of the pre-activations, `dc` becomes that of c before.
    pub(super) fn lstm_row_back(&mut self, row: Row, before: &[f32], dh: &[f32], dc: &mut [f32]) {
        let u = dh.len();
        let z = row.z;
        self.workspace.clear();
        self.workspace.extend(dh.iter().zip(&z[3 * u..]).map(|(dh, o)| dh * o));
        self.functions.activation.back(self.backend, row.tanh_c, self.workspace, u);
        dc.iter_mut().zip(self.workspace.iter()).for_each(|(dc, d)| *dc += d);
        self.workspace.clear();
        self.workspace.extend((0..u).map(|k| dc[k] * z[2 * u + k]));
        self.workspace.extend((0..u).map(|k| dc[k] * before[k]));
        self.workspace.extend((0..u).map(|k| dc[k] * z[k]));
        self.workspace.extend((0..u).map(|k| dh[k] * row.tanh_c[k]));
        dc.iter_mut().zip(&z[u..]).for_each(|(dc, f)| *dc *= f);
        self.back(z, (u, 2));
    }

    /// GRU forward, reset gate after the product.
    pub(super) fn gru_after_row(&self, z: &mut [f32], inner: &[f32], before: &[f32], h: &mut [f32]) {
        let u = h.len();
        z[..2 * u].chunks_exact_mut(u).for_each(|z| self.gate(z));
        for k in 0..u {
            z[2 * u + k] += z[u + k] * inner[k];
        }
        self.gru_before_row(z, before, h);
    }

    /// The reverse: gates and inner candidate are replaced by their gradients, `dh` by its part that went through z·h.
    pub(super) fn gru_after_row_back(
        &mut self,
        z: &mut [f32],
        inner: &mut [f32],
        before: &[f32],
        dh: &mut [f32],
    ) {
        let u = dh.len();
        self.candidate_gradients(z, before, dh);
        self.functions.activation.back(self.backend, &z[2 * u..], &mut self.workspace[2 * u..], u);
        for k in 0..u {
            let dg = self.workspace[2 * u + k];
            self.workspace[u + k] = dg * inner[k];
            inner[k] = dg * z[u + k];
        }
        z[2 * u..].copy_from_slice(&self.workspace[2 * u..]);
        self.back(&mut z[..2 * u], (u, 2));
    }

    /// GRU with its reset gate before the product: gates, and the state under the reset gate.
    pub(super) fn gru_reset_row(&self, z: &mut [f32], inner: &mut [f32], input: &[f32]) {
        let u = inner.len();
        z[..2 * u].chunks_exact_mut(u).for_each(|z| self.gate(z));
        for k in 0..u {
            inner[k] = z[u + k] * input[k];
        }
    }

    /// The reverse: `d` is the gradient of r·h and becomes that of h; r is replaced by its gradient.
    pub(super) fn gru_reset_row_back(&mut self, z: &mut [f32], input: &[f32], d: &mut [f32]) {
        let u = d.len();
        let r = &mut z[u..2 * u];
        self.workspace.clear();
        self.workspace.extend(d.iter().zip(input).map(|(d, input)| d * input));
        d.iter_mut().zip(r.iter()).for_each(|(d, r)| *d *= r);
        self.back(r, (u, 1));
    }

    /// Candidate and state, where the candidate's pre-activation is complete.
    pub(super) fn gru_before_row(&self, z: &mut [f32], before: &[f32], h: &mut [f32]) {
        let u = h.len();
        self.squash(&mut z[2 * u..]);
        for k in 0..u {
            h[k] = z[k] * before[k] + (1.0 - z[k]) * z[2 * u + k];
        }
    }

    /// The reverse: z and g are replaced by their gradients, `dh` by its part that went through z·h.
    pub(super) fn gru_before_row_back(&mut self, z: &mut [f32], before: &[f32], dh: &mut [f32]) {
        let u = dh.len();
        self.candidate_gradients(z, before, dh);
        self.functions.recurrent_activation.back(self.backend, &z[..u], &mut self.workspace[..u], u);
        self.functions.activation.back(self.backend, &z[2 * u..], &mut self.workspace[2 * u..], u);
        z[..u].copy_from_slice(&self.workspace[..u]);
        z[2 * u..].copy_from_slice(&self.workspace[2 * u..]);
    }

    /// Gradients of z and g of a GRU in the workspace, in the places of their gates; `dh` becomes its part through z·h.
    fn candidate_gradients(&mut self, z: &[f32], before: &[f32], dh: &mut [f32]) {
        let u = dh.len();
        self.workspace.clear();
        self.workspace.extend((0..u).map(|k| dh[k] * (before[k] - z[2 * u + k])));
        self.workspace.resize(2 * u, 0.0);
        self.workspace.extend((0..u).map(|k| dh[k] * (1.0 - z[k])));
        dh.iter_mut().zip(z).for_each(|(dh, z)| *dh *= z);
    }
}
