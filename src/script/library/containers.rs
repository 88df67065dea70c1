//! Methods of lists, tuples, dictionaries and deques.

use std::cell::RefCell;
use std::rc::Rc;

use super::super::array::{Fault, Outcome};
use super::super::value::{Deque, Value};
use super::Arguments;
use super::python::pair;
use super::texts::of_text;

/// The methods of a value that is no array.
pub(super) fn methods(value: &Value) -> &'static [&'static str] {
    match value {
        Value::List(_) => &[
            "append", "extend", "insert", "pop", "copy", "reverse", "index", "clear", "sort", "count",
            "remove",
        ],
        Value::Tuple(_) => &["index", "count"],
        Value::Deque(_) => {
            &["append", "appendleft", "extend", "pop", "popleft", "clear", "rotate", "copy", "count", "index"]
        }
        Value::Dict(_) => &["items", "keys", "values", "get", "update", "copy", "pop", "setdefault", "clear"],
        Value::Text(_) => &[
            "format",
            "join",
            "upper",
            "lower",
            "strip",
            "split",
            "replace",
            "lstrip",
            "rstrip",
            "ljust",
            "rjust",
            "center",
            "zfill",
            "startswith",
            "endswith",
            "splitlines",
            "find",
            "count",
            "title",
            "capitalize",
            "isalpha",
            "isdigit",
            "isspace",
            "isalnum",
            "isupper",
            "islower",
            "index",
        ],
        _ => &[],
    }
}

pub(super) fn method(value: &Value, name: &str, given: &mut Arguments) -> Outcome<Value> {
    match value {
        Value::List(list) => of_list(list, name, given),
        Value::Deque(deque) => of_deque(deque, value, name, given),
        Value::Tuple(all) if name == "count" => counted(all, given),
        Value::Dict(pairs) => of_dict(pairs, name, given),
        Value::Text(text) => of_text(text, name, given),
        other => {
            let wanted = given.need(0, "value")?;
            index_of(&other.items()?, &wanted)
        }
    }
}

fn counted(items: &[Value], given: &mut Arguments) -> Outcome<Value> {
    let wanted = given.need(0, "value")?;
    Ok(Value::Int(items.iter().filter(|own| own.equals(&wanted)).count() as i64))
}

fn of_deque(deque: &Rc<Deque>, own: &Value, name: &str, given: &mut Arguments) -> Outcome<Value> {
    let empty = || Fault::new("there is nothing in this deque");
    match name {
        "append" | "appendleft" => {
            let value = given.need(0, "x")?;
            match name {
                "append" => deque.items.borrow_mut().push_back(value),
                _ => deque.items.borrow_mut().push_front(value),
            }
            deque.trim(name == "append");
        }
        "extend" => {
            let more = given.need(0, "iterable")?.items()?;
            deque.items.borrow_mut().extend(more);
            deque.trim(true);
        }
        "pop" => return deque.items.borrow_mut().pop_back().ok_or_else(empty),
        "popleft" => return deque.items.borrow_mut().pop_front().ok_or_else(empty),
        "clear" => deque.items.borrow_mut().clear(),
        "rotate" => {
            let by = given.take(0, "n").map_or(Ok(1), |value| value.integer())?;
            let mut items = deque.items.borrow_mut();
            let length = items.len().max(1) as i64;
            items.rotate_right(by.rem_euclid(length) as usize);
        }
        "copy" => {
            let items = RefCell::new(deque.items.borrow().clone());
            return Ok(Value::Deque(Rc::new(Deque { items, most: deque.most })));
        }
        "count" => return counted(&own.items()?, given),
        _ => return index_of(&own.items()?, &given.need(0, "x")?),
    }
    Ok(Value::None)
}

fn index_of(items: &[Value], wanted: &Value) -> Outcome<Value> {
    let at = items.iter().position(|own| own.equals(wanted));
    at.map(|at| Value::Int(at as i64)).ok_or_else(|| Fault::new("this value is not in the list"))
}

