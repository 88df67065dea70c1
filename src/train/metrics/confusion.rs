//! The confusion matrix and what follows from it, as scikit-learn defines it.

use ndarray::{Array2, Axis};
use serde::Serialize;

use crate::ordering::sort_by_key;

/// How often each label was predicted as each class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    /// `[label, prediction]`.
    counts: Array2<u64>,
}

/// What a confusion matrix says of one class, or of all classes on average.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ClassMetrics {
    /// Share of the predictions of the class that are right; 0 if it was never predicted.
    pub precision: f64,
    /// Share of the samples of the class that were found; 0 if there are none.
    pub recall: f64,
    /// Harmonic mean of precision and recall; 0 if both are.
    pub f1: f64,
    /// Samples of the class.
    pub support: u64,
}

impl Confusion {
    /// Nothing counted yet.
    pub fn new(classes: usize) -> Self {
        Self { counts: Array2::zeros((classes, classes)) }
    }

    /// Counts one prediction.
    pub fn add(&mut self, label: usize, prediction: usize) {
        self.counts[[label, prediction]] += 1;
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.counts.nrows()
    }

    /// The counts, `[label, prediction]`.
    pub fn counts(&self) -> &Array2<u64> {
        &self.counts
    }

    /// All predictions.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Precision, recall, F1 and support of a class.
    pub fn of_class(&self, class: usize) -> ClassMetrics {
        let (found, support) = (self.counts[[class, class]], self.counts.row(class).iter().sum());
        let precision = share(found, self.counts.column(class).iter().sum());
        let recall = share(found, support);
        let f1 = if found == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
        ClassMetrics { precision, recall, f1, support }
    }

    /// The mean over classes that occur as a label or a prediction: scikit-learn's `macro avg`.
    pub fn macro_average(&self) -> ClassMetrics {
        let occurs = |class: &usize| {
            self.counts.row(*class).iter().chain(self.counts.column(*class)).any(|count| *count > 0)
        };
        self.average((0..self.classes()).filter(occurs).map(|class| (class, 1)))
    }

    /// The mean over classes, each weighted by its support: scikit-learn's `weighted avg`.
    pub fn weighted_average(&self) -> ClassMetrics {
        self.average((0..self.classes()).map(|class| (class, self.of_class(class).support)))
    }

    /// Share of right predictions.
    pub fn accuracy(&self) -> f64 {
        share(self.counts.diag().iter().sum(), self.total())
    }

    /// Share of the largest class: what a model reaches that always gives the same answer.
    pub fn majority(&self) -> f64 {
        let supports = self.counts.axis_iter(Axis(0)).map(|row| row.iter().sum());
        share(supports.max().unwrap_or(0), self.total())
    }

    /// The wrong predictions as `(label, prediction, count)`, the most frequent first.
    pub fn errors(&self) -> Vec<(usize, usize, u64)> {
        let wrong = self.counts.indexed_iter().filter(|((label, prediction), _)| label != prediction);
        let mut wrong: Vec<_> = wrong.map(|((label, prediction), n)| (label, prediction, *n)).collect();
        wrong.retain(|(_, _, count)| *count > 0);
        sort_by_key(&mut wrong, |(_, _, count)| std::cmp::Reverse(*count));
        wrong
    }

    fn average(&self, weights: impl Iterator<Item = (usize, u64)>) -> ClassMetrics {
        let mut mean = ClassMetrics { precision: 0.0, recall: 0.0, f1: 0.0, support: self.total() };
        let mut all = 0.0;
        for (class, weight) in weights {
            let (of_class, weight) = (self.of_class(class), weight as f64);
            mean.precision += weight * of_class.precision;
            mean.recall += weight * of_class.recall;
            mean.f1 += weight * of_class.f1;
            all += weight;
        }
        if all > 0.0 {
            [&mut mean.precision, &mut mean.recall, &mut mean.f1].into_iter().for_each(|sum| *sum /= all);
        }
        mean
    }
}

/// `part` of `whole`; 0 of nothing.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn confusion(counts: &[(usize, usize, usize)]) -> Confusion {
        let mut confusion = Confusion::new(4);
        for (label, prediction, times) in counts {
            (0..*times).for_each(|_| confusion.add(*label, *prediction));
        }
        confusion
    }

    fn close(found: f64, wanted: f64) {
        assert!((found - wanted).abs() < 1e-12, "{found} instead of {wanted}");
    }

    #[test]
    fn precision_recall_and_f1_follow_from_the_counts() {
        let confusion = confusion(&[(0, 0, 5), (0, 1, 3), (1, 1, 4), (2, 1, 1), (2, 2, 2)]);
        let [first, second, third] = [0, 1, 2].map(|class| confusion.of_class(class));
        assert_eq!((first.support, second.support, third.support), (8, 4, 3));
        close(second.precision, 4.0 / 8.0);
        close(first.recall, 5.0 / 8.0);
        close(third.f1, 2.0 * (2.0 / 3.0) / (1.0 + 2.0 / 3.0));
        close(confusion.accuracy(), 11.0 / 15.0);
        close(confusion.majority(), 8.0 / 15.0);
        assert_eq!(confusion.errors(), [(0, 1, 3), (2, 1, 1)]);
    }

    /// The fourth class occurs nowhere and does not count; precisions are 1, 1/2 and 1, recalls 5/8, 1 and
    /// 2/3.
    #[test]
    fn averages_are_those_of_scikit_learn() {
        let confusion = confusion(&[(0, 0, 5), (0, 1, 3), (1, 1, 4), (2, 1, 1), (2, 2, 2)]);
        close(confusion.macro_average().precision, 2.5 / 3.0);
        close(confusion.macro_average().recall, (5.0 / 8.0 + 1.0 + 2.0 / 3.0) / 3.0);
        close(confusion.weighted_average().precision, (8.0 + 4.0 / 2.0 + 3.0) / 15.0);
        close(confusion.weighted_average().recall, confusion.accuracy());
    }

    #[test]
    fn nothing_counted_has_no_share() {
        let nothing = Confusion::new(2);
        assert_eq!((nothing.of_class(0).f1, nothing.accuracy(), nothing.macro_average().f1), (0.0, 0.0, 0.0));
    }
}
