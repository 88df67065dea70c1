//! From text to logical lines of Python tokens. Whatever is no Python is marked, not refused: people paste notebooks
//! with their prose and printed output.

use serde_json::{Number, Value};

/// The smallest piece of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    /// A number or a text.
    Literal(Value),
    Sign(&'static str),
}

/// One statement's worth of tokens, each with its line, counted from 1.
#[derive(Debug, Clone, Default)]
pub(super) struct Statement {
    pub indent: usize,
    pub line: usize,
    pub tokens: Vec<(Token, usize)>,
    /// What keeps the line from being read, and where that is.
    pub problem: Option<(usize, String)>,
}

/// The longer signs come first.
const SIGNS: [&str; 40] = [
    "**=", "//=", "**", "//", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "->", ":=", "(", ")", "[", "]",
    "{", "}", "+", "-", "*", "/", "%", "=", "<", ">", ":", ",", ".", ";", "@", "!", "&", "|", "^", "~", "?",
    "$",
];

/// A statement of more lines than this lacks a closing bracket.
const LONGEST_STATEMENT: usize = 400;

/// Cuts a text into statements.
pub(super) fn statements(text: &str) -> Vec<Statement> {
    let lines: Vec<&str> = text.lines().collect();
    let (mut all, mut at) = (Vec::new(), 0);
    while at < lines.len() {
        let mut cutter = Cutter { lines: &lines, at, depth: 0, current: Statement::default() };
        let ended = cutter.statement();
        let statement = cutter.current;
        at = match ended {
            // What follows an open bracket or text may be all right by itself.
            Err(_) => at + 1,
            Ok(next) => next,
        };
        if !statement.tokens.is_empty() || statement.problem.is_some() {
            all.push(statement);
        }
    }
    all.into_iter().flat_map(apart).collect()
}

/// The statements of a line with semicolons.
fn apart(statement: Statement) -> Vec<Statement> {
    if statement.problem.is_some() || !statement.tokens.iter().any(|(token, _)| *token == Token::Sign(";")) {
        return vec![statement];
    }
    let parts = statement.tokens.split(|(token, _)| *token == Token::Sign(";"));
    let filled = parts.filter(|part| !part.is_empty());
    filled.map(|part| Statement { tokens: part.to_vec(), line: part[0].1, ..statement.clone() }).collect()
}

const OPEN: &str = "a bracket that opens here is not closed; add the closing bracket";

/// Whether a line begins a statement, so that it cannot stand between brackets: those before it lack one.
fn begins_anew(line: &str) -> bool {
    let line = line.trim_start();
    let rest = line.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
    ["import ", "from ", "def ", "In ["].iter().any(|start| line.starts_with(start))
        || [".add(", ".compile(", ".fit(", " = Sequential("].iter().any(|start| rest.starts_with(start))
}

struct Cutter<'a> {
    lines: &'a [&'a str],
    at: usize,
    depth: usize,
    current: Statement,
}

