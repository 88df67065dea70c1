//! Functions, numbers and texts that are handed to a function, `gate(x, h, W, np.tanh)`, `act(z, "tanh")`: a function
//! that calls what it is given, or has conditions on it, is written out for each that it is given.

use super::MOST_PARAMETERS;
use super::blocks::targets;
use super::bundles::texts;
use super::constants::Constants;
use super::lines::{
    Function, behind, closing, is_literal, is_sign, is_word, items, lambda, located, parameters, put,
    unwrapped, word,
};
use super::made::{named, spelt};
use super::tables::{Tables, called_parameter, is_function};
use super::tuples::tuple_handed;
use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// So many calls are written out.
const MOST_CALLS: usize = 64;

/// Writes out the functions that call a parameter or have conditions on it.
pub(super) fn written_out(helpers: &mut Vec<Function>, step: &mut Option<Function>, tables: &mut Tables) {
    if let Some(step) = step {
        functions_of(step, helpers);
    }
    let mut all: Vec<Function> = std::mem::take(helpers);
    let has_step = step.is_some();
    all.extend(step.take());
    for _ in 0..MOST_CALLS {
        if !tuple_handed(&mut all) {
            break;
        }
    }
    for at in (0..all.len()).rev() {
        choose(at, &mut all, tables);
    }
    for _ in 0..MOST_CALLS {
        // The last caller first: what it calls may hand its own parameter on.
        let found = (0..all.len()).rev().find_map(|caller| {
            if called_parameter(&all[caller]).is_some() {
                return None;
            }
            call_in(&all, caller).map(|found| (caller, found))
        });
        let Some((caller, Call { line, at, helper, parameter, argument, given })) = found else { break };
        let name = format!("{}_{}", all[helper].name, words_of(&given));
        let call = &mut all[caller].body[line];
        if let Some((from, to)) = argument {
            call.tokens.drain(from..to);
        }
        call.tokens[at] = located(Token::Name(name.clone()), &call.tokens[at].clone());
        if all.iter().all(|known| known.name != name) {
            let special = specialised(&all[helper], parameter, &given, name);
            all.insert(caller, special);
            choose(caller, &mut all, tables);
        }
    }
    *step = if has_step { all.pop() } else { None };
    *helpers = all.into_iter().filter(|helper| called_parameter(helper).is_none()).collect();
}

/// Puts the functions that a step has as parameters, `act=np.tanh`, in the place of their names.
fn functions_of(step: &mut Function, helpers: &mut Vec<Function>) {
    for _ in 0..MOST_PARAMETERS {
        let all = parameters(&step.head).into_iter().take(MOST_PARAMETERS);
        let found = all.enumerate().find_map(|(k, (at, name))| {
            let until = behind(&step.head.tokens, at);
            let default = step.head.tokens.get(at + 2..until).filter(|_| is_sign(&step.head, at + 1, "="))?;
            let line = step.head.with(step.head.tokens[at..until].to_vec());
            match lambda(&line) {
                Some(function) => Some((k, named(&name, &default[0]), Some(function))),
                None => is_no_array(default, helpers).then(|| (k, default.to_vec(), None)),
            }
        });
        let Some((k, given, function)) = found else { return };
        helpers.extend(function);
        *step = specialised(step, k, &given, step.name.clone());
    }
}

/// A call of a function that calls what it is given.
struct Call {
    line: usize,
    at: usize,
    helper: usize,
    /// Which of its parameters, from 0.
    parameter: usize,
    /// The tokens to take out of the call, if what is given stands in it and is known.
    argument: Option<(usize, usize)>,
    /// What is given: nothing if it is an array, of which only that is known that it is there.
    given: Vec<Located>,
}

/// How a function uses a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Use {
    /// It calls it.
    Called,
    /// It has conditions on it, or loops that it bounds.
    Tested,
    /// It hands it on, or does what else can be done with a text or a function.
    HandedOn,
}

