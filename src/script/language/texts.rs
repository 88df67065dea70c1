//! Texts of several lines, with escaped quotes or with plain backslashes, as texts of one line that tokens know.

/// Stand for a quote and a backslash inside of a text.
const DOUBLE: char = '\u{e000}';
const SINGLE: char = '\u{e001}';
const BACKSLASH: char = '\u{e002}';

/// What a character stands for behind a backslash, or by itself.
pub(super) fn meant(c: char) -> Option<char> {
    match c {
        DOUBLE => Some('"'),
        SINGLE => Some('\''),
        BACKSLASH => Some('\\'),
        _ => None,
    }
}

/// The source with those texts in one line each; lines keep their numbers. A text that stands alone is a comment and
/// stays as it is.
pub(in crate::script) fn in_one_line(source: &str) -> String {
    let is_special = ["\"\"\"", "'''", "\\\"", "\\'", "r\"", "r'"].iter().any(|part| source.contains(part));
    if !is_special {
        return source.to_owned();
    }
    let all: Vec<char> = source.chars().collect();
    let (mut made, mut at, mut depth, mut blank, mut begins) = (String::new(), 0, 0usize, 0, true);
    while let Some(&c) = all.get(at) {
        match c {
            '\n' => {
                made.push('\n');
                made.extend(std::iter::repeat_n('\n', std::mem::take(&mut blank)));
                begins = true;
            }
            '#' => {
                let length = all[at..].iter().take_while(|c| **c != '\n').count();
                made.extend(&all[at..at + length]);
                at += length;
                continue;
            }
            '"' | '\'' => {
                let is_comment = begins && depth == 0;
                let is_raw = at > 0 && matches!(all[at - 1], 'r' | 'R');
                let (length, lines) = text(&all[at..], is_raw, is_comment, &mut made);
                at += length;
                blank += lines;
                begins = false;
                continue;
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if c != '\n' {
            // The letter before a text is part of it.
            begins &= c.is_whitespace() || matches!(c, 'r' | 'R' | 'u' | 'U');
            made.push(c);
        }
        at += 1;
    }
    made
}

/// Writes the text that begins here; says how long it is and how many lines it ends.
fn text(all: &[char], is_raw: bool, is_comment: bool, made: &mut String) -> (usize, usize) {
    let quote = all[0];
    let is_long = all.len() > 2 && all[1] == quote && all[2] == quote;
    let width = if is_long { 3 } else { 1 };
    let mut end = width;
    loop {
        match all.get(end) {
            None => break,
            Some('\n') if !is_long => break,
            Some('\\') => end += 1,
            Some(c)
                if *c == quote && all[end..].iter().take(width).filter(|c| **c == quote).count() == width =>
            {
                break;
            }
            _ => {}
        }
        end += 1;
    }
    let is_closed = all.get(end) == Some(&quote);
    if !is_closed || (is_long && is_comment) {
        let length = if is_closed { end + width } else { 1 };
        made.extend(&all[..length]);
        return (length, 0);
    }
    let stand_in = if quote == '"' { DOUBLE } else { SINGLE };
    made.push(quote);
    let mut lines = 0;
    let mut inside = all[width..end].iter();
    while let Some(c) = inside.next() {
        match c {
            '\\' if is_raw => made.push(BACKSLASH),
            '\\' => match inside.next() {
                // A backslash at the end of a line takes it on.
                Some('\n') => lines += 1,
                Some(c) if *c == quote => made.extend(['\\', stand_in]),
                Some(c) => made.extend(['\\', *c]),
                None => made.push('\\'),
            },
            '\n' => {
                made.push_str("\\n");
                lines += 1;
            }
            c if *c == quote => made.extend(['\\', stand_in]),
            c => made.push(*c),
        }
    }
    made.push(quote);
    (end + width, lines)
}
