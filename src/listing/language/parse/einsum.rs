//! `np.einsum` of arrays with one or two axes as the products that it is.

use super::expression::{Deep, Parsed, build};
use super::reader::Reader;
use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::functions::Function;
use crate::listing::language::tokens::Token;
use crate::listing::language::tree::{Binary, Expression, ExpressionKind, Options, Subscript};

impl Reader<'_> {
    /// `W @ x` for `np.einsum("hd,d->h", W, x)`; the bracket follows.
    pub(super) fn einsum(&mut self, span: Span) -> Parsed<Deep> {
        const ADVICE: &str = "np.einsum takes a text and arrays of one or two axes here, np.einsum('ij,j->i', a, b); \
                              write any other sum with a @ b";
        self.at += 1;
        let Some(Token::Text(letters)) = self.peek().map(|token| token.token.clone()) else {
            return Err(Diagnostic::new(self.here(), ADVICE));
        };
        self.at += 1;
        let (mut arrays, mut depth) = (Vec::new(), 0);
        while self.take(",") && self.next_sign() != Some(")") {
            let (array, deep) = self.value()?;
            arrays.push(array);
            depth = depth.max(deep);
        }
        let end = self.expect(")", "to close np.einsum(")?;
        let whole = span.to(end);
        let made = product(&letters, &arrays, whole).ok_or_else(|| Diagnostic::new(span, ADVICE))?;
        build(made.kind, whole, depth + 2)
    }
}

fn product(letters: &str, arrays: &[Expression], span: Span) -> Option<Expression> {
    // `...` are axes before those that have letters: there are none.
    let plain: String = letters.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
    let (inputs, output) = plain.split_once("->")?;
    let inputs: Vec<Vec<char>> = inputs.split(',').map(|input| input.chars().collect()).collect();
    let output: Vec<char> = output.chars().collect();
    let twice = |all: &[char]| (1..all.len()).any(|k| all[..k].contains(&all[k]));
    let plain = inputs.iter().chain([&output]).all(|all| all.len() <= 2 && !twice(all));
    if !plain || inputs.len() != arrays.len() {
        return None;
    }
    let mut all = inputs.iter().zip(arrays);
    let (letters, made) = all.next()?;
    let (mut letters, mut made) = (letters.clone(), made.clone());
    let rest: Vec<(&Vec<char>, &Expression)> = all.collect();
    for (k, (other, array)) in rest.iter().enumerate() {
        // What is summed over later stays for now.
        let later = rest[k + 1..].iter().flat_map(|(letters, _)| letters.iter());
        let needed: Vec<char> = output.iter().chain(later).copied().collect();
        let both: Vec<char> =
            needed.iter().copied().filter(|c| letters.contains(c) || other.contains(c)).collect();
        let mut kept: Vec<char> =
            both.iter().enumerate().filter(|(k, c)| !both[..*k].contains(c)).map(|(_, c)| *c).collect();
        if kept.is_empty() && same(&letters, other) {
            kept.clone_from(&letters);
        }
        made = pair((&letters, &made), (other, array), &kept, span)?;
        letters = kept;
    }
    if output.is_empty() && !letters.is_empty() {
        let kind = ExpressionKind::Call(Function::Sum, vec![made], Options::default());
        return Some(Expression { kind, span });
    }
    same(&letters, &output).then(|| turned(&made, &letters, &output))
}

fn same(a: &[char], b: &[char]) -> bool {
    a.len() == b.len() && a.iter().all(|letter| b.contains(letter))
}

/// An array of one or two axes with its axes in this order; with both where it has one of them.
fn turned(array: &Expression, from: &[char], to: &[char]) -> Expression {
    let inner = Box::new(array.clone());
    let kind = match (from, to) {
        ([one], [first, _]) if one == first => {
            ExpressionKind::Subscript(inner, vec![Subscript::Range(None, None), Subscript::NewAxis])
        }
        _ if from == to || from.len() < to.len() => return *inner,
        _ => ExpressionKind::Transpose(inner),
    };
    Expression { kind, span: array.span }
}

/// The product of two arrays that keeps the axes `kept`.
fn pair(
    (one, a): (&[char], &Expression),
    (two, b): (&[char], &Expression),
    kept: &[char],
    span: Span,
) -> Option<Expression> {
    let binary = |operation, a, b| Expression {
        kind: ExpressionKind::Binary(operation, Box::new(a), Box::new(b)),
        span,
    };
    let summed: Vec<char> = one.iter().copied().filter(|letter| !kept.contains(letter)).collect();
    match (one, two, summed.as_slice()) {
        ([i], [j], []) if i != j => {
            let (a, b) = if kept[0] == *i { (a, b) } else { (b, a) };
            let kind = ExpressionKind::Call(Function::Outer, vec![a.clone(), b.clone()], Options::default());
            Some(Expression { kind, span })
        }
        (_, _, []) => {
            let fits = kept.len() <= 2 && two.iter().all(|letter| kept.contains(letter));
            let whole = same(one, kept) || same(two, kept);
            (fits && whole).then(|| binary(Binary::Multiply, turned(a, one, kept), turned(b, two, kept)))
        }
        (_, _, [inner]) if two.contains(inner) => {
            let rest = |all: &[char]| all.iter().copied().filter(|c| c != inner).collect::<Vec<_>>();
            let (left, right) = (rest(one), rest(two));
            let product = |a, from, left: &[char], b, of, right: &[char]| {
                let (first, last) = ([left, &[*inner]].concat(), [&[*inner], right].concat());
                binary(Binary::MatMul, turned(a, from, &first), turned(b, of, &last))
            };
            if [left.as_slice(), &right].concat() == kept {
                return Some(product(a, one, &left, b, two, &right));
            }
            same(&[left.as_slice(), &right].concat(), kept).then(|| product(b, two, &right, a, one, &left))
        }
        _ => None,
    }
}
