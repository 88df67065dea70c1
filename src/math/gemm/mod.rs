//! C += A·B for row-major f32 matrices, with B packed in panels of eight columns.
//!
//! Every element of C starts from what it holds and adds its products over k from first to last, rounding each product
//! before it is added. The result therefore does not depend on tiling, backend or platform.
//!
//! A register tile is four rows by eight columns: eight accumulators of four lanes, the most that a browser's compiler
//! keeps in registers (larger tiles spill and lose half the speed). For a single row B is packed in panels of 32
//! columns, again eight accumulators. What is left of the columns goes through a panel of four or eight with only the
//! real columns stored.

mod packed;
#[cfg(test)]
mod tests;

pub use packed::Packed;

use self::packed::{PANEL, Panel, WIDE};
use super::lanes::{Lanes, with_lanes};
use super::{Backend, Matrix};

/// Rows of a tile.
const ROWS: usize = 4;

/// `c += a · b` for `a` `[m, k]`, `b` `[k, n]` and `c` `[m, n]` with rows `c_stride` apart.
///
/// # Panics
/// If the sizes do not fit together; that is a mistake in this crate, never of a user.
pub fn gemm(backend: Backend, a: Matrix, b: &Packed, c: &mut [f32], c_stride: usize) {
    assert!(!a.transposed, "`gemm_transposed` multiplies with a transposed left operand");
    assert_eq!(a.columns, b.k, "columns of A must match rows of B");
    if a.rows == 0 || b.n == 0 || b.k == 0 {
        return;
    }
    assert!(c.len() >= (a.rows - 1) * c_stride + b.n, "C is too small for its {} rows", a.rows);
    if b.for_single_rows {
        for (r, c) in (0..a.rows).zip(c.chunks_mut(c_stride.max(1))) {
            with_lanes!(backend, L => single_row::<L>(a.row(r), b, c));
        }
    } else {
        with_lanes!(backend, L => rows_by_panels::<L>(a, b, c, c_stride));
    }
}

/// All tiles of a product, panel by panel so that a panel stays in the first cache.
#[inline(never)]
fn rows_by_panels<L: Lanes>(a: Matrix, b: &Packed, c: &mut [f32], stride: usize) {
    for panel in b.panels() {
        let mut r = 0;
        while r < a.rows {
            let count = ROWS.min(a.rows - r);
            let c = &mut c[r * stride + panel.start..];
            match (count, panel.width) {
                (4, PANEL) => tile::<L, 4, 2>(row_slices(a, r), panel, c, stride),
                (3, PANEL) => tile::<L, 3, 2>(row_slices(a, r), panel, c, stride),
                (2, PANEL) => tile::<L, 2, 2>(row_slices(a, r), panel, c, stride),
                (1, PANEL) => tile::<L, 1, 2>(row_slices(a, r), panel, c, stride),
                (4, _) => tile::<L, 4, 1>(row_slices(a, r), panel, c, stride),
                (3, _) => tile::<L, 3, 1>(row_slices(a, r), panel, c, stride),
                (2, _) => tile::<L, 2, 1>(row_slices(a, r), panel, c, stride),
                _ => tile::<L, 1, 1>(row_slices(a, r), panel, c, stride),
            }
            r += count;
        }
    }
}

/// `R` rows of A from row `first` on.
#[inline(always)]
fn row_slices<const R: usize>(a: Matrix<'_>, first: usize) -> [&[f32]; R] {
    core::array::from_fn(|r| a.row(first + r))
}

/// One tile: `R` rows of A times a panel of `V` vectors.
#[inline(always)]
fn tile<L: Lanes, const R: usize, const V: usize>(a: [&[f32]; R], b: Panel, c: &mut [f32], stride: usize) {
    let acc = load_tile::<L, R, V>(c, stride, b.real);
    let acc = L::rows_times_panel(acc, a, b.data);
    store_tile(acc, c, stride, b.real);
}

/// The tile of C that begins `c`: `R` rows `stride` apart, `real` columns of each.
#[inline(always)]
fn load_tile<L: Lanes, const R: usize, const V: usize>(c: &[f32], stride: usize, real: usize) -> [[L; V]; R] {
    if real == 4 * V {
        return core::array::from_fn(|r| {
            let (fours, _) = c[r * stride..][..4 * V].as_chunks::<4>();
            core::array::from_fn(|v| L::load(&fours[v]))
        });
    }
    core::array::from_fn(|r| {
        let row = &c[r * stride..][..real];
        core::array::from_fn(|v| {
            let four = &row[(4 * v).min(real)..];
            L::load_part(&four[..four.len().min(4)])
        })
    })
}

