//! Normal numbers by the ziggurat, in the order in which numpy asks for bits.
//!
//! Marsaglia and Tsang, The Ziggurat Method for Generating Random Variables, Journal of Statistical Software 5 (2000).

use super::Bits;
use super::tables::{HEIGHTS, INSIDE, INVERSE_TAIL, TAIL, WIDTHS};

/// One draw from the normal distribution of mean 0 and variance 1.
pub(super) fn normal(bits: &mut impl Bits) -> f64 {
    loop {
        let draw = bits.next_u64();
        let layer = (draw & 0xff) as usize;
        let is_negative = (draw >> 8) & 1 == 1;
        let across = (draw >> 9) & 0x000f_ffff_ffff_ffff;
        let x = across as f64 * WIDTHS[layer];
        let x = if is_negative { -x } else { x };
        if across < INSIDE[layer] {
            return x;
        }
        if layer == 0 {
            return tail(bits, (across >> 8) & 1 == 1);
        }
        let (above, below) = (HEIGHTS[layer - 1], HEIGHTS[layer]);
        if (above - below) * bits.next_f64() + below < libm::exp(-0.5 * x * x) {
            return x;
        }
    }
}

/// A draw from behind the lowest layer.
fn tail(bits: &mut impl Bits, is_negative: bool) -> f64 {
    loop {
        let x = -INVERSE_TAIL * libm::log1p(-bits.next_f64());
        let y = -libm::log1p(-bits.next_f64());
        if y + y > x * x {
            return if is_negative { -(TAIL + x) } else { TAIL + x };
        }
    }
}
