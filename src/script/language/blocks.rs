//! Classes, and blocks whose lines stand alone: those of `with` and `try`.

use std::rc::Rc;

use crate::listing::{Diagnostic, LogicalLine, Token};

use super::cursor::{Cursor, Read};
use super::statement::{Reader, begins};
use super::tree::*;
use super::{as_name, name_at, written};

impl<'a> Reader<'a> {
    /// The lines of a block that only says how numpy warns, or what happens where a line fails: they stand alone, since
    /// nothing warns here, and a line that fails ends the script with a message.
    pub(super) fn wrapped(&mut self, line: &'a LogicalLine) -> Read<Option<Vec<Statement>>> {
        let mut cursor = Cursor::new(line, self.source);
        if begins(line, "with") {
            cursor.take();
            let around = written(&cursor.expression()?);
            let name = around.split('(').next().unwrap_or_default().rsplit('.').next().unwrap_or_default();
            if name == "open" {
                let message = "a script reads and writes no files here; write the text down: text = \"…\"";
                return Err(Diagnostic::new(line.tokens[0].span, message));
            }
            if !matches!(
                name,
                "errstate" | "catch_warnings" | "suppress" | "printoptions" | "rc_context" | "xkcd"
            ) {
                return Ok(None);
            }
            return self.body(&mut cursor, line).map(Some);
        }
        if begins(line, "match") && line.tokens.len() > 2 && ends_with_colon(line) {
            return self.matched(line).map(Some);
        }
        if !begins(line, "try") {
            return Ok(None);
        }
        cursor.take();
        let mut body = self.body(&mut cursor, line)?;
        while let Some(next) = self.lines.get(self.next).filter(|next| next.indent == line.indent) {
            let is_left_out = begins(next, "except");
            if !is_left_out && !begins(next, "finally") && !begins(next, "else") {
                break;
            }
            self.next += 1;
            let mut cursor = Cursor::new(next, self.source);
            cursor.take();
            while is_left_out && !cursor.is_sign(":") && !cursor.is_done() {
                cursor.take();
            }
            let inner = self.body(&mut cursor, next)?;
            // `try: import cupy as np` and its kin: what is not there is not imported.
            let is_missing = |one: &Statement| match &one.kind {
                StatementKind::Import(names) => names.iter().any(|(path, _)| {
                    !super::super::library::is_module(path.split('.').next().unwrap_or_default())
                }),
                _ => false,
            };
            if is_left_out && body.iter().any(is_missing) {
                body = inner;
            } else if !is_left_out {
                body.extend(inner);
            }
        }
        Ok(Some(body))
    }

    /// `match value:` with plain patterns, as the conditions that it stands for.
    fn matched(&mut self, line: &'a LogicalLine) -> Read<Vec<Statement>> {
        let mut cursor = Cursor::new(line, self.source);
        cursor.take();
        let span = cursor.span();
        let subject = cursor.expressions()?;
        cursor.need_sign(":")?;
        cursor.end()?;
        let (mut before, mut branches, mut otherwise) = (Vec::new(), Vec::new(), Vec::new());
        let name = match as_name(&subject) {
            Some(_) => subject.clone(),
            None => {
                let name = name_at("matched_value", &subject);
                let kind = StatementKind::Assign(vec![name.clone()], subject.clone());
                before.push(Statement { kind, span, comment: None });
                name
            }
        };
        let indent = self.lines.get(self.next).map(|next| next.indent).filter(|indent| *indent > line.indent);
        let Some(indent) = indent else {
            return Err(Diagnostic::new(span, "a block with cases belongs behind this colon"));
        };
        while let Some(case) = self.lines.get(self.next).filter(|next| next.indent == indent) {
            let mut cursor = Cursor::new(case, self.source);
            cursor.need_word("case")?;
            self.next += 1;
            let pattern = cursor.expressions()?;
            let guard = if cursor.take_word("if") { Some(cursor.expression()?) } else { None };
            let (test, capture) = case_test(&name, &pattern)?;
            let mut body = self.body(&mut cursor, case)?;
            if let Some(capture) = capture {
                if guard.is_some() {
                    let message = "a case that names its value has no `if` here; write it with if and elif";
                    return Err(Diagnostic::new(pattern.span, message));
                }
                let kind = StatementKind::Assign(vec![capture], name.clone());
                body.insert(0, Statement { kind, span: pattern.span, comment: None });
            }
            let test = match (test, guard) {
                (Some(test), Some(guard)) => {
                    let kind = ExpressionKind::And(Box::new(test), Box::new(guard));
                    Some(Expression { kind, span: pattern.span })
                }
                (test, guard) => test.or(guard),
            };
            match test {
                Some(test) if otherwise.is_empty() => branches.push((test, body)),
                None if otherwise.is_empty() => otherwise = body,
                _ => {
                    let message = "no case is reached behind one that takes every value; put it before";
                    return Err(Diagnostic::new(pattern.span, message));
                }
            }
        }
        let kind = match branches.is_empty() {
            true => {
                before.extend(otherwise);
                return Ok(before);
            }
            false => StatementKind::If(branches, otherwise),
        };
        before.push(Statement { kind, span, comment: None });
        Ok(before)
    }

