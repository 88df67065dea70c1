//! From a data set to what is trained on: ids cut to the vocabulary and to one length, with their labels.

use ndarray::Array2;

use super::Config;
use crate::data::vocabulary::UNKNOWN;
use crate::data::{Dataset, Split, Task, Unit, pad_into};
use crate::layers::Shape;
use crate::model::Sequential;
use crate::train::{Examples, Inputs, Labels};
use crate::{Error, Result};

/// What always answering the most frequent class achieves.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    /// The class.
    pub label: String,
    /// Its share of the validation set, or of the training set where there is none.
    pub accuracy: f64,
}

/// The samples of `split`, the first `limit` of them.
pub fn examples(dataset: &Dataset, split: &Split, config: &Config, limit: Option<usize>) -> Result<Examples> {
    if dataset.vocabulary.unit() != Unit::Word || dataset.task == Task::LanguageModel {
        let problem = format!("`{}` is not made of labelled texts; choose one that is", dataset.name);
        return Err(Error::format("the data set", problem));
    }
    let count = limit.unwrap_or(split.len()).min(split.len());
    let mut padded = vec![0; config.maxlen];
    let mut ids = Array2::zeros((count, config.maxlen));
    for (k, mut row) in ids.rows_mut().into_iter().enumerate() {
        pad_into(&mut padded, split.sequence(k), config.padding);
        row.iter_mut().zip(&padded).for_each(|(to, id)| *to = u32::from(known(*id, config.num_words)));
    }
    let labels = split.labels()[..count].iter().map(|label| u32::from(*label)).collect();
    Examples::new(Inputs::Ids(ids), Labels::of_samples(labels))
}

/// `id`, or [`UNKNOWN`] for words outside of the vocabulary that the run uses.
pub fn known(id: u16, num_words: usize) -> u16 {
    if usize::from(id) < num_words { id } else { UNKNOWN }
}

/// Checks that the model reads ids, as many as there are, and that its table has a row for each.
pub fn check_input(model: &Sequential, config: &Config) -> Result<()> {
    let Shape::Ids { timesteps } = model.input_shape() else {
        let expected = "made for ids, with an Embedding as its first layer";
        return Err(Error::config("model", expected, model.input_shape()));
    };
    if let Some(timesteps) = timesteps.filter(|timesteps| *timesteps != config.maxlen) {
        let expected = format!("{timesteps}, the model's input_length");
        return Err(Error::config("maxlen", expected, config.maxlen));
    }
    let first = model.layers()[0].config();
    let rows = first.pointer("/config/input_dim").and_then(serde_json::Value::as_u64).unwrap_or(0);
    let least = usize::from(UNKNOWN) + 1;
    if config.num_words < least || (rows as usize) < config.num_words {
        let expected = format!("from {least} to {rows}, the Embedding's input_dim");
        return Err(Error::config("num_words", expected, config.num_words));
    }
    Ok(())
}

/// The most frequent class of the training set, and how often it is right on the validation set.
pub fn baseline(dataset: &Dataset) -> Baseline {
    let classes = dataset.class_names.len();
    let counts = dataset.train.class_counts(classes);
    let most = (0..classes).rev().max_by_key(|class| counts[*class]).unwrap_or(0);
    let judged = if dataset.test.is_empty() { &dataset.train } else { &dataset.test };
    let right = judged.class_counts(classes).get(most).copied().unwrap_or(0);
    let label = dataset.class_names.get(most).cloned().unwrap_or_default();
    Baseline { label, accuracy: right as f64 / judged.len().max(1) as f64 }
}
