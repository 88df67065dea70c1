//! Sums in one written order.

/// The sum of the squares in f64: four sums over every fourth number, added in pairs. It is finite exactly when every
/// number is, because no square of an f32 overflows an f64.
pub fn sum_of_squares(x: &[f32]) -> f64 {
    let (fours, rest) = x.as_chunks::<4>();
    let mut sums = [0.0f64; 4];
    for four in fours {
        for (sum, v) in sums.iter_mut().zip(four) {
            *sum += f64::from(*v) * f64::from(*v);
        }
    }
    for (sum, v) in sums.iter_mut().zip(rest) {
        *sum += f64::from(*v) * f64::from(*v);
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}

/// The Euclidean norm of `before`, and that of `after - before`, each from four sums over every fourth number in f64.
pub fn norm_and_distance(before: &[f32], after: &[f32]) -> (f64, f64) {
    let ((before_fours, before_rest), (after_fours, after_rest)) =
        (before.as_chunks::<4>(), after.as_chunks::<4>());
    let (mut squares, mut differences) = ([0.0f64; 4], [0.0f64; 4]);
    for (before, after) in before_fours.iter().zip(after_fours) {
        for k in 0..4 {
            let (value, difference) = (f64::from(before[k]), f64::from(after[k] - before[k]));
            squares[k] += value * value;
            differences[k] += difference * difference;
        }
    }
    for (k, (before, after)) in before_rest.iter().zip(after_rest).enumerate() {
        let (value, difference) = (f64::from(*before), f64::from(after - before));
        squares[k] += value * value;
        differences[k] += difference * difference;
    }
    let norm = |sums: [f64; 4]| ((sums[0] + sums[1]) + (sums[2] + sums[3])).sqrt();
    (norm(squares), norm(differences))
}

/// `to += from`, element by element.
#[inline(never)] // Inlined where code is compiled for size it would not use the processor's vectors.
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
