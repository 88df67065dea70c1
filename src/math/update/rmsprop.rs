//! RMSprop, with or without momentum, centered or not.

use super::{OnLanes, Weights, update_lanes};
use crate::lanes::{Arith, Backend, Lanes, with_lanes};

/// The numbers of one update.
pub struct Factors {
    /// ρ of the formula.
    pub rho: f32,
    /// 1 − ρ.
    pub rest: f32,
    /// μ of the formula.
    pub momentum: f32,
    /// ε of the formula.
    pub epsilon: f32,
    /// The learning rate.
    pub rate: f32,
    /// Whether the variance is taken around the mean.
    pub centered: bool,
}

impl Factors {
    /// Updates weights and the slots: v, then m if there is momentum, then a if centered.
    ///
    /// # Panics
    /// If there is no slot, or there are more than three.
    #[inline(never)] // Else it becomes part of code that is compiled for size.
    pub fn update(&self, backend: Backend, weights: Weights) {
        let Weights { parameters, gradient, slots } = weights;
        with_lanes!(backend, L => {
            let f = OnFour {
                rho: L::splat(self.rho),
                rest: L::splat(self.rest),
                momentum: L::splat(self.momentum),
                epsilon: L::splat(self.epsilon),
                rate: L::splat(self.rate),
            };
            match (slots, self.centered) {
                ([v], _) => update_lanes(parameters, gradient, [&mut v[..]], &Plain(f)),
                ([v, a], true) => {
                    update_lanes(parameters, gradient, [&mut v[..], &mut a[..]], &Centered(f));
                }
                ([v, m], false) => {
                    update_lanes(parameters, gradient, [&mut v[..], &mut m[..]], &Heavy(f));
                }
                ([v, m, a], _) => {
                    let slots = [&mut v[..], &mut m[..], &mut a[..]];
                    update_lanes(parameters, gradient, slots, &HeavyCentered(f));
                }
                (slots, _) => unreachable!("RMSprop has one to three slots, not {}", slots.len()),
            }
        });
    }
}

struct OnFour<L> {
    rho: L,
    rest: L,
    momentum: L,
    epsilon: L,
    rate: L,
}

impl<L: Lanes> OnFour<L> {
    /// ρ·average + (1 − ρ)·value.
    #[inline(always)]
    fn average(&self, average: L, value: L) -> L {
        self.rho.mul(average).add(self.rest.mul(value))
    }

    #[inline(always)]
    fn increment(&self, g: L, variance: L) -> L {
        self.rate.mul(g).div(variance.add(self.epsilon).sqrt())
    }

    #[inline(always)]
    fn heavy(&self, m: L, increment: L) -> L {
        self.momentum.mul(m).add(increment)
    }
}

/// Neither momentum nor centered.
struct Plain<L>(OnFour<L>);
/// Centered, without momentum.
struct Centered<L>(OnFour<L>);
/// Momentum, not centered.
struct Heavy<L>(OnFour<L>);
/// Both.
struct HeavyCentered<L>(OnFour<L>);

impl<L: Lanes> OnLanes<L, 1> for Plain<L> {
    #[inline(always)]
    fn updated(&self, p: L, g: L, [v]: [L; 1]) -> (L, [L; 1]) {
        let v = self.0.average(v, g.mul(g));
        (p.sub(self.0.increment(g, v)), [v])
    }
}

impl<L: Lanes> OnLanes<L, 2> for Centered<L> {
    #[inline(always)]
    fn updated(&self, p: L, g: L, [v, a]: [L; 2]) -> (L, [L; 2]) {
        let (v, a) = (self.0.average(v, g.mul(g)), self.0.average(a, g));
        (p.sub(self.0.increment(g, v.sub(a.mul(a)))), [v, a])
    }
}

impl<L: Lanes> OnLanes<L, 2> for Heavy<L> {
    #[inline(always)]
    fn updated(&self, p: L, g: L, [v, m]: [L; 2]) -> (L, [L; 2]) {
        let v = self.0.average(v, g.mul(g));
        let m = self.0.heavy(m, self.0.increment(g, v));
        (p.sub(m), [v, m])
    }
}

impl<L: Lanes> OnLanes<L, 3> for HeavyCentered<L> {
    #[inline(always)]
    fn updated(&self, p: L, g: L, [v, m, a]: [L; 3]) -> (L, [L; 3]) {
        let (v, a) = (self.0.average(v, g.mul(g)), self.0.average(a, g));
        let m = self.0.heavy(m, self.0.increment(g, v.sub(a.mul(a))));
        (p.sub(m), [v, m, a])
    }
}
