//! What the page knows of the cells before the engine is there: written from the engine's own listings.

use std::fs;

use anyhow::{Context, Result, bail};
use serde::Serialize;
use unrolled::listing::{Listing, cells};
use unrolled::session::stepping::{MOST_UNITS, outline};

use crate::project;

const HEADER: &str = "\
// Written by `cargo xtask build` from the listings of cells/*.py and src/session/stepping; changes here are lost.
";

const TYPES: &str = "
/**
 * @type {{ name: string, title: string, year: number, keras: string | null, states: string[],
 *   lines: [string, string][], weights: [string, string][] }[]}
 */
";

/// A listing of the project.
#[derive(Serialize)]
struct CellFacts {
    name: &'static str,
    title: &'static str,
    year: u16,
    keras: Option<&'static str>,
    states: Vec<String>,
    /// Names that are assigned, each with the text behind its `=`; like `weights` only for the cells of Keras.
    lines: Vec<(String, String)>,
    /// Weights with their shapes, `(features, 4*units)`.
    weights: Vec<(String, String)>,
}

/// Writes `www/generated/cells.js` where it is not what it should be.
///
/// # Errors
/// A listing that cannot be read, or a folder that cannot be written.
pub fn write() -> Result<()> {
    let facts = cells::all().iter().map(facts).collect::<Result<Vec<_>>>()?;
    let facts = serde_json::to_string_pretty(&facts)?;
    let text = format!(
        "{HEADER}{TYPES}export const CELLS = {facts};\n\n\
         export const STEPPING = {{ most_units: {MOST_UNITS} }};\n"
    );
    let folder = project::www().join("generated");
    let file = folder.join("cells.js");
    if fs::read_to_string(&file).is_ok_and(|present| present == text) {
        return Ok(());
    }
    fs::create_dir_all(&folder).context("www/generated could not be made")?;
    fs::write(&file, text).context("www/generated/cells.js could not be written")
}

fn facts(cell: &cells::CellSource) -> Result<CellFacts> {
    let Ok(listing) = Listing::parse(cell.source) else {
        bail!("cells/{}.py cannot be read as a listing", cell.name);
    };
    let outline = outline(&listing);
    let lines = outline.names.into_iter().map(|line| (line.name, line.text)).collect();
    let (lines, weights) = cell.keras.map_or_else(Default::default, |_| (lines, outline.weights));
    Ok(CellFacts {
        name: cell.name,
        title: cell.title,
        year: cell.year,
        keras: cell.keras,
        states: outline.states,
        lines,
        weights,
    })
}
