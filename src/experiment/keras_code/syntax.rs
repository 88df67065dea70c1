//! From tokens to expressions. What the reading of a model does not need is kept as [`Kind::Other`].

use serde_json::Value;

use super::tokens::Token;

/// Expressions nested deeper than this are not read.
const DEEPEST: usize = 60;
/// A statement in which more operations and calls go on from one before, as in `1 + 1 + 1` and `f(x)(y)`, is not read:
/// each is one level more for those who walk the expression.
const MOST_LINKS: usize = 200;

/// An expression and its line.
#[derive(Debug, Clone)]
pub(super) struct Expression {
    pub kind: Kind,
    pub line: usize,
}

/// The kinds of expressions.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// A number, a text, `True`, `False` or `None`.
    Literal(Value),
    /// A name with its dots: `keras.layers.LSTM`.
    Name(String),
    /// A list or tuple.
    List(Vec<Expression>),
    Dictionary(Vec<(Expression, Expression)>),
    Call(Box<Expression>, Vec<Argument>),
    Negate(Box<Expression>),
    Binary(&'static str, Box<Expression>, Box<Expression>),
    /// Anything else.
    Other,
}

/// An argument of a call.
#[derive(Debug, Clone)]
pub(super) struct Argument {
    pub name: Option<String>,
    pub value: Expression,
}

/// The tokens of a statement on their way into expressions.
pub(super) struct Parser<'a> {
    tokens: &'a [(Token, usize)],
    at: usize,
    line: usize,
    depth: usize,
    links: usize,
}

/// The expression could not be read.
pub(super) struct Unreadable;

type Parsed<T> = Result<T, Unreadable>;

impl<'a> Parser<'a> {
    pub fn new(tokens: &'a [(Token, usize)], line: usize) -> Self {
        Self { tokens, at: 0, line, depth: 0, links: 0 }
    }

    /// The expression that all tokens make up; several with commas between them are a tuple.
    pub fn whole(mut self) -> Parsed<Expression> {
        let line = self.here();
        let mut items = self.items(None)?;
        match (items.len(), self.tokens.last()) {
            (1, last) if last.is_none_or(|(token, _)| *token != Token::Sign(",")) => Ok(items.remove(0)),
            (0, _) => Err(Unreadable),
            _ => Ok(Expression { kind: Kind::List(items), line }),
        }
    }

