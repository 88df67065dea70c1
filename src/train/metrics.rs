//! What one wants to know of a trained model besides its loss.

use super::evaluator::Evaluator;
use super::examples::BlockLabels;
use super::history::Score;
use super::loss::Loss;
use crate::layers::Signal;
use crate::math::elementary::exp;
use crate::math::reduce::argmax;
use crate::model::Sequential;
use crate::{Error, Result};

/// How often each label was taken for each class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    counts: Vec<u64>,
}

impl Confusion {
    /// Nothing counted yet.
    pub fn new(classes: usize) -> Self {
        Self { classes, counts: vec![0; classes * classes] }
    }

    /// Counts one prediction.
    pub fn add(&mut self, label: usize, predicted: usize) {
        self.counts[label * self.classes + predicted] += 1;
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The counts, `[label, predicted]`.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Samples of a class.
    pub fn support(&self, class: usize) -> u64 {
        (0..self.classes).map(|predicted| self.of(class, predicted)).sum()
    }

    /// Share of the predictions of a class that are right; 0 if it was never predicted.
    pub fn precision(&self, class: usize) -> f64 {
        let predicted = (0..self.classes).map(|label| self.of(label, class)).sum();
        share(self.of(class, class), predicted)
    }

    /// Share of the samples of a class that were found; 0 if there are none.
    pub fn recall(&self, class: usize) -> f64 {
        share(self.of(class, class), self.support(class))
    }

    /// Harmonic mean of precision and recall.
    pub fn f1(&self, class: usize) -> f64 {
        let (precision, recall) = (self.precision(class), self.recall(class));
        if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
    }

    /// Share of right predictions.
    pub fn accuracy(&self) -> f64 {
        let right = (0..self.classes).map(|class| self.of(class, class)).sum();
        share(right, self.counts.iter().sum())
    }

    /// Share of the largest class: what a model reaches that always gives the same answer.
    pub fn majority(&self) -> f64 {
        let largest = (0..self.classes).map(|class| self.support(class)).max();
        share(largest.unwrap_or(0), self.counts.iter().sum())
    }

    fn of(&self, label: usize, predicted: usize) -> u64 {
        self.counts[label * self.classes + predicted]
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Whether fewer than `k` classes have a larger output than the label's: Keras' `in_top_k`.
pub fn in_top_k(output: &[f32], label: usize, k: usize) -> bool {
    output.iter().filter(|other| **other > output[label]).count() < k
}

/// e to the mean loss of a language model: among how many equally likely ids it chooses on average.
pub fn perplexity(mean_loss: f32) -> f32 {
    exp(mean_loss)
}

/// The mean loss of a language model in bits instead of nats: bits per character where ids are characters.
pub fn bits_per_character(mean_loss: f32) -> f32 {
    mean_loss * core::f32::consts::LOG2_E
}

/// Everything about a classifier on a set of samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Loss and accuracy.
    pub score: Score,
    /// The k of `top_k`.
    pub k: usize,
    /// Share of predictions whose label is among the k largest outputs.
    pub top_k: f64,
    /// How often each label was taken for each class.
    pub confusion: Confusion,
}

impl Report {
    /// Evaluates `model` on the whole data set of `evaluator`.
    ///
    /// # Errors
    /// If the samples do not fit the model, or the loss is not one of classes.
    pub fn of(model: &mut Sequential, evaluator: &mut Evaluator, k: usize) -> Result<Self> {
        let loss = evaluator.loss();
        if loss == Loss::MeanSquaredError {
            return Err(Error::value("the loss of a report on classes", "a cross-entropy", loss.name()));
        }
        let features = model.output_shape().features().unwrap_or(0);
        let classes = if features == 1 { 2 } else { features };
        let mut report = Self { score: Score::default(), k, top_k: 0.0, confusion: Confusion::new(classes) };
        let mut hits = 0;
        report.score = evaluator.evaluate_with(model, &mut |output, labels| {
            hits += report.count(loss, output, labels);
        })?;
        report.top_k = share(hits, report.score.count as u64);
        Ok(report)
    }

    /// Counts the predictions of one block; returns how many labels are among the k largest outputs.
    fn count(&mut self, loss: Loss, output: &Signal, labels: &BlockLabels) -> u64 {
        let mut hits = 0;
        for row in (0..output.rows()).filter(|row| !output.is_masked(*row)) {
            let y = &output.data[row * output.features..][..output.features];
            let label = match labels.values.get(row * output.features..(row + 1) * output.features) {
                Some([value]) => usize::from(*value > 0.5),
                Some(values) => argmax(values),
                None => labels.classes[row] as usize,
            };
            let threshold = if loss == (Loss::BinaryCrossentropy { from_logits: true }) { 0.0 } else { 0.5 };
            let predicted = if y.len() == 1 { usize::from(y[0] > threshold) } else { argmax(y) };
            self.confusion.add(label, predicted);
            let among =
                if y.len() == 1 { label == predicted || self.k >= 2 } else { in_top_k(y, label, self.k) };
            hits += u64::from(among);
        }
        hits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precision_recall_and_f1_are_those_of_the_confusion_matrix() {
        let mut confusion = Confusion::new(3);
        for (label, predicted, times) in [(0, 0, 5), (0, 1, 3), (1, 1, 4), (2, 1, 1), (2, 2, 2)] {
            (0..times).for_each(|_| confusion.add(label, predicted));
        }
        assert_eq!(confusion.support(0), 8);
        assert!((confusion.precision(1) - 4.0 / 8.0).abs() < 1e-12);
        assert!((confusion.recall(0) - 5.0 / 8.0).abs() < 1e-12);
        assert!((confusion.f1(2) - 2.0 * 1.0 * (2.0 / 3.0) / (1.0 + 2.0 / 3.0)).abs() < 1e-12);
        assert!((confusion.accuracy() - 11.0 / 15.0).abs() < 1e-12);
        assert!((confusion.majority() - 8.0 / 15.0).abs() < 1e-12);
        assert_eq!(Confusion::new(2).f1(0), 0.0);
    }

    #[test]
    fn equal_outputs_do_not_push_a_label_out_of_the_top() {
        assert!(in_top_k(&[0.2, 0.5, 0.2, 0.1], 2, 2));
        assert!(!in_top_k(&[0.2, 0.5, 0.2, 0.1], 3, 3));
    }

    #[test]
    fn a_uniform_guess_among_256_ids_has_perplexity_256_and_costs_eight_bits() {
        let loss = crate::math::elementary::ln(256.0);
        assert!((perplexity(loss) - 256.0).abs() < 1e-3);
        assert!((bits_per_character(loss) - 8.0).abs() < 1e-6);
    }
}
