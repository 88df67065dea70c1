//! Orthogonal matrices.

use crate::rng::{RngExt, StandardNormal, Stream};

/// Modified Gram–Schmidt, twice, in f64 on normal numbers: rows of the smaller side become orthonormal.
pub(super) fn orthogonal(values: &mut [f32], shape: &[usize], gain: f32, stream: &mut Stream) {
    let columns = shape.last().copied().unwrap_or(1);
    let rows = values.len() / columns.max(1);
    let (count, length) = (rows.min(columns), rows.max(columns));
    let mut basis = vec![0.0f64; count * length];
    for k in 0..count {
        let (done, rest) = basis.split_at_mut(k * length);
        let row = &mut rest[..length];
        row.iter_mut().for_each(|v| *v = f64::from(stream.sample::<f32, _>(StandardNormal)));
        for _ in 0..2 {
            for other in done.chunks_exact(length) {
                let along: f64 = row.iter().zip(other).map(|(a, b)| a * b).sum();
                row.iter_mut().zip(other).for_each(|(a, b)| *a -= along * b);
            }
        }
        let norm = row.iter().map(|v| v * v).sum::<f64>().sqrt();
        row.iter_mut().for_each(|v| *v /= norm);
    }
    for (index, value) in values.iter_mut().enumerate() {
        let (r, c) = (index / columns, index % columns);
        let at = if rows <= columns { r * length + c } else { c * length + r };
        *value = gain * basis[at] as f32;
    }
}
