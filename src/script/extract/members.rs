//! What a short loop inside of a step goes through, member by member, as expressions.

use super::super::language::*;
use super::super::run::Interpreter;
use super::super::value::Value;

/// The longest loop inside of a step that is written out.
const MOST_TURNS: usize = 16;

/// The members of what a loop goes through, each as it is written: `Ws[0]`, `(0, Ws[0])` of `enumerate(Ws)`.
pub(super) fn members(over: &Expression, run: &mut Interpreter) -> Option<Vec<Expression>> {
    let all = members_within(over, run, 0)?;
    (all.len() <= MOST_TURNS).then_some(all)
}

fn members_within(over: &Expression, run: &mut Interpreter, depth: usize) -> Option<Vec<Expression>> {
    if depth > 4 {
        return None;
    }
    let make = |kind: ExpressionKind| Expression { kind, span: over.span };
    let int = |value: i64| make(ExpressionKind::Int(value));
    let entry =
        |of: &Expression, at: Expression| make(ExpressionKind::Subscript(Box::new(of.clone()), Box::new(at)));
    let pair = |a: Expression, b: Expression| make(ExpressionKind::Tuple(vec![a, b]));
    if let ExpressionKind::Tuple(all) | ExpressionKind::List(all) = &over.kind {
        return Some(all.clone());
    }
    if let ExpressionKind::Call(function, arguments) = &over.kind {
        if let ("enumerate", Some(first)) = (written(function).as_str(), arguments.first()) {
            let from = match arguments.get(1) {
                Some(start) => run.value_of(&start.value).ok()?.integer().ok()?,
                None => 0,
            };
            let all = members_within(&first.value, run, depth + 1)?;
            return Some(
                all.into_iter().enumerate().map(|(k, one)| pair(int(from + k as i64), one)).collect(),
            );
        }
        if written(function) == "zip" && !arguments.is_empty() {
            let mut all = Vec::new();
            for argument in arguments {
                all.push(members_within(&argument.value, run, depth + 1)?);
            }
            let turns = all.iter().map(Vec::len).min()?;
            let row = |k: usize| make(ExpressionKind::Tuple(all.iter().map(|own| own[k].clone()).collect()));
            return Some((0..turns).map(row).collect());
        }
        if let ("reversed" | "list" | "tuple", [one]) = (written(function).as_str(), arguments.as_slice()) {
            let mut all = members_within(&one.value, run, depth + 1)?;
            if written(function) == "reversed" {
                all.reverse();
            }
            return Some(all);
        }
        // `params.items()`, `params.values()`
        if let (ExpressionKind::Attribute(of, name), []) = (&function.kind, arguments.as_slice())
            && matches!(name.as_str(), "items" | "values")
            && let Value::Dict(pairs) = run.value_of(of).ok()?
        {
            let mut all = Vec::new();
            for (key, _) in pairs.borrow().iter() {
                let key = match key {
                    Value::Text(text) => make(ExpressionKind::Text(text.to_string())),
                    other => int(other.integer().ok()?),
                };
                let value = entry(of, key.clone());
                all.push(if name == "items" { pair(key, value) } else { value });
            }
            return Some(all);
        }
    }
    let value = run.value_of(over).ok()?;
    let is_path = matches!(
        over.kind,
        ExpressionKind::Name(_) | ExpressionKind::Attribute(..) | ExpressionKind::Subscript(..)
    );
    if value.length().ok()? > MOST_TURNS {
        return None;
    }
    let items = value.items().ok()?;
    let member = |(k, item): (usize, &Value)| match item {
        Value::Int(value) => Some(int(*value)),
        Value::Text(text) => Some(make(ExpressionKind::Text(text.to_string()))),
        _ if is_path && matches!(value, Value::List(_) | Value::Tuple(_)) => Some(entry(over, int(k as i64))),
        _ => None,
    };
    items.iter().enumerate().map(member).collect()
}

/// What each name of a target stands for in a turn: of `k, (W, U)` every part of `(0, layers[0])`.
pub(super) fn bound(target: &Expression, member: &Expression, pairs: &mut Vec<(String, Expression)>) -> bool {
    match (&target.kind, &member.kind) {
        (ExpressionKind::Name(name), _) => {
            pairs.push((name.clone(), member.clone()));
            true
        }
        (ExpressionKind::Tuple(targets) | ExpressionKind::List(targets), ExpressionKind::Tuple(parts)) => {
            targets.len() == parts.len() && targets.iter().zip(parts).all(|(t, part)| bound(t, part, pairs))
        }
        (ExpressionKind::Tuple(targets) | ExpressionKind::List(targets), ExpressionKind::Subscript(..)) => {
            targets.iter().enumerate().all(|(k, one)| {
                let at = Expression { kind: ExpressionKind::Int(k as i64), span: member.span };
                let kind = ExpressionKind::Subscript(Box::new(member.clone()), Box::new(at));
                bound(one, &Expression { kind, span: member.span }, pairs)
            })
        }
        _ => false,
    }
}
