//! What objects hold, as names: `self.W` is `W`.

use std::collections::HashMap;
use std::rc::Rc;

use super::super::language::*;
use super::super::run::{Interpreter, Recorded};
use super::super::value::{Closure, Value};
use super::parts::arguments_of;

/// How deep calls of one-line methods are written out.
const DEEPEST: usize = 6;

/// The name of everything that an object holds: `rnn.h` is `h` where no other name is.
pub(super) fn names_of(recorded: &Recorded) -> HashMap<String, String> {
    let mut paths: Vec<&String> = recorded.before.keys().filter(|path| path.contains('.')).collect();
    // The shortest paths take their last parts first.
    paths.sort_by_key(|path| (path.len(), path.as_str()));
    let mut names: HashMap<String, String> = HashMap::new();
    for path in paths {
        let is_value = |value: &Value| {
            matches!(
                value,
                Value::Array(_) | Value::Int(_) | Value::Float(_) | Value::List(_) | Value::Dict(_)
            )
        };
        if !recorded.before.get(path).is_some_and(is_value) {
            continue;
        }
        let last = path.rsplit('.').next().unwrap_or(path);
        // A tuple that turns give another value is a state; others are taken apart where they are read.
        let is_part = last.starts_with(|c: char| c.is_ascii_digit());
        if is_part && !recorded.names.iter().any(|own| path.split('.').next() == Some(own)) {
            continue;
        }
        let is_taken = |name: &str, names: &HashMap<String, String>| {
            recorded.names.iter().any(|own| own == name)
                || recorded.before.contains_key(name)
                || names.values().any(|own| own == name)
        };
        let mut name = last.to_owned();
        if is_part || is_taken(&name, &names) {
            let plain = path.replace(['.', '['], "_");
            name = plain.replace(']', "");
        }
        while is_taken(&name, &names) {
            name.push('_');
        }
        names.insert(path.clone(), name);
    }
    names
}

/// The loop with those names; nothing where there are no objects.
pub(super) fn adapted(recorded: &Recorded, names: &HashMap<String, String>) -> Option<Recorded> {
    if names.is_empty() {
        return None;
    }
    let renamed = |path: &String| names.get(path).unwrap_or(path).clone();
    let all = |values: &HashMap<String, Value>| {
        values.iter().map(|(path, value)| (renamed(path), value.clone())).collect::<HashMap<String, Value>>()
    };
    Some(recorded.renamed(
        recorded.names.iter().map(renamed).collect(),
        (all(&recorded.before), all(&recorded.live)),
        recorded.values.iter().map(|(path, values)| (renamed(path), values.clone())).collect(),
    ))
}

/// An expression with names for what objects hold, and with what one-line methods return in place of their calls.
pub(super) fn plain(
    expression: &Expression,
    names: &HashMap<String, String>,
    run: &mut Interpreter,
    depth: usize,
) -> Expression {
    replaced(expression, &mut |part| match &part.kind {
        ExpressionKind::Attribute(..) => names.get(&written(part)).map(|name| name_at(name, part)),
        ExpressionKind::Subscript(of, index) => match (as_name(of), &index.kind) {
            (Some(of), ExpressionKind::Int(k)) => {
                names.get(&format!("{of}.{k}")).map(|name| name_at(name, part))
            }
            _ => None,
        },
        ExpressionKind::Call(function, arguments) if depth < DEEPEST => {
            let (closure, own) = method_of(function, run)?;
            let [Statement { kind: StatementKind::Return(Some(value)), .. }] =
                closure.function.body.as_slice()
            else {
                return None;
            };
            let meant = arguments_of(&closure.function, &with_object(own, arguments))?;
            let value = replaced(value, &mut |inner| {
                let name = as_name(inner)?;
                meant.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
            });
            Some(plain(&value, names, run, depth + 1))
        }
        _ => None,
    })
}

/// The method that an expression names, and the object that it is given.
pub(super) fn method_of(
    function: &Expression,
    run: &mut Interpreter,
) -> Option<(Rc<Closure>, Option<Expression>)> {
    let is_path = |expression: &Expression| {
        let mut inner = expression;
        loop {
            inner = match &inner.kind {
                ExpressionKind::Attribute(of, _) => of,
                ExpressionKind::Subscript(of, index) if matches!(index.kind, ExpressionKind::Int(_)) => of,
                _ => return as_name(inner).is_some(),
            };
        }
    };
    let (of, name) = match &function.kind {
        _ if !is_path(function) => return None,
        ExpressionKind::Attribute(of, name) => match run.value_of(function) {
            // What an object holds may be called itself.
            Ok(Value::Object(_)) => (function.clone(), "__call__"),
            _ => ((**of).clone(), name.as_str()),
        },
        _ => (function.clone(), "__call__"),
    };
    let (class, own) = match run.value_of(&of).ok()? {
        Value::Object(object) => (Rc::clone(&object.class), Some(of)),
        Value::Class(class) => (class, None),
        _ => return None,
    };
    match class.parts.get(name) {
        Some(Value::Function(closure)) => {
            let own = own.filter(|_| closure.function.method != Method::Static);
            Some((Rc::clone(closure), own))
        }
        _ => None,
    }
}

/// The arguments of a method with the object in front, if it is given one.
pub(super) fn with_object(own: Option<Expression>, arguments: &[Argument]) -> Vec<Argument> {
    own.into_iter()
        .map(|value| Argument { name: None, value })
        .chain(arguments.iter().map(|one| Argument { name: one.name.clone(), value: one.value.clone() }))
        .collect()
}
