//! Statements and their blocks.

use std::rc::Rc;

use crate::listing::{Diagnostic, LogicalLine, Span, Token, tokenize};

use super::as_name;
use super::cursor::{Cursor, Read, of_complex};
use super::tree::*;

/// Reads a whole script.
pub(in crate::script) fn parse(source: &str) -> Result<Vec<Statement>, Vec<Diagnostic>> {
    let (lines, mistakes) = tokenize(source);
    if !mistakes.is_empty() {
        return Err(mistakes.into_iter().map(of_complex).collect());
    }
    let source: Vec<&str> = source.lines().map(|line| line.trim_start_matches('\u{feff}')).collect();
    let mut reader = Reader { lines: &lines, next: 0, source: &source, depth: 0, decorators: vec![] };
    let first = reader.lines.first().map_or(0, |line| line.indent);
    let body = reader.block(first).map_err(|mistake| vec![mistake])?;
    match reader.lines.get(reader.next) {
        None => Ok(body),
        Some(line) => Err(vec![Diagnostic::new(
            span_of(line),
            "this line is indented otherwise than the lines before it; give it the same indentation as its block",
        )]),
    }
}

fn span_of(line: &LogicalLine) -> Span {
    line.tokens.first().map(|token| token.span).unwrap_or_default()
}

pub(super) struct Reader<'a> {
    pub(super) lines: &'a [LogicalLine],
    pub(super) next: usize,
    pub(super) source: &'a [&'a str],
    depth: usize,
    /// The decorators above the next function or class.
    pub(super) decorators: Vec<String>,
}

/// What a script cannot have, and what to do instead.
const OUTSIDE: [(&str, &str); 2] = [
    ("with", "`with` is not read here; write the lines of its block without it"),
    ("async", "`async` is not read here; write a plain function"),
];

impl<'a> Reader<'a> {
    /// All lines with this indentation.
    fn block(&mut self, indent: usize) -> Read<Vec<Statement>> {
        let mut body = Vec::new();
        while let Some(line) = self.lines.get(self.next).filter(|line| line.indent == indent) {
            self.next += 1;
            if self.decorator(line)? {
                continue;
            }
            match self.wrapped(line)? {
                Some(inner) => body.extend(inner),
                None => body.push(self.statement(line)?),
            }
        }
        if let Some(line) = self.lines.get(self.next).filter(|line| line.indent > indent) {
            let message = "this line is indented further than the line before; indent both alike";
            return Err(Diagnostic::new(span_of(line), message));
        }
        Ok(body)
    }

    fn statement(&mut self, line: &'a LogicalLine) -> Read<Statement> {
        let mut cursor = Cursor::new(line, self.source);
        let span = span_of(line);
        let word = match line.tokens.first().map(|token| &token.token) {
            Some(Token::Name(word)) => word.as_str(),
            _ => "",
        };
        if let Some((_, advice)) = OUTSIDE.iter().find(|(name, _)| *name == word) {
            return Err(Diagnostic::new(span, *advice));
        }
        let kind = match word {
            "for" => self.for_loop(&mut cursor, line)?,
            "while" => {
                cursor.take();
                let test = cursor.expression()?;
                StatementKind::While(test, self.body(&mut cursor, line)?)
            }
            "if" => self.condition(&mut cursor, line)?,
            "def" => self.function(&mut cursor, line)?,
            "class" => self.class(&mut cursor, line)?,
            _ => simple(&mut cursor, word)?,
        };
        Ok(Statement { kind, span: cursor.since(span), comment: line.comment.clone() })
    }

    /// The block behind a colon: the rest of the line, or the lines that are indented further.
    pub(super) fn body(&mut self, cursor: &mut Cursor<'a>, line: &'a LogicalLine) -> Read<Vec<Statement>> {
        cursor.need_sign(":")?;
        if !cursor.is_done() {
            return self.same_line(cursor, line);
        }
        self.depth += 1;
        if self.depth > MOST_NESTED {
            return Err(Diagnostic::new(
                cursor.span(),
                "these blocks are nested too deeply; make one a function",
            ));
        }
        let Some(first) = self.lines.get(self.next).filter(|next| next.indent > line.indent) else {
            return Err(Diagnostic::new(
                cursor.span(),
                "a block belongs behind this colon; indent the next lines",
            ));
        };
        let body = self.block(first.indent)?;
        self.depth -= 1;
        Ok(body)
    }

    fn same_line(&mut self, cursor: &mut Cursor<'a>, line: &LogicalLine) -> Read<Vec<Statement>> {
        let mut body = Vec::new();
        loop {
            let span = cursor.span();
            let word = match cursor.peek().map(|at| &at.token) {
                Some(Token::Name(word)) => word.as_str(),
                _ => "",
            };
            let kind = simple(cursor, word)?;
            let comment = line.comment.clone();
            body.push(Statement { kind, span: cursor.since(span), comment });
            // What stands behind `;` is a line of its own.
            let Some(next) = self.lines.get(self.next).filter(|next| next.joined) else { return Ok(body) };
            self.next += 1;
            *cursor = Cursor::new(next, self.source);
        }
    }

