//! The program as people and other programs run it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop with what it found
#![allow(clippy::disallowed_methods)] // libm is the reference that shares no code with the engine

mod commands;
mod first_weights;
mod golden;
mod keras_code;
mod listing;
mod refusals;
mod script;
mod support;
mod whole_way;
