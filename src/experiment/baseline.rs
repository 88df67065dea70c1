//! What a model has to beat: the most frequent answer, given always.

use serde::Serialize;

use super::arrays;
use super::tasks::Task;
use crate::data::{self, Dataset};
use crate::train::Examples;

/// What always giving the most frequent answer achieves.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Baseline {
    /// The answer: a class, or the next character or word.
    pub label: String,
    /// Its share of the validation set, or of the training set where there is none.
    pub accuracy: f64,
}

/// The most frequent answer in the training set, and how often it is right on the validation set `judged`, both as the
/// experiment reads them. Nothing where answers are numbers.
pub(super) fn baseline(dataset: &Dataset, train: &Examples, judged: &Examples) -> Option<Baseline> {
    if dataset.task == data::Task::Values {
        return None;
    }
    let classes = |examples: &Examples| arrays::class_ids(examples.labels());
    let (class, accuracy) = majority(classes(train)?.into_iter(), classes(judged)?.into_iter());
    let label = match dataset.task {
        data::Task::LanguageModel => dataset.vocabulary.display_word(class as u16),
        _ => dataset.class_names.get(class as usize).cloned().unwrap_or_default(),
    };
    Some(Baseline { label, accuracy })
}

/// The most frequent class of a task, not counting what only fills sequences up; nothing where answers are numbers.
pub(super) fn task_baseline(task: &Task, train: &Examples, judged: &Examples) -> Option<Baseline> {
    let padded = task.form().padded;
    let classes = |examples: &Examples| -> Option<Vec<u32>> {
        let ids = arrays::class_ids(examples.labels())?;
        Some(ids.into_iter().filter(|id| !padded || *id != 0).collect())
    };
    let (class, accuracy) = majority(classes(train)?.into_iter(), classes(judged)?.into_iter());
    Some(Baseline { label: task.answer(class), accuracy })
}

/// The most frequent of `answers`, the smallest of several, and its share of `judged`.
fn majority(answers: impl Iterator<Item = u32>, judged: impl ExactSizeIterator<Item = u32>) -> (u32, f64) {
    let mut counts: Vec<u64> = Vec::new();
    for answer in answers {
        let at = answer as usize;
        if counts.len() <= at {
            counts.resize(at + 1, 0);
        }
        counts[at] += 1;
    }
    let most = (0..counts.len()).rev().max_by_key(|at| counts[*at]).unwrap_or(0) as u32;
    let count = judged.len().max(1);
    (most, judged.filter(|answer| *answer == most).count() as f64 / count as f64)
}
