//! The invariants of ARCHITECTURE.md that can be read from the sources. Each complaint names file, line and what to do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop with what it found
#![cfg(not(target_arch = "wasm32"))]

mod circles;
mod documents;
mod imports;
mod layers;
mod licences;
mod page;
mod source;

use imports::{Modules, module_of};
use source::{Source, sources, words};

/// Ends the test with every complaint, one a line.
fn none(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// All Rust and JavaScript that is written by hand.
fn written() -> Vec<Source> {
    sources(&["src", "cli", "xtask", "tests", "benches", "www", "isolation.js"], &[".rs", ".js"])
}

/// The longest file, in lines: one concept, one file.
const MOST_LINES: usize = 400;

/// The longest line, in characters.
const MOST_COLUMNS: usize = 120;

#[test]
fn files_and_lines_are_short_enough_to_read() {
    let mut complaints = Vec::new();
    for source in written() {
        let lines = source.text.lines().count();
        if lines > MOST_LINES {
            complaints
                .push(format!("{}: {lines} lines; more than {MOST_LINES} hold two concepts", source.path));
        }
        let is_wide = |line: &&str| line.chars().count() > MOST_COLUMNS;
        for line in source.text.lines().filter(is_wide) {
            let at = line.as_ptr() as usize - source.text.as_ptr() as usize;
            complaints
                .push(source.complaint(at, &format!("more than {MOST_COLUMNS} columns; break the line")));
        }
    }
    none(complaints);
}

#[test]
fn unsafe_stands_in_the_simd128_files_only() {
    let mut complaints = Vec::new();
    for source in sources(&["src", "cli/src", "xtask"], &[".rs"]) {
        if !(source.path.starts_with("src/math/") && source.path.ends_with("simd128.rs")) {
            let found = source.code();
            complaints.extend(words(&found, "unsafe").map(|at| {
                source.complaint(at, "`unsafe`; only src/math/**/simd128.rs may, and says why it is sound")
            }));
        }
    }
    none(complaints);
}

/// Methods of floats whose last bit, or whose order of additions, depends on the platform.
const NOT_REPRODUCIBLE: [&str; 16] = [
    "mul_add", "exp", "exp2", "exp_m1", "ln", "ln_1p", "log2", "log10", "powf", "tanh", "sinh", "cosh",
    "sin", "cos", "tan", "cbrt",
];

#[test]
fn kernels_call_no_libm_and_no_fused_product() {
    let mut complaints = Vec::new();
    for source in sources(&["src/math"], &[".rs"]) {
        let code = source.code();
        for name in NOT_REPRODUCIBLE {
            let is_method = |at: &usize| code[..*at].ends_with('.') || code[..*at].ends_with("f32::");
            let sentence =
                format!("`{name}` differs between platforms; write it with + - * / as elementary.rs does");
            complaints.extend(words(&code, name).filter(is_method).map(|at| source.complaint(at, &sentence)));
        }
        complaints
            .extend(words(&code, "libm").map(|at| source.complaint(at, "libm differs between platforms")));
    }
    none(complaints);
}

/// Names that only mean something where JavaScript is.
const JAVASCRIPT: [&str; 6] = ["js_sys", "web_sys", "wasm_bindgen", "serde_wasm_bindgen", "tsify", "JsValue"];

/// What may stand before a type that crosses to the page: it declares the type in TypeScript and changes nothing of it.
const DECLARED: &str = "#[cfg_attr(target_arch =";

#[test]
fn only_the_boundary_knows_javascript() {
    let mut complaints = Vec::new();
    for source in sources(&["src"], &[".rs"]).iter().filter(|source| !source.path.starts_with("src/wasm/")) {
        let code = source.code();
        let is_declaration = |at: usize| {
            let line = code[..at].rsplit('\n').next().unwrap_or_default();
            line.trim_start().starts_with(DECLARED)
        };
        for name in JAVASCRIPT {
            let sentence =
                format!("`{name}` outside of src/wasm/; the engine does not know that JavaScript exists");
            let found = words(&code, name).filter(|at| name != "tsify" || !is_declaration(*at));
            complaints.extend(found.map(|at| source.complaint(at, &sentence)));
        }
    }
    none(complaints);
}

#[test]
fn imports_only_go_down_the_layers() {
    let modules = Modules::read(sources(&["src"], &[".rs"]));
    let mut complaints = Vec::new();
    for import in modules.imports() {
        let (from, to) = (module_of(&import.from.path), import.to);
        if let (Some(from), Some(to)) = (from.first(), to.first()) {
            complaints.extend(layers::refusal(from, to).map(|why| import.from.complaint(import.at, &why)));
        }
    }
    complaints.sort();
    complaints.dedup();
    none(complaints);
}

#[test]
fn no_files_of_the_engine_import_each_other_in_a_circle() {
    let modules = Modules::read(sources(&["src"], &[".rs"]));
    let mut graph = circles::Graph::new();
    for import in modules.imports() {
        // A module is the face of what lies below it and may gather it; what lies below stands on its types.
        let is_below = import.to.starts_with(&module_of(&import.from.path));
        let (from, to) = (&import.from.path, &modules.source(import.to).path);
        if !is_below {
            graph.entry(from.clone()).or_default().insert(to.clone());
        }
    }
    none(circles::complaints(&graph));
}
