//! Expressions, by precedence.

use std::rc::Rc;

use crate::listing::{Diagnostic, Located, Span, Token};

use super::cursor::{Cursor, Read};
use super::tree::*;

impl Cursor<'_> {
    /// `a, b` or one expression.
    pub(super) fn expressions(&mut self) -> Read<Expression> {
        self.listed(&[")", "]", "}", "=", ":"], Self::starred)
    }

    /// What a `for` gives values to: names, parts of arrays, tuples of them; no operators.
    pub(super) fn targets(&mut self) -> Read<Expression> {
        self.listed(&[")", "]", "=", ":"], |cursor| cursor.postfix())
    }

    fn listed(&mut self, ends: &[&str], one: fn(&mut Self) -> Read<Expression>) -> Read<Expression> {
        let start = self.span();
        let first = one(self)?;
        if !self.is_sign(",") {
            return Ok(first);
        }
        let mut all = vec![first];
        while self.take_sign(",") {
            let is_end = self.is_done() || ends.iter().any(|sign| self.is_sign(sign));
            if is_end || self.is_word("in") {
                break;
            }
            all.push(one(self)?);
        }
        Ok(Expression { kind: ExpressionKind::Tuple(all), span: self.since(start) })
    }

    pub(super) fn starred(&mut self) -> Read<Expression> {
        let start = self.span();
        if !self.take_sign("*") {
            return self.expression();
        }
        let value = self.expression()?;
        Ok(Expression { kind: ExpressionKind::Starred(Box::new(value)), span: self.since(start) })
    }

    /// One expression, as deep as it may be nested.
    pub(super) fn expression(&mut self) -> Read<Expression> {
        self.expression_within(|cursor| {
            let start = cursor.span();
            if cursor.take_word("lambda") { cursor.lambda(start) } else { cursor.named(start) }
        })
    }

    fn expression_within(&mut self, read: fn(&mut Self) -> Read<Expression>) -> Read<Expression> {
        self.depth += 1;
        if self.depth > MOST_NESTED {
            let message = "this is nested too deeply; give a part of it a name on a line of its own";
            return Err(Diagnostic::new(self.span(), message));
        }
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// `name := value`, or a value without a name.
    fn named(&mut self, start: Span) -> Read<Expression> {
        let behind = self.peek_behind(1).map(|at| &at.token);
        if !matches!(behind, Some(Token::Sign(":="))) {
            return self.conditional(start);
        }
        let name = self.need_name("a name")?;
        self.need_sign(":=")?;
        let value = self.expression()?;
        let kind = ExpressionKind::Named(name, Box::new(value));
        Ok(Expression { kind, span: self.since(start) })
    }

    fn lambda(&mut self, start: Span) -> Read<Expression> {
        let parameters = self.parameters(":")?;
        let value = self.expression()?;
        let span = self.since(start);
        let statement = Statement { kind: StatementKind::Return(Some(value)), span, comment: None };
        let function = Function {
            name: "<lambda>".to_owned(),
            parameters,
            body: vec![statement],
            method: Method::default(),
            is_generator: false,
        };
        Ok(Expression { kind: ExpressionKind::Lambda(Rc::new(function)), span })
    }

    fn conditional(&mut self, start: Span) -> Read<Expression> {
        let then = self.either()?;
        if !self.take_word("if") {
            return Ok(then);
        }
        let test = self.either()?;
        self.need_word("else")?;
        let otherwise = self.expression()?;
        let kind = ExpressionKind::Conditional(Box::new([test, then, otherwise]));
        Ok(Expression { kind, span: self.since(start) })
    }

    pub(super) fn either(&mut self) -> Read<Expression> {
        let start = self.span();
        let mut left = self.both()?;
        while self.take_word("or") {
            self.link()?;
            let right = self.both()?;
            let kind = ExpressionKind::Or(Box::new(left), Box::new(right));
            left = Expression { kind, span: self.since(start) };
        }
        Ok(left)
    }

    fn both(&mut self) -> Read<Expression> {
        let start = self.span();
        let mut left = self.inverted()?;
        while self.take_word("and") {
            self.link()?;
            let right = self.inverted()?;
            let kind = ExpressionKind::And(Box::new(left), Box::new(right));
            left = Expression { kind, span: self.since(start) };
        }
        Ok(left)
    }

    fn inverted(&mut self) -> Read<Expression> {
        let start = self.span();
        let mut times = 0;
        while self.take_word("not") {
            self.link()?;
            times += 1;
        }
        let mut value = self.compared()?;
        for _ in 0..times {
            value = Expression { kind: ExpressionKind::Not(Box::new(value)), span: self.since(start) };
        }
        Ok(value)
    }

    fn compared(&mut self) -> Read<Expression> {
        let start = self.span();
        let first = self.bits(0)?;
        let mut rest = Vec::new();
        while let Some(comparison) = self.comparison() {
            rest.push((comparison, self.bits(0)?));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        Ok(Expression { kind: ExpressionKind::Compare(Box::new(first), rest), span: self.since(start) })
    }

    fn comparison(&mut self) -> Option<Comparison> {
        const SIGNS: [(&str, Comparison); 6] = [
            ("<", Comparison::Less),
            ("<=", Comparison::LessEqual),
            (">", Comparison::Greater),
            (">=", Comparison::GreaterEqual),
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
        ];
        if let Some((_, comparison)) = SIGNS.iter().find(|(sign, _)| self.is_sign(sign)) {
            self.take();
            return Some(*comparison);
        }
        let is_not_in = self.is_word("not")
            && matches!(self.peek_behind(1), Some(Located { token: Token::Name(word), .. }) if word == "in");
        if is_not_in {
            self.take();
            self.take();
            return Some(Comparison::NotIn);
        }
        if self.take_word("in") {
            return Some(Comparison::In);
        }
        if self.take_word("is") {
            return Some(if self.take_word("not") { Comparison::IsNot } else { Comparison::Is });
        }
        None
    }

    /// `a | b` (level 0), `a & b` (level 1) and shifts (level 2) of sums.
    fn bits(&mut self, level: usize) -> Read<Expression> {
        const LEVELS: [&[(&str, Operator)]; 3] = [
            &[("|", Operator::Or)],
            &[("&", Operator::And)],
            &[("<<", Operator::ShiftLeft), (">>", Operator::ShiftRight)],
        ];
        let Some(operators) = LEVELS.get(level) else { return self.sum(0) };
        let start = self.span();
        let mut left = self.bits(level + 1)?;
        while let Some((_, operator)) = operators.iter().find(|(sign, _)| self.is_sign(sign)) {
            // `a |= b`
            if matches!(self.peek_behind(1), Some(Located { token: Token::Sign("="), .. })) {
                break;
            }
            self.take();
            self.link()?;
            let right = self.bits(level + 1)?;
            let kind = ExpressionKind::Binary(*operator, Box::new(left), Box::new(right));
            left = Expression { kind, span: self.since(start) };
        }
        Ok(left)
    }

    /// Sums (level 0) of products (level 1).
    fn sum(&mut self, level: usize) -> Read<Expression> {
        const LEVELS: [&[(&str, Operator)]; 2] = [
            &[("+", Operator::Add), ("-", Operator::Subtract)],
            &[
                ("*", Operator::Multiply),
                ("/", Operator::Divide),
                ("//", Operator::FloorDivide),
                ("%", Operator::Modulo),
                ("@", Operator::MatMul),
            ],
        ];
        let Some(operators) = LEVELS.get(level) else { return self.signed() };
        let start = self.span();
        let mut left = self.sum(level + 1)?;
        while let Some((_, operator)) = operators.iter().find(|(sign, _)| self.is_sign(sign)) {
            self.take();
            self.link()?;
            let right = self.sum(level + 1)?;
            let kind = ExpressionKind::Binary(*operator, Box::new(left), Box::new(right));
            left = Expression { kind, span: self.since(start) };
        }
        Ok(left)
    }

    fn signed(&mut self) -> Read<Expression> {
        let start = self.span();
        if self.take_sign("~") {
            self.link()?;
            let value = self.expression_within(Self::signed)?;
            return Ok(Expression { kind: ExpressionKind::Invert(Box::new(value)), span: self.since(start) });
        }
        let mut is_negative = false;
        loop {
            if self.take_sign("-") {
                is_negative = !is_negative;
            } else if !self.take_sign("+") {
                break;
            }
        }
        let value = self.power()?;
        if !is_negative {
            return Ok(value);
        }
        Ok(Expression { kind: ExpressionKind::Negate(Box::new(value)), span: self.since(start) })
    }

    fn power(&mut self) -> Read<Expression> {
        let start = self.span();
        let base = self.postfix()?;
        if !self.take_sign("**") {
            return Ok(base);
        }
        self.depth += 1;
        if self.depth > MOST_NESTED {
            return Err(Diagnostic::new(
                self.span(),
                "these are too many powers; give a part of them a name",
            ));
        }
        let exponent = self.signed()?;
        self.depth -= 1;
        let kind = ExpressionKind::Binary(Operator::Power, Box::new(base), Box::new(exponent));
        Ok(Expression { kind, span: self.since(start) })
    }

    /// A value with calls, brackets and attributes behind it.
    pub(super) fn postfix(&mut self) -> Read<Expression> {
        let start = self.span();
        let mut value = self.atom()?;
        loop {
            self.link()?;
            let kind = if self.take_sign("(") {
                ExpressionKind::Call(Box::new(value), self.arguments()?)
            } else if self.take_sign("[") {
                let index = self.subscripts()?;
                self.need_sign("]")?;
                ExpressionKind::Subscript(Box::new(value), Box::new(index))
            } else if self.take_sign(".") {
                ExpressionKind::Attribute(Box::new(value), self.need_name("a name behind the dot")?)
            } else {
                return Ok(value);
            };
            value = Expression { kind, span: self.since(start) };
        }
    }

    fn arguments(&mut self) -> Read<Vec<Argument>> {
        let mut all = Vec::new();
        while !self.take_sign(")") {
            let is_named = matches!(
                (self.peek(), self.peek_behind(1)),
                (Some(Located { token: Token::Name(_), .. }), Some(Located { token: Token::Sign("="), .. }))
            );
            let name = if is_named { Some(self.need_name("a name")?) } else { None };
            if is_named {
                self.need_sign("=")?;
            }
            let start = self.span();
            if self.take_sign("**") {
                let kind = ExpressionKind::Spread(Box::new(self.expression()?));
                all.push(Argument { name: None, value: Expression { kind, span: self.since(start) } });
                if !self.take_sign(",") && !self.is_sign(")") {
                    return Err(self.unexpected("`,` or `)`"));
                }
                continue;
            }
            let value = self.starred()?;
            let value = if self.is_word("for") { self.comprehension(start, None, value)? } else { value };
            all.push(Argument { name, value });
            if !self.take_sign(",") && !self.is_sign(")") {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
        Ok(all)
    }

    fn subscripts(&mut self) -> Read<Expression> {
        self.listed(&["]"], |cursor| {
            let start = cursor.span();
            let bound = |cursor: &mut Self| -> Read<Option<Box<Expression>>> {
                let ends = [":", ",", "]"].iter().any(|sign| cursor.is_sign(sign));
                if ends { Ok(None) } else { Ok(Some(Box::new(cursor.expression()?))) }
            };
            let from = bound(cursor)?;
            if !cursor.take_sign(":") {
                return from.map(|at| *at).ok_or_else(|| cursor.unexpected("an index"));
            }
            let to = bound(cursor)?;
            let step = if cursor.take_sign(":") { bound(cursor)? } else { None };
            Ok(Expression { kind: ExpressionKind::Slice([from, to, step]), span: cursor.since(start) })
        })
    }
}
