//! The function around the expressions: head, assignments, return.

use super::MOST_MISTAKES;
use super::expression::is_operator;
use super::lines::Function;
use super::program::{beginning, not_imported};
use super::reader::Reader;
use super::returned::{Returned, returned};
use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::functions::{Dialect, is_reserved};
use crate::listing::language::tokens::{Located, LogicalLine, Token};
use crate::listing::language::tree::{
    Binary, Definition, Expression, ExpressionKind, Parameter, Statement, Target,
};

/// Reads the lines of one function and collects what is wrong.
pub(super) struct Body<'a> {
    pub(super) dialect: Dialect,
    /// Whether this is the step, and not one of its helpers.
    pub(super) is_step: bool,
    /// The functions that may be called, beside those of numpy.
    pub(super) helpers: &'a [Definition],
    /// Names of tuples: what some cells return for the way back.
    pub(super) caches: Vec<String>,
    /// The first parameter.
    input: String,
    pub(super) mistakes: Vec<Diagnostic>,
}

/// The kinds of lines in a body.
enum Line {
    Assignments(Vec<Statement>),
    Return(Vec<Expression>, Span),
    /// A text in quotes, `pass`.
    Nothing,
}

impl<'a> Body<'a> {
    pub(super) fn new(
        (dialect, is_step): (Dialect, bool),
        helpers: &'a [Definition],
        mistakes: Vec<Diagnostic>,
    ) -> Self {
        Self { dialect, is_step, helpers, caches: Vec::new(), input: String::new(), mistakes }
    }

    fn mistake(&mut self, span: Span, message: impl Into<String>) {
        self.mistakes.push(Diagnostic::new(span, message));
    }

    /// A line that could not even be cut into pieces is not complained about twice.
    fn unless_known(&mut self, mistake: Diagnostic) {
        if !self.mistakes.iter().any(|known| known.line == mistake.line) {
            self.mistakes.push(mistake);
        }
    }

    /// The whole function; `None` after mistakes without which there is none.
    pub(super) fn definition(&mut self, function: Option<&Function>, source: &str) -> Option<Definition> {
        let Some(Function { head, body, weights, .. }) = function else {
            if self.mistakes.is_empty() {
                self.mistake(beginning(), "there is no listing yet; begin with `def step(x, h, W, U, b):`");
            }
            return None;
        };
        let (mut definition, parameters) = match self.head(head) {
            Ok(read) => read,
            Err(mistake) => {
                self.unless_known(mistake);
                return None;
            }
        };
        self.input = parameters.all.first().map(|p| p.name.clone()).unwrap_or_default();
        let indent = body.iter().find(|line| !line.joined).map_or(0, |line| line.indent);
        let mut returned = false;
        // The lines below a line that cannot be read belong to it.
        let mut below: Option<usize> = None;
        for line in body {
            if below.is_some_and(|indent| line.joined || line.indent > indent) {
                continue;
            }
            below = None;
            let start = line.tokens[0].span;
            // No more of them are reported.
            if self.mistakes.len() > MOST_MISTAKES {
                break;
            }
            if returned {
                self.mistake(start, "nothing may follow return; move this line before it or remove it");
                break;
            }
            if !line.joined && (line.indent == 0 || line.indent != indent) {
                let wanted = if indent == 0 { 4 } else { indent };
                let message =
                    format!("indent this line by {wanted} spaces, like the other lines of the function");
                self.mistake(start, message);
            }
            if let Some(cache) = self.cache(line, &parameters.all) {
                self.caches.push(cache);
                continue;
            }
            match self.line(line) {
                Ok(Line::Assignments(statements)) => definition.body.extend(statements),
                Ok(Line::Return(values, span)) => {
                    definition.return_comment = line.comment.clone();
                    definition.return_above = line.above.clone();
                    (definition.returns, definition.return_span) = (values, span);
                    returned = true;
                }
                Ok(Line::Nothing) => {}
                Err(mistake) => {
                    returned = matches!(&line.tokens[0].token, Token::Name(word) if word == "return");
                    let goes_on = |sign| sign == ":" || is_operator(sign);
                    let last = line.tokens.last().map(|t| &t.token);
                    let begins = matches!(last, Some(Token::Sign(sign)) if goes_on(sign));
                    below = begins.then_some(line.indent);
                    self.unless_known(mistake);
                }
            }
        }
        if !returned && self.mistakes.is_empty() {
            let line = source.lines().count().max(1);
            let column = source.lines().last().map_or(1, |l| l.chars().count() + 1);
            self.mistake(
                Span { line, column, length: 1 },
                "the function does not return anything; end it with return and the new states: return h",
            );
        }
        self.settle(&mut definition, parameters, weights);
        self.mistakes.is_empty().then_some(definition)
    }

