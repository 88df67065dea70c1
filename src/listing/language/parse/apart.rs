//! Keeps the members of a dictionary or an object apart from other names: `p["z"]` becomes `z`, which must not be the
//! `z` that a line has computed, nor the parameter `z`.

use super::blocks::targets;
use super::lines::{Function, items, parameters, sign, word};
use crate::listing::language::tokens::{LogicalLine, Token};
use std::collections::{BTreeMap, BTreeSet};

/// Which of a member and the local name that is spelled like it has got a value last.
#[derive(Clone, Copy, PartialEq)]
enum Newest {
    Member,
    Local,
    /// They have the same value.
    Both,
}

struct Spelling {
    newest: Newest,
    has_local: bool,
    assigned: bool,
    /// Whether one of them is read when the other one is newer.
    differ: bool,
}

impl Spelling {
    fn new() -> Self {
        Self { newest: Newest::Member, has_local: false, assigned: false, differ: false }
    }
}

/// What a member at a place is called, and how many tokens it has.
type Member<'a> = &'a dyn Fn(&LogicalLine, usize) -> Option<(String, usize)>;

/// Gives local names that are spelled like members others where they have other values. Gives the members that are
/// spelled like parameters, which need another name themselves.
pub(super) fn kept(function: &mut Function, owner: &str, member: Member) -> BTreeSet<String> {
    let mut all: BTreeMap<String, Spelling> = BTreeMap::new();
    let mut read: BTreeSet<String> = BTreeSet::new();
    for line in &function.body {
        for at in 0..line.tokens.len() {
            all.extend(member(line, at).map(|(key, _)| (key, Spelling::new())));
        }
    }
    for line in &function.body {
        one_line(line, member, &mut all, &mut read);
    }
    // What an object keeps is read by its next step.
    all.values_mut().for_each(|own| own.differ |= own.assigned && own.newest == Newest::Local);
    let of_head: Vec<String> = parameters(&function.head).into_iter().map(|(_, name)| name).collect();
    for (key, _) in all.iter().filter(|(key, own)| own.differ && !of_head.contains(key)) {
        let is_taken = |name: &String| {
            let known = |line: &LogicalLine| line.tokens.iter().any(|t| t.token == Token::Name(name.clone()));
            all.contains_key(name) || of_head.contains(name) || function.body.iter().any(known)
        };
        let Some(name) = (2..).map(|k| format!("{key}_{k}")).find(|name| !is_taken(name)) else { continue };
        function.body.iter_mut().for_each(|line| rename(line, key, &name));
    }
    read.retain(|key| key != owner && of_head.contains(key));
    read
}

fn one_line(
    line: &LogicalLine,
    member: Member,
    all: &mut BTreeMap<String, Spelling>,
    read: &mut BTreeSet<String>,
) {
    let locals = targets(line);
    let grows =
        sign(line, 1).is_some_and(|sign| sign.len() == 2 && sign.ends_with('=')) && !locals.is_empty();
    let mut open = 0usize;
    let mut equals = None;
    for at in 0..line.tokens.len() {
        match sign(line, at) {
            Some("(" | "[" | "{") => open += 1,
            Some(")" | "]" | "}") => open = open.saturating_sub(1),
            Some("=") if open == 0 => equals = Some(at),
            _ => {}
        }
    }
    let from = equals.map_or(0, |at| at + 1);
    let mut written: Vec<String> = Vec::new();
    for at in 0..line.tokens.len() {
        if let Some((key, length)) = member(line, at) {
            let is_target = at < from
                && matches!(sign(line, at + length), Some("=" | "," | ")" | "+=" | "-=" | "*=" | "/="));
            if is_target {
                written.push(key.clone());
            } else {
                read.insert(key.clone());
            }
            let own = all.get_mut(&key);
            own.into_iter().for_each(|own| own.differ |= !is_target && own.newest == Newest::Local);
        } else if let Some(name) = word(line, at).filter(|_| at >= from || grows)
            && (at == 0 || sign(line, at - 1) != Some("."))
            && let Some(own) = all.get_mut(name)
        {
            own.differ |= own.has_local && own.newest == Newest::Member;
        }
    }
    for key in written {
        let own = all.get_mut(&key);
        own.into_iter().for_each(|own| (own.newest, own.assigned) = (Newest::Member, true));
    }
    for key in &locals {
        let own = all.get_mut(key);
        own.into_iter().for_each(|own| (own.newest, own.has_local) = (Newest::Local, true));
    }
    for key in same(line, from, member) {
        all.get_mut(&key).into_iter().for_each(|own| own.newest = Newest::Both);
    }
}

/// The keys in `h = self.h` and `self.h, self.c = h, c`.
fn same(line: &LogicalLine, from: usize, member: Member) -> Vec<String> {
    let Some(until) = from.checked_sub(1) else { return vec![] };
    let (left, right) = (items(&line.tokens[..until]), items(&line.tokens[from..]));
    let of = |tokens: &Vec<_>| LogicalLine { tokens: tokens.clone(), ..LogicalLine::default() };
    let pairs = left.iter().zip(&right).filter(|_| left.len() == right.len());
    let found = pairs.filter_map(|(a, b)| {
        let (a, b) = (of(a), of(b));
        let (one, other) = if a.tokens.len() == 1 { (a, b) } else { (b, a) };
        let (key, length) = member(&other, 0)?;
        (one.tokens.len() == 1 && word(&one, 0) == Some(&key) && length == other.tokens.len()).then_some(key)
    });
    found.collect()
}

/// Gives a local name another one; what is written in the text stays.
fn rename(line: &mut LogicalLine, from: &str, to: &str) {
    let mut open = 0usize;
    for at in 0..line.tokens.len() {
        match sign(line, at) {
            Some("(" | "[" | "{") => open += 1,
            Some(")" | "]" | "}") => open = open.saturating_sub(1),
            _ => {}
        }
        let behind_a_dot = at > 0 && sign(line, at - 1) == Some(".");
        let is_option = open > 0 && sign(line, at + 1) == Some("=");
        if word(line, at) == Some(from) && !behind_a_dot && !is_option {
            line.tokens[at].token = Token::Name(to.into());
        }
    }
}
