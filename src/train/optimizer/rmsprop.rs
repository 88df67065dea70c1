//! RMSprop (Tieleman & Hinton 2012) in the form of Keras 3:
//!
//! ```text
//! v ← ρ·v + (1 − ρ)·g²      a ← ρ·a + (1 − ρ)·g          (a only when centered)
//! d = rate·g / √(v + ε)     (centered: rate·g / √(v − a² + ε))
//! p ← p − d                 (with momentum: m ← μ·m + d, p ← p − m)
//! ```

use serde_json::Value;

use super::lanes::{OnLanes, update_lanes};
use super::options::epsilon;
use super::{At, Rule};
use crate::Result;
use crate::layers::config::{Section, shortest};
use crate::math::lanes::{Arith, Lanes, with_lanes};
use crate::object;

/// Keras' `RMSprop`.
pub struct RmsProp {
    rho: f64,
    momentum: f32,
    epsilon: f32,
    centered: bool,
}

impl RmsProp {
    /// Options besides those of every optimizer.
    pub const OPTIONS: &[&str] = &["rho", "momentum", "epsilon", "centered"];

    /// Reads the options; defaults are Keras'.
    pub fn from_config(options: &Section) -> Result<Self> {
        Ok(Self {
            rho: options.rate_or("rho", 0.9)?,
            momentum: options.rate_or("momentum", 0.0)? as f32,
            epsilon: epsilon(options)?,
            centered: options.flag_or("centered", false)?,
        })
    }
}

impl Rule for RmsProp {
    fn class_name(&self) -> &'static str {
        "RMSprop"
    }

    fn config(&self) -> Value {
        object!({
            "rho": self.rho,
            "momentum": shortest(self.momentum),
            "epsilon": shortest(self.epsilon),
            "centered": self.centered,
        })
    }

    fn slots(&self) -> usize {
        1 + usize::from(self.momentum > 0.0) + usize::from(self.centered)
    }

    fn rests_at_zero(&self) -> bool {
        self.epsilon > 0.0 // Without it a resting parameter would become 0/0, in Keras too.
    }

    /// Slots: v, then m if there is momentum, then a if centered.
    fn update(&self, at: At, parameters: &mut [f32], gradient: &[f32], slots: &mut [&mut [f32]]) {
        with_lanes!(at.backend, L => {
            let f = Factors {
                rho: L::splat(self.rho as f32),
                rest: L::splat((1.0 - self.rho) as f32),
                momentum: L::splat(self.momentum),
                epsilon: L::splat(self.epsilon),
                rate: L::splat(at.learning_rate),
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

struct Factors<L> {
    rho: L,
    rest: L,
    momentum: L,
    epsilon: L,
    rate: L,
}

impl<L: Lanes> Factors<L> {
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
struct Plain<L>(Factors<L>);
/// Centered, without momentum.
struct Centered<L>(Factors<L>);
/// Momentum, not centered.
struct Heavy<L>(Factors<L>);
/// Both.
struct HeavyCentered<L>(Factors<L>);

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
