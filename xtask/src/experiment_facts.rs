//! What the page knows of data and experiments before the engine is there: written from the engine's own documents.

use std::fs;

use anyhow::{Context, Result};
use unrolled::experiment::sets;

use crate::project;

const HEADER: &str = "\
// Written by `cargo xtask build` from src/experiment/sets.rs and experiments/*.json; changes here are lost.

/** @type {import(\"../types/engine.js\").Facts} */
";

/// Writes `www/generated/experiments.js` where it is not what it should be.
///
/// # Errors
/// A document that cannot be read, or a folder that cannot be written.
pub fn write() -> Result<()> {
    let facts = serde_json::to_string_pretty(&sets::facts()?)?;
    let text = format!("{HEADER}export const FACTS = {facts};\n");
    let folder = project::www().join("generated");
    let file = folder.join("experiments.js");
    if fs::read_to_string(&file).is_ok_and(|present| present == text) {
        return Ok(());
    }
    fs::create_dir_all(&folder).context("www/generated could not be made")?;
    fs::write(&file, text).context("www/generated/experiments.js could not be written")
}
