//! What a text from a web page is read as, told to its reader.

use super::tokens::{has_prompts, is_fence, plain};

/// A sentence that says what is read otherwise than it is written; empty if nothing is.
pub(in crate::listing) fn cleaned(source: &str) -> String {
    let mut found = Vec::new();
    if has_prompts(source) {
        found.push("the prompts and what Python printed are left out".to_string());
    }
    match source.lines().filter(|line| is_fence(line)).count() {
        0 => {}
        1 => found.push("the fence around the code is left out".to_string()),
        _ => found.push("only what stands between the fences is read".to_string()),
    }
    let code = source.lines().flat_map(|line| line.split('#').next().unwrap_or_default().chars());
    let mut signs: Vec<(char, char)> = Vec::new();
    let mut spaces = false;
    for c in code.filter(|c| plain(*c) != *c && *c != '\u{feff}') {
        if plain(c) == ' ' {
            spaces = true;
        } else if !signs.contains(&(c, plain(c))) {
            signs.push((c, plain(c)));
        }
    }
    if spaces {
        found.push("spaces of other widths are read as spaces".to_string());
    }
    if !signs.is_empty() {
        let read: Vec<String> = signs.iter().map(|(c, meant)| format!("{c} as {meant}")).collect();
        found.push(read.join(", ").replacen(" as ", " is read as ", 1));
    }
    match found.join("; ") {
        text if text.is_empty() => text,
        text => format!("From the text as it was pasted: {text}."),
    }
}
