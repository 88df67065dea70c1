//! Lists that a step collects, written out: `outs = []`, `outs.append(a)`, `np.concatenate(outs)`, and what is made for
//! each member of a list, `np.stack([np.tanh(z) for z in outs])`. A member of `outs` is called `outs_0`.

use super::bundles::texts;
use super::constants::Constants;
use super::lines::{Function, appended, begun, is_sign, is_word, items, located, put, sign, unwrapped, word};
use super::loops::{Names, Room, bracketed, in_round, members, round};
use super::made::{comma_separated, named, spelt};
use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// So many comprehensions of one line are written out.
const MOST_ON_A_LINE: usize = 16;

/// Writes the lists of a function out, whose loops are written out already.
pub(super) fn written_out(function: &mut Function) {
    let mut room = Room::new();
    let mut lists: Vec<(String, Vec<String>)> = Vec::new();
    let mut lines: Vec<LogicalLine> = Vec::new();
    for mut line in std::mem::take(&mut function.body) {
        for _ in 0..MOST_ON_A_LINE {
            let listed = |name: &str| {
                lists.iter().find(|(known, _)| known == name).map(|(_, own)| vec![None; own.len()])
            };
            if each(&mut line, (&|_| None, &listed), &mut room).is_none() {
                break;
            }
        }
        let appended = appended(&line).filter(|name| lists.iter().any(|(known, _)| known == name));
        let begun = begun(&line);
        if begun.is_none() && appended.is_none() {
            line.tokens = with_members(&line.tokens, &lists, &mut room);
            lines.push(line);
            continue;
        }
        let from = if begun.is_some() { 2 } else { 3 };
        let values = items(unwrapped(&line.tokens[from..]).unwrap_or_default());
        let name = begun.or(appended).unwrap_or_default();
        let mut own = lists.iter().find(|(known, _)| *known == name).map_or(vec![], |(_, own)| own.clone());
        if from == 2 {
            own.clear();
        }
        let like = line.tokens[0].clone();
        for (k, value) in values.into_iter().enumerate() {
            let member = format!("{name}_{}", own.len());
            let value = with_members(&value, &lists, &mut room);
            let tokens = spelt("$ = $", &like, &[&named(&member, &like), &value]);
            own.push(member);
            let (above, comment) =
                if k == 0 { (line.above.clone(), line.comment.clone()) } else { (vec![], None) };
            let (indent, last_line) = (line.indent, line.last_line);
            lines.push(LogicalLine {
                indent,
                tokens,
                comment,
                above,
                last_line,
                joined: line.joined || k > 0,
            });
        }
        lists.retain(|(known, _)| *known != name);
        lists.push((name, own));
    }
    function.body = lines;
}

/// Tokens with the names of members in the place of lists.
fn with_members(tokens: &[Located], lists: &[(String, Vec<String>)], room: &mut Room) -> Vec<Located> {
    let mut found: Vec<Located> = Vec::new();
    let is =
        |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.token == Token::Sign(sign_of(text)));
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let list = match &token.token {
            Token::Name(name) if at == 0 || !is(at - 1, ".") => lists.iter().find(|(known, _)| known == name),
            _ => None,
        };
        at += 1;
        let Some((_, own)) = list else {
            found.push(token.clone());
            continue;
        };
        let name = |member: &String| located(Token::Name(member.clone()), token);
        let minus = usize::from(is(at, "[") && is(at + 1, "-"));
        let index = tokens.get(at + 1 + minus).and_then(|index| match index.token {
            Token::Number(number) if is(at, "[") && is(at + 2 + minus, "]") => Some(number as usize),
            _ => None,
        });
        let place = index.and_then(|k| if minus == 1 { own.len().checked_sub(k) } else { Some(k) });
        if let Some(member) = place.and_then(|place| own.get(place)) {
            found.push(name(member));
            at += 3 + minus;
            continue;
        }
        // `len(outs)`
        let of_length = matches!(&found[..], [.., before, open]
            if before.token == Token::Name("len".into()) && open.token == Token::Sign("("));
        if of_length && is(at, ")") {
            found.truncate(found.len() - 2);
            found.push(located(Token::Number(own.len() as f64), token));
            at += 1;
            continue;
        }
        // A list of lists doubles with every line.
        if room.take(2 * own.len()).is_none() {
            found.push(token.clone());
            continue;
        }
        let spread = found.last().is_some_and(|before| before.token == Token::Sign("*"))
            && found.iter().rev().nth(1).is_some_and(|b| matches!(b.token, Token::Sign("(" | "[" | ",")));
        if spread {
            found.pop();
        }
        let all: Vec<_> = own.iter().map(|member| named(member, token)).collect();
        let all = comma_separated(&all, token);
        found.extend(spelt(if spread { "$" } else { "[ $ ]" }, token, &[&all]));
    }
    found
}

