//! Loops with fixed bounds, written out: `for i in range(2):`, `for w in (a, b):`, `for w, b in zip(ws, bs):`.

use super::blocks::targets;
use super::lines::{appended, begun, is_sign, is_word, items, located, unwrapped};
use super::made::{comma_separated, spelt};
use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// A function writes its loops out with so many names, numbers and signs: about twice as many as the longest text that
/// is read has.
const MOST_TOKENS: usize = 30_000;
/// How deep `zip` and its kin may stand in each other.
const DEEPEST: usize = 6;

/// The members of a list, as they are written if they stay what they are.
pub(super) type Members = Vec<Option<Vec<Located>>>;

/// The whole number that a name stands for, and the members of the list of a name.
pub(super) type Names<'a> = (&'a dyn Fn(&str) -> Option<i64>, &'a dyn Fn(&str) -> Option<Members>);

/// What the names of a loop stand for in one round.
pub(super) type Round = Vec<(String, Vec<Located>)>;

/// How much the loops of a function may still write out.
pub(super) struct Room {
    tokens: usize,
    /// Whether it was not enough.
    full: bool,
}

impl Room {
    pub(super) fn new() -> Self {
        Self { tokens: MOST_TOKENS, full: false }
    }

    /// Whether it was not enough.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Takes room for so many tokens, if there is enough.
    pub(super) fn take(&mut self, tokens: usize) -> Option<()> {
        let left = self.tokens.checked_sub(tokens);
        self.full |= left.is_none();
        self.tokens = left?;
        Some(())
    }
}

/// What stands in the place of a token in one round.
pub(super) fn in_round(token: &Located, round: &Round) -> Vec<Located> {
    let stands = round.iter().find(|(name, _)| token.token == Token::Name(name.clone()));
    match stands {
        Some((_, value)) => value.iter().map(|t| Located { span: token.span, ..t.clone() }).collect(),
        None => vec![token.clone()],
    }
}

fn number(token: &Located) -> Option<i64> {
    match token.token {
        Token::Number(value) if value.fract() == 0.0 && value.abs() <= 1e4 => Some(value as i64),
        _ => None,
    }
}

/// What the names stand for, round after round.
pub(super) fn rounds(head: &LogicalLine, known: Names, room: &mut Room) -> Option<Vec<Round>> {
    let until = (1..head.tokens.len()).find(|at| is_word(head, *at, "in"))?;
    let end = head.tokens.len().checked_sub(1).filter(|end| is_sign(head, *end, ":"))?;
    let values = members(&head.tokens[until + 1..end], known, room, 0)?;
    values.into_iter().map(|value| round(&head.tokens[1..until], &value, 0)).collect()
}

/// What names stand for, which may be grouped: `k, (W, U)`.
pub(super) fn round(names: &[Located], value: &[Located], depth: usize) -> Option<Round> {
    let parts = items(unwrapped(names).unwrap_or(names));
    match parts.as_slice() {
        _ if depth > DEEPEST => None,
        [one] => match one.as_slice() {
            [Located { token: Token::Name(name), .. }] => Some(vec![(name.clone(), bracketed_value(value))]),
            _ => None,
        },
        _ => {
            let mut values = items(unwrapped(value)?);
            // In brackets it is the same.
            while let [one] = values.as_slice() {
                values = items(unwrapped(one)?);
            }
            let pairs = parts.iter().zip(&values).filter(|_| values.len() == parts.len());
            let all: Option<Vec<Round>> = pairs.map(|(name, value)| round(name, value, depth + 1)).collect();
            all.map(|all| all.concat()).filter(|all| !all.is_empty())
        }
    }
}

/// The values that a loop goes over.
pub(super) fn members(
    over: &[Located],
    known: Names,
    room: &mut Room,
    depth: usize,
) -> Option<Vec<Vec<Located>>> {
    if depth > DEEPEST {
        return None;
    }
    if let Some(parts) = parts_of_split(over) {
        return Some(parts);
    }
    let like = over.first()?;
    let name = match &like.token {
        Token::Name(name) => name.as_str(),
        Token::Text(text) if over.len() == 1 => {
            let letter = |c: char| vec![located(Token::Text(c.into()), like)];
            return Some(text.chars().map(letter).collect());
        }
        _ => return Some(items(unwrapped(over)?)),
    };
    if over.len() == 1 {
        let member = |k: usize| spelt("$ [ $ ]", like, &[over, &[located(Token::Number(k as f64), like)]]);
        let values = known.1(name)?.into_iter().enumerate();
        return Some(values.map(|(k, value)| value.unwrap_or_else(|| member(k))).collect());
    }
    let arguments = items(unwrapped(&over[1..])?);
    let numbers = |value: i64| {
        let number = located(Token::Number(value.abs() as f64), like);
        let minus = located(Token::Sign("-"), like);
        if value < 0 { vec![minus, number] } else { vec![number] }
    };
    match name {
        "range" => {
            let bound = |tokens: &Vec<Located>| match tokens.as_slice() {
                [Located { token: Token::Name(name), .. }] => known.0(name),
                [one] => number(one),
                [minus, one] if minus.token == Token::Sign("-") => number(one).map(|value| -value),
                _ => None,
            };
            let bounds: Vec<i64> = arguments.iter().map(bound).collect::<Option<_>>()?;
            let (first, last, by) = match bounds.as_slice() {
                [last] => (0, *last, 1),
                [first, last] => (*first, *last, 1),
                [first, last, by] if *by != 0 => (*first, *last, *by),
                _ => return None,
            };
            let inside = |value: &i64| if by > 0 { *value < last } else { *value > last };
            let steps = std::iter::successors(Some(first), |value| Some(value + by)).take_while(inside);
            let count = (last - first).abs() / by.abs() + 1;
            room.take(usize::try_from(count).unwrap_or(0))?;
            Some(steps.map(numbers).collect())
        }
        "reversed" => {
            let mut values = members(arguments.first()?, known, room, depth + 1)?;
            values.reverse();
            Some(values)
        }
        "enumerate" | "zip" => {
            let lists = arguments.iter().map(|list| members(list, known, room, depth + 1));
            let mut lists = lists.collect::<Option<Vec<_>>>()?;
            if name == "enumerate" {
                let count = lists.first()?.len() as i64;
                lists = vec![(0..count).map(numbers).collect(), lists.swap_remove(0)];
            }
            let count = lists.iter().map(Vec::len).min()?;
            let made = lists.iter().flat_map(|list| list.iter().take(count).map(|member| member.len() + 3));
            room.take(made.sum())?;
            let tuple = |k: usize| {
                let parts: Vec<_> = lists.iter().map(|list| bracketed(&list[k])).collect();
                spelt("( $ , )", like, &[&comma_separated(&parts, like)])
            };
            Some((0..count).map(tuple).collect())
        }
        _ => None,
    }
}

