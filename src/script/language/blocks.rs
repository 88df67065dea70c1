//! Classes, and blocks whose lines stand alone: those of `with` and `try`.

use std::rc::Rc;

use crate::listing::{Diagnostic, LogicalLine, Token};

use super::cursor::{Cursor, Read};
use super::statement::{Reader, begins};
use super::tree::*;
use super::written;

impl<'a> Reader<'a> {
    /// The lines of a block that only says how numpy warns, or what happens where a line fails: they stand alone, since
    /// nothing warns here, and a line that fails ends the script with a message.
    pub(super) fn wrapped(&mut self, line: &'a LogicalLine) -> Read<Option<Vec<Statement>>> {
        let mut cursor = Cursor::new(line, self.source);
        if begins(line, "with") {
            cursor.take();
            let around = written(&cursor.expression()?);
            let name = around.split('(').next().unwrap_or_default().rsplit('.').next().unwrap_or_default();
            if !matches!(name, "errstate" | "catch_warnings" | "suppress") {
                return Ok(None);
            }
            return self.body(&mut cursor, line).map(Some);
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
            if !is_left_out {
                body.extend(inner);
            }
        }
        Ok(Some(body))
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
