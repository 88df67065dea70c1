//! `cargo xtask dist`: the page as a folder of files for any static host, in any sub-path.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::progress::Steps;
use crate::{bindings, data, page, progress, project, site, stamp};

/// Builds everything and copies what the page consists of into `dist/`.
///
/// # Errors
/// Something cannot be built, or a file cannot be copied.
pub fn run() -> Result<()> {
    let steps = Steps::new(4);
    steps.run("Engine for the browser", bindings::build_with_relaxed)?;
    steps.run("Packages of the page", page::build)?;
    steps.run("Data sets", data::build)?;
    steps.run("Files of the page", copy)
}

fn copy() -> Result<()> {
    let (root, dist) = (project::root(), project::root().join("dist"));
    if dist.is_dir() {
        fs::remove_dir_all(&dist).context("the old dist folder cannot be removed")?;
    }
    let mut bytes = 0;
    for part in site::PARTS.iter().map(|part| root.join(part)).filter(|part| part.exists()) {
        for file in stamp::files_in(&part)?.iter().filter(|file| is_published(file)) {
            let to = dist
                .join(file.strip_prefix(&root).context("a file of the page lies outside of the repository")?);
            let failed = || format!("{} cannot be copied into dist", project::shown(file));
            fs::create_dir_all(to.parent().unwrap_or(&dist)).with_context(failed)?;
            bytes += fs::copy(file, &to).with_context(failed)?;
        }
    }
    progress::say(format!("dist/ is ready, {}: copy it to any static host", progress::size(bytes)));
    Ok(())
}

/// Tests and hidden files are not published.
fn is_published(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    !name.starts_with('.') && !name.ends_with(".test.js")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_and_stamps_are_not_published() {
        assert!(is_published(Path::new("www/main.js")));
        assert!(!is_published(Path::new("www/state/shared/url.test.js")));
        assert!(!is_published(Path::new("www/pkg/.made-from")));
    }
}