/// The names behind the word that begins a condition, a loop, the names of a comprehension or a split.
fn decided_by(line: &LogicalLine) -> impl Iterator<Item = &str> {
    let begins = matches!(word(line, 0), Some("if" | "elif" | "while" | "for"));
    let from =
        (0..line.tokens.len()).find(|at| begins || matches!(word(line, *at), Some("if" | "for" | "split")));
    (from.unwrap_or(line.tokens.len())..line.tokens.len()).filter_map(|at| word(line, at))
}

/// The parameters that a function calls or has conditions on.
fn wanted(function: &Function) -> Vec<(usize, Use)> {
    let mut found: Vec<(usize, Use)> =
        called_parameter(function).map(|k| (k, Use::Called)).into_iter().collect();
    let tested: Vec<&str> = function.body.iter().flat_map(decided_by).collect();
    let all = parameters(&function.head);
    for (k, (_, name)) in all.iter().take(MOST_PARAMETERS).enumerate() {
        if found.iter().all(|(known, _)| *known != k) {
            let by = if tested.contains(&name.as_str()) { Use::Tested } else { Use::HandedOn };
            found.push((k, by));
        }
    }
    found
}

/// What a function is called behind its name for what it is given: `np_tanh`, `relu`, `2`.
fn words_of(given: &[Located]) -> String {
    let words = given.iter().filter_map(|token| match &token.token {
        Token::Name(word) | Token::Text(word) => Some(word.clone()),
        Token::Number(number) => Some(number.to_string()),
        Token::Sign(_) => None,
    });
    let words = words.collect::<Vec<_>>().join("_");
    let letters = words.chars().map(|c| if c.is_alphanumeric() { c } else { '_' });
    if words.is_empty() { "with".into() } else { letters.collect() }
}

fn call_in(all: &[Function], caller: usize) -> Option<Call> {
    for (line, text) in all[caller].body.iter().enumerate() {
        for at in 0..text.tokens.len() {
            let Some(name) = word(text, at).filter(|_| is_sign(text, at + 1, "(")) else { continue };
            let Some(helper) = all.iter().position(|known| known.name == name) else { continue };
            for (parameter, by) in wanted(&all[helper]).into_iter().filter(|_| helper != caller) {
                if let Some((argument, given)) = given_for(all, (text, at), helper, (parameter, by)) {
                    return Some(Call { line, at, helper, parameter, argument, given });
                }
            }
        }
    }
    None
}

/// What the call at a place gives for a parameter, and where that stands.
#[allow(clippy::type_complexity)]
fn given_for(
    all: &[Function],
    (text, at): (&LogicalLine, usize),
    helper: usize,
    (parameter, by): (usize, Use),
) -> Option<(Option<(usize, usize)>, Vec<Located>)> {
    let close = closing(&text.tokens, at + 1)?;
    let head = &all[helper].head;
    let (place, name) = parameters(head).into_iter().nth(parameter)?;
    let mut start = at + 2;
    for (k, argument) in items(unwrapped(&text.tokens[at + 1..=close])?).into_iter().enumerate() {
        let is_named = matches!(argument.as_slice(), [_, second, ..] if second.token == Token::Sign("="));
        let own = if is_named { argument[0].token == Token::Name(name.clone()) } else { k == parameter };
        let end = start + argument.len();
        if own {
            let value = if is_named { argument[2..].to_vec() } else { argument };
            // With the comma behind it, or the one before it.
            let has_comma = is_sign(text, end, ",");
            let from = if has_comma || k == 0 { start } else { start - 1 };
            let whole = Some((from, end + usize::from(has_comma)));
            return match by {
                Use::Called => is_function(&value, all).then_some((whole, value)),
                Use::Tested if is_literal(&value) => Some((whole, value)),
                Use::HandedOn => is_no_array(&value, all).then_some((whole, value)),
                // An array is no None.
                Use::Tested => is_asked_for(&all[helper], &name).then(|| (None, vec![])),
            };
        }
        start = end + 1;
    }
    // What it is where nothing is given.
    let until = behind(&head.tokens, place);
    let default = head.tokens.get(place + 2..until).filter(|_| is_sign(head, place + 1, "="))?;
    let fits = match by {
        Use::Called => is_function(default, all),
        Use::Tested => is_literal(default),
        Use::HandedOn => is_no_array(default, all),
    };
    fits.then(|| (None, default.to_vec()))
}

