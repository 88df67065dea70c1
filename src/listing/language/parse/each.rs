//! The same for each value of a list: `[sigmoid(z) for z in np.split(a, 4)]`.

use super::expression::Parsed;
use super::reader::Reader;
use crate::listing::language::tokens::Token;
use crate::listing::language::tree::{Expression, ExpressionKind};

/// So many values has a range.
const MOST_VALUES: f64 = 64.0;

impl Reader<'_> {
    /// What stands right of `=` behind several names, if it is made for each value of a list.
    pub(super) fn each(&mut self) -> Parsed<Option<Expression>> {
        let opens = matches!(self.next_sign(), Some("[" | "(")) && self.wraps_everything();
        let has_for = self.tokens.iter().any(|t| matches!(&t.token, Token::Name(name) if name == "for"));
        if opens && has_for { self.comprehension().map(Some) } else { Ok(None) }
    }

    /// `[value for name in list]`
    fn comprehension(&mut self) -> Parsed<Expression> {
        let start = self.here();
        let close = if self.next_sign() == Some("[") { "]" } else { ")" };
        self.at += 1;
        let value = self.expression()?;
        self.word("for")?;
        let Some((name, _)) = self.name() else { return Err(self.expected("a name behind for")) };
        self.word("in")?;
        let over = self.values_of_each()?;
        let end = self.expect(close, "to close the list")?;
        let kind = ExpressionKind::Each(Box::new(value), name.to_string(), Box::new(over));
        Ok(Expression { kind, span: start.to(end) })
    }

    /// `(a, b)`, `[a, b]`, `np.split(a, 2)`, or the name of a list.
    fn values_of_each(&mut self) -> Parsed<Expression> {
        let start = self.here();
        if let (Some("("), Some(Token::Number(count)), Some(")"), true) = (
            self.sign_at(self.at + 1),
            self.tokens.get(self.at + 2).map(|t| &t.token),
            self.sign_at(self.at + 3),
            self.peek().is_some_and(|t| t.text == "range"),
        ) {
            self.at += 4;
            let number = |k| Expression { kind: ExpressionKind::Number(f64::from(k)), span: start };
            let count = count.min(MOST_VALUES) as u32;
            return Ok(Expression {
                kind: ExpressionKind::List((0..count).map(number).collect()),
                span: start,
            });
        }
        let close = match self.next_sign() {
            Some("(") => ")",
            Some("[") => "]",
            _ => return self.expression(),
        };
        self.at += 1;
        let mut values = Vec::new();
        while self.next_sign() != Some(close) {
            values.push(self.expression()?);
            if !self.take(",") {
                break;
            }
        }
        let end = self.expect(close, "to close the list")?;
        Ok(Expression { kind: ExpressionKind::List(values), span: start.to(end) })
    }

    fn word(&mut self, wanted: &str) -> Parsed<()> {
        match self.peek().map(|t| &t.token) {
            Some(Token::Name(name)) if name == wanted => {
                self.at += 1;
                Ok(())
            }
            _ => Err(self.expected(wanted)),
        }
    }
}
