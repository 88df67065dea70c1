//! Functions of Python and of its library that call others, or that look into objects.

use std::cell::RefCell;
use std::rc::Rc;

use crate::listing::{Diagnostic, Span};

use super::super::array::{Outcome, spend};
use super::super::language::*;
use super::super::operate::{compare, operate};
use super::super::value::{self, Deque, Object, Scope, Value};
use super::given::{Given, argument, named};
use super::{Done, Interpreter, STATEMENT, at};

impl Interpreter {
    /// Calls a function that this file knows; nothing for all others.
    pub(super) fn functional(&mut self, path: &str, given: &Given, span: Span) -> Done<Option<Value>> {
        let has_key = named(given, "key").is_some_and(|key| !matches!(key, Value::None));
        let need = |k: usize, name: &str| at(span, argument(given, k, name));
        Ok(Some(match path {
            "python.sorted" => Value::list(self.sorted(given, span)?),
            "python.max" | "python.min" if has_key || is_ordered(given) => {
                self.extreme(path == "python.max", given, span)?
            }
            "python.map" => {
                let function = need(0, "function")?;
                let all: Vec<Vec<Value>> =
                    given.0[1..].iter().map(|over| at(span, over.items())).collect::<Done<_>>()?;
                let turns = all.iter().map(Vec::len).min().unwrap_or(0);
                let row = |k: usize| all.iter().map(|items| items[k].clone()).collect();
                let made = (0..turns).map(|k| self.apply(&function, row(k), span)).collect::<Done<_>>()?;
                Value::list(made)
            }
            "python.filter" => {
                let (function, over) = (need(0, "function")?, need(1, "iterable")?);
                let mut kept = Vec::new();
                for item in at(span, over.items())? {
                    let is_kept = match &function {
                        Value::None => item.clone(),
                        function => self.apply(function, vec![item.clone()], span)?,
                    };
                    kept.extend(at(span, is_kept.truth())?.then_some(item));
                }
                Value::list(kept)
            }
            "functools.reduce" | "itertools.accumulate" => self.folded(path, given, span)?,
            "python.isinstance" => {
                Value::Bool(at(span, super::kinds::is_instance(&need(0, "object")?, &need(1, "class")?))?)
            }
            "python.vars" => match need(0, "object")? {
                Value::Object(object) => self.attribute_of(&object, "__dict__", span)?,
                _ => return Err(Diagnostic::new(span, "vars(…) takes an object here")),
            },
            "numpy.nditer" if named(given, "flags").is_some() => self.places_one_by_one(given, span)?,
            "python.callable" => Value::Bool(super::kinds::is_callable(&need(0, "object")?)),
            "python.getattr" | "python.hasattr" => self.attribute_by_name(path, given, span)?,
            "python.setattr" => {
                let (object, name, value) = (need(0, "object")?, need(1, "name")?, need(2, "value")?);
                let (Value::Object(object), Value::Text(name)) = (object, name) else {
                    return Err(Diagnostic::new(span, "setattr takes an object and the text of a name"));
                };
                object.set(&name, value);
                Value::None
            }
            "python.iter" => {
                let over = self.members(&need(0, "object")?, span)?;
                Value::deque(at(span, over.items())?, None)
            }
            "python.next" => {
                let Value::Deque(left) = need(0, "iterator")? else {
                    return Err(Diagnostic::new(
                        span,
                        "next(…) takes what iter(…) gives; write next(iter(…))",
                    ));
                };
                let next = left.items.borrow_mut().pop_front();
                match next.or_else(|| given.0.get(1).cloned()) {
                    Some(next) => next,
                    None => return Err(Diagnostic::new(span, "next(…) has gone through all values here")),
                }
            }
            "collections.namedtuple" => super::kinds::named_tuple(given, span)?,
            "collections.deque" => {
                let most = given.0.get(1).cloned().or_else(|| named(given, "maxlen"));
                let most = match most {
                    None | Some(Value::None) => None,
                    Some(most) => Some(at(span, most.integer())?.max(0) as usize),
                };
                let items = given.0.first().map_or(Ok(vec![]), |over| at(span, over.items()))?;
                Value::deque(items, most)
            }
            "collections.defaultdict" => {
                let pairs = Rc::new(RefCell::new(Vec::new()));
                self.factories.push((Rc::clone(&pairs), given.0.first().cloned().unwrap_or(Value::None)));
                Value::Dict(pairs)
            }
            "types.SimpleNamespace" => {
                let class = value::Class { name: "namespace".to_owned(), ..value::Class::default() };
                let own = Rc::new(RefCell::new(Scope::default()));
                self.held.push(Rc::clone(&own));
                let object = Object { class: Rc::new(class), own };
                given.1.iter().for_each(|(name, value)| object.set(name, value.clone()));
                Value::Object(Rc::new(object))
            }
            "dataclasses.replace" | "dataclasses.asdict" | "dataclasses.astuple" => {
                let Value::Object(object) = need(0, "obj")? else {
                    return Err(Diagnostic::new(span, "this function takes an object of a dataclass"));
                };
                self.of_record(&object, path, &given.1, span)?
            }
            "python.exit" | "python.quit" | "sys.exit" => {
                self.has_ended = true;
                return Err(Diagnostic::new(span, "the script ends here"));
            }
            _ => return Ok(None),
        }))
    }

