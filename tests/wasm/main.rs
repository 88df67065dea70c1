//! The engine in a real browser: the same bits as natively, and the boundary to the page.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop with what it found
#![cfg(target_arch = "wasm32")]

#[path = "../engine/twenty_steps.rs"]
mod twenty_steps;

mod boundary;
mod determinism;
mod own;
mod plots;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
