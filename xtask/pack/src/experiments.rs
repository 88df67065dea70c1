//! What the page knows of data and experiments before the engine is there: written from the engine's own documents.

use std::fs;

use anyhow::{Context, Result};
use unrolled::experiment::{sets, wording};

use crate::project;

const HEADER: &str = "\
// Written by `cargo xtask build` from src/experiment/sets.rs and experiments/*.json; changes here are lost.

/** @type {import(\"../types/engine.js\").Facts} */
";

const WORDING_HEADER: &str = "\
// Written by `cargo xtask build` from src/experiment/wording.rs; changes here are lost.

/** @type {Record<\"classes\" | \"options\" | \"choices\" | \"judging\" | \"fit\", Record<string, string>>} */
";

/// Writes `www/generated/experiments.js` and `www/generated/wording.js` where they are not what they should be.
///
/// # Errors
/// A document that cannot be read, or a folder that cannot be written.
pub fn write() -> Result<()> {
    let facts = serde_json::to_string_pretty(&sets::facts()?)?;
    write_module("experiments.js", &format!("{HEADER}export const FACTS = {facts};\n"))?;
    let wording = serde_json::to_string_pretty(&wording::wording()?)?;
    write_module("wording.js", &format!("{WORDING_HEADER}export const WORDING = {wording};\n"))
}

fn write_module(name: &str, text: &str) -> Result<()> {
    let folder = project::www().join("generated");
    let file = folder.join(name);
    if fs::read_to_string(&file).is_ok_and(|present| present == text) {
        return Ok(());
    }
    fs::create_dir_all(&folder).context("www/generated could not be made")?;
    fs::write(&file, text).with_context(|| format!("www/generated/{name} could not be written"))
}
