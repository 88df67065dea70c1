//! Classes and their objects.

use std::cell::RefCell;
use std::rc::Rc;

use crate::listing::{Diagnostic, Span};

use super::super::language::*;
use super::super::value::{self, Closure, Object, Scope, Value};
use super::{Done, Interpreter};

/// How deep objects in objects are looked into.
const DEEPEST: usize = 2;

impl Interpreter {
    /// A class with its methods, which see the names around the class.
    pub(super) fn class(&mut self, class: &Class) -> Done<Value> {
        let mut parts = std::collections::HashMap::new();
        let (mut base, mut fields) = (None, Vec::new());
        for expression in class.bases.iter().rev().filter(|base| as_name(base) != Some("object")) {
            if let Value::Class(known) = self.evaluate(expression)? {
                parts.extend(known.parts.iter().map(|(name, part)| (name.clone(), part.clone())));
                fields = known.fields.clone();
                base = Some(known);
            }
        }
        for statement in &class.body {
            match &statement.kind {
                StatementKind::Function(function) => {
                    parts.insert(function.name.clone(), self.closure(function)?);
                }
                StatementKind::Assign(targets, value) => {
                    let value = self.evaluate(value)?;
                    for name in targets.iter().filter_map(as_name) {
                        parts.insert(name.to_owned(), value.clone());
                        fields.extend(class.is_record.then(|| name.to_owned()));
                    }
                }
                StatementKind::Declared(name) if class.is_record => fields.push(name.clone()),
                _ => {}
            }
        }
        Ok(Value::Class(Rc::new(value::Class { name: class.name.clone(), parts, base, fields })))
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
        if !class.fields.is_empty() && !class.parts.contains_key("__init__") {
            Self::fill(&object, positional, named, span)?;
        } else if let Some(Value::Function(init)) = class.parts.get("__init__") {
            let with_self = std::iter::once(Value::Object(Rc::clone(&object))).chain(positional).collect();
            self.call_closure(init, with_self, named, span)?;
        } else if !positional.is_empty() {
            let message = format!("{} has no __init__ that takes values", class.name);
            return Err(Diagnostic::new(span, message));
        }
        Ok(Value::Object(object))
    }

    /// Gives an object the values of which it is made.
    fn fill(object: &Object, positional: Vec<Value>, named: Vec<(String, Value)>, span: Span) -> Done<()> {
        let class = &object.class;
        let mut positional = positional.into_iter();
        for field in &class.fields {
            let own = named.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone());
            let Some(value) = positional.next().or(own).or_else(|| class.parts.get(field).cloned()) else {
                return Err(Diagnostic::new(span, format!("`{field}` is not given for {}", class.name)));
            };
            let mut scope = object.own.borrow_mut();
            scope.order.push(field.clone());
            scope.names.insert(field.clone(), value);
        }
        let unknown =
            named.iter().find(|(name, _)| !class.fields.contains(name)).map(|(name, _)| name.as_str());
        match unknown.or(positional.next().map(|_| "one value more")) {
            Some(what) => Err(Diagnostic::new(span, format!("{} does not take {what}", class.name))),
            None => Ok(()),
        }
    }

    /// `Class.name`
    pub(super) fn attribute_of_class(&self, class: &Rc<value::Class>, name: &str, span: Span) -> Done<Value> {
        let missing =
            || Diagnostic::new(span, format!("{} has no `{name}`; define it in the class", class.name));
        class.parts.get(name).cloned().ok_or_else(missing)
    }

    /// What `super().name` means in the method that runs: that of the class from which its own is made.
    pub(super) fn of_base(&self, name: &str, span: Span) -> Done<(Rc<Object>, Rc<Closure>)> {
        let missing =
            || Diagnostic::new(span, format!("super() has no method `{name}` here; call the method itself"));
        let running = self.running.last().ok_or_else(missing)?;
        let Some(Value::Object(object)) = running.parameters.first().and_then(|p| self.lookup(&p.name))
        else {
            return Err(missing());
        };
        let has_it = |class: &value::Class| {
            let part = class.parts.get(&running.name);
            matches!(part, Some(Value::Function(own)) if Rc::ptr_eq(&own.function, running))
        };
        let mut class = Some(Rc::clone(&object.class));
        let mut owner = None;
        while let Some(known) = class {
            owner = if has_it(&known) { Some(Rc::clone(&known)) } else { owner };
            class = known.base.clone();
        }
        let base = owner.and_then(|owner| owner.base.clone());
        match base.and_then(|base| base.parts.get(name).cloned()) {
            Some(Value::Function(method)) => Ok((object, method)),
            _ => Err(missing()),
        }
    }

    /// `object.name`: what it holds, or a method.
    pub(super) fn attribute_of(&mut self, object: &Rc<Object>, name: &str, span: Span) -> Done<Value> {
        if name == "__dict__" || name == "__class__" {
            return Err(Diagnostic::new(
                span,
                format!("`{name}` is not read here; name what is wanted of the object"),
            ));
        }
        let is_own = object.own.borrow().names.contains_key(name);
        match object.attribute(name) {
            Some(Value::Function(method)) if !is_own && method.function.method == Method::Property => {
                self.call_closure(&method, vec![Value::Object(Rc::clone(object))], vec![], span)
            }
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
        let first = match method.function.method {
            Method::Static => None,
            Method::OfClass => Some(Value::Class(Rc::clone(&object.class))),
            _ => Some(Value::Object(Rc::clone(object))),
        };
        let with_self = first.into_iter().chain(positional).collect();
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
