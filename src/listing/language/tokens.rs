//! From text to logical lines of tokens, as Python cuts them: brackets and `\` join lines, `;` parts them, comments
//! fall away. Characters of web pages are read as the ones that they stand for, and prompts and code fences are passed
//! over.

use crate::decimal;
use crate::listing::language::brackets::Brackets;
use crate::listing::language::diagnostics::{Diagnostic, Span};

/// The smallest piece of a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    Name(String),
    Number(f64),
    Sign(&'static str),
    /// What stands between quotes.
    Text(String),
}

impl Token {
    /// The piece as an error message shows it.
    pub(crate) fn shown(&self, text: &str) -> String {
        match self {
            Self::Name(name) => format!("`{name}`"),
            Self::Number(_) => format!("the number {text}"),
            Self::Sign(sign) => format!("`{sign}`"),
            Self::Text(_) => format!("the text {text}"),
        }
    }
}

/// A token, its text and its place.
#[derive(Debug, Clone)]
pub(crate) struct Located {
    pub(crate) token: Token,
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// One statement's worth of tokens.
#[derive(Debug, Clone, Default)]
pub(crate) struct LogicalLine {
    /// Characters of white space before the first token.
    pub(crate) indent: usize,
    pub(crate) tokens: Vec<Located>,
    /// The comment that ends the line, without `#`.
    pub(crate) comment: Option<String>,
    /// Comments on lines of their own before this one.
    pub(crate) above: Vec<String>,
    /// The last line of the text that belongs to it.
    pub(crate) last_line: usize,
    /// Whether it stands behind another one on the same line of the text.
    pub(crate) joined: bool,
}

impl LogicalLine {
    /// A line of these tokens and nothing else.
    #[inline(never)]
    pub(crate) fn of(tokens: Vec<Located>) -> Self {
        Self { tokens, ..Self::default() }
    }

    /// The same line with other tokens.
    #[inline(never)]
    pub(crate) fn with(&self, tokens: Vec<Located>) -> Self {
        let Self { indent, last_line, joined, .. } = *self;
        Self { indent, tokens, comment: self.comment.clone(), above: self.above.clone(), last_line, joined }
    }
}

/// Signs of two characters come first, so that the longest one is taken.
const SIGNS: [&str; 43] = [
    "**=", "//=", "<<=", ">>=", "...", "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "->", "+=", "-=",
    "*=", "/=", "@=", "%=", ":=", "(", ")", "[", "]", "{", "}", "+", "-", "*", "/", "@", "%", "=", "<", ">",
    ":", ",", ".", ";", "&", "|", "~",
];

/// What opens and closes code in a text.
pub(super) fn is_fence(line: &str) -> bool {
    matches!(line.trim_start().get(..3), Some("```" | "~~~"))
}

/// Whether a text was copied from a session of Python or of a notebook: code behind prompts, and what it printed.
pub(super) fn has_prompts(source: &str) -> bool {
    let of_a_session = |line: &str| prompt(line).is_some() && !line.trim_start().starts_with('.');
    // In the text at the head of a function stand prompts too.
    let defines = |line: &str| prompt(line).is_none() && line.trim_start().starts_with("def ");
    source.lines().any(of_a_session) && !source.lines().any(defines)
}

/// Where the code begins behind `>>>`, `...`, `In [1]:` or `...:`.
fn prompt(line: &str) -> Option<usize> {
    let rest = line.trim_start();
    let behind = match rest.strip_prefix("In [") {
        Some(number) => number.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("]:"),
        None => ["...:", ">>>", "..."].iter().find_map(|prompt| rest.strip_prefix(prompt)),
    }?;
    // A prompt ends with one space.
    Some(line.len() - behind.strip_prefix(' ').unwrap_or(behind).len())
}

/// Cuts `source` into logical lines; several mistakes may be found at once.
pub(crate) fn tokenize(source: &str) -> (Vec<LogicalLine>, Vec<Diagnostic>) {
    let mut cutter = Cutter::default();
    // Between prompts stands what Python has printed, around fences what a page says.
    let with_prompts = has_prompts(source);
    let fenced = source.lines().filter(|line| is_fence(line)).count() > 1;
    let mut is_code = !fenced;
    for (index, line) in source.lines().enumerate() {
        let line = line.strip_prefix('\u{feff}').unwrap_or(line);
        if is_fence(line) {
            is_code = !(fenced && is_code);
            continue;
        }
        match prompt(line) {
            _ if !is_code => {}
            None if with_prompts => {}
            // A name alone was typed to see its value.
            Some(start) if with_prompts && line[start..].chars().all(in_name) => {}
            Some(start) if with_prompts => cutter.line(index + 1, line, start),
            _ => cutter.line(index + 1, line, 0),
        }
    }
    cutter.finish()
}

/// The character that is meant: web pages and word processors replace some.
pub(super) fn plain(c: char) -> char {
    match c {
        '\u{a0}' | '\u{ad}' | '\u{2000}'..='\u{200b}' | '\u{202f}' | '\u{205f}' | '\u{2060}' | '\u{3000}' => {
            ' '
        }
        // The wide signs of Chinese and Japanese keyboards.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '−' | '–' | '—' | '‐' | '‑' => '-',
        '×' | '·' | '∗' | '⋅' | '⊙' => '*',
        '÷' => '/',
        '“' | '”' | '„' | '″' => '"',
        '‘' | '’' | '‚' | '′' => '\'',
        c => c,
    }
}

/// Whether a character may stand in a name.
fn in_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || ('\u{300}'..='\u{36f}').contains(&c)
}

