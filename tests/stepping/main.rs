//! What the Step view says and explains is true of the numbers that it shows.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::disallowed_methods)] // libm is the reference that shares no code with the engine
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod arithmetic;
mod excerpts;
mod material;
mod parts;
mod phrases;
mod recognised;
mod said;
mod sentences;
mod templates;
