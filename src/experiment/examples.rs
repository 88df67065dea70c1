//! From an experiment and its data set to the samples that a model is trained on and judged with.

use serde::Serialize;
use std::borrow::Cow;
use std::sync::Arc;

use super::data::OWN;
use super::tasks::{TEST, TRAIN, Task};
use super::{Experiment, Reading, Validation, Words, arrays};
use crate::data::{self, Dataset, Padding, Side, Split, Unit, pad_into};
use crate::train::{Examples, Inputs};
use crate::{Error, Result};

/// Rows and columns of an image.
const SIDE: usize = 28;
/// The brightest pixel.
const WHITE: f32 = 255.0;

/// What always giving the most frequent answer achieves.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Baseline {
    /// The answer: a class, or the next character or word.
    pub label: String,
    /// Its share of the validation set, or of the training set where there is none.
    pub accuracy: f64,
}

/// The samples of an experiment.
#[derive(Debug, Clone)]
pub struct Material {
    /// What is trained on.
    pub train: Arc<Examples>,
    /// What the model is judged with while it is trained.
    pub validation: Option<Arc<Examples>>,
    /// What the most frequent answer achieves; nothing where answers are numbers.
    pub baseline: Option<Baseline>,
}

impl Material {
    /// The samples of `experiment`. `dataset` is the set that it names; generated data need none.
    ///
    /// # Errors
    /// If the set is missing, another one, or not made for this reading; if the limit leaves no sample.
    pub fn new(experiment: &Experiment, dataset: Option<&Dataset>) -> Result<Self> {
        if let Some(task) = &experiment.data.task {
            return Self::of_task(experiment, task);
        }
        let dataset =
            dataset.ok_or_else(|| Error::format("the engine", "it has no data set yet; load one first"))?;
        let wanted = &experiment.data.set;
        if wanted != OWN && *wanted != dataset.name {
            let problem = format!("`{}` is loaded, the experiment needs `{wanted}`", dataset.name);
            return Err(Error::format("the data set", problem));
        }
        let dataset = experiment.vocabulary_view(dataset)?;
        let train = examples(experiment, &dataset, &dataset.train, experiment.data.limit)?;
        let (train, validation) = match experiment.data.validation {
            Validation::Share(share) => {
                let (train, validation) = train.split_validation(share)?;
                (train, Some(validation))
            }
            Validation::Test if dataset.test.is_empty() => (train, None),
            Validation::Test => (train, Some(examples(experiment, &dataset, &dataset.test, None)?)),
        };
        let baseline = Some(baseline(&dataset));
        Ok(Self { train: Arc::new(train), validation: validation.map(Arc::new), baseline })
    }

    fn of_task(experiment: &Experiment, task: &Task) -> Result<Self> {
        let (seed, all) = (experiment.fit.seed, task.count(TRAIN));
        let train = task.examples(seed, TRAIN, experiment.data.limit.unwrap_or(all).min(all))?;
        let (train, validation) = match experiment.data.validation {
            Validation::Share(share) => train.split_validation(share)?,
            Validation::Test => (train, task.examples(seed, TEST, task.count(TEST))?),
        };
        let baseline = task_baseline(task, &train, &validation);
        Ok(Self { train: Arc::new(train), validation: Some(Arc::new(validation)), baseline })
    }
}

impl Experiment {
    /// `dataset` with the ids that this experiment reads: a long text is numbered by words where the reading asks for
    /// words, everything else stays as it is.
    ///
    /// # Errors
    /// If the set is no long text of characters.
    pub fn vocabulary_view<'a>(&self, dataset: &'a Dataset) -> Result<Cow<'a, Dataset>> {
        match self.data.reading {
            Reading::WordIds { num_words, .. } | Reading::WordPairs { num_words } => {
                Ok(Cow::Owned(dataset.text_by_words(num_words)?))
            }
            _ => Ok(Cow::Borrowed(dataset)),
        }
    }

    /// The samples of the test part, which a trained model is judged with at the end.
    ///
    /// # Errors
    /// As [`Material::new`], or if the set has no test part.
    pub fn test_examples(&self, dataset: Option<&Dataset>) -> Result<Examples> {
        if let Some(task) = &self.data.task {
            return task.examples(self.fit.seed, TEST, task.count(TEST));
        }
        let dataset = dataset.ok_or_else(|| Error::value("the data set", "loaded", "none"))?;
        let dataset = self.vocabulary_view(dataset)?;
        if dataset.test.is_empty() {
            return Err(Error::format("the data set", "it has no test part; choose one that has"));
        }
        examples(self, &dataset, &dataset.test, None)
    }
}

/// The samples of `split`, the first `limit` of them.
fn examples(
    experiment: &Experiment,
    dataset: &Dataset,
    split: &Split,
    limit: Option<usize>,
) -> Result<Examples> {
    let reading = &experiment.data.reading;
    check_kind(reading, dataset)?;
    let limit = limit.unwrap_or(usize::MAX);
    let text = || -> Vec<u32> { split.ids().iter().take(limit).map(|id| u32::from(*id)).collect() };
    match reading {
        Reading::Characters { timesteps, stateful: true }
        | Reading::WordIds { timesteps, stateful: true, .. } => {
            Examples::streams(&text(), experiment.fit.batch_size, *timesteps)
        }
        Reading::Characters { timesteps, .. } | Reading::WordIds { timesteps, .. } => {
            windows(&text(), *timesteps)
        }
        Reading::WordPairs { .. } => pairs(&text()),
        _ => {
            let fits = |k: &usize| reading.takes(split.sequence(*k));
            let kept: Vec<usize> = (0..split.len()).filter(fits).take(limit).collect();
            let labels = kept.iter().map(|k| u32::from(split.label(*k))).collect();
            let sequences: Vec<&[u16]> = kept.iter().map(|k| split.sequence(*k)).collect();
            Examples::new(reading.inputs(&sequences)?, arrays::classes(1, labels)?)
        }
    }
}

