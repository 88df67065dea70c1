//! Where a number comes from: its line, the formula with the operands filled in, the largest parts of its sum, and
//! for every operand the address where it was made, so that one can walk back to the input.

mod digits;
mod elements;
mod explanation;
mod moved;
mod own;
mod recorded;
mod words;
mod write;

pub use digits::{shown, significant};
pub use explanation::{Contribution, Explanation, LARGEST, Operand, Origin, ValueAddress};
