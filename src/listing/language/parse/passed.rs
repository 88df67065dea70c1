//! Dictionaries and objects of weights that are handed on: `affine(params, x, h)` is given what `affine` reads of
//! `params`, and `affine(x, *params["z"])` the members of `params["z"]`.

use super::lines::{Function, closing, is_sign, is_word, items, located, parameters, put, word};
use super::made::{comma_separated, spelt};
use crate::listing::language::tokens::{Located, Token};

/// A parameter that was only there for what it holds.
pub(super) struct Owner {
    /// The function that had it.
    pub(super) function: String,
    /// Which of the parameters it was, from 0, and what it was called.
    pub(super) place: usize,
    pub(super) name: String,
    /// What is read of it: each key, and the parameter that stands for it.
    pub(super) keys: Vec<(String, String)>,
}

/// Gives the functions that a function calls what they read of a dictionary in its place; `owners`: those of one
/// function from the last to the first.
pub(super) fn on(function: &mut Function, owners: &[Owner], known: &[Function]) {
    for line in &mut function.body {
        for at in (0..line.tokens.len()).rev() {
            let Some(called) = known.iter().find(|f| word(line, at) == Some(&f.name)) else { continue };
            let Some(close) = closing(&line.tokens, at + 1) else { continue };
            let given = items(&line.tokens[at + 2..close]);
            if let Some(made) = arguments(given, called, owners) {
                let made = comma_separated(&made, &line.tokens[at]);
                put(&mut line.tokens, at + 2..close, made);
            }
        }
    }
}

/// The arguments of a call with members in the place of dictionaries, if it hands one on.
fn arguments(mut given: Vec<Vec<Located>>, called: &Function, owners: &[Owner]) -> Option<Vec<Vec<Located>>> {
    let mut changed = false;
    for owner in owners.iter().filter(|owner| owner.function == called.name) {
        let by_name = |value: &Vec<Located>| is_option(value) && value[0].text == owner.name;
        let by_place = given.get(owner.place).is_some_and(|value| !is_option(value));
        let place = given.iter().position(by_name).or(by_place.then_some(owner.place));
        let Some(place) = place else { continue };
        let (name, value) = given[place].split_at(if is_option(&given[place]) { 2 } else { 0 });
        if !is_path(value) {
            continue;
        }
        let member_of = |(key, own): &(String, String)| {
            let named =
                name.last().map(|equals| vec![located(Token::Name(own.clone()), equals), equals.clone()]);
            [named.unwrap_or_default(), member(value, key)].concat()
        };
        let made: Vec<Vec<Located>> = owner.keys.iter().map(member_of).collect();
        given.splice(place..=place, made);
        changed = true;
    }
    let star = given.iter().position(|value| value[0].token == Token::Sign("*") && is_path(&value[1..]));
    if let Some(star) = star.filter(|star| star + 1 == given.len()) {
        let value = given.pop()?;
        let names = parameters(&called.head).into_iter().skip(star);
        given.extend(names.map(|(_, key)| member(&value[1..], &key)));
        changed = true;
    }
    changed.then_some(given)
}

/// Whether an argument is given by its name.
fn is_option(value: &[Located]) -> bool {
    matches!(value, [name, equals, _, ..]
        if matches!(name.token, Token::Name(_)) && equals.token == Token::Sign("="))
}

/// A name, `name["key"]` or `name.key`.
fn is_path(value: &[Located]) -> bool {
    let is = |at: usize, sign: &'static str| value.get(at).is_some_and(|t| t.token == Token::Sign(sign));
    let is_text = matches!(value.get(2).map(|t| &t.token), Some(Token::Text(_)));
    let is_name = |at: usize| matches!(value.get(at).map(|t| &t.token), Some(Token::Name(_)));
    is_name(0)
        && match value.len() {
            1 => true,
            3 => is(1, ".") && is_name(2),
            4 => is(1, "[") && is_text && is(3, "]"),
            _ => false,
        }
}

/// `value["key"]`
fn member(value: &[Located], key: &str) -> Vec<Located> {
    let Some(last) = value.last() else { return vec![] };
    spelt("$ [ $ ]", last, &[value, &[located(Token::Text(key.into()), last)]])
}

/// Puts what a name stands for in its place: `p = self.params`, `layer = params["z"]`, where `p` is only read by keys
/// or handed on.
pub(super) fn without_aliases(function: &mut Function) {
    let mut at = 0;
    while let Some(line) = function.body.get(at) {
        at += 1;
        let Some(name) = word(line, 0).map(str::to_string).filter(|_| is_sign(line, 1, "=")) else {
            continue;
        };
        let value = line.tokens[2..].to_vec();
        if !is_path(&value) {
            continue;
        }
        let (mut places, mut by_key, mut fits) = (Vec::new(), false, true);
        for (k, line) in function.body.iter().enumerate().skip(at) {
            if is_word(line, 0, &name) && is_sign(line, 1, "=") {
                break;
            }
            for at in 0..line.tokens.len() {
                if !is_word(line, at, &name) || (at > 0 && is_sign(line, at - 1, ".")) {
                    continue;
                }
                let is_text = matches!(line.tokens.get(at + 2).map(|t| &t.token), Some(Token::Text(_)));
                let is_key = is_sign(line, at + 1, "[") && (is_text || is_word(line, at + 2, "f"));
                let is_given = at > 0
                    && (is_sign(line, at - 1, "(") || is_sign(line, at - 1, ","))
                    && (is_sign(line, at + 1, ")") || is_sign(line, at + 1, ","));
                by_key |= is_key;
                fits &= is_key || is_given;
                places.push((k, at));
            }
        }
        if fits && by_key {
            for (k, at) in places.into_iter().rev() {
                put(&mut function.body[k].tokens, at..at + 1, value.clone());
            }
            at -= 1;
            function.body.remove(at);
        }
    }
}
