//! What holds several weights or states: dictionaries (`parameters["Wf"]`), objects (`params.W`, `self.W`) and tuples
//! of states (`state[0]`). Each thing that is read out of it becomes a parameter of its own.

use super::MOST_PARAMETERS;
use super::apart;
use super::lines::{
    self, Function, behind, is_sign, is_word, items, located, parameters, sign, unwrapped, word,
};
use super::made::{comma_separated, named, spelt};
use super::passed::Owner;
use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// What an array has itself.
pub(super) const OF_ARRAYS: [&str; 17] = [
    "T",
    "shape",
    "size",
    "ndim",
    "dot",
    "sum",
    "mean",
    "std",
    "var",
    "max",
    "min",
    "copy",
    "reshape",
    "ravel",
    "flatten",
    "astype",
    "transpose",
];
/// What objects call the number of units.
const UNITS: [&str; 6] = ["hidden_size", "hidden_dim", "n_hidden", "num_units", "n_units", "units"];

/// What is known of a member.
struct Member {
    key: String,
    /// It has a value before the function gives it one.
    read: bool,
    assigned: bool,
    called: bool,
}

/// Makes parameters of what is read out of a dictionary or of an object; `lists`: of lists of weights too.
pub(super) fn taken_out(function: &mut Function, lists: bool, known: &mut Vec<Owner>) {
    let all = parameters(&function.head);
    // More than there may be: that is what will be said of the function.
    let few = all.len() <= MOST_PARAMETERS;
    let owners: Vec<(usize, (usize, String))> = (all.into_iter().enumerate().filter(|_| few))
        .filter(|(k, (_, name))| is_owner(function, name, lists && *k > 1))
        .collect();
    let shared = shared(function, &owners, lists);
    for (place, (at, owner)) in owners.into_iter().rev() {
        let mut found: Vec<Member> = Vec::new();
        let mut twice = apart::kept(function, &owner, &|line, at| reads_member(line, at, &owner, lists));
        twice.extend_from_slice(&shared);
        let called = |key: &str| match twice.iter().any(|own| own == key) {
            true => format!("{owner}_{key}"),
            false => key.to_string(),
        };
        for line in &mut function.body {
            members_of_line(line, (&owner, lists), &called, &mut found);
        }
        // `Wf = Wf` says nothing.
        function.body.retain(|line| {
            line.tokens.len() != 3
                || !is_sign(line, 1, "=")
                || word(line, 0).is_none()
                || word(line, 0) != word(line, 2)
        });
        let is_self = owner == "self";
        let states: Vec<String> =
            found.iter().filter(|m| is_self && m.read && m.assigned).map(|m| called(&m.key)).collect();
        let read = found.iter().filter(|m| m.read && !m.called && !states.contains(&called(&m.key)));
        let keys: Vec<String> = read.map(|m| m.key.clone()).collect();
        let mut weights: Vec<String> = keys.iter().map(|key| called(key)).collect();
        if is_self {
            measured(function, &mut weights);
        }
        let like = function.head.tokens[at].clone();
        let changed = found.iter().filter(|m| m.read && m.assigned).map(|m| called(&m.key));
        whole_returned(function, &owner, &changed.collect::<Vec<_>>());
        put(&mut function.head, at, listed(&weights, &like), is_self);
        returned(function, &states, &like);
        if !is_self {
            let keys = keys.into_iter().zip(weights.iter().cloned()).collect();
            known.push(Owner { function: function.name.clone(), place, name: owner.clone(), keys });
        }
        function.weights.extend(weights);
    }
}

/// The keys that are read of several dictionaries: each has its owner in front of it.
fn shared(function: &Function, owners: &[(usize, (usize, String))], lists: bool) -> Vec<String> {
    let (mut known, mut twice): (Vec<(&str, String)>, Vec<String>) = (Vec::new(), Vec::new());
    for line in function.body.iter().filter(|_| owners.len() > 1) {
        for at in 0..line.tokens.len() {
            for (_, (_, owner)) in owners {
                let Some((key, _)) = reads_member(line, at, owner, lists) else { continue };
                match known.iter().find(|(_, own)| *own == key) {
                    Some((of, _)) if of != owner && !twice.contains(&key) => twice.push(key),
                    Some(_) => {}
                    None => known.push((owner, key)),
                }
            }
        }
    }
    twice
}

