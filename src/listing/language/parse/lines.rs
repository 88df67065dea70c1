//! Functions as lines of tokens, before anything of them is read as an expression.

use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// The lines of one function.
#[derive(Debug, Clone, Default)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) head: LogicalLine,
    pub(super) body: Vec<LogicalLine>,
    /// Parameters that were read out of a dictionary or of `self`.
    pub(super) weights: Vec<String>,
}

#[inline(never)]
pub(super) fn word(line: &LogicalLine, at: usize) -> Option<&str> {
    match &line.tokens.get(at)?.token {
        Token::Name(name) => Some(name),
        _ => None,
    }
}

#[inline(never)]
pub(super) fn sign(line: &LogicalLine, at: usize) -> Option<&'static str> {
    match line.tokens.get(at)?.token {
        Token::Sign(sign) => Some(sign),
        _ => None,
    }
}

/// Whether this name stands at a place.
#[inline(never)]
pub(super) fn is_word(line: &LogicalLine, at: usize, wanted: &str) -> bool {
    word(line, at).is_some_and(|name| name == wanted)
}

/// Whether this sign stands at a place.
#[inline(never)]
pub(super) fn is_sign(line: &LogicalLine, at: usize, wanted: &str) -> bool {
    sign(line, at).is_some_and(|sign| sign == wanted)
}

#[inline(never)]
pub(super) fn located(token: Token, like: &Located) -> Located {
    let text = match &token {
        Token::Name(name) => name.clone(),
        Token::Sign(sign) => (*sign).to_string(),
        _ => like.text.clone(),
    };
    Located { token, text, span: like.span }
}

/// Puts tokens in the place of others.
#[inline(never)]
pub(super) fn put(tokens: &mut Vec<Located>, range: std::ops::Range<usize>, made: Vec<Located>) {
    let rest = tokens.split_off(range.end);
    tokens.truncate(range.start);
    tokens.extend(made);
    tokens.extend(rest);
}

/// The function that a line with `def` begins.
pub(super) fn function(mut head: LogicalLine) -> Function {
    let name = word(&head, 1).unwrap_or_default().to_string();
    let body = one_line(&mut head).into_iter().collect();
    Function { name, head, body, weights: vec![] }
}

/// What stands behind the colon of `def step(x, h): return h`.
pub(super) fn one_line(head: &mut LogicalLine) -> Option<LogicalLine> {
    let mut open = 0usize;
    let colon = (0..head.tokens.len()).find(|at| {
        match sign(head, *at) {
            Some("(" | "[" | "{") => open += 1,
            Some(")" | "]" | "}") => open = open.saturating_sub(1),
            _ => {}
        }
        open == 0 && is_sign(head, *at, ":")
    })?;
    let rest = head.tokens.split_off(colon + 1);
    (!rest.is_empty()).then(|| LogicalLine {
        tokens: rest,
        comment: head.comment.take(),
        last_line: head.last_line,
        joined: true,
        ..LogicalLine::default()
    })
}

/// `name = lambda a, b: value` as the function that it is.
pub(super) fn lambda(line: &LogicalLine) -> Option<Function> {
    if !is_sign(line, 1, "=") || !is_word(line, 2, "lambda") {
        return None;
    }
    let name = word(line, 0)?.to_string();
    let colon = (3..line.tokens.len()).find(|at| is_sign(line, *at, ":"))?;
    let like = &line.tokens[2];
    let mut head = vec![like.clone(), located(Token::Name(name.clone()), &line.tokens[0])];
    head.push(located(Token::Sign("("), like));
    head.extend_from_slice(&line.tokens[3..colon]);
    head.push(located(Token::Sign(")"), like));
    head.push(line.tokens[colon].clone());
    let mut value = vec![located(Token::Name("return".into()), &line.tokens[colon])];
    value.extend_from_slice(&line.tokens[colon + 1..]);
    let of =
        |tokens| LogicalLine { tokens, joined: true, last_line: line.last_line, ..LogicalLine::default() };
    Some(Function { name, head: of(head), body: vec![of(value)], weights: vec![] })
}

/// What stands between commas.
pub(super) fn items(tokens: &[Located]) -> Vec<Vec<Located>> {
    parts(tokens).map(<[Located]>::to_vec).collect()
}

