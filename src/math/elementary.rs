//! exp, ln, sigmoid and tanh of our own, so that every platform gives the same bits.
//!
//! Each formula is written once over [`Arith`] and serves one number (`exp`) and four lanes (`exp_of`). Errors are in
//! units in the last place (ULP) of the correctly rounded result and are checked by the tests of this file over a
//! dense sample of all f32.
//!
//! | function | largest error | where |
//! |---|---|---|
//! | `exp` | 2 ULP | −87.33 ≤ x ≤ 88.37; 0 below −87.7, ∞ above 88.38 |
//! | `ln` | 2 ULP | x > 0 and normal |
//! | `sigmoid` | 3 ULP | x ≥ −87.33; 0 below −88.38 |
//! | `tanh` | 6 ULP | everywhere; ±1 from |x| ≥ 7.904 on |

use super::Backend;
use super::lanes::{Arith, Lanes, with_lanes};

/// Its power of two is 2¹²⁸ in single precision, ∞: so is what exp makes of it and of anything larger.
const EXP_OVERFLOW: f32 = 88.8;
/// Its power of two is 2⁻¹²⁷ without subnormal numbers, 0: so is what exp makes of it and of anything smaller.
const EXP_UNDERFLOW: f32 = -87.7;
/// 1.5·2²³: adding it rounds to an integer, which is then in the low bits.
const ROUND_SHIFT: f32 = 12_582_912.0;
/// The first argument for which the approximation of tanh gives exactly 1, which stays within its error bound.
const TANH_SATURATION: f32 = 7.903_141_5;

/// eˣ in every lane. Polynomial and splitting of ln 2 as in Cephes' `expf` (Moshier 1992).
///
/// At the bounds the exponent of the result becomes that of ∞ or of 0, so no selection is needed.
#[inline(always)]
pub fn exp_of<A: Arith>(x: A) -> A {
    let clamped = x.at_most(A::splat(EXP_OVERFLOW)).at_least(A::splat(EXP_UNDERFLOW));
    let shifted = clamped.mul(A::splat(core::f32::consts::LOG2_E)).add(A::splat(ROUND_SHIFT));
    let n = shifted.sub(A::splat(ROUND_SHIFT));
    let r = clamped.sub(n.mul(A::splat(0.693_359_4))).sub(n.mul(A::splat(-2.121_944_4e-4)));
    let mut p = A::splat(1.987_569_1e-4);
    for coefficient in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_66, 0.5] {
        p = p.mul(r).add(A::splat(coefficient));
    }
    p.mul(r.mul(r)).add(r).add(A::splat(1.0)).mul(shifted.power_of_two_from_shifted())
}

/// 1 / (1 + e⁻ˣ) in every lane.
#[inline(always)]
pub fn sigmoid_of<A: Arith>(x: A) -> A {
    let one = A::splat(1.0);
    one.div(one.add(exp_of(A::splat(0.0).sub(x))))
}

/// tanh in every lane: the rational approximation of degree 13/6 that Eigen uses (`ptanh_float`), ±1 beyond.
#[inline(always)]
pub fn tanh_of<A: Arith>(x: A) -> A {
    let bounded = x.at_most(A::splat(TANH_SATURATION)).at_least(A::splat(-TANH_SATURATION));
    let square = bounded.mul(bounded);
    let mut p = A::splat(-2.760_768_5e-16);
    for coefficient in
        [2.000_188e-13, -8.604_672e-11, 5.122_297e-8, 1.485_722_4e-5, 6.372_619e-4, 4.893_524_6e-3]
    {
        p = p.mul(square).add(A::splat(coefficient));
    }
    let mut q = A::splat(1.198_258_4e-6);
    for coefficient in [1.185_347_1e-4, 2.268_434_6e-3, 4.893_525e-3] {
        q = q.mul(square).add(A::splat(coefficient));
    }
    bounded.mul(p.div(q)) // this order keeps tiny arguments exact
}

/// eˣ.
pub fn exp(x: f32) -> f32 {
    exp_of(x)
}