/// Whether a parameter is only there for what it holds.
fn is_owner(function: &Function, name: &str, lists: bool) -> bool {
    let mut places = function.body.iter().flat_map(|line| {
        let all = (0..line.tokens.len()).filter(|at| word(line, *at) == Some(name));
        all.filter(|at| *at == 0 || !is_sign(line, at - 1, ".")).map(move |at| (line, at))
    });
    let (reads, of_text) = places.clone().fold((true, false), |(all, text), (line, at)| {
        let member = reads_member(line, at, name, lists);
        let by_text = matches!(line.tokens.get(at + 2).map(|t| &t.token), Some(Token::Text(_)));
        (all && member.is_some(), text || (member.is_some() && by_text))
    });
    name == "self" || of_text || (places.next().is_some() && reads)
}

/// Puts names in the place of the members of a line, and notes what happens to them.
fn members_of_line(
    line: &mut LogicalLine,
    (owner, lists): (&str, bool),
    called: &dyn Fn(&str) -> String,
    found: &mut Vec<Member>,
) {
    let mut here: Vec<(usize, String)> = Vec::new();
    let mut at = 0;
    while at < line.tokens.len() {
        if let Some((key, length)) = reads_member(line, at, owner, lists) {
            let mut name = located(Token::Name(called(&key)), &line.tokens[at]);
            // Should it be called, and be no function, its owner is named.
            name.text = format!("{owner}.{key}");
            lines::put(&mut line.tokens, at..at + length, vec![name]);
            here.push((at, key));
        }
        at += 1;
    }
    let equals = (0..line.tokens.len()).find(|at| is_sign(line, *at, "=")).unwrap_or(0);
    let is_target = |at: usize| at < equals && matches!(sign(line, at + 1), Some("=" | "," | ")"));
    // What stands right of = is read before the names left of it have their new values.
    let (targets, reads): (Vec<_>, Vec<_>) = here.into_iter().partition(|(at, _)| is_target(*at));
    for (at, key) in reads.into_iter().chain(targets) {
        let target = is_target(at);
        let grows = at == 0 && sign(line, 1).is_some_and(|sign| sign.len() > 1 && sign.ends_with('='));
        let called = is_sign(line, at + 1, "(");
        match found.iter_mut().find(|member| member.key == key) {
            Some(member) => member.assigned |= target || grows,
            None => found.push(Member { key, read: !target, assigned: target || grows, called }),
        }
    }
}

/// The number of units that an object knows is the length of its state.
fn measured(function: &mut Function, weights: &mut Vec<String>) {
    let state = parameters(&function.head).into_iter().filter(|(_, name)| name != "self").nth(1);
    let Some((_, state)) = state else { return };
    let is_units = |name: &String| UNITS.contains(&name.as_str());
    let read: Vec<String> = weights.iter().filter(|name| is_units(name)).cloned().collect();
    let known = |token: &Located| matches!(&token.token, Token::Name(name) if read.contains(name));
    for line in &mut function.body {
        let length = |token: &Located| spelt("len ( $ )", token, &[&named(&state, token)]);
        line.tokens =
            line.tokens.iter().flat_map(|t| if known(t) { length(t) } else { vec![t.clone()] }).collect();
    }
    weights.retain(|weight| !is_units(weight));
}

/// `return state`, a dictionary whose members have new values, returns those.
fn whole_returned(function: &mut Function, owner: &str, changed: &[String]) {
    for line in function.body.iter_mut().filter(|line| is_word(line, 0, "return")) {
        let whole = |at: &usize| word(line, *at) == Some(owner) && !is_sign(line, at + 1, ".");
        let Some(at) = (1..line.tokens.len()).find(whole).filter(|_| !changed.is_empty()) else { continue };
        let names = listed(changed, &line.tokens[at]);
        lines::put(&mut line.tokens, at..at + 1, names);
    }
}

