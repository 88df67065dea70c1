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
    if function.parameters.iter().any(|parameter| parameter.is_options || parameter.is_rest) {
        return None;
    }
    for parameter in &function.parameters {
        let named =
            arguments.iter().find(|argument| argument.name.as_deref() == Some(parameter.name.as_str()));
        let value = named.or_else(|| positional.next()).map(|argument| argument.value.clone());
        meant.push((parameter.name.clone(), value.or_else(|| parameter.default.clone())?));
    }
    let is_plain =
        |value: &Expression| !matches!(value.kind, ExpressionKind::Starred(_) | ExpressionKind::Spread(_));
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

/// Whether the first statement takes a parameter apart, which nothing else reads.
pub(super) fn unpacks_first(body: &[Statement], name: &str) -> bool {
    let reads = |statement: &Statement| {
        let mut names = Vec::new();
        match &statement.kind {
            StatementKind::Assign(_, value) | StatementKind::Augmented(_, _, value) => {
                names_in(value, &mut names)
            }
            _ => {}
        }
        names.iter().any(|own| own == name)
    };
    let Some((first, rest)) = body.split_first() else { return false };
    let takes = match &first.kind {
        StatementKind::Assign(targets, value) => {
            matches!(targets.as_slice(), [Expression { kind: ExpressionKind::Tuple(_), .. }])
                && as_name(value) == Some(name)
        }
        _ => false,
    };
    takes && !rest.iter().any(reads)
}

/// An expression with what its names stand for.
pub(super) fn renamed(expression: &Expression, meant: &[(String, Expression)]) -> Expression {
    replaced(expression, &mut |part| {
        let name = as_name(part)?;
        meant.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    })
}

/// Whether a line only prints, or appends to a list that nothing else in the function reads.
pub(super) fn keeps_only(value: &Expression, body: &[Statement]) -> bool {
    let ExpressionKind::Call(function, _) = &value.kind else { return false };
    if as_name(function) == Some("print") {
        return true;
    }
    let ExpressionKind::Attribute(list, name) = &function.kind else { return false };
    let list = written(list);
    let mut times = 0;
    for statement in body {
        let mut count = |expression: &Expression| {
            replaced(expression, &mut |part| {
                times += usize::from(written(part) == list);
                None
            })
        };
        match &statement.kind {
            StatementKind::Assign(_, value)
            | StatementKind::Augmented(_, _, value)
            | StatementKind::Expression(value)
            | StatementKind::Return(Some(value)) => count(value),
            _ => continue,
        };
    }
    name == "append" && times == 1
}
