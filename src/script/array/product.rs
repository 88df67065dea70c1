//! Products of matrices and vectors.

use super::{Array, Buffer, Fault, Kind, Outcome, count, shown_shape, spend};

/// `a @ b` and `np.dot(a, b)`, which agree for at most two axes; of more, the first ones of `a` are gone through.
pub(in crate::script) fn matmul(a: &Array, b: &Array, kind: Kind) -> Outcome<Array> {
    let inner = a.shape.last().copied();
    let rows_of_b = b.shape.len().checked_sub(2).map_or(b.rows(), |axis| Some(b.shape[axis]));
    let (Some(inner), true) = (inner, inner == rows_of_b) else { return Err(mismatch(a, b)) };
    let stacked_b = b.shape.len() > 2;
    if stacked_b {
        return batches(a, b, kind);
    }
    let columns = if b.shape.len() == 2 { b.shape[1] } else { 1 };
    let shape = [&a.shape[..a.shape.len() - 1], &b.shape[1..]].concat();
    let rows = a.shape[..a.shape.len() - 1].iter().product();
    Buffer::room_for(count(&shape)?)?;
    spend(count(&shape)?.saturating_mul(inner))?;
    let numbers = product(&a.numbers(), &b.numbers(), [rows, inner, columns]);
    Array::new(shape, kind, numbers)
}

/// Both have as many first axes as the other, of the same sizes.
fn batches(a: &Array, b: &Array, kind: Kind) -> Outcome<Array> {
    let axes = b.shape.len() - 2;
    if a.shape.len() != b.shape.len() || a.shape[..axes] != b.shape[..axes] {
        return Err(mismatch(a, b));
    }
    let sizes = [a.shape[axes], a.shape[axes + 1], b.shape[axes + 1]];
    let shape = [&a.shape[..=axes], &[sizes[2]]].concat();
    Buffer::room_for(count(&shape)?)?;
    spend(count(&shape)?.saturating_mul(sizes[1]))?;
    let (left, right) = (a.numbers(), b.numbers());
    let (of_a, of_b) = ((sizes[0] * sizes[1]).max(1), (sizes[1] * sizes[2]).max(1));
    let pairs = left.chunks(of_a).zip(right.chunks(of_b));
    Array::new(shape.clone(), kind, pairs.flat_map(|(a, b)| product(a, b, sizes)).collect())
}

fn product(a: &[f64], b: &[f64], [rows, inner, columns]: [usize; 3]) -> Vec<f64> {
    let mut result = vec![0.0; rows * columns];
    for row in 0..rows {
        let into = &mut result[row * columns..][..columns];
        for k in 0..inner {
            let factor = a[row * inner + k];
            for (sum, value) in into.iter_mut().zip(&b[k * columns..][..columns]) {
                *sum += factor * value;
            }
        }
    }
    result
}

/// `np.outer(a, b)`
pub(in crate::script) fn outer(a: &Array, b: &Array, kind: Kind) -> Outcome<Array> {
    let (left, right) = (a.numbers(), b.numbers());
    let shape = vec![left.len(), right.len()];
    Buffer::room_for(count(&shape)?)?;
    Array::new(shape, kind, left.iter().flat_map(|a| right.iter().map(move |b| a * b)).collect())
}

fn mismatch(a: &Array, b: &Array) -> Fault {
    Fault::new(format!(
        "shapes {} and {} not aligned: the last axis of the first has to be as long as the {} axis of the second",
        shown_shape(&a.shape),
        shown_shape(&b.shape),
        if b.shape.len() > 1 { "last but one" } else { "only" }
    ))
}
