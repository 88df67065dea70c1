//! Numbers that Keras computed, and those of published equations: `make.py` beside each module made the files and
//! says how.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop with what it found
#![cfg(not(target_arch = "wasm32"))]

mod cells;
mod encoder_decoder;
mod keras_files;
mod keras_scripts;
mod layers;
mod recurrent;
mod training;
