//! What training has shown so far.

use serde::Serialize;

/// Loss and hits over some predictions.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Score {
    /// Sum of the losses.
    pub loss: f64,
    /// Predictions that are right.
    pub correct: usize,
    /// Predictions in all: samples, or samples times timesteps.
    pub count: usize,
}

impl Score {
    /// Adds the predictions of another block.
    pub fn add(&mut self, other: Self) {
        self.loss += other.loss;
        self.correct += other.correct;
        self.count += other.count;
    }

    /// Mean loss.
    pub fn mean_loss(&self) -> f32 {
        (self.loss / self.count.max(1) as f64) as f32
    }

    /// Share of right predictions.
    pub fn accuracy(&self) -> f32 {
        self.correct as f32 / self.count.max(1) as f32
    }
}

/// Loss and accuracy on the validation set after some step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Evaluation {
    /// Optimizer steps done before it.
    pub step: u64,
    /// Whole epochs done before it.
    pub epoch: u64,
    /// Mean loss.
    pub loss: f32,
    /// Share of right predictions.
    pub accuracy: f32,
}

/// The course of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// Loss of each step's batch, before its update.
    pub losses: Vec<f32>,
    /// Accuracy of each step's batch, before its update.
    pub accuracies: Vec<f32>,
    /// Evaluations on the validation set.
    pub validation: Vec<Evaluation>,
}
