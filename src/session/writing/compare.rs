//! What a model says comes next after two different texts.

use serde::Serialize;

use super::Writer;
use super::writer::nothing_to_read;
use crate::Result;
use crate::generate::drawn;
use crate::math::elementary::exp;
use crate::ordering::sort_by;

/// How many of the likeliest are told.
const LIKELIEST: usize = 8;

/// An id and how likely it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Likely {
    /// What it stands for.
    pub piece: String,
    /// Its probability.
    pub probability: f32,
}

/// What a model says comes next after a text.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Followed {
    /// What the model read of the text, id by id.
    pub read: Vec<String>,
    /// The likeliest, the likeliest first.
    pub likeliest: Vec<Likely>,
}

/// The predictions after two texts.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Compared {
    /// After the first.
    pub first: Followed,
    /// After the second.
    pub second: Followed,
    /// Whether all probabilities agree bit for bit.
    pub same: bool,
    /// The largest difference between the two probabilities of an id.
    pub largest_difference: f32,
}

impl Writer {
    /// What the model says comes next after `first` and after `second`; the present text stays as it is.
    ///
    /// # Errors
    /// If there is nothing in one of them that the model can read.
    pub fn compare(&mut self, first: &str, second: &str) -> Result<Compared> {
        let (one, probabilities) = self.followed(first)?;
        let (other, of_other) = self.followed(second)?;
        let differences = probabilities.iter().zip(&of_other).map(|(a, b)| (a - b).abs());
        let largest_difference = differences.fold(0.0, f32::max);
        let same = probabilities.iter().zip(&of_other).all(|(a, b)| a.to_bits() == b.to_bits());
        Ok(Compared { first: one, second: other, same, largest_difference })
    }

    /// The mean of −log₂ p of each id of `text` after the first, and how many these are.
    ///
    /// # Errors
    /// If the model can read fewer than two ids of it.
    pub fn bits(&mut self, text: &str) -> Result<(f64, usize)> {
        let ids = self.vocabulary.encode(text);
        let Some((first, rest)) = ids.split_first().filter(|(_, rest)| !rest.is_empty()) else {
            return Err(nothing_to_read());
        };
        let mut nats = 0.0;
        self.aside(|writer| {
            writer.reader.read(&mut writer.model, *first)?;
            for id in rest {
                let (first_id, logits) = writer.reader.logits(&writer.model);
                nats -= log_softmax(&logits, usize::from(id - first_id));
                writer.reader.read(&mut writer.model, *id)?;
            }
            Ok(())
        })?;
        Ok((nats * std::f64::consts::LOG2_E / rest.len() as f64, rest.len()))
    }

    /// What follows `text`, and the probability of each id that can.
    fn followed(&mut self, text: &str) -> Result<(Followed, Vec<f32>)> {
        let ids = self.vocabulary.encode(text);
        if ids.is_empty() {
            return Err(nothing_to_read());
        }
        let (first_id, logits) = self.aside(|writer| {
            for id in &ids {
                writer.reader.read(&mut writer.model, *id)?;
            }
            Ok(writer.reader.logits(&writer.model))
        })?;
        // It refuses logits that are not finite.
        drawn(&logits, 1.0, 0.0, &mut Vec::new())?;
        let probabilities = softmax(&logits);
        let mut order: Vec<usize> = (0..probabilities.len()).collect();
        sort_by(&mut order, |a, b| probabilities[*b].total_cmp(&probabilities[*a]));
        let likely =
            |k: &usize| Likely { piece: self.piece(first_id + *k as u16), probability: probabilities[*k] };
        let likeliest = order.iter().take(LIKELIEST).map(likely).collect();
        let read = ids.iter().map(|id| self.piece(*id)).collect();
        Ok((Followed { read, likeliest }, probabilities))
    }
}

fn softmax(logits: &[f32]) -> Vec<f32> {
    let largest = logits.iter().copied().fold(f32::MIN, f32::max);
    let powers: Vec<f32> = logits.iter().map(|z| exp(z - largest)).collect();
    let total: f64 = powers.iter().map(|power| f64::from(*power)).sum();
    powers.iter().map(|power| (f64::from(*power) / total) as f32).collect()
}

/// ln of the probability of id `k`.
fn log_softmax(logits: &[f32], k: usize) -> f64 {
    let largest = logits.iter().copied().fold(f32::MIN, f32::max);
    let total: f64 = logits.iter().map(|z| f64::from(exp(z - largest))).sum();
    f64::from(logits[k] - largest) - f64::from(crate::math::elementary::ln(total as f32))
}
