//! The listings: what they accept, what they compute, and that real Python with numpy computes the same.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::disallowed_methods)] // libm is the reference that shares no code with the engine
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../clock/mod.rs"]
mod clock;

mod advice;
mod batches;
mod diagrams;
mod diagrams_back;
mod diagrams_folded;
mod errors;
mod every_advice;
mod every_value;
mod explanations;
mod fuzz;
mod golden;
mod gradients;
mod headers;
mod hints;
mod idioms;
mod idioms_numpy;
mod material;
mod oracle;
mod properties;
mod published;
mod refused;
mod roles;
mod shapes;
mod times;
mod unrolling;
