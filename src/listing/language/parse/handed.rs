//! Functions that are handed to a function, `gate(x, h, W, np.tanh)`: the one that calls what it is given is written
//! out for each function that it is given.

use super::MOST_PARAMETERS;
use super::lines::{Function, behind, items, located, parameters, sign, unwrapped, word};
use crate::listing::language::functions::{Dialect, Function as Known};
use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// So many calls are written out.
const MOST_CALLS: usize = 64;

/// Writes out the functions that call a parameter.
pub(super) fn written_out(helpers: &mut Vec<Function>, step: &mut Option<Function>) {
    if helpers.iter().all(|helper| called_parameter(helper).is_none()) {
        return;
    }
    let mut all: Vec<Function> = std::mem::take(helpers);
    let has_step = step.is_some();
    all.extend(step.take());
    for _ in 0..MOST_CALLS {
        // The last caller first: what it calls may hand its own parameter on.
        let found = (0..all.len()).rev().find_map(|caller| {
            if called_parameter(&all[caller]).is_some() {
                return None;
            }
            call_in(&all, caller).map(|found| (caller, found))
        });
        let Some((caller, Call { line, at, helper, parameter, argument, given })) = found else { break };
        let function = words_of(&given);
        let name = format!("{}_{function}", all[helper].name);
        let call = &mut all[caller].body[line];
        if let Some((from, to)) = argument {
            call.tokens.drain(from..to);
        }
        call.tokens[at] = located(Token::Name(name.clone()), &call.tokens[at].clone());
        if all.iter().all(|known| known.name != name) {
            let special = specialised(&all[helper], parameter, &given, name);
            all.insert(caller, special);
        }
    }
    *step = if has_step { all.pop() } else { None };
    *helpers = all.into_iter().filter(|helper| called_parameter(helper).is_none()).collect();
}

/// A call of a function that calls what it is given.
struct Call {
    line: usize,
    at: usize,
    helper: usize,
    /// Which of its parameters, from 0.
    parameter: usize,
    /// The tokens to take out of the call, if the function stands in it.
    argument: Option<(usize, usize)>,
    given: Vec<Located>,
}

/// The first parameter that a function calls.
fn called_parameter(function: &Function) -> Option<usize> {
    let calls = |name: &str| {
        let in_line = |line: &LogicalLine| {
            (0..line.tokens.len()).any(|at| {
                word(line, at) == Some(name)
                    && sign(line, at + 1) == Some("(")
                    && (at == 0 || sign(line, at - 1) != Some("."))
            })
        };
        function.body.iter().any(in_line)
    };
    // One with more parameters is refused.
    let all = parameters(&function.head);
    all.iter().take(MOST_PARAMETERS).position(|(_, name)| calls(name))
}

/// The words of a function's name: `np_tanh`.
fn words_of(given: &[Located]) -> String {
    let words = given.iter().filter_map(|token| match &token.token {
        Token::Name(name) => Some(name.as_str()),
        _ => None,
    });
    words.collect::<Vec<_>>().join("_")
}

fn call_in(all: &[Function], caller: usize) -> Option<Call> {
    for (line, text) in all[caller].body.iter().enumerate() {
        for at in 0..text.tokens.len() {
            let Some(name) = word(text, at).filter(|_| sign(text, at + 1) == Some("(")) else { continue };
            let Some(helper) = all.iter().position(|known| known.name == name) else { continue };
            let Some(parameter) = called_parameter(&all[helper]).filter(|_| helper != caller) else {
                continue;
            };
            if let Some((argument, given)) = given_for(all, (text, at), helper, parameter) {
                return Some(Call { line, at, helper, parameter, argument, given });
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
    parameter: usize,
) -> Option<(Option<(usize, usize)>, Vec<Located>)> {
    let mut open = 0usize;
    let close = (at + 1..text.tokens.len()).find(|at| {
        open += usize::from(matches!(sign(text, *at), Some("(" | "[")));
        open -= usize::from(open > 0 && matches!(sign(text, *at), Some(")" | "]")));
        open == 0
    })?;
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
            let has_comma = sign(text, end) == Some(",");
            let from = if has_comma || k == 0 { start } else { start - 1 };
            return is_function(&value, all).then(|| (Some((from, end + usize::from(has_comma))), value));
        }
        start = end + 1;
    }
    // What it is where nothing is given.
    let until = behind(&head.tokens, place);
    let default = head.tokens.get(place + 2..until).filter(|_| sign(head, place + 1) == Some("="))?;
    is_function(default, all).then(|| (None, default.to_vec()))
}

/// Whether tokens name a function that can be called.
fn is_function(tokens: &[Located], all: &[Function]) -> bool {
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
        || Known::named(&name, Dialect::Step).is_some()
}

/// A function for one function that it is given.
fn specialised(helper: &Function, parameter: usize, given: &[Located], name: String) -> Function {
    let mut made = helper.clone();
    let Some((place, own)) = parameters(&helper.head).into_iter().nth(parameter) else { return made };
    let end = behind(&made.head.tokens, place);
    let has_comma = sign(&made.head, end) == Some(",");
    let from = if has_comma || place < 4 { place } else { place - 1 };
    made.head.tokens.drain(from..end + usize::from(has_comma));
    made.head.tokens[1] = located(Token::Name(name.clone()), &helper.head.tokens[1]);
    made.name = name;
    for line in &mut made.body {
        let tokens = std::mem::take(&mut line.tokens);
        let is_own = |at: usize| {
            let member = at > 0 && tokens[at - 1].token == Token::Sign(".");
            tokens[at].token == Token::Name(own.clone()) && !member
        };
        let put = |at: usize| match is_own(at) {
            true => given.iter().map(|token| Located { span: tokens[at].span, ..token.clone() }).collect(),
            false => vec![tokens[at].clone()],
        };
        line.tokens = (0..tokens.len()).flat_map(put).collect();
    }
    made
}
