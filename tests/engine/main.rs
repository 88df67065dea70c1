//! What the engine promises as a whole.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop with what it found
#![cfg(not(target_arch = "wasm32"))]

mod determinism;
mod sessions;
mod together;
mod tracing;
mod twenty_steps;
