//! `cargo xtask build`.

use anyhow::Result;

use crate::progress::Steps;
use crate::{bindings, page};

/// The engine for the browser, with the relaxed build if wanted, then the page's packages.
///
/// # Errors
/// The first thing that is missing or broken.
pub fn run(relaxed: bool) -> Result<()> {
    let steps = Steps::new(2);
    steps.run("Engine for the browser", bindings::builder(relaxed))?;
    steps.run("Packages of the page", page::build)
}
