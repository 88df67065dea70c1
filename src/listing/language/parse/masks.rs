//! Numbers that a condition chooses: `z[z < 0] = 0` is `z = np.where(z < 0, 0, z)`. What is read through the same
//! condition, `np.exp(z[mask])`, is computed everywhere and taken where the condition holds, so it may only go number
//! by number into what is assigned through that condition.

use super::blocks::targets;
use super::lines::{closing, is_sign, items, located, put, sign, unwrapped, word};
use super::loops::bracketed;
use crate::listing::language::functions::is_reserved;
use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// What is said where numbers that a condition chooses are put together.
const MIXED: &str = "how many numbers this condition chooses is not known; choose in place, z[mask] = np.exp(z[mask]), \
                     or put 0 for the others, np.sum(np.where(z > 0, z, 0))";
/// What is said where an array of whole numbers gets others.
const WHOLE: &str = "this array holds whole numbers or truth values, and numpy puts no others into it; make room for \
                     them on a line above: a = a * 1.0";
/// What is said of `np.arange(1, 5) ** -1`.
const NEGATIVE: &str =
    "numpy raises whole numbers to no negative whole power; write one of them with a point, a ** -1.0";
/// A longer value is looked at as a whole only.
const LONGEST: usize = 200;
/// Functions that take each number by itself.
const EACH: [&str; 28] = [
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
    "logical_xor",
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
    /// Arrays of whole numbers or truth values.
    whole: Vec<String>,
}

impl Masks {
    /// Writes a line out that chooses by a condition.
    ///
    /// # Errors
    /// What it would have to be.
    pub(super) fn written_out(&mut self, line: &mut LogicalLine) -> Result<(), &'static str> {
        self.check_whole(line)?;
        let target = word(line, 0).filter(|_| is_sign(line, 1, "[")).map(str::to_string);
        let through = target.as_ref().and_then(|name| self.index(&line.tokens, 1, Some(name)));
        // Without a value nothing is chosen.
        let assigns = |end: usize| {
            let by = sign(line, end + 1).unwrap_or_default();
            line.tokens.len() > end + 2 && (by == "=" || grown_by(by).is_some())
        };
        let through = through.filter(|(_, end)| assigns(*end));
        let mut condition = through.as_ref().map(|(condition, _)| condition.clone());
        let from = through.as_ref().map_or(0, |(_, end)| end + 1);
        let (value, any) = self.read(&line.tokens[from..], &mut condition)?;
        if let (Some(name), Some((condition, _))) = (target, through) {
            let like = line.tokens[0].clone();
            let word = |word: &str| located(Token::Name(word.into()), &like);
            let put = |sign| located(Token::Sign(sign), &like);
            let by = value[0].token.clone();
            let mut chosen = bracketed(&value[1..]);
            if !any && chosen.iter().any(|token| matches!(token.token, Token::Name(_))) {
                chosen.extend(["[", "(", ")", "]"].map(put));
            }
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
            (Some(condition), [name]) if is_sign(line, 1, "=") => {
                self.chosen.push((name.clone(), condition));
            }
            _ => return Err(MIXED),
        }
        Ok(())
    }

    /// Tokens without the conditions that choose, and whether there are any; all must be the one that is known. What
    /// is not chosen beside what is must be one number, `a[()]`.
    fn read(
        &self,
        tokens: &[Located],
        known: &mut Option<Vec<Located>>,
    ) -> Result<(Vec<Located>, bool), &'static str> {
        let (mut made, mut numbers) = (Vec::new(), Vec::new());
        let (mut at, mut any) = (0, false);
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
            if found.is_none() && is_value(tokens, at) {
                numbers.push(made.len() + 1);
            }
            if let Some(found) = found {
                any = true;
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
        if any {
            for at in numbers.into_iter().rev() {
                let like = &made[at - 1];
                let all = ["[", "(", ")", "]"].map(|sign| located(Token::Sign(sign), like));
                put(&mut made, at..at, all.to_vec());
            }
        }
        if any && mixes(&made) { Err(MIXED) } else { Ok((made, any)) }
    }

    /// The condition in `[…]` at a place, and where it closes; none if it is none, or none on numbers of `name`.
    fn index(&self, tokens: &[Located], open: usize, name: Option<&str>) -> Option<(Vec<Located>, usize)> {
        let is =
            |at: usize, sign| tokens.get(at).is_some_and(|token: &Located| token.token == Token::Sign(sign));
        if !is(open, "[") {
            return None;
        }
        let close = closing(tokens, open)?;
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
            self.whole.retain(|known| *known != name || !is_sign(line, 1, "="));
        }
        let Some(name) = word(line, 0).filter(|_| is_sign(line, 1, "=")) else { return };
        let name = name.to_string();
        let value = &line.tokens[2..];
        if value.len() > 1 && self.is_whole(value) {
            self.whole.push(name.clone());
        }
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

    /// Numpy keeps an array of whole numbers or truth values one of those.
    fn check_whole(&self, line: &LogicalLine) -> Result<(), &'static str> {
        if self.raises(&line.tokens) {
            return Err(NEGATIVE);
        }
        let Some(name) = word(line, 0).filter(|name| self.whole.iter().any(|known| known == name)) else {
            return Ok(());
        };
        let by =
            (1..line.tokens.len()).find_map(|at| Some((at, sign(line, at).filter(|by| by.ends_with('='))?)));
        match by {
            Some((1, "=")) | None => Ok(()),
            Some((at, by)) => {
                let truths = by != "=" && self.conditions.iter().any(|(known, _)| known == name);
                let fits = !truths
                    && by != "/="
                    && by != "**="
                    && (self.is_whole(&line.tokens[at + 1..]) || self.are_whole(&line.tokens[at + 1..]));
                if fits { Ok(()) } else { Err(WHOLE) }
            }
        }
    }

    /// Whether numpy makes whole numbers or truth values of this.
    fn is_whole(&self, value: &[Located]) -> bool {
        let text = |at: usize| value.get(at).map_or("", |token| token.text.as_str());
        let last = |of: &[&str]| of.contains(&text(value.len().saturating_sub(2)));
        let to = value.iter().position(|token| token.text == "dtype" || token.text == "astype");
        if let Some(to) = to {
            // Behind the last operation: of the whole.
            return last(&["int", "bool", "int32", "int64"]) && to + 6 >= value.len();
        }
        if compares(value) {
            return true;
        }
        let makes = |token: &Located| {
            ["arange", "array", "full"].contains(&token.text.as_str()) || self.whole.contains(&token.text)
        };
        if text(2) == "where"
            && let Some([_, a, b]) = unwrapped(&value[3..]).map(items).as_deref()
        {
            return self.are_whole(a) && self.are_whole(b);
        }
        if value.iter().any(makes) {
            return self.are_whole(value);
        }
        let rest = if value.len() > LONGEST { value.to_vec() } else { without_comparisons(value) };
        rest.len() < value.len() && self.are_whole(&rest)
    }

    /// Whether a line raises whole numbers, of which some are an array's, to a negative whole power.
    fn raises(&self, tokens: &[Located]) -> bool {
        let makes = |token: &Located| token.text == "arange" || self.whole.contains(&token.text);
        (1..tokens.len()).any(|at| {
            let [by, minus, power, ..] = &tokens[at..] else { return false };
            if by.text != "**" || minus.text != "-" {
                return false;
            }
            // Where the array begins whose last token stands before the sign.
            let from = match tokens[at - 1].token {
                Token::Sign(")") => tokens[..at].iter().rposition(makes).unwrap_or(at - 1),
                _ => at - 1,
            };
            let to = if power.text == "np" { (at + 5).min(tokens.len()) } else { at + 3 };
            let (left, right) = (&tokens[from..at], &tokens[at + 2..to]);
            let arrays = left.iter().chain(right).any(makes);
            arrays && self.are_whole(left) && self.are_whole(right)
        })
    }

    /// Whether nothing but whole numbers is named.
    fn are_whole(&self, value: &[Located]) -> bool {
        let text = |at: usize| value.get(at).map_or("", |token| token.text.as_str());
        value.iter().enumerate().all(|(at, token)| match &token.token {
            Token::Number(_) => !token.text.contains(['.', 'e', 'E']),
            Token::Name(name) => {
                let known = ["np", "arange", "array", "full", "len", "shape"].contains(&name.as_str());
                let measured = text(at + 2) == "shape" || (at > 1 && text(at - 2) == "len");
                known || measured || self.whole.contains(name)
            }
            Token::Sign(sign) => *sign != "/" && *sign != "**",
            Token::Text(_) => false,
        })
    }

    fn root(&self, name: &str) -> String {
        self.like.iter().find(|(own, _)| own == name).map_or(name.to_string(), |(_, of)| of.clone())
    }
}