/// 1 / (1 + e⁻ˣ).
pub fn sigmoid(x: f32) -> f32 {
    sigmoid_of(x)
}

/// tanh x.
pub fn tanh(x: f32) -> f32 {
    tanh_of(x)
}

/// Natural logarithm: −∞ at 0, NaN below. Polynomial of Cephes' `logf` (Moshier 1992).
pub fn ln(x: f32) -> f32 {
    if x.is_nan() || x < 0.0 {
        return f32::NAN;
    }
    if x == 0.0 {
        return f32::NEG_INFINITY;
    }
    if x.is_infinite() {
        return x;
    }
    // Subnormal numbers are scaled into the normal range first.
    let (x, scaled) = if x < f32::MIN_POSITIVE { (x * 8_388_608.0, -23.0) } else { (x, 0.0) };
    let bits = x.to_bits();
    let mut e = ((bits >> 23) as i32 - 126) as f32 + scaled;
    let mut m = f32::from_bits((bits & 0x007F_FFFF) | 0x3F00_0000); // in [0.5, 1)
    if m < core::f32::consts::FRAC_1_SQRT_2 {
        e -= 1.0;
        m = m + m - 1.0;
    } else {
        m -= 1.0;
    }
    let z = m * m;
    let mut p = 7.037_683_6e-2f32;
    for coefficient in [
        -0.115_146_1,
        0.116_769_98,
        -0.124_201_41,
        0.142_493_23,
        -0.166_680_57,
        0.200_007_14,
        -0.249_999_94,
        0.333_333_3,
    ] {
        p = p * m + coefficient;
    }
    let y = p * m * z + e * -2.121_944_4e-4 - 0.5 * z;
    m + y + e * 0.693_359_4
}

/// a to the power of b: by multiplication if b is a small whole number, else exp(b ln a).
#[inline(never)]
pub fn power(a: f32, b: f32) -> f32 {
    const MOST_PRODUCTS: f32 = 16.0;
    if b.fract() == 0.0 && b.abs() <= MOST_PRODUCTS {
        let mut result = 1.0;
        for _ in 0..b.abs() as u32 {
            result *= a;
        }
        return if b < 0.0 { 1.0 / result } else { result };
    }
    if b == 0.5 && a >= 0.0 {
        return a.sqrt();
    }
    if a == 0.0 {
        return if b > 0.0 { 0.0 } else { f32::INFINITY };
    }
    if a < 0.0 && b.fract() == 0.0 {
        let size = exp(b * ln(-a));
        return if b % 2.0 == 0.0 { size } else { -size };
    }
    exp(b * ln(a))
}

/// Replaces every number of `x` by `f` of it, four lanes at a time.
#[inline(always)]
fn map_in_place<L: Lanes>(x: &mut [f32], f: impl Fn(L) -> L) {
    let (fours, rest) = x.as_chunks_mut::<4>();
    for four in fours {
        f(L::load(four)).store(four);
    }
    if !rest.is_empty() {
        f(L::load_part(rest)).store_part(rest);
    }
}

/// eˣ in place.
pub fn exp_all(backend: Backend, x: &mut [f32]) {
    with_lanes!(backend, L => map_in_place::<L>(x, exp_of));
}

/// Sigmoid in place.
pub fn sigmoid_all(backend: Backend, x: &mut [f32]) {
    with_lanes!(backend, L => map_in_place::<L>(x, sigmoid_of));
}

/// tanh in place.
pub fn tanh_all(backend: Backend, x: &mut [f32]) {
    with_lanes!(backend, L => map_in_place::<L>(x, tanh_of));
}

/// Softmax of each row of `width` numbers, in place: the largest logit is subtracted first, sums run from left to
/// right.
pub fn softmax_rows(backend: Backend, x: &mut [f32], width: usize) {
    for row in x.chunks_exact_mut(width) {
        let largest = row.iter().fold(f32::NEG_INFINITY, |m, v| if *v > m { *v } else { m });
        row.iter_mut().for_each(|v| *v -= largest);
        exp_all(backend, row);
        let sum = row.iter().fold(0.0, |s, v| s + v);
        row.iter_mut().for_each(|v| *v /= sum);
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)] // libm in f64 is the reference
mod tests {
    use super::*;

