//! `cargo xtask build`.

use anyhow::Result;

use crate::progress::Steps;
use crate::rust_tools::Compiler;
use crate::{bindings, page};

/// The engine for the browser, with the relaxed builds that are wanted, then the page's packages.
///
/// # Errors
/// The first thing that is missing or broken.
pub fn run(relaxed: bool, bench: bool) -> Result<()> {
    let steps = Steps::new(2);
    let engine = if bench { bindings::build_with_relaxed_benchmarks } else { bindings::builder(relaxed) };
    steps.run("Engine for the browser", engine)?;
    steps.run("Packages of the page", || page::build(Compiler::Rustc))
}
