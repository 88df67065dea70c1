//! −Σ y·ln p over classes, with labels as vectors or as class ids.

use super::{EPSILON, Target};
use crate::math::elementary::{exp, ln};

/// The loss of one row, and `dy` = `scale` times its gradient.
pub fn of_row(output: &[f32], target: Target, scale: f32, dy: &mut [f32], from_logits: bool) -> f64 {
    let share = |k: usize| target.share(k);
    f64::from(match from_logits {
        true => of_logits(output, &share, scale, dy),
        false => of_probabilities(output, &share, scale, dy),
    })
}

/// Keras first divides by the sum of the probabilities, then clips; the gradient passes through both.
fn of_probabilities(p: &[f32], target: &impl Fn(usize) -> f32, scale: f32, dp: &mut [f32]) -> f32 {
    let sum = p.iter().fold(0.0, |s, v| s + v);
    let (mut loss, mut along) = (0.0, 0.0);
    for (k, d) in dp.iter_mut().enumerate() {
        let q = p[k] / sum;
        let clipped = q.clamp(EPSILON, 1.0 - EPSILON);
        let t = target(k);
        if t != 0.0 {
            loss -= t * ln(clipped);
        }
        *d = if q == clipped { -t / q } else { 0.0 };
        along += *d * q;
    }
    dp.iter_mut().for_each(|d| *d = (*d - along) / sum * scale);
    loss
}

/// ln Σ eᶻ − z of the class, with the largest logit taken out first.
fn of_logits(z: &[f32], target: &impl Fn(usize) -> f32, scale: f32, dz: &mut [f32]) -> f32 {
    let largest = z.iter().fold(f32::NEG_INFINITY, |m, v| if *v > m { *v } else { m });
    let mut sum = 0.0;
    for (d, z) in dz.iter_mut().zip(z) {
        *d = exp(z - largest);
        sum += *d;
    }
    let log_sum = ln(sum);
    let targets = (0..z.len()).fold(0.0, |s, k| s + target(k));
    let mut loss = 0.0;
    for (k, d) in dz.iter_mut().enumerate() {
        let t = target(k);
        if t != 0.0 {
            loss -= t * (z[k] - largest - log_sum);
        }
        *d = (*d / sum * targets - t) * scale;
    }
    loss
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saturated_wrong_answer_costs_16_118_and_has_no_gradient() {
        let mut d = [1.0; 3];
        let loss = of_probabilities(&[1.0, 0.0, 0.0], &|k| f32::from(u8::from(k == 1)), 1.0, &mut d);
        assert!((loss - 16.118_096).abs() < 1e-5);
        assert_eq!(d, [0.0; 3]);
    }
}
