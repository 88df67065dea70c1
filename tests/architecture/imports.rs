//! Which file of the engine names which other: `crate::…`, `super::…` and `self::…`, wherever they stand.

use std::collections::{BTreeMap, HashMap};

use crate::source::{Source, words};

/// The engine's files by the path of their module.
pub struct Modules {
    files: BTreeMap<Vec<String>, File>,
}

struct File {
    source: Source,
    code: String,
    /// The names that a `use` brings here, for others or for the modules below, with the path behind each.
    passed_on: HashMap<String, Vec<String>>,
}

/// One file names something in another.
pub struct Import<'a> {
    pub from: &'a Source,
    pub at: usize,
    /// The module in which that is defined, behind all `use`.
    pub to: &'a [String],
}

/// The path of the module that a file is: `src/a/mod.rs` and `src/a.rs` are both `a`.
pub fn module_of(path: &str) -> Vec<String> {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').filter(|part| *part != "lib").map(str::to_owned).collect()
}

impl Modules {
    pub fn read(sources: Vec<Source>) -> Self {
        let is_test = |source: &Source| source.path.ends_with("/tests.rs");
        let mut files: BTreeMap<_, _> = sources
            .into_iter()
            .filter(|source| !is_test(source))
            .map(|source| {
                // The packages over `src` pass their parts on under the same paths; as long as before, for the columns.
                let code = source.code().replace("unrolled_core::", "crate        ::");
                let code = code.replace("unrolled_base::", "crate        ::");
                (module_of(&source.path), File { source, code, passed_on: HashMap::new() })
            })
            .collect();
        let passed_on: Vec<_> =
            files.iter().map(|(module, file)| (module.clone(), passed_on(module, &file.code))).collect();
        for (module, found) in passed_on {
            if let Some(file) = files.get_mut(&module) {
                file.passed_on = found;
            }
        }
        Self { files }
    }

    /// Every import of every file, in the order of the files.
    pub fn imports(&self) -> Vec<Import<'_>> {
        let mut all = Vec::new();
        for (module, file) in &self.files {
            let is_child =
                |other: &&Vec<String>| other.len() == module.len() + 1 && other.starts_with(module);
            let children = self.files.keys().filter(is_child).map(|child| child[module.len()].as_str());
            let starts = ["crate", "super", "self"].into_iter().chain(children);
            for (at, path) in starts.flat_map(|start| paths(module, &file.code, start)) {
                if let Some(to) = self.home(&path).filter(|to| to != module) {
                    all.push(Import { from: &file.source, at, to });
                }
            }
        }
        all
    }

    pub fn source(&self, module: &[String]) -> &Source {
        &self.files[module].source
    }

    /// The module that defines what stands at `path`.
    fn home(&self, path: &[String]) -> Option<&[String]> {
        let mut path = path.to_vec();
        // A chain of `use` ends; the bound is for one that does not.
        for _ in 0..16 {
            let depth = (0..=path.len()).rev().find(|depth| self.files.contains_key(&path[..*depth]))?;
            let (module, file) = self.files.get_key_value(&path[..depth])?;
            let behind = path.get(depth).and_then(|name| file.passed_on.get(name));
            match behind {
                Some(behind) if *behind != path[..=depth] => {
                    path = behind.iter().chain(&path[depth + 1..]).cloned().collect();
                }
                _ => return Some(module),
            }
        }
        None
    }
}

/// All paths that start at a module of ours, written out from the root, and where they stand. `pub use` is left out:
/// it passes on and needs nothing itself.
fn paths(module: &[String], code: &str, start: &str) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    for at in words(code, start) {
        let before = code[..at].trim_end();
        let leads_on = code[at + start.len()..].trim_start().starts_with("::");
        if leads_on && !before.ends_with("::") && !is_public_use(before) {
            found.extend(
                tree(&code[at..]).into_iter().filter_map(|path| Some((at, absolute(module, &path)?))),
            );
        }
    }
    found
}

fn is_public_use(before: &str) -> bool {
    before.ends_with("pub use") || before.ends_with(") use") // `pub(crate) use`
}

/// What every name of a `use` stands for.
fn passed_on(module: &[String], code: &str) -> HashMap<String, Vec<String>> {
    let mut found = HashMap::new();
    for at in words(code, "use") {
        for path in tree(&code[at + 3..]) {
            // `use child::Name` starts in this module too, and the name of a foreign crate leads nowhere.
            if let (Some(full), Some(name)) = (absolute(module, &path), path.last()) {
                found.insert(name.clone(), full);
            }
        }
    }
    found
}

/// The paths of a tree as `use` has it: `a::{b, c::{d, e}}`, also `a::b as c`, which counts as `b`.
fn tree(code: &str) -> Vec<Vec<String>> {
    let mut at = 0;
    parse(code.as_bytes(), &mut at, &[])
}

fn parse(code: &[u8], at: &mut usize, before: &[String]) -> Vec<Vec<String>> {
    let skip = |at: &mut usize| {
        while code.get(*at).is_some_and(u8::is_ascii_whitespace) {
            *at += 1;
        }
    };
    let mut path = before.to_vec();
    loop {
        skip(at);
        if code.get(*at) == Some(&b'{') {
            *at += 1;
            return group(code, at, &path);
        }
        let start = *at;
        while code.get(*at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
            *at += 1;
        }
        let name = String::from_utf8_lossy(&code[start..*at]).into_owned();
        if !name.is_empty() && (before.is_empty() || name != "self") {
            path.push(name);
        }
        skip(at);
        if !code[*at..].starts_with(b"::") {
            return if path.is_empty() { Vec::new() } else { vec![path] };
        }
        *at += 2;
    }
}

fn group(code: &[u8], at: &mut usize, path: &[String]) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    loop {
        all.extend(parse(code, at, path));
        while code.get(*at).is_some_and(|byte| *byte != b',' && *byte != b'}') {
            *at += 1; // `as name`, or a star
        }
        let end = code.get(*at).copied();
        *at += 1;
        if end != Some(b',') {
            return all;
        }
    }
}

/// A path from the root; nothing if there is no such place.
fn absolute(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let mut base = module.to_vec();
    let mut rest = path;
    while let Some((first, behind)) = rest.split_first() {
        match first.as_str() {
            "crate" => base.clear(),
            "self" => {}
            "super" => drop(base.pop()?),
            _ => break,
        }
        rest = behind;
    }
    Some(base.into_iter().chain(rest.iter().cloned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(path: &str) -> Vec<String> {
        path.split("::").map(str::to_owned).collect()
    }

    #[test]
    fn a_tree_of_uses_is_every_path_in_it() {
        let found = tree("crate::{Error, layers::{Signal as S, self, dense::*}, rng};");
        assert_eq!(
            found,
            ["crate::Error", "crate::layers::Signal", "crate::layers", "crate::layers::dense", "crate::rng"]
                .map(split)
        );
    }

    #[test]
    fn what_is_passed_on_is_found_where_it_is_defined() {
        let file = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
        let modules = Modules::read(vec![
            file("src/lib.rs", "pub mod layers; pub mod train;"),
            file("src/layers/mod.rs", "mod signal; pub use signal::Signal;"),
            file("src/layers/signal.rs", "pub struct Signal;"),
            file("src/train/mod.rs", "fn f(x: &crate::layers::Signal) {}"),
        ]);
        let imports = modules.imports();
        assert_eq!(imports.len(), 1);
        assert_eq!(
            (imports[0].from.path.as_str(), imports[0].to),
            ("src/train/mod.rs", &split("layers::signal")[..])
        );
    }
}