    /// Calls a function with values.
    pub(super) fn apply(&mut self, function: &Value, values: Vec<Value>, span: Span) -> Done<Value> {
        at(span, spend(STATEMENT))?;
        let name = Expression { kind: ExpressionKind::Name("this".to_owned()), span };
        self.call(function, values, vec![], &name, span)
    }

    fn sorted(&mut self, given: &Given, span: Span) -> Done<Vec<Value>> {
        let items = at(span, at(span, argument(given, 0, "iterable"))?.items())?;
        let reverse = named(given, "reverse").map_or(Ok(false), |value| at(span, value.truth()))?;
        let key = named(given, "key").unwrap_or(Value::None);
        self.by_key(items, &key, reverse, span)
    }

    /// Values in the order of what a function gives for them; those that are equal keep their order.
    pub(super) fn by_key(
        &mut self,
        items: Vec<Value>,
        key: &Value,
        reverse: bool,
        span: Span,
    ) -> Done<Vec<Value>> {
        let mut keyed = Vec::with_capacity(items.len());
        for item in items {
            let own = match key {
                Value::None => item.clone(),
                key => self.apply(key, vec![item.clone()], span)?,
            };
            keyed.push((own, item));
        }
        at(span, spend(keyed.len().saturating_mul(40)))?;
        let mut problem = None;
        keyed.sort_by(|(a, _), (b, _)| {
            let order = ordered(a, b).unwrap_or_else(|fault| {
                problem.get_or_insert(fault);
                std::cmp::Ordering::Equal
            });
            if reverse { order.reverse() } else { order }
        });
        match problem {
            Some(fault) => at(span, Err(fault)),
            None => Ok(keyed.into_iter().map(|(_, item)| item).collect()),
        }
    }

    fn extreme(&mut self, is_max: bool, given: &Given, span: Span) -> Done<Value> {
        let items = match given.0.as_slice() {
            [one] => at(span, one.items())?,
            many => many.to_vec(),
        };
        let key = named(given, "key").unwrap_or(Value::None);
        let mut best: Option<(Value, Value)> = None;
        for item in items {
            let own = match &key {
                Value::None => item.clone(),
                key => self.apply(key, vec![item.clone()], span)?,
            };
            let is_better = match &best {
                None => true,
                Some((known, _)) => {
                    let order = at(span, ordered(&own, known))?;
                    if is_max { order.is_gt() } else { order.is_lt() }
                }
            };
            best = if is_better { Some((own, item)) } else { best };
        }
        let best = best.map(|(_, item)| item).or_else(|| named(given, "default"));
        best.ok_or_else(|| Diagnostic::new(span, "there is nothing to choose from"))
    }

