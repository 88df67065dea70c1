//! Classes and their objects.

use std::cell::RefCell;
use std::rc::Rc;

use crate::listing::{Diagnostic, Span};

use super::super::language::*;
use super::super::value::{self, Closure, Object, Scope, Value};
use super::{Done, Interpreter};

/// How deep objects in objects are looked into.
const DEEPEST: usize = 2;
/// The longest tuple whose arrays have names.
const MOST_PARTS: usize = 8;

impl Interpreter {
    /// A class with its methods, which see the names around the class.
    pub(super) fn class(&mut self, class: &Class) -> Done<Value> {
        let mut parts = std::collections::HashMap::new();
        let (mut base, mut fields, mut factories) = (None, Vec::new(), Vec::new());
        for expression in class.bases.iter().rev().filter(|base| as_name(base) != Some("object")) {
            if let Value::Class(known) = self.evaluate(expression)? {
                parts.extend(known.parts.iter().map(|(name, part)| (name.clone(), part.clone())));
                fields = known.fields.clone();
                factories = known.factories.clone();
                base = Some(known);
            }
        }
        for statement in &class.body {
            match &statement.kind {
                StatementKind::Function(function) => {
                    parts.insert(function.name.clone(), self.closure(function)?);
                }
                StatementKind::Assign(targets, value) => {
                    // `field(default_factory=list)`
                    if let Some((of, arguments)) = self.field_of(value)? {
                        let names: Vec<String> =
                            targets.iter().filter_map(as_name).map(str::to_owned).collect();
                        fields.extend(names.iter().cloned());
                        match of {
                            "default_factory" => {
                                factories.extend(names.into_iter().map(|n| (n, arguments.clone())))
                            }
                            "default" => parts.extend(names.into_iter().map(|n| (n, arguments.clone()))),
                            _ => {}
                        }
                        continue;
                    }
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
        let is_tuple = class.bases.iter().any(|base| written(base).ends_with("NamedTuple"));
        let name = class.name.clone();
        Ok(Value::Class(Rc::new(value::Class { name, parts, base, fields, factories, is_tuple })))
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
            self.fill(&object, positional, named, span)?;
            if class.parts.contains_key("__post_init__") {
                self.call_method(&object, "__post_init__", vec![], vec![], span)?;
            }
        } else if let Some(Value::Function(init)) = class.parts.get("__init__") {
            let with_self = std::iter::once(Value::Object(Rc::clone(&object))).chain(positional).collect();
            self.call_closure(init, with_self, named, span)?;
        } else if !positional.is_empty() {
            let message = format!("{} has no __init__ that takes values", class.name);
            return Err(Diagnostic::new(span, message));
        }
        Ok(Value::Object(object))
    }

    /// What `field(…)` says of a value: its default, or what makes it.
    fn field_of(&mut self, value: &Expression) -> Done<Option<(&'static str, Value)>> {
        let ExpressionKind::Call(function, arguments) = &value.kind else { return Ok(None) };
        let is_field = matches!(&function.kind, ExpressionKind::Name(_) | ExpressionKind::Attribute(..))
            && written(function).ends_with("field")
            && matches!(self.evaluate(function), Ok(Value::Library(path)) if &*path == "dataclasses.field");
        if !is_field {
            return Ok(None);
        }
        for word in ["default_factory", "default"] {
            if let Some(own) = arguments.iter().find(|one| one.name.as_deref() == Some(word)) {
                return Ok(Some((word, self.evaluate(&own.value)?)));
            }
        }
        Ok(Some(("", Value::None)))
    }

    /// Gives an object the values of which it is made.
    fn fill(
        &mut self,
        object: &Object,
        positional: Vec<Value>,
        named: Vec<(String, Value)>,
        span: Span,
    ) -> Done<()> {
        let class = &object.class;
        let mut positional = positional.into_iter();
        for field in &class.fields {
            let own = named.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone());
            let mut value = positional.next().or(own).or_else(|| class.parts.get(field).cloned());
            if let (None, Some((_, make))) = (&value, class.factories.iter().find(|(name, _)| name == field))
            {
                value = Some(self.apply(make, vec![], span)?);
            }
            let Some(value) = value else {
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
        if name == "__name__" {
            return Ok(Value::text(&class.name));
        }
        if let Some(Value::Function(method)) = class.parts.get(name)
            && method.function.method == Method::OfClass
        {
            return Ok(Value::Method(Box::new(Value::Class(Rc::clone(class))), Rc::from(name)));
        }
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
        if let Some(value) = Self::of_places(object, name) {
            return Ok(value);
        }
        if name == "__dict__" {
            let own = object.own.borrow();
            let pair = |name: &String| Some((Value::text(name), own.names.get(name)?.clone()));
            let pairs: Vec<(Value, Value)> = own.order.iter().filter_map(pair).collect();
            return Ok(Value::Dict(Rc::new(pairs.into())));
        }
        if name == "_fields" && object.class.is_tuple {
            return Ok(Value::tuple(object.class.fields.iter().map(Value::text).collect()));
        }
        if matches!(name, "_replace" | "_asdict") && object.class.is_tuple {
            return Ok(Value::Method(Box::new(Value::Object(Rc::clone(object))), Rc::from(name)));
        }
        if name == "__class__" {
            return Ok(Value::Class(Rc::clone(&object.class)));
        }
        if name == "__doc__" {
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
        if matches!(name, "_replace" | "_asdict") && object.class.is_tuple {
            return self.of_record(object, name, &named, span);
        }
        if let ("iternext", "nditer", Some(Value::Deque(places))) =
            (name, object.class.name.as_str(), object.attribute("places"))
        {
            places.items.borrow_mut().pop_front();
            return Ok(Value::Bool(!places.items.borrow().is_empty()));
        }
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
        if let Value::Tuple(parts) = value {
            let are_arrays = parts.iter().all(|part| matches!(part, Value::Array(_)));
            let all_parts = parts.iter().enumerate().map(|(k, part)| (format!("{name}.{k}"), part.clone()));
            all.extend(all_parts.filter(|_| are_arrays && parts.len() <= MOST_PARTS));
        }
        // Layers in a list.
        if let Value::List(parts) = value
            && depth < DEEPEST
            && parts.borrow().len() <= MOST_PARTS
        {
            for (k, part) in parts.borrow().iter().enumerate() {
                if matches!(part, Value::Object(_)) {
                    Self::held_by(&format!("{name}[{k}]"), part, depth + 1, all);
                }
            }
        }
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
        let entry = |value: Value, place: Option<&str>| match (value, place) {
            (Value::List(all), Some(place)) => all.borrow().get(place.parse::<usize>().ok()?).cloned(),
            (value, _) => Some(value),
        };
        let apart = |part: &'_ str| match part.strip_suffix(']').and_then(|part| part.split_once('[')) {
            Some((name, place)) => (name.to_owned(), Some(place.to_owned())),
            None => (part.to_owned(), None),
        };
        let (name, place) = apart(parts.next()?);
        let mut value = entry(self.lookup(&name)?, place.as_deref())?;
        for part in parts {
            let (part, place) = apart(part);
            if let Value::Tuple(parts) = &value {
                let part = parts.get(part.parse::<usize>().ok()?)?.clone();
                value = part;
                continue;
            }
            let Value::Object(object) = &value else { return None };
            let inner = object.attribute(&part)?;
            value = entry(inner, place.as_deref())?;
        }
        Some(value)
    }
}
