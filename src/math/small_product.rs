//! Products of few rows, for which packing would not pay. Every sum is taken over k in order.

use crate::lanes::{Backend, Lanes, with_lanes};

/// A matrix that is read as it stands or transposed.
#[derive(Debug, Clone, Copy)]
pub struct Factor<'a> {
    /// Row after row.
    pub data: &'a [f32],
    /// How many columns these rows have.
    pub columns: usize,
    /// Whether it is read transposed.
    pub transposed: bool,
}

impl Factor<'_> {
    fn at(&self, row: usize, column: usize) -> f32 {
        match self.transposed {
            true => self.data[column * self.columns + row],
            false => self.data[row * self.columns + column],
        }
    }
}

/// `out = a @ b` for `(rows, inner, columns)`, either side transposed or not: each number is the sum of its products in
/// the order of k, from 0 on.
#[inline(never)]
pub fn small_product(
    backend: Backend,
    out: &mut [f32],
    [a, b]: [Factor; 2],
    (rows, inner, columns): (usize, usize, usize),
) {
    if columns == 0 {
        return;
    }
    with_lanes!(backend, L => for (row, out) in out.chunks_exact_mut(columns).take(rows).enumerate() {
        out.fill(0.0);
        let a_row = |k: usize| a.at(row, k);
        match b.transposed {
            true => across::<L>(out, a_row, b, inner),
            false => along::<L>(out, a_row, b.data, inner),
        }
    });
}

/// `out += a @ b` for `(rows, inner, columns)`: `a` is `[rows, inner]`, `b` `[inner, columns]`, or `[columns, inner]`
/// if `transposed`.
#[inline(never)]
pub fn add_product(
    backend: Backend,
    out: &mut [f32],
    [a, b]: [&[f32]; 2],
    (rows, inner, columns): (usize, usize, usize),
    transposed: bool,
) {
    if inner == 0 || columns == 0 {
        return;
    }
    with_lanes!(backend, L => for (out, a) in out.chunks_exact_mut(columns).zip(a.chunks_exact(inner)).take(rows) {
        if transposed {
            for (out, b) in out.iter_mut().zip(b.chunks_exact(inner)) {
                *out += dot::<L>(a, b);
            }
        } else {
            along::<L>(out, |k| a[k], b, inner);
        }
    });
}

/// Lanes that are added up side by side.
const WIDE: usize = 4;

/// `out += Σ a(k) · b[k]`, the rows of `b` being as long as `out`.
#[inline(always)]
fn along<L: Lanes>(out: &mut [f32], a: impl Fn(usize) -> f32, b: &[f32], inner: usize) {
    let columns = out.len();
    if columns < 4 {
        for (k, b) in b.chunks_exact(columns).take(inner).enumerate() {
            let a = a(k);
            out.iter_mut().zip(b).for_each(|(out, b)| *out += a * b);
        }
        return;
    }
    let (fours, rest) = out.as_chunks_mut::<4>();
    let (wide, narrow) = fours.as_chunks_mut::<WIDE>();
    let mut from = 0;
    for out in wide {
        let mut sums = out.map(|four| L::load(&four));
        for (k, b) in b.chunks_exact(columns).take(inner).enumerate() {
            let a = L::splat(a(k));
            let fours = b[from..from + 4 * WIDE].as_chunks::<4>().0;
            for (sum, b) in sums.iter_mut().zip(fours) {
                *sum = sum.add(a.mul(L::load(b)));
            }
        }
        sums.into_iter().zip(out).for_each(|(sum, out)| sum.store(out));
        from += 4 * WIDE;
    }
    for out in narrow {
        let mut sum = L::load(out);
        for (k, b) in b.chunks_exact(columns).take(inner).enumerate() {
            let four = b[from..from + 4].as_chunks::<4>().0;
            sum = sum.add(L::splat(a(k)).mul(L::load(&four[0])));
        }
        sum.store(out);
        from += 4;
    }
    for (column, out) in rest.iter_mut().enumerate() {
        for (k, b) in b.chunks_exact(columns).take(inner).enumerate() {
            *out += a(k) * b[from + column];
        }
    }
}

