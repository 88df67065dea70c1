//! From a data set to what the model of an experiment is trained on.

use ndarray::{Array2, ArrayView1, Axis};
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
    Examples::new(inputs(experiment.reading, &sequences)?, Labels::of_samples(labels))
}

fn fits(reading: Reading, sequence: &[u16]) -> bool {
    match reading {
        Reading::Numbers { below } => sequence.len() < below,
        Reading::Rows => sequence.len() == SIDE * SIDE,
        Reading::Words { .. } | Reading::Windows { .. } => true,
    }
}

/// The input of a model for some sequences of ids.
///
/// # Errors
/// If sequences that are to be read as they are differ in length.
pub fn inputs(reading: Reading, sequences: &[&[u16]]) -> Result<Inputs> {
    let rows = |length: usize, how: Padding| -> Array2<u16> {
        let mut rows = Array2::zeros((sequences.len(), length));
        let mut row = vec![0; length];
        for (sequence, mut to) in sequences.iter().zip(rows.rows_mut()) {
            pad_into(&mut row, sequence, how);
            to.assign(&ArrayView1::from(&row));
        }
        rows
    };
    match reading {
        Reading::Words { maxlen, .. } => Ok(Inputs::Ids(rows(maxlen, Padding::default()).mapv(u32::from))),
        Reading::Numbers { below } => {
            let behind = Padding { padding: Side::Post, ..Padding::default() };
            Ok(Inputs::Sequences(rows(below - 1, behind).mapv(f32::from).insert_axis(Axis(2))))
        }
        Reading::Rows => {
            let pixels = rows(SIDE * SIDE, Padding::default()).mapv(|pixel| f32::from(pixel) / WHITE);
            let images = pixels.into_shape_with_order((sequences.len(), SIDE, SIDE));
            images.map(Inputs::Sequences).map_err(|e| Error::format("the images", e.to_string()))
        }
        Reading::Windows { .. } => {
            let timesteps = sequences.first().map_or(0, |sequence| sequence.len());
            if let Some(other) = sequences.iter().find(|sequence| sequence.len() != timesteps) {
                return Err(Error::value("every window", format!("{timesteps} ids long"), other.len()));
            }
            Ok(Inputs::Ids(rows(timesteps, Padding::default()).mapv(u32::from)))
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
