//! Sums in one written order.

/// The sum of the squares, from left to right, in f64.
pub fn sum_of_squares(x: &[f32]) -> f64 {
    x.iter().fold(0.0, |sum, v| sum + f64::from(*v) * f64::from(*v))
}

/// `to += from`, element by element.
pub fn add_assign(to: &mut [f32], from: &[f32]) {
    assert_eq!(to.len(), from.len(), "both arrays have one length");
    for (t, f) in to.iter_mut().zip(from) {
        *t += f;
    }
}

/// `sums += ` the sum of all rows of `x`, row after row; `x` is `[rows, sums.len()]`.
pub fn add_rows(sums: &mut [f32], x: &[f32]) {
    for row in x.chunks_exact(sums.len()) {
        add_assign(sums, row);
    }
}

/// The index of the largest number, the first of several; 0 for an empty slice.
pub fn argmax(x: &[f32]) -> usize {
    let mut best = 0;
    for (k, v) in x.iter().enumerate() {
        if *v > x[best] {
            best = k;
        }
    }
    best
}
