//! Whole numpy scripts: numpy's random numbers, and what a script gives against Python.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop with what it found
#![cfg(not(target_arch = "wasm32"))]

#[path = "../clock/mod.rs"]
mod clock;

mod against_python;
mod draws;
mod errors;
mod fuzz;
mod positions;
mod pseudo_code;
mod steps;
