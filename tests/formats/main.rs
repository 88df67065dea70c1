//! Files of other programs: what they say is read as they mean it, and no bytes do harm.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop with what it found
#![cfg(not(target_arch = "wasm32"))]

#[path = "../clock/mod.rs"]
mod clock;

mod arbitrary_bytes;
mod configurations;
mod keras_files;
mod mutated;
mod opened;
mod predictions;
mod versions;
