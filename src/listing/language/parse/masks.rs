//! Numbers that a condition chooses: `z[z < 0] = 0` is `z = np.where(z < 0, 0, z)`. What is read through the same
//! condition, `np.exp(z[mask])`, is computed everywhere and taken where the condition holds, so it may only go number
//! by number into what is assigned through that condition.

use super::blocks::targets;
use super::lines::{located, sign, word};
use super::loops::bracketed;
use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// What is said where numbers that a condition chooses are put together.
const MIXED: &str = "how many numbers this condition chooses is not known; choose in place, z[mask] = np.exp(z[mask]), \
                     or put 0 for the others, np.sum(np.where(z > 0, z, 0))";
/// Functions that take each number by itself.
const EACH: [&str; 27] = [
    "exp",
    "expm1",
    "log",
    "log1p",
    "sqrt",
    "square",
    "tanh",
    "sigmoid",
    "relu",
    "abs",
    "sign",
    "sin",
    "cos",
    "maximum",
    "minimum",
    "clip",
    "where",
    "softplus",
    "silu",
    "gelu",
    "hard_sigmoid",
    "log_sigmoid",
    "expit",
    "power",
    "logical_and",
    "logical_or",
    "logical_not",
];

/// What is known of the conditions of a function.
#[derive(Default)]
pub(super) struct Masks {
    /// Names that hold a condition, and what it compares.
    conditions: Vec<(String, Vec<String>)>,
    /// Names with the numbers that a condition chooses.
    chosen: Vec<(String, Vec<Located>)>,
    /// `out = np.zeros_like(z)`: arrays with the places of another.
    like: Vec<(String, String)>,
}

