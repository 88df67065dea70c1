//! Operations number by number over rows of numbers: `out[k] = left[k] ∘ right[k]`.

use super::rows::{Rows, Target};
use super::{Backend, elementary, waves};

/// What is computed of each number `a`, or of each pair of numbers `a` and `b`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operation {
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `a * b`
    Multiply,
    /// `a / b`
    Divide,
    /// `a` to the power of `b`, as [`elementary::power`].
    Power,
    /// 1 where `a > b`, else 0.
    Greater,
    /// 1 where `a < b`, else 0.
    Less,
    /// 1 where `a >= b`, else 0.
    GreaterEqual,
    /// 1 where `a <= b`, else 0.
    LessEqual,
    /// 1 where `a == b`, else 0.
    Equal,
    /// 1 where `a != b`, else 0.
    NotEqual,
    /// `-a`
    Negate,
    /// `a` bounded by two numbers; a NaN stays one.
    Clip(f32, f32),
    /// tanh
    Tanh,
    /// 1 / (1 + e⁻ᵃ)
    Sigmoid,
    /// eᵃ
    Exp,
    /// The natural logarithm.
    Ln,
    /// max(a, 0); a NaN stays one.
    Relu,
    /// 0.2·a + 0.5 bounded by 0 and 1, as in Keras 2; a NaN stays one.
    HardSigmoid,
    /// The sine.
    Sin,
    /// The cosine.
    Cos,
    /// -1, 0 or 1; a NaN stays one.
    Sign,
    /// The arctangent.
    Arctan,
    /// The largest whole number that is not larger.
    Floor,
    /// The nearest whole number, the even one of two.
    Round,
    /// ln(1 + a)
    Log1p,
    /// eᵃ - 1
    Expm1,
}

/// Computes all rows of `target`; operations of one number take it from the left side. A side whose rows have one
/// number has it for every number of the row.
#[inline(never)]
pub fn compute(backend: Backend, operation: Operation, [left, right]: [Rows; 2], mut target: Target) {
    // Rows without gaps are one long row.
    let dense = |rows: Rows| rows.is_dense() && rows.width == target.width;
    if target.stride == target.width && dense(left) && dense(right) {
        let length = target.rows * target.width;
        let out = &mut target.out[..length];
        return row(backend, operation, [&left.data[..length], &right.data[..length]], out);
    }
    for k in 0..target.rows {
        row(backend, operation, [left.row(k), right.row(k)], target.row(k));
    }
}

/// Loops over plain slices are written out, one for each operation: a browser build turns them into SIMD, and does not
/// if a closure is called instead.
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

fn row(backend: Backend, operation: Operation, [a, b]: [&[f32]; 2], out: &mut [f32]) {
    match operation {
        Operation::Add => every!(a, b, out, |a, b| a + b),
        Operation::Subtract => every!(a, b, out, |a, b| a - b),
        Operation::Multiply => every!(a, b, out, |a, b| a * b),
        Operation::Divide => every!(a, b, out, |a, b| a / b),
        Operation::Power => every!(a, b, out, |a, b| elementary::power(a, b)),
        Operation::Greater => every!(a, b, out, |a, b| f32::from(a > b)),
        Operation::Less => row(backend, Operation::Greater, [b, a], out),
        Operation::GreaterEqual => every!(a, b, out, |a, b| f32::from(a >= b)),
        Operation::LessEqual => row(backend, Operation::GreaterEqual, [b, a], out),
        Operation::Equal => every!(a, b, out, |a, b| f32::from(a == b)),
        Operation::NotEqual => every!(a, b, out, |a, b| f32::from(a != b)),
        Operation::Negate => out.iter_mut().zip(a).for_each(|(out, a)| *out = -a),
        Operation::Clip(low, high) => clip(a, (low, high), out),
        _ => {
            out.copy_from_slice(a);
            in_place(backend, operation, out);
        }
    }
}

fn clip(a: &[f32], (low, high): (f32, f32), out: &mut [f32]) {
    for (out, a) in out.iter_mut().zip(a) {
        *out = if *a < low {
            low
        } else if high < *a {
            high
        } else {
            *a
        };
    }
}

fn in_place(backend: Backend, operation: Operation, x: &mut [f32]) {
    match operation {
        Operation::Tanh => elementary::tanh_all(backend, x),
        Operation::Sigmoid => elementary::sigmoid_all(backend, x),
        Operation::Exp => elementary::exp_all(backend, x),
        Operation::Ln => x.iter_mut().for_each(|v| *v = elementary::ln(*v)),
        Operation::Sin => x.iter_mut().for_each(|v| *v = waves::sin(*v)),
        Operation::Cos => x.iter_mut().for_each(|v| *v = waves::cos(*v)),
        Operation::Log1p => x.iter_mut().for_each(|v| *v = waves::ln_1p(*v)),
        Operation::Expm1 => x.iter_mut().for_each(|v| *v = waves::exp_m1(*v)),
        Operation::Arctan => x.iter_mut().for_each(|v| *v = waves::arctan(*v)),
        Operation::Floor => x.iter_mut().for_each(|v| *v = v.floor()),
        Operation::Round => x.iter_mut().for_each(|v| *v = v.round_ties_even()),
        Operation::Sign => x.iter_mut().for_each(|v| *v = sign(*v)),
        Operation::Relu => x.iter_mut().for_each(|v| *v = if *v < 0.0 { 0.0 } else { *v }),
        // clamp keeps a NaN.
        _ => x.iter_mut().for_each(|v| *v = (0.2 * *v + 0.5).clamp(0.0, 1.0)),
    }
}

/// -1, 0 or 1; a NaN stays one.
fn sign(v: f32) -> f32 {
    if v.is_nan() { v } else { f32::from(v > 0.0) - f32::from(v < 0.0) }
}