fn of_list(list: &RefCell<Vec<Value>>, name: &str, given: &mut Arguments) -> Outcome<Value> {
    match name {
        "append" => {
            let value = given.need(0, "object")?;
            list.borrow_mut().push(value);
        }
        "extend" => {
            let more = given.need(0, "iterable")?.items()?;
            list.borrow_mut().extend(more);
        }
        "insert" => {
            let at = given.need(0, "index")?.integer()?;
            let value = given.need(1, "object")?;
            let length = list.borrow().len() as i64;
            let at = if at < 0 { at.saturating_add(length) } else { at }.clamp(0, length);
            list.borrow_mut().insert(at as usize, value);
        }
        "pop" => {
            let length = list.borrow().len() as i64;
            let at = given.take(0, "index").map_or(Ok(-1), |value| value.integer())?;
            let at = if at < 0 { at.saturating_add(length) } else { at };
            if !(0..length).contains(&at) {
                return Err(Fault::new("there is nothing at this place of the list"));
            }
            return Ok(list.borrow_mut().remove(at as usize));
        }
        "copy" => return Ok(Value::list(list.borrow().clone())),
        "count" => return counted(&list.borrow(), given),
        "remove" => {
            let wanted = given.need(0, "value")?;
            let at = list.borrow().iter().position(|own| own.equals(&wanted));
            let at = at.ok_or_else(|| Fault::new("this value is not in the list"))?;
            list.borrow_mut().remove(at);
        }
        "reverse" => list.borrow_mut().reverse(),
        "clear" => list.borrow_mut().clear(),
        _ => {
            let wanted = given.need(0, "value")?;
            return index_of(&list.borrow(), &wanted);
        }
    }
    Ok(Value::None)
}

fn of_dict(pairs: &Rc<RefCell<Vec<(Value, Value)>>>, name: &str, given: &mut Arguments) -> Outcome<Value> {
    Ok(match name {
        "items" => {
            let pair = |(key, value): &(Value, Value)| Value::tuple(vec![key.clone(), value.clone()]);
            Value::list(pairs.borrow().iter().map(pair).collect())
        }
        "keys" => Value::list(pairs.borrow().iter().map(|(key, _)| key.clone()).collect()),
        "values" => Value::list(pairs.borrow().iter().map(|(_, value)| value.clone()).collect()),
        "copy" => Value::Dict(Rc::new(pairs.borrow().clone().into())),
        "get" | "pop" => {
            let key = given.need(0, "key")?;
            let otherwise = given.take(1, "default").unwrap_or(Value::None);
            let found =
                pairs.borrow().iter().find(|(own, _)| own.equals(&key)).map(|(_, value)| value.clone());
            if name == "pop" {
                pairs.borrow_mut().retain(|(own, _)| !own.equals(&key));
            }
            found.unwrap_or(otherwise)
        }
        "setdefault" => {
            let (key, value) = (given.need(0, "key")?, given.take(1, "default").unwrap_or(Value::None));
            let found =
                pairs.borrow().iter().find(|(own, _)| own.equals(&key)).map(|(_, value)| value.clone());
            if found.is_none() {
                pairs.borrow_mut().push((key, value.clone()));
            }
            found.unwrap_or(value)
        }
        "clear" => {
            pairs.borrow_mut().clear();
            Value::None
        }
        _ => {
            let more: Vec<(Value, Value)> = match given.take(0, "other") {
                None => vec![],
                Some(Value::Dict(more)) => more.borrow().clone(),
                Some(other) => other.items()?.iter().map(pair).collect::<Outcome<_>>()?,
            };
            let named = given.all_named().into_iter().map(|(name, value)| (Value::text(name), value));
            for (key, value) in more.into_iter().chain(named) {
                let mut pairs = pairs.borrow_mut();
                match pairs.iter_mut().find(|(own, _)| own.equals(&key)) {
                    Some((_, own)) => *own = value,
                    None => pairs.push((key, value)),
                }
            }
            Value::None
        }
    })
}
