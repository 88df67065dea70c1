//! Singular values by rotations of the columns until all are orthogonal (Hestenes 1958).

use ndarray::ArrayView2;

/// Columns whose cosine is smaller count as orthogonal.
const ORTHOGONAL: f64 = 1e-14;

/// Sweeps over all pairs; six to ten are usual.
const SWEEPS: usize = 60;

/// The singular values of `matrix`, `[n, m]`, the largest first: as many as it has columns. NaN where a number of it is
/// not finite.
pub fn singular_values(matrix: ArrayView2<f64>) -> Vec<f64> {
    let mut columns: Vec<Vec<f64>> = matrix.columns().into_iter().map(|column| column.to_vec()).collect();
    let count = columns.len();
    for _ in 0..SWEEPS {
        let mut is_done = true;
        for p in 0..count {
            for q in p + 1..count {
                let (low, high) = columns.split_at_mut(q);
                is_done &= rotate(&mut low[p], &mut high[0]);
            }
        }
        if is_done {
            break;
        }
    }
    let mut values: Vec<f64> = columns.iter().map(|column| dot(column, column).sqrt()).collect();
    values.sort_by(|a, b| b.total_cmp(a));
    values
}

/// Makes two columns orthogonal; whether they were.
fn rotate(p: &mut [f64], q: &mut [f64]) -> bool {
    let (pp, qq, pq) = (dot(p, p), dot(q, q), dot(p, q));
    let lengths = (pp * qq).sqrt();
    if pq.abs() <= ORTHOGONAL * lengths || lengths == 0.0 || !pq.is_finite() {
        return true;
    }
    let tau = (qq - pp) / (2.0 * pq);
    let t = tau.signum() / (tau.abs() + (1.0 + tau * tau).sqrt());
    let c = 1.0 / (1.0 + t * t).sqrt();
    let s = c * t;
    for (p, q) in p.iter_mut().zip(q) {
        (*p, *q) = (c * *p - s * *q, s * *p + c * *q);
    }
    false
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b)
}
