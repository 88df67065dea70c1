//! Adam, with or without AMSGrad.

use super::{OnLanes, Weights, update_lanes};
use crate::lanes::{Arith, Backend, Lanes, with_lanes};

/// The numbers of one update.
pub struct Factors {
    /// 1 − β₁.
    pub keep_1: f32,
    /// 1 − β₂.
    pub keep_2: f32,
    /// α of the formula.
    pub alpha: f32,
    /// ε of the formula.
    pub epsilon: f32,
}

impl Factors {
    /// Updates weights and the slots m, v and, with AMSGrad, v̂.
    ///
    /// # Panics
    /// If there is another number of slots.
    #[inline(never)] // Else it becomes part of code that is compiled for size.
    pub fn update(&self, backend: Backend, weights: Weights) {
        let Weights { parameters, gradient, slots } = weights;
        with_lanes!(backend, L => {
            let [keep_1, keep_2] = [self.keep_1, self.keep_2].map(L::splat);
            let [alpha, epsilon] = [self.alpha, self.epsilon].map(L::splat);
            let factors = OnFour { keep_1, keep_2, alpha, epsilon };
            match slots {
                [m, v] => update_lanes::<L, 2>(parameters, gradient, [&mut m[..], &mut v[..]], &factors),
                [m, v, highest] => {
                    let slots = [&mut m[..], &mut v[..], &mut highest[..]];
                    update_lanes::<L, 3>(parameters, gradient, slots, &factors);
                }
                _ => unreachable!("Adam has two or three slots, not {}", slots.len()),
            }
        });
    }
}

struct OnFour<L> {
    keep_1: L,
    keep_2: L,
    alpha: L,
    epsilon: L,
}

impl<L: Lanes> OnFour<L> {
    #[inline(always)]
    fn moments(&self, g: L, m: L, v: L) -> (L, L) {
        (m.add(g.sub(m).mul(self.keep_1)), v.add(g.mul(g).sub(v).mul(self.keep_2)))
    }

    #[inline(always)]
    fn moved(&self, p: L, m: L, v: L) -> L {
        p.sub(m.mul(self.alpha).div(v.sqrt().add(self.epsilon)))
    }
}

impl<L: Lanes> OnLanes<L, 2> for OnFour<L> {
    #[inline(always)]
    fn updated(&self, p: L, g: L, [m, v]: [L; 2]) -> (L, [L; 2]) {
        let (m, v) = self.moments(g, m, v);
        (self.moved(p, m, v), [m, v])
    }
}

impl<L: Lanes> OnLanes<L, 3> for OnFour<L> {
    #[inline(always)]
    fn updated(&self, p: L, g: L, [m, v, highest]: [L; 3]) -> (L, [L; 3]) {
        let (m, v) = self.moments(g, m, v);
        let highest = highest.at_least(v);
        (self.moved(p, m, highest), [m, v, highest])
    }
}
