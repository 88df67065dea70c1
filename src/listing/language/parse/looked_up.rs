//! What is looked up by a name that is known, `getattr(np, "tanh")`, and functions of a whole list,
//! `reduce(np.add, [a, b, c])`.

use super::constants::{Constants, Known};
use super::lines::{closing, items, located, put};
use super::loops::{Names, Room, bracketed, in_round, members};
use crate::listing::language::tokens::{Located, Token};

/// `np.tanh` for `getattr(np, "tanh")`.
pub(super) fn attributes(tokens: &mut Vec<Located>, constants: &Constants) {
    for at in (0..tokens.len()).rev() {
        let Some((inside, close)) = call(tokens, at, "getattr") else { continue };
        let [owner, name, ..] = inside.as_slice() else { continue };
        let Some(Known::Text(name)) = constants.value(name, 0) else { continue };
        let like = &tokens[at];
        let member = [Token::Sign("."), Token::Name(name)].map(|token| located(token, like));
        let made = [owner.as_slice(), &member].concat();
        put(tokens, at..close + 1, made);
    }
}

/// `np.add(np.add(a, b), c)` for `reduce(np.add, [a, b, c])`, and what a lambda makes of them.
pub(super) fn reduced(tokens: &mut Vec<Located>, known: Names, room: &mut Room) {
    for at in (0..tokens.len()).rev() {
        let Some((inside, close)) = call(tokens, at, "reduce") else { continue };
        let is = |at: usize, text: &str| tokens[at].text == text;
        // `functools.reduce`, whose owner is called like the others; `np.add.reduce` is another function.
        let owned = at > 1 && is(at - 1, ".");
        if owned && (!matches!(tokens[at - 2].token, Token::Name(ref name) if name == "np")) {
            continue;
        }
        if let Some(made) = folded(&inside, known, room) {
            put(tokens, if owned { at - 2 } else { at }..close + 1, made);
        }
    }
}

fn folded(inside: &[Vec<Located>], known: Names, room: &mut Room) -> Option<Vec<Located>> {
    // The parameters of a lambda stand between commas too.
    let colon = |tokens: &[Located]| tokens.iter().position(|token| token.token == Token::Sign(":"));
    let (names, function, rest) = match inside {
        [first, second, rest @ ..] if first.first()?.token == Token::Name("lambda".into()) => {
            let colon = colon(second)?;
            (Some([first.get(1..)?, second.get(..colon)?]), second.get(colon + 1..)?, rest)
        }
        [function, rest @ ..] => (None, function.as_slice(), rest),
        [] => return None,
    };
    let like = function.first()?;
    let mut values = members(rest.first()?, known, room, 0)?;
    if let Some(first) = rest.get(1) {
        values.insert(0, first.clone());
    }
    let put = |sign| vec![located(Token::Sign(sign), like)];
    let step = |made: Vec<Located>, value: Vec<Located>| {
        let made = match names {
            Some([[Located { token: Token::Name(a), .. }], [Located { token: Token::Name(b), .. }]]) => {
                let round = vec![(a.clone(), bracketed(&made)), (b.clone(), bracketed(&value))];
                let long = |token: &Located| {
                    round.iter().find(|(name, _)| token.text == *name).map_or(1, |(_, value)| value.len())
                };
                room.take(function.iter().map(long).sum())?;
                let value: Vec<Located> = function.iter().flat_map(|token| in_round(token, &round)).collect();
                bracketed(&value)
            }
            Some(_) => return None,
            None => [function.to_vec(), put("("), made, put(","), value, put(")")].concat(),
        };
        room.take(made.len())?;
        Some(made)
    };
    let mut values = values.into_iter();
    let first = values.next()?;
    values.try_fold(first, step)
}

/// What stands between the commas of a call of `name` at a place, and where that closes.
fn call(tokens: &[Located], at: usize, name: &str) -> Option<(Vec<Vec<Located>>, usize)> {
    let is_name = matches!(&tokens.get(at)?.token, Token::Name(own) if own == name);
    if !is_name || tokens.get(at + 1)?.token != Token::Sign("(") {
        return None;
    }
    let close = closing(tokens, at + 1)?;
    Some((items(&tokens[at + 2..close]), close))
}
