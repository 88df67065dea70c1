//! Random numbers that can be named: the same seed, purpose and counter give the same numbers on every platform.
//!
//! A [`Stream`] is ChaCha8 keyed by the seed and the name of the purpose; the counter picks one of 2⁶⁴ independent
//! streams. Nothing is hidden in global state, so a checkpoint needs only the counters.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

use crate::math::elementary;

/// A stream of random numbers for one purpose.
pub struct Stream {
    rng: ChaCha8Rng,
}

impl Stream {
    /// The stream for `purpose` (`"lstm/kernel"`, `"shuffle"`) under `seed`; `counter` tells draws of one purpose apart
    /// (the epoch of a shuffle, the step of a dropout mask).
    pub fn new(seed: u64, purpose: &str, counter: u64) -> Self {
        let mut key = [0u8; 32];
        let mut state = seed ^ fnv1a(purpose.as_bytes());
        for word in key.chunks_exact_mut(8) {
            word.copy_from_slice(&splitmix64(&mut state).to_le_bytes());
        }
        let mut rng = ChaCha8Rng::from_seed(key);
        rng.set_stream(counter);
        Self { rng }
    }

    /// Jumps to the `index`-th number of the stream, so that a part of a mask can be drawn without the rest.
    pub fn seek(&mut self, index: u64) {
        self.rng.set_word_pos(u128::from(index));
    }

    /// 32 random bits.
    pub fn next_u32(&mut self) -> u32 {
        self.rng.next_u32()
    }

    /// Uniform in [0, 1) with 24 random bits, one number of the stream.
    pub fn uniform(&mut self) -> f32 {
        (self.next_u32() >> 8) as f32 * (1.0 / 16_777_216.0)
    }

    /// Uniform in [`low`, `high`).
    pub fn uniform_in(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.uniform()
    }

    /// Standard normal by Marsaglia's polar method (1964); takes a varying number of draws.
    pub fn normal(&mut self) -> f32 {
        loop {
            let u = 2.0 * self.uniform() - 1.0;
            let v = 2.0 * self.uniform() - 1.0;
            let s = u * u + v * v;
            if s > 0.0 && s < 1.0 {
                return u * (-2.0 * elementary::ln(s) / s).sqrt();
            }
        }
    }

    /// Uniform in 0..`n` without bias (Lemire 2019). `n` must be positive.
    pub fn below(&mut self, n: u32) -> u32 {
        assert!(n > 0, "a range without numbers has no random number");
        loop {
            let product = u64::from(self.next_u32()) * u64::from(n);
            let low = product as u32;
            if low >= n || low >= n.wrapping_neg() % n {
                return (product >> 32) as u32;
            }
        }
    }

    /// Shuffles in place (Fisher–Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i as u32 + 1) as usize);
        }
    }
}

/// One step of SplitMix64 (Steele, Lea, Flood 2014): advances `state` and returns 64 mixed bits.
pub fn splitmix64(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// FNV-1a over bytes, 64 bits: names of streams and hashes of weights.
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_by_purpose_and_counter_and_repeat_by_name() {
        let draw = |purpose: &str, counter| Stream::new(7, purpose, counter).next_u32();
        assert_eq!(draw("kernel", 0), draw("kernel", 0));
        assert_ne!(draw("kernel", 0), draw("kernel", 1));
        assert_ne!(draw("kernel", 0), draw("bias", 0));
    }

    #[test]
    fn seeking_gives_the_number_that_drawing_would_have_given() {
        let mut a = Stream::new(1, "mask", 3);
        let drawn: Vec<u32> = (0..100).map(|_| a.next_u32()).collect();
        let mut b = Stream::new(1, "mask", 3);
        for index in [99, 0, 64, 17] {
            b.seek(index);
            assert_eq!(b.next_u32(), drawn[index as usize]);
        }
    }

    #[test]
    fn normal_numbers_have_mean_zero_and_variance_one() {
        let mut s = Stream::new(3, "normal", 0);
        let n = 20_000;
        let x: Vec<f64> = (0..n).map(|_| f64::from(s.normal())).collect();
        let mean = x.iter().sum::<f64>() / f64::from(n);
        let variance = x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / f64::from(n);
        // Four standard errors: 4/√n for the mean, 4·√(2/n) for the variance.
        assert!(mean.abs() < 0.028, "mean {mean}");
        assert!((variance - 1.0).abs() < 0.04, "variance {variance}");
    }

    #[test]
    fn shuffling_keeps_every_item() {
        let mut items: Vec<u32> = (0..1000).collect();
        Stream::new(5, "shuffle", 0).shuffle(&mut items);
        assert_ne!(items, (0..1000).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..1000).collect::<Vec<_>>());
    }
}
