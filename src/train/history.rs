//! Losses, accuracies and evaluations of a run.

use serde::{Deserialize, Serialize};

/// Loss and hits over some predictions.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Score {
    /// Sum of the losses.
    pub loss: f64,
    /// Predictions that are right; those of several outputs count by the share that is right.
    pub correct: f64,
    /// Predictions that count: samples, or timesteps of samples that are not masked.
    pub count: usize,
    /// Predictions that do not count because they are masked.
    pub masked: usize,
}

impl Score {
    /// Adds the predictions of another block.
    pub fn add(&mut self, other: Self) {
        self.loss += other.loss;
        self.correct += other.correct;
        self.count += other.count;
        self.masked += other.masked;
    }

    /// The bits of all fields, for other workers.
    pub fn to_words(self) -> [u32; 6] {
        let [loss, correct] = [self.loss, self.correct].map(f64::to_bits);
        let halves = [loss >> 32, loss, correct >> 32, correct].map(|bits| bits as u32);
        [halves[0], halves[1], halves[2], halves[3], self.count as u32, self.masked as u32]
    }

    /// The score of which [`Self::to_words`] made `words`.
    pub fn from_words(words: [u32; 6]) -> Self {
        let real = |k: usize| f64::from_bits(u64::from(words[k]) << 32 | u64::from(words[k + 1]));
        Self { loss: real(0), correct: real(2), count: words[4] as usize, masked: words[5] as usize }
    }

    /// Mean loss.
    pub fn mean_loss(&self) -> f32 {
        (self.loss / self.count.max(1) as f64) as f32
    }

    /// Share of right predictions.
    pub fn accuracy(&self) -> f32 {
        (self.correct / self.count.max(1) as f64) as f32
    }
}

/// Loss and accuracy on the validation set after some update.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Evaluation {
    /// Updates made before it; kept runs hold it under the name `step`.
    pub step: u64,
    /// Whole epochs made before it.
    pub epoch: u64,
    /// Mean loss.
    pub loss: f32,
    /// Share of right predictions.
    pub accuracy: f32,
}

/// An epoch that is over, as Keras reports it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Epoch {
    /// Whole epochs made, this one included.
    pub epoch: u64,
    /// Mean loss of the epoch's samples, each before the update of its batch.
    pub loss: f32,
    /// Mean accuracy of the epoch's samples, each before the update of its batch.
    pub accuracy: f32,
    /// The evaluation at its end, if there is a validation set.
    pub validation: Option<Evaluation>,
}

/// What a run has shown so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// Loss of each update's batch, before the update.
    pub losses: Vec<f32>,
    /// Accuracy of each update's batch, before the update.
    pub accuracies: Vec<f32>,
    /// Norm of each update's whole gradient, before clipping.
    pub gradient_norms: Vec<f32>,
    /// Evaluations on the validation set.
    pub validation: Vec<Evaluation>,
}

impl History {
    /// Writes down loss, accuracy and norm of the gradient of an update.
    pub fn push(&mut self, loss: f32, accuracy: f32, gradient_norm: f32) {
        push(&mut self.losses, loss);
        push(&mut self.accuracies, accuracy);
        push(&mut self.gradient_norms, gradient_norm);
    }
}

/// Room is made for an eighth more at a time: a run of days would else hold up to twice what it has shown.
fn push(values: &mut Vec<f32>, value: f32) {
    if values.len() == values.capacity() {
        values.reserve_exact((values.len() / 8).max(256));
    }
    values.push(value);
}
