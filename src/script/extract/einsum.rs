//! `np.einsum` of two arrays as the product that it is.

use super::super::language::*;

/// `W @ x` for `np.einsum("hd,d->h", W, x)`; nothing where it is no product that a listing has.
pub(super) fn product(subscripts: &str, operands: &[Expression], at: &Expression) -> Option<Expression> {
    let plain: String = subscripts.chars().filter(|c| !c.is_whitespace()).collect();
    let (inputs, output) = plain.split_once("->")?;
    let inputs: Vec<&str> = inputs.split(',').collect();
    let make = |kind: ExpressionKind| Expression { kind, span: at.span };
    let turned = |one: &Expression| make(ExpressionKind::Attribute(Box::new(one.clone()), "T".to_owned()));
    let binary = |operator: Operator, a: Expression, b: Expression| {
        make(ExpressionKind::Binary(operator, Box::new(a), Box::new(b)))
    };
    let numpy = |name: &str, arguments: Vec<Expression>| {
        let function = make(ExpressionKind::Attribute(Box::new(name_at("np", at)), name.to_owned()));
        let arguments = arguments.into_iter().map(|value| Argument { name: None, value }).collect();
        make(ExpressionKind::Call(Box::new(function), arguments))
    };
    let ([one, rest @ ..], [a, others @ ..]) = (inputs.as_slice(), operands) else { return None };
    let letters = |text: &str| text.chars().collect::<Vec<char>>();
    let (one, output) = (letters(one), letters(output));
    let ([two], [b]) = (rest, others) else {
        // One array: turned, or summed.
        let is_turned = rest.is_empty() && one.len() == 2 && output == [one[1], one[0]] && one[0] != one[1];
        return is_turned.then(|| turned(a));
    };
    let two = letters(two);
    let twice = |all: &[char]| (1..all.len()).any(|k| all[..k].contains(&all[k]));
    if [&one, &two, &output].into_iter().any(|all| twice(all)) {
        return None;
    }
    let product = |a: &Expression, b: &Expression| binary(Operator::Multiply, a.clone(), b.clone());
    if one == two {
        return match output.as_slice() {
            [] => Some(numpy("sum", vec![product(a, b)])),
            same if same == one => Some(product(a, b)),
            _ => None,
        };
    }
    let shared: Vec<char> = one.iter().copied().filter(|letter| two.contains(letter)).collect();
    match (one.as_slice(), two.as_slice(), shared.as_slice()) {
        ([i], [j], []) if output == [*i, *j] => Some(numpy("outer", vec![a.clone(), b.clone()])),
        ([i], [j], []) if output == [*j, *i] => Some(numpy("outer", vec![b.clone(), a.clone()])),
        (_, _, [inner]) if !output.contains(inner) => {
            let row = |all: &[char], one: &Expression| match all {
                [_, last] if last == inner => Some(one.clone()),
                [_, _] => Some(turned(one)),
                [_] => Some(one.clone()),
                _ => None,
            };
            let column = |all: &[char], one: &Expression| match all {
                [first, _] if first == inner => Some(one.clone()),
                [_, _] => Some(turned(one)),
                [_] => Some(one.clone()),
                _ => None,
            };
            let left: Vec<char> = one.iter().chain(&two).copied().filter(|letter| letter != inner).collect();
            let is_reversed = left.len() == 2 && output == [left[1], left[0]];
            match (left == output, is_reversed) {
                (true, _) => Some(binary(Operator::MatMul, row(&one, a)?, column(&two, b)?)),
                (_, true) => Some(binary(Operator::MatMul, row(&two, b)?, column(&one, a)?)),
                _ => None,
            }
        }
        _ => None,
    }
}
