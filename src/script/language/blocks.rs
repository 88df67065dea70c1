//! Classes, and blocks whose lines stand alone: those of `with` and `try`.

use std::rc::Rc;

use crate::listing::{Diagnostic, LogicalLine};

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

    /// `class Name:` or `class Name(object):`
    pub(super) fn class(&mut self, cursor: &mut Cursor<'a>, line: &'a LogicalLine) -> Read<StatementKind> {
        cursor.take();
        let name = cursor.need_name("the name of the class")?;
        if cursor.take_sign("(") {
            let span = cursor.span();
            if !cursor.take_word("object") && !cursor.is_sign(")") {
                let message = "a class that is made from another one is not read here; \
                    write all methods into one class";
                return Err(Diagnostic::new(span, message));
            }
            cursor.need_sign(")")?;
        }
        let body = self.body(cursor, line)?;
        let is_read = |kind: &StatementKind| match kind {
            StatementKind::Function(_) | StatementKind::Pass | StatementKind::Assign(..) => true,
            StatementKind::Expression(text) => matches!(text.kind, ExpressionKind::Text(_)),
            _ => false,
        };
        if let Some(other) = body.iter().find(|statement| !is_read(&statement.kind)) {
            let message = "a class has methods and values here; move this line in front of the class";
            return Err(Diagnostic::new(other.span, message));
        }
        Ok(StatementKind::Class(Rc::new(Class { name, body })))
    }
}
