//! Stochastic gradient descent with momentum, in the form of Keras 3:
//!
//! ```text
//! m ← μ·m − rate·g      p ← p + m            (Nesterov: p ← p + μ·m − rate·g)
//! ```

use serde_json::Value;

use super::lanes::{OnLanes, update_lanes};
use super::{At, Rule};
use crate::Result;
use crate::layers::config::{Section, shortest};
use crate::math::lanes::{Arith, Lanes, with_lanes};
use crate::object;

/// Keras' `SGD`.
pub struct Sgd {
    momentum: f32,
    nesterov: bool,
}

impl Sgd {
    /// Options besides those of every optimizer.
    pub const OPTIONS: &[&str] = &["momentum", "nesterov"];

    /// Reads the options; defaults are Keras'.
    pub fn from_config(options: &Section) -> Result<Self> {
        Ok(Self {
            momentum: options.rate_or("momentum", 0.0)? as f32,
            nesterov: options.flag_or("nesterov", false)?,
        })
    }
}

impl Rule for Sgd {
    fn class_name(&self) -> &'static str {
        "SGD"
    }

    fn config(&self) -> Value {
        object!({ "momentum": shortest(self.momentum), "nesterov": self.nesterov })
    }

    fn slots(&self) -> usize {
        usize::from(self.momentum != 0.0)
    }

    fn rests_at_zero(&self) -> bool {
        true
    }

    fn update(&self, at: At, parameters: &mut [f32], gradient: &[f32], slots: &mut [&mut [f32]]) {
        with_lanes!(at.backend, L => {
            let rate = L::splat(at.learning_rate);
            let momentum = L::splat(self.momentum);
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
