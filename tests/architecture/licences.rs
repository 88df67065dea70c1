//! What others wrote and is built in: under which licences, and where it comes from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::none;

/// Licences that ask for nothing but their text and the names of authors, by SPDX's names.
const FREE: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Tools that run in tests and are no part of the page, under a licence that asks for more where they are passed on.
const TOOLS: [(&str, &str); 3] =
    [("axe-core", "MPL-2.0"), ("argparse", "Python-2.0"), ("option-ext", "MPL-2.0")];

/// Where packages of Rust and of the page may come from.
const CRATES: &str = "registry+https://github.com/rust-lang/crates.io-index";
const NPM: &str = "https://registry.npmjs.org/";

/// Whether a licence expression can be met by free licences alone: of `A OR B` one, of `A AND B` both.
fn is_free(expression: &str) -> bool {
    let plain = expression.replace(['(', ')'], " ").replace('/', " OR ");
    // `OR` in brackets binds before `AND` around it, which no package here writes: `(A OR B) AND C` is read so.
    if let Some((choice, rest)) = expression.strip_prefix('(').and_then(|inner| inner.split_once(") AND ")) {
        return is_free(choice) && is_free(rest);
    }
    plain.split(" OR ").any(|all| all.split(" AND ").all(|one| FREE.contains(&one.trim())))
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn complaints_of(name: &str, licence: &str, source: Option<&str>, known: &str) -> Vec<String> {
    let is_tool = TOOLS.contains(&(name, licence));
    let mut found = Vec::new();
    if !is_tool && !is_free(licence) {
        found.push(format!(
            "{name}: its licence is `{licence}`; take another package, or name it with a reason"
        ));
    }
    if source.is_some_and(|source| !source.starts_with(known)) {
        found.push(format!("{name}: it comes from {}, not from {known}", source.unwrap_or_default()));
    }
    found
}

/// What cargo knows of all packages that are built here.
fn metadata() -> Value {
    let host = Command::new("rustc").args(["--print", "host-tuple"]).output().unwrap();
    let host = String::from_utf8(host.stdout).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--format-version", "1", "--locked", "--all-features", "--filter-platform"]);
    let output = cargo.arg(host.trim()).current_dir(Path::new(env!("CARGO_MANIFEST_DIR"))).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_package_of_rust_is_free_and_from_the_registry() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100, "only {} packages are known", packages.len());
    none(
        packages
            .iter()
            .flat_map(|package| {
                complaints_of(
                    text(package, "name"),
                    text(package, "license"),
                    package["source"].as_str(),
                    CRATES,
                )
            })
            .collect(),
    );
}

/// In two versions, since what needs them has not agreed: `safetensors` and the maps of `serde_json`.
const TWICE: [&str; 1] = ["hashbrown"];

/// The engine is what every reader loads: it holds nothing twice.
#[test]
fn no_package_is_in_the_engine_in_two_versions() {
    let metadata = metadata();
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let node_of = |id: &str| nodes.iter().find(|node| node["id"] == id);
    let is_normal = |dependency: &&Value| {
        dependency["dep_kinds"]
            .as_array()
            .is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
    };
    let packages = metadata["packages"].as_array().unwrap();
    let names: BTreeMap<&str, &str> =
        packages.iter().map(|package| (text(package, "id"), text(package, "name"))).collect();
    // Macros run in the compiler and are no part of what they expand to.
    let is_macro = |package: &&Value| {
        package["targets"].as_array().into_iter().flatten().any(|target| target["kind"][0] == "proc-macro")
    };
    let macros: BTreeSet<&str> =
        packages.iter().filter(is_macro).map(|package| text(package, "id")).collect();
    let start = names.iter().find(|(_, name)| **name == "unrolled").map(|(id, _)| *id).unwrap();
    let (mut reached, mut next) = (BTreeSet::from([start]), vec![start]);
    while let Some(id) = next.pop() {
        for dependency in
            node_of(id).and_then(|node| node["deps"].as_array()).into_iter().flatten().filter(is_normal)
        {
            let found = text(dependency, "pkg");
            if !macros.contains(found) && reached.insert(found) {
                next.push(found);
            }
        }
    }
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    reached.iter().for_each(|id| versions.entry(names[id]).or_default().push(id));
    versions.retain(|name, _| !TWICE.contains(name));
    none(versions.into_values().filter(|ids| ids.len() > 1).map(|ids| ids.join(" and ")).collect());
}

#[test]
fn every_package_of_the_page_is_free_and_from_the_registry() {
    let lock: Value = serde_json::from_str(
        &std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("package-lock.json")).unwrap(),
    )
    .unwrap();
    let packages = lock["packages"].as_object().unwrap();
    let others = packages.iter().filter(|(path, _)| !path.is_empty());
    none(
        others
            .flat_map(|(path, package)| {
                let name = path.rsplit_once("node_modules/").map_or(path.as_str(), |(_, name)| name);
                let mut found =
                    complaints_of(name, text(package, "license"), package["resolved"].as_str(), NPM);
                if text(package, "integrity").is_empty() {
                    found.push(format!("{name}: package-lock.json has no checksum of it"));
                }
                found
            })
            .collect(),
    );
}
