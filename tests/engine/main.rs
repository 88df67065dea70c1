//! What the engine promises as a whole.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop with what it found
#![allow(clippy::disallowed_methods)] // libm is the reference that shares no code with the engine
#![cfg(not(target_arch = "wasm32"))]

mod analysis;
mod baselines;
mod choices;
mod course;
mod determinism;
mod encoder_decoder;
mod experiments;
mod flow;
mod gradients_layers;
mod gradients_recurrent;
mod insight;
mod keras_2;
mod listing_layers;
mod moving;
mod parameter_counts;
mod recurrent_errors;
mod recurrent_properties;
mod results_table;
mod samples;
mod sampling;
mod sessions;
mod tasks;
mod together;
mod tracing;
mod training;
mod twenty_steps;
mod whole_model;
mod writing;
mod writing_stepped;
