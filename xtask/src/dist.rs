//! `cargo xtask dist`: the page as a folder of files for any static host, in any sub-path.
//!
//! All modules lie in a folder that is named after a hash of the whole page, so that files of two versions never meet:
//! a document names the files of its own version or none.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::progress::Steps;
use crate::rust_tools::Compiler;
use crate::stamp::sum;
use crate::{bindings, pack, page, progress, project, site, stamp};

/// What lies in the folder of a version.
const VERSIONED: [&str; 2] = ["www/", "cells/"];

/// Where the data sets lie.
const DATA: &str = "www/data/";

const SERVICE_WORKER: &str = "isolation.js";

/// Builds everything and copies what the page consists of into `dist/`.
///
/// # Errors
/// Something cannot be built, or a file cannot be copied.
pub fn run() -> Result<()> {
    let steps = Steps::new(4);
    steps.run("Engine for the browser", bindings::build_with_relaxed)?;
    steps.run("Packages of the page", || page::build(Compiler::Rustc))?;
    steps.run("Data sets", || pack::data(Compiler::Rustc))?;
    steps.run("Files of the page", || {
        let bytes = publish(&project::root().join("dist"))?;
        progress::say(format!("dist/ is ready, {}: copy it to any static host", progress::size(bytes)));
        Ok(())
    })
}

/// A file of the page.
struct File {
    /// Its path from the root, with slashes.
    path: String,
    content: Vec<u8>,
}

/// Writes what was built into the folder `to`, which is emptied first; returns how many bytes they are.
///
/// # Errors
/// A file cannot be read or written, or the service worker has no place for the names of the files.
pub fn publish(to: &Path) -> Result<u64> {
    if to.is_dir() {
        fs::remove_dir_all(to).context("the old folder of the page cannot be removed")?;
    }
    let mut files = read()?;
    let whole: Vec<u8> =
        files.iter().flat_map(|file| [file.path.as_bytes(), &sum(&file.content).0].concat()).collect();
    let version = format!("v-{}", &sum(&whole).hexadecimal()[..12]);
    for file in &mut files {
        if VERSIONED.iter().any(|folder| file.path.starts_with(folder)) {
            file.path = format!("{version}/{}", file.path);
        } else if file.path.ends_with(".html") {
            file.content = document(&text(file)?, &version).into_bytes();
        }
    }
    let list = |wanted: &dyn Fn(&str) -> Option<String>| -> Vec<(String, String)> {
        let named =
            |file: &File| Some((wanted(&file.path)?, format!("sha256-{}", sum(&file.content).base64())));
        files.iter().filter_map(named).collect()
    };
    let folder = format!("{version}/");
    let sets =
        list(&|path| path.strip_prefix(&folder).filter(|end| end.starts_with(DATA)).map(str::to_owned));
    let kept = list(&|path| is_kept(path, &format!("{folder}{DATA}")).then(|| path.to_owned()));
    let worker = files.iter_mut().find(|file| file.path == SERVICE_WORKER);
    let worker = worker.context("isolation.js is missing; check out the repository again")?;
    worker.content = service_worker(&text(worker)?, &version, &kept, &sets)?.into_bytes();
    for file in &files {
        stamp::write(&to.join(&file.path), &file.content)?;
    }
    Ok(files.iter().map(|file| file.content.len() as u64).sum())
}

fn read() -> Result<Vec<File>> {
    let root = project::root();
    let mut files = Vec::new();
    for part in site::PARTS.iter().map(|part| root.join(part)).filter(|part| part.exists()) {
        for file in stamp::files_in(&part)?.iter().filter(|file| is_published(file)) {
            let path =
                file.strip_prefix(&root).context("a file of the page lies outside of the repository")?;
            let content =
                fs::read(file).with_context(|| format!("{} cannot be read", project::shown(file)))?;
            files.push(File { path: path.to_string_lossy().replace('\\', "/"), content });
        }
    }
    Ok(files)
}

