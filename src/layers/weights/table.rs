//! Gradients of tables, row by row.

use crate::math::reduce::add_assign;

/// The gradient of a table of which few rows were used: one row of numbers for each row of the table that was touched.
#[derive(Debug, Clone)]
pub struct TableGradient {
    pub(super) width: usize,
    pub(super) slot: Vec<u32>,
    pub(super) touched: Vec<u32>,
    /// The rows of what was touched, then memory of earlier batches.
    rows: Vec<f32>,
}

/// A table row without a slot.
const NO_SLOT: u32 = u32::MAX;

impl TableGradient {
    pub(super) fn new(rows: usize, width: usize) -> Self {
        Self { width, slot: vec![NO_SLOT; rows], touched: Vec::new(), rows: Vec::new() }
    }

    /// The gradient of table row `id`, `[width]`; zeros when it was not touched yet.
    #[inline]
    pub fn row_mut(&mut self, id: u32) -> &mut [f32] {
        if self.slot[id as usize] == NO_SLOT {
            self.touch(id);
        }
        &mut self.rows[self.slot[id as usize] as usize * self.width..][..self.width]
    }

    #[cold]
    fn touch(&mut self, id: u32) {
        self.slot[id as usize] = self.touched.len() as u32;
        let from = self.touched.len() * self.width;
        self.touched.push(id);
        let to = from + self.width;
        if self.rows.len() < to {
            self.rows.resize(to, 0.0);
        } else {
            self.rows[from..to].fill(0.0);
        }
    }

    /// Numbers in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The touched rows in the order of their first use, with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &[f32])> {
        self.touched.iter().copied().zip(self.values().chunks_exact(self.width))
    }

    /// The numbers of the touched rows, `[touched, width]`.
    pub fn values(&self) -> &[f32] {
        &self.rows[..self.touched.len() * self.width]
    }

    /// As [`values`](Self::values), to be changed.
    pub fn values_mut(&mut self) -> &mut [f32] {
        &mut self.rows[..self.touched.len() * self.width]
    }

    /// The numbers of row `id`, if it was touched.
    pub fn row(&self, id: u32) -> Option<&[f32]> {
        let slot = self.slot[id as usize];
        (slot != NO_SLOT).then(|| &self.rows[slot as usize * self.width..][..self.width])
    }

    pub(super) fn clear(&mut self) {
        for id in self.touched.drain(..) {
            self.slot[id as usize] = NO_SLOT;
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (id, row) in other.iter() {
            add_assign(self.row_mut(id), row);
        }
    }

    pub(super) fn to_dense(&self) -> Vec<f32> {
        let mut full = vec![0.0; self.slot.len() * self.width];
        for (id, row) in self.iter() {
            full[id as usize * self.width..][..self.width].copy_from_slice(row);
        }
        full
    }
}
