//! Data sets: Keras' rules, packed files, and what no bytes may do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop with what it found
#![cfg(not(target_arch = "wasm32"))]

mod keras;
mod own;
mod packed;
mod pairs;
mod properties;