    /// The name of a tuple, `cache = (h, c, x)`: values that are shown anyway, kept for the way back.
    fn cache(&self, line: &LogicalLine, parameters: &[Parameter]) -> Option<String> {
        let mut reader = Reader::new(line, self.dialect, self.helpers);
        let (name, _) = reader.name()?;
        let is_new = self.dialect == Dialect::Step && parameters.iter().all(|p| p.name != name);
        let is_tuple = is_new && reader.take("=") && reader.next_sign() != Some("[");
        let is_dictionary =
            reader.next_sign() == Some("{") || reader.peek().is_some_and(|t| t.text == "dict");
        if is_tuple && is_dictionary {
            return Some(name.to_string());
        }
        let values = is_tuple.then(|| reader.values().ok()).flatten()?;
        (values.len() > 1 && reader.peek().is_none()).then(|| name.to_string())
    }

    fn line(&self, line: &LogicalLine) -> Result<Line, Diagnostic> {
        let mut reader = Reader::new(line, self.dialect, self.helpers);
        let start = reader.here();
        if let Token::Text(_) = &line.tokens[0].token {
            return Ok(Line::Nothing);
        }
        if let Token::Name(word) = &line.tokens[0].token {
            let message = match word.as_str() {
                "return" => {
                    return returned(reader, &self.input)
                        .map(|Returned(values, span)| Line::Return(values, span));
                }
                "pass" => return Ok(Line::Nothing),
                "if" | "elif" | "else" => {
                    "this belongs to no condition; write if n > 2: and its block above it"
                }
                "import" | "from" => return Err(Diagnostic::new(start, not_imported(line))),
                // Every value is shown anyway, and shapes are checked.
                "print" | "assert" | "global" | "nonlocal" | "del" if reader.sign_at(1) != Some("=") => {
                    return Ok(Line::Nothing);
                }
                "def" | "raise" | "with" | "try" | "class" => {
                    "a line of a listing is an assignment like h = np.tanh(a), or return h"
                }
                _ => "",
            };
            if !message.is_empty() {
                return Err(Diagnostic::new(start, message));
            }
        }
        if says_nothing(&line.tokens) {
            return Ok(Line::Nothing);
        }
        let mut targets = vec![self.targets(&mut reader)?];
        let grows = match reader.next_sign() {
            Some(sign) if targets[0].len() == 1 => Binary::augmented(sign),
            _ => None,
        };
        reader.at += usize::from(grows.is_some());
        // In an adjoint a part grows; elsewhere it gets a new value.
        let adds =
            grows == Some(Binary::Add) && self.dialect == Dialect::Adjoint && targets[0][0].part.is_some();
        let grows = grows.filter(|_| !adds);
        // `a = b = value`
        while grows.is_none() && reader.assigns_again() {
            targets.push(self.targets(&mut reader)?);
        }
        let mut value = self.value(&mut reader, &targets)?;
        if let Some(operation) = grows {
            let target = &targets[0][0];
            let mut left = Expression { kind: ExpressionKind::Name(target.name.clone()), span: target.span };
            if let Some(part) = &target.part {
                left.kind = ExpressionKind::Subscript(Box::new(left.clone()), part.clone());
            }
            let span = left.span.to(value.span);
            value =
                Expression { kind: ExpressionKind::Binary(operation, Box::new(left), Box::new(value)), span };
        }
        let span = start.to(reader.before());
        let mut statements = Vec::new();
        while let Some(names) = targets.pop() {
            let names_part = names[0].part.is_some();
            let copied =
                Expression { kind: ExpressionKind::Name(names[0].name.clone()), span: names[0].span };
            statements.push(Statement {
                targets: names,
                value: std::mem::replace(&mut value, copied),
                in_place: if names_part { adds } else { grows.is_some() },
                comment: line.comment.clone().filter(|_| targets.is_empty()),
                above: if statements.is_empty() { line.above.clone() } else { Vec::new() },
                span,
                last_line: line.last_line,
            });
        }
        Ok(Line::Assignments(statements))
    }

