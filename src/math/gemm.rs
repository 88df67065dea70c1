//! C += A·B for row-major f32 matrices, with B packed in panels of eight columns.
//!
//! Every element of C starts from what it holds and adds its products over k from first to last, rounding each product
//! before it is added. The result therefore does not depend on tiling, backend or platform.
//!
//! A register tile is four rows by eight columns: eight accumulators of four lanes, the most that a browser's compiler
//! keeps in registers (larger tiles spill and lose half the speed). A single row takes four panels at once, again eight
//! accumulators. What is left of the columns goes through a panel of four or eight with only the real columns stored.

use super::Backend;
use super::lanes::{Lanes, with_lanes};

/// Columns of a panel.
const PANEL: usize = 8;
/// Rows of a tile.
const ROWS: usize = 4;

/// A row-major matrix inside a larger array: element (r, c) is `data[r * stride + c]`.
#[derive(Clone, Copy)]
pub struct Mat<'a> {
    /// The numbers, from element (0, 0) on.
    pub data: &'a [f32],
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub cols: usize,
    /// Distance between the starts of two rows, at least `cols`.
    pub stride: usize,
}

impl<'a> Mat<'a> {
    /// A matrix without gaps, `[rows, cols]`.
    pub fn new(data: &'a [f32], rows: usize, cols: usize) -> Self {
        Self::with_stride(data, rows, cols, cols)
    }

    /// A matrix whose rows start `stride` numbers apart.
    pub fn with_stride(data: &'a [f32], rows: usize, cols: usize, stride: usize) -> Self {
        assert!(cols <= stride, "a row of {cols} numbers does not fit a stride of {stride}");
        let needed = if rows == 0 { 0 } else { (rows - 1) * stride + cols };
        assert!(data.len() >= needed, "{rows} rows need {needed} numbers, found {}", data.len());
        Self { data, rows, cols, stride }
    }

    fn row(&self, r: usize) -> &'a [f32] {
        &self.data[r * self.stride..][..self.cols]
    }
}

/// The right operand of [`gemm`], packed so that the kernel reads it from front to back.
///
/// Panel p holds columns 8p..8p+8, row after row; a last panel with at most four columns has rows of four.
#[derive(Debug, Clone, Default)]
pub struct Packed {
    k: usize,
    n: usize,
    data: Vec<f32>,
}

impl Packed {
    /// Number of rows of the packed matrix.
    pub fn rows(&self) -> usize {
        self.k
    }

    /// Number of columns of the packed matrix.
    pub fn cols(&self) -> usize {
        self.n
    }

    /// Packs `b`, `[k, n]`; allocates only when the size grows.
    pub fn pack(&mut self, b: Mat) {
        self.resize(b.rows, b.cols);
        let full = self.n / PANEL;
        for p in 0..full {
            let panel = &mut self.data[p * PANEL * b.rows..][..PANEL * b.rows];
            for (r, to) in panel.as_chunks_mut::<PANEL>().0.iter_mut().enumerate() {
                to.copy_from_slice(&b.data[r * b.stride + p * PANEL..][..PANEL]);
            }
        }
        let rest = self.n - full * PANEL;
        if rest > 0 {
            let width = tail_width(rest);
            for (r, to) in self.data[full * PANEL * b.rows..].chunks_exact_mut(width).enumerate() {
                to[..rest].copy_from_slice(&b.row(r)[full * PANEL..]);
            }
        }
    }

    /// Packs the transpose of `b`: for `b` `[n, k]` the packed matrix is `[k, n]`.
    pub fn pack_transposed(&mut self, b: Mat) {
        self.resize(b.cols, b.rows);
        let (k, n) = (self.k, self.n);
        for (p, columns) in (0..n).step_by(PANEL).enumerate() {
            let count = PANEL.min(n - columns);
            let width = if count == PANEL { PANEL } else { tail_width(count) };
            let panel = &mut self.data[p * PANEL * k..][..width * k];
            for c in 0..count {
                for (value, to) in b.row(columns + c).iter().zip(panel.chunks_exact_mut(width)) {
                    to[c] = *value;
                }
            }
        }
    }

    fn resize(&mut self, k: usize, n: usize) {
        let full = n / PANEL;
        let rest = n - full * PANEL;
        let columns = full * PANEL + if rest == 0 { 0 } else { tail_width(rest) };
        if (self.k, self.n) != (k, n) {
            // Fresh zeros, so that the padding columns of the last panel are zero.
            self.data.clear();
            self.data.resize(columns * k, 0.0);
        }
        (self.k, self.n) = (k, n);
    }
}

