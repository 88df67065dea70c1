//! Functions that are chosen from a dictionary or a list: `ACT = {"tanh": np.tanh, "relu": lambda z: …}` and
//! `ACT["relu"](z)`, or `[np.tanh, sigmoid][0](z)`.

use super::MOST_PARAMETERS;
use super::lines::{
    Function, closing, is_literal, is_sign, is_word, items, lambda, parameters, put, sign, word,
};
use super::made::{named, spelt};
use crate::listing::language::functions::{Dialect, Function as Known};
use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// So many choices are written out in one function.
const MOST_CHOICES: usize = 64;

/// Dictionaries and lists of functions, by name.
#[derive(Default)]
pub(super) struct Tables {
    all: Vec<(String, Vec<Located>)>,
}

impl Tables {
    /// Whether a line makes a dictionary or a list of functions, which is remembered.
    pub(super) fn take(&mut self, line: &LogicalLine, functions: &[Function]) -> bool {
        let value = line.tokens.get(2..).unwrap_or_default();
        let is_table = is_sign(line, 1, "=") && is_table(value, functions);
        let name = word(line, 0).filter(|_| is_table);
        self.all.extend(name.map(|name| (name.to_string(), value.to_vec())));
        name.is_some()
    }

    /// Puts the functions that are chosen in the place of the choices; lambdas become functions of the text.
    pub(super) fn choose(&mut self, at: usize, functions: &mut Vec<Function>) {
        let mut lines = std::mem::take(&mut functions[at].body);
        lines.retain(|line| !self.take(line, functions));
        for line in &mut lines {
            self.got(line);
            let mut place = 0;
            for _ in 0..MOST_CHOICES {
                let Some(found) = (place..line.tokens.len()).find(|at| self.table_at(line, *at).is_some())
                else {
                    break;
                };
                place = found + 1;
                let Some((table, end)) = self.table_at(line, found) else { break };
                let Some(close) = closing(&line.tokens, end + 1) else { continue };
                let Some(chosen) = chosen(&table, &line.tokens[end + 2..close]) else { continue };
                let like = line.tokens[found].clone();
                let name = format!("{}_{}", functions[at].name, functions.len());
                let whole = spelt("$ = $", &like, &[&named(&name, &like), &chosen]);
                let made = lambda(&line.with(whole));
                let tokens = if made.is_some() { named(&name, &like) } else { chosen };
                put(&mut line.tokens, found..close + 1, tokens);
                functions.extend(made);
            }
        }
        functions[at].body = lines;
    }

    /// `ACT[kind]` for `ACT.get(kind)` and `ACT.get(kind, np.tanh)`.
    fn got(&self, line: &mut LogicalLine) {
        for at in (1..line.tokens.len()).rev() {
            let known = word(line, at - 1).is_some_and(|name| self.all.iter().any(|(own, _)| own == name));
            let gets = known && is_sign(line, at, ".") && is_word(line, at + 1, "get");
            let Some(close) = closing(&line.tokens, at + 2).filter(|_| gets) else { continue };
            let Some(key) = items(&line.tokens[at + 3..close]).into_iter().next() else { continue };
            let index = spelt("[ $ ]", &line.tokens[at], &[&key]);
            put(&mut line.tokens, at..close + 1, index);
        }
    }

    /// The table that stands at a place with an index behind it, and where it ends.
    fn table_at(&self, line: &LogicalLine, at: usize) -> Option<(Vec<Located>, usize)> {
        let is_dict = is_word(line, at, "dict");
        if let Some(name) = word(line, at).filter(|_| !is_dict) {
            let known = self.all.iter().find(|(known, _)| known == name);
            let known = known.filter(|_| is_sign(line, at + 1, "["))?;
            return Some((known.1.clone(), at));
        }
        let before = at.checked_sub(1).map(|before| &line.tokens[before].token);
        let is_index = match before {
            Some(Token::Name(word)) => word != "return",
            Some(Token::Sign(sign)) => matches!(*sign, ")" | "]" | "}"),
            _ => false,
        };
        let begins = is_dict || matches!(sign(line, at), Some("[" | "{"));
        if !begins || is_index {
            return None;
        }
        let end = closing(&line.tokens, at + usize::from(is_dict))?;
        (is_sign(line, end + 1, "[")).then(|| (line.tokens[at..=end].to_vec(), end))
    }
}

/// What stands between the brackets of a table: each key, if it has one, and its value.
fn entries(table: &[Located]) -> Vec<(Option<String>, Vec<Located>)> {
    let from = if table[0].text == "dict" { 2 } else { 1 };
    let inside = items(table.get(from..table.len().saturating_sub(1)).unwrap_or_default());
    let entry = |item: Vec<Located>| match item.get(1).map(|token| &token.token) {
        Some(Token::Sign(":" | "=")) => (Some(key(&item[0])), item[2..].to_vec()),
        _ => (None, item),
    };
    inside.into_iter().map(entry).collect()
}

fn key(token: &Located) -> String {
    match &token.token {
        Token::Text(text) | Token::Name(text) => text.clone(),
        _ => token.text.clone(),
    }
}

fn is_table(value: &[Located], functions: &[Function]) -> bool {
    let opens = value.first().is_some_and(|first| matches!(first.text.as_str(), "{" | "[" | "(" | "dict"));
    let begins = usize::from(value.first().is_some_and(|first| first.text == "dict"));
    let whole = opens && closing(value, begins).is_some_and(|end| end + 1 == value.len() && end > begins + 1);
    whole
        && entries(value).iter().all(|(_, value)| {
            is_function(value, functions) || value.first().is_some_and(|first| first.text == "lambda")
        })
}

fn chosen(table: &[Located], index: &[Located]) -> Option<Vec<Located>> {
    let [index] = index else { return None };
    let all = entries(table);
    let found = match &index.token {
        Token::Number(at) if all.iter().all(|(key, _)| key.is_none()) => all.into_iter().nth(*at as usize),
        _ if is_literal(std::slice::from_ref(index)) => {
            all.into_iter().find(|(own, _)| own.as_ref() == Some(&key(index)))
        }
        _ => None,
    };
    found.map(|(_, value)| value)
}

/// The first parameter that a function calls.
pub(super) fn called_parameter(function: &Function) -> Option<usize> {
    let calls = |name: &str| {
        let in_line = |line: &LogicalLine| {
            (0..line.tokens.len()).any(|at| {
                word(line, at) == Some(name)
                    && is_sign(line, at + 1, "(")
                    && (at == 0 || !is_sign(line, at - 1, "."))
            })
        };
        function.body.iter().any(in_line)
    };
    // One with more parameters is refused.
    let all = parameters(&function.head);
    all.iter().take(MOST_PARAMETERS).position(|(_, name)| calls(name))
}

/// Whether tokens name a function that can be called.
pub(super) fn is_function(tokens: &[Located], all: &[Function]) -> bool {
    let name = match tokens {
        [Located { token: Token::Name(name), .. }] => name.clone(),
        [Located { token: Token::Name(np), .. }, _, Located { token: Token::Name(name), .. }]
            if np == "np" =>
        {
            format!("np.{name}")
        }
        _ => return false,
    };
    all.iter().any(|known| known.name == name && called_parameter(known).is_none())
        || [name.clone(), format!("np.{name}")].iter().any(|n| Known::named(n, Dialect::Step).is_some())
}
