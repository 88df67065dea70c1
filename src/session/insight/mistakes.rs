//! What the model gets wrong on the validation set.

use serde::Serialize;

use super::super::current::Current;
use super::super::training::Training;
use crate::Result;
use crate::experiment::Reading;
use crate::train::Inputs;
use crate::train::metrics::{ClassMetrics, Prediction, Predictions};

/// How many samples each list has at most.
const LISTED: usize = 8;
/// Stands for a word that the model does not know.
const UNKNOWN_WORD: &str = "…";

/// Precision, recall and F1 of a class.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ClassFigures {
    /// The class.
    pub name: String,
    /// Share of the predictions of the class that are right.
    pub precision: f64,
    /// Share of the samples of the class that were found.
    pub recall: f64,
    /// Harmonic mean of precision and recall.
    pub f1: f64,
    /// Samples of the class.
    pub support: u64,
}

/// One sample of the validation set.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Judgement {
    /// Its index in the validation set, from 0.
    pub index: usize,
    /// Its loss.
    pub loss: f64,
    /// The class of its label, or the number that is wanted; of the last timestep where there are several.
    pub label: String,
    /// The class or number that is predicted there.
    pub predicted: String,
    /// What was predicted the time before, where that differs.
    pub before: Option<String>,
    /// The probability that the model gives to its prediction; nothing for numbers.
    pub probability: Option<f64>,
    /// What the model reads of it, as a text that can be tried; nothing where it is no text.
    pub text: Option<String>,
}

/// What the model makes of the validation set.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Mistakes {
    /// Updates made before.
    pub step: u64,
    /// Samples of the validation set.
    pub samples: usize,
    /// The names of the classes; empty for numbers and where there are very many classes.
    pub classes: Vec<String>,
    /// How often each class (rows) was predicted as each (columns), row after row.
    pub confusion: Vec<u64>,
    /// Figures of each class.
    pub figures: Vec<ClassFigures>,
    /// The samples with the largest losses, the largest first; for classes those whose prediction is wrong.
    pub worst: Vec<Judgement>,
    /// Updates made before the predictions with which these are compared.
    pub before: Option<u64>,
    /// How many predictions differ from those.
    pub changed_count: usize,
    /// Some of them.
    pub changed: Vec<Judgement>,
}

/// How far [`Training::judge_for`] is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Judging {
    /// Samples that are predicted.
    pub done: usize,
    /// Samples of the validation set.
    pub all: usize,
    /// The result when all are.
    pub mistakes: Option<Mistakes>,
}

impl Training {
    /// Predicts the validation set with the model as it is, for about `budget_ms` milliseconds by `clock` and at least
    /// one block of samples. A later call goes on, or begins anew where the model has changed. The run stays as it is.
    ///
    /// # Errors
    /// If nothing is set up, or the samples do not fit the model.
    pub fn judge_for(&mut self, budget_ms: f64, clock: impl Fn() -> f64) -> Result<Judging> {
        let start = clock();
        let current = self.current_mut()?;
        let mut done = 0;
        while current.run.judging().0 > done {
            current.run.judge_some()?;
            done = current.run.judging().1;
            if clock() - start >= budget_ms {
                break;
            }
        }
        let (all, done) = current.run.judging();
        Ok(Judging { done, all, mistakes: if done == all { current.mistakes() } else { None } })
    }

    /// What was wrong in the last evaluation that is over; nothing before the first one.
    ///
    /// # Errors
    /// If nothing is set up.
    pub fn mistakes(&mut self) -> Result<Option<Mistakes>> {
        Ok(self.current_mut()?.mistakes())
    }
}

impl Current {
    fn mistakes(&self) -> Option<Mistakes> {
        let (last, before) = self.run.predictions();
        let last = last?;
        let classes = last.confusion.as_ref().map_or(0, |confusion| confusion.classes());
        let wrong = |k: &usize| {
            let sample = &last.samples[*k];
            !last.has_classes() || sample.count > 1 || sample.label != sample.predicted
        };
        let judgement = |k: usize| self.judgement(last, before, k);
        let changed = before.filter(|_| last.has_classes()).map_or(Vec::new(), |old| last.changed_since(old));
        Some(Mistakes {
            step: last.update,
            samples: last.samples.len(),
            classes: (0..classes).map(|class| self.class_name(class)).collect(),
            confusion: last
                .confusion
                .iter()
                .flat_map(|confusion| confusion.counts().iter().copied())
                .collect(),
            figures: (0..classes).filter_map(|class| self.class_figures(last, class)).collect(),
            worst: last.by_loss().into_iter().filter(wrong).take(LISTED).map(judgement).collect(),
            before: before.map(|before| before.update),
            changed_count: changed.len(),
            changed: changed.into_iter().take(LISTED).map(judgement).collect(),
        })
    }

    fn class_figures(&self, predictions: &Predictions, class: usize) -> Option<ClassFigures> {
        let ClassMetrics { precision, recall, f1, support } = predictions.confusion.as_ref()?.of_class(class);
        Some(ClassFigures { name: self.class_name(class), precision, recall, f1, support })
    }

    fn judgement(&self, last: &Predictions, before: Option<&Predictions>, index: usize) -> Judgement {
        let sample = last.samples[index];
        let named = |value: f32| match last.has_classes() {
            true => self.class_name(value as usize),
            false => format!("{value:.4}"),
        };
        let then = before.and_then(|before| before.samples.get(index));
        let then = then.filter(|then: &&Prediction| last.has_classes() && then.predicted != sample.predicted);
        Judgement {
            index,
            loss: f64::from(sample.loss),
            label: named(sample.label),
            predicted: named(sample.predicted),
            before: then.map(|then| named(then.predicted)),
            probability: last.has_classes().then_some(f64::from(sample.probability)),
            text: self.text_of(index),
        }
    }

    /// The name of a class, such as the bracket that closes; the id of what has no name, the word or character of a
    /// language model.
    pub(super) fn class_name(&self, class: usize) -> String {
        if let Some(task) = &self.experiment.data.task {
            return task.answer(class as u32);
        }
        let named = self.dataset.as_deref().and_then(|dataset| match self.experiment.data.reading {
            Reading::Characters { .. } => Some(dataset.vocabulary.display_word(class as u16)),
            _ => dataset.class_names.get(class).cloned(),
        });
        named.unwrap_or_else(|| class.to_string())
    }

    /// What the model reads of a validation sample, as a text.
    fn text_of(&self, index: usize) -> Option<String> {
        let dataset = self.dataset.as_deref()?;
        let (Reading::Words(words), None) = (&self.experiment.data.reading, &self.experiment.data.task)
        else {
            return None;
        };
        let Inputs::Ids(ids) = self.material.validation.as_ref()?.inputs() else { return None };
        let word =
            |id: &u32| dataset.vocabulary.word(*id as u16).filter(|_| (*id as usize) < words.num_words);
        // Padding and start, ids 0 and 1, are added again when the text is read.
        let read =
            ids.row(index).into_iter().filter(|id| **id > 1).map(|id| word(id).unwrap_or(UNKNOWN_WORD));
        Some(read.collect::<Vec<_>>().join(" "))
    }
}
