//! A text with other sizes than it names itself.

use super::hint;

/// `source` with `sizes` in the place of those that its lines `# size: …` name; others are passed over.
pub fn resized(source: &str, sizes: &[(String, usize)]) -> String {
    let line = |(number, line): (usize, &str)| {
        let hint = hint(number + 1, line).filter(|hint| hint.key == "size");
        let chosen = hint.and_then(|hint| sizes.iter().find(|(name, _)| name == hint.name));
        match (chosen, line.split_once('=')) {
            (Some((_, size)), Some((before, _))) => format!("{before}= {size}"),
            _ => line.to_string(),
        }
    };
    if sizes.is_empty() {
        return source.to_string();
    }
    let lines: Vec<String> = source.split('\n').enumerate().map(line).collect();
    lines.join("\n")
}