/// `out += Σ a(k) · b[·, k]`: one row of `b` for each number of `out`, four of them side by side.
#[inline(always)]
fn across<L: Lanes>(out: &mut [f32], a: impl Fn(usize) -> f32, b: Factor, inner: usize) {
    let row = |column: usize| &b.data[column * b.columns..][..inner];
    let (fours, rest) = out.as_chunks_mut::<4>();
    let first_of_rest = 4 * fours.len();
    for (block, out) in fours.iter_mut().enumerate() {
        let [b0, b1, b2, b3] = core::array::from_fn(|n| row(4 * block + n));
        let mut sum = L::load(out);
        for k in 0..inner {
            sum = sum.add(L::splat(a(k)).mul(L::load(&[b0[k], b1[k], b2[k], b3[k]])));
        }
        sum.store(out);
    }
    for (n, out) in rest.iter_mut().enumerate() {
        for (k, b) in row(first_of_rest + n).iter().enumerate() {
            *out += a(k) * b;
        }
    }
}

/// How many sums a dot product keeps side by side; they are added from left to right at the end.
const SUMS: usize = 8;

#[inline(always)]
fn dot<L: Lanes>(a: &[f32], b: &[f32]) -> f32 {
    let (a_eights, a_rest) = a.as_chunks::<SUMS>();
    let (b_eights, b_rest) = b.as_chunks::<SUMS>();
    let mut sums = [L::splat(0.0); 2];
    for (a, b) in a_eights.iter().zip(b_eights) {
        let fours = a.as_chunks::<4>().0.iter().zip(b.as_chunks::<4>().0);
        for (sum, (a, b)) in sums.iter_mut().zip(fours) {
            *sum = sum.add(L::load(a).mul(L::load(b)));
        }
    }
    let mut all = [[0.0; 4]; 2];
    sums.into_iter().zip(&mut all).for_each(|(sum, four)| sum.store(four));
    let mut sum = all.as_flattened().iter().fold(0.0, |sum, v| sum + v);
    for (a, b) in a_rest.iter().zip(b_rest) {
        sum += a * b;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers whose sums depend on the order.
    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|k| ((k * 37 + seed * 11) % 101) as f32 / 7.0 - 6.5).collect()
    }

    const SHAPES: [(usize, usize, usize); 6] =
        [(1, 1, 1), (3, 5, 2), (8, 17, 1), (5, 64, 31), (7, 9, 16), (2, 33, 23)];

    #[test]
    fn every_sum_is_taken_in_the_order_of_k_with_either_side_transposed() {
        for (rows, inner, columns) in SHAPES {
            for (left, right) in [(false, false), (true, false), (false, true), (true, true)] {
                let (a, b) = (numbers(rows * inner, 1), numbers(inner * columns, 2));
                let a = Factor { data: &a, columns: if left { rows } else { inner }, transposed: left };
                let b = Factor { data: &b, columns: if right { inner } else { columns }, transposed: right };
                let mut out = vec![f32::NAN; rows * columns];
                small_product(Backend::best(), &mut out, [a, b], (rows, inner, columns));
                for (n, found) in out.iter().enumerate() {
                    let (row, column) = (n / columns, n % columns);
                    let sum = (0..inner).fold(0.0, |sum, k| sum + a.at(row, k) * b.at(k, column));
                    assert_eq!(
                        found.to_bits(),
                        f32::to_bits(sum),
                        "{rows}×{inner}×{columns}, {left} {right}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_there_already_is_added_to_and_dot_products_keep_eight_sums() {
        for (rows, inner, columns) in SHAPES {
            let (a, b, before) =
                (numbers(rows * inner, 3), numbers(inner * columns, 4), numbers(rows * columns, 5));
            for transposed in [false, true] {
                let mut out = before.clone();
                add_product(Backend::best(), &mut out, [&a, &b], (rows, inner, columns), transposed);
                for (n, found) in out.iter().enumerate() {
                    let (row, column) = (n / columns, n % columns);
                    let a = &a[row * inner..][..inner];
                    let expected = if transposed {
                        let b = &b[column * inner..][..inner];
                        let whole = inner / 8 * 8;
                        let lane =
                            |lane: usize| (lane..whole).step_by(8).fold(0.0, |sum, k| sum + a[k] * b[k]);
                        let sum = (0..8).fold(0.0, |sum, k| sum + lane(k));
                        before[n] + (whole..inner).fold(sum, |sum: f32, k| sum + a[k] * b[k])
                    } else {
                        (0..inner).fold(before[n], |sum, k| sum + a[k] * b[k * columns + column])
                    };
                    assert_eq!(found.to_bits(), expected.to_bits(), "{rows}×{inner}×{columns}, {transposed}");
                }
            }
        }
    }
}
