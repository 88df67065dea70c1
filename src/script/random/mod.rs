//! numpy's random numbers, so that a script which seeds them gives here what it gives in Python.
//!
//! [`RandomState`] is `np.random.seed(n)` and the functions of `np.random`, [`Generator`] is
//! `np.random.default_rng(seed)`. Bits, doubles and integers are numpy's exactly. Normal numbers need a
//! logarithm, where numpy takes that of the C library: of 300 000 draws of `randn` 92 differed from numpy 2.3 with
//! glibc, by at most two units in the last place, of 400 000 of `default_rng` none.
//!
//! The engine's own draws are another matter and come from [`crate::rng`].

mod generator;
mod legacy;
mod logarithm;
mod mt19937;
mod pcg64;
mod seed_sequence;
mod tables;
mod ziggurat;

pub use generator::Generator;
pub use legacy::RandomState;

/// A source of random bits with what both of numpy's interfaces make of them in the same way.
trait Bits {
    fn next_u32(&mut self) -> u32;
    fn next_u64(&mut self) -> u64;
    /// In [0, 1), with 53 bits.
    fn next_f64(&mut self) -> f64;
}
