//! (y − t)², the mean over the numbers of an output vector.

use super::Target;

/// The loss of one row, and `dy` = `scale`·2·(y − t)/n.
pub fn of_row(output: &[f32], target: Target, scale: f32, dy: &mut [f32]) -> f64 {
    let count = output.len();
    let factor = scale * 2.0 / count as f32;
    let mut loss = 0.0;
    for (k, (y, dy)) in output.iter().zip(dy).enumerate() {
        let difference = y - target.number(k);
        loss += f64::from(difference) * f64::from(difference);
        *dy = factor * difference;
    }
    loss / count as f64
}
