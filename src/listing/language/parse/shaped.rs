//! What gives an array another shape, and lists.

use super::expression::{Deep, Parsed, build};
use super::reader::Reader;
use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::functions::Function;
use crate::listing::language::tokens::Token;
use crate::listing::language::tree::{Binary, Expression, ExpressionKind, Options};

impl Reader<'_> {
    /// `(4, -1)` or `((4, -1))` behind `a.reshape`.
    pub(super) fn reshaped(&mut self, value: Deep, span: Span) -> Parsed<Deep> {
        self.at += 1;
        self.sizes_behind(value, span)
    }

    /// `np.reshape(a, (4, -1))`, `np.ravel(a)` and `np.expand_dims(a, 1)`; the bracket follows.
    pub(super) fn numpy_shaped(&mut self, name: &str, span: Span) -> Parsed<Deep> {
        self.at += 1;
        let value = self.value()?;
        match name {
            "reshape" => {
                self.expect(",", "and the new shape: np.reshape(a, (4, -1))")?;
                self.sizes_behind(value, span)
            }
            "ravel" => {
                self.expect(")", "to close np.ravel(")?;
                Self::flat(value, span)
            }
            _ => {
                self.expect(",", "and the axis: np.expand_dims(a, 1)")?;
                if self.at_option() {
                    self.at += 2;
                }
                let axis = self.expression()?;
                let end = self.expect(")", "to close np.expand_dims(")?;
                let [one, rest] = [1.0, -1.0].map(|size| number(size, span));
                let sizes = match super::whole(&axis) {
                    Some(1 | -1) => vec![rest, one],
                    Some(0) => vec![one, rest],
                    _ => {
                        let message =
                            "the new axis is 0 or 1: np.expand_dims(a, 1) makes a column of a vector";
                        return Err(Diagnostic::new(axis.span, message));
                    }
                };
                build(ExpressionKind::Reshape(Box::new(value.0), sizes), span.to(end), value.1 + 1)
            }
        }
    }

    /// The sizes of a new shape up to the closing bracket.
    fn sizes_behind(&mut self, value: Deep, span: Span) -> Parsed<Deep> {
        let close = match self.next_sign() {
            Some("(") => Some(")"),
            Some("[") => Some("]"),
            _ => None,
        };
        self.at += usize::from(close.is_some());
        let mut sizes = Vec::new();
        while !matches!(self.next_sign(), Some(")" | "]")) {
            sizes.push(self.expression()?);
            if !self.take(",") {
                break;
            }
        }
        if let Some(close) = close {
            self.expect(close, "to close the shape")?;
            self.take(",");
        }
        let end = self.expect(")", "to close reshape(")?;
        if !(1..=2).contains(&sizes.len()) {
            let message = "a new shape has one or two sizes: a.reshape(4, -1), or a.reshape(-1) for a vector";
            return Err(Diagnostic::new(span, message));
        }
        build(ExpressionKind::Reshape(Box::new(value.0), sizes), span.to(end), value.1 + 1)
    }

    /// `.astype(float)`: all numbers are of one type; what is true or false becomes one, and whole numbers are cut off.
    pub(super) fn of_type(&mut self, value: Deep) -> Parsed<Deep> {
        let cuts = self.cuts_off();
        let end = self.expect(")", "to close astype(")?;
        let span = value.0.span.to(end);
        match &value.0.kind {
            ExpressionKind::Binary(operation, ..) if operation.compares() => {
                let kind =
                    ExpressionKind::Binary(Binary::Multiply, Box::new(number(1.0, span)), Box::new(value.0));
                build(kind, span, value.1 + 1)
            }
            _ if cuts => Self::cut_off(value),
            _ => Ok(value),
        }
    }

    fn cut_off(value: Deep) -> Parsed<Deep> {
        let span = value.0.span;
        build(ExpressionKind::Helper("np.trunc".into(), vec![value.0]), span, value.1 + 1)
    }

    /// `np.array(a)`, which is `a`, and `np.array([a, b])`, which is a stack; the bracket follows.
    pub(super) fn array(&mut self, span: Span) -> Parsed<Deep> {
        self.at += 1;
        let mut made = match self.next_sign() {
            Some("[") => {
                let (members, depth, end) = self.list_of_values()?;
                build(
                    ExpressionKind::Call(Function::Stack, members, Options::default()),
                    span.to(end),
                    depth + 1,
                )?
            }
            _ => self.value()?,
        };
        if self.take(",") && self.cuts_off() {
            made = Self::cut_off(made)?;
        }
        self.expect(")", "to close the call")?;
        Ok(made)
    }

    /// `np.ones(a.shape)` and `np.full(a.shape, 0.5)`, which are like `a`; the bracket follows.
    pub(super) fn like(&mut self, function: Function, span: Span) -> Parsed<Option<Deep>> {
        let function = match function {
            Function::Zeros => Function::ZerosLike,
            Function::Ones => Function::OnesLike,
            Function::Full => Function::FullLike,
            _ => return Ok(None),
        };
        let shape =
            |at: usize| matches!(self.tokens.get(at).map(|t| &t.token), Some(Token::Name(n)) if n == "shape");
        let named = matches!(self.tokens.get(self.at + 1).map(|t| &t.token), Some(Token::Name(_)));
        let ends = matches!(self.sign_at(self.at + 4), Some("," | ")"));
        if !(named && self.sign_at(self.at + 2) == Some(".") && shape(self.at + 3) && ends) {
            return Ok(None);
        }
        self.at += 1;
        let Some((name, at)) = self.name() else { return Ok(None) };
        self.at += 2;
        let (array, mut depth) = build(ExpressionKind::Name(name.to_string()), at, 1)?;
        let mut arguments = vec![array];
        if function == Function::FullLike {
            self.expect(",", "and the number: np.full(a.shape, 0.5)")?;
            let (value, deep) = self.value()?;
            arguments.push(value);
            depth = depth.max(deep);
        }
        self.cuts_off();
        let end = self.expect(")", "to close the call")?;
        let kind = ExpressionKind::Call(function, arguments, Options::default());
        build(kind, span.to(end), depth + 1).map(Some)
    }

    /// Passes over options that say nothing here, such as `dtype=np.float32`.
    /// Passes over a type, and says whether it is one of whole numbers.
    fn cuts_off(&mut self) -> bool {
        let mut cuts = false;
        while let Some(token) = self.peek().filter(|_| self.next_sign() != Some(")")) {
            cuts |= token.text.starts_with("int");
            self.at += 1;
        }
        cuts
    }

    /// All numbers as a vector.
    pub(super) fn flat(value: Deep, span: Span) -> Parsed<Deep> {
        let sizes = vec![number(-1.0, span)];
        build(ExpressionKind::Reshape(Box::new(value.0), sizes), span, value.1 + 1)
    }

    /// The columns of a matrix, side by side: `[a, b]`.
    pub(super) fn columns(&mut self, span: Span) -> Parsed<Deep> {
        let (members, depth, end) = self.list_of_values()?;
        let options = Options { axis: Some(1), ..Options::default() };
        build(ExpressionKind::Call(Function::Stack, members, options), span.to(end), depth + 1)
    }

    /// `np.r_[a, b]` and `np.c_[a, b]`; the bracket follows.
    pub(super) fn joined_by_brackets(&mut self, name: &str, span: Span) -> Parsed<Deep> {
        if name == "c_" {
            return self.columns(span);
        }
        let (members, depth, end) = self.list_of_values()?;
        build(
            ExpressionKind::Call(Function::HorizontalStack, members, Options::default()),
            span.to(end),
            depth + 1,
        )
    }

    /// `[a, b]` or `(a, b)`; the bracket follows.
    pub(super) fn list_of_values(&mut self) -> Parsed<(Vec<Expression>, usize, Span)> {
        let close = if self.next_sign() == Some("(") { ")" } else { "]" };
        self.at += 1;
        let (mut members, mut depth) = (Vec::new(), 0);
        while self.next_sign() != Some(close) {
            let (member, deep) = self.value()?;
            members.push(member);
            depth = depth.max(deep);
            if !self.take(",") {
                break;
            }
        }
        let end = self.expect(close, "to close the list")?;
        Ok((members, depth, end))
    }
}

fn number(value: f64, span: Span) -> Expression {
    let size = Expression { kind: ExpressionKind::Number(value.abs()), span };
    if value < 0.0 { Expression { kind: ExpressionKind::Negate(Box::new(size)), span } } else { size }
}
