//! What a model makes of every sample of a data set.

use super::{Confusion, classes_of_row};
use crate::layers::Signal;
use crate::math::elementary::{exp, sigmoid};
use crate::ordering;
use crate::train::examples::BlockLabels;
use crate::train::loss::Loss;

/// Confusions of more classes are not counted.
const MOST_CLASSES: usize = 100;

/// What the model made of some samples.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// The model's output.
    pub output: &'a Signal,
    /// Their labels.
    pub labels: &'a BlockLabels,
    /// The loss of each prediction, `[timesteps, batch]`; 0 where it is masked.
    pub losses: &'a [f32],
}

/// What a model makes of one sample.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Prediction {
    /// Mean loss of the sample's predictions that are not masked.
    pub loss: f32,
    /// The class of the label, or the number that is wanted: of the last timestep.
    pub label: f32,
    /// The class or number that is predicted: at the last timestep.
    pub predicted: f32,
    /// The probability that the model gives to the class that it predicts; 0 for a number.
    pub probability: f32,
    /// Predictions of the sample that count.
    pub count: u32,
}

/// What a model makes of all samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictions {
    loss: Loss,
    /// Updates made before.
    pub update: u64,
    /// One for each sample.
    pub samples: Vec<Prediction>,
    /// How often each class was predicted as each; nothing for numbers and where there are very many classes.
    pub confusion: Option<Confusion>,
}

impl Predictions {
    /// Nothing is predicted yet, by a model with `features` outputs.
    pub fn new(loss: Loss, features: usize) -> Self {
        let classes = match loss {
            Loss::MeanSquaredError => 0,
            // Several probabilities of yes exclude each other only where there is one.
            Loss::BinaryCrossentropy { .. } => {
                if features == 1 {
                    2
                } else {
                    0
                }
            }
            _ => features,
        };
        let confusion = (2..=MOST_CLASSES).contains(&classes).then(|| Confusion::new(classes));
        Self { loss, update: 0, samples: Vec::new(), confusion }
    }

    /// Whether the samples have classes, or numbers.
    pub fn has_classes(&self) -> bool {
        self.loss != Loss::MeanSquaredError
    }

    /// Adds what the model made of the next samples.
    pub fn add(&mut self, judged: Judged) {
        let output = judged.output;
        for b in 0..output.batch {
            let mut prediction = Prediction::default();
            let mut sum = 0.0;
            for row in
                (0..output.timesteps).map(|t| t * output.batch + b).filter(|row| !output.is_masked(*row))
            {
                sum += judged.losses[row];
                prediction.count += 1;
                self.add_row(&mut prediction, judged, row);
            }
            prediction.loss = sum / prediction.count.max(1) as f32;
            self.samples.push(prediction);
        }
    }

    fn add_row(&mut self, prediction: &mut Prediction, judged: Judged, row: usize) {
        let (output, labels) = (judged.output, judged.labels);
        let y = row_of(output, row);
        if !self.has_classes() {
            let wanted = labels.values.get(row * output.features);
            prediction.label = wanted.copied().unwrap_or_else(|| labels.classes[row] as f32);
            prediction.predicted = y[0];
            return;
        }
        let (label, predicted) = classes_of_row(self.loss, output, labels, row);
        prediction.label = label as f32;
        prediction.predicted = predicted as f32;
        prediction.probability = self.probability(y, predicted);
        if let Some(confusion) = &mut self.confusion {
            confusion.add(label, predicted);
        }
    }

    /// The probability of class `k` in a row of the output.
    fn probability(&self, y: &[f32], k: usize) -> f32 {
        let logits = match self.loss {
            Loss::BinaryCrossentropy { from_logits }
            | Loss::CategoricalCrossentropy { from_logits }
            | Loss::SparseCategoricalCrossentropy { from_logits } => from_logits,
            Loss::MeanSquaredError => false,
        };
        match (y, logits) {
            ([p], _) => {
                let p = if logits { sigmoid(*p) } else { *p };
                if k == 0 { 1.0 - p } else { p }
            }
            (_, false) => y[k],
            (_, true) => 1.0 / y.iter().fold(0.0, |sum, other| sum + exp(other - y[k])),
        }
    }

    /// Indices of the samples from the largest loss on.
    pub fn by_loss(&self) -> Vec<usize> {
        let loss = |k: usize| self.samples[k].loss;
        ordering::order(self.samples.len(), &mut |a, b| loss(b).total_cmp(&loss(a)))
    }

    /// Indices of the samples of which `before` predicted another class.
    pub fn changed_since(&self, before: &Self) -> Vec<usize> {
        let both = self.samples.iter().zip(&before.samples).enumerate();
        both.filter(|(_, (now, then))| now.predicted != then.predicted).map(|(k, _)| k).collect()
    }
}

fn row_of(output: &Signal, row: usize) -> &[f32] {
    &output.data[row * output.features..][..output.features]
}
