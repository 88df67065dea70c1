//! Keeps the members of a dictionary or an object apart from other names: `p["z"]` becomes `z`, which must not be the
//! `z` that a line has computed, nor the parameter `z`.

use super::blocks::targets;
use super::lines::{Function, is_sign, items, parameters, reads, sign, word};
use crate::listing::language::tokens::{LogicalLine, Token};

/// Which of a member and the local name that is spelled like it has got a value last.
#[derive(Clone, Copy, PartialEq)]
enum Newest {
    Member,
    Local,
    /// They have the same value.
    Both,
}

struct Spelling {
    key: String,
    newest: Newest,
    has_local: bool,
    assigned: bool,
    /// Whether one of them is read when the other one is newer.
    differ: bool,
    /// Whether the member is read.
    is_read: bool,
}

/// What is known of the members of one owner.
struct Spellings(Vec<Spelling>);

impl Spellings {
    fn of(&mut self, key: &str) -> Option<&mut Spelling> {
        self.0.iter_mut().find(|own| own.key == key)
    }
}

/// What a member at a place is called, and how many tokens it has.
type Member<'a> = &'a dyn Fn(&LogicalLine, usize) -> Option<(String, usize)>;

/// Gives local names that are spelled like members others where they have other values. Gives the members that are
/// spelled like parameters, which need another name themselves.
pub(super) fn kept(function: &mut Function, owner: &str, member: Member) -> Vec<String> {
    let mut all = Spellings(Vec::new());
    for line in &function.body {
        for at in 0..line.tokens.len() {
            if let Some((key, _)) = member(line, at).filter(|(key, _)| all.of(key).is_none()) {
                let newest = Newest::Member;
                all.0.push(Spelling {
                    key,
                    newest,
                    has_local: false,
                    assigned: false,
                    differ: false,
                    is_read: false,
                });
            }
        }
    }
    function.body.iter().for_each(|line| one_line(line, member, &mut all));
    let of_head: Vec<String> = parameters(&function.head).into_iter().map(|(_, name)| name).collect();
    let mut twice = Vec::new();
    for own in &all.0 {
        let key = &own.key;
        if of_head.contains(key) {
            twice.extend(Some(key.clone()).filter(|key| own.is_read && key != owner));
        } else if own.differ || (own.assigned && own.newest == Newest::Local) {
            // What an object keeps is read by its next step.
            let mut name = format!("{key}_2");
            while function.body.iter().any(|line| reads(line, &name)) || of_head.contains(&name) {
                name.push_str("_2");
            }
            function.body.iter_mut().for_each(|line| rename(line, key, &name));
        }
    }
    twice
}

fn one_line(line: &LogicalLine, member: Member, all: &mut Spellings) {
    let locals = targets(line);
    let grows = sign(line, 1).is_some_and(assigns) && !locals.is_empty();
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
    let mut written: Vec<(String, Newest)> = Vec::new();
    for at in 0..line.tokens.len() {
        if let Some((key, length)) = member(line, at) {
            let by = sign(line, at + length);
            let is_target = at < from && matches!(by, Some("=" | "," | ")")) || by.is_some_and(assigns);
            if let Some(own) = all.of(&key) {
                own.is_read |= !is_target;
                own.assigned |= is_target;
                own.differ |= !is_target && own.newest == Newest::Local;
            }
            if is_target {
                written.push((key, Newest::Member));
            }
        } else if let Some(name) = word(line, at).filter(|_| at >= from || grows)
            && (at == 0 || !is_sign(line, at - 1, "."))
            && let Some(own) = all.of(name)
        {
            own.differ |= own.has_local && own.newest == Newest::Member;
        }
    }
    for key in locals {
        all.of(&key).into_iter().for_each(|own| own.has_local = true);
        written.push((key, Newest::Local));
    }
    written.extend(same(line, from, member).into_iter().map(|key| (key, Newest::Both)));
    for (key, newest) in written {
        all.of(&key).into_iter().for_each(|own| own.newest = newest);
    }
}

/// `+=` and its kin.
fn assigns(sign: &str) -> bool {
    sign.len() == 2 && sign.ends_with('=') && sign.starts_with(['+', '-', '*', '/'])
}

/// The keys in `h = self.h` and `self.h, self.c = h, c`.
fn same(line: &LogicalLine, from: usize, member: Member) -> Vec<String> {
    let Some(until) = from.checked_sub(1) else { return vec![] };
    let (left, right) = (items(&line.tokens[..until]), items(&line.tokens[from..]));
    let of = |tokens: &Vec<_>| LogicalLine::of(tokens.clone());
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
        let behind_a_dot = at > 0 && is_sign(line, at - 1, ".");
        let is_option = open > 0 && is_sign(line, at + 1, "=");
        if word(line, at) == Some(from) && !behind_a_dot && !is_option {
            line.tokens[at].token = Token::Name(to.into());
        }
    }
}
