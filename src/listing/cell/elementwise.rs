//! Operations number by number, over rows that may lie apart.
//!
//! Loops over plain slices are written out, one for each operation: a browser build turns them into SIMD, and does not
//! if a closure is called instead.

use super::general::power;
use super::memory::Rows;
use crate::listing::cell::instruction::Instruction;
use crate::listing::language::functions::Function;
use crate::listing::language::tree::Binary;
use crate::math::{Backend, elementary};

/// Computes `target` from one or two inputs; for one input both are the same.
pub(super) fn elementwise(
    backend: Backend,
    instruction: &Instruction,
    [left, right]: [Rows; 2],
    mut target: Target,
) {
    // Rows without gaps are one long row.
    let dense = |rows: Rows| rows.is_dense() && rows.width == target.width;
    if target.stride == target.width && dense(left) && dense(right) {
        let length = target.rows * target.width;
        let out = &mut target.out[..length];
        return row(backend, instruction, [&left.data[..length], &right.data[..length]], out);
    }
    for k in 0..target.rows {
        row(backend, instruction, [left.row(k), right.row(k)], target.row(k));
    }
}

/// One row; an input of one number is broadcast.
fn row(backend: Backend, instruction: &Instruction, [a, b]: [&[f32]; 2], out: &mut [f32]) {
    match instruction {
        Instruction::Binary(operation) => binary(*operation, a, b, out),
        Instruction::Negate => one(a, out, |a| -a),
        Instruction::Clip(low, high) => {
            let (low, high) = (f32::from_bits(*low), f32::from_bits(*high));
            one(a, out, |a| {
                if a < low {
                    low
                } else if high < a {
                    high
                } else {
                    a
                }
            });
        }
        Instruction::Function(function) => {
            out.copy_from_slice(a);
            match function {
                Function::Tanh => elementary::tanh_all(backend, out),
                Function::Sigmoid => elementary::sigmoid_all(backend, out),
                Function::Exp => elementary::exp_all(backend, out),
                Function::Log => out.iter_mut().for_each(|v| *v = elementary::ln(*v)),
                Function::Relu => out.iter_mut().for_each(|v| *v = if *v < 0.0 { 0.0 } else { *v }),
                // clamp keeps a NaN.
                _ => out.iter_mut().for_each(|v| *v = (0.2 * *v + 0.5).clamp(0.0, 1.0)),
            }
        }
        _ => unreachable!("the layout calls these operations elementwise"),
    }
}

fn one(a: &[f32], out: &mut [f32], f: impl Fn(f32) -> f32) {
    out.iter_mut().zip(a).for_each(|(out, a)| *out = f(*a));
}

/// `$out = $a $operation $b` for every number, where a side may be a single one.
macro_rules! every {
    ($left:ident, $right:ident, $out:ident, |$a:ident, $b:ident| $result:expr) => {
        if $left.len() == $out.len() && $right.len() == $out.len() {
            for ((out, $a), $b) in $out.iter_mut().zip($left).zip($right) {
                let ($a, $b) = (*$a, *$b);
                *out = $result;
            }
        } else if $right.len() == $out.len() {
            let $a = $left[0];
            for (out, $b) in $out.iter_mut().zip($right) {
                let $b = *$b;
                *out = $result;
            }
        } else if $left.len() == $out.len() {
            let $b = $right[0];
            for (out, $a) in $out.iter_mut().zip($left) {
                let $a = *$a;
                *out = $result;
            }
        } else {
            let ($a, $b) = ($left[0], $right[0]);
            $out.fill($result);
        }
    };
}

fn binary(operation: Binary, a: &[f32], b: &[f32], out: &mut [f32]) {
    match operation {
        Binary::Add => every!(a, b, out, |a, b| a + b),
        Binary::Subtract => every!(a, b, out, |a, b| a - b),
        Binary::Multiply => every!(a, b, out, |a, b| a * b),
        Binary::Divide => every!(a, b, out, |a, b| a / b),
        Binary::Power => every!(a, b, out, |a, b| power(a, b)),
        Binary::Greater => every!(a, b, out, |a, b| f32::from(a > b)),
        Binary::Less => every!(a, b, out, |a, b| f32::from(a < b)),
        Binary::GreaterEqual => every!(a, b, out, |a, b| f32::from(a >= b)),
        // A product is work of another kind.
        Binary::MatMul => {}
    }
}

/// The rows that are written.
pub(super) struct Target<'a> {
    pub out: &'a mut [f32],
    pub stride: usize,
    pub width: usize,
    pub rows: usize,
}

impl Target<'_> {
    /// Row `row`.
    #[inline(always)]
    pub fn row(&mut self, row: usize) -> &mut [f32] {
        &mut self.out[row * self.stride..][..self.width]
    }

    pub(super) fn clear(&mut self) {
        (0..self.rows).for_each(|row| self.row(row).fill(0.0));
    }

    pub(super) fn copy(&mut self, from: Rows) {
        for row in 0..self.rows {
            let to = self.row(row);
            match from.width {
                1 => to.fill(from.row(row)[0]),
                _ => to.copy_from_slice(from.row(row)),
            }
        }
    }
}
