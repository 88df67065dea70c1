//! The engine as one wasm file: what it exports stands in `unrolled::wasm`. It is a package of its own since the last
//! pass of the compiler takes its level of optimisation from the package that is linked: for speed, so that the loops
//! of `unrolled-core` keep it.

#[cfg(target_arch = "wasm32")]
pub use unrolled::wasm;
