//! Loops with fixed bounds, written out: `for i in range(2):`, `for w in (a, b):`, `for w, b in zip(ws, bs):`.

use super::lines::{self, Function, located, one_line, sign, word};
use crate::listing::language::diagnostics::Diagnostic;
use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// A loop writes out at most so many lines.
const MOST_LINES: usize = 1000;
/// And so many names, numbers and signs: about twice as many as the longest text that is read has.
const MOST_TOKENS: usize = 30_000;
/// How deep `zip` and its kin may stand in each other.
const DEEPEST: usize = 6;

/// The whole number that a name stands for, and how many members the list of a name has.
type Names<'a> = (&'a dyn Fn(&str) -> Option<i64>, &'a dyn Fn(&str) -> Option<usize>);

/// What the names of a loop stand for in one round.
type Round = Vec<(String, Vec<Located>)>;

/// Writes the loops of a function out.
pub(super) fn written_out(function: &mut Function, mistakes: &mut Vec<Diagnostic>) {
    let lines = std::mem::take(&mut function.body);
    let mut room = Room::new();
    function.body = loops(&function.head, lines, &mut room, mistakes);
}

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

    /// Takes room for so many tokens, if there is enough.
    pub(super) fn take(&mut self, tokens: usize) -> Option<()> {
        let left = self.tokens.checked_sub(tokens);
        self.full |= left.is_none();
        self.tokens = left?;
        Some(())
    }
}

fn loops(
    head_of_all: &LogicalLine,
    lines: Vec<LogicalLine>,
    room: &mut Room,
    mistakes: &mut Vec<Diagnostic>,
) -> Vec<LogicalLine> {
    let mut written: Vec<LogicalLine> = Vec::new();
    let mut rest = lines.into_iter().peekable();
    while let Some(mut head) = rest.next() {
        if word(&head, 0) != Some("for") {
            written.push(head);
            continue;
        }
        let behind = one_line(&mut head);
        let mut body: Vec<LogicalLine> = behind.into_iter().collect();
        while let Some(line) = rest.next_if(|line| line.joined || line.indent > head.indent) {
            body.push(line);
        }
        let known = |name: &str| {
            let own = written.iter().rev().find(|line| word(line, 0) == Some(name)).map(|line| (line, 2, 3));
            let (line, at, length) = own.or_else(|| {
                let at = (2..head_of_all.tokens.len()).find(|at| word(head_of_all, *at) == Some(name))?;
                Some((head_of_all, at + 2, usize::MAX))
            })?;
            let whole = length == usize::MAX || line.tokens.len() == length;
            line.tokens.get(at).filter(|_| whole && sign(line, at - 1) == Some("=")).and_then(number)
        };
        let rounds = rounds(&head, (&known, &|name| lines::count_of_list(&written, name)), room);
        let Some(rounds) = rounds.filter(|_| !room.full) else {
            if room.full {
                mistakes.push(too_long(&head));
                continue;
            }
            let message = "a listing describes one step: a loop needs fixed bounds here, as in for i in range(2):; \
                           the loop over time is outside of it";
            mistakes.push(Diagnostic::new(head.tokens[0].span, message));
            continue;
        };
        let body = loops(head_of_all, body, room, mistakes);
        let tokens = |lines: &[LogicalLine]| lines.iter().map(|line| line.tokens.len()).sum::<usize>();
        let too_many = written.len() + body.len() * rounds.len() > MOST_LINES
            || tokens(&written) + tokens(&body) * rounds.len() > MOST_TOKENS;
        if too_many {
            mistakes.push(too_long(&head));
            continue;
        }
        for round in &rounds {
            written.extend(body.iter().map(|line| {
                let mut line = LogicalLine { indent: head.indent, ..line.clone() };
                line.tokens = line.tokens.iter().flat_map(|token| in_round(token, round)).collect();
                line
            }));
        }
    }
    written
}

fn too_long(head: &LogicalLine) -> Diagnostic {
    let message = format!("this loop makes more than {MOST_LINES} lines; use a smaller bound");
    Diagnostic::new(head.tokens[0].span, message)
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
fn rounds(head: &LogicalLine, known: Names, room: &mut Room) -> Option<Vec<Round>> {
    let until = (1..head.tokens.len()).find(|at| word(head, *at) == Some("in"))?;
    let names: Vec<String> = (1..until).filter_map(|at| word(head, at).map(str::to_string)).collect();
    let end = head.tokens.len().checked_sub(1).filter(|end| sign(head, *end) == Some(":"))?;
    let values = members(&head.tokens[until + 1..end], known, room, 0)?;
    let rounds = values.into_iter().map(|value| {
        let parts = if names.len() == 1 { vec![value] } else { lines::items(lines::unwrapped(&value)?) };
        (parts.len() == names.len())
            .then(|| names.iter().cloned().zip(parts.iter().map(|p| bracketed(p))).collect())
    });
    rounds.collect()
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
    let like = over.first()?;
    let name = match &like.token {
        Token::Name(name) => name.as_str(),
        _ => return Some(lines::items(lines::unwrapped(over)?)),
    };
    if over.len() == 1 {
        let index = |k: usize| [Token::Sign("["), Token::Number(k as f64), Token::Sign("]")];
        let member = |k| [vec![like.clone()], index(k).map(|token| located(token, like)).to_vec()].concat();
        return Some((0..known.1(name)?).map(member).collect());
    }
    let arguments = lines::items(lines::unwrapped(&over[1..])?);
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
                let parts = lists
                    .iter()
                    .flat_map(|list| [bracketed(&list[k]), vec![located(Token::Sign(","), like)]]);
                bracketed(&parts.flatten().collect::<Vec<_>>())
            };
            Some((0..count).map(tuple).collect())
        }
        _ => None,
    }
}

/// Tokens that mean the same wherever they are put.
pub(super) fn bracketed(tokens: &[Located]) -> Vec<Located> {
    let (Some(first), true) = (tokens.first(), tokens.len() > 1) else { return tokens.to_vec() };
    let sign = |sign| located(Token::Sign(sign), first);
    [&[sign("(")], tokens, &[sign(")")]].concat()
}