/// States that an object keeps are parameters behind the input, and are returned.
fn returned(function: &mut Function, states: &[String], like: &Located) {
    let Some((input, _)) = parameters(&function.head).into_iter().next().filter(|_| !states.is_empty())
    else {
        return;
    };
    let until = behind(&function.head.tokens, input);
    let names = spelt(", $", like, &[&listed(states, like)]);
    lines::put(&mut function.head.tokens, until..until, names);
    if function.body.iter().all(|line| !is_word(line, 0, "return"))
        && let Some(last) = function.body.last().cloned()
    {
        let tokens = vec![located(Token::Name("return".into()), &last.tokens[0])];
        function.body.push(LogicalLine { tokens, joined: true, comment: None, above: vec![], ..last });
    }
    let Some(line) = function.body.iter_mut().find(|line| is_word(line, 0, "return")) else { return };
    let values = line.tokens.split_off(1);
    let mut values = items(unwrapped(&values).unwrap_or(&values));
    let is_there = |state: &String, values: &[Vec<Located>]| {
        values.iter().any(|value| matches!(&value[..], [one] if one.token == Token::Name(state.clone())))
    };
    for state in states {
        if !is_there(state, &values) {
            values.push(named(state, like));
        }
    }
    line.tokens.extend(comma_separated(&values, like));
}

/// Names with commas between them.
fn listed(names: &[String], like: &Located) -> Vec<Located> {
    let names: Vec<_> = names.iter().map(|name| named(name, like)).collect();
    comma_separated(&names, like)
}

/// Puts parameters in the place of one, or at the end.
fn put(head: &mut LogicalLine, at: usize, mut names: Vec<Located>, at_the_end: bool) {
    if !at_the_end {
        lines::put(&mut head.tokens, at..at + 1, names);
        return;
    }
    let until = if is_sign(head, at + 1, ",") { at + 1 } else { at };
    let like = head.tokens[at].clone();
    head.tokens.drain(at..=until);
    if let Some(close) = (0..head.tokens.len()).rev().find(|at| is_sign(head, *at, ")"))
        && !names.is_empty()
    {
        names.insert(0, located(Token::Sign(","), &like));
        lines::put(&mut head.tokens, close..close, names);
    }
}

/// A member at a place, or a member of a member, `owner["z"]["W"]`: its key, and how many tokens it has.
fn reads_member(line: &LogicalLine, at: usize, owner: &str, lists: bool) -> Option<(String, usize)> {
    let (mut key, mut length) = one_member(line, at, owner, lists)?;
    while let (Some("["), Some(Token::Text(own)), Some("]")) = (
        sign(line, at + length),
        line.tokens.get(at + length + 1).map(|t| &t.token),
        sign(line, at + length + 2),
    ) && is_name(&format!("{key}_{own}"))
    {
        key = format!("{key}_{own}");
        length += 3;
    }
    Some((key, length))
}

fn is_name(key: &str) -> bool {
    key.starts_with(|c: char| !c.is_ascii_digit()) && key.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// `owner["key"]`, `owner.key` or, for states and `lists`, `owner[0]` at a place: the key, and how many tokens it has.
fn one_member(line: &LogicalLine, at: usize, owner: &str, lists: bool) -> Option<(String, usize)> {
    if word(line, at) != Some(owner) || (at > 0 && is_sign(line, at - 1, ".")) {
        return None;
    }
    let closes = is_sign(line, at + 3, "]");
    match (sign(line, at + 1), &line.tokens.get(at + 2)?.token) {
        (Some("["), Token::Text(key)) if closes => is_name(key).then(|| (key.clone(), 4)),
        (Some("["), Token::Number(number))
            if closes && (lists || owner.starts_with("state")) && *number < 10.0 =>
        {
            Some((format!("{owner}_{number}"), 4))
        }
        // `owner.get("key", 0)`: a weight that need not be there is there.
        (Some("."), Token::Name(get)) if get == "get" && is_sign(line, at + 3, "(") => {
            let Token::Text(key) = &line.tokens.get(at + 4)?.token else { return None };
            let close = lines::closing(&line.tokens, at + 3)?;
            is_name(key).then(|| (key.clone(), close + 1 - at))
        }
        (Some("."), Token::Name(key)) => {
            let is_array = OF_ARRAYS.contains(&key.as_str()) || is_sign(line, at + 3, "(");
            (owner == "self" || !(is_array || key == "self")).then(|| (key.clone(), 3))
        }
        _ => None,
    }
}
