//! Gradient descent, with or without momentum.

use super::{OnLanes, Weights, update_lanes};
use crate::lanes::{Arith, Backend, Lanes, with_lanes};

/// The numbers of one update.
pub struct Factors {
    /// The learning rate.
    pub rate: f32,
    /// μ of the formula.
    pub momentum: f32,
    /// Whether the momentum is Nesterov's.
    pub nesterov: bool,
}

impl Factors {
    /// Updates weights and the slot m, if there is momentum.
    ///
    /// # Panics
    /// If there is more than one slot.
    #[inline(never)] // Else it becomes part of code that is compiled for size.
    pub fn update(&self, backend: Backend, weights: Weights) {
        let Weights { parameters, gradient, slots } = weights;
        with_lanes!(backend, L => {
            let [rate, momentum] = [self.rate, self.momentum].map(L::splat);
            match slots {
                [] => update_lanes(parameters, gradient, [], &Plain { rate }),
                [m] if self.nesterov => {
                    update_lanes(parameters, gradient, [&mut m[..]], &Nesterov { rate, momentum });
                }
                [m] => update_lanes(parameters, gradient, [&mut m[..]], &Heavy { rate, momentum }),
                _ => unreachable!("SGD has at most one slot, not {}", slots.len()),
            }
        });
    }
}

/// Without momentum.
struct Plain<L> {
    rate: L,
}

/// With momentum.
struct Heavy<L> {
    rate: L,
    momentum: L,
}

/// With Nesterov's momentum.
struct Nesterov<L> {
    rate: L,
    momentum: L,
}

impl<L: Lanes> OnLanes<L, 0> for Plain<L> {
    #[inline(always)]
    fn updated(&self, p: L, g: L, slots: [L; 0]) -> (L, [L; 0]) {
        (p.sub(g.mul(self.rate)), slots)
    }
}

impl<L: Lanes> OnLanes<L, 1> for Heavy<L> {
    #[inline(always)]
    fn updated(&self, p: L, g: L, [m]: [L; 1]) -> (L, [L; 1]) {
        let m = m.mul(self.momentum).sub(g.mul(self.rate));
        (p.add(m), [m])
    }
}

impl<L: Lanes> OnLanes<L, 1> for Nesterov<L> {
    #[inline(always)]
    fn updated(&self, p: L, g: L, [m]: [L; 1]) -> (L, [L; 1]) {
        let m = m.mul(self.momentum).sub(g.mul(self.rate));
        (p.add(m.mul(self.momentum).sub(g.mul(self.rate))), [m])
    }
}