    /// What is assigned: one value, or as many as there are names.
    fn value(&self, reader: &mut Reader, targets: &[Vec<Target>]) -> Result<Expression, Diagnostic> {
        let several = targets.iter().map(Vec::len).max().unwrap_or(1);
        if let Some(lengths) = self.lengths(reader, &targets[0])? {
            return Ok(lengths);
        }
        if reader.sign_at(reader.at.wrapping_sub(2)) == Some(",") && several == 1 {
            let value = reader.expression()?;
            Self::end_of_statement(reader)?;
            let span = value.span;
            return Ok(Expression { kind: ExpressionKind::Tuple(vec![value]), span });
        }
        if several > 1
            && let Some(value) = reader.each()?
        {
            Self::end_of_statement(reader)?;
            return Ok(value);
        }
        let first = if several > 1 { reader.values()? } else { vec![reader.expression()?] };
        if first.is_empty() {
            return Err(reader.expected("a value"));
        }
        match <[Expression; 1]>::try_from(first) {
            Ok([value]) => {
                Self::end_of_statement(reader)?;
                Ok(value)
            }
            Err(values) if targets.len() == 1 && several > 1 => {
                Self::end_of_statement(reader)?;
                let span = values[0].span.to(reader.before());
                if values.len() != several {
                    let message =
                        format!("{several} names stand left of =, but {} values right of it", values.len());
                    return Err(Diagnostic::new(span, message));
                }
                Ok(Expression { kind: ExpressionKind::Tuple(values), span })
            }
            Err(_) => Err(reader.expected("a value")),
        }
    }

    /// `d, n = W.shape`: one length for each name.
    fn lengths(&self, reader: &mut Reader, targets: &[Target]) -> Result<Option<Expression>, Diagnostic> {
        let end = reader.tokens.len();
        let is_shape = matches!(reader.tokens.last().map(|t| &t.token), Some(Token::Name(name)) if name == "shape")
            && reader.sign_at(end - 2) == Some(".");
        let bracket = usize::from(reader.sign_at(reader.at - 2) == Some(")"));
        let one = targets.len() == 1 && reader.sign_at(reader.at.saturating_sub(2 + bracket)) != Some(",");
        if !is_shape || one || targets.len() > 2 {
            return Ok(None);
        }
        let all = reader.tokens;
        reader.tokens = &all[..end - 2];
        let of = reader.expression()?;
        Self::end_of_statement(reader)?;
        (reader.tokens, reader.at) = (all, end);
        let span = of.span;
        let length = |axis| Expression { kind: ExpressionKind::Length(Box::new(of.clone()), axis), span };
        Ok(Some(Expression { kind: ExpressionKind::Tuple((0..targets.len()).map(length).collect()), span }))
    }

