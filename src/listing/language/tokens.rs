//! From text to logical lines of tokens, as Python cuts them: brackets join lines, comments fall away.

use crate::listing::language::diagnostics::{Diagnostic, Span};

/// The smallest piece of a text.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::listing) enum Token {
    Name(String),
    Number(f64),
    Sign(&'static str),
}

impl Token {
    /// The piece as an error message shows it.
    pub(in crate::listing) fn shown(&self, text: &str) -> String {
        match self {
            Self::Name(name) => format!("`{name}`"),
            Self::Number(_) => format!("the number {text}"),
            Self::Sign(sign) => format!("`{sign}`"),
        }
    }
}

/// A token, its text and its place.
#[derive(Debug, Clone)]
pub(in crate::listing) struct Located {
    pub(in crate::listing) token: Token,
    pub(in crate::listing) text: String,
    pub(in crate::listing) span: Span,
}

/// One statement's worth of tokens.
#[derive(Debug, Default)]
pub(in crate::listing) struct LogicalLine {
    /// Characters of white space before the first token.
    pub(in crate::listing) indent: usize,
    pub(in crate::listing) tokens: Vec<Located>,
    /// The comment that ends the line, without `#`.
    pub(in crate::listing) comment: Option<String>,
    /// Comments on lines of their own before this one.
    pub(in crate::listing) above: Vec<String>,
    /// The last line of the text that belongs to it.
    pub(in crate::listing) last_line: usize,
}

/// Signs of two characters come first, so that the longest one is taken.
const SIGNS: [&str; 39] = [
    "**=", "//=", "<<=", ">>=", "...", "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "->", "+=", "-=",
    "*=", "/=", "@=", "%=", ":=", "(", ")", "[", "]", "{", "}", "+", "-", "*", "/", "@", "%", "=", "<", ">",
    ":", ",", ".",
];

/// Cuts `source` into logical lines; several mistakes may be found at once.
pub(in crate::listing) fn tokenize(source: &str) -> (Vec<LogicalLine>, Vec<Diagnostic>) {
    let mut cutter = Cutter::default();
    for (index, line) in source.lines().enumerate() {
        cutter.line(index + 1, line.strip_prefix('\u{feff}').unwrap_or(line));
    }
    cutter.finish()
}

#[derive(Default)]
struct Cutter {
    lines: Vec<LogicalLine>,
    mistakes: Vec<Diagnostic>,
    current: LogicalLine,
    open: Vec<(char, Span)>,
    above: Vec<String>,
}

impl Cutter {
    fn line(&mut self, number: usize, text: &str) {
        let characters: Vec<char> = text.chars().collect();
        let mut at = characters.iter().take_while(|c| is_space(**c)).count();
        if self.open.is_empty() {
            self.current.indent = at;
        }
        if let Some(found) = characters.iter().position(|c| *c == NO_BREAK) {
            self.no_break_space(Span { line: number, column: found + 1, length: 1 });
        }
        let had_tokens = !self.current.tokens.is_empty();
        while let Some(&c) = characters.get(at) {
            at = match c {
                _ if is_space(c) || c == '\r' => at + 1,
                '#' => {
                    let comment: String = characters[at + 1..].iter().collect();
                    self.comment(comment.trim().to_string(), had_tokens);
                    characters.len()
                }
                _ if c.is_ascii_alphabetic() || c == '_' => self.name(number, &characters, at),
                _ if c.is_ascii_digit() || is_fraction(&characters, at) => {
                    self.number(number, &characters, at)
                }
                _ => self.sign(number, &characters, at),
            };
        }
        if self.open.is_empty() && !self.current.tokens.is_empty() {
            self.end_line(number);
        }
    }

    /// Python does not read it; said once, as all of them come from one copy.
    fn no_break_space(&mut self, span: Span) {
        let message =
            "this is a no-break space, as in text copied from a web page; replace each of them by a space";
        if !self.mistakes.iter().any(|known| known.message == message) {
            self.mistakes.push(Diagnostic::new(span, message));
        }
    }

    fn comment(&mut self, comment: String, inside_brackets: bool) {
        if self.current.tokens.is_empty() {
            self.above.push(comment);
        } else if let Some(first) = self.current.comment.as_mut().filter(|_| inside_brackets) {
            first.push_str("; ");
            first.push_str(&comment);
        } else {
            self.current.comment = Some(comment);
        }
    }

    fn end_line(&mut self, number: usize) {
        self.current.last_line = number;
        self.current.above = std::mem::take(&mut self.above);
        self.lines.push(std::mem::take(&mut self.current));
    }

    fn push(&mut self, token: Token, text: &[char], span: Span) {
        self.current.tokens.push(Located { token, text: text.iter().collect(), span });
    }

