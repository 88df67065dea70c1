//! `cargo xtask build`.

use anyhow::Result;

use crate::progress::Steps;
use crate::{bindings, page};

/// The engine for the browser, then the page's packages.
///
/// # Errors
/// The first thing that is missing or broken.
pub fn run() -> Result<()> {
    let mut steps = Steps::new(2);
    steps.run("Engine for the browser", bindings::build)?;
    steps.run("Packages of the page", page::build)
}