    /// Distance in units in the last place between `got` and the f64 value rounded to f32.
    fn ulp(got: f32, want: f64) -> u32 {
        let want = want as f32;
        if got == want || (got.is_nan() && want.is_nan()) {
            return 0;
        }
        let order = |v: f32| {
            let bits = v.to_bits() as i32;
            if bits < 0 { i32::MIN.wrapping_sub(bits) } else { bits }
        };
        order(got).abs_diff(order(want))
    }

    /// The largest error of `f` over every 97th f32 in `range`.
    fn worst(
        f: fn(f32) -> f32,
        reference: fn(f64) -> f64,
        range: core::ops::RangeInclusive<f32>,
    ) -> (u32, f32) {
        let mut worst = (0, 0.0);
        for bits in (0..=u32::MAX - 97).step_by(97) {
            let x = f32::from_bits(bits);
            if range.contains(&x) {
                let error = ulp(f(x), reference(f64::from(x)));
                if error > worst.0 {
                    worst = (error, x);
                }
            }
        }
        worst
    }

    #[test]
    fn exp_is_within_two_ulp() {
        let (error, at) = worst(exp, f64::exp, -87.33..=88.37);
        assert!(error <= 2, "{error} ULP at {at}");
        assert_eq!(exp(-1000.0), 0.0);
        assert_eq!(exp(f32::NEG_INFINITY), 0.0);
        assert_eq!(exp(1000.0), f32::INFINITY);
        assert_eq!(exp(0.0), 1.0);
        assert!(exp(f32::NAN).is_nan());
    }

    #[test]
    fn ln_is_within_two_ulp() {
        let (error, at) = worst(ln, f64::ln, f32::MIN_POSITIVE..=f32::MAX);
        assert!(error <= 2, "{error} ULP at {at}");
        assert_eq!(ln(0.0), f32::NEG_INFINITY);
        assert_eq!(ln(1.0), 0.0);
        assert!(ln(-1.0).is_nan() && ln(f32::NAN).is_nan());
    }

    #[test]
    fn sigmoid_is_within_three_ulp() {
        let (error, at) = worst(sigmoid, |x| 1.0 / (1.0 + (-x).exp()), -87.0..=1e30);
        assert!(error <= 3, "{error} ULP at {at}");
        assert_eq!(sigmoid(f32::INFINITY), 1.0);
        assert_eq!(sigmoid(f32::NEG_INFINITY), 0.0);
        assert!(sigmoid(f32::NAN).is_nan());
    }

    #[test]
    fn tanh_is_within_six_ulp_and_saturates() {
        let (error, at) = worst(tanh, f64::tanh, f32::NEG_INFINITY..=f32::INFINITY);
        assert!(error <= 6, "{error} ULP at {at}");
        assert_eq!(tanh(9.0), 1.0);
        assert_eq!(tanh(f32::NEG_INFINITY), -1.0);
        assert!(tanh(f32::NAN).is_nan());
    }

    #[test]
    fn four_lanes_give_the_bits_of_one() {
        let x: Vec<f32> = (0..4003).map(|k| (k as f32 - 2000.0) * 0.05).collect();
        for (all, one) in [
            (exp_all as fn(Backend, &mut [f32]), exp as fn(f32) -> f32),
            (sigmoid_all, sigmoid),
            (tanh_all, tanh),
        ] {
            for backend in [Backend::Portable, Backend::best()] {
                let mut y = x.clone();
                all(backend, &mut y);
                for (x, y) in x.iter().zip(&y) {
                    assert_eq!(one(*x).to_bits(), y.to_bits());
                }
            }
        }
    }

    #[test]
    fn softmax_rows_sum_to_one_even_with_large_logits() {
        let mut x = vec![1000.0, 999.0, -1000.0, 3.0, 3.0, 3.0];
        softmax_rows(Backend::best(), &mut x, 3);
        for row in x.chunks(3) {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        }
        assert_eq!(x[3], x[4]);
    }
}
