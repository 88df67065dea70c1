//! A classifier on a data set, class by class.

use std::fmt;

use super::confusion::{ClassMetrics, Confusion, share};
use super::{classes_of_row, in_top_k};
use crate::layers::Signal;
use crate::model::Sequential;
use crate::train::evaluator::Evaluator;
use crate::train::examples::BlockLabels;
use crate::train::history::Score;
use crate::train::loss::Loss;
use crate::{Error, Result};

/// Everything about a classifier on a set of samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Loss and accuracy.
    pub score: Score,
    /// The k of `top_k`.
    pub k: usize,
    /// Share of predictions whose label is among the k largest outputs.
    pub top_k: f64,
    /// How often each label was predicted as each class.
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
            let (label, predicted) = classes_of_row(loss, output, labels, row);
            self.confusion.add(label, predicted);
            let among =
                if y.len() == 1 { label == predicted || self.k >= 2 } else { in_top_k(y, label, self.k) };
            hits += u64::from(among);
        }
        hits
    }
}

/// Confusion matrices of more classes do not fit a page; the most frequent errors stand for them.
const MATRIX_CLASSES: usize = 12;
/// How many errors are listed.
const ERRORS: usize = 10;

impl Report {
    /// The report as a text with a row for each class and the confusion matrix, or the most frequent errors
    /// where there are too many classes for it. A class without a name in `names` is named by its id.
    pub fn table<'a>(&'a self, names: &'a [String]) -> Table<'a> {
        Table { report: self, names }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table(&[]).fmt(f)
    }
}

/// A [`Report`] with the names of its classes.
pub struct Table<'a> {
    report: &'a Report,
    names: &'a [String],
}

impl Table<'_> {
    fn name(&self, class: usize) -> String {
        self.names.get(class).cloned().unwrap_or_else(|| format!("class {class}"))
    }

    /// The classes with their metrics, and the width of the longest name.
    fn rows(&self) -> (usize, Vec<(String, ClassMetrics)>) {
        let confusion = &self.report.confusion;
        let classes = (0..confusion.classes()).map(|class| (self.name(class), confusion.of_class(class)));
        let mut rows: Vec<_> = classes.collect();
        rows.push(("macro average".to_owned(), confusion.macro_average()));
        rows.push(("weighted average".to_owned(), confusion.weighted_average()));
        (rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0), rows)
    }

    fn matrix(&self, f: &mut fmt::Formatter<'_>, width: usize) -> fmt::Result {
        let counts = self.report.confusion.counts();
        let names: Vec<String> = (0..counts.nrows()).map(|class| self.name(class)).collect();
        let columns: Vec<usize> = names.iter().map(|name| name.chars().count().max(6)).collect();
        writeln!(f, "\nRows are labels, columns are predictions.\n")?;
        write!(f, "{:width$}", "")?;
        names.iter().zip(&columns).try_for_each(|(name, column)| write!(f, "  {name:>column$}"))?;
        writeln!(f)?;
        for (name, row) in names.iter().zip(counts.rows()) {
            write!(f, "{name:width$}")?;
            row.iter().zip(&columns).try_for_each(|(count, column)| write!(f, "  {count:>column$}"))?;
            writeln!(f)?;
        }
        Ok(())
    }

    fn errors(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = self.report.confusion.errors();
        if !errors.is_empty() {
            writeln!(f, "\nThe most frequent errors:\n")?;
        }
        errors.iter().take(ERRORS).try_for_each(|(label, prediction, count)| {
            writeln!(f, "{count:>6}  {} predicted as {}", self.name(*label), self.name(*prediction))
        })
    }
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { score, k, top_k, confusion } = self.report;
        let (loss, accuracy, count) = (score.mean_loss(), score.accuracy(), score.count);
        writeln!(f, "loss {loss:.4}, accuracy {accuracy:.4} on {count} predictions")?;
        write!(f, "always the most frequent class {:.4}", confusion.majority())?;
        if *k > 1 && confusion.classes() > *k {
            write!(f, "; label among the {k} largest outputs: {top_k:.4}")?;
        }
        let (width, rows) = self.rows();
        writeln!(f, "\n\n{:width$}  precision  recall      F1  support", "")?;
        for (name, ClassMetrics { precision, recall, f1, support }) in rows {
            writeln!(f, "{name:width$}  {precision:>9.4}  {recall:>6.4}  {f1:>6.4}  {support:>7}")?;
        }
        if confusion.classes() <= MATRIX_CLASSES { self.matrix(f, width) } else { self.errors(f) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(classes: usize) -> Report {
        let mut confusion = Confusion::new(classes);
        for (label, prediction) in [(0, 0), (0, 0), (0, 1), (1, 1)] {
            confusion.add(label, prediction);
        }
        let score = Score { loss: 2.0, correct: 3.0, count: 4, masked: 0 };
        Report { score, k: 1, top_k: 0.75, confusion }
    }

    #[test]
    fn a_table_has_a_row_for_each_class_and_the_matrix() {
        let names = ["negative".to_owned(), "positive".to_owned()];
        let text = report(2).table(&names).to_string();
        let want = "\
loss 0.5000, accuracy 0.7500 on 4 predictions
always the most frequent class 0.7500

                  precision  recall      F1  support
negative             1.0000  0.6667  0.8000        3
positive             0.5000  1.0000  0.6667        1
macro average        0.7500  0.8333  0.7333        4
weighted average     0.8750  0.7500  0.7667        4

Rows are labels, columns are predictions.

                  negative  positive
negative                 2         1
positive                 0         1
";
        assert_eq!(text, want);
    }

    #[test]
    fn many_classes_have_their_most_frequent_errors_instead_of_a_matrix() {
        let text = report(20).to_string();
        assert!(
            text.ends_with("The most frequent errors:\n\n     1  class 0 predicted as class 1\n"),
            "{text}"
        );
    }
}