fn sign_of(text: &str) -> &'static str {
    ["[", "]", "-", ")", "."].into_iter().find(|sign| *sign == text).unwrap_or("")
}

/// Writes one `value for name in list` of a line out.
pub(super) fn each(line: &mut LogicalLine, known: Names, room: &mut Room) -> Option<()> {
    let tokens = &line.tokens;
    let at = (1..tokens.len()).rev().find(|at| is_word(line, *at, "for"))?;
    let mut depth = 0usize;
    let open = (0..at).rev().find(|at| match sign(line, *at) {
        Some(")" | "]") => {
            depth += 1;
            false
        }
        Some("(" | "[") if depth > 0 => {
            depth -= 1;
            false
        }
        Some("(" | "[" | "{") => true,
        _ => false,
    })?;
    let is_dictionary = is_sign(line, open, "{");
    let mut depth = 0usize;
    let close = (open..tokens.len()).find(|at| {
        depth += usize::from(matches!(sign(line, *at), Some("(" | "[" | "{")));
        depth -= usize::from(depth > 0 && matches!(sign(line, *at), Some(")" | "]" | "}")));
        depth == 0
    })?;
    // `i, f, o = [sigmoid(z) for z in zs]` gives each value a name.
    let equals = (0..open).find(|at| is_sign(line, *at, "="));
    let is_whole = equals == open.checked_sub(1) && close + 1 == tokens.len();
    let one_name =
        !(at + 1..tokens.len()).take_while(|at| !is_word(line, *at, "in")).any(|at| is_sign(line, at, ","));
    let until = (at..close).find(|at| is_word(line, *at, "in"))?;
    let names = &tokens[at + 1..until];
    let over = &tokens[until + 1..close];
    // A text is no value of a listing.
    let of_texts = over.iter().any(|token| matches!(token.token, Token::Text(_)));
    let several = equals.is_some_and(|equals| (0..equals).any(|at| is_sign(line, at, ",")));
    if is_whole && one_name && several && !of_texts {
        return None;
    }
    let values = members(over, known, room, 0)?;
    let value = &tokens[open + 1..at];
    room.take(value.len().checked_mul(values.len())?)?;
    let mut made: Vec<Vec<Located>> = Vec::new();
    for member in values {
        let round = round(names, &member, 0)?;
        let mut own: Vec<Located> = value.iter().flat_map(|token| in_round(token, &round)).collect();
        texts(&mut own, &Constants::of(&round));
        made.push(if is_dictionary { own } else { bracketed(&own) });
    }
    let made = comma_separated(&made, &tokens[open]);
    let made = spelt(if is_dictionary { "{ $ }" } else { "[ $ ]" }, &tokens[open], &[&made]);
    // In the bracket of a call it is the one argument.
    let is_call = open > 0
        && (word(line, open - 1).is_some_and(|before| before != "in")
            || matches!(sign(line, open - 1), Some(")" | "]")));
    let (from, to) = if is_call && is_sign(line, open, "(") { (open + 1, close) } else { (open, close + 1) };
    put(&mut line.tokens, from..to, made);
    Some(())
}
