//! Where a number comes from: its line, the formula with the operands filled in, the largest parts of its sum, and
//! for every operand the address where it was made, so that one can walk back to the input.

mod elements;
mod explanation;
mod recorded;
mod write;

pub use explanation::{Contribution, Explanation, Operand, Origin, ValueAddress};
