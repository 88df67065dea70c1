//! From an experiment and its data set to the samples that a model is trained on and judged with.

use std::borrow::Cow;
use std::sync::Arc;

use ndarray::Axis;

use super::arrays::{array, padded, samples_of};
use super::baseline::{Baseline, baseline, task_baseline};
use super::data::OWN;
use super::tasks::{TEST, TRAIN, Task};
use super::{Experiment, Reading, Validation};
use crate::data::{self, Dataset, Padding, Side, Split, Unit, Vocabulary};
use crate::rng::Stream;
use crate::train::{Examples, Inputs, Labels};
use crate::{Error, Result};

/// Rows and columns of an image.
pub(super) const SIDE: usize = 28;
/// The brightest pixel.
pub(super) const WHITE: f32 = 255.0;

/// The samples of an experiment.
#[derive(Debug, Clone)]
pub struct Material {
    /// What is trained on.
    pub train: Arc<Examples>,
    /// What the model is judged with while it is trained.
    pub validation: Option<Arc<Examples>>,
    /// What the most frequent answer achieves; nothing where answers are numbers.
    pub baseline: Option<Baseline>,
    /// Which sequence of the data set each sample of the two parts is; empty where samples are no sequences of a set.
    pub(super) sequences: [Vec<usize>; 2],
    /// The words of a long text, where they are numbered for this experiment.
    pub(super) numbered: Option<Vocabulary>,
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
        let (train, mut sequences) = examples(experiment, &dataset, &dataset.train, experiment.data.limit)?;
        let (train, validation, of_validation) = match experiment.data.validation {
            Validation::Share(share) => {
                let (train, validation) = match experiment.data.reading.carries() {
                    true => split_streams(&train, share, experiment)?,
                    false => train.split_validation(share)?,
                };
                let rest = sequences.split_off(sequences.len().min(train.count()));
                (train, Some(validation), rest)
            }
            Validation::Test if dataset.test.is_empty() => (train, None, Vec::new()),
            Validation::Test => {
                let (validation, sequences) = examples(experiment, &dataset, &dataset.test, None)?;
                (train, Some(validation), sequences)
            }
        };
        let baseline = baseline(&dataset, &train, validation.as_ref().unwrap_or(&train));
        Ok(Self {
            train: Arc::new(train),
            validation: validation.map(Arc::new),
            baseline,
            sequences: [sequences, of_validation],
            numbered: match dataset {
                Cow::Owned(numbered) => Some(numbered.vocabulary),
                Cow::Borrowed(_) => None,
            },
        })
    }

    /// The words of a long text, where they are numbered for this experiment.
    pub fn numbered(&self) -> Option<&Vocabulary> {
        self.numbered.as_ref()
    }

    fn of_task(experiment: &Experiment, task: &Task) -> Result<Self> {
        let (seed, all) = (experiment.fit.seed, task.count(TRAIN));
        let train = task.examples(seed, TRAIN, experiment.data.limit.unwrap_or(all).min(all))?;
        let (train, validation) = match experiment.data.validation {
            Validation::Share(share) => train.split_validation(share)?,
            Validation::Test => (train, task.examples(seed, TEST, task.count(TEST))?),
        };
        let baseline = task_baseline(task, &train, &validation);
        Ok(Self {
            train: Arc::new(train),
            validation: Some(Arc::new(validation)),
            baseline,
            sequences: Default::default(),
            numbered: None,
        })
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
        Ok(examples(self, &dataset, &dataset.test, None)?.0)
    }
}

/// The samples of `split`, the first `limit` of them, and which sequence of the split each of them is.
fn examples(
    experiment: &Experiment,
    dataset: &Dataset,
    split: &Split,
    limit: Option<usize>,
) -> Result<(Examples, Vec<usize>)> {
    let reading = &experiment.data.reading;
    check_kind(reading, dataset)?;
    let limit = limit.unwrap_or(usize::MAX);
    let text = || -> Vec<u32> { split.ids().iter().take(limit).map(|id| u32::from(*id)).collect() };
    let examples = match reading {
        Reading::Characters { timesteps, stateful: true }
        | Reading::WordIds { timesteps, stateful: true, .. } => {
            Examples::streams(&text(), experiment.fit.batch_size, *timesteps)
        }
        Reading::Characters { timesteps, .. } | Reading::WordIds { timesteps, .. } => {
            windows(&text(), *timesteps)
        }
        Reading::WordPairs { .. } => windows(&text(), 1),
        _ => {
            let order = order(experiment, split).into_iter();
            let fits = |k: &usize| split.arrays().is_some() || reading.takes(split.sequence(*k));
            let kept: Vec<usize> = order.filter(fits).take(limit).collect();
            return Ok((read(reading, split, &kept)?, kept));
        }
    };
    Ok((examples?, Vec::new()))
}

