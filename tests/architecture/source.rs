//! Source files as the rules read them.

use std::fs;
use std::path::Path;

/// A file of the repository.
pub struct Source {
    /// From the repository's root, with `/` on every system.
    pub path: String,
    pub text: String,
}

impl Source {
    /// The text of a Rust file with spaces in place of comments, texts and what is compiled for tests only.
    pub fn code(&self) -> String {
        without_tests(&without_comments(&self.text))
    }

    /// `path:line: sentence`, for the line that holds this byte.
    pub fn complaint(&self, at: usize, sentence: &str) -> String {
        let line = self.text[..at].bytes().filter(|byte| *byte == b'\n').count() + 1;
        format!("{}:{line}: {sentence}", self.path)
    }
}

/// All files below the folders of the repository whose names end with one of `ends`.
pub fn sources(folders: &[&str], ends: &[&str]) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in folders {
        collect(root, &root.join(folder), ends, &mut found);
    }
    assert!(!found.is_empty(), "there is nothing in {folders:?} that ends with {ends:?}");
    found
}

/// What is generated, fetched or written by others.
const FOREIGN: [&str; 9] = [
    "www/pkg",
    "www/pkg-extra",
    "www/pkg-stepper",
    "www/data",
    "www/vendor",
    "www/types",
    "www/generated",
    "target",
    "node_modules",
];

fn collect(root: &Path, path: &Path, ends: &[&str], found: &mut Vec<Source>) {
    let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
    if FOREIGN.contains(&name.as_str()) {
        return;
    }
    if path.is_dir() {
        let mut entries: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        entries.iter().for_each(|entry| collect(root, entry, ends, found));
    } else if ends.iter().any(|end| name.ends_with(end)) {
        found.push(Source { path: name, text: fs::read_to_string(path).unwrap() });
    }
}

/// Where `word` stands as a whole word.
pub fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word)
        .map(|(at, _)| at)
        .filter(move |&at| !code[..at].ends_with(is_part) && !code[at + word.len()..].starts_with(is_part))
}

/// Every byte of comments and of texts between quotes becomes a space; lines stay where they are.
fn without_comments(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = at + foreign_length(&bytes[at..], at.checked_sub(1).map(|before| bytes[before]));
        for byte in &mut code[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end.max(at + 1);
    }
    String::from_utf8(code).unwrap()
}

/// How many bytes from here on are a comment, a text or a character; 0 where code stands.
fn foreign_length(rest: &[u8], before: Option<u8>) -> usize {
    let until = |start: usize, end: &[u8]| {
        let found = rest[start..].windows(end.len()).position(|window| window == end);
        found.map_or(rest.len(), |found| start + found + end.len())
    };
    let is_word = before.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match rest {
        [b'/', b'/', ..] => until(2, b"\n") - usize::from(rest.contains(&b'\n')),
        [b'/', b'*', ..] => until(2, b"*/"),
        [b'r', b'"' | b'#', ..] if !is_word => {
            let hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
            match rest.get(1 + hashes) {
                Some(b'"') => until(2 + hashes, &[b"\"".as_slice(), &vec![b'#'; hashes]].concat()),
                _ => 0,
            }
        }
        [b'"', ..] => quoted_length(rest),
        [b'\'', b'\\', ..] => until(3, b"'"),
        [b'\'', _, b'\'', ..] => 3,
        _ => 0,
    }
}

fn quoted_length(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != b'"' {
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// Items below `#[cfg(test)]` become spaces.
fn without_tests(code: &str) -> String {
    let mut kept = code.to_owned();
    for (start, _) in code.match_indices("#[cfg(test)]") {
        let (mut depth, mut end) = (0_usize, code.len());
        for (at, byte) in code.bytes().enumerate().skip(start + "#[cfg(test)]".len()) {
            depth = match byte {
                b'{' => depth + 1,
                b'}' => depth - 1,
                _ => depth,
            };
            if depth == 0 && matches!(byte, b'}' | b';') {
                end = at + 1;
                break;
            }
        }
        let blank: String = code[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        kept.replace_range(start..end, &" ".repeat(end - start));
        if blank.len() == end - start {
            kept.replace_range(start..end, &blank);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_texts_and_tests_are_no_code() {
        let text = concat!(
            "a(\"unsafe \\\" x\", '\"', r#\"unsafe\"#); // unsafe\n",
            "/* unsafe */ fn f<'a>() {}\n",
            "#[cfg(test)]\nmod t { unsafe {} }\n",
            "b",
        );
        let code = without_tests(&without_comments(text));
        assert!(!code.contains("unsafe"), "{code}");
        assert!(code.contains("fn f<'a>() {}") && code.ends_with("\nb"), "{code}");
        assert_eq!((code.len(), code.lines().count()), (text.len(), text.lines().count()));
    }
}