    /// `@staticmethod` and its kin, kept for the function or class below; others say how Python runs, which changes
    /// nothing here.
    pub(super) fn decorator(&mut self, line: &'a LogicalLine) -> Read<bool> {
        const KNOWN: [&str; 14] = [
            "staticmethod",
            "classmethod",
            "property",
            "cached_property",
            "dataclass",
            "abstractmethod",
            "njit",
            "jit",
            "vectorize",
            "lru_cache",
            "cache",
            "override",
            "final",
            "no_type_check",
        ];
        if !matches!(line.tokens.first().map(|token| &token.token), Some(Token::Sign("@"))) {
            return Ok(false);
        }
        let called = line.tokens.iter().position(|token| token.token == Token::Sign("("));
        let name = line.tokens[..called.unwrap_or(line.tokens.len())].last();
        match name.map(|token| &token.token) {
            Some(Token::Name(name)) if KNOWN.contains(&name.as_str()) => self.decorators.push(name.clone()),
            _ => {
                let message = "this decorator is not read here; remove the line";
                return Err(Diagnostic::new(line.tokens[0].span, message));
            }
        }
        Ok(true)
    }

    /// `class Name:` or `class Name(Base):`
    pub(super) fn class(&mut self, cursor: &mut Cursor<'a>, line: &'a LogicalLine) -> Read<StatementKind> {
        cursor.take();
        let decorators = std::mem::take(&mut self.decorators);
        let name = cursor.need_name("the name of the class")?;
        let mut bases = Vec::new();
        if cursor.take_sign("(") {
            while !cursor.is_sign(")") && !cursor.is_done() {
                // `metaclass=ABCMeta`
                let base = cursor.expression()?;
                if cursor.take_sign("=") {
                    cursor.expression()?;
                } else {
                    bases.push(base);
                }
                if !cursor.take_sign(",") {
                    break;
                }
            }
            cursor.need_sign(")")?;
        }
        let is_tuple = |base: &Expression| written(base).ends_with("NamedTuple");
        let is_record = decorators.iter().any(|name| name == "dataclass") || bases.iter().any(is_tuple);
        let body = self.body(cursor, line)?;
        let is_read = |kind: &StatementKind| match kind {
            StatementKind::Function(_) | StatementKind::Pass | StatementKind::Assign(..) => true,
            StatementKind::Declared(_) => true,
            StatementKind::Expression(text) => matches!(text.kind, ExpressionKind::Text(_)),
            _ => false,
        };
        if let Some(other) = body.iter().find(|statement| !is_read(&statement.kind)) {
            let message = "a class has methods and values here; move this line in front of the class";
            return Err(Diagnostic::new(other.span, message));
        }
        Ok(StatementKind::Class(Rc::new(Class { name, bases, is_record, body })))
    }
}

fn ends_with_colon(line: &LogicalLine) -> bool {
    matches!(line.tokens.last().map(|token| &token.token), Some(Token::Sign(":")))
}

/// The condition under which a pattern takes a value, none if it takes all, and the name that it gives the value.
fn case_test(value: &Expression, pattern: &Expression) -> Read<(Option<Expression>, Option<Expression>)> {
    let compared = |other: &Expression| {
        let rest = vec![(Comparison::Equal, other.clone())];
        Expression { kind: ExpressionKind::Compare(Box::new(value.clone()), rest), span: pattern.span }
    };
    match &pattern.kind {
        ExpressionKind::Name(name) if name == "_" => Ok((None, None)),
        ExpressionKind::Name(_) => Ok((None, Some(pattern.clone()))),
        ExpressionKind::Int(_)
        | ExpressionKind::Float(_)
        | ExpressionKind::Text(_)
        | ExpressionKind::Bool(_)
        | ExpressionKind::None
        | ExpressionKind::Attribute(..)
        | ExpressionKind::Negate(_) => Ok((Some(compared(pattern)), None)),
        ExpressionKind::Binary(Operator::Or, a, b) => match (case_test(value, a)?, case_test(value, b)?) {
            ((Some(a), None), (Some(b), None)) => {
                let kind = ExpressionKind::Or(Box::new(a), Box::new(b));
                Ok((Some(Expression { kind, span: pattern.span }), None))
            }
            _ => Err(Diagnostic::new(pattern.span, "alternatives of a case are plain values here")),
        },
        _ => {
            let message = "a case is a number, a text or a name here; write this one with if and elif";
            Err(Diagnostic::new(pattern.span, message))
        }
    }
}
