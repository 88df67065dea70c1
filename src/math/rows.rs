//! Rows of numbers that may lie apart in memory, one for each sample.

/// Rows that are read; one that all samples share has the stride 0.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// The memory, from the first row on.
    pub data: &'a [f32],
    /// From row to row; 0 if all are the same.
    pub stride: usize,
    /// Numbers of a row.
    pub width: usize,
}

impl<'a> Rows<'a> {
    /// Row `row`.
    #[inline(always)]
    pub fn row(self, row: usize) -> &'a [f32] {
        &self.data[row * self.stride..][..self.width]
    }

    /// Copies one row after the other.
    pub fn copy_to(self, to: &mut [f32]) {
        if self.is_dense() {
            return to.copy_from_slice(&self.data[..to.len()]);
        }
        for (k, to) in to.chunks_exact_mut(self.width).enumerate() {
            to.copy_from_slice(self.row(k));
        }
    }

    /// Whether the rows follow each other without a gap.
    #[inline(always)]
    pub fn is_dense(self) -> bool {
        self.stride == self.width
    }
}

/// Rows that are written.
pub struct Target<'a> {
    /// The memory, from the first row on.
    pub out: &'a mut [f32],
    /// From row to row.
    pub stride: usize,
    /// Numbers of a row.
    pub width: usize,
    /// How many rows there are.
    pub rows: usize,
}

impl Target<'_> {
    /// Row `row`.
    #[inline(always)]
    pub fn row(&mut self, row: usize) -> &mut [f32] {
        &mut self.out[row * self.stride..][..self.width]
    }

    /// Fills all rows with zeros.
    #[inline(never)]
    pub fn clear(&mut self) {
        (0..self.rows).for_each(|row| self.row(row).fill(0.0));
    }

    /// Copies `from`, or fills each row with the one number that `from` has for it.
    #[inline(never)]
    pub fn copy(&mut self, from: Rows) {
        if from.width == self.width && from.is_dense() && self.stride == self.width {
            let length = self.rows * self.width;
            return self.out[..length].copy_from_slice(&from.data[..length]);
        }
        for row in 0..self.rows {
            let to = self.row(row);
            match from.width {
                1 => to.fill(from.row(row)[0]),
                _ => to.copy_from_slice(from.row(row)),
            }
        }
    }

    /// Copies `from` into some columns of every row. A row may hold several lines, one after the other: each of them
    /// gets its part of `from`, at column `at`.
    #[inline(never)]
    pub fn put(&mut self, from: Rows, lines: usize, at: usize) {
        let (part, length) = (from.width / lines, self.width / lines);
        for row in 0..self.rows {
            let to = self.row(row);
            for (line, numbers) in from.row(row).chunks_exact(part).enumerate() {
                to[line * length + at..][..part].copy_from_slice(numbers);
            }
        }
    }
}
