//! The engine in a real browser: the same bits as natively, and the boundary to the page.
#![cfg(target_arch = "wasm32")]

#[path = "../engine/twenty_steps.rs"]
mod twenty_steps;

mod boundary;
mod determinism;
mod plots;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