    fn for_loop(&mut self, cursor: &mut Cursor<'a>, line: &'a LogicalLine) -> Read<StatementKind> {
        cursor.take();
        let target = cursor.targets()?;
        cursor.need_word("in")?;
        let over = cursor.expressions()?;
        let body = self.body(cursor, line)?;
        let mut otherwise = vec![];
        if let Some(next) =
            self.lines.get(self.next).filter(|next| begins(next, "else") && next.indent == line.indent)
        {
            self.next += 1;
            let mut cursor = Cursor::new(next, self.source);
            cursor.take();
            otherwise = self.body(&mut cursor, next)?;
        }
        Ok(StatementKind::For(Rc::new(For { target, over, body, otherwise })))
    }

    fn condition(&mut self, cursor: &mut Cursor<'a>, line: &'a LogicalLine) -> Read<StatementKind> {
        cursor.take();
        let test = cursor.expression()?;
        let mut branches = vec![(test, self.body(cursor, line)?)];
        while let Some(next) = self.lines.get(self.next).filter(|next| next.indent == line.indent) {
            let (is_elif, is_else) = (begins(next, "elif"), begins(next, "else"));
            if !is_elif && !is_else {
                break;
            }
            self.next += 1;
            let mut cursor = Cursor::new(next, self.source);
            cursor.take();
            if is_else {
                return Ok(StatementKind::If(branches, self.body(&mut cursor, next)?));
            }
            let test = cursor.expression()?;
            branches.push((test, self.body(&mut cursor, next)?));
        }
        Ok(StatementKind::If(branches, vec![]))
    }

    fn function(&mut self, cursor: &mut Cursor<'a>, line: &'a LogicalLine) -> Read<StatementKind> {
        cursor.take();
        let decorators = std::mem::take(&mut self.decorators);
        let is = |wanted: &str| decorators.iter().any(|name| name == wanted);
        let method = match () {
            () if is("staticmethod") => Method::Static,
            () if is("classmethod") => Method::OfClass,
            () if is("property") || is("cached_property") => Method::Property,
            () => Method::OfObject,
        };
        let name = cursor.need_name("the name of the function")?;
        cursor.need_sign("(")?;
        let parameters = cursor.parameters(")")?;
        if cursor.take_sign("->") {
            cursor.expression()?;
        }
        let body = self.body(cursor, line)?;
        Ok(StatementKind::Function(Rc::new(Function {
            is_generator: yields(&body),
            name,
            parameters,
            body,
            method,
        })))
    }
}

pub(super) fn begins(line: &LogicalLine, word: &str) -> bool {
    matches!(line.tokens.first().map(|token| &token.token), Some(Token::Name(name)) if name == word)
}

/// A statement without a block.
fn simple(cursor: &mut Cursor, word: &str) -> Read<StatementKind> {
    let kind = match word {
        "pass" | "break" | "continue" => {
            cursor.take();
            match word {
                "pass" => StatementKind::Pass,
                "break" => StatementKind::Break,
                _ => StatementKind::Continue,
            }
        }
        "return" => {
            cursor.take();
            StatementKind::Return(if cursor.is_done() { None } else { Some(cursor.expressions()?) })
        }
        "yield" => {
            cursor.take();
            let is_all = cursor.take_word("from");
            StatementKind::Yield(if cursor.is_done() { None } else { Some(cursor.expressions()?) }, is_all)
        }
        "global" | "nonlocal" => {
            cursor.take();
            let mut names = vec![cursor.need_name("a name")?];
            while cursor.take_sign(",") {
                names.push(cursor.need_name("a name")?);
            }
            StatementKind::Outside(names)
        }
        "raise" => {
            cursor.take();
            let error = if cursor.is_done() { None } else { Some(cursor.expression()?) };
            // `raise … from error`
            while !cursor.is_done() {
                cursor.take();
            }
            StatementKind::Raise(error)
        }
        "import" | "from" => import(cursor)?,
        "assert" => {
            cursor.take();
            let test = cursor.expression()?;
            if cursor.take_sign(",") {
                cursor.expression()?;
            }
            StatementKind::Assert(test)
        }
        "del" => {
            cursor.take();
            let targets = cursor.targets()?;
            StatementKind::Delete(match targets.kind {
                ExpressionKind::Tuple(all) => all,
                _ => vec![targets],
            })
        }
        _ => return assignment(cursor),
    };
    cursor.end()?;
    Ok(kind)
}

