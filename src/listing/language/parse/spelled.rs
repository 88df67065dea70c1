//! What Python spells in short, in lines that stand where they run: texts that are put together, choices that are
//! known, `map(f, list)` and comprehensions, `len(list)`, `dict(zip(names, values))`.

use super::bundles;
use super::collected::each;
use super::constants::Constants;
use super::flow::Flow;
use super::lines::{closing, is_sign, is_word, items, located, put, unwrapped};
use super::looked_up::{attributes, reduced};
use super::loops::{bracketed, members, members_of_list};
use super::made::{comma_separated, named, spelt};
use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// So many of them are written out on one line.
const MOST_ON_A_LINE: usize = 16;
/// What the members of the lists of `map` are called.
const UNNAMED: [&str; 3] = ["a", "a_2", "a_3"];

impl Flow<'_> {
    /// Writes out what a line says in short; the lists of the lines before it are known.
    pub(super) fn spelled(&mut self, line: &mut LogicalLine, constants: &Constants, written: &[LogicalLine]) {
        bundles::texts(&mut line.tokens, constants);
        attributes(&mut line.tokens, constants);
        put_out(&mut line.tokens);
        constants.choose(&mut line.tokens);
        self.lengths(&mut line.tokens, written);
        mapped(&mut line.tokens);
        if self.dictionary(line, constants, written).is_some() {
            return;
        }
        let known = (&|name: &str| constants.count(name), &|name: &str| members_of_list(written, name));
        for _ in 0..MOST_ON_A_LINE {
            if each(line, (known.0, known.1), &mut self.room).is_none() {
                break;
            }
        }
        reduced(&mut line.tokens, (known.0, known.1), &mut self.room);
    }

    /// `len(layers)` of a list that is known.
    pub(super) fn lengths(&self, tokens: &mut Vec<Located>, written: &[LogicalLine]) {
        let mut at = 0;
        while at + 3 < tokens.len() {
            let is = |k: usize, sign| tokens[k].token == Token::Sign(sign);
            if let (Token::Name(len), Token::Name(name)) = (&tokens[at].token, &tokens[at + 2].token)
                && len == "len"
                && is(at + 1, "(")
                && is(at + 3, ")")
                && let Some(all) = members_of_list(written, name)
            {
                let count = located(Token::Number(all.len() as f64), &tokens[at]);
                put(tokens, at..at + 4, vec![count]);
            }
            at += 1;
        }
    }

    /// `gates = dict(zip("ifog", parts))` as `gates = {"i": parts[0], …}`.
    fn dictionary(
        &mut self,
        line: &mut LogicalLine,
        constants: &Constants,
        written: &[LogicalLine],
    ) -> Option<()> {
        let fits = is_sign(line, 1, "=") && is_word(line, 2, "dict") && is_word(line, 4, "zip");
        let over = unwrapped(line.tokens.get(3..).filter(|_| fits)?)?;
        let known = (&|name: &str| constants.count(name), &|name: &str| members_of_list(written, name));
        let pairs = members(over, (known.0, known.1), &mut self.room, 0)?;
        let like = line.tokens[0].clone();
        let mut made = Vec::new();
        for pair in pairs {
            let [key, value] = <[Vec<Located>; 2]>::try_from(items(unwrapped(&pair)?)).ok()?;
            made.push(spelt("$ : $", &like, &[&key, &value]));
        }
        line.tokens.truncate(2);
        line.tokens.extend(spelt("{ $ }", &like, &[&comma_separated(&made, &like)]));
        Some(())
    }
}

/// `np.tanh(z, out=z)` as `z[:] = np.tanh(z)`.
fn put_out(tokens: &mut Vec<Located>) {
    let calls = tokens.first().is_some_and(|first| first.text == "np");
    let Some(open) = tokens.iter().position(|token| token.text == "(").filter(|_| calls) else { return };
    let Some([out, by, name]) = tokens.len().checked_sub(4).map(|at| &tokens[at..at + 3]) else { return };
    if out.text != "out" || by.text != "=" || closing(tokens, open) != Some(tokens.len() - 1) {
        return;
    }
    let target = spelt("$ [ : ] =", name, &[std::slice::from_ref(name)]);
    let end = tokens.len() - 1;
    // With the comma before it.
    tokens.drain(end - 4..end);
    put(tokens, 0..0, target);
}

/// `map(f, list)` as `[f(a) for a in list]`, and what `list(…)` and `tuple(…)` of such a list are.
fn mapped(tokens: &mut Vec<Located>) {
    for at in (0..tokens.len()).rev() {
        let Token::Name(name) = &tokens[at].token else { continue };
        let name = name.as_str();
        let is_member = at > 0 && tokens[at - 1].token == Token::Sign(".");
        if is_member || !matches!(name, "map" | "list" | "tuple") {
            continue;
        }
        let close = closing(tokens, at + 1);
        let Some(close) = close.filter(|close| *close > at + 1) else { continue };
        let inside = tokens[at + 2..close].to_vec();
        let made = match name {
            "map" => comprehension(&inside, &tokens[at].clone()),
            _ if inside.first().is_some_and(|t| t.token == Token::Sign("[")) => Some(inside),
            _ if inside.iter().any(|t| t.token == Token::Name("for".into())) => {
                Some(spelt("[ $ ]", &tokens[at], &[&inside]))
            }
            _ => None,
        };
        if let Some(made) = made {
            put(tokens, at..close + 1, made);
        }
    }
}

/// The comprehension that `map(inside)` is.
fn comprehension(inside: &[Located], like: &Located) -> Option<Vec<Located>> {
    // The parameters of a lambda stand between commas too.
    let is_lambda = inside.first().is_some_and(|t| t.token == Token::Name("lambda".into()));
    let colon = inside.iter().position(|t| t.token == Token::Sign(":")).filter(|_| is_lambda);
    let rest = items(&inside[colon.map_or(0, |colon| colon + 1)..]);
    let (function, lists) = rest.split_first()?;
    let names: Vec<Vec<Located>> = match colon {
        Some(colon) => items(&inside[1..colon]),
        None => UNNAMED.iter().take(lists.len()).map(|name| named(name, like)).collect(),
    };
    if lists.is_empty() || names.len() != lists.len() {
        return None;
    }
    let value = match colon {
        Some(_) => bracketed(function),
        None => spelt("$ ( $ )", like, &[function, &comma_separated(&names, like)]),
    };
    let over = match lists {
        [one] => one.clone(),
        _ => spelt("zip ( $ )", like, &[&comma_separated(lists, like)]),
    };
    Some(spelt("[ $ for $ in $ ]", like, &[&value, &comma_separated(&names, like), &over]))
}
