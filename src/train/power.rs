//! Powers and a cosine in f64 from correctly rounded operations only: the same bits on every platform.

/// bᵏ by repeated squaring: only products, the same on every platform.
pub fn power(base: f64, mut exponent: u64) -> f64 {
    let (mut result, mut square) = (1.0, base);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result *= square;
        }
        square *= square;
        exponent >>= 1;
    }
    result
}

/// bˣ for x ≥ 0: products for the whole part, repeated square roots for the binary digits of the rest. Both
/// are correctly rounded operations, so that every platform gives the same bits.
pub fn real_power(base: f64, exponent: f64) -> f64 {
    let whole = exponent.floor();
    let mut rest = exponent - whole;
    let (mut result, mut root) = (power(base, whole as u64), base);
    while rest > 0.0 {
        rest *= 2.0;
        root = root.sqrt();
        if rest >= 1.0 {
            rest -= 1.0;
            result *= root;
        }
    }
    result
}

/// cos(π·x) for 0 ≤ x ≤ 1, as the Taylor series of sin(π·(½ − x)) up to the 23rd power: its error is below
/// 1e-17.
pub fn cosine_of_half_turns(x: f64) -> f64 {
    let y = core::f64::consts::PI * (0.5 - x);
    let (mut term, mut sum) = (y, y);
    for k in 1..12 {
        term *= -(y * y) / f64::from((2 * k) * (2 * k + 1));
        sum += term;
    }
    sum
}
