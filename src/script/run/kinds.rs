//! What kind of value one is, and objects that are made of plain values.

use std::collections::HashMap;
use std::rc::Rc;

use crate::listing::{Diagnostic, Span};

use super::super::array::{Fault, Outcome};
use super::super::language::*;
use super::super::value::{self, Object, Value};
use super::given::{Given, argument, named};
use super::{Done, Interpreter, at};

impl Interpreter {
    /// `np.nditer(a, flags=["multi_index"])`: an object that goes through the places of an array.
    pub(super) fn places_one_by_one(&mut self, given: &Given, span: Span) -> Done<Value> {
        let array = at(span, at(span, argument(given, 0, "op"))?.array())?;
        let shape = Value::tuple(array.shape().iter().map(|size| Value::Int(*size as i64)).collect());
        let name = Expression { kind: ExpressionKind::Name("np.ndindex".to_owned()), span };
        let places = self.call(&Value::Library("numpy.ndindex".into()), vec![shape], vec![], &name, span)?;
        let class = value::Class { name: "nditer".to_owned(), ..value::Class::default() };
        let own = Rc::new(std::cell::RefCell::new(value::Scope::default()));
        self.held.push(Rc::clone(&own));
        let object = Object { class: Rc::new(class), own };
        object.set("places", Value::deque(at(span, places.items())?, None));
        Ok(Value::Object(Rc::new(object)))
    }

    /// What such an object says of itself; nothing of all others.
    pub(super) fn of_places(object: &Rc<Object>, name: &str) -> Option<Value> {
        let Some(Value::Deque(places)) = object.attribute("places").filter(|_| object.class.name == "nditer")
        else {
            return None;
        };
        match name {
            "finished" => Some(Value::Bool(places.items.borrow().is_empty())),
            "multi_index" => places.items.borrow().front().cloned(),
            "iternext" => Some(Value::Method(Box::new(Value::Object(Rc::clone(object))), Rc::from(name))),
            _ => None,
        }
    }

    /// `state._replace(h=…)` and its kin.
    pub(super) fn of_record(
        &mut self,
        object: &Rc<Object>,
        path: &str,
        changes: &[(String, Value)],
        span: Span,
    ) -> Done<Value> {
        let fields = &object.class.fields;
        let held = |name: &String| object.attribute(name).unwrap_or(Value::None);
        Ok(match path.rsplit('.').next().unwrap_or(path) {
            "asdict" | "_asdict" => {
                let pairs: Vec<_> = fields.iter().map(|name| (Value::text(name), held(name))).collect();
                Value::Dict(Rc::new(pairs.into()))
            }
            "astuple" => Value::tuple(fields.iter().map(held).collect()),
            _ => {
                let changed = |name: &String| {
                    let own = changes.iter().find(|(own, _)| own == name);
                    own.map_or_else(|| held(name), |(_, value)| value.clone())
                };
                if let Some((name, _)) = changes.iter().find(|(name, _)| !fields.contains(name)) {
                    return Err(Diagnostic::new(span, format!("{} has no `{name}`", object.class.name)));
                }
                let values = fields.iter().map(changed).collect();
                self.object(&object.class, values, vec![], span)?
            }
        })
    }
}

pub(super) fn is_callable(value: &Value) -> bool {
    match value {
        Value::Function(_) | Value::Class(_) | Value::Library(_) | Value::Method(..) => true,
        Value::Object(object) => object.class.parts.contains_key("__call__"),
        _ => false,
    }
}

/// `isinstance(value, class)`, where the class may be a tuple of them.
pub(super) fn is_instance(value: &Value, class: &Value) -> Outcome<bool> {
    let path = match class {
        Value::Tuple(all) => {
            return all.iter().try_fold(false, |found, one| Ok(found || is_instance(value, one)?));
        }
        Value::Class(class) => {
            let Value::Object(object) = value else { return Ok(false) };
            let mut own = Some(Rc::clone(&object.class));
            while let Some(known) = own {
                if Rc::ptr_eq(&known, class) {
                    return Ok(true);
                }
                own = known.base.clone();
            }
            return Ok(false);
        }
        Value::Library(path) => path,
        other => return Err(Fault::new(format!("{} is no class", other.described()))),
    };
    let number = match value {
        Value::Array(array) if array.shape().is_empty() => Some(array.kind().name()),
        _ => None,
    };
    Ok(match path.rsplit('.').next().unwrap_or_default() {
        "ndarray" => matches!(value, Value::Array(_)) && number.is_none(),
        "generic" | "number" => number.is_some(),
        "floating" => number.is_some_and(|kind| kind.starts_with("float")),
        "integer" => number.is_some_and(|kind| kind.contains("int")),
        name @ ("float64" | "float32" | "int64" | "bool_") => {
            number.is_some_and(|kind| name.starts_with(kind))
        }
        "int" | "Integral" => matches!(value, Value::Int(_) | Value::Bool(_)),
        "float" => matches!(value, Value::Float(_)) || number == Some("float64"),
        "Number" | "Real" => {
            matches!(value, Value::Int(_) | Value::Bool(_) | Value::Float(_)) || number.is_some()
        }
        "bool" => matches!(value, Value::Bool(_)),
        "str" => matches!(value, Value::Text(_)),
        "list" | "MutableSequence" => matches!(value, Value::List(_)),
        "tuple" => match value {
            Value::Object(object) => object.class.is_tuple,
            value => matches!(value, Value::Tuple(_)),
        },
        "Sequence" | "Iterable" => matches!(value, Value::List(_) | Value::Tuple(_) | Value::Text(_)),
        "dict" | "Mapping" => matches!(value, Value::Dict(_)),
        "range" => matches!(value, Value::Range(..)),
        "Callable" => is_callable(value),
        "object" => true,
        "complex" | "bytes" | "set" | "frozenset" => false,
        name => {
            return Err(Fault::new(format!(
                "isinstance(…, {name}) is not known here; compare a name of your own"
            )));
        }
    })
}

/// `namedtuple("State", ["h", "c"])`
pub(super) fn named_tuple(given: &Given, span: Span) -> Done<Value> {
    let name = at(span, argument(given, 0, "typename"))?;
    let fields = match at(span, argument(given, 1, "field_names"))? {
        Value::Text(text) => {
            text.split([',', ' ']).filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        }
        list => at(span, list.items())?.iter().map(super::super::show::text).collect(),
    };
    let mut parts = HashMap::new();
    if let Some(defaults) = named(given, "defaults").filter(|value| !matches!(value, Value::None)) {
        let defaults = at(span, defaults.items())?;
        let behind = fields.len().saturating_sub(defaults.len());
        parts.extend(fields[behind..].iter().cloned().zip(defaults));
    }
    let class = value::Class {
        name: super::super::show::text(&name),
        parts,
        fields,
        is_tuple: true,
        ..value::Class::default()
    };
    Ok(Value::Class(Rc::new(class)))
}
