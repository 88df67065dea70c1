//! Gradients of tables, row by row.

use crate::math::reduce::add_assign;

/// The gradient of a table of which few rows were used: one row of numbers for each row of the table that was touched.
#[derive(Debug, Clone)]
pub struct TableGradient {
    pub(super) width: usize,
    pub(super) slot: Vec<u32>,
    pub(super) touched: Vec<u32>,
    pub(super) rows: Vec<f32>,
}

/// A table row without a slot.
const NO_SLOT: u32 = u32::MAX;

impl TableGradient {
    pub(super) fn new(rows: usize, width: usize) -> Self {
        Self { width, slot: vec![NO_SLOT; rows], touched: Vec::new(), rows: Vec::new() }
    }

    /// The gradient of table row `id`, `[width]`; zeros when it was not touched yet.
    pub fn row_mut(&mut self, id: u32) -> &mut [f32] {
        let slot = &mut self.slot[id as usize];
        if *slot == NO_SLOT {
            *slot = self.touched.len() as u32;
            self.touched.push(id);
            self.rows.resize(self.touched.len() * self.width, 0.0);
        }
        &mut self.rows[*slot as usize * self.width..][..self.width]
    }

    /// Numbers in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The touched rows in the order of their first use, with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &[f32])> {
        self.touched.iter().copied().zip(self.rows.chunks_exact(self.width))
    }

    /// The numbers of the touched rows, `[touched, width]`.
    pub fn values_mut(&mut self) -> &mut [f32] {
        &mut self.rows
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
        self.rows.clear();
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
