//! `np.einsum` of one or two arrays as the product that it is.

use super::expression::{Deep, Parsed, build};
use super::reader::Reader;
use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::functions::Function;
use crate::listing::language::tokens::Token;
use crate::listing::language::tree::{Binary, Expression, ExpressionKind, Options};

impl Reader<'_> {
    /// `W @ x` for `np.einsum("hd,d->h", W, x)`; the bracket follows.
    pub(super) fn einsum(&mut self, span: Span) -> Parsed<Deep> {
        const ADVICE: &str = "np.einsum takes a text and one or two arrays here, np.einsum('ij,j->i', a, b); write any \
                              other sum with a @ b";
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
    let plain: String = letters.chars().filter(|c| !c.is_whitespace()).collect();
    let (inputs, output) = plain.split_once("->")?;
    let inputs: Vec<Vec<char>> = inputs.split(',').map(|input| input.chars().collect()).collect();
    let output: Vec<char> = output.chars().collect();
    let twice = |all: &[char]| (1..all.len()).any(|k| all[..k].contains(&all[k]));
    let plain = inputs.iter().chain([&output]).all(|all| all.len() <= 2 && !twice(all));
    if !plain || inputs.len() != arrays.len() {
        return None;
    }
    let of = |kind: ExpressionKind| Expression { kind, span };
    let call = |function, arguments| of(ExpressionKind::Call(function, arguments, Options::default()));
    let binary = |operation, a, b| of(ExpressionKind::Binary(operation, Box::new(a), Box::new(b)));
    // An array of one or two axes with its axes in this order.
    let turned = |array: &Expression, from: &[char], to: &[char]| match from == to {
        true => array.clone(),
        false => of(ExpressionKind::Transpose(Box::new(array.clone()))),
    };
    let same = |a: &[char], b: &[char]| a.len() == b.len() && a.iter().all(|letter| b.contains(letter));
    match (inputs.as_slice(), arrays) {
        ([one], [a]) if same(one, &output) => Some(turned(a, one, &output)),
        ([_], [a]) if output.is_empty() => Some(call(Function::Sum, vec![a.clone()])),
        ([one, two], [a, b]) => {
            let shared: Vec<char> = one.iter().copied().filter(|letter| two.contains(letter)).collect();
            if same(one, two) && (output.is_empty() || same(one, &output)) {
                let product = binary(Binary::Multiply, a.clone(), turned(b, two, one));
                let product = if output.is_empty() { call(Function::Sum, vec![product]) } else { product };
                return Some(if output.is_empty() { product } else { turned(&product, one, &output) });
            }
            match (one.as_slice(), two.as_slice(), shared.as_slice()) {
                ([i], [j], []) if output == [*i, *j] => {
                    Some(call(Function::Outer, vec![a.clone(), b.clone()]))
                }
                ([i], [j], []) if output == [*j, *i] => {
                    Some(call(Function::Outer, vec![b.clone(), a.clone()]))
                }
                (_, _, [inner]) if !output.contains(inner) => {
                    let rest = |all: &[char]| all.iter().copied().filter(|c| c != inner).collect::<Vec<_>>();
                    let (left, right) = (rest(one), rest(two));
                    let first = [left.as_slice(), &[*inner]].concat();
                    let last = [&[*inner], right.as_slice()].concat();
                    match [left.as_slice(), &right].concat() {
                        all if all == output => {
                            Some(binary(Binary::MatMul, turned(a, one, &first), turned(b, two, &last)))
                        }
                        all if same(&all, &output) => {
                            let first = [right.as_slice(), &[*inner]].concat();
                            let last = [&[*inner], left.as_slice()].concat();
                            Some(binary(Binary::MatMul, turned(b, two, &first), turned(a, one, &last)))
                        }
                        _ => None,
                    }
                }
                _ => None,
            }
        }
        _ => None,
    }
}
