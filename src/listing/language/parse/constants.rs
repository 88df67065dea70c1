//! What is known while a text is read: numbers, texts, true and false, and what is computed from them. A condition of
//! such values is decided before anything is read as an expression.

use super::lines::{items, unwrapped};
use crate::listing::language::tokens::{Located, Token};
use std::collections::HashMap;

/// What is known of a name.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Known {
    Number(f64),
    Text(String),
    Truth(bool),
    /// `None`
    Nothing,
    /// An array that is there: all that is known is that it is not `None`.
    Given,
}

/// What is known of names.
#[derive(Debug, Clone, Default)]
pub(super) struct Constants {
    pub(super) names: HashMap<String, Known>,
    /// The input of a step, which is one sample: a vector.
    pub(super) input: Option<String>,
}

/// How deep an expression is looked into.
const DEEPEST: usize = 24;
/// The longest expression that is looked at.
const MOST_TOKENS: usize = 200;

/// Operations of one precedence, from the loosest to the tightest.
const LEVELS: [&[&str]; 3] = [&["+", "-"], &["*", "/", "//", "%"], &["**"]];

impl Constants {
    /// What is known where names stand for these tokens.
    pub(super) fn of(given: &[(String, Vec<Located>)]) -> Self {
        let known = |(name, value): &(String, Vec<Located>)| match value.as_slice() {
            [Located { token: Token::Text(text), .. }] => Some((name.clone(), Known::Text(text.clone()))),
            [Located { token: Token::Number(number), .. }] => Some((name.clone(), Known::Number(*number))),
            _ => None,
        };
        Self { names: given.iter().filter_map(known).collect(), input: None }
    }

    /// The whole number that a name stands for.
    pub(super) fn count(&self, name: &str) -> Option<i64> {
        match self.names.get(name)? {
            Known::Number(value) if value.fract() == 0.0 && value.abs() <= 1e4 => Some(*value as i64),
            _ => None,
        }
    }

    /// Whether a condition holds, if that is known.
    pub(super) fn holds(&self, condition: &[Located]) -> Option<bool> {
        truth(&self.value(condition, 0)?)
    }

    /// The value of an expression, if it is known.
    pub(super) fn value(&self, tokens: &[Located], depth: usize) -> Option<Known> {
        if depth > DEEPEST || tokens.is_empty() || tokens.len() > MOST_TOKENS {
            return None;
        }
        for (word, decides) in [("or", true), ("and", false)] {
            let parts = split_at_word(tokens, word);
            if parts.len() > 1 {
                let known: Vec<Option<bool>> =
                    parts.iter().map(|part| truth(&self.value(part, depth + 1)?)).collect();
                if known.contains(&Some(decides)) {
                    return Some(Known::Truth(decides));
                }
                return known.iter().all(Option::is_some).then_some(Known::Truth(!decides));
            }
        }
        if is_word(&tokens[0], "not") {
            return Some(Known::Truth(!truth(&self.value(&tokens[1..], depth + 1)?)?));
        }
        self.compared(tokens, depth)
    }

    /// `a < b`, `a is not None`, `a in (b, c)`, and what has no comparison.
    fn compared(&self, tokens: &[Located], depth: usize) -> Option<Known> {
        let mut parts: Vec<(&str, &[Located])> = Vec::new();
        let (mut open, mut from, mut by) = (0usize, 0, "");
        for (at, token) in tokens.iter().enumerate() {
            open = opened(token, open);
            let sign = match &token.token {
                Token::Sign(sign @ ("==" | "!=" | "<" | ">" | "<=" | ">=")) if open == 0 => *sign,
                Token::Name(word) if open == 0 && (word == "is" || word == "in") => word.as_str(),
                _ => continue,
            };
            parts.push((by, &tokens[from..at]));
            (from, by) = (at + 1, sign);
        }
        if parts.is_empty() {
            return self.computed(tokens, depth);
        }
        parts.push((by, &tokens[from..]));
        let mut holds = true;
        for pair in parts.windows(2) {
            let ((_, left), (sign, right)) = (pair[0], pair[1]);
            holds &= self.one(left, sign, right, depth)?;
        }
        Some(Known::Truth(holds))
    }

