//! Adagrad (Duchi, Hazan & Singer 2011) in the form of Keras 3:
//!
//! ```text
//! a ← a + g²      p ← p − rate·g / √(a + ε)
//! ```

use serde_json::Value;

use super::options::epsilon;
use super::{At, Rule};
use crate::layers::config::{Section, shortest};
use crate::math::update::Weights;
use crate::math::update::adagrad::Factors;
use crate::object;
use crate::{Error, Result};

/// Keras' `Adagrad`.
pub struct Adagrad {
    initial_accumulator_value: f32,
    epsilon: f32,
}

impl Adagrad {
    /// Options besides those of every optimizer.
    pub const OPTIONS: &[&str] = &["initial_accumulator_value", "epsilon"];

    /// Reads the options; defaults are Keras'.
    pub fn from_config(options: &Section) -> Result<Self> {
        let initial = options.number_or("initial_accumulator_value", 0.1)?;
        if initial < 0.0 {
            let field = options.field("initial_accumulator_value");
            return Err(Error::config(field, "a number of at least 0", initial));
        }
        Ok(Self { initial_accumulator_value: initial as f32, epsilon: epsilon(options)? })
    }
}

impl Rule for Adagrad {
    fn class_name(&self) -> &'static str {
        "Adagrad"
    }

    fn config(&self) -> Value {
        object!({
            "initial_accumulator_value": shortest(self.initial_accumulator_value),
            "epsilon": shortest(self.epsilon),
        })
    }

    fn slots(&self) -> usize {
        1
    }

    fn first_slot_value(&self) -> f32 {
        self.initial_accumulator_value
    }

    fn rests_at_zero(&self) -> bool {
        self.initial_accumulator_value + self.epsilon > 0.0 // Else a resting parameter would become 0/0.
    }

    fn update(&self, at: At, weights: Weights) {
        Factors { rate: at.learning_rate, epsilon: self.epsilon }.update(at.backend, weights);
    }
}
