//! Stochastic gradient descent with momentum, in the form of Keras 3:
//!
//! ```text
//! m ← μ·m − rate·g      p ← p + m            (Nesterov: p ← p + μ·m − rate·g)
//! ```

use serde_json::Value;

use super::{At, Rule};
use crate::Result;
use crate::layers::config::{Section, shortest};
use crate::math::update::Weights;
use crate::math::update::sgd::Factors;
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

    fn update(&self, at: At, weights: Weights) {
        let factors = Factors { rate: at.learning_rate, momentum: self.momentum, nesterov: self.nesterov };
        factors.update(at.backend, weights);
    }
}