#[derive(Default)]
struct Cutter {
    lines: Vec<LogicalLine>,
    mistakes: Vec<Diagnostic>,
    current: LogicalLine,
    open: Brackets,
    above: Vec<String>,
    /// Whether the line before ended with `\`.
    goes_on: bool,
    /// The quotes that end a text over several lines, and where it began.
    text: Option<(char, Span)>,
}

impl Cutter {
    /// One line of the text; `start` bytes before it are not part of it.
    fn line(&mut self, number: usize, text: &str, start: usize) {
        let skipped = text[..start].chars().count();
        let characters: Vec<char> = text.chars().map(plain).collect();
        let mut at = skipped;
        if let Some((quote, _)) = self.text {
            let Some(end) = end_of_text(&characters, at, quote) else { return };
            self.text = None;
            at = end;
        }
        at += characters[at..].iter().take_while(|c| matches!(c, ' ' | '\t' | '\u{c}')).count();
        if self.open.is_empty() && !self.goes_on {
            self.current.indent = width(&characters[skipped..at]);
            self.current.joined = false;
        }
        self.goes_on = false;
        let had_tokens = !self.current.tokens.is_empty();
        while let Some(&c) = characters.get(at) {
            at = match c {
                ' ' | '\t' | '\r' | '\u{c}' => at + 1,
                '#' => {
                    let comment: String = text.chars().skip(at + 1).collect();
                    self.comment(comment.trim().to_string(), had_tokens);
                    characters.len()
                }
                '\\' if characters[at + 1..].iter().all(|c| matches!(c, ' ' | '\t' | '\r')) => {
                    self.goes_on = true;
                    characters.len()
                }
                '"' | '\'' => self.quoted(number, &characters, at),
                _ if c.is_alphabetic() || c == '_' => self.name(number, &characters, at),
                _ if c.is_ascii_digit() || is_fraction(&characters, at) => {
                    self.number(number, &characters, at)
                }
                ';' if self.open.is_empty() => {
                    self.part(number);
                    at + 1
                }
                _ => self.sign(number, &characters, at),
            };
        }
        if self.open.is_empty() && !self.goes_on && self.text.is_none() && !self.current.tokens.is_empty() {
            self.end_line(number);
        }
    }

    /// A `;` ends a statement, and the next one stands on the same line.
    fn part(&mut self, number: usize) {
        let indent = self.current.indent;
        if !self.current.tokens.is_empty() {
            self.end_line(number);
        }
        self.current = LogicalLine { indent, joined: true, ..LogicalLine::default() };
    }

