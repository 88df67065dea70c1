//! Principal components (Pearson 1901): the directions in which points differ most.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

/// Off-diagonal numbers that are smaller, in units of the largest entry, count as zero.
const NEGLIGIBLE: f64 = 1e-14;

/// Sweeps over all pairs; six to ten are usual.
const SWEEPS: usize = 60;

/// Axes through the mean of some points.
#[derive(Debug, Clone, PartialEq)]
pub struct Principal {
    /// The mean of the points, `[dimensions]`.
    pub mean: Array1<f64>,
    /// The directions, orthogonal and of length 1, that of the largest variance first; `[axes, dimensions]`. The
    /// largest component of each is positive.
    pub axes: Array2<f64>,
    /// The share of the points' variance along each axis, `[axes]`; zeros if all points are the same.
    pub shares: Array1<f64>,
}

impl Principal {
    /// The first `count` components of `points`, `[points, dimensions]`, at most as many as there are dimensions.
    pub fn of(points: ArrayView2<f64>, count: usize) -> Self {
        let dimensions = points.ncols();
        let count_of_points = points.nrows().max(1) as f64;
        let total = points.rows().into_iter().fold(Array1::<f64>::zeros(dimensions), |sum, row| sum + row);
        let mean = total / count_of_points;
        let mut covariance = Array2::<f64>::zeros((dimensions, dimensions));
        for point in points.rows() {
            let from_mean = &point - &mean;
            for (mut row, by) in covariance.rows_mut().into_iter().zip(&from_mean) {
                row.zip_mut_with(&from_mean, |sum, other| *sum += by * other / count_of_points);
            }
        }
        let (values, vectors) = eigen_of_symmetric(covariance);
        let mut order: Vec<usize> = (0..dimensions).collect();
        order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
        order.truncate(count);
        let total: f64 = values.iter().map(|value| value.max(0.0)).sum();
        let mut axes = Array2::zeros((order.len(), dimensions));
        for (mut axis, k) in axes.rows_mut().into_iter().zip(&order) {
            axis.assign(&pointing_up(vectors.column(*k)));
        }
        let share = |k: &usize| if total > 0.0 { values[*k].max(0.0) / total } else { 0.0 };
        Self { mean, axes, shares: order.iter().map(share).collect() }
    }

    /// Where `points`, `[points, dimensions]`, stand along the axes, `[points, axes]`.
    pub fn place(&self, points: ArrayView2<f64>) -> Array2<f64> {
        let along = |point: ArrayView1<f64>, axis: ArrayView1<f64>| {
            point.iter().zip(&self.mean).zip(axis).fold(0.0, |sum, ((x, mean), a)| sum + (x - mean) * a)
        };
        let shape = (points.nrows(), self.axes.nrows());
        Array2::from_shape_fn(shape, |(p, a)| along(points.row(p), self.axes.row(a)))
    }
}

/// `axis` or its opposite, such that its largest component is positive.
fn pointing_up(axis: ArrayView1<f64>) -> Array1<f64> {
    let largest = axis.iter().fold(0.0_f64, |a, b| if b.abs() > a.abs() { *b } else { a });
    axis.map(|value| if largest < 0.0 { -value } else { *value })
}

/// Eigenvalues `[n]` and eigenvectors, the columns of `[n, n]`, of a symmetric matrix: Jacobi's rotations.
fn eigen_of_symmetric(mut a: Array2<f64>) -> (Array1<f64>, Array2<f64>) {
    let n = a.nrows();
    let mut vectors = Array2::eye(n);
    let largest = a.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    for _ in 0..SWEEPS {
        let mut is_done = true;
        for p in 0..n {
            for q in p + 1..n {
                if a[[p, q]].abs() > NEGLIGIBLE * largest {
                    is_done = false;
                    rotate(&mut a, &mut vectors, p, q);
                }
            }
        }
        if is_done {
            break;
        }
    }
    (a.diag().to_owned(), vectors)
}

/// Turns the plane of the axes p and q such that `a[p, q]` becomes 0.
fn rotate(a: &mut Array2<f64>, vectors: &mut Array2<f64>, p: usize, q: usize) {
    let tau = (a[[q, q]] - a[[p, p]]) / (2.0 * a[[p, q]]);
    let sign = if tau < 0.0 { -1.0 } else { 1.0 };
    let t = sign / (tau.abs() + (1.0 + tau * tau).sqrt());
    let c = 1.0 / (1.0 + t * t).sqrt();
    let s = c * t;
    let turned = |x: f64, y: f64| (c * x - s * y, s * x + c * y);
    for k in 0..a.nrows() {
        (a[[k, p]], a[[k, q]]) = turned(a[[k, p]], a[[k, q]]);
    }
    for k in 0..a.nrows() {
        (a[[p, k]], a[[q, k]]) = turned(a[[p, k]], a[[q, k]]);
        (vectors[[k, p]], vectors[[k, q]]) = turned(vectors[[k, p]], vectors[[k, q]]);
    }
}