    fn one(&self, left: &[Located], sign: &str, right: &[Located], depth: usize) -> Option<bool> {
        let is_not = right.first().is_some_and(|token| is_word(token, "not")) && sign == "is";
        let not_in = left.last().is_some_and(|token| is_word(token, "not")) && sign == "in";
        let left = if not_in { &left[..left.len() - 1] } else { left };
        let right = if is_not { &right[1..] } else { right };
        let known = self.value(left, depth + 1)?;
        if sign == "in" {
            let all: Option<Vec<Known>> =
                items(unwrapped(right)?).iter().map(|item| self.value(item, depth + 1)).collect();
            return Some(all?.iter().any(|item| same(item, &known)) != not_in);
        }
        let other = self.value(right, depth + 1)?;
        if matches!((&known, &other), (Known::Given, Known::Given)) {
            return None;
        }
        match (sign, &known, &other) {
            ("is" | "==", ..) => Some(same(&known, &other) != is_not),
            ("!=", ..) => Some(!same(&known, &other)),
            (_, Known::Number(a), Known::Number(b)) => Some(match sign {
                "<" => a < b,
                ">" => a > b,
                "<=" => a <= b,
                _ => a >= b,
            }),
            _ => None,
        }
    }

    fn computed(&self, tokens: &[Located], depth: usize) -> Option<Known> {
        for level in LEVELS {
            let mut open = 0usize;
            let last = tokens.len() - 1;
            let at = (1..=last).rev().find(|at| {
                open = opened_backwards(&tokens[*at], open);
                let is_sign = matches!(tokens[*at].token, Token::Sign(sign) if level.contains(&sign));
                let behind = !matches!(tokens[at - 1].token, Token::Sign(sign) if sign != ")" && sign != "]");
                open == 0 && behind && is_sign && *at < last
            });
            let Some(at) = at else { continue };
            let (Known::Number(a), Known::Number(b)) =
                (self.value(&tokens[..at], depth + 1)?, self.value(&tokens[at + 1..], depth + 1)?)
            else {
                return None;
            };
            let Token::Sign(sign) = tokens[at].token else { return None };
            return arithmetic(sign, a, b).map(Known::Number);
        }
        self.atom(tokens, depth)
    }

    fn atom(&self, tokens: &[Located], depth: usize) -> Option<Known> {
        let is_input = |token: &Located| self.input.as_ref().is_some_and(|input| is_word(token, input));
        match tokens {
            [one] => match &one.token {
                Token::Number(value) => Some(Known::Number(*value)),
                Token::Text(text) => Some(Known::Text(text.clone())),
                Token::Name(word) => match word.as_str() {
                    "True" => Some(Known::Truth(true)),
                    "False" => Some(Known::Truth(false)),
                    "None" => Some(Known::Nothing),
                    name => self.names.get(name).cloned(),
                },
                Token::Sign(_) => None,
            },
            [of, dot, member] if is_input(of) && is_sign(dot, ".") && is_word(member, "ndim") => {
                Some(Known::Number(1.0))
            }
            [len, open, of, dot, shape, close]
                if is_word(len, "len")
                    && is_sign(open, "(")
                    && is_input(of)
                    && is_sign(dot, ".")
                    && is_word(shape, "shape")
                    && is_sign(close, ")") =>
            {
                Some(Known::Number(1.0))
            }
            [minus, rest @ ..] if is_sign(minus, "-") => match self.value(rest, depth + 1)? {
                Known::Number(value) => Some(Known::Number(-value)),
                _ => None,
            },
            [open, ..] if is_sign(open, "(") => {
                let inner = unwrapped(tokens)?;
                let has_comma = items(inner).len() > 1 || inner.last().is_some_and(|t| is_sign(t, ","));
                if has_comma { None } else { self.value(inner, depth + 1) }
            }
            _ => None,
        }
    }

