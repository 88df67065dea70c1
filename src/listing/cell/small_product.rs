//! Products of few rows, for which packing would not pay.

use super::instruction::Form;

/// `out += a @ b` for `(rows, inner, columns)`: `a` is `[rows, inner]`, `b` `[inner, columns]`, or `[columns, inner]`
/// if `transposed`.
pub(super) fn product(
    out: &mut [f32],
    a: &[f32],
    b: &[f32],
    (rows, inner, columns): (usize, usize, usize),
    transposed: bool,
) {
    if inner == 0 || columns == 0 {
        return;
    }
    for (out, a) in out.chunks_exact_mut(columns).zip(a.chunks_exact(inner)).take(rows) {
        if transposed {
            for (out, b) in out.iter_mut().zip(b.chunks_exact(inner)) {
                *out += dot(a, b);
            }
        } else {
            for (a, b) in a.iter().zip(b.chunks_exact(columns)) {
                for (out, b) in out.iter_mut().zip(b) {
                    *out += a * b;
                }
            }
        }
    }
}

/// How many sums a dot product keeps side by side; they are added from left to right at the end.
const LANES: usize = 8;

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; LANES];
    let (a_lanes, a_rest) = a.as_chunks::<LANES>();
    let (b_lanes, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a_lanes.iter().zip(b_lanes) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let mut sum = sums.iter().fold(0.0, |sum, v| sum + v);
    for (a, b) in a_rest.iter().zip(b_rest) {
        sum += a * b;
    }
    sum
}

/// `out = a @ b` of one sample, either side transposed or not.
pub(super) fn small_product(
    out: &mut [f32],
    (a, a_form, left): (&[f32], Form, bool),
    (b, b_form, right): (&[f32], Form, bool),
    (rows, inner, columns): (usize, usize, usize),
) {
    for row in 0..rows {
        for column in 0..columns {
            let mut sum = 0.0;
            for k in 0..inner {
                let from_a = if left { a[k * a_form.columns + row] } else { a[row * a_form.columns + k] };
                let from_b =
                    if right { b[column * b_form.columns + k] } else { b[k * b_form.columns + column] };
                sum += from_a * from_b;
            }
            out[row * columns + column] = sum;
        }
    }
}
