//! RMSprop (Tieleman & Hinton 2012) in the form of Keras 3:
//!
//! ```text
//! v ← ρ·v + (1 − ρ)·g²      a ← ρ·a + (1 − ρ)·g          (a only when centered)
//! d = rate·g / √(v + ε)     (centered: rate·g / √(v − a² + ε))
//! p ← p − d                 (with momentum: m ← μ·m + d, p ← p − m)
//! ```

use serde_json::Value;

use super::options::epsilon;
use super::{At, Rule};
use crate::Result;
use crate::layers::config::{Section, shortest};
use crate::math::update::Weights;
use crate::math::update::rmsprop::Factors;
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

    fn update(&self, at: At, weights: Weights) {
        let factors = Factors {
            rho: self.rho as f32,
            rest: (1.0 - self.rho) as f32,
            momentum: self.momentum,
            epsilon: self.epsilon,
            rate: at.learning_rate,
            centered: self.centered,
        };
        factors.update(at.backend, weights);
    }
}
