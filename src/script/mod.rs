//! Whole numpy scripts with one loop over time.

pub mod random;
