//! What the engine promises as a whole.
#![cfg(not(target_arch = "wasm32"))]

mod determinism;
mod twenty_steps;
