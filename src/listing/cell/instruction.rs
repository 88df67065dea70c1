//! What one value of a plan is computed by, over any number of samples.
//!
//! An array of one sample is seen as rows and columns: a number is 1×1, a vector 1×n. The samples of a batch lie one
//! after the other. Sums run from left to right, products are rounded before they are added.

use crate::listing::graph::Reduction;
use crate::listing::language::functions::Function;
use crate::listing::language::tree::Binary;
use crate::listing::shapes::Along;

/// An operation with everything about shapes settled.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Instruction {
    /// Given from outside: a parameter of the listing.
    Given(usize),
    /// Given from outside: the gradient that arrives at a state.
    Arriving(usize),
    /// One number everywhere, by its bits.
    Fill(u32),
    /// `+ - * / **` and comparisons.
    Binary(Binary),
    /// `-a`
    Negate,
    /// A function of one, two or three arguments.
    Function(Function),
    /// Bounds by their bits.
    Clip(u32, u32),
    /// A matrix product; either side may be taken transposed.
    Product {
        /// The left side is stored as columns × rows.
        left: bool,
        /// The right side is stored as columns × rows.
        right: bool,
    },
    /// Some rows and columns of its input.
    Cut {
        /// Which rows.
        rows: Along,
        /// Which columns.
        columns: Along,
    },
    /// Inputs side by side in each of so many rows.
    Join(usize),
    /// The sum over rows (`Some(0)`), over columns (`Some(1)`) or over all.
    Sum(Option<usize>),
    /// Every number of the left with every number of the right.
    Outer,
    /// Rows become columns.
    Transpose,
    /// The left side with the right side added to a part of it.
    Grow {
        /// Which rows.
        rows: Along,
        /// Which columns.
        columns: Along,
    },
    /// The left side with the right side in the place of a part of it.
    Put {
        /// Which rows.
        rows: Along,
        /// Which columns.
        columns: Along,
    },
    /// The largest, the smallest or the product over rows (`Some(0)`), over columns (`Some(1)`) or over all.
    Reduce(Reduction, Option<usize>),
    /// Numbers from the first one on, each larger by the second than the one before, by their bits.
    Range(u64, u64),
    /// 1 where row and column are the same, else 0.
    Eye,
    /// The outer product, added up over all samples: `leftᵀ @ right`.
    OuterTotal,
    /// Its input, added up over all samples.
    Total,
    /// Its input times the number of samples.
    TimesSamples,
}

/// One array of one sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// 1 for numbers and vectors.
    pub rows: usize,
    /// The length of a vector, 1 for a number.
    pub columns: usize,
    /// Whether every sample has its own.
    pub per_sample: bool,
}

impl Form {
    pub(super) fn of(shape: &[usize], per_sample: bool) -> Self {
        let (rows, columns) = match *shape {
            [] => (1, 1),
            [n] => (1, n),
            [rows, columns, ..] => (rows, columns),
        };
        Self { rows, columns, per_sample }
    }

    /// How many numbers a sample has.
    pub fn width(self) -> usize {
        self.rows * self.columns
    }

    /// The numbers of sample `sample` in `all`.
    pub(super) fn sample(self, all: &[f32], sample: usize) -> &[f32] {
        let width = self.width();
        if self.per_sample { &all[sample * width..(sample + 1) * width] } else { &all[..width] }
    }
}
