//! Calls: of numpy's functions, of those of the text, and their options.

use std::ops::RangeInclusive;

use super::expression::{Deep, Parsed, build};
use super::reader::Reader;
use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::functions::{Dialect, Function, instead_of, is_function_name, is_reserved};
use crate::listing::language::tokens::{Located, Token};
use crate::listing::language::tree::{Binary, Expression, ExpressionKind, Options};

impl Reader<'_> {
    pub(super) fn named(&mut self, name: &str, span: Span) -> Parsed<Deep> {
        if name == "np" {
            return self.numpy(span);
        }
        if self.next_sign() == Some("(") {
            if let Some(helper) = self.helpers.iter().rev().find(|helper| helper.name == name) {
                let most = helper.parameters.len() + helper.constants.len();
                return self.helper(name, helper.parameters.len()..=most, span);
            }
            if let Some(operation) = Binary::of_numpy(&format!("np.{name}")) {
                return self.written_out(operation, span);
            }
            // `tanh(a)` behind `from numpy import tanh`, or without it.
            let of_numpy = || Function::named(&format!("np.{name}"), self.dialect);
            return match Function::named(name, self.dialect).or_else(of_numpy) {
                Some(function) => self.call(function, span, None),
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
        if let Some(operation) = Binary::of_numpy(&name).filter(|_| self.next_sign() == Some("(")) {
            return self.written_out(operation, span);
        }
        match Function::named(&name, self.dialect) {
            Some(function) if self.next_sign() == Some("(") => self.call(function, span, None),
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

    /// `np.add(a, b)` as `a + b`; the bracket follows.
    fn written_out(&mut self, operation: Binary, span: Span) -> Parsed<Deep> {
        let (arguments, depth, end) = self.arguments(span, 2..=2)?;
        let mut two = arguments.into_iter();
        let (Some(left), Some(right)) = (two.next(), two.next()) else {
            return Err(self.expected("two arguments"));
        };
        let kind = ExpressionKind::Binary(operation, Box::new(left), Box::new(right));
        build(kind, span.to(end), depth + 1)
    }

    /// The call of a function that the text defines; the bracket follows.
    fn helper(&mut self, name: &str, parameters: RangeInclusive<usize>, span: Span) -> Parsed<Deep> {
        let (arguments, depth, end) = self.arguments(span, parameters)?;
        build(ExpressionKind::Helper(name.to_string(), arguments), span.to(end), depth + 1)
    }

    /// So many arguments in brackets, how deep they are, and where they end.
    fn arguments(
        &mut self,
        span: Span,
        wanted: RangeInclusive<usize>,
    ) -> Parsed<(Vec<Expression>, usize, Span)> {
        self.at += 1;
        let (mut arguments, mut depth) = (Vec::new(), 0);
        while self.next_sign() != Some(")") {
            let (argument, deep) = self.binary(0)?;
            arguments.push(argument);
            depth = depth.max(deep);
            if !self.take(",") {
                break;
            }
        }
        let end = self.expect(")", "to close the call")?;
        if !wanted.contains(&arguments.len()) {
            let message = format!(
                "this function takes {}, found {}",
                count(*wanted.end(), "argument"),
                arguments.len()
            );
            return Err(Diagnostic::new(span, message));
        }
        Ok((arguments, depth, end))
    }

    /// A call; the bracket follows. `first` is an argument that stands before it, as in `a.sum()`.
    pub(super) fn call(&mut self, function: Function, span: Span, first: Option<Deep>) -> Parsed<Deep> {
        self.at += 1;
        let mut arguments = Vec::new();
        let mut options = Options::default();
        let mut depth = 0;
        if let Some((first, deep)) = first {
            arguments.push(first);
            depth = deep;
        }
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
            // The second argument of a sum is the axis.
            if function.reduces()
                && arguments.len() == 2
                && let Some(axis) = arguments.pop().as_ref().and_then(super::whole)
            {
                options.axis = usize::try_from(axis).ok();
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
            ("keepdims", Some(Token::Name(value))) if function.reduces() && value == "True" => {
                options.keep = true;
            }
            ("keepdims", Some(Token::Name(value))) if function.reduces() && value == "False" => {}
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
}

/// `1 argument`, `2 arguments`.
fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
