//! Going through the tokens of a line.

use crate::listing::{Diagnostic, Located, LogicalLine, Span, Token};

/// The most operators and brackets of one line.
const MOST_LINKS: usize = 120;

pub(super) type Read<T> = Result<T, Diagnostic>;

/// The tokens of one logical line, and the next of them.
pub(super) struct Cursor<'a> {
    tokens: &'a [Located],
    next: usize,
    /// Behind the last token.
    end: Span,
    /// How deep expressions are nested here.
    pub(super) depth: usize,
    /// How many operators and brackets follow each other.
    links: usize,
    /// The lines of the source, for texts as they were written.
    pub(super) source: &'a [&'a str],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(line: &'a LogicalLine, source: &'a [&'a str]) -> Self {
        let last = line.tokens.last().map(|token| token.span).unwrap_or_default();
        let end = Span { column: last.column + last.length, length: 1, ..last };
        Self { tokens: &line.tokens, next: 0, end, depth: 0, links: 0, source }
    }

    pub(super) fn peek(&self) -> Option<&'a Located> {
        self.tokens.get(self.next)
    }

    pub(super) fn peek_behind(&self, ahead: usize) -> Option<&'a Located> {
        self.tokens.get(self.next + ahead)
    }

    pub(super) fn take(&mut self) -> Option<&'a Located> {
        let token = self.tokens.get(self.next);
        self.next += usize::from(token.is_some());
        token
    }

    /// Where the next token stands.
    pub(super) fn span(&self) -> Span {
        self.peek().map_or(self.end, |token| token.span)
    }

    /// From `start` to the token before the next one.
    pub(super) fn since(&self, start: Span) -> Span {
        self.next.checked_sub(1).and_then(|k| self.tokens.get(k)).map_or(start, |last| start.to(last.span))
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Located { token: Token::Sign(found), .. }) if *found == sign)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Located { token: Token::Name(found), .. }) if found == word)
    }

    pub(super) fn take_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        self.next += usize::from(found);
        found
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.next += usize::from(found);
        found
    }

    pub(super) fn need_sign(&mut self, sign: &str) -> Read<()> {
        if self.take_sign(sign) { Ok(()) } else { Err(self.unexpected(&format!("`{sign}`"))) }
    }

    pub(super) fn need_word(&mut self, word: &str) -> Read<()> {
        if self.take_word(word) { Ok(()) } else { Err(self.unexpected(&format!("`{word}`"))) }
    }

    pub(super) fn need_name(&mut self, what: &str) -> Read<String> {
        match self.peek() {
            Some(Located { token: Token::Name(name), .. }) if !is_keyword(name) => {
                self.next += 1;
                Ok(name.clone())
            }
            _ => Err(self.unexpected(what)),
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.peek().is_none()
    }

    /// A mistake at the next token.
    pub(super) fn unexpected(&self, wanted: &str) -> Diagnostic {
        let found = self.peek().map_or("the end of the line".to_owned(), |at| at.token.shown(&at.text));
        Diagnostic::new(self.span(), format!("expected {wanted}, found {found}"))
    }

    /// One more operator or bracket: a line of hundreds is no line that anybody wrote.
    pub(super) fn link(&mut self) -> Read<()> {
        self.links += 1;
        if self.links <= MOST_LINKS {
            return Ok(());
        }
        let message = "this line has too many operations; give a part of it a name on a line of its own";
        Err(Diagnostic::new(self.span(), message))
    }

    pub(super) fn end(&self) -> Read<()> {
        if self.is_done() { Ok(()) } else { Err(self.unexpected("the end of the line")) }
    }
}

/// Words that are no names in Python.
pub(super) fn is_keyword(word: &str) -> bool {
    const KEYWORDS: [&str; 35] = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
        "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in",
        "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ];
    KEYWORDS.contains(&word)
}

/// What is said of a number such as `1j`.
pub(super) fn of_complex(mistake: Diagnostic) -> Diagnostic {
    let number = mistake.message.split('`').nth(1).unwrap_or_default();
    let is_complex =
        number.ends_with(['j', 'J']) && number.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    match is_complex {
        true => Diagnostic {
            message: format!(
                "`{number}` is a complex number, which arrays here do not hold; keep the real and the imaginary part \
                 in two arrays: h_re, h_im = l_re * h_re - l_im * h_im, l_re * h_im + l_im * h_re"
            ),
            ..mistake
        },
        false => mistake,
    }
}