fn assignment(cursor: &mut Cursor) -> Read<StatementKind> {
    const AUGMENTED: [(&str, Operator); 8] = [
        ("+=", Operator::Add),
        ("-=", Operator::Subtract),
        ("*=", Operator::Multiply),
        ("/=", Operator::Divide),
        ("//=", Operator::FloorDivide),
        ("%=", Operator::Modulo),
        ("**=", Operator::Power),
        ("@=", Operator::MatMul),
    ];
    let mut values = vec![cursor.expressions()?];
    // A type hint.
    if cursor.take_sign(":") {
        cursor.expression()?;
        if let (true, Some(name)) = (cursor.is_done(), as_name(&values[0])) {
            return Ok(StatementKind::Declared(name.to_owned()));
        }
    }
    const OF_BITS: [(&str, Operator); 2] = [("&", Operator::And), ("|", Operator::Or)];
    let of_bits = OF_BITS.iter().find(|(sign, _)| cursor.is_sign(sign));
    if of_bits.is_some() {
        cursor.take();
    }
    if let Some((_, operator)) = of_bits.or(AUGMENTED.iter().find(|(sign, _)| cursor.is_sign(sign))) {
        cursor.take();
        let value = cursor.expressions()?;
        cursor.end()?;
        let target = values.swap_remove(0);
        check_target(&target)?;
        return Ok(StatementKind::Augmented(target, *operator, value));
    }
    while cursor.take_sign("=") {
        values.push(cursor.expressions()?);
    }
    cursor.end()?;
    let Some(value) = values.pop() else { return Err(cursor.unexpected("a value")) };
    if values.is_empty() {
        return Ok(StatementKind::Expression(value));
    }
    values.iter().try_for_each(check_target)?;
    Ok(StatementKind::Assign(values, value))
}

fn check_target(target: &Expression) -> Read<()> {
    match &target.kind {
        ExpressionKind::Name(_) | ExpressionKind::Subscript(..) | ExpressionKind::Attribute(..) => Ok(()),
        ExpressionKind::Tuple(all) | ExpressionKind::List(all) => all.iter().try_for_each(check_target),
        _ => Err(Diagnostic::new(
            target.span,
            "nothing can be assigned to this; compare with == or name a variable",
        )),
    }
}

fn import(cursor: &mut Cursor) -> Read<StatementKind> {
    let path = |cursor: &mut Cursor| -> Read<String> {
        let mut path = cursor.need_name("the name of a module")?;
        while cursor.take_sign(".") {
            path = format!("{path}.{}", cursor.need_name("a name behind the dot")?);
        }
        Ok(path)
    };
    let mut names = Vec::new();
    if cursor.take_word("import") {
        loop {
            let module = path(cursor)?;
            let first = module.split('.').next().unwrap_or_default().to_owned();
            match cursor.take_word("as") {
                true => names.push((module, cursor.need_name("a name")?)),
                false => names.push((first.clone(), first)),
            }
            if !cursor.take_sign(",") {
                return Ok(StatementKind::Import(names));
            }
        }
    }
    cursor.need_word("from")?;
    let module = path(cursor)?;
    cursor.need_word("import")?;
    let in_brackets = cursor.take_sign("(");
    loop {
        if cursor.take_sign("*") {
            names.push((module.clone(), "*".to_owned()));
        } else {
            let name = cursor.need_name("a name")?;
            let own = if cursor.take_word("as") { cursor.need_name("a name")? } else { name.clone() };
            names.push((format!("{module}.{name}"), own));
        }
        let ends = !cursor.take_sign(",") || (in_brackets && cursor.is_sign(")"));
        if ends {
            if in_brackets {
                cursor.need_sign(")")?;
            }
            return Ok(StatementKind::Import(names));
        }
    }
}

impl Cursor<'_> {
    /// Parameters up to `end`.
    pub(super) fn parameters(&mut self, end: &str) -> Read<Vec<Parameter>> {
        let mut all: Vec<Parameter> = Vec::new();
        while !self.take_sign(end) {
            // What stands behind a lone `*` is given by name.
            let is_options = self.take_sign("**");
            let is_rest = !is_options && self.take_sign("*");
            if is_rest && self.take_sign(",") {
                continue;
            }
            self.take_sign("/");
            if self.is_sign(",") {
                self.take();
                continue;
            }
            let name = self.need_name("the name of a parameter")?;
            if end == ")" && self.take_sign(":") {
                self.expression()?;
            }
            let default = if self.take_sign("=") { Some(self.expression()?) } else { None };
            all.push(Parameter { name, default, is_rest, is_options });
            if !self.take_sign(",") && !self.is_sign(end) {
                return Err(self.unexpected(&format!("`,` or `{end}`")));
            }
        }
        Ok(all)
    }
}
