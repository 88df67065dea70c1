//! Data sets: Keras' rules, packed files, and what no bytes may do.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // a test may panic, and so may what it calls

mod keras;
mod packed;
mod properties;
