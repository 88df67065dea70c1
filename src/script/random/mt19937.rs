//! The Mersenne Twister.
//!
//! Matsumoto and Nishimura, Mersenne Twister: A 623-Dimensionally Equidistributed Uniform Pseudo-Random Number
//! Generator, ACM Transactions on Modeling and Computer Simulation 8 (1998).

use super::Bits;

const SIZE: usize = 624;
const SHIFT: usize = 397;

/// 624 words, of which `at` are used.
#[derive(Debug, Clone)]
pub(super) struct Mt19937 {
    words: [u32; SIZE],
    at: usize,
}

impl Mt19937 {
    /// `init_genrand` of the reference implementation, as numpy seeds it with one number.
    pub(super) fn new(seed: u32) -> Self {
        let mut words = [seed; SIZE];
        for k in 1..SIZE {
            let before = words[k - 1];
            words[k] = 1_812_433_253u32.wrapping_mul(before ^ (before >> 30)).wrapping_add(k as u32);
        }
        Self { words, at: SIZE }
    }

    fn twist(&mut self) {
        for k in 0..SIZE {
            let both = (self.words[k] & 0x8000_0000) | (self.words[(k + 1) % SIZE] & 0x7fff_ffff);
            let odd = if both & 1 == 1 { 0x9908_b0df } else { 0 };
            self.words[k] = self.words[(k + SHIFT) % SIZE] ^ (both >> 1) ^ odd;
        }
        self.at = 0;
    }
}

impl Bits for Mt19937 {
    fn next_u32(&mut self) -> u32 {
        if self.at == SIZE {
            self.twist();
        }
        let mut word = self.words[self.at];
        self.at += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }

    fn next_u64(&mut self) -> u64 {
        let high = u64::from(self.next_u32());
        (high << 32) | u64::from(self.next_u32())
    }

    fn next_f64(&mut self) -> f64 {
        let (high, low) = (self.next_u32() >> 5, self.next_u32() >> 6);
        (f64::from(high) * 67_108_864.0 + f64::from(low)) / 9_007_199_254_740_992.0
    }
}