    fn name(&mut self, line: usize, characters: &[char], start: usize) -> usize {
        let length =
            characters[start..].iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '_').count();
        let text = &characters[start..start + length];
        self.push(Token::Name(text.iter().collect()), text, Span { line, column: start + 1, length });
        start + length
    }

    fn number(&mut self, line: usize, characters: &[char], start: usize) -> usize {
        let mut end = start;
        let digits = |mut at: usize| {
            while characters.get(at).is_some_and(char::is_ascii_digit) {
                at += 1;
            }
            at
        };
        end = digits(end);
        if characters.get(end) == Some(&'.') {
            end = digits(end + 1);
        }
        if matches!(characters.get(end), Some('e' | 'E')) {
            let sign = usize::from(matches!(characters.get(end + 1), Some('+' | '-')));
            if characters.get(end + 1 + sign).is_some_and(char::is_ascii_digit) {
                end = digits(end + 1 + sign);
            }
        }
        let trailing =
            characters[end..].iter().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.')).count();
        let text: String = characters[start..end].iter().collect();
        let span = Span { line, column: start + 1, length: end - start + trailing };
        let leading_zero =
            text.len() > 1 && text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
        let value = text.parse::<f64>().ok().filter(|v| (*v as f32).is_finite());
        match value {
            Some(value) if trailing == 0 && !leading_zero => {
                self.push(Token::Number(value), &characters[start..end], span);
            }
            _ => {
                let found: String = characters[start..end + trailing].iter().take(24).collect();
                let message =
                    format!("`{found}` is not a number that a listing knows; write it like 2, 0.5 or 1e-3");
                self.mistakes.push(Diagnostic::new(span, message));
                self.push(Token::Number(1.0), &['1'], span);
            }
        }
        end + trailing
    }

    fn sign(&mut self, line: usize, characters: &[char], start: usize) -> usize {
        let rest = &characters[start..];
        let span = Span { line, column: start + 1, length: 1 };
        let found = SIGNS.iter().find(|s| rest.len() >= s.len() && s.chars().zip(rest).all(|(a, b)| a == *b));
        let Some(&sign) = found else {
            let message = match rest[0] {
                '"' | '\'' => "a listing has no text values; write a comment with # instead".to_string(),
                '\\' => {
                    "put an expression over several lines in parentheses instead of ending a line with \\"
                        .into()
                }
                ';' => "write one statement on each line, without ;".to_string(),
                '×' | '·' => {
                    "write a product with * (element by element) or @ (matrix product)".to_string()
                }
                '−' | '–' => "write minus as the ASCII character -".to_string(),
                c => format!("`{}` has no meaning in a listing; remove it", c.escape_debug()),
            };
            // More about the same line would only say the same again.
            if !self.mistakes.iter().any(|known| known.line == line) {
                self.mistakes.push(Diagnostic::new(span, message));
            }
            // The brackets behind it are read: they would be missed otherwise.
            let text_end = |quote: char| rest[1..].iter().position(|c| *c == quote).map(|at| start + at + 2);
            return match rest[0] {
                quote @ ('"' | '\'') => text_end(quote).unwrap_or(characters.len()),
                ';' | '\\' => characters.len(),
                _ => start + 1,
            };
        };
        let span = Span { length: sign.len(), ..span };
        match sign {
            "(" | "[" | "{" => self.open.push((rest[0], span)),
            ")" | "]" | "}" => self.close(rest[0], span),
            _ => {}
        }
        self.push(Token::Sign(sign), &rest[..sign.len()], span);
        start + sign.len()
    }

    fn close(&mut self, bracket: char, span: Span) {
        let wanted = |open: char| match open {
            '(' => ')',
            '[' => ']',
            _ => '}',
        };
        match self.open.pop() {
            Some((open, _)) if wanted(open) == bracket => {}
            Some((open, at)) => {
                let message = format!(
                    "`{bracket}` does not close the `{open}` of line {}, column {}; write `{}` here",
                    at.line,
                    at.column,
                    wanted(open)
                );
                self.mistakes.push(Diagnostic::new(span, message));
            }
            None => self.mistakes.push(Diagnostic::new(
                span,
                format!("`{bracket}` closes nothing; remove it or open it before"),
            )),
        }
    }

    fn finish(mut self) -> (Vec<LogicalLine>, Vec<Diagnostic>) {
        if let Some((bracket, span)) = self.open.first().copied() {
            let message = format!("`{bracket}` is never closed; add the closing bracket");
            // What follows an open bracket was swallowed by it, so other complaints about it would mislead.
            self.mistakes.retain(|m| (m.line, m.column) < (span.line, span.column));
            self.mistakes.push(Diagnostic::new(span, message));
            return (self.lines, self.mistakes);
        }
        if !self.current.tokens.is_empty() {
            let last = self.current.tokens.last().map_or(1, |t| t.span.line);
            self.end_line(last);
        }
        (self.lines, self.mistakes)
    }
}

const NO_BREAK: char = '\u{a0}';

/// Spaces, and what is meant as one.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{c}' | NO_BREAK)
}

/// Whether `.5` starts here.
fn is_fraction(characters: &[char], at: usize) -> bool {
    characters[at] == '.'
        && characters.get(at + 1).is_some_and(char::is_ascii_digit)
        && (at == 0
            || !(characters[at - 1].is_alphanumeric() || matches!(characters[at - 1], '_' | ')' | ']')))
}
