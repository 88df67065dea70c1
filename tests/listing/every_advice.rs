//! Every message of the reader that gives advice is followed somewhere in `advice.rs`.

use crate::advice::refused;
use std::path::Path;

/// Words with which a message says what to do.
const ADVISES: [&str; 16] = [
    "write ",
    "choose ",
    "use ",
    "give ",
    "add ",
    "remove",
    "close",
    "call it",
    "put ",
    "move ",
    "take ",
    "did you mean",
    "name the",
    "indent",
    "return h",
    "as in",
];

/// Messages that other tests follow, and those that only differentiation or no listing can cause.
const ELSEWHERE: [&str; 9] = [
    "give its two lengths other names",
    "reshape cannot give {} the shape {}; both need as many numbers",
    "this expression is nested more than {DEEPEST_NESTING} deep; give a part of it a name on a line of its own",
    "a listing may have {MOST_HELPERS} functions beside its step; remove some",
    "helpers are called more than {} times; write a shorter listing",
    "this value would have the shape {}; choose fewer units or features",
    "`{name}` is a word of Python that a listing cannot use here",
    "give each value of this list a name: i, f = …",
    "+= cannot add {} to a part of shape {}",
];

/// The texts in quotes of a file, without its comments.
fn literals(source: &str) -> Vec<String> {
    let characters: Vec<char> = source.chars().collect();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < characters.len() {
        match (characters[at], characters.get(at + 1)) {
            ('/', Some('/')) => at += characters[at..].iter().take_while(|c| **c != '\n').count(),
            ('\'', _) if characters.get(at + 2) == Some(&'\'') => at += 3,
            ('\'', Some('\\')) => at += 4,
            ('"', _) => {
                let mut text = String::new();
                at += 1;
                while characters[at] != '"' {
                    match (characters[at], characters.get(at + 1)) {
                        ('\\', Some('\n')) => {
                            at += characters[at + 1..].iter().take_while(|c| c.is_whitespace()).count()
                        }
                        ('\\', Some(c)) => {
                            text.push(*c);
                            at += 1;
                        }
                        (c, _) => text.push(c),
                    }
                    at += 1;
                }
                found.push(text);
                at += 1;
            }
            _ => at += 1,
        }
    }
    found
}

/// The pieces of a message between what is put into it.
fn pieces(literal: &str) -> Vec<String> {
    let parts = literal.split('{').enumerate();
    let behind = |(k, part): (usize, &str)| {
        if k == 0 { part.to_string() } else { part.split_once('}').map_or("", |p| p.1).into() }
    };
    parts.map(behind).filter(|part| part.len() > 3).collect()
}

fn files(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_message_with_advice_is_followed_by_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/listing");
    let mut sources = vec![std::fs::read_to_string(root.join("parsed.rs")).unwrap()];
    for folder in ["language", "graph", "shapes"] {
        files(&root.join(folder), &mut sources);
    }
    let said = refused();
    let is_said = |literal: &str| {
        let pieces = pieces(literal);
        said.iter().any(|message| {
            let mut rest = message.as_str();
            pieces
                .iter()
                .all(|piece| rest.split_once(piece.as_str()).inspect(|parts| rest = parts.1).is_some())
        })
    };
    let advises = |text: &String| {
        text.contains(' ') && !text.starts_with("to close") && ADVISES.iter().any(|word| text.contains(word))
    };
    let all: Vec<String> = sources.iter().flat_map(|source| literals(source)).filter(advises).collect();
    assert!(all.len() > 50, "only {} messages were found", all.len());
    let missing: Vec<&String> =
        all.iter().filter(|text| !is_said(text) && !ELSEWHERE.contains(&text.as_str())).collect();
    assert!(missing.is_empty(), "{} without a row in advice.rs:\n{missing:#?}", missing.len());
}
