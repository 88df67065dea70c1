//! Operations number by number over slices: `out[k] = left[k] ∘ right[k]`.
//!
//! Loops over plain slices are written out, one for each operation: a browser build turns them into SIMD, and does not
//! if a closure is called instead, nor where they are inlined into code that is compiled for size.

use super::elementary;

/// `$out = $a $operation $b` for every number, where a side may be a single one.
macro_rules! of_two {
    ($(#[doc = $doc:literal])* $name:ident, |$a:ident, $b:ident| $result:expr) => {
        $(#[doc = $doc])*
        /// A side of one number is taken for every number of `out`.
        #[inline(never)]
        pub fn $name(left: &[f32], right: &[f32], out: &mut [f32]) {
            if left.len() == out.len() && right.len() == out.len() {
                for ((out, $a), $b) in out.iter_mut().zip(left).zip(right) {
                    let ($a, $b) = (*$a, *$b);
                    *out = $result;
                }
            } else if right.len() == out.len() {
                let $a = left[0];
                for (out, $b) in out.iter_mut().zip(right) {
                    let $b = *$b;
                    *out = $result;
                }
            } else if left.len() == out.len() {
                let $b = right[0];
                for (out, $a) in out.iter_mut().zip(left) {
                    let $a = *$a;
                    *out = $result;
                }
            } else {
                let ($a, $b) = (left[0], right[0]);
                out.fill($result);
            }
        }
    };
}

of_two!(
    /// `left + right`.
    add, |a, b| a + b
);
of_two!(
    /// `left - right`.
    subtract, |a, b| a - b
);
of_two!(
    /// `left * right`.
    multiply, |a, b| a * b
);
of_two!(
    /// `left / right`.
    divide, |a, b| a / b
);
of_two!(
    /// `left ** right`, as [`elementary::power`].
    power, |a, b| elementary::power(a, b)
);
of_two!(
    /// 1 where `left > right`, else 0.
    greater, |a, b| f32::from(a > b)
);
of_two!(
    /// 1 where `left < right`, else 0.
    less, |a, b| f32::from(a < b)
);
of_two!(
    /// 1 where `left >= right`, else 0.
    greater_equal, |a, b| f32::from(a >= b)
);

/// `out = -x`.
#[inline(never)]
pub fn negate(x: &[f32], out: &mut [f32]) {
    out.iter_mut().zip(x).for_each(|(out, x)| *out = -x);
}

/// `x` bounded by `low` and `high`; a NaN stays one.
#[inline(never)]
pub fn clip(x: &[f32], (low, high): (f32, f32), out: &mut [f32]) {
    for (out, x) in out.iter_mut().zip(x) {
        *out = if *x < low {
            low
        } else if high < *x {
            high
        } else {
            *x
        };
    }
}

/// ln in place.
#[inline(never)]
pub fn ln_all(x: &mut [f32]) {
    x.iter_mut().for_each(|v| *v = elementary::ln(*v));
}

/// max(x, 0) in place; a NaN stays one.
#[inline(never)]
pub fn relu_all(x: &mut [f32]) {
    x.iter_mut().for_each(|v| *v = if *v < 0.0 { 0.0 } else { *v });
}

/// 0.2·x + 0.5 bounded by 0 and 1, in place, as in Keras 2; a NaN stays one.
#[inline(never)]
pub fn hard_sigmoid_all(x: &mut [f32]) {
    x.iter_mut().for_each(|v| *v = (0.2 * *v + 0.5).clamp(0.0, 1.0));
}
