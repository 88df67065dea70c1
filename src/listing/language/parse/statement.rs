//! The function around the expressions: head, assignments, return.

use super::reader::Reader;
use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::functions::{Dialect, is_reserved};
use crate::listing::language::tokens::{LogicalLine, Token};
use crate::listing::language::tree::{Definition, Expression, Parameter, Statement, Target};

/// `x`, states and weights together.
const MOST_PARAMETERS: usize = 64;

/// Reads the lines of one function and collects what is wrong.
pub(super) struct Body {
    dialect: Dialect,
    pub(super) mistakes: Vec<Diagnostic>,
}

/// What is wrong with `import numpy as np`, `from os import path`.
fn not_imported(line: &LogicalLine) -> String {
    match line.tokens.get(1).map(|located| located.text.as_str()) {
        Some("numpy") | None => "np is already there: remove this line".to_string(),
        Some(module) => format!(
            "`{module}` cannot be imported: a listing has np, sigmoid, hard_sigmoid, relu and softmax, and nothing is \
             imported; remove this line"
        ),
    }
}

/// The kinds of lines in a body.
enum Line {
    Assignment(Statement),
    Return(Vec<Expression>, Span),
}

impl Body {
    pub(super) fn new(dialect: Dialect, mistakes: Vec<Diagnostic>) -> Self {
        Self { dialect, mistakes }
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
    pub(super) fn definition(&mut self, lines: &[LogicalLine], source: &str) -> Option<Definition> {
        let Some((head, body)) = lines.split_first() else {
            if self.mistakes.is_empty() {
                let span = Span { line: 1, column: 1, length: 1 };
                self.mistake(span, "there is no listing yet; begin with `def step(x, h, W, U, b):`");
            }
            return None;
        };
        let mut definition = match self.head(head) {
            Ok(definition) => definition,
            Err(mistake) => {
                self.unless_known(mistake);
                return None;
            }
        };
        let indent = body.first().map_or(0, |line| line.indent);
        let mut returned = false;
        for line in body {
            let start = line.tokens[0].span;
            if returned {
                self.mistake(start, "nothing may follow return; move this line before it or remove it");
                break;
            }
            if line.indent == 0 || line.indent != indent {
                let wanted = if indent == 0 { 4 } else { indent };
                let message =
                    format!("indent this line by {wanted} spaces, like the other lines of the function");
                self.mistake(start, message);
            }
            match self.line(line) {
                Ok(Line::Assignment(statement)) => definition.body.push(statement),
                Ok(Line::Return(values, span)) => {
                    definition.return_comment = line.comment.clone();
                    definition.return_above = line.above.clone();
                    (definition.returns, definition.return_span) = (values, span);
                    returned = true;
                }
                Err(mistake) => {
                    returned = matches!(&line.tokens[0].token, Token::Name(word) if word == "return");
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
        self.mistakes.is_empty().then_some(definition)
    }

    /// `def step(x, h, W, U, b):`
    fn head(&self, line: &LogicalLine) -> Result<Definition, Diagnostic> {
        let mut reader = Reader::new(line, self.dialect);
        let start = reader.here();
        let example = "`def step(x, h, W, U, b):`";
        match reader.name() {
            Some(("def", _)) if line.indent == 0 => {}
            Some(("def", _)) => {
                return Err(Diagnostic::new(start, "def must stand at the beginning of the line"));
            }
            Some(("import" | "from", _)) => {
                let message = format!("{} and begin with {example}", not_imported(line));
                return Err(Diagnostic::new(start, message));
            }
            _ => return Err(Diagnostic::new(start, format!("a listing begins with {example}"))),
        }
        let wanted = if self.dialect == Dialect::Adjoint { "step_back" } else { "step" };
        let name = match reader.name() {
            Some((name, _)) if name == wanted => name.to_string(),
            Some((name, span)) => {
                return Err(Diagnostic::new(
                    span,
                    format!("the function must be called {wanted}, found `{name}`"),
                ));
            }
            None => return Err(reader.expected(&format!("the name {wanted} after def"))),
        };
        reader.expect("(", &format!("after def {wanted}"))?;
        let parameters = self.parameters(&mut reader)?;
        let close = reader.expect(")", "after the parameters")?;
        if reader.next_sign() == Some("->") {
            return Err(Diagnostic::new(reader.here(), "a listing has no type hints; write ): here"));
        }
        reader.expect(":", "at the end of the line with def")?;
        if reader.peek().is_some() {
            return Err(Diagnostic::new(
                reader.here(),
                "begin the first statement on a new line, indented by 4 spaces",
            ));
        }
        Ok(Definition {
            above: line.above.clone(),
            name,
            parameters,
            comment: line.comment.clone(),
            body: Vec::new(),
            returns: Vec::new(),
            return_comment: None,
            return_above: Vec::new(),
            return_span: close,
            span: start.to(close),
        })
    }

    fn parameters(&self, reader: &mut Reader) -> Result<Vec<Parameter>, Diagnostic> {
        let mut parameters: Vec<Parameter> = Vec::new();
        while let Some((name, span)) = reader.name() {
            check_name(name, span)?;
            if parameters.iter().any(|p| p.name == name) {
                let message = format!("the parameter `{name}` is there twice; give one of them another name");
                return Err(Diagnostic::new(span, message));
            }
            parameters.push(Parameter { name: name.to_string(), span });
            match reader.next_sign() {
                Some("=") => {
                    let message = "a parameter has no default value; its value is given from outside";
                    return Err(Diagnostic::new(reader.here(), message));
                }
                Some(":") => {
                    return Err(Diagnostic::new(reader.here(), "a listing has no type hints; remove it"));
                }
                _ => {}
            }
            if !reader.take(",") {
                break;
            }
        }
        let most = if self.dialect == Dialect::Adjoint { 2 * MOST_PARAMETERS } else { MOST_PARAMETERS };
        if parameters.len() > most {
            let message = format!("a listing may have {most} parameters, this one has {}", parameters.len());
            return Err(Diagnostic::new(reader.before(), message));
        }
        Ok(parameters)
    }

    fn line(&self, line: &LogicalLine) -> Result<Line, Diagnostic> {
        let mut reader = Reader::new(line, self.dialect);
        let start = reader.here();
        if let Token::Name(word) = &line.tokens[0].token {
            let message = match word.as_str() {
                "return" => return returns(reader),
                "def" => "a listing is one function; remove this second def",
                "for" | "while" => "a listing describes one step; the loop over time is outside of it",
                "if" | "elif" | "else" => {
                    "a listing has no if; mix two values with a gate: f * a + (1 - f) * b"
                }
                "import" | "from" => return Err(Diagnostic::new(start, not_imported(line))),
                "pass" | "print" | "assert" | "del" | "global" | "raise" | "with" | "try" => {
                    "a line of a listing is an assignment like h = np.tanh(a), or return h"
                }
                _ => "",
            };
            if !message.is_empty() {
                return Err(Diagnostic::new(start, message));
            }
        }
        let targets = self.targets(&mut reader)?;
        let value = reader.expression()?;
        self.end_of_statement(&reader, &targets)?;
        let span = start.to(reader.before());
        Ok(Line::Assignment(Statement {
            targets,
            value,
            comment: line.comment.clone(),
            above: line.above.clone(),
            span,
            last_line: line.last_line,
        }))
    }

    fn end_of_statement(&self, reader: &Reader, targets: &[Target]) -> Result<(), Diagnostic> {
        let message = match reader.next_sign() {
            None if reader.peek().is_none() => return Ok(()),
            Some("=") => "assign one name on each line: a = b, then c = a".to_string(),
            Some(",") if targets.len() > 1 => {
                "give each name a line of its own; several names at once take their values from np.split(a, n)".into()
            }
            Some(",") => "a name holds one array; write np.stack([a, b]) or np.concatenate([a, b])".to_string(),
            _ => match reader.peek().map(|t| &t.token) {
                Some(Token::Name(word)) if word == "if" => {
                    "a listing has no if; mix two values with a gate: f * a + (1 - f) * b".to_string()
                }
                _ => format!("expected an operation or the end of the line, found {}", reader.found()),
            },
        };
        Err(Diagnostic::new(reader.here(), message))
    }

    /// `h =`, `a, b =`, `(a, b) =`, and `a[0] +=` in adjoints.
    fn targets(&self, reader: &mut Reader) -> Result<Vec<Target>, Diagnostic> {
        let bracket = reader.take("(");
        let mut targets = Vec::new();
        while let Some((name, span)) = reader.name() {
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
        if bracket {
            reader.expect(")", "to close the names")?;
        }
        let at = reader.here();
        match reader.next_sign() {
            Some("=") => reader.at += 1,
            Some("[") if self.dialect == Dialect::Adjoint => {
                reader.at += 1;
                targets[0].part = Some(reader.subscripts()?);
                reader.expect("+=", "after the part that grows")?;
            }
            Some("[") => {
                let message =
                    "only whole names can be assigned; build the array with np.concatenate or np.stack";
                return Err(Diagnostic::new(at, message));
            }
            Some(sign @ ("+=" | "-=" | "*=" | "/=" | "@=" | "**=")) => {
                let (name, sign) = (&targets[0].name, sign.trim_end_matches('='));
                return Err(Diagnostic::new(at, format!("write {name} = {name} {sign} …")));
            }
            Some(":") => {
                return Err(Diagnostic::new(at, "a listing has no type hints; write = after the name"));
            }
            _ => {
                let message = format!("expected `=` after the name, found {}", reader.found());
                return Err(Diagnostic::new(at, message));
            }
        }
        let mut names: Vec<&str> = targets.iter().map(|t| t.name.as_str()).filter(|n| *n != "_").collect();
        names.sort_unstable();
        if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            let message =
                format!("`{}` is assigned twice on one line; give each part its own name", twice[0]);
            return Err(Diagnostic::new(targets[0].span, message));
        }
        Ok(targets)
    }
}

fn check_name(name: &str, span: Span) -> Result<(), Diagnostic> {
    if is_reserved(name) {
        let message = format!("`{name}` already has a meaning; choose another name, such as {name}_1");
        return Err(Diagnostic::new(span, message));
    }
    Ok(())
}

/// `return h, c` or `return (h, c)`.
fn returns(mut reader: Reader) -> Result<Line, Diagnostic> {
    let start = reader.here();
    reader.at += 1;
    if reader.peek().is_none() {
        return Err(Diagnostic::new(start, "return needs the new states: return h"));
    }
    let all = reader.tokens;
    let mut values = Vec::new();
    if wraps_everything(&reader) {
        reader.at += 1;
        reader.tokens = &all[..all.len() - 1];
    }
    while reader.peek().is_some() {
        values.push(reader.expression()?);
        if !reader.take(",") {
            break;
        }
    }
    if reader.peek().is_some() {
        return Err(reader.expected("a comma or the end of the line"));
    }
    if values.is_empty() {
        return Err(Diagnostic::new(start, "return needs the new states: return h"));
    }
    Ok(Line::Return(values, start.to(reader.before())))
}

/// Whether the parenthesis that opens here closes at the very end.
fn wraps_everything(reader: &Reader) -> bool {
    let mut open = 0usize;
    for at in reader.at..reader.tokens.len() {
        match reader.sign_at(at) {
            Some("(" | "[") => open += 1,
            Some(")" | "]") => open = open.saturating_sub(1),
            _ => {}
        }
        if open == 0 {
            return at + 1 == reader.tokens.len() && at > reader.at;
        }
    }
    false
}