    /// A text in quotes; one in three quotes may go on over several lines and says nothing.
    fn quoted(&mut self, line: usize, characters: &[char], start: usize) -> usize {
        let quote = characters[start];
        let span = Span { line, column: start + 1, length: 1 };
        if characters[start..].iter().take_while(|c| **c == quote).count() >= 3 {
            let end = end_of_text(characters, start + 3, quote);
            if end.is_none() {
                self.text = Some((quote, Span { length: 3, ..span }));
            }
            return end.unwrap_or(characters.len());
        }
        let Some(length) = characters[start + 1..].iter().position(|c| *c == quote) else {
            let message = format!("the text that begins here is never closed; close it with {quote}");
            self.mistakes.push(Diagnostic::new(span, message));
            return characters.len();
        };
        let text = &characters[start..start + length + 2];
        let inside: String = text[1..=length].iter().collect();
        self.push(Token::Text(inside), text, Span { length: length + 2, ..span });
        start + length + 2
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

    /// Takes a token; what lies too deep is said once and left out.
    fn push(&mut self, token: Token, text: &[char], span: Span) {
        let (is_too_deep, mistake) = self.open.too_deep(span);
        self.mistakes.extend(mistake);
        if !is_too_deep {
            self.current.tokens.push(Located { token, text: text.iter().collect(), span });
        }
    }

    fn name(&mut self, line: usize, characters: &[char], start: usize) -> usize {
        let length = characters[start..].iter().take_while(|c| in_name(**c)).count();
        let text = &characters[start..start + length];
        // The text at the head of a function may begin with a letter: r"""…""".
        let quotes = characters[start + length..].iter().take_while(|c| **c == '"').count();
        if quotes >= 3 && matches!(text, ['r' | 'R' | 'u' | 'U']) {
            return self.quoted(line, characters, start + length);
        }
        self.push(Token::Name(text.iter().collect()), text, Span { line, column: start + 1, length });
        start + length
    }

    fn number(&mut self, line: usize, characters: &[char], start: usize) -> usize {
        let mut end = start;
        let digits = |mut at: usize| {
            let is_digit = |at: usize| characters.get(at).is_some_and(char::is_ascii_digit);
            // Python lets `_` part digits: 10_000.
            while is_digit(at) || (at > start && characters.get(at) == Some(&'_') && is_digit(at + 1)) {
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
        let text: String = characters[start..end].iter().filter(|c| **c != '_').collect();
        let span = Span { line, column: start + 1, length: end - start + trailing };
        let leading_zero =
            text.len() > 1 && text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
        let value = decimal::parse(&text).filter(|v| (*v as f32).is_finite());
        match value {
            Some(value) if trailing == 0 && !leading_zero => {
                self.push(Token::Number(value), &characters[start..end], span);
            }
            _ => {
                let found: String = characters[start..end + trailing].iter().take(24).collect();
                let message = match value {
                    None if decimal::parse(&text).is_some_and(|value| value > f64::from(f32::MAX)) => {
                        format!("`{found}` is too large; numbers here reach 3.4e38")
                    }
                    _ => format!(
                        "`{found}` is not a number that a listing knows; write it like 2, 0.5 or 1e-3"
                    ),
                };
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
            let message = format!("`{}` has no meaning in a listing; remove it", rest[0].escape_debug());
            // More of the same on a line would say nothing new.
            if self.mistakes.last().is_none_or(|last| last.line != line) {
                self.mistakes.push(Diagnostic::new(span, message));
            }
            return start + 1;
        };
        let span = Span { length: sign.len(), ..span };
        if matches!(sign, "(" | "[" | "{") {
            self.open.open(rest[0], span);
        }
        self.push(Token::Sign(sign), &rest[..sign.len()], span);
        if matches!(sign, ")" | "]" | "}") {
            self.mistakes.extend(self.open.close(rest[0], span));
        }
        start + sign.len()
    }

    fn finish(mut self) -> (Vec<LogicalLine>, Vec<Diagnostic>) {
        if let Some((span, mistake)) = self.open.left_open() {
            // What follows an open bracket was swallowed by it, so other complaints about it would mislead.
            self.mistakes.retain(|m| (m.line, m.column) < (span.line, span.column));
            self.mistakes.push(mistake);
            return (self.lines, self.mistakes);
        }
        if let Some((quote, span)) = self.text {
            let message = format!("the text that begins here is never closed; close it with three {quote}");
            self.mistakes.push(Diagnostic::new(span, message));
        }
        if !self.current.tokens.is_empty() {
            let last = self.current.tokens.last().map_or(1, |t| t.span.line);
            self.end_line(last);
        }
        (self.lines, self.mistakes)
    }
}

/// Columns of white space; a tab goes to the next multiple of eight, as in Python.
fn width(space: &[char]) -> usize {
    space.iter().fold(0, |width, c| if *c == '\t' { (width / 8 + 1) * 8 } else { width + 1 })
}

/// The position behind three quotes.
fn end_of_text(characters: &[char], from: usize, quote: char) -> Option<usize> {
    let rest = characters.get(from..)?;
    rest.windows(3).position(|three| three.iter().all(|c| *c == quote)).map(|at| from + at + 3)
}

/// Whether `.5` starts here.
fn is_fraction(characters: &[char], at: usize) -> bool {
    characters[at] == '.'
        && characters.get(at + 1).is_some_and(char::is_ascii_digit)
        && (at == 0
            || !(characters[at - 1].is_alphanumeric() || matches!(characters[at - 1], '_' | ')' | ']')))
}