/// Checks that the set holds what the reading reads.
fn check_kind(reading: &Reading, dataset: &Dataset) -> Result<()> {
    let (unit, is_text) = (dataset.vocabulary.unit(), dataset.task == data::Task::LanguageModel);
    let (fits, needed) = match reading {
        Reading::Words(_) | Reading::Numbers { .. } => (unit == Unit::Word && !is_text, "labelled texts"),
        Reading::Rows => (unit == Unit::Pixel, "images"),
        Reading::Characters { .. } => (unit == Unit::Character && is_text, "one long text"),
        Reading::WordIds { .. } | Reading::WordPairs { .. } => (is_text, "one long text"),
        Reading::Sequences => (false, "arrays"),
    };
    match fits {
        true => Ok(()),
        false => {
            let problem = format!("`{}` is not made of {needed}; choose one that is", dataset.name);
            Err(Error::format("the data set", problem))
        }
    }
}

impl Reading {
    /// Whether a sequence is among the samples.
    fn takes(&self, sequence: &[u16]) -> bool {
        match self {
            Self::Numbers { below } => sequence.len() < *below,
            Self::Rows => sequence.len() == SIDE * SIDE,
            _ => true,
        }
    }

    /// The input of a model for some sequences of ids.
    ///
    /// # Errors
    /// If they are windows of a long text and not all of the same length.
    pub fn inputs(&self, sequences: &[&[u16]]) -> Result<Inputs> {
        match self {
            Self::Words(words) => word_inputs(words, sequences),
            Self::Numbers { below } => {
                let behind = Padding { padding: Side::Post, ..Padding::default() };
                let values = padded(below - 1, behind, sequences).into_iter().map(f32::from);
                arrays::sequences(below - 1, 1, values.collect())
            }
            Self::Rows => {
                let pixels = padded(SIDE * SIDE, Padding::default(), sequences).into_iter();
                arrays::sequences(SIDE, SIDE, pixels.map(|pixel| f32::from(pixel) / WHITE).collect())
            }
            _ => {
                let timesteps = sequences.first().map_or(0, |sequence| sequence.len());
                let all = sequences.iter().flat_map(|sequence| sequence.iter().map(|id| u32::from(*id)));
                arrays::ids(timesteps, all.collect())
            }
        }
    }
}

fn word_inputs(words: &Words, sequences: &[&[u16]]) -> Result<Inputs> {
    let (mut row, mut sequence) = (vec![0; words.maxlen], Vec::new());
    let mut ids = Vec::with_capacity(words.maxlen * sequences.len());
    for text in sequences {
        words.sequence(text, &mut sequence);
        pad_into(&mut row, &sequence, words.padding());
        ids.extend(row.iter().map(|id| u32::from(*id)));
    }
    arrays::ids(words.maxlen, ids)
}

fn padded(length: usize, how: Padding, sequences: &[&[u16]]) -> Vec<u16> {
    let mut row = vec![0; length];
    let mut all = Vec::with_capacity(length * sequences.len());
    for sequence in sequences {
        pad_into(&mut row, sequence, how);
        all.extend_from_slice(&row);
    }
    all
}

/// Windows of `timesteps` ids, one behind the other, each id with the one after it as its label.
fn windows(ids: &[u32], timesteps: usize) -> Result<Examples> {
    let count = ids.len().saturating_sub(1) / timesteps;
    if count == 0 {
        return Err(Error::value("the text", format!("at least {} ids long", timesteps + 1), ids.len()));
    }
    let x = ids[..count * timesteps].to_vec();
    let y = ids[1..=count * timesteps].to_vec();
    Examples::new(arrays::ids(timesteps, x)?, arrays::classes(timesteps, y)?)
}

/// Each id with the one after it.
fn pairs(ids: &[u32]) -> Result<Examples> {
    let count = ids.len().saturating_sub(1);
    if count == 0 {
        return Err(Error::value("the text", "at least two words long", ids.len()));
    }
    Examples::new(arrays::ids(1, ids[..count].to_vec())?, arrays::classes(1, ids[1..].to_vec())?)
}

/// The most frequent answer in the training set, and how often it is right on the validation set.
fn baseline(dataset: &Dataset) -> Baseline {
    let judged = if dataset.test.is_empty() { &dataset.train } else { &dataset.test };
    if dataset.task == data::Task::LanguageModel {
        let (id, accuracy) = majority(
            dataset.train.ids().iter().map(|id| u32::from(*id)),
            judged.ids().iter().map(|id| u32::from(*id)),
        );
        return Baseline { label: dataset.vocabulary.display_word(id as u16), accuracy };
    }
    let labels = |split: &'_ Split| split.labels().iter().map(|label| u32::from(*label)).collect::<Vec<_>>();
    let (class, accuracy) = majority(labels(&dataset.train).into_iter(), labels(judged).into_iter());
    Baseline { label: dataset.class_names.get(class as usize).cloned().unwrap_or_default(), accuracy }
}

/// The most frequent class of a task, not counting what only fills sequences up; nothing where answers are numbers.
fn task_baseline(task: &Task, train: &Examples, judged: &Examples) -> Option<Baseline> {
    let padded = task.form().padded;
    let classes = |examples: &Examples| -> Option<Vec<u32>> {
        let ids = arrays::class_ids(examples.labels())?;
        Some(ids.into_iter().filter(|id| !padded || *id != 0).collect())
    };
    let (class, accuracy) = majority(classes(train)?.into_iter(), classes(judged)?.into_iter());
    Some(Baseline { label: class.to_string(), accuracy })
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
