//! sin, cos, arctan, ln(1 + x) and eˣ - 1 of our own, so that every platform gives the same bits; the first three
//! compute in f64, whose products and sums are rounded alike everywhere.
//!
//! | function | largest error | where |
//! |---|---|---|
//! | `sin`, `cos` | 1 ULP, or 1e-9 where that is more | up to a million; 1e-6 up to 1e9 |
//! | `arctan` | 1 ULP | everywhere |
//! | `ln_1p` | 4 ULP | x > -1 |
//! | `exp_m1` | 6 ULP | x ≤ 88.37 |

use super::elementary::{exp, ln};

/// 1.5·2⁵²: adding it rounds to a whole number.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// π/2 in two parts, the first one with so few digits that its multiples are exact.
const HALF_PI: (f64, f64) = (1.570_796_326_734_125_6, 6.077_100_506_506_192e-11);
/// Beyond this whole turns are taken away first.
const MANY_TURNS: f64 = 1e6;

/// The sine.
pub fn sin(x: f32) -> f32 {
    let (quarter, rest) = quarters(x);
    turned(quarter, rest)
}

/// The cosine.
pub fn cos(x: f32) -> f32 {
    let (quarter, rest) = quarters(x);
    turned(quarter + 1, rest)
}

/// How many quarter turns, and what is left, between -π/4 and π/4.
fn quarters(x: f32) -> (i64, f64) {
    let mut x = f64::from(x);
    if x.abs() > MANY_TURNS {
        x %= core::f64::consts::TAU;
    }
    let n = (x * core::f64::consts::FRAC_2_PI + ROUND) - ROUND;
    (n as i64, (x - n * HALF_PI.0) - n * HALF_PI.1)
}

/// The sine of so many quarter turns and `r`, by Taylor's series.
fn turned(quarter: i64, r: f64) -> f32 {
    let square = r * r;
    let series = |coefficients: [f64; 6]| {
        coefficients.into_iter().fold(0.0, |sum, coefficient| sum * square + coefficient)
    };
    let value = if quarter & 1 == 0 {
        r * series([
            -2.505_210_838_544_172e-8,
            2.755_731_922_398_589e-6,
            -1.984_126_984_126_984e-4,
            8.333_333_333_333_333e-3,
            -0.166_666_666_666_666_66,
            1.0,
        ])
    } else {
        series([
            -2.755_731_922_398_589e-7,
            2.480_158_730_158_73e-5,
            -1.388_888_888_888_889e-3,
            4.166_666_666_666_666_4e-2,
            -0.5,
            1.0,
        ])
    };
    (if quarter & 2 == 0 { value } else { -value }) as f32
}

/// The arctangent: that of a number up to tan(π/8) by Taylor's series, others by what they have in common with one.
pub fn arctan(x: f32) -> f32 {
    use core::f64::consts::{FRAC_PI_2, FRAC_PI_4};
    const TAN_EIGHTH: f64 = 0.414_213_562_373_095_03;
    let size = f64::from(x).abs();
    let inner = if size > 1.0 { 1.0 / size } else { size };
    let (add, r) = if inner > TAN_EIGHTH { (FRAC_PI_4, (inner - 1.0) / (inner + 1.0)) } else { (0.0, inner) };
    let square = r * r;
    let series = (0..12).rev().fold(0.0, |sum, k| 1.0 / f64::from(2 * k + 1) - square * sum);
    let angle = add + r * series;
    let angle = if size > 1.0 { FRAC_PI_2 - angle } else { angle };
    (if x < 0.0 { -angle } else { angle }) as f32
}

/// ln(1 + x), right for small x too: what 1 + x loses is made up for (Kahan).
pub fn ln_1p(x: f32) -> f32 {
    let u = 1.0 + x;
    if u == 1.0 || u.is_infinite() { x } else { ln(u) * (x / (u - 1.0)) }
}

/// eˣ - 1, right for small x too (Kahan).
pub fn exp_m1(x: f32) -> f32 {
    let u = exp(x);
    if u == 1.0 || u.is_infinite() {
        return if u == 1.0 { x } else { u };
    }
    if u - 1.0 == -1.0 { -1.0 } else { (u - 1.0) * (x / ln(u)) }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)] // libm in f64 is the reference
mod tests {
    use super::*;

    /// The largest error of `f`, in units of f32 in the last place or of `least`, over numbers of both signs.
    fn worst(
        f: fn(f32) -> f32,
        reference: fn(f64) -> f64,
        (low, high): (f32, f32),
        least: f64,
    ) -> (f64, f32) {
        let mut worst = (0.0, 0.0);
        for bits in (0..=u32::MAX - 997).step_by(997) {
            let x = f32::from_bits(bits);
            if x >= low && x <= high {
                let want = reference(f64::from(x));
                let unit = (want.abs() * f64::from(f32::EPSILON)).max(least);
                let error = (f64::from(f(x)) - want).abs() / unit;
                if error > worst.0 {
                    worst = (error, x);
                }
            }
        }
        worst
    }

    /// A function, its reference, the range that is looked at, the smallest unit, and the largest error in units.
    type Check = (&'static str, fn(f32) -> f32, fn(f64) -> f64, (f32, f32), f64, f64);

    #[test]
    fn each_is_as_near_as_the_table_says() {
        let checks: [Check; 7] = [
            ("sin", sin, f64::sin, (-1e6, 1e6), 1e-9, 1.0),
            ("cos", cos, f64::cos, (-1e6, 1e6), 1e-9, 1.0),
            ("sin far", sin, f64::sin, (-1e9, 1e9), 1e-6, 1.0),
            ("cos far", cos, f64::cos, (-1e9, 1e9), 1e-6, 1.0),
            ("arctan", arctan, f64::atan, (-3.0e38, 3.0e38), 1e-37, 1.0),
            ("ln_1p", ln_1p, f64::ln_1p, (-0.999_999, 1e30), 1e-37, 4.0),
            ("exp_m1", exp_m1, f64::exp_m1, (-1e30, 88.37), 1e-37, 6.0),
        ];
        for (name, f, reference, range, least, most) in checks {
            let (error, at) = worst(f, reference, range, least);
            assert!(error <= most, "{name}: {error} units at {at}");
        }
    }

    #[test]
    fn the_ends_are_those_of_numpy() {
        assert_eq!((sin(0.0), cos(0.0), arctan(0.0)), (0.0, 1.0, 0.0));
        assert_eq!(arctan(f32::INFINITY), core::f32::consts::FRAC_PI_2);
        assert!(arctan(f32::NAN).is_nan());
        assert!(sin(f32::INFINITY).is_nan() && cos(f32::NAN).is_nan());
        assert_eq!((ln_1p(0.0), ln_1p(-1.0), ln_1p(f32::INFINITY)), (0.0, f32::NEG_INFINITY, f32::INFINITY));
        assert!(ln_1p(-1.5).is_nan() && exp_m1(f32::NAN).is_nan());
        assert_eq!((exp_m1(0.0), exp_m1(-200.0), exp_m1(200.0)), (0.0, -1.0, f32::INFINITY));
        assert!((-1.0..=1.0).contains(&sin(1e30)));
    }
}
