//! Expressions, with Python's precedences.

use super::prelude::of_sign;
use super::reader::Reader;
use crate::listing::language::brackets::{DEEPEST_NESTING, too_deep};
use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::functions::Function;
use crate::listing::language::tokens::{Located, Token};
use crate::listing::language::tree::{Binary, Expression, ExpressionKind, LAST, NEGATE_PRECEDENCE};

/// Between two levels of binding lie those of `|` and `&`, above comparisons.
const LEVEL: u8 = 4;
const NEGATE: u8 = LEVEL * NEGATE_PRECEDENCE;

/// What stands between two operands.
#[derive(Clone, Copy)]
enum Operation {
    Binary(Binary),
    /// A function of numpy that has a sign.
    Function(&'static str),
}

/// An expression and how deep it is.
pub(super) type Deep = (Expression, usize);
pub(super) type Parsed<T> = Result<T, Diagnostic>;

pub(super) fn build(kind: ExpressionKind, span: Span, depth: usize) -> Parsed<Deep> {
    if depth > DEEPEST_NESTING {
        return Err(too_deep(span));
    }
    Ok((Expression { kind, span }, depth))
}

/// Whether a second value must stand behind a sign.
pub(super) fn is_operator(sign: &str) -> bool {
    matches!(sign, "+" | "-" | "*" | "/" | "@" | "**" | "//" | "%" | ">" | "<" | ">=" | "<=" | "==" | "!=")
}

impl Reader<'_> {
    /// A whole expression.
    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        Ok(self.value()?.0)
    }

    /// An expression, or `a if c else b`.
    pub(super) fn value(&mut self) -> Parsed<Deep> {
        let (first, depth) = self.binary(0)?;
        if !self.take_word("if") {
            return Ok((first, depth));
        }
        let (condition, deep) = self.binary(0)?;
        if !self.take_word("else") {
            return Err(self.expected("else and the other value: a if c else b"));
        }
        self.depth += 1;
        let (other, deeper) = self.value()?;
        self.depth -= 1;
        let span = first.span.to(other.span);
        build(ExpressionKind::Choice(vec![condition, first, other]), span, 1 + depth.max(deep).max(deeper))
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek().map(|t| &t.token), Some(Token::Name(name)) if name == word);
        self.at += usize::from(found);
        found
    }

    pub(super) fn binary(&mut self, lowest: u8) -> Parsed<Deep> {
        self.depth += 1;
        if self.depth > DEEPEST_NESTING {
            return Err(too_deep(self.here()));
        }
        let mut left = self.prefix()?;
        while let Some((operation, level)) = self.operation()? {
            if level < lowest {
                break;
            }
            self.at += 1;
            let right = match operation {
                Operation::Binary(Binary::Power) => self.binary(NEGATE)?,
                _ => self.binary(level + 1)?,
            };
            let span = left.0.span.to(right.0.span);
            let depth = 1 + left.1.max(right.1);
            let kind = match operation {
                Operation::Binary(binary) => {
                    ExpressionKind::Binary(binary, Box::new(left.0), Box::new(right.0))
                }
                Operation::Function(name) => ExpressionKind::Helper(name.into(), vec![left.0, right.0]),
            };
            left = build(kind, span, depth)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    /// The operator at the current position, not consumed, and how tight it binds.
    fn operation(&self) -> Parsed<Option<(Operation, u8)>> {
        let Some(sign) = self.next_sign() else {
            return Ok(None);
        };
        let binary = match sign {
            "&" | "|" => {
                let level = LEVEL + 1 + u8::from(sign == "&");
                return Ok(of_sign(sign).map(|name| (Operation::Function(name), level)));
            }
            "+" => Binary::Add,
            "-" => Binary::Subtract,
            "*" => Binary::Multiply,
            "/" => Binary::Divide,
            "**" => Binary::Power,
            "@" => Binary::MatMul,
            ">" => Binary::Greater,
            "<" => Binary::Less,
            ">=" => Binary::GreaterEqual,
            "<=" => Binary::LessEqual,
            "==" => Binary::Equal,
            "!=" => Binary::NotEqual,
            "//" => Binary::FloorDivide,
            "%" => Binary::Modulo,
            "<<" | ">>" => {
                let message = format!("a listing has no `{sign}`; its operations are + - * / // % ** @");
                return Err(Diagnostic::new(self.here(), message));
            }
            _ => return Ok(None),
        };
        Ok(Some((Operation::Binary(binary), LEVEL * binary.precedence())))
    }

    fn prefix(&mut self) -> Parsed<Deep> {
        let span = self.here();
        match self.next_sign() {
            Some("-") => {
                self.at += 1;
                let (operand, depth) = self.binary(NEGATE)?;
                let span = span.to(operand.span);
                build(ExpressionKind::Negate(Box::new(operand)), span, depth + 1)
            }
            Some("+") => {
                self.at += 1;
                self.binary(NEGATE)
            }
            Some("~") => {
                self.at += 1;
                let (operand, depth) = self.binary(NEGATE)?;
                let span = span.to(operand.span);
                build(ExpressionKind::Helper("np.invert".into(), vec![operand]), span, depth + 1)
            }
            _ => {
                let operand = self.operand()?;
                self.suffixes(operand)
            }
        }
    }

    fn operand(&mut self) -> Parsed<Deep> {
        let Some(Located { token, span, .. }) = self.peek() else {
            let dangling =
                self.at.checked_sub(1).and_then(|at| self.sign_at(at)).filter(|sign| is_operator(sign));
            return Err(match dangling {
                Some(sign) => {
                    let message = format!(
                        "the line ends with `{sign}`; write the other value behind it, or put brackets around the \
                         whole expression, which may then go on below"
                    );
                    Diagnostic::new(self.before(), message)
                }
                None => self.expected("a value"),
            });
        };
        match token {
            Token::Number(value) => {
                self.at += 1;
                build(ExpressionKind::Number(*value), *span, 1)
            }
            Token::Name(name) => {
                self.at += 1;
                self.named(name, *span)
            }
            Token::Sign("(") => {
                self.at += 1;
                let inner = self.value()?;
                if self.next_sign() == Some(",") {
                    let message = "a tuple may only stand left of = and behind return; \
                                   write np.stack([a, b]) or np.concatenate([a, b]) for one array";
                    return Err(Diagnostic::new(self.here(), message));
                }
                self.expect(")", "to close the parenthesis")?;
                Ok(inner)
            }
            Token::Sign("[") => Err(Diagnostic::new(
                *span,
                "a list may only stand inside np.concatenate([a, b]) or np.stack([a, b])",
            )),
            Token::Text(_) => Err(Diagnostic::new(
                *span,
                "a listing has no text values; a weight out of a dictionary is written parameters[\"W\"], with the \
                 dictionary as a parameter",
            )),
            Token::Sign("{") => Err(Diagnostic::new(
                *span,
                "a listing has no dictionaries of its own; return the states themselves: return h, c",
            )),
            Token::Sign("...") => {
                Err(Diagnostic::new(*span, "`...` leaves open what this value is; write it in its place"))
            }
            Token::Sign(_) => Err(self.expected("a value")),
        }
    }

    /// `[…]`, `.T` and `.shape[1]` behind a value.
    fn suffixes(&mut self, mut value: Deep) -> Parsed<Deep> {
        loop {
            let span = self.here();
            match self.next_sign() {
                Some("[") => {
                    self.at += 1;
                    let parts = self.subscripts()?;
                    let whole = value.0.span.to(self.before());
                    value = build(ExpressionKind::Subscript(Box::new(value.0), parts), whole, value.1 + 1)?;
                }
                Some(".") => value = self.attribute(value)?,
                Some("(") => {
                    return Err(Diagnostic::new(
                        span,
                        "this value cannot be called; write * for a product".to_string(),
                    ));
                }
                _ => return Ok(value),
            }
        }
    }

    fn attribute(&mut self, value: Deep) -> Parsed<Deep> {
        let dot = self.here();
        self.at += 1;
        let Some((name, at)) = self.name() else {
            return Err(self.expected("a name after the dot"));
        };
        let whole = value.0.span.to(at);
        if name == "T" {
            return build(ExpressionKind::Transpose(Box::new(value.0)), whole, value.1 + 1);
        }
        if self.next_sign() == Some("(") {
            match name {
                "copy" => {
                    self.at += 1;
                    self.expect(")", "to close copy(")?;
                    return Ok(value);
                }
                "reshape" => return self.reshaped(value, whole),
                "astype" => return self.of_type(value),
                "squeeze" | "cumsum" | "cumprod" | "trace" | "round" | "any" | "all" | "swapaxes"
                | "diagonal" => {
                    if let Some(call) = self.helper(&format!("np.{name}"), whole, Some(&value))? {
                        return Ok(call);
                    }
                }
                "transpose" if self.sign_at(self.at + 1) == Some(")") => {
                    self.at += 2;
                    return build(ExpressionKind::Transpose(Box::new(value.0)), whole, value.1 + 1);
                }
                "ravel" | "flatten" => {
                    self.at += 1;
                    self.expect(")", &format!("to close {name}("))?;
                    return Self::flat(value, whole);
                }
                "dot" | "sum" | "prod" | "mean" | "std" | "var" | "max" | "min" | "argmax" | "argmin"
                | "clip" | "repeat" => {
                    if let Some(function) = Function::named(&format!("np.{name}"), self.dialect) {
                        return self.call(function, whole, Some(value));
                    }
                }
                _ => {}
            }
        }
        if name == "size" {
            return build(ExpressionKind::Length(Box::new(value.0), LAST), whole, value.1 + 1);
        }
        if name == "shape" && self.take("[") {
            let back = self.take("-");
            let axis = match self.peek().map(|t| &t.token) {
                Some(Token::Number(axis)) if !back && (*axis == 0.0 || *axis == 1.0) => *axis as usize,
                Some(Token::Number(axis)) if back && *axis == 1.0 => LAST,
                _ => return Err(self.expected("0, 1 or -1")),
            };
            self.at += 1;
            self.expect("]", "after the axis")?;
            return build(ExpressionKind::Length(Box::new(value.0), axis), whole, value.1 + 1);
        }
        let message = match name {
            "transpose" => "write a.T".to_string(),
            "dot" | "sum" | "mean" | "std" | "var" | "max" | "min" => {
                format!("`{name}` is a function; call it: np.{name}(a)")
            }
            "shape" => "a shape is read one axis at a time: H = h.shape[0]".to_string(),
            _ if Function::named(&format!("np.{name}"), self.dialect).is_some() => {
                format!("a value has no member `{name}`; write np.{name}(a)")
            }
            _ => format!("a value has no member `{name}`; only functions of np are written with a dot"),
        };
        Err(Diagnostic::new(dot.to(at), message))
    }
}
