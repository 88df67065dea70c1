//! The page's modules: which imports which, and that they ask nobody else.

use std::collections::BTreeSet;

use crate::circles::{self, Graph};
use crate::none;
use crate::source::{Source, sources};

/// A module and where each relative `import … from` or `export … from` stands, with the file it names.
fn imports(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let statements = ["import ", "export "].into_iter().flat_map(|word| source.text.match_indices(word));
    for (at, _) in statements.filter(|(at, _)| *at == 0 || source.text[..*at].ends_with('\n')) {
        let statement = source.text[at..].split(';').next().unwrap_or_default();
        let named =
            statement.rsplit('"').nth(1).filter(|name| name.starts_with('.') && statement.ends_with('"'));
        found.extend(named.map(|name| (at, resolve(&source.path, name))));
    }
    found
}

/// The file that a module calls `name`.
fn resolve(from: &str, name: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in name.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn no_modules_of_the_page_import_each_other_in_a_circle() {
    let mut graph = Graph::new();
    for source in sources(&["www"], &[".js"]) {
        let named: BTreeSet<String> = imports(&source).into_iter().map(|(_, to)| to).collect();
        graph.insert(source.path, named);
    }
    assert!(graph.values().map(BTreeSet::len).sum::<usize>() > 100, "the imports are no longer found");
    none(circles::complaints(&graph));
}

/// Folders of the page, and what a module in them must not import.
const ABOVE: [(&str, &[&str]); 4] = [
    ("www/engine/", &["www/state/", "www/figures/", "www/views/", "www/main.js"]),
    ("www/state/", &["www/views/", "www/main.js"]),
    ("www/bench/", &["www/state/", "www/views/", "www/main.js"]),
    ("www/figures/", &["www/views/step/", "www/views/train/", "www/main.js"]),
];

#[test]
fn engine_and_state_of_the_page_know_no_view() {
    let mut complaints = Vec::new();
    for source in sources(&["www"], &[".js"]) {
        for (at, to) in imports(&source) {
            let is_above = |above: &&&str| to.starts_with(**above);
            for (folder, above) in ABOVE.iter().filter(|(folder, _)| source.path.starts_with(folder)) {
                complaints.extend(
                    above
                        .iter()
                        .find(is_above)
                        .map(|above| source.complaint(at, &format!("{folder} must not import from {above}"))),
                );
            }
        }
    }
    none(complaints);
}

/// Names of languages, not addresses that anybody asks.
const NAMES: [&str; 1] = ["http://www.w3.org/"];

#[test]
fn the_page_holds_no_foreign_address() {
    let mut complaints = Vec::new();
    let folders = ["www", "index.html", "bench.html", "isolation.js"];
    for source in sources(&folders, &[".js", ".css", ".html", ".svg"]) {
        let addresses =
            ["http://", "https://"].into_iter().flat_map(|start| source.text.match_indices(start));
        for (at, _) in addresses {
            if !NAMES.iter().any(|name| source.text[at..].starts_with(name)) {
                complaints
                    .push(source.complaint(at, "a foreign address; nothing leaves the reader's machine"));
            }
        }
    }
    none(complaints);
}
