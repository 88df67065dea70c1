//! What one wants to know of a trained model besides its loss.

mod confusion;
mod predictions;
mod report;

pub use confusion::{ClassMetrics, Confusion};
pub use predictions::{Judged, Prediction, Predictions};
pub use report::Report;

use super::examples::BlockLabels;
use super::loss::Loss;
use crate::layers::Signal;
use crate::math::elementary::exp;
use crate::math::reduce::argmax;

/// The class of the label and the class that is predicted in a row of the output; a single output says yes beyond one
/// half, which for a logit is zero.
pub(super) fn classes_of_row(
    loss: Loss,
    output: &Signal,
    labels: &BlockLabels,
    row: usize,
) -> (usize, usize) {
    let range = row * output.features..(row + 1) * output.features;
    let y = &output.data[range.clone()];
    let label = match labels.values.get(range) {
        Some([value]) => usize::from(*value > 0.5),
        Some(values) => argmax(values),
        None => labels.classes[row] as usize,
    };
    let threshold = if loss == (Loss::BinaryCrossentropy { from_logits: true }) { 0.0 } else { 0.5 };
    let predicted = if y.len() == 1 { usize::from(y[0] > threshold) } else { argmax(y) };
    (label, predicted)
}

/// Whether fewer than `k` classes have a larger output than the label's: Keras' `in_top_k`.
pub fn in_top_k(output: &[f32], label: usize, k: usize) -> bool {
    output.iter().filter(|other| **other > output[label]).count() < k
}

/// e to the mean loss of a language model: among how many equally likely ids it chooses on average.
pub fn perplexity(mean_loss: f32) -> f32 {
    exp(mean_loss)
}

/// The mean loss of a language model in bits instead of nats: bits per character where ids are characters.
pub fn bits_per_character(mean_loss: f32) -> f32 {
    mean_loss * core::f32::consts::LOG2_E
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_outputs_do_not_push_a_label_out_of_the_top() {
        assert!(in_top_k(&[0.2, 0.5, 0.2, 0.1], 2, 2));
        assert!(!in_top_k(&[0.2, 0.5, 0.2, 0.1], 3, 3));
    }

    #[test]
    fn a_uniform_guess_among_256_ids_has_perplexity_256_and_costs_eight_bits() {
        let loss = crate::math::elementary::ln(256.0);
        assert!((perplexity(loss) - 256.0).abs() < 1e-3);
        assert!((bits_per_character(loss) - 8.0).abs() < 1e-6);
    }
}