    /// Chooses where a condition is known: `a if True else b` is `a`.
    pub(super) fn choose(&self, tokens: &mut Vec<Located>) {
        const MOST: usize = 16;
        let mut until = tokens.len();
        for _ in 0..MOST {
            let Some(at) = (1..until.min(tokens.len())).rev().find(|at| is_word(&tokens[*at], "if")) else {
                return;
            };
            until = at;
            let Some((start, other, end)) = around(tokens, at) else { continue };
            match self.holds(&tokens[at + 1..other]) {
                Some(true) => {
                    tokens.drain(at..end);
                }
                Some(false) => {
                    tokens.drain(start..=other);
                }
                None => {}
            }
        }
    }
}

/// Where `a if c else b` begins, where its `else` stands, and where it ends; `at` is its `if`.
fn around(tokens: &[Located], at: usize) -> Option<(usize, usize, usize)> {
    let mut open = 0usize;
    let mut start = at;
    while start > 0 {
        let token = &tokens[start - 1];
        let is_end = match &token.token {
            Token::Sign("(" | "[" | "{") if open == 0 => true,
            Token::Sign("," | "=" | ":" | "+=" | "-=" | "*=" | "/=") => open == 0,
            Token::Name(word) => open == 0 && matches!(word.as_str(), "return" | "else" | "in"),
            _ => false,
        };
        if is_end {
            break;
        }
        open = opened_backwards(token, open);
        start -= 1;
    }
    let (mut open, mut nested, mut other) = (0usize, 0usize, None);
    let mut end = tokens.len();
    for (place, token) in tokens.iter().enumerate().skip(at + 1) {
        match &token.token {
            Token::Sign(")" | "]" | "}" | ",") if open == 0 => {
                end = place;
                break;
            }
            Token::Name(word) if word == "for" && open == 0 => {
                end = place;
                break;
            }
            Token::Name(word) if word == "if" && open == 0 && other.is_none() => nested += 1,
            Token::Name(word) if word == "else" && open == 0 && other.is_none() => {
                if nested == 0 {
                    other = Some(place);
                }
                nested = nested.saturating_sub(1);
            }
            _ => {}
        }
        open = opened(token, open);
    }
    Some((start, other?, end))
}

fn truth(known: &Known) -> Option<bool> {
    match known {
        Known::Truth(truth) => Some(*truth),
        Known::Number(value) => Some(*value != 0.0),
        Known::Text(text) => Some(!text.is_empty()),
        Known::Nothing => Some(false),
        Known::Given => None,
    }
}

fn same(one: &Known, other: &Known) -> bool {
    match (one, other) {
        (Known::Truth(truth), Known::Number(value)) | (Known::Number(value), Known::Truth(truth)) => {
            f64::from(u8::from(*truth)) == *value
        }
        _ => one == other,
    }
}

fn arithmetic(sign: &str, a: f64, b: f64) -> Option<f64> {
    let value = match sign {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        "//" => (a / b).floor(),
        "%" => a - b * (a / b).floor(),
        "**" if b.fract() == 0.0 && (0.0..=16.0).contains(&b) => {
            (0..b as u32).fold(1.0, |power, _| power * a)
        }
        _ => return None,
    };
    value.is_finite().then_some(value)
}

pub(super) fn split_at_word<'a>(tokens: &'a [Located], word: &str) -> Vec<&'a [Located]> {
    let mut open = 0usize;
    tokens
        .split(|token| {
            open = opened(token, open);
            open == 0 && is_word(token, word)
        })
        .collect()
}

fn opened(token: &Located, open: usize) -> usize {
    match token.token {
        Token::Sign("(" | "[" | "{") => open + 1,
        Token::Sign(")" | "]" | "}") => open.saturating_sub(1),
        _ => open,
    }
}

fn opened_backwards(token: &Located, open: usize) -> usize {
    match token.token {
        Token::Sign(")" | "]" | "}") => open + 1,
        Token::Sign("(" | "[" | "{") => open.saturating_sub(1),
        _ => open,
    }
}

fn is_word(token: &Located, word: &str) -> bool {
    matches!(&token.token, Token::Name(name) if name == word)
}

fn is_sign(token: &Located, sign: &str) -> bool {
    matches!(token.token, Token::Sign(own) if own == sign)
}
