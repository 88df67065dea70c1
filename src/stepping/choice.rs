//! What a reader chooses for stepping: a cell, its size, what it reads and with which weights.

use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// Everything that decides the numbers of one session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// The text of the step function.
    pub source: String,
    /// Numbers in the first state.
    pub units: usize,
    /// Names every random number.
    pub seed: u64,
    /// What is read.
    pub input: InputChoice,
    /// With which weights.
    pub weights: WeightChoice,
    /// What the read-out should have said: 0 or 1 for two classes, the class for more, any number for sequences of numbers.
    #[serde(default)]
    pub target: f32,
}

/// What is read, one timestep after the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum InputChoice {
    /// Words, each with a random vector of `features` numbers in [-1, 1): the same word has the same vector.
    Sentence {
        /// As typed.
        text: String,
        /// Length of a word's vector.
        features: usize,
    },
    /// Words with the vectors of a trained embedding.
    Embedded {
        /// The words that the network reads.
        words: Vec<String>,
        /// Their vectors, `[words, features]`.
        x: Vec<f32>,
    },
    /// Random numbers in [0, 1), as in tutorial 003.
    Uniform {
        /// How many timesteps.
        timesteps: usize,
        /// How many numbers each.
        features: usize,
    },
    /// Numbers as typed: one timestep a line, or one a number where there is a single line.
    Numbers {
        /// As typed.
        text: String,
    },
}

/// With which weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WeightChoice {
    /// Keras' defaults: matrices of the input Glorot uniform, of the state orthogonal, biases zero.
    Random,
    /// Uniform in [0, 1), as in tutorial 003.
    Uniform,
    /// The weights of a trained network, by the listing's names, and of its last layer.
    Trained {
        /// Name and numbers, row after row.
        weights: Vec<(String, Vec<f32>)>,
        /// Kernel and bias of the last layer, if it has one number or one for each class.
        #[serde(default)]
        output: Option<(Vec<f32>, Vec<f32>)>,
        /// Name and numbers of the states before the first step; zero where there is none.
        #[serde(default)]
        initial: Vec<(String, Vec<f32>)>,
    },
}

/// The most timesteps and the most numbers of one timestep that a session takes.
pub const MOST_TIMESTEPS: usize = 200;
/// See [`MOST_TIMESTEPS`].
pub const MOST_FEATURES: usize = 128;
/// The most units.
pub const MOST_UNITS: usize = 64;

impl Choice {
    /// Reads a choice from JSON.
    pub fn from_json(text: &str) -> Result<Self> {
        let choice: Self = serde_json::from_str(text)
            .map_err(|e| Error::format("the choice for stepping", e.to_string()))?;
        let units = choice.units;
        if units == 0 || units > MOST_UNITS {
            return Err(Error::value("the number of units", format!("1 to {MOST_UNITS}"), units));
        }
        Ok(choice)
    }
}
