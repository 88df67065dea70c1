//! Tuples and lists of arrays that a call is given, `cell(x, h, params)`, as what they hold.

use super::super::language::*;
use super::super::run::Interpreter;
use super::super::value::Value;

/// So many members are written down.
const MOST_MEMBERS: usize = 32;

/// An expression in which functions of the script are given the members of tuples: `(params[0], params[1])`, or only
/// those behind a star; `own` are names that the loop gives values to.
pub(super) fn spread(
    expression: &Expression,
    stars_only: bool,
    own: &[String],
    run: &mut Interpreter,
) -> Expression {
    replaced(expression, &mut |part| {
        let ExpressionKind::Call(function, arguments) = &part.kind else { return None };
        as_name(function).filter(|name| matches!(run.named(name), Some(Value::Function(_))))?;
        let mut made = Vec::new();
        let mut any = false;
        for argument in arguments {
            // `**params`: each value by its name.
            if let ExpressionKind::Spread(inner) = &argument.value.kind {
                let named = spread_by_name(inner, own, run)?;
                any = true;
                made.extend(named);
                continue;
            }
            let (of, is_star) = match &argument.value.kind {
                ExpressionKind::Starred(inner) => (&**inner, true),
                _ => (&argument.value, false),
            };
            let members = members(of, own, run).filter(|all| is_star || (!stars_only && all.len() > 1));
            any |= members.is_some();
            let one = |value| Argument { name: argument.name.clone(), value };
            match members {
                Some(all) if is_star => made.extend(all.into_iter().map(one)),
                Some(all) => made.push(one(Expression { kind: ExpressionKind::Tuple(all), span: of.span })),
                None => made.push(one(spread(&argument.value, stars_only, own, run))),
            }
        }
        let kind = ExpressionKind::Call(function.clone(), made);
        any.then_some(Expression { kind, span: part.span })
    })
}

fn spread_by_name(of: &Expression, own: &[String], run: &mut Interpreter) -> Option<Vec<Argument>> {
    let name = as_name(of).filter(|name| !own.iter().any(|own| own == name))?;
    let Value::Dict(pairs) = run.named(name)? else { return None };
    let pairs = pairs.borrow();
    let entry = |(key, value): &(Value, Value)| {
        let Value::Text(key) = key else { return None };
        let kind = match value {
            Value::Int(value) => ExpressionKind::Int(*value),
            Value::Float(value) => ExpressionKind::Float(*value),
            _ => {
                let at = Expression { kind: ExpressionKind::Text(key.to_string()), span: of.span };
                ExpressionKind::Subscript(Box::new(of.clone()), Box::new(at))
            }
        };
        Some(Argument { name: Some(key.to_string()), value: Expression { kind, span: of.span } })
    };
    pairs.iter().map(entry).collect()
}

fn members(of: &Expression, own: &[String], run: &mut Interpreter) -> Option<Vec<Expression>> {
    let name = as_name(of).filter(|name| !own.iter().any(|own| own == name))?;
    let values = match run.named(name)? {
        value @ (Value::Tuple(_) | Value::List(_)) => value.items().ok()?,
        _ => return None,
    };
    if values.len() > MOST_MEMBERS {
        return None;
    }
    let member = |(k, value): (usize, Value)| {
        let kind = match value {
            Value::Array(array) if !array.shape().is_empty() => {
                let index = Expression { kind: ExpressionKind::Int(k as i64), span: of.span };
                ExpressionKind::Subscript(Box::new(of.clone()), Box::new(index))
            }
            Value::Int(value) => ExpressionKind::Int(value),
            Value::Float(value) => ExpressionKind::Float(value),
            _ => return None,
        };
        Some(Expression { kind, span: of.span })
    };
    values.into_iter().enumerate().map(member).collect()
}
