//! Classes and their objects.

use std::cell::RefCell;
use std::rc::Rc;

use crate::listing::{Diagnostic, Span};

use super::super::language::*;
use super::super::value::{self, Object, Scope, Value};
use super::{Done, Interpreter};

/// How deep objects in objects are looked into.
const DEEPEST: usize = 2;

impl Interpreter {
    /// A class with its methods, which see the names around the class.
    pub(super) fn class(&mut self, class: &Class) -> Done<Value> {
        let mut parts = std::collections::HashMap::new();
        for statement in &class.body {
            match &statement.kind {
                StatementKind::Function(function) => {
                    parts.insert(function.name.clone(), self.closure(function)?);
                }
                StatementKind::Assign(targets, value) => {
                    let value = self.evaluate(value)?;
                    for name in targets.iter().filter_map(as_name) {
                        parts.insert(name.to_owned(), value.clone());
                    }
                }
                _ => {}
            }
        }
        Ok(Value::Class(Rc::new(value::Class { name: class.name.clone(), parts })))
    }

    /// An object of a class, made by its `__init__`.
    pub(super) fn object(
        &mut self,
        class: &Rc<value::Class>,
        positional: Vec<Value>,
        named: Vec<(String, Value)>,
        span: Span,
    ) -> Done<Value> {
        let own = Rc::new(RefCell::new(Scope::default()));
        self.held.push(Rc::clone(&own));
        let object = Rc::new(Object { class: Rc::clone(class), own });
        if let Some(Value::Function(init)) = class.parts.get("__init__") {
            let with_self = std::iter::once(Value::Object(Rc::clone(&object))).chain(positional).collect();
            self.call_closure(init, with_self, named, span)?;
        } else if !positional.is_empty() {
            let message = format!("{} has no __init__ that takes values", class.name);
            return Err(Diagnostic::new(span, message));
        }
        Ok(Value::Object(object))
    }

    /// `object.name`: what it holds, or a method.
    pub(super) fn attribute_of(&self, object: &Rc<Object>, name: &str, span: Span) -> Done<Value> {
        if name == "__dict__" || name == "__class__" {
            return Err(Diagnostic::new(
                span,
                format!("`{name}` is not read here; name what is wanted of the object"),
            ));
        }
        let is_own = object.own.borrow().names.contains_key(name);
        match object.attribute(name) {
            Some(Value::Function(_)) if !is_own => {
                Ok(Value::Method(Box::new(Value::Object(Rc::clone(object))), Rc::from(name)))
            }
            Some(value) => Ok(value),
            None => {
                let message = format!(
                    "{} has no `{name}`; give it one in __init__: self.{name} = …",
                    object.class.name
                );
                Err(Diagnostic::new(span, message))
            }
        }
    }

    /// `object.name(…)`
    pub(super) fn call_method(
        &mut self,
        object: &Rc<Object>,
        name: &str,
        positional: Vec<Value>,
        named: Vec<(String, Value)>,
        span: Span,
    ) -> Done<Value> {
        let Some(Value::Function(method)) = object.class.parts.get(name) else {
            let message = format!("{} has no method `{name}`; define it in the class", object.class.name);
            return Err(Diagnostic::new(span, message));
        };
        let method = Rc::clone(method);
        let with_self = std::iter::once(Value::Object(Rc::clone(object))).chain(positional).collect();
        self.call_closure(&method, with_self, named, span)
    }

    /// What objects hold that a name stands for: `rnn.h` and its value.
    pub(super) fn held_by(name: &str, value: &Value, depth: usize, all: &mut Vec<(String, Value)>) {
        let Value::Object(object) = value else { return };
        for part in &object.own.borrow().order {
            if let Some(value) = object.own.borrow().names.get(part).cloned() {
                let name = format!("{name}.{part}");
                if depth < DEEPEST {
                    Self::held_by(&name, &value, depth + 1, all);
                }
                all.push((name, value));
            }
        }
    }

    /// The value of a name, or of what an object holds: `rnn.h`.
    pub(super) fn value_at(&self, path: &str) -> Option<Value> {
        let mut parts = path.split('.');
        let mut value = self.lookup(parts.next()?)?;
        for part in parts {
            let Value::Object(object) = &value else { return None };
            let inner = object.attribute(part)?;
            value = inner;
        }
        Some(value)
    }
}
