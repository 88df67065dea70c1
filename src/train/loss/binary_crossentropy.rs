//! −y·ln p − (1 − y)·ln(1 − p), the mean over the numbers of an output vector.

use super::{EPSILON, Target};
use crate::math::elementary::{exp, ln, sigmoid};

/// The loss of one row, and `dy` = `scale` times its gradient.
pub fn of_row(output: &[f32], target: Target, scale: f32, dy: &mut [f32], from_logits: bool) -> f64 {
    let one = if from_logits { of_logit } else { of_probability };
    let count = output.len();
    let mut loss = 0.0;
    for (k, (y, dy)) in output.iter().zip(dy).enumerate() {
        let (value, gradient) = one(*y, target.number(k));
        loss += f64::from(value);
        *dy = gradient * (scale / count as f32);
    }
    loss / count as f64
}

/// Loss and derivative for a probability; p and 1 − p are clipped each by itself, and where a clip acts its
/// part of the derivative is zero.
fn of_probability(p: f32, label: f32) -> (f32, f32) {
    let q = 1.0 - p;
    let inside = |v: f32| v > EPSILON && v < 1.0 - EPSILON;
    let clip = |v: f32| v.clamp(EPSILON, 1.0 - EPSILON);
    let loss = -label * ln(clip(p)) - (1.0 - label) * ln(clip(q));
    let dp = if inside(p) { -label / p } else { 0.0 };
    let dq = if inside(q) { (1.0 - label) / q } else { 0.0 };
    (loss, dp + dq)
}

/// Loss and derivative for a logit: max(z, 0) − z·y + ln(1 + e^−|z|), which neither overflows nor clips.
fn of_logit(z: f32, label: f32) -> (f32, f32) {
    let loss = z.max(0.0) - z * label + ln(1.0 + exp(-z.abs()));
    (loss, sigmoid(z) - label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saturated_wrong_answer_costs_16_118_on_both_sides_and_has_no_gradient() {
        for (p, label) in [(0.0, 1.0), (1.0, 0.0)] {
            let (loss, gradient) = of_probability(p, label);
            assert!((loss - 16.118_096).abs() < 1e-5, "{loss}");
            assert_eq!(gradient, 0.0);
        }
    }

    #[test]
    fn logits_and_probabilities_agree() {
        for z in [-3.0f32, -0.5, 0.0, 2.0] {
            for label in [0.0, 1.0] {
                let (a, _) = of_logit(z, label);
                let (b, _) = of_probability(sigmoid(z), label);
                assert!((a - b).abs() < 1e-6);
            }
        }
    }
}
