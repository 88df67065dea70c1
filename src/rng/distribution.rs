//! The distributions that numbers are drawn from, each by one written algorithm.

use rand::Rng;
use rand::distr::Distribution;

use crate::math::elementary;

/// Uniform in [0, 1): the 24 upper bits of one number of the stream.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit;

impl Distribution<f32> for Unit {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f32 {
        (rng.next_u32() >> 8) as f32 * (1.0 / 16_777_216.0)
    }
}

/// Uniform between two bounds: [`Unit`] stretched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uniform {
    low: f32,
    high: f32,
}

impl Uniform {
    /// Uniform in [`low`, `high`).
    pub fn new(low: f32, high: f32) -> Self {
        Self { low, high }
    }
}

impl Distribution<f32> for Uniform {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f32 {
        self.low + (self.high - self.low) * Unit.sample(rng)
    }
}

/// Normal with mean 0 and deviation 1, by Marsaglia's polar method (1964); takes a varying number of draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StandardNormal;

impl Distribution<f32> for StandardNormal {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f32 {
        loop {
            let u = 2.0 * Unit.sample(rng) - 1.0;
            let v = 2.0 * Unit.sample(rng) - 1.0;
            let s = u * u + v * v;
            if s > 0.0 && s < 1.0 {
                return u * (-2.0 * elementary::ln(s) / s).sqrt();
            }
        }
    }
}

/// [`StandardNormal`] without the numbers beyond ±2, which are drawn again. Its deviation is
/// [`DEVIATION`](TruncatedNormal::DEVIATION).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TruncatedNormal;

impl TruncatedNormal {
    /// Standard deviation of a standard normal cut at ±2, by which Keras divides.
    pub const DEVIATION: f32 = 0.879_625_7;
}

impl Distribution<f32> for TruncatedNormal {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f32 {
        loop {
            let value: f32 = StandardNormal.sample(rng);
            if value.abs() <= 2.0 {
                return value;
            }
        }
    }
}