fn text(file: &File) -> Result<String> {
    String::from_utf8(file.content.clone()).with_context(|| format!("{} is not text", file.path))
}

/// Tests, types and hidden files are not published.
fn is_published(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    !name.starts_with('.') && ![".test.js", ".d.ts", "sizes.txt"].iter().any(|end| name.ends_with(end))
}

/// Whether a file is kept for visits without a connection: all but the data sets, of which those that were used are,
/// and the build with relaxed arithmetic, which few choose.
fn is_kept(path: &str, data: &str) -> bool {
    path != SERVICE_WORKER && path != "LICENSE" && !path.starts_with(data) && !path.contains("_relaxed_bg.")
}

/// A document whose files lie in the folder of a version; its policy allows its scripts as they are then.
fn document(html: &str, version: &str) -> String {
    let mut moved = html.to_owned();
    for before in ["\"", "\"./"] {
        moved = moved.replace(&format!("{before}www/"), &format!("{before}{version}/www/"));
    }
    let hash = |script: &str| format!("'sha256-{}'", sum(script.as_bytes()).base64());
    let mut made = moved.clone();
    for (old, new) in scripts(html).into_iter().zip(scripts(&moved)) {
        made = made.replace(&hash(old), &hash(new));
    }
    made
}

/// The scripts that stand in a document.
fn scripts(html: &str) -> Vec<&str> {
    let parts = html.split("<script").skip(1);
    let inner = parts.filter_map(|part| part.split_once('>'));
    inner
        .filter(|(attributes, _)| !attributes.contains("src="))
        .filter_map(|(_, rest)| rest.split("</script>").next())
        .collect()
}

/// The service worker with what it keeps.
fn service_worker(
    text: &str,
    version: &str,
    kept: &[(String, String)],
    sets: &[(String, String)],
) -> Result<String> {
    let mut made = text.to_owned();
    for (name, empty, value) in [
        ("VERSION", "\"\"", serde_json::to_string(version)?),
        ("FILES", "[]", serde_json::to_string(kept)?),
        ("DATA", "[]", serde_json::to_string(sets)?),
    ] {
        let line = format!("const {name} = {empty};");
        ensure!(made.contains(&line), "isolation.js has no line `{line}` for what it keeps");
        made = made.replace(&line, &format!("const {name} = {value};"));
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_types_and_stamps_are_not_published() {
        assert!(is_published(Path::new("www/main.js")));
        for left_out in ["www/state/url.test.js", "www/pkg/.made-from", "www/types/engine.d.ts"] {
            assert!(!is_published(Path::new(left_out)), "{left_out}");
        }
    }

    #[test]
    fn a_document_names_the_files_of_its_version_and_allows_its_scripts() {
        let script = "{ \"lit\": \"./www/lit.js\" }";
        let policy = format!("'sha256-{}'", sum(script.as_bytes()).base64());
        let html = format!(
            "<meta content=\"{policy}\"><link href=\"www/a.css\"><script type=\"importmap\">{script}</script>"
        );
        let made = document(&html, "v-1");
        assert!(made.contains("href=\"v-1/www/a.css\""), "{made}");
        assert!(made.contains("\"./v-1/www/lit.js\""), "{made}");
        let [now] = scripts(&made)[..] else { panic!("{made}") };
        assert!(made.contains(&format!("'sha256-{}'", sum(now.as_bytes()).base64())), "{made}");
        assert!(!made.contains(&policy), "{made}");
    }

    #[test]
    fn the_service_worker_has_a_place_for_what_it_keeps() {
        let text = fs::read_to_string(project::root().join(SERVICE_WORKER)).unwrap();
        let files = [("v-1/www/main.js".to_owned(), "sha256-x".to_owned())];
        let made = service_worker(&text, "v-1", &files, &[]).unwrap();
        assert!(made.contains("const VERSION = \"v-1\";"), "{made}");
        assert!(made.contains("const FILES = [[\"v-1/www/main.js\",\"sha256-x\"]];"), "{made}");
    }
}
