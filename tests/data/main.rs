//! Data sets: Keras' rules, packed files, and what no bytes may do.

#![cfg(not(target_arch = "wasm32"))]

mod keras;
mod packed;
mod properties;
