//! From a data set to what the model of an experiment is trained on.

use unrolled::data::{Dataset, Padding, Side, Split, pad_into};
use unrolled::train::{Examples, Inputs, Labels};
use unrolled::{Error, Result};

use super::{Experiment, Reading};

/// Rows and columns of an image.
pub const SIDE: usize = 28;
const WHITE: f32 = 255.0;

/// The samples of `split`, the first `limit` of them.
pub fn examples(experiment: &Experiment, split: &Split, limit: usize) -> Result<Examples> {
    if let Reading::Windows { timesteps } = experiment.reading {
        let ids: Vec<u32> = split.ids().iter().take(limit).map(|id| u32::from(*id)).collect();
        return Examples::streams(&ids, experiment.batch_size, timesteps);
    }
    let kept: Vec<usize> =
        (0..split.len()).filter(|k| fits(experiment.reading, split.sequence(*k))).take(limit).collect();
    if split.labels().is_empty() {
        return Err(Error::value("the data of the experiment", "labelled", "a text without labels"));
    }
    let labels = kept.iter().map(|k| u32::from(split.label(*k))).collect();
    let sequences: Vec<&[u16]> = kept.iter().map(|k| split.sequence(*k)).collect();
    let inputs = inputs(experiment.reading, &sequences);
    Examples::new(kept.len(), inputs, Labels::Classes { per_sample: 1, ids: labels }, Vec::new())
}

fn fits(reading: Reading, sequence: &[u16]) -> bool {
    match reading {
        Reading::Numbers { below } => sequence.len() < below,
        Reading::Rows => sequence.len() == SIDE * SIDE,
        Reading::Words { .. } | Reading::Windows { .. } => true,
    }
}

/// The input of a model for some sequences of ids.
pub fn inputs(reading: Reading, sequences: &[&[u16]]) -> Inputs {
    let rows = |length: usize, how: Padding| -> Vec<u16> {
        let mut row = vec![0; length];
        let mut all = Vec::with_capacity(length * sequences.len());
        for sequence in sequences {
            pad_into(&mut row, sequence, how);
            all.extend_from_slice(&row);
        }
        all
    };
    match reading {
        Reading::Words { maxlen, .. } => {
            let ids = rows(maxlen, Padding::default()).into_iter().map(u32::from).collect();
            Inputs::Ids { timesteps: maxlen, ids }
        }
        Reading::Numbers { below } => {
            let behind = Padding { padding: Side::Post, ..Padding::default() };
            let values = rows(below - 1, behind).into_iter().map(f32::from).collect();
            Inputs::Sequences { timesteps: below - 1, features: 1, values }
        }
        Reading::Rows => {
            let values =
                rows(SIDE * SIDE, Padding::default()).into_iter().map(|v| f32::from(v) / WHITE).collect();
            Inputs::Sequences { timesteps: SIDE, features: SIDE, values }
        }
        Reading::Windows { .. } => {
            let timesteps = sequences.first().map_or(0, |sequence| sequence.len());
            let ids =
                sequences.iter().flat_map(|sequence| sequence.iter().map(|id| u32::from(*id))).collect();
            Inputs::Ids { timesteps, ids }
        }
    }
}

/// The ids of a reader's text.
pub fn encode(experiment: &Experiment, dataset: &Dataset, text: &str) -> Result<Vec<u16>> {
    if matches!(experiment.reading, Reading::Rows) {
        return Err(Error::value("the experiment", "one with texts", experiment.name));
    }
    let ids = dataset.vocabulary.encode(text);
    let has_words = match experiment.reading {
        Reading::Windows { .. } => !ids.is_empty(),
        // The first id only says that a text starts.
        _ => ids.len() > 1,
    };
    if has_words {
        Ok(ids)
    } else {
        Err(Error::format("the text", "there is nothing in it that the model can read"))
    }
}