/// Where `name is None` or `name is not None` stands in a line, and how long it is.
fn asked(line: &LogicalLine, name: &str) -> Option<(usize, bool)> {
    (0..line.tokens.len()).find_map(|at| {
        let is_asked = word(line, at) == Some(name) && is_word(line, at + 1, "is");
        match (is_asked, word(line, at + 2), word(line, at + 3)) {
            (true, Some("None"), _) => Some((at, false)),
            (true, Some("not"), Some("None")) => Some((at, true)),
            _ => None,
        }
    })
}

fn is_asked_for(function: &Function, name: &str) -> bool {
    function.body.iter().any(|line| asked(line, name).is_some())
}

/// A text, or a function under a name that no line gives a value.
fn is_no_array(tokens: &[Located], all: &[Function]) -> bool {
    match tokens {
        [Located { token: Token::Text(_), .. }] => true,
        [Located { token: Token::Name(name), .. }] => {
            let names = |line: &&LogicalLine| line.tokens.iter().any(|token| token.text == *name);
            let mut lines = all.iter().flat_map(|known| &known.body).filter(names);
            all.iter().any(|known| known.name == *name) && !lines.any(|line| targets(line).contains(name))
        }
        _ => is_function(tokens, all),
    }
}

/// Writes out what a function chooses from tables. A function that this makes stands before it.
fn choose(at: usize, all: &mut Vec<Function>, tables: &mut Tables) {
    let count = all.len();
    tables.choose(at, all);
    for made in count..all.len() {
        let function = all.remove(made);
        all.insert(at, function);
    }
}

/// A function for one that it is given.
fn specialised(helper: &Function, parameter: usize, given: &[Located], name: String) -> Function {
    let mut made = helper.clone();
    let Some((place, own)) = parameters(&helper.head).into_iter().nth(parameter) else { return made };
    made.head.tokens[1] = located(Token::Name(name.clone()), &helper.head.tokens[1]);
    made.name = name;
    if given.is_empty() {
        for line in &mut made.body {
            while let Some((at, is_there)) = asked(line, &own) {
                let word = if is_there { "True" } else { "False" };
                let token = located(Token::Name(word.into()), &line.tokens[at]);
                put(&mut line.tokens, at..at + 3 + usize::from(is_there), vec![token]);
            }
        }
        return made;
    }
    let end = behind(&made.head.tokens, place);
    let has_comma = is_sign(&made.head, end, ",");
    let from = if has_comma || place < 4 { place } else { place - 1 };
    made.head.tokens.drain(from..end + usize::from(has_comma));
    // What gets another value in the function begins with the one that is given.
    if made.body.iter().any(|line| targets(line).contains(&own)) {
        let like = &helper.head.tokens[1];
        let tokens = spelt("$ = $", like, &[&named(&own, like), given]);
        let indent = made.body.first().map_or(4, |line| line.indent);
        made.body.insert(0, LogicalLine { indent, joined: true, ..LogicalLine::of(tokens) });
        return made;
    }
    let in_texts = Constants::of(&[(own.clone(), given.to_vec())]);
    for line in &mut made.body {
        let tokens = std::mem::take(&mut line.tokens);
        let is_own = |at: usize| {
            let member = at > 0 && tokens[at - 1].token == Token::Sign(".");
            let option = at > 0 && tokens.get(at + 1).is_some_and(|next| next.token == Token::Sign("="));
            tokens[at].token == Token::Name(own.clone()) && !member && !option
        };
        let put = |at: usize| match is_own(at) {
            true => given.iter().map(|token| Located { span: tokens[at].span, ..token.clone() }).collect(),
            false => vec![tokens[at].clone()],
        };
        line.tokens = (0..tokens.len()).flat_map(put).collect();
        texts(&mut line.tokens, &in_texts);
    }
    made
}