fn parts(tokens: &[Located]) -> impl Iterator<Item = &[Located]> {
    let mut open = 0usize;
    let parts = tokens.split(move |token| {
        match token.token {
            Token::Sign("(" | "[" | "{") => open += 1,
            Token::Sign(")" | "]" | "}") => open = open.saturating_sub(1),
            _ => {}
        }
        open == 0 && token.token == Token::Sign(",")
    });
    parts.filter(|part| !part.is_empty())
}

/// What stands inside of the bracket that holds everything.
pub(super) fn unwrapped(tokens: &[Located]) -> Option<&[Located]> {
    let end = closing(tokens, 0).filter(|_| tokens[0].token != Token::Sign("{"))?;
    (end > 0 && end + 1 == tokens.len()).then(|| &tokens[1..end])
}

/// Where the bracket that opens at a place closes.
pub(super) fn closing(tokens: &[Located], at: usize) -> Option<usize> {
    if !matches!(tokens.get(at)?.token, Token::Sign("(" | "[" | "{")) {
        return None;
    }
    let mut open = 0usize;
    (at..tokens.len()).find(|at| {
        match tokens[*at].token {
            Token::Sign("(" | "[" | "{") => open += 1,
            Token::Sign(")" | "]" | "}") => open = open.saturating_sub(1),
            _ => {}
        }
        open == 0
    })
}

/// A number, a text, `True`, `False` or `None`.
pub(super) fn is_literal(tokens: &[Located]) -> bool {
    match tokens {
        [one] | [Located { token: Token::Sign("-"), .. }, one] => match &one.token {
            Token::Number(_) | Token::Text(_) => true,
            Token::Name(word) => matches!(word.as_str(), "True" | "False" | "None"),
            Token::Sign(_) => false,
        },
        _ => false,
    }
}

/// The parameters of a head: where each stands, and its name.
pub(super) fn parameters(head: &LogicalLine) -> Vec<(usize, String)> {
    let mut open = 0usize;
    let mut found = Vec::new();
    for at in 2..head.tokens.len() {
        let begins = matches!(sign(head, at - 1), Some("(" | ",")) && open == 1;
        if let Some(name) = word(head, at).filter(|_| begins) {
            found.push((at, name.to_string()));
        }
        match sign(head, at) {
            Some("(" | "[") => open += 1,
            Some(")" | "]") => open = open.saturating_sub(1),
            _ => {}
        }
    }
    found
}

/// The place behind the parameter at `at`, with its hint and its number.
pub(super) fn behind(head: &[Located], at: usize) -> usize {
    let first = parts(&head[at..]).next().unwrap_or_default();
    let mut open = 0usize;
    let close = first.iter().position(|token| match token.token {
        Token::Sign("(" | "[") => {
            open += 1;
            false
        }
        Token::Sign(")" | "]") if open > 0 => {
            open -= 1;
            false
        }
        Token::Sign(")") => true,
        _ => false,
    });
    at + close.unwrap_or(first.len())
}

/// The names that a line calls.
pub(super) fn called(line: &LogicalLine) -> impl Iterator<Item = &str> {
    (0..line.tokens.len()).filter(|at| is_sign(line, at + 1, "(")).filter_map(|at| word(line, at))
}

pub(super) fn reads(line: &LogicalLine, name: &str) -> bool {
    (0..line.tokens.len()).any(|at| word(line, at) == Some(name) && (at == 0 || !is_sign(line, at - 1, ".")))
}

/// The name in `name = [a, b]`, a list that a function begins.
pub(super) fn begun(line: &LogicalLine) -> Option<String> {
    let fits = is_sign(line, 1, "=") && is_sign(line, 2, "[");
    let closes = line.tokens.len() == 4 && is_sign(line, 3, "]");
    let is_list = fits && (closes || unwrapped(&line.tokens[2..]).is_some());
    word(line, 0).filter(|_| is_list).map(str::to_string)
}

/// The name in `name.append(a)`.
pub(super) fn appended(line: &LogicalLine) -> Option<String> {
    let fits = is_sign(line, 1, ".") && is_word(line, 2, "append");
    word(line, 0).filter(|_| fits && unwrapped(&line.tokens[3..]).is_some()).map(str::to_string)
}

/// The values behind `return`.
pub(super) fn values(tokens: &[Located]) -> Vec<Vec<Located>> {
    items(unwrapped(tokens).unwrap_or(tokens))
}
