//! `np.random.default_rng(seed)`.

use super::Bits;
use super::pcg64::Pcg64;
use super::ziggurat;

/// numpy's `Generator`: PCG64, and normal numbers by the ziggurat.
#[derive(Debug, Clone)]
pub struct Generator {
    bits: Pcg64,
}

impl Generator {
    /// `np.random.default_rng(seed)`
    pub fn new(seed: u64) -> Self {
        Self { bits: Pcg64::new(seed) }
    }

    /// In [0, 1): `random`.
    pub fn random(&mut self) -> f64 {
        self.bits.next_f64()
    }

    /// One number of `uniform(low, high)`.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.random()
    }

    /// One number of `standard_normal`.
    pub fn standard_normal(&mut self) -> f64 {
        ziggurat::normal(&mut self.bits)
    }

    /// One number of `normal(mean, deviation)`.
    pub fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        mean + deviation * self.standard_normal()
    }

    /// One number of `integers(low, high)`, from `low` to `high - 1`; `low` where there is none between.
    ///
    /// Lemire, Fast Random Integer Generation in an Interval, ACM Transactions on Modeling and Computer Simulation 29
    /// (2019).
    pub fn integer(&mut self, low: i64, high: i64) -> i64 {
        let largest = (high.saturating_sub(1)).wrapping_sub(low) as u64;
        if high <= low || largest == 0 {
            return low;
        }
        let draw = match u32::try_from(largest) {
            Ok(u32::MAX) => u64::from(self.bits.next_u32()),
            Ok(largest) => u64::from(self.below_u32(largest + 1)),
            Err(_) if largest == u64::MAX => self.bits.next_u64(),
            Err(_) => self.below_u64(largest + 1),
        };
        low.wrapping_add(draw as i64)
    }

    /// One number from 0 to `largest`, drawn again while it is too large, as `shuffle` and `permutation` draw.
    pub(in crate::script) fn interval(&mut self, largest: u64) -> u64 {
        if largest == 0 {
            return 0;
        }
        let mask = u64::MAX >> largest.leading_zeros();
        loop {
            let draw = match u32::try_from(largest) {
                Ok(_) => u64::from(self.bits.next_u32()),
                Err(_) => self.bits.next_u64(),
            } & mask;
            if draw <= largest {
                return draw;
            }
        }
    }

    fn below_u32(&mut self, count: u32) -> u32 {
        let least = count.wrapping_neg() % count;
        loop {
            let product = u64::from(self.bits.next_u32()) * u64::from(count);
            if product as u32 >= least {
                return (product >> 32) as u32;
            }
        }
    }

    fn below_u64(&mut self, count: u64) -> u64 {
        let least = count.wrapping_neg() % count;
        loop {
            let product = u128::from(self.bits.next_u64()) * u128::from(count);
            if product as u64 >= least {
                return (product >> 64) as u64;
            }
        }
    }
}