/// Writes back what [`load_tile`] read.
#[inline(always)]
fn store_tile<L: Lanes, const R: usize, const V: usize>(
    acc: [[L; V]; R],
    c: &mut [f32],
    stride: usize,
    real: usize,
) {
    for (r, acc) in acc.into_iter().enumerate() {
        if real == 4 * V {
            let (fours, _) = c[r * stride..][..4 * V].as_chunks_mut::<4>();
            acc.into_iter().zip(fours).for_each(|(acc, four)| acc.store(four));
        } else {
            let mut row = &mut c[r * stride..][..real];
            for acc in acc {
                let (four, rest) = row.split_at_mut(row.len().min(4));
                acc.store_part(four);
                row = rest;
            }
        }
    }
}

/// One row of A times all of B.
#[inline(never)]
fn single_row<L: Lanes>(a: &[f32], b: &Packed, c: &mut [f32]) {
    for panel in b.panels() {
        let c = &mut c[panel.start..];
        match panel.width {
            WIDE => tile::<L, 1, 8>([a], panel, c, 0),
            PANEL => tile::<L, 1, 2>([a], panel, c, 0),
            _ => tile::<L, 1, 1>([a], panel, c, 0),
        }
    }
}

/// Room for a part of A in strips of four columns; kept between calls so that nothing is allocated.
#[derive(Debug, Clone, Default)]
pub struct Strips(Vec<f32>);

/// `c += aᵀ · b` for `a` `[k, m]`, `b` `[k, n]` and `c` `[m, n]`: weight gradients, where k runs over rows of samples.
///
/// # Panics
/// If the sizes do not fit together.
pub fn gemm_transposed(backend: Backend, a: Matrix, b: &Packed, strips: &mut Strips, c: &mut [f32]) {
    gemm_transposed_into(backend, a, b, strips, (c, b.n));
}

/// The same for a C whose rows start `stride` apart: some columns of a wider weight gradient.
pub fn gemm_transposed_into(
    backend: Backend,
    a: Matrix,
    b: &Packed,
    strips: &mut Strips,
    (c, stride): (&mut [f32], usize),
) {
    assert!(!a.transposed, "A is given as it stands in memory, `[k, m]`");
    assert_eq!(a.rows, b.k, "rows of A must match rows of B");
    let (k, m, n) = (a.rows, a.columns, b.n);
    if m == 0 || n == 0 || k == 0 {
        return;
    }
    assert!(c.len() >= (m - 1) * stride + n, "C is too small for its {m} rows");
    strips.0.resize(ROWS * k, 0.0);
    for start in (0..m).step_by(ROWS) {
        let count = ROWS.min(m - start);
        for (r, to) in strips.0.as_chunks_mut::<ROWS>().0.iter_mut().enumerate() {
            let from = &a.data[r * a.stride + start..];
            match from.first_chunk::<ROWS>() {
                Some(four) if count == ROWS => *to = *four, // one load and store instead of a call that copies
                _ => to[..count].copy_from_slice(&from[..count]),
            }
        }
        let c = &mut c[start * stride..];
        with_lanes!(backend, L => strip_by_panels::<L>(&strips.0, count, b, (c, stride)));
    }
}

/// The tiles of one strip: `count` columns of A, which stand in `strip` as `[k, 4]`.
#[inline(never)]
fn strip_by_panels<L: Lanes>(strip: &[f32], count: usize, b: &Packed, (c, stride): (&mut [f32], usize)) {
    let strip = strip.as_chunks::<ROWS>().0;
    for panel in b.panels() {
        let c = &mut c[panel.start..];
        match (count, panel.width) {
            (4, PANEL) => strip_tile::<L, 4, 2>(strip, panel, c, stride),
            (3, PANEL) => strip_tile::<L, 3, 2>(strip, panel, c, stride),
            (2, PANEL) => strip_tile::<L, 2, 2>(strip, panel, c, stride),
            (1, PANEL) => strip_tile::<L, 1, 2>(strip, panel, c, stride),
            (4, _) => strip_tile::<L, 4, 1>(strip, panel, c, stride),
            (3, _) => strip_tile::<L, 3, 1>(strip, panel, c, stride),
            (2, _) => strip_tile::<L, 2, 1>(strip, panel, c, stride),
            _ => strip_tile::<L, 1, 1>(strip, panel, c, stride),
        }
    }
}

/// One tile whose rows of A stand side by side in a strip.
#[inline(always)]
fn strip_tile<L: Lanes, const R: usize, const V: usize>(
    strip: &[[f32; ROWS]],
    b: Panel,
    c: &mut [f32],
    stride: usize,
) {
    let acc = load_tile::<L, R, V>(c, stride, b.real);
    let acc = L::strip_times_panel(acc, strip, b.data);
    store_tile(acc, c, stride, b.real);
}