    fn folded(&mut self, path: &str, given: &Given, span: Span) -> Done<Value> {
        let accumulates = path.ends_with("accumulate");
        let (function, over) = match accumulates {
            true => (given.0.get(1).cloned().or_else(|| named(given, "func")), given.0.first().cloned()),
            false => (given.0.first().cloned(), given.0.get(1).cloned()),
        };
        let over = over.ok_or_else(|| Diagnostic::new(span, "this call needs what it goes through"))?;
        let mut items = at(span, over.items())?.into_iter();
        let first = if accumulates { named(given, "initial") } else { given.0.get(2).cloned() };
        let Some(mut carried) = first.or_else(|| items.next()) else {
            let empty = Diagnostic::new(span, "there is nothing to begin with; give a first value");
            return if accumulates { Ok(Value::list(vec![])) } else { Err(empty) };
        };
        let mut all = vec![carried.clone()];
        for item in items {
            carried = match &function {
                Some(function) => self.apply(function, vec![carried, item], span)?,
                None => at(span, operate(Operator::Add, &carried, &item))?,
            };
            if accumulates {
                all.push(carried.clone());
            }
        }
        Ok(if accumulates { Value::list(all) } else { carried })
    }

    fn attribute_by_name(&mut self, path: &str, given: &Given, span: Span) -> Done<Value> {
        let of = at(span, argument(given, 0, "object"))?;
        let Value::Text(name) = at(span, argument(given, 1, "name"))? else {
            return Err(Diagnostic::new(span, "the name of an attribute is a text"));
        };
        let found = self.attribute(&of, &name, span);
        if path.ends_with("hasattr") {
            return Ok(Value::Bool(found.is_ok()));
        }
        match (found, given.0.get(2)) {
            (Err(_), Some(otherwise)) => Ok(otherwise.clone()),
            (found, _) => found,
        }
    }

    /// What a loop goes through: of an object that says so itself, what `__iter__` gives.
    pub(super) fn members(&mut self, over: &Value, span: Span) -> Done<Value> {
        match over {
            Value::Object(object) if object.class.parts.contains_key("__iter__") => {
                let made = self.call_method(object, "__iter__", vec![], vec![], span)?;
                match &made {
                    Value::Object(_) => Err(Diagnostic::new(
                        span,
                        "an object that is its own iterator is not read here; let __iter__ return iter of a list",
                    )),
                    _ => Ok(made),
                }
            }
            _ => Ok(over.clone()),
        }
    }

    /// The value with what its objects say of themselves in place of them, as it is printed.
    pub(super) fn printable(&mut self, value: &Value, is_repr: bool, span: Span) -> Done<Value> {
        let Value::Object(object) = value else {
            return Ok(if is_repr { Value::text(super::super::show::repr(value)) } else { value.clone() });
        };
        let names: &[&str] = if is_repr { &["__repr__"] } else { &["__str__", "__repr__"] };
        for name in names {
            if object.class.parts.contains_key(*name) {
                return self.call_method(object, name, vec![], vec![], span);
            }
        }
        Ok(Value::text(super::super::show::repr(value)))
    }
}

/// Which of two values comes first: numbers, texts, and tuples of them.
fn ordered(a: &Value, b: &Value) -> Outcome<std::cmp::Ordering> {
    if let (Value::Tuple(_) | Value::List(_), Value::Tuple(_) | Value::List(_)) = (a, b) {
        let (first, second) = (a.items()?, b.items()?);
        for (a, b) in first.iter().zip(&second) {
            let order = ordered(a, b)?;
            if order.is_ne() {
                return Ok(order);
            }
        }
        return Ok(first.len().cmp(&second.len()));
    }
    let (less, more) =
        (compare(Comparison::Less, a, b)?.truth()?, compare(Comparison::Greater, a, b)?.truth()?);
    Ok(if less {
        std::cmp::Ordering::Less
    } else if more {
        std::cmp::Ordering::Greater
    } else {
        std::cmp::Ordering::Equal
    })
}

/// Whether texts or tuples are compared.
fn is_ordered((positional, _): &Given) -> bool {
    let is_other = |value: &Value| matches!(value, Value::Text(_) | Value::Tuple(_));
    match positional.as_slice() {
        [one @ (Value::List(_) | Value::Tuple(_) | Value::Dict(_) | Value::Text(_))] => {
            one.items().is_ok_and(|items| items.iter().any(is_other))
        }
        many => many.len() > 1 && many.iter().any(is_other),
    }
}

impl Value {
    /// A `deque`, which keeps at most so many values.
    pub(super) fn deque(items: Vec<Value>, most: Option<usize>) -> Self {
        let deque = Deque { items: RefCell::new(items.into()), most };
        deque.trim(true);
        Self::Deque(Rc::new(deque))
    }
}
