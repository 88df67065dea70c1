//! `np.random.seed(n)` and the functions of `np.random`, which numpy keeps as they have always been.

use super::Bits;
use super::logarithm::ln;
use super::mt19937::Mt19937;

/// numpy's `RandomState`: the Mersenne Twister, and normal numbers in pairs by the polar method.
#[derive(Debug, Clone)]
pub struct RandomState {
    bits: Mt19937,
    /// The second number of a pair of normal numbers.
    kept: Option<f64>,
}

impl RandomState {
    /// `np.random.seed(seed)`
    pub fn new(seed: u32) -> Self {
        Self { bits: Mt19937::new(seed), kept: None }
    }

    /// In [0, 1): `random`, `rand`.
    pub fn random(&mut self) -> f64 {
        self.bits.next_f64()
    }

    /// One number of `uniform(low, high)`.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.random()
    }

    /// One number of `randn`: Marsaglia and Bray, A Convenient Method for Generating Normal Variables (1964).
    pub fn standard_normal(&mut self) -> f64 {
        if let Some(kept) = self.kept.take() {
            return kept;
        }
        loop {
            let (x, y) = (2.0 * self.random() - 1.0, 2.0 * self.random() - 1.0);
            let square = x * x + y * y;
            if square < 1.0 && square != 0.0 {
                let factor = (-2.0 * ln(square) / square).sqrt();
                self.kept = Some(factor * x);
                return factor * y;
            }
        }
    }

    /// One number of `normal(mean, deviation)`.
    pub fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        mean + deviation * self.standard_normal()
    }

    /// One number of `randint(low, high)`, from `low` to `high - 1`; `low` where there is none between. What has too
    /// many bits is cut to the fewest that suffice, and drawn again if it is too large.
    pub fn integer(&mut self, low: i64, high: i64) -> i64 {
        let largest = (high.saturating_sub(1)).wrapping_sub(low) as u64;
        if high <= low || largest == 0 {
            return low;
        }
        let mask = u64::MAX >> largest.leading_zeros();
        loop {
            let draw = match largest <= u64::from(u32::MAX) {
                true => u64::from(self.bits.next_u32()),
                false => self.bits.next_u64(),
            } & mask;
            if draw <= largest {
                return low.wrapping_add(draw as i64);
            }
        }
    }
}
