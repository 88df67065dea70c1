//! Random numbers that can be named: the same seed, purpose and counter give the same numbers on every platform.
//!
//! A [`Stream`] is ChaCha8 keyed by the seed and the name of the purpose; the counter picks one of 2⁶⁴ independent
//! streams. Nothing is hidden in global state, so a checkpoint needs only the counters. [`fresh_seed`] is the only
//! function that uses the platform's source of randomness.
//!
//! A stream is a generator of the rand crate and is sampled as such: `stream.sample(Uniform::new(-1.0, 1.0))`. The
//! distributions are implemented here, because rand may change its algorithms between versions, and a seed must always
//! give the same weights, shuffles and dropout masks.

mod distribution;
mod seed;

use std::convert::Infallible;

use rand::rngs::ChaCha8Rng;
pub use rand::{Rng, RngExt};
use rand::{SeedableRng, TryRng};

pub use distribution::{StandardNormal, TruncatedNormal, Uniform, Unit};
pub use seed::{LARGEST_FRESH_SEED, fresh_seed};

/// A stream of random numbers for one purpose.
pub struct Stream {
    generator: ChaCha8Rng,
}

impl Stream {
    /// The stream for `purpose` (`"lstm/kernel"`, `"shuffle"`) under `seed`; `counter` tells draws of one purpose apart
    /// (the epoch of a shuffle, the update of a dropout mask).
    pub fn new(seed: u64, purpose: &str, counter: u64) -> Self {
        let mut key = [0u8; 32];
        let mut state = seed ^ fnv1a(purpose.as_bytes());
        for word in key.chunks_exact_mut(8) {
            word.copy_from_slice(&splitmix64(&mut state).to_le_bytes());
        }
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(counter);
        Self { generator }
    }

    /// Jumps to the `index`-th number of the stream, so that a part of a mask can be drawn without the rest.
    pub fn seek(&mut self, index: u64) {
        self.generator.set_word_pos(u128::from(index));
    }

    // `below` and `shuffle` are not taken from rand: the order of the samples is part of what a seed promises, and rand
    // may change its algorithms between versions.

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

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.generator.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.generator.try_next_u64()
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.generator.try_fill_bytes(bytes)
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
mod tests;
