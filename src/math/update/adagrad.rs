//! Adagrad.

use super::{OnLanes, Weights, update_lanes};
use crate::lanes::{Arith, Backend, Lanes, with_lanes};

/// The numbers of one update.
pub struct Factors {
    /// The learning rate.
    pub rate: f32,
    /// ε of the formula.
    pub epsilon: f32,
}

impl Factors {
    /// Updates weights and their one slot, the accumulator.
    ///
    /// # Panics
    /// If there is another number of slots.
    #[inline(never)] // Else it becomes part of code that is compiled for size.
    pub fn update(&self, backend: Backend, weights: Weights) {
        let Weights { parameters, gradient, slots } = weights;
        let [accumulator] = slots else { unreachable!("Adagrad has one slot") };
        with_lanes!(backend, L => {
            let [rate, epsilon] = [self.rate, self.epsilon].map(L::splat);
            update_lanes(parameters, gradient, [&mut accumulator[..]], &OnFour { rate, epsilon });
        });
    }
}

struct OnFour<L> {
    rate: L,
    epsilon: L,
}

impl<L: Lanes> OnLanes<L, 1> for OnFour<L> {
    #[inline(always)]
    fn updated(&self, p: L, g: L, [a]: [L; 1]) -> (L, [L; 1]) {
        let a = a.add(g.mul(g));
        (p.sub(self.rate.mul(g).div(a.add(self.epsilon).sqrt())), [a])
    }
}
