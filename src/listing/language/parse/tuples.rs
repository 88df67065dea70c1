//! Tuples that are handed to a function, `gate(x, h, (W, U, b))`: a function that takes their members one by one.

use super::MOST_PARAMETERS;
use super::lines::{
    Function, behind, closing, is_sign, items, located, parameters, put, sign, unwrapped, word,
};
use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// Writes out one call that is given a tuple.
pub(super) fn tuple_handed(all: &mut Vec<Function>) -> bool {
    let found = (0..all.len()).rev().find_map(|caller| {
        let lines = all[caller].body.iter().enumerate();
        lines.clone().find_map(|(line, text)| call_in(all, caller, text).map(|found| (caller, line, found)))
    });
    let Some((caller, line, Call { at, helper, parameter, range, members })) = found else { return false };
    let name = format!("{}_{parameter}_{}", all[helper].name, members.len());
    let tokens = &mut all[caller].body[line].tokens;
    put(tokens, range, joined(members.clone()));
    tokens[at] = located(Token::Name(name.clone()), &tokens[at]);
    if all.iter().all(|known| known.name != name) {
        let made = spread(&all[helper], parameter, members.len(), name);
        all.insert(helper + 1, made);
    }
    true
}

/// A call that is given a tuple.
struct Call {
    at: usize,
    helper: usize,
    /// For which parameter, from 0.
    parameter: usize,
    range: std::ops::Range<usize>,
    members: Vec<Vec<Located>>,
}

fn call_in(all: &[Function], caller: usize, line: &LogicalLine) -> Option<Call> {
    (0..line.tokens.len()).find_map(|at| {
        let name = word(line, at).filter(|_| is_sign(line, at + 1, "("))?;
        let helper = all.iter().position(|known| known.name == name).filter(|helper| *helper != caller)?;
        let close = closing(&line.tokens, at + 1)?;
        let mut start = at + 2;
        for (parameter, argument) in items(line.tokens.get(start..close)?).into_iter().enumerate() {
            let range = start..start + argument.len();
            start = range.end + 1;
            let inside = unwrapped(&argument).filter(|_| argument[0].token == Token::Sign("("));
            let members = inside.map(items).unwrap_or_default();
            if (2..=MOST_PARAMETERS).contains(&members.len()) && parameter < MOST_PARAMETERS {
                return Some(Call { at, helper, parameter, range, members });
            }
        }
        None
    })
}

/// Members with commas between them.
fn joined(members: Vec<Vec<Located>>) -> Vec<Located> {
    let comma = members.first().and_then(|first| first.first()).map(|like| located(Token::Sign(","), like));
    members.join(comma.as_slice())
}

/// A function with so many parameters in the place of one that is a tuple.
fn spread(helper: &Function, parameter: usize, count: usize, name: String) -> Function {
    let mut made = helper.clone();
    let Some((place, own)) = parameters(&helper.head).into_iter().nth(parameter) else { return made };
    let like = helper.head.tokens[place].clone();
    let member = |k: usize| vec![located(Token::Name(format!("{own}_{k}")), &like)];
    let all = || joined((0..count).map(member).collect());
    let end = behind(&made.head.tokens, place);
    put(&mut made.head.tokens, place..end, all());
    made.head.tokens[1] = located(Token::Name(name.clone()), &made.head.tokens[1]);
    made.name = name;
    for line in &mut made.body {
        for at in (0..line.tokens.len()).rev() {
            if word(line, at) != Some(&own) || (at > 0 && is_sign(line, at - 1, ".")) {
                continue;
            }
            let minus = usize::from(is_sign(line, at + 2, "-"));
            let index = match line.tokens.get(at + 2 + minus).map(|index| &index.token) {
                Some(Token::Number(index)) if is_sign(line, at + 1, "[") => Some(*index as usize),
                _ => None,
            };
            let index = index.and_then(|k| if minus == 1 { count.checked_sub(k) } else { Some(k) });
            let is_star =
                at > 1 && is_sign(line, at - 1, "*") && matches!(sign(line, at - 2), Some("(" | ","));
            match index.filter(|index| *index < count && is_sign(line, at + 3 + minus, "]")) {
                Some(index) => put(&mut line.tokens, at..at + 4 + minus, member(index)),
                None if is_star => put(&mut line.tokens, at - 1..at + 1, all()),
                None => {
                    let [open, close] = ["(", ")"].map(|sign| vec![located(Token::Sign(sign), &like)]);
                    put(&mut line.tokens, at..at + 1, [open, all(), close].concat());
                }
            }
        }
    }
    made
}
