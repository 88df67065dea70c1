//! Seeds from the platform's source of randomness.

use crate::{Error, Result};

/// The largest seed that [`fresh_seed`] draws: six digits can be read out in a class, and JavaScript holds them
/// exactly.
pub const LARGEST_FRESH_SEED: u64 = 999_999;

/// A seed from the platform's source of randomness, to be shown and kept: uniform in 1..=[`LARGEST_FRESH_SEED`].
///
/// # Errors
/// If the platform has no source of randomness.
pub fn fresh_seed() -> Result<u64> {
    let mut words = [0u8; 16];
    getrandom::fill(&mut words).map_err(|error| {
        Error::value("a random seed", "available on this platform; choose a number instead", error)
    })?;
    // 128 random bits: the share of seeds that come once more than others is below 2⁻¹⁰⁰.
    Ok((u128::from_le_bytes(words) % u128::from(LARGEST_FRESH_SEED)) as u64 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_seeds_are_in_range_and_differ() {
        let seeds: Vec<u64> = (0..64).map(|_| fresh_seed().unwrap()).collect();
        assert!(seeds.iter().all(|seed| (1..=LARGEST_FRESH_SEED).contains(seed)), "{seeds:?}");
        // All alike by chance: 10⁻³⁷⁸.
        assert!(seeds.iter().any(|seed| *seed != seeds[0]), "{seeds:?}");
    }
}
