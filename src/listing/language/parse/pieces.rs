//! Choices of several pieces as `np.where`: `np.select([a > 1, a > 0], [b, c], d)` and
//! `np.piecewise(z, [z < 0, z > 1], [0, 1, lambda v: v ** 2])`.

use super::lines::{closing, items, located, put};
use super::loops::{Names, Room, bracketed, in_round, members};
use super::made::spelt;
use crate::listing::language::tokens::{Located, Token};

/// What is computed for each number by itself: a piece that is, is one of the whole array too.
const OF_NUMBERS: [&str; 19] = [
    "abs", "clip", "cos", "exp", "expm1", "log", "log1p", "maximum", "minimum", "power", "relu", "sigmoid",
    "sign", "sin", "softplus", "sqrt", "square", "tanh", "np",
];

/// Writes the pieces of a line out.
pub(super) fn written_out(tokens: &mut Vec<Located>, known: Names, room: &mut Room) {
    for at in (0..tokens.len()).rev() {
        let word = |k: usize| match tokens.get(k).map(|token| &token.token) {
            Some(Token::Name(name)) => name.as_str(),
            _ => "",
        };
        let (of, name) = (word(at), word(at + 2));
        if of != "np" || !matches!(name, "select" | "piecewise") {
            continue;
        }
        let Some(close) = closing(tokens, at + 3) else { continue };
        let given = items(&tokens[at + 4..close]);
        let made = if name == "select" { selected(&given, known, room) } else { pieces(&given, known, room) };
        if let Some(made) = made.filter(|made| room.take(made.len()).is_some()) {
            put(tokens, at..close + 1, made);
        }
    }
}

/// The first condition that holds decides.
fn selected(given: &[Vec<Located>], known: Names, room: &mut Room) -> Option<Vec<Located>> {
    let [conditions, values, rest @ ..] = given else { return None };
    let conditions = members(conditions, known, room, 0)?;
    let values = members(values, known, room, 0)?;
    let zero = located(Token::Number(0.0), given[0].first()?);
    let other = match rest {
        [] => vec![zero],
        [value] => match value.as_slice() {
            [name, equals, value @ ..] if name.text == "default" && equals.text == "=" => value.to_vec(),
            _ => value.clone(),
        },
        _ => return None,
    };
    if conditions.len() != values.len() {
        return None;
    }
    let mut pairs = conditions.into_iter().zip(values).rev();
    pairs.try_fold(other, |other, (condition, value)| chosen(&condition, &value, &other, room))
}

/// The last condition that holds decides.
fn pieces(given: &[Vec<Located>], known: Names, room: &mut Room) -> Option<Vec<Located>> {
    let [of, conditions, functions] = given else { return None };
    let conditions = members(conditions, known, room, 0)?;
    let functions = items_of(functions)?;
    let values: Vec<Vec<Located>> =
        functions.iter().map(|function| value(function, of)).collect::<Option<_>>()?;
    let other = match values.get(conditions.len()) {
        Some(value) => value.clone(),
        None => vec![located(Token::Number(0.0), of.first()?)],
    };
    if !(conditions.len()..=conditions.len() + 1).contains(&values.len()) {
        return None;
    }
    let mut pairs = conditions.into_iter().zip(values);
    pairs.try_fold(other, |other, (condition, value)| chosen(&condition, &value, &other, room))
}

/// Functions in brackets; the parameters of a lambda stand between commas too, so it has one.
fn items_of(list: &[Located]) -> Option<Vec<Vec<Located>>> {
    Some(items(super::lines::unwrapped(list)?))
}

/// What a function of a piece makes of the whole array.
fn value(function: &[Located], of: &[Located]) -> Option<Vec<Located>> {
    let like = function.first()?;
    let is_name = |token: &Located| matches!(token.token, Token::Name(_));
    match function {
        [lambda, name, colon, body @ ..] if lambda.text == "lambda" && colon.text == ":" => {
            let calls = |pair: &[Located]| matches!(pair[1].token, Token::Sign("(" | "@" | "[" | "."));
            let fits = body.windows(2).all(|pair| {
                !calls(pair) || !is_name(&pair[0]) || OF_NUMBERS.contains(&pair[0].text.as_str())
            });
            let whole = body.iter().any(|token| matches!(token.token, Token::Sign("@" | "[")));
            let Token::Name(name) = &name.token else { return None };
            let round = vec![(name.clone(), bracketed(of))];
            (fits && !whole).then(|| body.iter().flat_map(|token| in_round(token, &round)).collect())
        }
        [name] if is_name(name) => {
            OF_NUMBERS.contains(&name.text.as_str()).then(|| spelt("$ ( $ )", like, &[function, of]))
        }
        [np, _, name] if np.text == "np" => {
            OF_NUMBERS.contains(&name.text.as_str()).then(|| spelt("$ ( $ )", like, &[function, of]))
        }
        _ => Some(function.to_vec()),
    }
}

/// `np.where(condition, value, other)`
fn chosen(
    condition: &[Located],
    value: &[Located],
    other: &[Located],
    room: &mut Room,
) -> Option<Vec<Located>> {
    room.take(condition.len() + value.len() + other.len())?;
    let parts = [bracketed(condition), bracketed(value), bracketed(other)];
    let like = condition.first()?;
    Some(spelt("np . where ( $ , $ , $ )", like, &[&parts[0], &parts[1], &parts[2]]))
}
