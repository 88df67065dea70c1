//! PCG64: a congruential generator of 128 bits, of which each draw gives 64 (XSL-RR).
//!
//! O'Neill, PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for Random Number Generation,
//! Harvey Mudd College (2014).

use super::Bits;
use super::seed_sequence::SeedSequence;

const FACTOR: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;

/// The state, its increment, and the half of a draw of 64 bits that 32 bits were taken from.
#[derive(Debug, Clone)]
pub(super) struct Pcg64 {
    state: u128,
    increment: u128,
    half: Option<u32>,
}

impl Pcg64 {
    pub(super) fn new(seed: u64) -> Self {
        let [a, b, c, d] = SeedSequence::new(seed).words();
        let whole = |high: u64, low: u64| (u128::from(high) << 64) | u128::from(low);
        let mut pcg = Self { state: 0, increment: (whole(c, d) << 1) | 1, half: None };
        pcg.advance();
        pcg.state = pcg.state.wrapping_add(whole(a, b));
        pcg.advance();
        pcg
    }

    fn advance(&mut self) {
        self.state = self.state.wrapping_mul(FACTOR).wrapping_add(self.increment);
    }
}

impl Bits for Pcg64 {
    /// The lower half of a draw first, then its upper half.
    fn next_u32(&mut self) -> u32 {
        self.half.take().unwrap_or_else(|| {
            let draw = self.next_u64();
            self.half = Some((draw >> 32) as u32);
            draw as u32
        })
    }

    fn next_u64(&mut self) -> u64 {
        self.advance();
        ((self.state >> 64) as u64 ^ self.state as u64).rotate_right((self.state >> 122) as u32)
    }

    fn next_f64(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }
}