impl Masks {
    /// Writes a line out that chooses by a condition.
    ///
    /// # Errors
    /// What it would have to be.
    pub(super) fn written_out(&mut self, line: &mut LogicalLine) -> Result<(), &'static str> {
        let target = word(line, 0).filter(|_| sign(line, 1) == Some("[")).map(str::to_string);
        let through = target.as_ref().and_then(|name| self.index(&line.tokens, 1, Some(name)));
        // Without a value nothing is chosen.
        let assigns = |end: usize| {
            let by = sign(line, end + 1).unwrap_or_default();
            line.tokens.len() > end + 2 && (by == "=" || grown_by(by).is_some())
        };
        let through = through.filter(|(_, end)| assigns(*end));
        let mut condition = through.as_ref().map(|(condition, _)| condition.clone());
        let from = through.as_ref().map_or(0, |(_, end)| end + 1);
        let value = self.read(&line.tokens[from..], &mut condition)?;
        if let (Some(name), Some((condition, _))) = (target, through) {
            let like = line.tokens[0].clone();
            let word = |word: &str| located(Token::Name(word.into()), &like);
            let put = |sign| located(Token::Sign(sign), &like);
            let by = value[0].token.clone();
            let mut chosen = bracketed(&value[1..]);
            if let Token::Sign(by) = by
                && let Some(operation) = grown_by(by)
            {
                chosen = [vec![word(&name), put(operation)], chosen].concat();
            }
            let head = [word(&name), put("="), word("np"), put("."), word("where"), put("(")];
            line.tokens = [head.to_vec(), condition, vec![put(",")], chosen].concat();
            line.tokens.extend([put(","), word(&name), put(")")]);
            return Ok(());
        }
        line.tokens = value;
        match (condition, targets(line).as_slice()) {
            (None, _) => self.learn(line),
            (Some(condition), [name]) if sign(line, 1) == Some("=") => {
                self.chosen.push((name.clone(), condition));
            }
            _ => return Err(MIXED),
        }
        Ok(())
    }

    /// Tokens without the conditions that choose; all must be the one that is known.
    fn read(
        &self,
        tokens: &[Located],
        known: &mut Option<Vec<Located>>,
    ) -> Result<Vec<Located>, &'static str> {
        let mut made = Vec::new();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let (mut found, mut next) = (None, at + 1);
            if let Token::Name(name) = &token.token {
                let is_target = tokens.get(at + 1).is_some_and(|t| t.token == Token::Sign("=")) && at == 0;
                found =
                    self.chosen.iter().find(|(own, _)| own == name && !is_target).map(|(_, by)| by.clone());
                // Under a condition that is known, numpy takes arrays of its shape only.
                let of = known.is_none().then_some(name);
                if let Some((condition, end)) = self.index(tokens, at + 1, of.map(String::as_str)) {
                    (found, next) = (Some(condition), end + 1);
                }
            }
            if let Some(found) = found {
                let same =
                    |a: &[Located], b: &[Located]| a.iter().map(|t| &t.token).eq(b.iter().map(|t| &t.token));
                if known.as_ref().is_some_and(|known| !same(known, &found)) {
                    return Err(MIXED);
                }
                *known = Some(found);
            }
            made.push(token.clone());
            at = next;
        }
        if known.is_some() && mixes(&made) { Err(MIXED) } else { Ok(made) }
    }

    /// The condition in `[…]` at a place, and where it closes; none if it is none, or none on numbers of `name`.
    fn index(&self, tokens: &[Located], open: usize, name: Option<&str>) -> Option<(Vec<Located>, usize)> {
        let is =
            |at: usize, sign| tokens.get(at).is_some_and(|token: &Located| token.token == Token::Sign(sign));
        if !is(open, "[") {
            return None;
        }
        let mut deep = 0usize;
        let close = (open..tokens.len()).find(|at| {
            deep += usize::from(is(*at, "[") || is(*at, "("));
            deep -= usize::from(deep > 0 && (is(*at, "]") || is(*at, ")")));
            deep == 0
        })?;
        let inside = &tokens[open + 1..close];
        let of = self.compared(inside)?;
        let fits = name.is_none_or(|name| of.iter().any(|compared| self.root(compared) == self.root(name)));
        fits.then(|| (inside.to_vec(), close))
    }

    /// What a condition compares number by number; none if it is no condition.
    fn compared(&self, tokens: &[Located]) -> Option<Vec<String>> {
        let mut of = Vec::new();
        let mut compares = false;
        for (at, token) in tokens.iter().enumerate() {
            match &token.token {
                Token::Sign("<" | ">" | "<=" | ">=" | "==" | "!=") => compares = true,
                Token::Sign("[" | ":" | "@") => return None,
                Token::Name(name) => match self.conditions.iter().find(|(own, _)| own == name) {
                    Some((_, compared)) => {
                        compares = true;
                        of.extend(compared.iter().cloned());
                    }
                    None if name == "isnan" || name == "isinf" => compares = true,
                    None if name == "np" || EACH.contains(&name.as_str()) => {}
                    None if tokens.get(at + 1).is_some_and(|next| next.token == Token::Sign("(")) => {
                        return None;
                    }
                    None if at > 0 && tokens[at - 1].token == Token::Sign(".") => return None,
                    None => of.push(name.clone()),
                },
                _ => {}
            }
        }
        compares.then_some(of)
    }

    /// Notes conditions, and arrays that are like others.
    fn learn(&mut self, line: &LogicalLine) {
        for name in targets(line) {
            self.conditions.retain(|(known, _)| *known != name);
            self.chosen.retain(|(known, _)| *known != name);
            self.like.retain(|(known, _)| *known != name);
        }
        let Some(name) = word(line, 0).filter(|_| sign(line, 1) == Some("=")) else { return };
        let name = name.to_string();
        let value = &line.tokens[2..];
        let made: Vec<&str> = value.iter().map(|token| token.text.as_str()).collect();
        match made.as_slice() {
            ["np", ".", how, "(", of, ..] if how.ends_with("_like") || *how == "copy" => {
                self.like.push((name, self.root(of)));
            }
            ["np", ".", "zeros" | "ones" | "empty", "(", of, ".", "shape", ")"]
            | [of, ".", "copy", "(", ")"] => {
                self.like.push((name, self.root(of)));
            }
            _ => self.conditions.extend(self.compared(value).map(|of| (name, of))),
        }
    }

    fn root(&self, name: &str) -> String {
        self.like.iter().find(|(own, _)| own == name).map_or(name.to_string(), |(_, of)| of.clone())
    }
}

/// The operation of `+=` and its kin.
fn grown_by(sign: &str) -> Option<&'static str> {
    ["+", "-", "*", "/", "**"].into_iter().find(|operation| sign.strip_suffix('=') == Some(operation))
}

/// Whether tokens do more with numbers than to take each by itself.
fn mixes(tokens: &[Located]) -> bool {
    tokens.windows(2).any(|pair| {
        let calls = pair[1].token == Token::Sign("(");
        match &pair[0].token {
            Token::Name(name) => calls && !EACH.contains(&name.as_str()),
            Token::Sign("@") => true,
            _ => false,
        }
    }) || tokens.windows(2).any(|pair| {
        // `z.sum()`, `z.T`
        let member = matches!(&pair[1].token, Token::Name(name) if !EACH.contains(&name.as_str()));
        pair[0].token == Token::Sign(".") && member
    })
}