impl Cutter<'_> {
    /// Reads one statement; returns the index of the line after it. The error says nothing: the statement has its
    /// problem.
    fn statement(&mut self) -> Result<usize, ()> {
        let first = self.at;
        self.current.line = first + 1;
        loop {
            let Some(line) = self.lines.get(self.at).copied() else {
                return self.fail(first, OPEN);
            };
            if self.depth > 0 && begins_anew(line) {
                return self.fail(first, OPEN);
            }
            let text: Vec<char> = line.trim_start_matches('\u{feff}').chars().collect();
            let start = text.iter().take_while(|c| c.is_whitespace()).count();
            if self.at == first {
                self.current.indent = start;
            }
            let goes_on = self.line(text, start)?;
            self.at += 1;
            if self.depth == 0 && !goes_on {
                return Ok(self.at);
            }
            if self.at - first > LONGEST_STATEMENT {
                return self.fail(first, OPEN);
            }
        }
    }

    fn fail<T>(&mut self, line: usize, problem: &str) -> Result<T, ()> {
        self.current.problem = Some((line + 1, problem.to_owned()));
        Err(())
    }

    fn push(&mut self, token: Token) {
        self.current.tokens.push((token, self.at + 1));
    }

    /// Reads one line from column `at` on; returns whether a backslash joins the next one to it.
    fn line(&mut self, mut text: Vec<char>, mut at: usize) -> Result<bool, ()> {
        while let Some(&c) = text.get(at) {
            at = match c {
                _ if c.is_whitespace() => at + 1,
                '#' => return Ok(false),
                '\\' if text[at + 1..].iter().all(|c| c.is_whitespace()) => {
                    return Ok(self.at + 1 < self.lines.len());
                }
                '"' | '\'' => {
                    let (end, rest) = self.text(text, at)?;
                    text = rest;
                    end
                }
                _ if c.is_alphabetic() || c == '_' => self.name(&text, at),
                _ if c.is_ascii_digit() || starts_fraction(&text, at) => self.number(&text, at),
                _ => self.sign(&text, at)?,
            };
        }
        Ok(false)
    }

    fn name(&mut self, text: &[char], start: usize) -> usize {
        let end = start + text[start..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').count();
        let name: String = text[start..end].iter().collect();
        let is_prefix = name.len() <= 2 && name.to_lowercase().chars().all(|c| "rbfu".contains(c));
        if !(is_prefix && matches!(text.get(end), Some('"' | '\''))) {
            self.push(Token::Name(name));
        }
        end
    }

    fn number(&mut self, text: &[char], start: usize) -> usize {
        let mut end = start;
        while let Some(&c) = text.get(end) {
            let is_exponent_sign = matches!(c, '+' | '-')
                && matches!(text[end - usize::from(end > start)], 'e' | 'E')
                && text.get(end + 1).is_some_and(char::is_ascii_digit);
            if !(c.is_alphanumeric() || matches!(c, '.' | '_') || is_exponent_sign) {
                break;
            }
            end += 1;
        }
        let written: String = text[start..end].iter().filter(|c| **c != '_').collect();
        let whole = written.parse::<u64>().ok().map(Value::from);
        let number = || written.parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number);
        match whole.or_else(number) {
            Some(value) => self.push(Token::Literal(value)),
            None => self.push(Token::Name(written)),
        }
        end
    }

    /// Reads a text that begins at `start`, over several lines if it has three quotes; returns the line that it ends in
    /// and the column behind it.
    fn text(&mut self, mut text: Vec<char>, start: usize) -> Result<(usize, Vec<char>), ()> {
        let (first, quote) = (self.at, text[start]);
        let width = if text[start..].starts_with(&[quote; 3]) { 3 } else { 1 };
        let (mut at, mut content) = (start + width, String::new());
        loop {
            match text.get(at) {
                Some('\\') if at + 1 < text.len() => {
                    content.push(match text[at + 1] {
                        'n' => '\n',
                        't' => '\t',
                        other => other,
                    });
                    at += 2;
                }
                Some(c) if *c == quote && text[at..].iter().take_while(|c| **c == quote).count() >= width => {
                    self.push(Token::Literal(content.into()));
                    return Ok((at + width, text));
                }
                Some(c) => {
                    content.push(*c);
                    at += 1;
                }
                None if width == 3 && self.at + 1 < self.lines.len() => {
                    content.push('\n');
                    self.at += 1;
                    text = self.lines[self.at].chars().collect();
                    at = 0;
                }
                None => {
                    return self.fail(first, "a text that begins here is not closed; add the closing quote");
                }
            }
        }
    }

    fn sign(&mut self, text: &[char], start: usize) -> Result<usize, ()> {
        let rest = &text[start..];
        let found = SIGNS.iter().find(|s| rest.len() >= s.len() && s.chars().zip(rest).all(|(a, b)| a == *b));
        let Some(&sign) = found else {
            let problem = format!("`{}` has no meaning in Python; remove it", text[start].escape_debug());
            return self.fail(self.at, &problem);
        };
        match sign {
            "(" | "[" | "{" => self.depth += 1,
            ")" | "]" | "}" if self.depth == 0 => {
                return self.fail(self.at, &format!("`{sign}` closes nothing; remove it"));
            }
            ")" | "]" | "}" => self.depth -= 1,
            _ => {}
        }
        self.push(Token::Sign(sign));
        Ok(start + sign.len())
    }
}

/// Whether `.5` starts here.
fn starts_fraction(text: &[char], at: usize) -> bool {
    text[at] == '.'
        && text.get(at + 1).is_some_and(char::is_ascii_digit)
        && (at == 0 || !(text[at - 1].is_alphanumeric() || matches!(text[at - 1], '_' | ')' | ']')))
}
