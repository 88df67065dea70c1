//! Adagrad.

use super::{OnLanes, update_lanes};
use crate::lanes::{Arith, Backend, Lanes, with_lanes};

/// The numbers of one update.
pub struct Factors {
    /// The learning rate.
    pub rate: f32,
    /// ε of the formula.
    pub epsilon: f32,
}

impl Factors {
    /// Updates `parameters` and its one slot, the accumulator; all have the length of `gradient`.
    ///
    /// # Panics
    /// If there is another number of slots.
    #[inline(never)] // Else it becomes part of code that is compiled for size.
    pub fn update(
        &self,
        backend: Backend,
        parameters: &mut [f32],
        gradient: &[f32],
        slots: &mut [&mut [f32]],
    ) {
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