    fn here(&self) -> usize {
        self.tokens.get(self.at).map_or(self.line, |(_, line)| *line)
    }

    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(found)) if *found == sign);
        self.at += usize::from(found);
        found
    }

    /// Expressions with commas between them up to `end`, or to the last token.
    fn items(&mut self, end: Option<&str>) -> Parsed<Vec<Expression>> {
        let mut items = Vec::new();
        loop {
            match end {
                Some(end) if self.takes(end) => return Ok(items),
                None if self.at >= self.tokens.len() => return Ok(items),
                _ => items.push(self.expression()?),
            }
            if !self.takes(",") {
                return match end {
                    Some(end) if self.takes(end) => Ok(items),
                    None if self.at >= self.tokens.len() => Ok(items),
                    _ => Err(Unreadable),
                };
            }
        }
    }

    /// An expression up to what ends one; with an operation that is not known it is something else.
    fn expression(&mut self) -> Parsed<Expression> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Unreadable);
        }
        let line = self.here();
        let is_other = matches!(self.peek(), Some(Token::Name(name)) if ["lambda", "not"].contains(&name.as_str()))
            || matches!(self.peek(), Some(Token::Sign("*" | "**" | "~")));
        let read = if is_other { None } else { Some(self.sum()?) };
        self.depth -= 1;
        match read {
            Some(read) if self.is_end() => Ok(read),
            _ => {
                self.skip();
                Ok(Expression { kind: Kind::Other, line })
            }
        }
    }

    fn is_end(&self) -> bool {
        matches!(self.peek(), None | Some(Token::Sign("," | ")" | "]" | "}" | ":")))
    }

    /// Passes over the rest of an expression.
    fn skip(&mut self) {
        let mut open = 0usize;
        while let Some(token) = self.peek() {
            match token {
                Token::Sign("(" | "[" | "{") => open += 1,
                Token::Sign("," | ")" | "]" | "}") if open == 0 => return,
                Token::Sign(")" | "]" | "}") => open -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }

    fn sum(&mut self) -> Parsed<Expression> {
        self.operations(&["+", "-"], Self::product)
    }

    fn product(&mut self) -> Parsed<Expression> {
        self.operations(&["*", "/", "//", "%"], Self::signed)
    }

    fn operations(
        &mut self,
        signs: &[&'static str],
        operand: fn(&mut Self) -> Parsed<Expression>,
    ) -> Parsed<Expression> {
        let mut left = operand(self)?;
        while let Some(sign) = signs.iter().copied().find(|sign| self.takes(sign)) {
            if matches!(left.kind, Kind::Binary(..)) {
                self.link()?;
            }
            let (line, right) = (left.line, operand(self)?);
            left = Expression { kind: Kind::Binary(sign, Box::new(left), Box::new(right)), line };
        }
        Ok(left)
    }

    /// One more operation or call that goes on from another.
    fn link(&mut self) -> Parsed<()> {
        self.links += 1;
        if self.links > MOST_LINKS { Err(Unreadable) } else { Ok(()) }
    }

    fn signed(&mut self) -> Parsed<Expression> {
        let line = self.here();
        let mut minus = false;
        while let Some(sign) = ["-", "+"].into_iter().find(|sign| self.takes(sign)) {
            minus ^= sign == "-";
        }
        let mut value = self.postfix()?;
        if self.takes("**") {
            self.depth += 1;
            let power = if self.depth > DEEPEST { Err(Unreadable) } else { self.signed() }?;
            self.depth -= 1;
            value = Expression { kind: Kind::Binary("**", Box::new(value), Box::new(power)), line };
        }
        Ok(if minus { Expression { kind: Kind::Negate(Box::new(value)), line } } else { value })
    }

    /// A value with its dots, calls and subscripts.
    fn postfix(&mut self) -> Parsed<Expression> {
        let mut value = self.primary()?;
        loop {
            let line = value.line;
            if self.takes(".") {
                let Some(Token::Name(part)) = self.peek() else { return Err(Unreadable) };
                self.at += 1;
                value.kind = match value.kind {
                    Kind::Name(name) => Kind::Name(format!("{name}.{part}")),
                    _ => Kind::Other,
                };
            } else if self.takes("(") {
                if matches!(value.kind, Kind::Call(..)) {
                    self.link()?;
                }
                let arguments = self.arguments()?;
                value = Expression { kind: Kind::Call(Box::new(value), arguments), line };
            } else if self.takes("[") {
                while !self.takes("]") {
                    self.skip();
                    if !(self.takes(",") || matches!(self.peek(), Some(Token::Sign("]")))) {
                        return Err(Unreadable);
                    }
                }
                value.kind = Kind::Other;
            } else {
                return Ok(value);
            }
        }
    }

    fn arguments(&mut self) -> Parsed<Vec<Argument>> {
        let mut arguments = Vec::new();
        while !self.takes(")") {
            let name = match (self.tokens.get(self.at), self.tokens.get(self.at + 1)) {
                (Some((Token::Name(name), _)), Some((Token::Sign("="), _))) => {
                    self.at += 2;
                    Some(name.clone())
                }
                _ => None,
            };
            arguments.push(Argument { name, value: self.expression()? });
            if !(self.takes(",") || matches!(self.peek(), Some(Token::Sign(")")))) {
                return Err(Unreadable);
            }
        }
        Ok(arguments)
    }

    fn primary(&mut self) -> Parsed<Expression> {
        let line = self.here();
        let Some(token) = self.peek() else { return Err(Unreadable) };
        self.at += 1;
        let kind = match token {
            Token::Literal(value) => Kind::Literal(self.joined(value)),
            Token::Name(name) => match name.as_str() {
                "True" => Kind::Literal(true.into()),
                "False" => Kind::Literal(false.into()),
                "None" => Kind::Literal(Value::Null),
                _ => Kind::Name(name.clone()),
            },
            Token::Sign("[") => Kind::List(self.items(Some("]"))?),
            Token::Sign("(") => return self.parentheses(line),
            Token::Sign("{") => Kind::Dictionary(self.entries()?),
            Token::Sign(_) => return Err(Unreadable),
        };
        Ok(Expression { kind, line })
    }

    /// Texts that stand one behind the other are one.
    fn joined(&mut self, first: &Value) -> Value {
        let Value::String(first) = first else { return first.clone() };
        let mut text = first.clone();
        while let Some(Token::Literal(Value::String(next))) = self.peek() {
            text.push_str(next);
            self.at += 1;
        }
        text.into()
    }

    /// A tuple, or an expression in parentheses.
    fn parentheses(&mut self, line: usize) -> Parsed<Expression> {
        let mut items = self.items(Some(")"))?;
        let comma =
            self.tokens.get(self.at.wrapping_sub(2)).is_some_and(|(token, _)| *token == Token::Sign(","));
        match items.len() {
            1 if !comma => Ok(items.remove(0)),
            _ => Ok(Expression { kind: Kind::List(items), line }),
        }
    }

    fn entries(&mut self) -> Parsed<Vec<(Expression, Expression)>> {
        let mut entries = Vec::new();
        while !self.takes("}") {
            let key = self.expression()?;
            let value = if self.takes(":") {
                self.expression()?
            } else {
                Expression { kind: Kind::Other, line: key.line }
            };
            entries.push((key, value));
            if !(self.takes(",") || matches!(self.peek(), Some(Token::Sign("}")))) {
                return Err(Unreadable);
            }
        }
        Ok(entries)
    }
}