/// The samples `kept` of `split`.
fn read(reading: &Reading, split: &Split, kept: &[usize]) -> Result<Examples> {
    if let Some(arrays) = split.arrays() {
        return samples_of(arrays, kept);
    }
    let labels = kept.iter().map(|k| u32::from(split.label(*k))).collect();
    let sequences: Vec<&[u16]> = kept.iter().map(|k| split.sequence(*k)).collect();
    Examples::new(reading.inputs(&sequences)?, Labels::of_samples(labels))
}

/// The order in which the samples of `split` are taken: as they stand in a packed set. A reader's own samples may be
/// sorted by their labels, so that they are shuffled with the experiment's seed before a share of them is cut off.
fn order(experiment: &Experiment, split: &Split) -> Vec<usize> {
    let mut order: Vec<usize> = (0..split.len()).collect();
    if experiment.data.set == OWN && matches!(experiment.data.validation, Validation::Share(_)) {
        Stream::new(experiment.fit.seed, "own/order", 0).shuffle(&mut order);
    }
    order
}

/// Checks that the set holds what the reading reads.
fn check_kind(reading: &Reading, dataset: &Dataset) -> Result<()> {
    let (unit, is_text) = (dataset.vocabulary.unit(), dataset.task == data::Task::LanguageModel);
    let (fits, needed) = match reading {
        Reading::Words(_) | Reading::Numbers { .. } => (unit == Unit::Word && !is_text, "labelled texts"),
        Reading::Rows => (unit == Unit::Pixel, "images"),
        Reading::Characters { .. } => (unit == Unit::Character && is_text, "one long text"),
        Reading::WordIds { .. } | Reading::WordPairs { .. } => (is_text, "one long text"),
        Reading::Sequences => (unit == Unit::Number, "arrays"),
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
        Ok(match self {
            Self::Words(words) => {
                let read = |ids: &&[u16]| words.sequence(ids);
                let read: Vec<Vec<u16>> = sequences.iter().map(read).collect();
                Inputs::Ids(padded(words.maxlen, words.padding(), &read).mapv(u32::from))
            }
            Self::Numbers { below } => {
                let behind = Padding { padding: Side::Post, ..Padding::default() };
                let numbers = padded(below - 1, behind, sequences).mapv(f32::from);
                Inputs::Sequences(numbers.insert_axis(Axis(2)))
            }
            Self::Rows => {
                let pixels = padded(SIDE * SIDE, Padding::default(), sequences);
                let values = pixels.into_iter().map(|pixel| f32::from(pixel) / WHITE).collect();
                Inputs::Sequences(array((sequences.len(), SIDE, SIDE), values)?)
            }
            _ => {
                let timesteps = sequences.first().map_or(0, |sequence| sequence.len());
                let ids = sequences.concat().into_iter().map(u32::from).collect();
                Inputs::Ids(array((sequences.len(), timesteps), ids)?)
            }
        })
    }
}

/// Cuts the last windows of every stream off for validation, about `share` of them: the states of a batch go on into
/// the next one, so that each part holds whole batches.
fn split_streams(samples: &Examples, share: f64, experiment: &Experiment) -> Result<(Examples, Examples)> {
    let (count, batch) = (samples.count(), experiment.fit.batch_size);
    let windows = count / batch;
    let first = ((windows as f64 * (1.0 - share)).floor() as usize).max(1) * batch;
    if first >= count {
        let timesteps = experiment.data.reading.timesteps().unwrap_or(1);
        let least = 2 * batch * timesteps + 1;
        let expected = format!("at least {least} ids long, so that a part of it can be held back");
        return Err(Error::value("the text", expected, format!("about {}", count * timesteps)));
    }
    Ok((samples.part(0..first), samples.part(first..count)))
}

/// Windows of `timesteps` ids, one behind the other, each id with the one after it as its label.
fn windows(ids: &[u32], timesteps: usize) -> Result<Examples> {
    let count = ids.len().saturating_sub(1) / timesteps;
    if count == 0 {
        return Err(Error::value("the text", format!("at least {} ids long", timesteps + 1), ids.len()));
    }
    let rows = |from: &[u32]| array((count, timesteps), from[..count * timesteps].to_vec());
    Examples::new(Inputs::Ids(rows(ids)?), Labels::Classes(rows(&ids[1..])?))
}
