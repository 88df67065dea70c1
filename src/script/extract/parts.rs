//! Statements taken apart: what they assign, in which order, and with other names.

use std::rc::Rc;

use super::super::language::*;

/// `if test: a = b` and `else: a = c` as `a = b if test else c`.
pub(super) fn chosen(
    branches: &[(Expression, Vec<Statement>)],
    otherwise: &[Statement],
    statement: &Statement,
) -> Option<(Expression, Expression)> {
    let one = |body: &[Statement]| match body {
        [Statement { kind: StatementKind::Assign(targets, value), .. }] => match targets.as_slice() {
            [target] => Some((target.clone(), value.clone())),
            _ => None,
        },
        _ => None,
    };
    let [(test, body)] = branches else { return None };
    let ((target, then), (other, otherwise)) = (one(body)?, one(otherwise)?);
    let kind = ExpressionKind::Conditional(Box::new([test.clone(), then, otherwise]));
    (written(&target) == written(&other)).then_some((target, Expression { kind, span: statement.span }))
}

/// Whether a statement gives values to names, and to nothing else.
pub(super) fn assigns_names(statement: &Statement) -> bool {
    // What an object holds is a name too.
    let is_name = |target: &Expression| {
        as_name(target).is_some() || matches!(target.kind, ExpressionKind::Attribute(..))
    };
    let all_names = |target: &Expression| match &target.kind {
        ExpressionKind::Tuple(all) => all.iter().all(is_name),
        _ => is_name(target),
    };
    match &statement.kind {
        StatementKind::Assign(targets, _) => targets.iter().all(all_names),
        StatementKind::Augmented(target, ..) => all_names(target),
        _ => false,
    }
}

/// Whether an argument is read, not computed.
pub(super) fn is_simple(value: &Expression) -> bool {
    match &value.kind {
        ExpressionKind::Subscript(of, _) | ExpressionKind::Attribute(of, _) => is_simple(of),
        ExpressionKind::Negate(one) => is_simple(one),
        ExpressionKind::Call(..) | ExpressionKind::Binary(..) | ExpressionKind::Conditional(_) => false,
        _ => true,
    }
}

/// Whether assigning one after the other gives what assigning all at once gives.
pub(super) fn is_in_order(targets: &[Expression], values: &[Expression]) -> bool {
    targets.len() == values.len()
        && (1..values.len()).all(|k| {
            let mut names = Vec::new();
            names_in(&values[k], &mut names);
            let earlier = targets[..k].iter().filter_map(as_name);
            earlier.zip(values).all(|(target, value)| {
                !names.iter().any(|name| name == target) || as_name(value) == Some(target)
            })
        })
}

/// Which expression each parameter stands for.
pub(super) fn arguments_of(function: &Function, arguments: &[Argument]) -> Option<Vec<(String, Expression)>> {
    let mut meant = Vec::new();
    let mut positional = arguments.iter().filter(|argument| argument.name.is_none());
    for parameter in &function.parameters {
        let named =
            arguments.iter().find(|argument| argument.name.as_deref() == Some(parameter.name.as_str()));
        let value = named.or_else(|| positional.next()).map(|argument| argument.value.clone());
        meant.push((parameter.name.clone(), value.or_else(|| parameter.default.clone())?));
    }
    let is_plain = |value: &Expression| !matches!(value.kind, ExpressionKind::Starred(_));
    meant.iter().all(|(_, value)| is_plain(value)).then_some(meant)
}

/// A statement with a value in place of a name.
pub(super) fn with_name(statement: &Statement, name: &str, value: &Expression) -> Statement {
    let put = |expression: &Expression| {
        replaced(expression, &mut |part| (as_name(part) == Some(name)).then(|| value.clone()))
    };
    let block =
        |body: &[Statement]| body.iter().map(|inner| with_name(inner, name, value)).collect::<Vec<_>>();
    let kind = match &statement.kind {
        StatementKind::Assign(targets, value) => {
            StatementKind::Assign(targets.iter().map(put).collect(), put(value))
        }
        StatementKind::Augmented(target, operator, value) => {
            StatementKind::Augmented(put(target), *operator, put(value))
        }
        StatementKind::Expression(value) => StatementKind::Expression(put(value)),
        StatementKind::If(branches, otherwise) => StatementKind::If(
            branches.iter().map(|(test, body)| (put(test), block(body))).collect(),
            block(otherwise),
        ),
        StatementKind::For(each) => StatementKind::For(Rc::new(For {
            target: each.target.clone(),
            over: put(&each.over),
            body: block(&each.body),
            otherwise: block(&each.otherwise),
        })),
        other => other.clone(),
    };
    Statement { kind, ..statement.clone() }
}