/// What a name of a loop stands for: `np.tanh` can be called only without brackets.
fn bracketed_value(value: &[Located]) -> Vec<Located> {
    let is_path = |token: &Located| matches!(token.token, Token::Name(_) | Token::Sign("."));
    let inside = unwrapped(value).unwrap_or(value);
    if inside.iter().all(is_path) { inside.to_vec() } else { bracketed(value) }
}

/// Tokens that mean the same wherever they are put.
pub(super) fn bracketed(tokens: &[Located]) -> Vec<Located> {
    let (Some(first), true) = (tokens.first(), tokens.len() > 1) else { return tokens.to_vec() };
    spelt("( $ )", first, &[tokens])
}

/// The members of a list behind these lines, if they begin one: as they are written where they are names, or groups of
/// names, that have the same values still.
pub(super) fn members_of_list(lines: &[LogicalLine], name: &str) -> Option<Vec<Option<Vec<Located>>>> {
    let mut members: Option<Vec<Option<Vec<Located>>>> = None;
    for line in lines {
        let is_begun = begun(line).is_some_and(|own| own == name);
        if is_begun || appended(line).is_some_and(|own| own == name) {
            let from = if is_begun { 2 } else { 3 };
            let values = items(unwrapped(&line.tokens[from..]).unwrap_or_default());
            let values = values.into_iter().map(|value| Some(value).filter(|value| only_names(value)));
            match &mut members {
                Some(known) if !is_begun => known.extend(values),
                _ if is_begun => members = Some(values.collect()),
                _ => {}
            }
            continue;
        }
        let changed = targets(line);
        if changed.iter().any(|changed| changed == name) {
            let parts = line.tokens.get(2..).and_then(parts_of_split);
            members = parts.filter(|_| changed.len() == 1).map(|parts| vec![None; parts.len()]);
        }
        for member in members.iter_mut().flatten() {
            let changes = |value: &Vec<Located>| {
                value.iter().any(|token| matches!(&token.token, Token::Name(name) if changed.contains(name)))
            };
            *member = member.take().filter(|value| !changes(value));
        }
    }
    members
}

/// Whether tokens are names, or names in brackets.
fn only_names(tokens: &[Located]) -> bool {
    let fits =
        |token: &Located| matches!(token.token, Token::Name(_) | Token::Sign("(" | ")" | "[" | "]" | ","));
    let calls = tokens
        .windows(2)
        .any(|pair| matches!((&pair[0].token, &pair[1].token), (Token::Name(_), Token::Sign("(" | "["))));
    tokens.iter().all(fits) && !calls
}

/// `(value) if condition else (other)`
pub(super) fn conditional(condition: &[Located], value: &[Located], other: &[Located]) -> Vec<Located> {
    let Some(like) = condition.first() else { return value.to_vec() };
    spelt("( $ if $ else $ )", like, &[&bracketed(value), condition, &bracketed(other)])
}

/// `np.split(z, 2)[0]` and so on, for `np.split(z, 2)`.
fn parts_of_split(over: &[Located]) -> Option<Vec<Vec<Located>>> {
    let [np, _, split, call @ ..] = over else { return None };
    let is = |token: &Located, name: &str| token.token == Token::Name(name.into());
    if !(is(np, "np") && is(split, "split")) {
        return None;
    }
    let count = match items(unwrapped(call)?).get(1)?.as_slice() {
        [Located { token: Token::Number(count), .. }] if (1.0..=64.0).contains(count) => *count as usize,
        _ => return None,
    };
    let part = |k: usize| spelt("$ [ $ ]", np, &[over, &[located(Token::Number(k as f64), np)]]);
    Some((0..count).map(part).collect())
}
