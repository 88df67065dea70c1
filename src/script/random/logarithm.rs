//! The natural logarithm, rounded correctly: computed in pairs of numbers whose sum has 106 bits.
//!
//! C libraries compute it so that about one result in a hundred is not the nearest number; numpy's normal numbers have
//! whatever the library gives, and the nearest number is the one that they share most often. Sums and products of
//! pairs: Dekker, A Floating-Point Technique for Extending the Available Precision, Numerische Mathematik 18 (1971).

/// A sum of two numbers, the second far smaller than the first.
#[derive(Clone, Copy)]
struct Pair(f64, f64);

/// ln 2
const LN_2: Pair = Pair(std::f64::consts::LN_2, 2.3190468138462996e-17);

/// `a + b` and what rounding takes from it.
fn sum(a: f64, b: f64) -> Pair {
    let total = a + b;
    let other = total - a;
    Pair(total, (a - (total - other)) + (b - other))
}

/// `a · b` and what rounding takes from it.
fn product(a: f64, b: f64) -> Pair {
    let halves = |v: f64| {
        let wide = 134_217_729.0 * v;
        let high = wide - (wide - v);
        (high, v - high)
    };
    let ((a1, a2), (b1, b2)) = (halves(a), halves(b));
    let total = a * b;
    Pair(total, ((a1 * b1 - total) + a1 * b2 + a2 * b1) + a2 * b2)
}

impl Pair {
    fn plus(self, other: Self) -> Self {
        let Pair(high, low) = sum(self.0, other.0);
        sum(high, low + self.1 + other.1)
    }

    fn times(self, other: Self) -> Self {
        let Pair(high, low) = product(self.0, other.0);
        sum(high, low + (self.0 * other.1 + self.1 * other.0))
    }

    fn over(self, by: f64) -> Self {
        let first = self.0 / by;
        let Pair(high, low) = product(first, by);
        sum(first, ((self.0 - high) - low + self.1) / by)
    }
}

/// ln x for a normal, positive x.
pub(super) fn ln(x: f64) -> f64 {
    let exponent = ((x.to_bits() >> 52) & 0x7ff) as i64 - 1022;
    // From 1/2 to 1, and from there to 1/√2 to √2.
    let mantissa = f64::from_bits((x.to_bits() & 0x000f_ffff_ffff_ffff) | (1022 << 52));
    let is_small = mantissa < std::f64::consts::FRAC_1_SQRT_2;
    let (mantissa, exponent) = if is_small { (2.0 * mantissa, exponent - 1) } else { (mantissa, exponent) };
    // ln m = 2 artanh s, s = (m - 1) / (m + 1); the divisor is a pair too.
    let below = sum(mantissa, 1.0);
    let first = (mantissa - 1.0) / below.0;
    let back = Pair(first, 0.0).times(below);
    let s = sum(first, ((mantissa - 1.0 - back.0) - back.1) / below.0);
    let square = s.times(s);
    let mut series = Pair(0.0, 0.0);
    for k in (0..24).rev() {
        series = series.times(square).plus(Pair(1.0, 0.0).over(f64::from(2 * k + 1)));
    }
    let of_mantissa = series.times(s);
    let twice = Pair(2.0 * of_mantissa.0, 2.0 * of_mantissa.1);
    LN_2.times(Pair(exponent as f64, 0.0)).plus(twice).0
}

#[cfg(test)]
mod tests {
    use super::ln;

    #[test]
    fn the_logarithm_is_the_nearest_number() {
        // From Python's decimal module with 50 digits, each rounded to the nearest float64.
        let known = [
            (0.3, -1.2039728043259361),
            (0.9999999999999999, -1.1102230246251565e-16),
            (0.7071067811865475, -0.34657359027997275),
            (0.25, -1.3862943611198906),
            (1e-30, -69.07755278982137),
            (0.123456789, -2.091864070778393),
        ];
        for (x, want) in known {
            assert_eq!(ln(x), want, "{x}");
        }
    }
}
