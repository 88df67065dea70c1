//! Expressions, with Python's precedences.

use super::reader::{DEEPEST_NESTING, Reader};
use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::functions::{Dialect, Function, instead_of, is_function_name, is_reserved};
use crate::listing::language::tokens::{Located, Token};
use crate::listing::language::tree::{Binary, Expression, ExpressionKind, NEGATE_PRECEDENCE, Options};

/// An expression and how deep it is.
pub(super) type Deep = (Expression, usize);
pub(super) type Parsed<T> = Result<T, Diagnostic>;

fn build(kind: ExpressionKind, span: Span, depth: usize) -> Parsed<Deep> {
    if depth > DEEPEST_NESTING {
        return Err(too_deep(span));
    }
    Ok((Expression { kind, span }, depth))
}

fn too_deep(span: Span) -> Diagnostic {
    let message = format!(
        "this expression is nested more than {DEEPEST_NESTING} deep; give a part of it a name on a line of its own"
    );
    Diagnostic::new(span, message)
}

impl Reader<'_> {
    /// A whole expression.
    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        Ok(self.binary(0)?.0)
    }

    pub(super) fn binary(&mut self, lowest: u8) -> Parsed<Deep> {
        self.depth += 1;
        if self.depth > DEEPEST_NESTING {
            return Err(too_deep(self.here()));
        }
        let mut left = self.prefix()?;
        while let Some(operation) = self.operation()? {
            if operation.precedence() < lowest {
                break;
            }
            self.at += 1;
            let right = match operation {
                Binary::Power => self.binary(NEGATE_PRECEDENCE)?,
                _ => self.binary(operation.precedence() + 1)?,
            };
            let span = left.0.span.to(right.0.span);
            let depth = 1 + left.1.max(right.1);
            left =
                build(ExpressionKind::Binary(operation, Box::new(left.0), Box::new(right.0)), span, depth)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    /// The operator at the current position, not consumed.
    fn operation(&self) -> Parsed<Option<Binary>> {
        let Some(sign) = self.next_sign() else {
            return Ok(None);
        };
        let compares = self.dialect != Dialect::Step;
        Ok(Some(match sign {
            "+" => Binary::Add,
            "-" => Binary::Subtract,
            "*" => Binary::Multiply,
            "/" => Binary::Divide,
            "**" => Binary::Power,
            "@" => Binary::MatMul,
            ">" if compares => Binary::Greater,
            "<" if compares => Binary::Less,
            ">=" if compares => Binary::GreaterEqual,
            "<" | ">" | "<=" | ">=" | "==" | "!=" => {
                let message = format!(
                    "a listing cannot compare with `{sign}`; use np.maximum, np.minimum, np.clip or relu instead"
                );
                return Err(Diagnostic::new(self.here(), message));
            }
            "%" | "//" | "<<" | ">>" => {
                let message = format!("a listing has no `{sign}`; its operations are + - * / ** @");
                return Err(Diagnostic::new(self.here(), message));
            }
            _ => return Ok(None),
        }))
    }

    fn prefix(&mut self) -> Parsed<Deep> {
        let span = self.here();
        match self.next_sign() {
            Some("-") => {
                self.at += 1;
                let (operand, depth) = self.binary(NEGATE_PRECEDENCE)?;
                let span = span.to(operand.span);
                build(ExpressionKind::Negate(Box::new(operand)), span, depth + 1)
            }
            Some("+") => Err(Diagnostic::new(span, "a listing has no sign + before a value; remove it")),
            _ => {
                let operand = self.operand()?;
                self.suffixes(operand)
            }
        }
    }

    fn operand(&mut self) -> Parsed<Deep> {
        let Some(Located { token, span, .. }) = self.peek() else {
            return Err(self.expected("a value"));
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
                let inner = self.binary(0)?;
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
            Token::Sign("{") => Err(Diagnostic::new(*span, "a listing has no { }; use parentheses")),
            Token::Sign(_) => Err(self.expected("a value")),
        }
    }

    fn named(&mut self, name: &str, span: Span) -> Parsed<Deep> {
        if name == "np" {
            return self.numpy(span);
        }
        if self.next_sign() == Some("(") {
            return match Function::named(name, self.dialect) {
                Some(function) => self.call(function, span),
                None if name == "len" && self.dialect == Dialect::Adjoint => {
                    self.at += 1;
                    let (inner, depth) = self.binary(0)?;
                    self.expect(")", "to close len(")?;
                    build(ExpressionKind::Length(Box::new(inner), 0), span, depth + 1)
                }
                None => {
                    let message = format!("a listing has no function `{name}`; {}", instead_of(name));
                    Err(Diagnostic::new(span, message))
                }
            };
        }
        if is_function_name(name) {
            return Err(Diagnostic::new(span, format!("`{name}` is a function; call it: {name}(a)")));
        }
        if is_reserved(name) {
            let message = match name {
                "if" | "else" | "and" | "or" | "not" => {
                    format!("a listing has no `{name}`; mix two values with a gate: f * a + (1 - f) * b")
                }
                "for" | "while" => {
                    format!("a listing has no `{name}`; it describes one step, the loop is outside")
                }
                _ => format!("`{name}` is a word of Python that a listing cannot use here"),
            };
            return Err(Diagnostic::new(span, message));
        }
        build(ExpressionKind::Name(name.to_string()), span, 1)
    }

    /// What follows `np`.
    fn numpy(&mut self, span: Span) -> Parsed<Deep> {
        self.expect(".", "and a function after np, as in np.tanh(a)")?;
        let Some((member, at)) = self.name() else {
            return Err(self.expected("a function of numpy, as in np.tanh(a)"));
        };
        let name = format!("np.{member}");
        let span = span.to(at);
        match Function::named(&name, self.dialect) {
            Some(function) if self.next_sign() == Some("(") => self.call(function, span),
            Some(function) => {
                let message = format!("`{name}` is a function; call it: {}", function.example());
                Err(Diagnostic::new(span, message))
            }
            None => Err(Diagnostic::new(
                span,
                format!("a listing has no function `{name}`; {}", instead_of(&name)),
            )),
        }
    }

    fn call(&mut self, function: Function, span: Span) -> Parsed<Deep> {
        self.at += 1;
        let mut arguments = Vec::new();
        let mut options = Options::default();
        let mut depth = 0;
        if function.takes_list() || function.takes_shape() {
            depth = self.list(function, &mut arguments)?;
        } else {
            while self.next_sign() != Some(")") && !self.at_option() {
                let (argument, deep) = self.binary(0)?;
                arguments.push(argument);
                depth = depth.max(deep);
                if !self.take(",") {
                    break;
                }
            }
            if arguments.len() != function.arity() {
                let message = format!(
                    "{} takes {}, found {}: {}",
                    function.name(),
                    count(function.arity(), "argument"),
                    arguments.len(),
                    function.example()
                );
                return Err(Diagnostic::new(span, message));
            }
        }
        while self.at_option() {
            self.option(function, &mut options)?;
            if !self.take(",") {
                break;
            }
        }
        let end = self.expect(")", &format!("to close {}(", function.name()))?;
        build(ExpressionKind::Call(function, arguments, options), span.to(end), depth + 1)
    }

    /// `[a, b]` of concatenate and stack, `3` or `(2, 3)` of zeros and ones.
    fn list(&mut self, function: Function, members: &mut Vec<Expression>) -> Parsed<usize> {
        let close = match self.next_sign() {
            Some("[") => "]",
            Some("(") => ")",
            _ if function.takes_shape() => {
                let (length, depth) = self.binary(0)?;
                members.push(length);
                self.take(",");
                return Ok(depth);
            }
            _ => return Err(self.expected(&format!("a list in {}", function.example()))),
        };
        self.at += 1;
        let mut depth = 0;
        while self.next_sign() != Some(close) {
            let (member, deep) = self.binary(0)?;
            members.push(member);
            depth = depth.max(deep);
            if !self.take(",") {
                break;
            }
        }
        self.expect(close, "to close the list")?;
        self.take(",");
        Ok(depth)
    }

    fn at_option(&self) -> bool {
        let name = matches!(self.peek(), Some(Located { token: Token::Name(_), .. }));
        name && self.sign_at(self.at + 1) == Some("=")
    }

    fn option(&mut self, function: Function, options: &mut Options) -> Parsed<()> {
        let Some((name, span)) = self.name() else {
            return Err(self.expected("an option"));
        };
        self.at += 1;
        match (name, self.peek().map(|t| &t.token)) {
            ("axis", Some(Token::Number(axis)))
                if function.takes_axis() && (*axis == 0.0 || *axis == 1.0) =>
            {
                options.axis = Some(*axis as usize);
            }
            ("axis", _) if function.takes_axis() => {
                return Err(Diagnostic::new(span, "axis must be 0 or 1: axis=0"));
            }
            ("keepdims", Some(Token::Name(value))) if reduces(function) && value == "True" => {
                options.keep = true;
            }
            ("keepdims", Some(Token::Name(value))) if reduces(function) && value == "False" => {}
            _ => {
                let known =
                    if function.takes_axis() { "it knows axis=0 and axis=1" } else { "it has no options" };
                let message = format!("{} has no option `{name}`; {known}", function.name());
                return Err(Diagnostic::new(span, message));
            }
        }
        self.at += 1;
        Ok(())
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
        if self.dialect == Dialect::Adjoint && name == "T" {
            return build(ExpressionKind::Transpose(Box::new(value.0)), whole, value.1 + 1);
        }
        if self.dialect == Dialect::Adjoint && name == "shape" && self.take("[") {
            let axis = match self.peek().map(|t| &t.token) {
                Some(Token::Number(axis)) if *axis == 0.0 || *axis == 1.0 => *axis as usize,
                _ => return Err(self.expected("0 or 1")),
            };
            self.at += 1;
            self.expect("]", "after the axis")?;
            return build(ExpressionKind::Length(Box::new(value.0), axis), whole, value.1 + 1);
        }
        let message = match name {
            "T" | "transpose" => {
                "a listing has no transpose; np.dot(W, x) multiplies from the other side than x @ W"
                    .to_string()
            }
            "shape" | "size" => "a listing has no shapes; they follow from use".to_string(),
            "dot" => "write np.dot(a, b) or a @ b".to_string(),
            "sum" => "write np.sum(a)".to_string(),
            _ => format!("a value has no member `{name}`; only functions of np are written with a dot"),
        };
        Err(Diagnostic::new(dot.to(at), message))
    }
}

/// Whether the function makes one number of many.
fn reduces(function: Function) -> bool {
    matches!(function, Function::Sum | Function::Mean)
}

/// `1 argument`, `2 arguments`.
fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
