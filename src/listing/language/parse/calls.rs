//! Calls: of numpy's functions, of those of the text, and their options.

use super::arguments::count;
use super::expression::{Deep, Parsed, build};
use super::members::OF_ARRAYS;
use super::reader::Reader;
use super::statement::logic;
use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::functions::{Function, instead_of, is_function_name, is_reserved};
use crate::listing::language::tokens::{Located, Token};
use crate::listing::language::tree::{Binary, Expression, ExpressionKind, LAST, Options};

/// Libraries whose functions are not numpy's.
const OTHERS: [&str; 9] = ["torch", "tf", "keras", "nn", "F", "jnp", "jax", "K", "scipy"];

impl Reader<'_> {
    pub(super) fn named(&mut self, name: &str, span: Span) -> Parsed<Deep> {
        if name == "np" {
            return self.numpy(span);
        }
        if self.next_sign() == Some("(") {
            if let Some(call) = self.helper(name, span, None)? {
                return Ok(call);
            }
            if name == "sum" && self.sign_at(self.at + 1) == Some("[") {
                return self.joined_by(Binary::Add, span);
            }
            if matches!(name, "max" | "min") && self.has_two_arguments() {
                return self.named(if name == "max" { "maximum" } else { "minimum" }, span);
            }
            if let Some(call) = self.helper(&format!("np.{name}"), span, None)? {
                return Ok(call);
            }
            if let Some(operation) = Binary::of_numpy(&format!("np.{name}")) {
                return self.written_out(operation, span);
            }
            // `tanh(a)` behind `from numpy import tanh`, or without it.
            let of_numpy = || Function::named(&format!("np.{name}"), self.dialect);
            return match Function::named(name, self.dialect).or_else(of_numpy) {
                Some(function) => self.call(function, span, None),
                None if name == "len" => {
                    self.at += 1;
                    let (inner, depth) = self.value()?;
                    let end = self.expect(")", "to close len(")?;
                    build(ExpressionKind::Length(Box::new(inner), 0), span.to(end), depth + 1)
                }
                // A number stays the number that it is.
                None if name == "float" || name == "int" => {
                    self.at += 1;
                    let value = self.value()?;
                    self.expect(")", &format!("to close {name}("))?;
                    // What is not a length may have digits behind the point.
                    let is_whole = matches!(value.0.kind, ExpressionKind::Length(..));
                    if name == "float" || is_whole { Ok(value) } else { Err(self.no_function(name, span)) }
                }
                None => Err(self.no_function(name, span)),
            };
        }
        let member = self.tokens.get(self.at + 1).map(|t| t.text.as_str()).unwrap_or_default();
        if OTHERS.contains(&name) && self.next_sign() == Some(".") && !OF_ARRAYS.contains(&member) {
            let message =
                format!("a listing has the functions of numpy, not those of {name}; {}", instead_of(member));
            return Err(Diagnostic::new(span, message));
        }
        if is_function_name(name) {
            return Err(Diagnostic::new(span, format!("`{name}` is a function; call it: {name}(a)")));
        }
        if is_reserved(name) {
            let message = match name {
                "if" | "else" => {
                    format!(
                        "a listing has no `{name}` here; choose between two values with np.where(a > 0, a, b)"
                    )
                }
                "and" | "or" | "not" => logic(name),
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
        let mut name = format!("np.{member}");
        let mut span = span.to(at);
        if member == "linalg" && self.take(".") {
            let Some((member, at)) = self.name() else { return Err(self.expected("norm")) };
            (name, span) = (format!("{name}.{member}"), span.to(at));
        }
        if let Some(operation) = Binary::of_numpy(&name).filter(|_| self.next_sign() == Some("(")) {
            return self.written_out(operation, span);
        }
        if let Some(call) = self.helper(&name, span, None)? {
            return Ok(call);
        }
        match (member, self.next_sign()) {
            ("reshape" | "ravel" | "expand_dims", Some("(")) => return self.numpy_shaped(member, span),
            ("array" | "asarray", Some("(")) => return self.array(span),
            ("einsum", Some("(")) => return self.einsum(span),
            ("linalg", Some("(")) if name == "np.linalg.multi_dot" => {
                return self.joined_by(Binary::MatMul, span);
            }
            ("transpose", Some("(")) => {
                self.at += 1;
                let (value, depth) = self.value()?;
                let end = self.expect(")", "to close np.transpose(")?;
                return build(ExpressionKind::Transpose(Box::new(value)), span.to(end), depth + 1);
            }
            ("r_" | "c_", Some("[")) => return self.joined_by_brackets(member, span),
            ("column_stack", Some("(")) if matches!(self.sign_at(self.at + 1), Some("[" | "(")) => {
                self.at += 1;
                let stacked = self.columns(span)?;
                self.expect(")", "to close np.column_stack(")?;
                return Ok(stacked);
            }
            ("pi", sign) if sign != Some("(") => {
                return build(ExpressionKind::Number(std::f64::consts::PI), span, 1);
            }
            ("e", sign) if sign != Some("(") => {
                return build(ExpressionKind::Number(std::f64::consts::E), span, 1);
            }
            ("float32" | "float64", Some("(")) => {
                self.at += 1;
                let value = self.value()?;
                self.expect(")", &format!("to close {name}("))?;
                return Ok(value);
            }
            _ => {}
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

    /// A call; the bracket follows. `first` is an argument that stands before it, as in `a.sum()`.
    pub(super) fn call(&mut self, mut function: Function, span: Span, first: Option<Deep>) -> Parsed<Deep> {
        if let Some(filled) = self.like(function, span)? {
            return Ok(filled);
        }
        self.at += 1;
        let mut arguments = Vec::new();
        let mut options = Options::default();
        let mut open = None;
        let mut depth = 0;
        if let Some((first, deep)) = first {
            arguments.push(first);
            depth = deep;
        }
        if function.takes_list() || function.takes_shape() {
            self.pass_name_of_argument();
            depth = self.list(function, &mut arguments)?;
            // `np.concatenate((a, b), 0)`
            if function.takes_axis() && self.next_sign() != Some(")") && !self.at_option() {
                let axis = self.expression()?;
                let known = super::whole(&axis).and_then(axis_of);
                options.axis = Some(known.ok_or_else(|| Diagnostic::new(axis.span, WRONG_AXIS))?);
                self.take(",");
            }
        } else {
            while self.next_sign() != Some(")") {
                self.pass_name_of_argument();
                if self.at_option() {
                    break;
                }
                // A side that is left open.
                if function == Function::Clip && self.peek().is_some_and(|t| t.text == "None") {
                    (self.at, open) = (self.at + 1, Some(arguments.len()));
                    self.take(",");
                    continue;
                }
                let (argument, deep) = match self.next_sign() {
                    Some("(") if self.takes_list_at(function, arguments.len()) && self.is_list() => {
                        let from = self.here();
                        self.at += 1;
                        let mut sizes = Vec::new();
                        while self.next_sign() != Some(")") {
                            sizes.push(self.expression()?);
                            if !self.take(",") {
                                break;
                            }
                        }
                        let end = self.expect(")", "to close the shape")?;
                        (Expression { kind: ExpressionKind::List(sizes), span: from.to(end) }, 2)
                    }
                    Some("[") if self.takes_list_at(function, arguments.len()) => {
                        let from = self.here();
                        let (members, deep, end) = self.list_of_values()?;
                        (Expression { kind: ExpressionKind::List(members), span: from.to(end) }, deep + 1)
                    }
                    _ => self.value()?,
                };
                arguments.push(argument);
                depth = depth.max(deep);
                if !self.take(",") {
                    break;
                }
            }
            // The second argument of a sum is the axis, the third one of np.split too.
            if (function.reduces() && arguments.len() == 2)
                || (function == Function::Split && arguments.len() == 3)
            {
                let last = arguments.pop();
                let axis = last.as_ref().and_then(super::whole).and_then(axis_of);
                let place = last.map_or(span, |last| last.span);
                options.axis = Some(axis.ok_or_else(|| Diagnostic::new(place, WRONG_AXIS))?);
            }
            // `np.arange(n)` begins with 0.
            if function == Function::Arange && arguments.len() == 1 {
                arguments.insert(0, Expression { kind: ExpressionKind::Number(0.0), span });
            }
            function = match open {
                Some(1) => Function::Minimum,
                Some(_) => Function::Maximum,
                None => function,
            };
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
            // `np.zeros((H + 1) // 2)` begins with a bracket too, which is no list.
            Some("(") if !function.takes_shape() || self.is_list() => ")",
            _ if function.takes_shape() => {
                let (length, depth) = self.value()?;
                members.push(length);
                self.take(",");
                return Ok(depth);
            }
            // The name of a list.
            Some(_) => return Err(self.expected(&format!("a list in {}", function.example()))),
            None => {
                let (list, depth) = self.value()?;
                members.push(list);
                return Ok(depth);
            }
        };
        self.at += 1;
        let mut depth = 0;
        while self.next_sign() != Some(close) {
            // `*parts` are the members of a list, `[1.0]` is a vector.
            self.take("*");
            let (member, deep) = match self.next_sign() {
                Some("[") => {
                    let (values, deep, end) = self.list_of_values()?;
                    let kind = ExpressionKind::Call(Function::Stack, values, Options::default());
                    build(kind, end, deep + 1)?
                }
                _ => self.value()?,
            };
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

    /// Whether an argument may be a list: the positions of np.split, the shape of np.full, how often np.tile repeats.
    fn takes_list_at(&self, function: Function, argument: usize) -> bool {
        matches!((function, argument), (Function::Split | Function::Tile, 1) | (Function::Full, 0))
    }

    /// Whether the bracket that opens here holds a comma of its own.
    fn is_list(&self) -> bool {
        let mut open = 0usize;
        for at in self.at..self.tokens.len() {
            match self.sign_at(at) {
                Some("(" | "[") => open += 1,
                Some(",") if open == 1 => return true,
                Some(")" | "]") if open == 1 => return matches!(self.sign_at(at + 1), Some(")" | ",")),
                Some(")" | "]") => open = open.saturating_sub(1),
                _ => {}
            }
        }
        false
    }

    pub(super) fn at_option(&self) -> bool {
        let name = matches!(self.peek(), Some(Located { token: Token::Name(_), .. }));
        name && self.sign_at(self.at + 1) == Some("=")
    }

    fn option(&mut self, function: Function, options: &mut Options) -> Parsed<()> {
        let Some((name, span)) = self.name() else {
            return Err(self.expected("an option"));
        };
        self.at += 1;
        let back = name == "axis" && self.take("-");
        let keeps = function.reduces() || function == Function::Norm;
        match (name, self.peek().map(|t| &t.token)) {
            ("axis", Some(Token::Number(axis))) if function.takes_axis() => {
                let axis = axis_of(if back { -*axis } else { *axis } as i64);
                options.axis = Some(axis.ok_or_else(|| Diagnostic::new(span, WRONG_AXIS))?);
            }
            ("axis", Some(Token::Name(none))) if none == "None" && function.reduces() => options.axis = None,
            ("axis", _) if function.takes_axis() => return Err(Diagnostic::new(span, WRONG_AXIS)),
            ("dtype", Some(_)) => self.skip_dtype(),
            ("keepdims", Some(Token::Name(value))) if keeps && value == "True" => {
                options.keep = true;
            }
            ("keepdims", Some(Token::Name(value))) if keeps && value == "False" => {}
            _ => {
                let known = if function.takes_axis() {
                    "it knows axis=0, axis=1 and axis=-1"
                } else {
                    "it has no options"
                };
                let message = format!("{} has no option `{name}`; {known}", function.name());
                return Err(Diagnostic::new(span, message));
            }
        }
        self.at += 1;
        Ok(())
    }

    /// What is said of a name that is called and is no function. The call has not been read yet.
    fn no_function(&self, name: &str, span: Span) -> Diagnostic {
        let own = self.tokens[..self.at].iter().rev().find(|token| token.token == Token::Name(name.into()));
        let text = own.map_or(name, |token| &token.text);
        let known = instead_of(name);
        let message = match text.split_once('.') {
            Some(("self", name)) => format!(
                "it is not said which function `self.{name}` is; say it in the class: def __init__(self): \
                 self.{name} = np.tanh"
            ),
            Some((owner, name)) => {
                format!("`{owner}` holds arrays here, no function `{name}`; call one by its name: np.tanh(a)")
            }
            None if name == "getattr" => NO_ATTRIBUTE.to_string(),
            None if known.starts_with("there") => format!(
                "a listing has no function `{name}`; write one above the step, def {name}(a): return np.tanh(a), or \
                 hand it over as the last parameter, {name}=np.tanh; {known}"
            ),
            None => format!("a listing has no function `{name}`; {known}"),
        };
        Diagnostic::new(span, message)
    }

    /// Everything up to the last token of what `dtype=` is given: all numbers are of one type here.
    fn skip_dtype(&mut self) {
        while self.sign_at(self.at + 1) == Some(".") {
            self.at += 2;
        }
    }
}

/// What is said of `getattr(np, a)`.
const NO_ATTRIBUTE: &str = "it is not said which function this is; write its name: getattr(np, \"tanh\")";
/// What is said of any other axis.
const WRONG_AXIS: &str = "axis must be 0, 1 or -1: axis=0";

fn axis_of(axis: i64) -> Option<usize> {
    match axis {
        0 | 1 => Some(axis as usize),
        -1 => Some(LAST),
        _ => None,
    }
}
