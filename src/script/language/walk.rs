//! Going through a tree: the names in it, and the same tree with parts replaced.

use std::rc::Rc;

use super::tree::*;

/// The names that an expression reads, each once; those that it binds itself are left out.
pub(in crate::script) fn names_in(expression: &Expression, names: &mut Vec<String>) {
    let mut found = Vec::new();
    collect(expression, &mut found);
    for name in found {
        if !names.contains(&name) {
            names.push(name);
        }
    }
}

fn collect(expression: &Expression, found: &mut Vec<String>) {
    use ExpressionKind::*;
    let mut without = |bound: &[String], parts: &[&Expression]| {
        let mut inner = Vec::new();
        parts.iter().for_each(|part| collect(part, &mut inner));
        found.extend(inner.into_iter().filter(|name| !bound.contains(name)));
    };
    match &expression.kind {
        Name(name) => found.push(name.clone()),
        Comprehension(all) => {
            let mut bound = Vec::new();
            collect(&all.target, &mut bound);
            let parts = [Some(&all.element), all.key.as_ref(), all.condition.as_ref()];
            without(&bound, &parts.into_iter().flatten().collect::<Vec<_>>());
            collect(&all.over, found);
        }
        Lambda(function) => {
            let bound: Vec<String> = function.parameters.iter().map(|p| p.name.clone()).collect();
            if let Some(StatementKind::Return(Some(value))) = function.body.first().map(|s| &s.kind) {
                without(&bound, &[value]);
            }
        }
        _ => parts(expression).into_iter().for_each(|part| collect(part, found)),
    }
}

/// The expressions of which an expression is made.
fn parts(expression: &Expression) -> Vec<&Expression> {
    use ExpressionKind::*;
    match &expression.kind {
        Tuple(all) | List(all) => all.iter().collect(),
        Dict(pairs) => pairs.iter().flat_map(|(key, value)| [key, value]).collect(),
        Negate(one)
        | Invert(one)
        | Not(one)
        | Starred(one)
        | Spread(one)
        | Attribute(one, _)
        | Named(_, one) => {
            vec![one]
        }
        Binary(_, a, b) | And(a, b) | Or(a, b) | Subscript(a, b) => vec![a, b],
        Compare(first, rest) => {
            std::iter::once(&**first).chain(rest.iter().map(|(_, value)| value)).collect()
        }
        Conditional(three) => three.iter().collect(),
        Call(function, arguments) => {
            std::iter::once(&**function).chain(arguments.iter().map(|argument| &argument.value)).collect()
        }
        Slice(bounds) => bounds.iter().flatten().map(|bound| &**bound).collect(),
        Format(pieces) => pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Value { value, .. } => Some(value),
                Piece::Text(_) => Option::None,
            })
            .collect(),
        _ => vec![],
    }
}

/// The same expression, with each part for which `replace` gives another one replaced, the outermost first.
pub(in crate::script) fn replaced(
    expression: &Expression,
    replace: &mut dyn FnMut(&Expression) -> Option<Expression>,
) -> Expression {
    use ExpressionKind::*;
    if let Some(other) = replace(expression) {
        return other;
    }
    let mut one = |part: &Expression| replaced(part, replace);
    let kind = match &expression.kind {
        Tuple(all) => Tuple(all.iter().map(&mut one).collect()),
        List(all) => List(all.iter().map(&mut one).collect()),
        Dict(pairs) => Dict(pairs.iter().map(|(key, value)| (one(key), one(value))).collect()),
        Negate(value) => Negate(Box::new(one(value))),
        Invert(value) => Invert(Box::new(one(value))),
        Spread(value) => Spread(Box::new(one(value))),
        Named(name, value) => Named(name.clone(), Box::new(one(value))),
        Not(value) => Not(Box::new(one(value))),
        Starred(value) => Starred(Box::new(one(value))),
        Attribute(value, name) => Attribute(Box::new(one(value)), name.clone()),
        Binary(operator, a, b) => Binary(*operator, Box::new(one(a)), Box::new(one(b))),
        And(a, b) => And(Box::new(one(a)), Box::new(one(b))),
        Or(a, b) => Or(Box::new(one(a)), Box::new(one(b))),
        Subscript(a, b) => Subscript(Box::new(one(a)), Box::new(one(b))),
        Compare(first, rest) => {
            Compare(Box::new(one(first)), rest.iter().map(|(sign, value)| (*sign, one(value))).collect())
        }
        Conditional(three) => Conditional(Box::new(std::array::from_fn(|k| one(&three[k])))),
        Call(function, arguments) => Call(
            Box::new(one(function)),
            arguments.iter().map(|a| Argument { name: a.name.clone(), value: one(&a.value) }).collect(),
        ),
        Slice(bounds) => Slice(std::array::from_fn(|k| bounds[k].as_ref().map(|bound| Box::new(one(bound))))),
        Comprehension(all) => Comprehension(Box::new(super::tree::Comprehension {
            key: all.key.as_ref().map(&mut one),
            element: one(&all.element),
            target: all.target.clone(),
            over: one(&all.over),
            condition: all.condition.as_ref().map(&mut one),
            is_nested: all.is_nested,
        })),
        Lambda(function) => Lambda(Rc::clone(function)),
        other => other.clone(),
    };
    Expression { kind, span: expression.span }
}

/// The name, if an expression is one.
pub(in crate::script) fn as_name(expression: &Expression) -> Option<&str> {
    match &expression.kind {
        ExpressionKind::Name(name) => Some(name),
        _ => None,
    }
}

/// A name as an expression at the place of another one.
pub(in crate::script) fn name_at(name: &str, at: &Expression) -> Expression {
    Expression { kind: ExpressionKind::Name(name.to_owned()), span: at.span }
}
