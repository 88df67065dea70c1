//! The right operand of a product, packed in panels.

use super::super::Matrix;

/// Columns of a panel.
pub(super) const PANEL: usize = 8;
/// Columns of a panel for a single row of A, which then has eight accumulators too.
pub(super) const WIDE: usize = 32;

/// The right operand of [`gemm`], packed so that the kernel reads it from front to back.
///
/// Panel p holds columns 8p..8p+8, row after row; a last panel with at most four columns has rows of four. Packed for
/// single rows, panels hold 32 columns as long as there are so many.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Packed {
    pub(super) k: usize,
    pub(super) n: usize,
    pub(super) for_single_rows: bool,
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

    /// Whether the next packing serves products with one row best, or with several.
    pub fn serve_single_rows(&mut self, yes: bool) {
        if self.for_single_rows != yes {
            *self = Self { for_single_rows: yes, ..Self::default() };
        }
    }

    /// Packs `b`, `[k, n]`; allocates only when the size grows.
    pub fn pack(&mut self, b: Matrix) {
        self.resize(b.rows, b.columns);
        if b.transposed {
            return self.pack_columns(b.transpose());
        }
        for (start, real, width) in panels_of(self.n, self.for_single_rows) {
            let panel = &mut self.data[start * b.rows..][..width * b.rows];
            match (real, width) {
                (PANEL, _) => copy_columns::<PANEL>(b, start, panel),
                (WIDE, _) => copy_columns::<WIDE>(b, start, panel),
                _ => {
                    for (r, to) in panel.chunks_exact_mut(width).enumerate() {
                        to[..real].copy_from_slice(&b.row(r)[start..]);
                    }
                }
            }
        }
    }

    /// Packs the transpose of `b`, `[n, k]`: its rows are the columns of the packed matrix.
    fn pack_columns(&mut self, b: Matrix) {
        for (start, real, width) in panels_of(self.n, self.for_single_rows) {
            let panel = &mut self.data[start * self.k..][..width * self.k];
            for c in 0..real {
                for (value, to) in b.row(start + c).iter().zip(panel.chunks_exact_mut(width)) {
                    to[c] = *value;
                }
            }
        }
    }

    fn resize(&mut self, k: usize, n: usize) {
        if (self.k, self.n) != (k, n) {
            let columns =
                panels_of(n, self.for_single_rows).last().map_or(0, |(start, _, width)| start + width);
            // Fresh zeros, so that the padding columns of the last panel are zero.
            self.data.clear();
            self.data.resize(columns * k, 0.0);
        }
        (self.k, self.n) = (k, n);
    }

    /// The panels from left to right.
    pub(super) fn panels(&self) -> impl Iterator<Item = Panel<'_>> {
        panels_of(self.n, self.for_single_rows).map(|(start, real, width)| {
            let data = &self.data[start * self.k..][..width * self.k];
            Panel { start, real, width, data }
        })
    }
}

/// `N` columns of `b` from `start` on, row after row.
#[inline(always)]
fn copy_columns<const N: usize>(b: Matrix, start: usize, panel: &mut [f32]) {
    for (r, to) in panel.as_chunks_mut::<N>().0.iter_mut().enumerate() {
        to.copy_from_slice(&b.data[r * b.stride + start..][..N]);
    }
}

/// First column, number of columns and width with padding of each panel of `n` columns.
fn panels_of(n: usize, for_single_rows: bool) -> impl Iterator<Item = (usize, usize, usize)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let left = n - start;
        let width = match left {
            0 => return None,
            WIDE.. if for_single_rows => WIDE,
            1..=4 => 4,
            _ => PANEL,
        };
        let panel = (start, width.min(left), width);
        start += panel.1;
        Some(panel)
    })
}

/// One panel of a packed matrix.
#[derive(Clone, Copy)]
pub(super) struct Panel<'a> {
    /// The column of B and C that the panel begins with.
    pub(super) start: usize,
    /// How many of its columns exist in C.
    pub(super) real: usize,
    /// Numbers in a row of the panel: four, eight or 32.
    pub(super) width: usize,
    /// `[k, width]`.
    pub(super) data: &'a [f32],
}
