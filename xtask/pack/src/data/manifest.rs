//! `www/data/index.json`: what the page can load.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use unrolled::data::{Dataset, PACKS, Task, Unit};

use crate::stamp;

const FILE: &str = "index.json";

/// All packed sets.
#[derive(Serialize, Deserialize)]
pub struct Manifest {
    /// Changes with the sources and with the code that cuts them.
    fingerprint: String,
    /// The sets in the order in which the page offers them.
    pub sets: Vec<Set>,
}

/// One packed set.
#[derive(Serialize, Deserialize)]
pub struct Set {
    name: String,
    title: String,
    /// The file beside the index.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    sha256: String,
    task: Task,
    unit: Unit,
    num_words: usize,
    class_names: Vec<String>,
    train: usize,
    test: usize,
    source: String,
    licence: String,
    notes: String,
}

impl Manifest {
    /// An index without sets.
    pub fn new(fingerprint: String) -> Self {
        Self { fingerprint, sets: Vec::new() }
    }

    /// The index in `folder`, where there is one that can be read.
    pub fn read(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(folder.join(FILE)).ok()?).ok()
    }

    /// True when the index was made from the same inputs and every file of it is whole.
    pub fn describes(&self, folder: &Path, fingerprint: &str) -> bool {
        let is_whole =
            |set: &Set| stamp::sha256_of_file(&folder.join(&set.file)).is_ok_and(|sha| sha == set.sha256);
        self.fingerprint == fingerprint && self.sets.iter().all(is_whole)
    }

    /// Adds a set that was packed into `bytes`.
    pub fn add(&mut self, dataset: &Dataset, bytes: &[u8]) -> &Set {
        let provenance = &dataset.provenance;
        self.sets.push(Set {
            name: dataset.name.clone(),
            title: dataset.title.clone(),
            file: format!("{}.safetensors", dataset.name),
            bytes: bytes.len() as u64,
            sha256: stamp::sha256(bytes),
            task: dataset.task,
            unit: dataset.vocabulary.unit(),
            num_words: dataset.vocabulary.num_words(),
            class_names: dataset.class_names.clone(),
            train: dataset.train.len(),
            test: dataset.test.len(),
            source: format!("{} {}", provenance.package, provenance.version),
            licence: provenance.licence.clone(),
            notes: dataset.notes.clone(),
        });
        &self.sets[self.sets.len() - 1]
    }

    /// Writes the index into `folder`.
    ///
    /// # Errors
    /// The sets are not those that page and command line ask for, or the file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let mut names: Vec<&str> = self.sets.iter().map(|set| set.name.as_str()).collect();
        names.sort_unstable();
        ensure!(names == PACKS, "the sets {names:?} were packed where {PACKS:?} are asked for");
        let json =
            serde_json::to_string_pretty(self).context("the index of the data sets cannot be written")?;
        stamp::write(&folder.join(FILE), json + "\n")
    }
}
