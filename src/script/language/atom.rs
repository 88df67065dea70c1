//! Values that stand alone: numbers, texts, names, and what stands in brackets.

use crate::listing::{Diagnostic, Located, Span, Token, tokenize};

use super::cursor::{Cursor, Read, is_keyword};
use super::texts::meant;
use super::tree::*;

impl Cursor<'_> {
    /// A value without what may stand behind it.
    pub(super) fn atom(&mut self) -> Read<Expression> {
        let start = self.span();
        let Some(token) = self.peek() else { return Err(self.unexpected("a value")) };
        let kind = match &token.token {
            Token::Number(value) => {
                self.take();
                number(*value, &token.text)
            }
            Token::Text(_) => self.text(false)?,
            Token::Name(name) if self.is_prefixed_text() => {
                let is_format = name.contains(['f', 'F']);
                self.take();
                self.text(is_format)?
            }
            Token::Name(name) => {
                let kind = match name.as_str() {
                    "None" => ExpressionKind::None,
                    "True" => ExpressionKind::Bool(true),
                    "False" => ExpressionKind::Bool(false),
                    word if is_keyword(word) => return Err(self.unexpected("a value")),
                    _ => ExpressionKind::Name(name.clone()),
                };
                self.take();
                kind
            }
            Token::Sign("(") => return self.parenthesised(),
            Token::Sign("[") => return self.list(),
            Token::Sign("{") => return self.dictionary(),
            Token::Sign("...") => {
                self.take();
                ExpressionKind::Ellipsis
            }
            Token::Sign(_) => return Err(self.unexpected("a value")),
        };
        Ok(Expression { kind, span: self.since(start) })
    }

    fn parenthesised(&mut self) -> Read<Expression> {
        let start = self.span();
        self.need_sign("(")?;
        if self.take_sign(")") {
            return Ok(Expression { kind: ExpressionKind::Tuple(vec![]), span: self.since(start) });
        }
        let inner = self.expressions()?;
        let inner = if self.is_word("for") { self.comprehension(start, None, inner)? } else { inner };
        self.need_sign(")")?;
        Ok(Expression { span: self.since(start), ..inner })
    }

    fn list(&mut self) -> Read<Expression> {
        let start = self.span();
        self.need_sign("[")?;
        let mut all = Vec::new();
        while !self.take_sign("]") {
            let value = self.starred()?;
            if all.is_empty() && self.is_word("for") {
                let list = self.comprehension(start, None, value)?;
                self.need_sign("]")?;
                return Ok(list);
            }
            all.push(value);
            if !self.take_sign(",") && !self.is_sign("]") {
                return Err(self.unexpected("`,` or `]`"));
            }
        }
        Ok(Expression { kind: ExpressionKind::List(all), span: self.since(start) })
    }

    fn dictionary(&mut self) -> Read<Expression> {
        let start = self.span();
        self.need_sign("{")?;
        let mut all = Vec::new();
        while !self.take_sign("}") {
            let start_of_key = self.span();
            if self.take_sign("**") {
                let kind = ExpressionKind::Spread(Box::new(self.expression()?));
                let span = self.since(start_of_key);
                all.push((Expression { kind, span }, Expression { kind: ExpressionKind::None, span }));
                if !self.take_sign(",") && !self.is_sign("}") {
                    return Err(self.unexpected("`,` or `}`"));
                }
                continue;
            }
            let key = self.expression()?;
            if all.is_empty() && !self.is_sign(":") {
                return self.set(start, key);
            }
            self.need_sign(":")?;
            let value = self.expression()?;
            if all.is_empty() && self.is_word("for") {
                let dictionary = self.comprehension(start, Some(key), value)?;
                self.need_sign("}")?;
                return Ok(dictionary);
            }
            all.push((key, value));
            if !self.take_sign(",") && !self.is_sign("}") {
                return Err(self.unexpected("`,` or `}`"));
            }
        }
        Ok(Expression { kind: ExpressionKind::Dict(all), span: self.since(start) })
    }

    /// `{a, b}`: what `set([a, b])` is.
    fn set(&mut self, start: Span, first: Expression) -> Read<Expression> {
        let list = if self.is_word("for") {
            self.comprehension(start, None, first)?
        } else {
            let mut all = vec![first];
            while self.take_sign(",") && !self.is_sign("}") {
                all.push(self.expression()?);
            }
            Expression { kind: ExpressionKind::List(all), span: self.since(start) }
        };
        self.need_sign("}")?;
        let span = self.since(start);
        let function = Expression { kind: ExpressionKind::Name("set".to_owned()), span };
        let argument = Argument { name: None, value: list };
        Ok(Expression { kind: ExpressionKind::Call(Box::new(function), vec![argument]), span })
    }

    pub(super) fn comprehension(
        &mut self,
        start: Span,
        key: Option<Expression>,
        element: Expression,
    ) -> Read<Expression> {
        self.need_word("for")?;
        let target = self.targets()?;
        self.need_word("in")?;
        let over = self.either()?;
        let condition = if self.take_word("if") { Some(self.either()?) } else { None };
        let is_nested = self.is_word("for");
        if is_nested && key.is_some() {
            let message = "one `for` in a dictionary is read; write the second one as a loop";
            return Err(Diagnostic::new(self.span(), message));
        }
        let element = if is_nested { self.comprehension(start, None, element)? } else { element };
        let all = Comprehension { key, element, target, over, condition, is_nested };
        let span = self.since(start);
        Ok(Expression { kind: ExpressionKind::Comprehension(Box::new(all)), span })
    }

    /// Whether a name with a text right behind it begins here, as in `f"…"`.
    fn is_prefixed_text(&self) -> bool {
        let (Some(name), Some(text)) = (self.peek(), self.peek_behind(1)) else { return false };
        matches!(text.token, Token::Text(_))
            && name.text.chars().count() <= 2
            // Inside of a text all tokens stand at its place.
            && (self.source.is_empty()
                || (name.span.line == text.span.line
                    && name.span.column + name.span.length == text.span.column))
    }

    /// Texts that follow each other are one.
    fn text(&mut self, is_format: bool) -> Read<ExpressionKind> {
        let mut pieces = Vec::new();
        let mut is_format = is_format;
        while let Some(Located { token: Token::Text(_), span, .. }) = self.peek() {
            let written = self.as_written(*span);
            if is_format {
                self.pieces(&written, *span, &mut pieces)?;
            } else {
                pieces.push(Piece::Text(unescaped(&written)));
            }
            self.take();
            is_format = self.is_prefixed_text() && self.peek().is_some_and(|at| at.text.contains(['f', 'F']));
            if self.is_prefixed_text() {
                self.take();
            }
        }
        let all_text = pieces.iter().all(|piece| matches!(piece, Piece::Text(_)));
        if !all_text {
            return Ok(ExpressionKind::Format(pieces));
        }
        let texts = pieces.into_iter().map(|piece| match piece {
            Piece::Text(text) => text,
            Piece::Value { .. } => String::new(),
        });
        Ok(ExpressionKind::Text(texts.collect()))
    }

    /// What stands between the quotes, before characters of web pages were replaced.
    fn as_written(&self, span: Span) -> String {
        if let (Some(Located { token: Token::Text(text), .. }), true) = (self.peek(), self.source.is_empty())
        {
            return text.clone();
        }
        let line = self.source.get(span.line - 1).copied().unwrap_or_default();
        line.chars().skip(span.column).take(span.length.saturating_sub(2)).collect()
    }

    fn pieces(&mut self, text: &str, span: Span, pieces: &mut Vec<Piece>) -> Read<()> {
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let doubled = rest[at + 1..].starts_with(&rest[at..=at]);
            if doubled {
                plain.push_str(&rest[at..=at]);
                rest = &rest[at + 2..];
                continue;
            }
            let inner = &rest[at + 1..];
            let mut open = 0;
            let end = inner.find(|c| {
                open += i32::from(c == '{') - i32::from(c == '}');
                open < 0
            });
            let Some(end) = end.filter(|_| rest[at..].starts_with('{')) else {
                return Err(Diagnostic::new(
                    span,
                    "a brace in this text is not closed; write {{ for a brace itself",
                ));
            };
            pieces.push(Piece::Text(unescaped(&std::mem::take(&mut plain))));
            let (shown, piece) = self.piece(&inner[..end], span)?;
            pieces.extend(shown.map(Piece::Text));
            pieces.push(piece);
            rest = &inner[end + 1..];
        }
        plain.push_str(rest);
        pieces.push(Piece::Text(unescaped(&plain)));
        Ok(())
    }

    /// `value!r:format`; of `value=` the text too.
    fn piece(&mut self, inner: &str, span: Span) -> Read<(Option<String>, Piece)> {
        let mut depth = 0;
        let colon = inner.char_indices().find(|(_, c)| {
            depth += i32::from(matches!(c, '(' | '[')) - i32::from(matches!(c, ')' | ']'));
            *c == ':' && depth == 0
        });
        let (value, format) = colon.map_or((inner, ""), |(at, _)| (&inner[..at], &inner[at + 1..]));
        let (value, is_repr, is_text) = match (value.strip_suffix("!r"), value.strip_suffix("!s")) {
            (Some(value), _) => (value, true, false),
            (_, Some(value)) => (value, false, true),
            _ => (value, false, false),
        };
        let (value, shown) = match value.trim_end().strip_suffix('=') {
            Some(of) if !of.ends_with(['=', '!', '<', '>']) => (of, Some(value.to_owned())),
            _ => (value, None),
        };
        let has_inner = format.contains('{');
        // `{h=}` shows the value as a notebook does, unless it is given a format.
        let is_repr = is_repr || (shown.is_some() && format.is_empty());
        let (lines, mistakes) = tokenize(value.trim());
        let problem = || Diagnostic::new(span, format!("`{value}` in this text is no expression"));
        let ([line], true) = (lines.as_slice(), mistakes.is_empty()) else { return Err(problem()) };
        let mut line = line.clone();
        line.tokens.iter_mut().for_each(|token| token.span = span);
        let mut cursor = Cursor::new(&line, &[]);
        cursor.depth = self.depth + 1;
        let read = cursor.expressions().and_then(|value| cursor.end().map(|()| value));
        let mut value = read.map_err(|_| problem())?;
        if is_text {
            let function = Box::new(Expression { kind: ExpressionKind::Name("str".to_owned()), span });
            let kind = ExpressionKind::Call(function, vec![Argument { name: None, value }]);
            value = Expression { kind, span };
        }
        if has_inner {
            // `{h:{width}.3f}`
            let mut pieces = Vec::new();
            self.depth += 1;
            if self.depth > MOST_NESTED {
                return Err(problem());
            }
            self.pieces(format, span, &mut pieces)?;
            self.depth -= 1;
            let function = Box::new(Expression { kind: ExpressionKind::Name("format".to_owned()), span });
            let format = Expression { kind: ExpressionKind::Format(pieces), span };
            let arguments = [value, format].map(|value| Argument { name: None, value }).to_vec();
            let value = Expression { kind: ExpressionKind::Call(function, arguments), span };
            return Ok((shown, Piece::Value { value, is_repr: false, format: String::new() }));
        }
        Ok((shown, Piece::Value { value, is_repr, format: format.to_owned() }))
    }
}

/// A whole number where it is written as one.
fn number(value: f64, text: &str) -> ExpressionKind {
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    digits.parse::<i64>().map_or(ExpressionKind::Float(value), ExpressionKind::Int)
}

/// `\n` and its kin as what they stand for.
fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            plain.push(meant(c).unwrap_or(c));
            continue;
        }
        match characters.next() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some(c @ ('\\' | '\'' | '"')) => plain.push(c),
            Some(c) if meant(c).is_some() => plain.extend(meant(c)),
            Some(c) => plain.extend(['\\', c]),
            None => plain.push('\\'),
        }
    }
    plain
}
