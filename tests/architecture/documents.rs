//! The documents for contributors name files; each of them is there.

use std::path::Path;

use crate::none;
use crate::source::{Source, sources};

/// Folders whose names start the paths that are looked at.
const FOLDERS: [&str; 10] =
    ["src/", "cli/", "www/", "xtask/", "tests/", "cells/", "experiments/", "docs/", "data/", "benches/"];

/// Ends of names of files in the root.
const ENDS: [&str; 4] = [".md", ".html", ".toml", ".json"];

/// What stands between backticks or as the target of a link, with its place.
fn named(document: &Source) -> Vec<(usize, &str)> {
    let text = &document.text;
    let code = text.split('`').skip(1).step_by(2);
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let place = |name: &str| name.as_ptr() as usize - text.as_ptr() as usize;
    code.chain(links).map(|name| (place(name), name)).collect()
}

/// Whether this is a path from the root that can be looked up: no placeholder, no pattern, nothing that is built.
fn is_path(name: &str) -> bool {
    let starts = FOLDERS.iter().any(|folder| name.starts_with(folder))
        || (ENDS.iter().any(|end| name.ends_with(end)) && !name.contains('/'));
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    let has_placeholder = name.split(['/', '.']).any(|part| part == "NAME" || part == "FOLDER");
    let is_built = ["www/pkg", "www/data", "www/types", "www/generated", "www/vendor"];
    starts
        && name.chars().all(is_plain)
        && !has_placeholder
        && !is_built.iter().any(|folder| name.starts_with(folder))
}

#[test]
fn every_file_that_a_document_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let documents =
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs", "data/PROVENANCE.md"];
    let mut complaints = Vec::new();
    let mut found = 0;
    for document in sources(&documents, &[".md"]) {
        for (at, name) in named(&document).into_iter().filter(|(_, name)| is_path(name)) {
            found += 1;
            let beside = root.join(&document.path).with_file_name(name);
            if !root.join(name).exists() && !beside.exists() {
                complaints.push(document.complaint(at, &format!("`{name}` is not there")));
            }
        }
    }
    assert!(found > 100, "only {found} paths were found in {documents:?}");
    none(complaints);
}
