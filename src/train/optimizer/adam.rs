//! Adam (Kingma & Ba 2015) in the form of Keras 3:
//!
//! ```text
//! m ← m + (g − m)·(1 − β₁)      v ← v + (g² − v)·(1 − β₂)      (AMSGrad: v̂ ← max(v̂, v), else v̂ = v)
//! p ← p − m·α / (√v̂ + ε)        α = rate·√(1 − β₂ᵗ) / (1 − β₁ᵗ)
//! ```
//!
//! AdamW (Loshchilov & Hutter 2019) is the same rule after a decay of the weights, which the optimizer does.

use serde_json::Value;

use super::options::epsilon;
use super::{At, Rule};
use crate::Result;
use crate::layers::config::{Section, shortest};
use crate::math::update::Weights;
use crate::math::update::adam::Factors;
use crate::object;
use crate::train::power::power;

/// Keras' `Adam` and `AdamW`.
pub struct Adam {
    class_name: &'static str,
    beta_1: f64,
    beta_2: f64,
    epsilon: f32,
    amsgrad: bool,
}

impl Adam {
    /// Options besides those of every optimizer.
    pub const OPTIONS: &[&str] = &["beta_1", "beta_2", "epsilon", "amsgrad"];

    /// Reads the options of `class_name`, `Adam` or `AdamW`; defaults are Keras'.
    pub fn from_config(class_name: &'static str, options: &Section) -> Result<Self> {
        Ok(Self {
            class_name,
            beta_1: options.rate_or("beta_1", 0.9)?,
            beta_2: options.rate_or("beta_2", 0.999)?,
            epsilon: epsilon(options)?,
            amsgrad: options.flag_or("amsgrad", false)?,
        })
    }
}

impl Rule for Adam {
    fn class_name(&self) -> &'static str {
        self.class_name
    }

    fn config(&self) -> Value {
        object!({
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": shortest(self.epsilon),
            "amsgrad": self.amsgrad,
        })
    }

    fn slots(&self) -> usize {
        if self.amsgrad { 3 } else { 2 }
    }

    fn rests_at_zero(&self) -> bool {
        self.epsilon > 0.0 // Without it a resting parameter would become 0/0, in Keras too.
    }

    /// α of the formula above.
    fn step_size(&self, learning_rate: f32, update: u64) -> f32 {
        let correction = (1.0 - power(self.beta_2, update)).sqrt() / (1.0 - power(self.beta_1, update));
        (f64::from(learning_rate) * correction) as f32
    }

    fn update(&self, at: At, weights: Weights) {
        let factors = Factors {
            keep_1: (1.0 - self.beta_1) as f32,
            keep_2: (1.0 - self.beta_2) as f32,
            alpha: at.step_size,
            epsilon: self.epsilon,
        };
        factors.update(at.backend, weights);
    }
}
