//! What a model makes of one text whose padding stands before the words, behind them, or is masked.

use ndarray::{Array1, Array2, ArrayView1};
use serde::{Deserialize, Serialize};

use super::{Analysis, Shown};
use crate::math::reduce::{argmax, sum_of_squares};
use crate::model::Sequential;
use crate::trace::{Trace, trace_ids};
use crate::{Error, Result};

/// A text, and the layer whose state is looked at.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PaddingQuestion {
    /// The text, or a sample of texts.
    pub shown: Shown,
    /// The recurrent layer.
    pub layer: String,
}

/// A text in several arrangements.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct PaddingPicture {
    /// The class whose probability is given; nothing where answers are numbers.
    pub class: Option<String>,
    /// The arrangements.
    pub readings: Vec<PaddedReading>,
}

/// Where the padding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Arrangement {
    /// Before the words.
    Pre,
    /// Behind the words.
    Post,
    /// Masked: behind the words, or before them where the experiment masks it there.
    Masked,
}

/// A text in one arrangement, position for position.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct PaddedReading {
    /// Which.
    pub arrangement: Arrangement,
    /// Whether the experiment reads texts so.
    pub is_own: bool,
    /// What stands at each position: a word, `start`, or nothing for padding.
    pub words: Vec<String>,
    /// ‖h_t − h_{t−1}‖ at each position, in the order in which the layer computes; the state before the first is zero.
    pub change: Vec<f32>,
    /// The probability of the class, or the first number of the answer, after each position; NaN where the model has
    /// no prediction.
    pub predictions: Vec<f32>,
    /// The same for the whole sequence.
    pub answer: f32,
}

impl Analysis {
    /// Reads a text in each arrangement.
    ///
    /// # Errors
    /// If what is shown is no text of ids, no padding stands beside it, or the layer has no state for each position.
    pub fn padding(&mut self, question: &PaddingQuestion) -> Result<PaddingPicture> {
        let placed = self.place(&question.shown)?;
        let (ids, padding) = (placed.ids, placed.padding);
        let expected = "a text that is shorter than what the model reads, so that padding stands beside it";
        if ids.is_empty() || padding == 0 || padding >= ids.len() {
            return Err(Error::value("what is shown", expected, "no padding"));
        }
        let is_post = ids[0] != 0;
        let first = if is_post { 0 } else { padding };
        let content = &ids[first..][..ids.len() - padding];
        let mut names = vec!["start".to_owned(); content.len()];
        let kept: Vec<&str> =
            placed.tokens.iter().filter(|token| token.kept).map(|token| token.text.as_str()).collect();
        for (name, word) in names[placed.kept.start - first..].iter_mut().zip(kept) {
            *name = word.to_owned();
        }
        let is_masked = self.masks_padding();
        let own = if is_masked { Arrangement::Masked } else { Arrangement::Pre };
        let own = if is_post && !is_masked { Arrangement::Post } else { own };
        let mut read = Vec::new();
        for arrangement in [Arrangement::Pre, Arrangement::Post, Arrangement::Masked] {
            let is_before = match arrangement {
                Arrangement::Masked => is_masked && !is_post,
                _ => arrangement == Arrangement::Pre,
            };
            let before = if is_before { padding } else { 0 };
            let place = before..before + content.len();
            let mut row = vec![0; ids.len()];
            row[place.clone()].copy_from_slice(content);
            let mut words = vec![String::new(); ids.len()];
            words[place].clone_from_slice(&names);
            let mut model = self.masking(arrangement == Arrangement::Masked)?;
            let traced = trace_ids(&mut model, &row)?;
            let change = change_of(&model, &traced, &question.layer)?;
            let is_own = arrangement == own;
            read.push((
                PaddedReading { arrangement, is_own, words, change, predictions: vec![], answer: 0.0 },
                traced,
            ));
        }
        let outputs = read[0].1.output.len();
        let classes = self.classes_of(&question.shown, outputs)?;
        // The class that is predicted as the experiment reads the text; of two with one output the second.
        let of = read.iter().find(|(reading, _)| reading.is_own).map_or(&read[0].1, |(_, traced)| traced);
        let output = if outputs == 1 { 0 } else { argmax(of.output.as_slice().unwrap_or_default()) };
        let class = if outputs == 1 { classes.len().checked_sub(1) } else { Some(output) };
        let class = class.and_then(|class| classes.get(class)).cloned();
        let readings = read.into_iter().map(|(reading, traced)| PaddedReading {
            predictions: traced.predictions.column(output).to_vec(),
            answer: traced.output.get(output).copied().unwrap_or(f32::NAN),
            ..reading
        });
        Ok(PaddingPicture { class, readings: readings.collect() })
    }

    /// The model with its weights, whose embedding masks the id 0 or does not.
    fn masking(&self, mask_zero: bool) -> Result<Sequential> {
        let mut document = self.model.to_json();
        let layers = document.pointer_mut("/config/layers").and_then(|layers| layers.as_array_mut());
        for layer in layers.into_iter().flatten().filter(|layer| layer["class_name"] == "Embedding") {
            layer["config"]["mask_zero"] = mask_zero.into();
        }
        let mut model = Sequential::with_zero_weights(&document.to_string())?;
        model.parameters.values_mut().copy_from_slice(self.model.parameters.values());
        Ok(model)
    }
}

/// How far the state of a layer moves at each position.
fn change_of(model: &Sequential, traced: &Trace, layer: &str) -> Result<Vec<f32>> {
    let found = traced.layers.iter().find(|own| own.name == layer && own.timesteps() == traced.timesteps());
    let mut parts = model.layers().iter().flat_map(|own| own.recurrents());
    let part = parts.find(|(path, _)| path == layer);
    let state = part
        .and_then(|(_, part)| Some((part.cell().state_names().into_iter().next()?, part.goes_backwards())));
    let h = found.zip(state.as_ref()).and_then(|(own, (name, _))| own.symbol(name));
    let Some((h, (_, backwards))) = h.zip(state.as_ref()) else {
        return Err(Error::value(format!("the states of `{layer}`"), "one for every position", "others"));
    };
    Ok(moves(&h.values, *backwards))
}

/// Lengths of the steps from one row to the next, in the order of computation; the first is from zero.
fn moves(h: &Array2<f32>, backwards: bool) -> Vec<f32> {
    let zero = Array1::zeros(h.ncols());
    let last = h.nrows() - 1;
    let before = |t: usize| -> ArrayView1<f32> {
        match (backwards, t) {
            (false, 0) => zero.view(),
            (false, t) => h.row(t - 1),
            (true, t) if t == last => zero.view(),
            (true, t) => h.row(t + 1),
        }
    };
    (0..=last).map(|t| sum_of_squares(&(&h.row(t) - &before(t)).to_vec()).sqrt() as f32).collect()
}
