//! What is written down of one update beside its loss: norms of outputs, gradients, weights and changes.
//!
//! All norms are Euclidean. Nothing here changes a number of the run.

use super::batches::Batch;
use super::history::Score;
use super::optimizer::{Clip, Optimizer, numbers};
use crate::layers::{Gradients, Parameters, Shape};
use crate::math::reduce::{norm_and_distance, sum_of_squares};
use crate::model::Sequential;

/// How much is written down of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Watch {
    /// Nothing.
    #[default]
    Nothing,
    /// The norms of gradients, weights and changes.
    Norms,
    /// These and what the passes through the layers were like.
    Everything,
}

/// The norms of one weight in an update, or of all weights of a layer together.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct WeightNorms {
    /// Of the gradient of the batch's mean loss, before clipping.
    pub gradient: f64,
    /// Of the gradient after clipping.
    pub clipped: f64,
    /// Of the weight before the update.
    pub weight: f64,
    /// Of what the update added to the weight.
    pub change: f64,
}

impl WeightNorms {
    /// Norm of the change divided by the norm of the weight; infinite where a weight of zeros was changed, 0 where
    /// nothing was.
    pub fn ratio(&self) -> f64 {
        if self.change == 0.0 { 0.0 } else { self.change / self.weight }
    }
}

/// The passes of one batch through one layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerPass {
    /// The shape of the output of one sample.
    pub output: Shape,
    /// Norm of the outputs of all samples.
    pub output_norm: f64,
    /// Norm of the gradient of the mean loss by these outputs.
    pub arriving_norm: f64,
}

/// What was written down of an update.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Watched {
    /// The update, counted from 1.
    pub update: u64,
    /// Indices of the samples of the batch, `[batch]`; empty without [`Watch::Everything`].
    pub samples: Vec<u32>,
    /// One entry for each layer; empty without [`Watch::Everything`]. Squares of norms until the update is over.
    pub passes: Vec<LayerPass>,
    /// One entry for each weight of the model, trained or not.
    pub weights: Vec<WeightNorms>,
    /// The learning rate of the update.
    pub learning_rate: f32,
    /// Loss and hits of the batch.
    pub score: Score,
}

impl Watched {
    /// Nothing is known yet of the passes of `batch`.
    pub(super) fn of_passes(model: &Sequential, batch: Batch) -> Self {
        let empty = LayerPass { output: Shape::Flat { features: 0 }, output_norm: 0.0, arriving_norm: 0.0 };
        let passes = vec![empty; model.layers().len()];
        Self { samples: batch.rows.to_vec(), passes, ..Self::default() }
    }

    /// Adds the outputs of all layers for one block.
    pub(super) fn add_outputs(&mut self, model: &Sequential) {
        for (k, pass) in self.passes.iter_mut().enumerate() {
            let output = model.output_of(k);
            pass.output = output.shape();
            pass.output_norm += sum_of_squares(&output.data);
        }
    }

    /// Adds the gradient of the output of layer `k` for one block.
    pub(super) fn add_arriving(&mut self, k: usize, gradient: &[f32]) {
        self.passes[k].arriving_norm += sum_of_squares(gradient);
    }

    /// Notes what the update will change; `squares` has the sum of the squares of each weight's gradient.
    pub(super) fn before_update(&mut self, score: Score, learning_rate: f32, squares: &[f64]) {
        self.learning_rate = learning_rate;
        self.score = score;
        // Blocks divided by all predictions; masked ones do not count.
        let factor = (score.count + score.masked) as f64 / score.count.max(1) as f64;
        for pass in &mut self.passes {
            pass.output_norm = pass.output_norm.sqrt();
            pass.arriving_norm = pass.arriving_norm.sqrt() * factor;
        }
        let norms = |sum: &f64| WeightNorms { gradient: sum.sqrt(), ..WeightNorms::default() };
        self.weights = squares.iter().map(norms).collect();
    }

    /// Compares the weights `before` the update with those after it.
    pub(super) fn after_update(
        &mut self,
        parameters: &Parameters,
        before: &[f32],
        optimizer: &Optimizer,
        gradients: &mut Gradients,
    ) {
        self.update = optimizer.update_count();
        let is_clipped = optimizer.clip() != Clip::None;
        for (index, (spec, norms)) in parameters.specs().iter().zip(&mut self.weights).enumerate() {
            let range = spec.offset()..spec.offset() + spec.count();
            norms.clipped = match is_clipped {
                true => sum_of_squares(numbers(gradients, index)).sqrt(),
                false => norms.gradient,
            };
            (norms.weight, norms.change) =
                norm_and_distance(&before[range.clone()], &parameters.values()[range]);
        }
    }

    /// The norms of all weights of layer `k` of `model` together.
    pub fn of_layer(&self, model: &Sequential, k: usize) -> WeightNorms {
        together(&self.weights[model.weights_of(k)])
    }
}

/// The norms of several weights as if they were one.
pub fn together(weights: &[WeightNorms]) -> WeightNorms {
    let norm = |part: fn(&WeightNorms) -> f64| weights.iter().map(|w| part(w) * part(w)).sum::<f64>().sqrt();
    WeightNorms {
        gradient: norm(|w| w.gradient),
        clipped: norm(|w| w.clipped),
        weight: norm(|w| w.weight),
        change: norm(|w| w.change),
    }
}