/// Whether a comparison is the last thing that tokens do.
fn compares(tokens: &[Located]) -> bool {
    let inside = unwrapped(tokens).unwrap_or(tokens);
    let mut open = 0usize;
    inside.iter().any(|token| {
        open += usize::from(matches!(token.token, Token::Sign("(" | "[")));
        open -= usize::from(open > 0 && matches!(token.token, Token::Sign(")" | "]")));
        let by = matches!(token.token, Token::Sign("<" | ">" | "<=" | ">=" | "==" | "!=" | "&" | "|" | "~"));
        open == 0 && by
    })
}

/// Tokens without the comparisons in brackets, `(z > 0) * 2`, which are whole numbers in a product.
fn without_comparisons(tokens: &[Located]) -> Vec<Located> {
    let mut rest = tokens.to_vec();
    for at in (0..tokens.len()).rev() {
        let calls = at > 0 && matches!(tokens[at - 1].token, Token::Name(_));
        let close = closing(&rest, at).filter(|_| rest[at].token == Token::Sign("(") && !calls);
        if let Some(close) = close.filter(|close| compares(&rest[at..=*close])) {
            rest.drain(at..=close);
        }
    }
    rest
}

/// Whether the name of a value stands at a place.
fn is_value(tokens: &[Located], at: usize) -> bool {
    let sign = |at: usize, sign| tokens.get(at).is_some_and(|token| token.token == Token::Sign(sign));
    let behind = |by| at > 0 && sign(at - 1, by);
    let no_name = ["(", "=", "."].into_iter().any(|by| sign(at + 1, by)) || behind(".");
    matches!(&tokens[at].token, Token::Name(name) if !no_name && !is_reserved(name))
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