    fn end_of_statement(reader: &Reader) -> Result<(), Diagnostic> {
        let message = match reader.next_sign() {
            None if reader.peek().is_none() => return Ok(()),
            Some(",") => {
                "a name holds one array; write np.stack([a, b]) or np.concatenate([a, b])".to_string()
            }
            _ => match reader.peek().map(|t| &t.token) {
                Some(Token::Name(word)) if matches!(word.as_str(), "and" | "or") => logic(word),
                _ => format!("expected an operation or the end of the line, found {}", reader.found()),
            },
        };
        Err(Diagnostic::new(reader.here(), message))
    }

    /// `h =`, `a, b =`, `(a, b) =`, and `a[0] +=` in adjoints.
    fn targets(&self, reader: &mut Reader) -> Result<Vec<Target>, Diagnostic> {
        let bracket = if reader.take("(") { Some(")") } else { reader.take("[").then_some("]") };
        let mut targets = Vec::new();
        let calls = reader.peek().is_some_and(|first| first.text == "np")
            && reader.sign_at(reader.at + 1) == Some(".");
        while let Some((name, span)) = reader.name().filter(|_| !calls) {
            check_name(name, span)?;
            targets.push(Target { name: name.to_string(), part: None, span });
            if !reader.take(",") {
                break;
            }
        }
        if targets.is_empty() {
            let message = format!(
                "a line begins with the name it assigns, as in h = np.tanh(a), found {}",
                reader.found()
            );
            return Err(Diagnostic::new(reader.here(), message));
        }
        if let Some(close) = bracket {
            reader.expect(close, "to close the names")?;
        }
        let at = reader.here();
        match reader.next_sign() {
            Some("=") => reader.at += 1,
            Some("[") if targets.len() == 1 => {
                reader.at += 1;
                targets[0].part = Some(reader.subscripts()?);
                if !reader.take("=") && reader.next_sign().and_then(Binary::augmented).is_none() {
                    return Err(reader.expected("`=` after the part"));
                }
            }
            Some("+=" | "-=" | "*=" | "/=" | "@=" | "**=" | "%=" | "//=") if targets.len() == 1 => {
                return Ok(targets);
            }
            Some(":") if targets.len() == 1 => {
                reader.at += 1;
                reader.skip_hint();
                reader.expect("=", "and a value after the name")?;
            }
            _ => {
                let message = format!("expected `=` after the name, found {}", reader.found());
                return Err(Diagnostic::new(at, message));
            }
        }
        let again = |(k, t): &(usize, &Target)| t.name != "_" && targets[..*k].contains(t);
        if let Some((_, twice)) = targets.iter().enumerate().find(again) {
            let message =
                format!("`{}` is assigned twice on one line; give each part its own name", twice.name);
            return Err(Diagnostic::new(targets[0].span, message));
        }
        Ok(targets)
    }
}

/// `cache = None`, and `z: np.ndarray` without a value.
fn says_nothing(tokens: &[Located]) -> bool {
    let is = |token: &Located, name: &str| token.token == Token::Name(name.into());
    let sign = |sign: &'static str| tokens.iter().position(|t| t.token == Token::Sign(sign));
    match (sign("="), sign(":")) {
        (Some(at), _) => {
            let values = &tokens[at + 1..];
            values.iter().any(|t| is(t, "None"))
                && values.iter().all(|t| is(t, "None") || t.token == Token::Sign(","))
        }
        (None, at) => at == Some(1) && tokens.len() > 2,
    }
}

pub(super) fn check_name(name: &str, span: Span) -> Result<(), Diagnostic> {
    if is_reserved(name) {
        let message = format!("`{name}` already has a meaning; choose another name, such as {name}_1");
        return Err(Diagnostic::new(span, message));
    }
    Ok(())
}

/// What to write for `and`, `or` and `not`.
pub(super) fn logic(word: &str) -> String {
    format!(
        "a listing has no `{word}`; multiply comparisons where both must hold, (a > 0) * (a < 1), and write \
         1 - (a > 0) for the opposite"
    )
}