/// Width of a last panel that holds `rest` columns.
fn tail_width(rest: usize) -> usize {
    if rest <= 4 { 4 } else { PANEL }
}

/// One panel of a packed matrix.
#[derive(Clone, Copy)]
struct Panel<'a> {
    /// The column of B and C that the panel begins with.
    start: usize,
    /// How many of its columns exist in C.
    real: usize,
    /// Numbers in a row of the panel: four or eight.
    width: usize,
    /// `[k, width]`.
    data: &'a [f32],
}

impl Packed {
    fn panels(&self) -> impl Iterator<Item = Panel<'_>> {
        (0..self.n).step_by(PANEL).map(|start| {
            let real = PANEL.min(self.n - start);
            let width = if real == PANEL { PANEL } else { tail_width(real) };
            Panel { start, real, width, data: &self.data[start * self.k..][..width * self.k] }
        })
    }
}

/// `c += a · b` for `a` `[m, k]`, `b` `[k, n]` and `c` `[m, n]` with rows `c_stride` apart.
///
/// # Panics
/// If the sizes do not fit together; that is a mistake in this crate, never of a user.
pub fn gemm(backend: Backend, a: Mat, b: &Packed, c: &mut [f32], c_stride: usize) {
    assert_eq!(a.cols, b.k, "columns of A must match rows of B");
    if a.rows == 0 || b.n == 0 || b.k == 0 {
        return;
    }
    assert!(c.len() >= (a.rows - 1) * c_stride + b.n, "C is too small for its {} rows", a.rows);
    if a.rows == 1 {
        with_lanes!(backend, L => single_row::<L>(a.row(0), b, c));
    } else {
        with_lanes!(backend, L => rows_by_panels::<L>(a, b, c, c_stride));
    }
}

/// All tiles of a product, panel by panel so that a panel stays in the first cache.
fn rows_by_panels<L: Lanes>(a: Mat, b: &Packed, c: &mut [f32], stride: usize) {
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
fn row_slices<const R: usize>(a: Mat<'_>, first: usize) -> [&[f32]; R] {
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
    core::array::from_fn(|r| {
        let row = &c[r * stride..][..real];
        core::array::from_fn(|v| match row.get(4 * v..).and_then(|rest| rest.first_chunk::<4>()) {
            Some(four) => L::load(four),
            None => L::load_part(row.get(4 * v..).unwrap_or(&[])),
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
        let (fours, rest) = c[r * stride..][..real].as_chunks_mut::<4>();
        let whole = fours.len();
        for (v, acc) in acc.into_iter().enumerate() {
            match fours.get_mut(v) {
                Some(four) => acc.store(four),
                None if v == whole => acc.store_part(rest),
                None => {}
            }
        }
    }
}

/// Panels that one row takes at once, so that eight accumulators are in flight.
const PANELS_AT_ONCE: usize = 4;

/// One row of A times all of B.
fn single_row<L: Lanes>(a: &[f32], b: &Packed, c: &mut [f32]) {
    let wide = PANEL * PANELS_AT_ONCE;
    let wide_end = b.n / wide * wide;
    let packed = b.data[..wide_end * b.k].chunks_exact(wide * b.k);
    for (panels, c) in packed.zip(c.chunks_exact_mut(wide)) {
        let (first, second) = panels.split_at(panels.len() / 2);
        let (p0, p1) = first.split_at(first.len() / 2);
        let (p2, p3) = second.split_at(second.len() / 2);
        let acc: [[L; 2]; PANELS_AT_ONCE] = load_tile(c, PANEL, PANEL);
        let acc = L::row_times_panels(acc, a, [p0, p1, p2, p3].map(|panel| panel.as_chunks().0));
        store_tile(acc, c, PANEL, PANEL);
    }
    for panel in b.panels().skip(wide_end / PANEL) {
        let c = &mut c[panel.start..];
        match panel.width {
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
pub fn gemm_transposed(backend: Backend, a: Mat, b: &Packed, strips: &mut Strips, c: &mut [f32]) {
    gemm_transposed_into(backend, a, b, strips, (c, b.n));
}

/// The same for a C whose rows start `stride` apart: some columns of a wider weight gradient.
pub fn gemm_transposed_into(
    backend: Backend,
    a: Mat,
    b: &Packed,
    strips: &mut Strips,
    (c, stride): (&mut [f32], usize),
) {
    assert_eq!(a.rows, b.k, "rows of A must match rows of B");
    let (k, m, n) = (a.rows, a.cols, b.n);
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

#[cfg(test)]
mod tests;
