//! Functions of Python, and the methods of its lists, dictionaries and texts.

use std::rc::Rc;

use super::super::array::{Binary, Fault, Outcome, Reduction, apply};
use super::super::language::Operator;
use super::super::operate::{elementwise, operate};
use super::super::show;
use super::super::value::Value;
use super::super::world::World;
use super::Arguments;

/// The functions that need no import.
pub(super) const NAMES: [&str; 23] = [
    "range",
    "len",
    "print",
    "enumerate",
    "zip",
    "list",
    "tuple",
    "dict",
    "int",
    "float",
    "str",
    "bool",
    "abs",
    "max",
    "min",
    "sum",
    "round",
    "reversed",
    "sorted",
    "set",
    "any",
    "all",
    "repr",
];

pub(super) fn call(world: &mut World, name: &str, given: &mut Arguments) -> Outcome<Option<Value>> {
    Ok(Some(match name {
        "print" => return print(world, given).map(Some),
        "range" => range(given)?,
        "len" => Value::Int(given.need(0, "obj")?.length()? as i64),
        "enumerate" => {
            let items = given.need(0, "iterable")?.items()?;
            let start = given.take(1, "start").map_or(Ok(0), |value| value.integer())?;
            let pair = |(k, item)| Value::tuple(vec![Value::Int(start + k as i64), item]);
            Value::list(items.into_iter().enumerate().map(pair).collect())
        }
        "zip" => {
            let all = given.rest().iter().map(Value::items).collect::<Outcome<Vec<_>>>()?;
            let length = all.iter().map(Vec::len).min().unwrap_or(0);
            let row = |k: usize| Value::tuple(all.iter().map(|items| items[k].clone()).collect());
            Value::list((0..length).map(row).collect())
        }
        "list" => Value::list(optional_items(given)?),
        "tuple" => Value::tuple(optional_items(given)?),
        "set" => {
            let mut all: Vec<Value> = Vec::new();
            for item in optional_items(given)? {
                if !all.iter().any(|own| own.equals(&item)) {
                    all.push(item);
                }
            }
            Value::list(all)
        }
        "dict" => {
            let mut pairs: Vec<(Value, Value)> = match given.take(0, "pairs") {
                Some(Value::Dict(pairs)) => pairs.borrow().clone(),
                Some(other) => other.items()?.iter().map(pair).collect::<Outcome<_>>()?,
                None => vec![],
            };
            pairs.extend(given.all_named().into_iter().map(|(name, value)| (Value::text(name), value)));
            Value::Dict(Rc::new(pairs.into()))
        }
        "int" => match given.take(0, "x").unwrap_or(Value::Int(0)) {
            Value::Text(text) => {
                Value::Int(text.trim().parse().map_err(|_| Fault::new(format!("`{text}` is no integer")))?)
            }
            value => match value.float()? {
                number if number.is_finite() && number.abs() < 9e18 => {
                    value.integer().map_or(Value::Int(number as i64), Value::Int)
                }
                _ => return Err(Fault::new("this number is too large for an integer")),
            },
        },
        "float" => match given.take(0, "x").unwrap_or(Value::Float(0.0)) {
            Value::Text(text) => {
                Value::Float(text.trim().parse().map_err(|_| Fault::new(format!("`{text}` is no number")))?)
            }
            value => Value::Float(value.float()?),
        },
        "str" => Value::text(show::text(&given.take(0, "object").unwrap_or(Value::text("")))),
        "repr" => Value::text(show::repr(&given.need(0, "object")?)),
        "bool" => Value::Bool(given.need(0, "x")?.truth()?),
        "abs" => absolute(&given.need(0, "x")?)?,
        "max" | "min" => extreme(name, given)?,
        "sum" => {
            let items = given.need(0, "iterable")?.items()?;
            let start = given.take(1, "start").unwrap_or(Value::Int(0));
            items.iter().try_fold(start, |sum, item| operate(Operator::Add, &sum, item))?
        }
        "round" => rounded(given)?,
        "reversed" => {
            let mut items = given.need(0, "sequence")?.items()?;
            items.reverse();
            Value::list(items)
        }
        "sorted" => sorted(given)?,
        "any" | "all" => {
            let truths =
                given.need(0, "iterable")?.items()?.iter().map(Value::truth).collect::<Outcome<Vec<_>>>()?;
            Value::Bool(if name == "any" { truths.contains(&true) } else { !truths.contains(&false) })
        }
        _ => return Ok(None),
    }))
}

fn print(world: &mut World, given: &mut Arguments) -> Outcome<Value> {
    let texts: Vec<String> = given.rest().iter().map(show::text).collect();
    given.named("flush");
    let separator = given.named("sep").map_or(" ".to_owned(), |value| show::text(&value));
    let end = given.named("end").map_or("\n".to_owned(), |value| show::text(&value));
    world.print(&(texts.join(&separator) + &end))?;
    Ok(Value::None)
}

fn range(given: &mut Arguments) -> Outcome<Value> {
    let first = given.need(0, "stop")?.integer()?;
    let (from, to) = match given.take(1, "stop") {
        Some(to) => (first, to.integer()?),
        None => (0, first),
    };
    let step = given.take(2, "step").map_or(Ok(1), |value| value.integer())?;
    if step == 0 || step == i64::MIN {
        return Err(Fault::new("range() needs a step other than 0"));
    }
    Ok(Value::Range(from, to, step))
}

fn optional_items(given: &mut Arguments) -> Outcome<Vec<Value>> {
    given.take(0, "iterable").map_or(Ok(vec![]), |value| value.items())
}

fn pair(value: &Value) -> Outcome<(Value, Value)> {
    match value.items()?.as_slice() {
        [key, value] => Ok((key.clone(), value.clone())),
        _ => Err(Fault::new("dict needs pairs of a key and a value")),
    }
}

fn absolute(value: &Value) -> Outcome<Value> {
    Ok(match value {
        Value::Int(value) => Value::Int(value.saturating_abs()),
        Value::Float(value) => Value::Float(value.abs()),
        other => {
            let array = other.array()?;
            Value::Array(apply(&array, array.kind(), f64::abs)?)
        }
    })
}

fn extreme(name: &str, given: &mut Arguments) -> Outcome<Value> {
    let all = given.rest();
    if let [Value::Array(array)] = all.as_slice() {
        let reduction = if name == "max" { Reduction::Max } else { Reduction::Min };
        if array.shape().len() == 1 && array.count() > 0 {
            return array.reduced(reduction, None, false, 0.0).map(Value::Array);
        }
    }
    let items = match all.as_slice() {
        [one] => one.items()?,
        _ => all,
    };
    let operation = if name == "max" { Binary::Greater } else { Binary::Less };
    let mut items = items.into_iter();
    let Some(first) = items.next() else { return Err(Fault::new(format!("{name} of nothing has no value"))) };
    items.try_fold(first, |best, item| {
        let is_better = elementwise(operation, &item, &best)?.truth()?;
        Ok(if is_better { item } else { best })
    })
}

fn rounded(given: &mut Arguments) -> Outcome<Value> {
    let value = given.need(0, "number")?;
    match given.take(1, "ndigits") {
        None | Some(Value::None) => Ok(match value {
            Value::Float(number) => Value::Int(number.round_ties_even() as i64),
            other => Value::Array(apply(&other.array()?, other.array()?.kind(), f64::round_ties_even)?),
        }),
        Some(digits) => {
            let digits = digits.integer()?.clamp(0, 300) as usize;
            let text = format!("{:.digits$}", value.float()?);
            Ok(Value::Float(text.parse().unwrap_or(0.0)))
        }
    }
}

fn sorted(given: &mut Arguments) -> Outcome<Value> {
    let mut items = given.need(0, "iterable")?.items()?;
    let reverse = given.flag("reverse")?;
    let all_texts = items.iter().all(|item| matches!(item, Value::Text(_)));
    if all_texts {
        items.sort_by_key(show::text);
    } else {
        let keys = items.iter().map(Value::float).collect::<Outcome<Vec<_>>>()?;
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.sort_by(|a, b| keys[*a].total_cmp(&keys[*b]));
        items = order.into_iter().map(|k| items[k].clone()).collect();
    }
    if reverse {
        items.reverse();
    }
    Ok(Value::list(items))
}

/// The methods of a value that is no array.
pub(super) fn methods(value: &Value) -> &'static [&'static str] {
    match value {
        Value::List(_) => &["append", "extend", "insert", "pop", "copy", "reverse", "index", "clear"],
        Value::Tuple(_) => &["index"],
        Value::Dict(_) => &["items", "keys", "values", "get", "update", "copy", "pop"],
        Value::Text(_) => &["format", "join", "upper", "lower", "strip", "split", "replace"],
        _ => &[],
    }
}

pub(super) fn method(value: &Value, name: &str, given: &mut Arguments) -> Outcome<Value> {
    match value {
        Value::List(list) => of_list(list, name, given),
        Value::Dict(pairs) => of_dict(pairs, name, given),
        Value::Text(text) => of_text(text, name, given),
        other => {
            let wanted = given.need(0, "value")?;
            index_of(&other.items()?, &wanted)
        }
    }
}

fn index_of(items: &[Value], wanted: &Value) -> Outcome<Value> {
    let at = items.iter().position(|own| own.equals(wanted));
    at.map(|at| Value::Int(at as i64)).ok_or_else(|| Fault::new("this value is not in the list"))
}

fn of_list(list: &std::cell::RefCell<Vec<Value>>, name: &str, given: &mut Arguments) -> Outcome<Value> {
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
        "reverse" => list.borrow_mut().reverse(),
        "clear" => list.borrow_mut().clear(),
        _ => {
            let wanted = given.need(0, "value")?;
            return index_of(&list.borrow(), &wanted);
        }
    }
    Ok(Value::None)
}

fn of_dict(
    pairs: &Rc<std::cell::RefCell<Vec<(Value, Value)>>>,
    name: &str,
    given: &mut Arguments,
) -> Outcome<Value> {
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
        _ => {
            let Value::Dict(more) = given.need(0, "other")? else {
                return Err(Fault::new("update needs a dictionary"));
            };
            for (key, value) in more.borrow().clone() {
                pairs.borrow_mut().retain(|(own, _)| !own.equals(&key));
                pairs.borrow_mut().push((key, value));
            }
            Value::None
        }
    })
}

fn of_text(text: &str, name: &str, given: &mut Arguments) -> Outcome<Value> {
    Ok(match name {
        "upper" => Value::text(text.to_uppercase()),
        "lower" => Value::text(text.to_lowercase()),
        "strip" => Value::text(text.trim()),
        "join" => {
            let items = given.need(0, "iterable")?.items()?;
            Value::text(items.iter().map(show::text).collect::<Vec<_>>().join(text))
        }
        "replace" => {
            let (old, new) = (show::text(&given.need(0, "old")?), show::text(&given.need(1, "new")?));
            super::super::array::spend(text.len().saturating_mul(new.len().max(1)))?;
            Value::text(text.replace(&old, &new))
        }
        "split" => match given.take(0, "sep") {
            Some(separator) => Value::list(text.split(&show::text(&separator)).map(Value::text).collect()),
            None => Value::list(text.split_whitespace().map(Value::text).collect()),
        },
        _ => formatted(text, given)?,
    })
}

/// `"{:.3f} {}".format(a, b)`
fn formatted(pattern: &str, given: &mut Arguments) -> Outcome<Value> {
    let mut result = String::new();
    let mut rest = pattern;
    let values = given.rest();
    let mut next = 0;
    while let Some(at) = rest.find(['{', '}']) {
        result.push_str(&rest[..at]);
        if rest[at + 1..].starts_with(&rest[at..=at]) {
            result.push_str(&rest[at..=at]);
            rest = &rest[at + 2..];
            continue;
        }
        let inner = &rest[at + 1..];
        let Some(end) = inner.find('}') else { return Err(Fault::new("a brace of this text is not closed")) };
        let (name, format) = inner[..end].split_once(':').unwrap_or((&inner[..end], ""));
        let value = match name.parse::<usize>() {
            Ok(place) => values.get(place).cloned(),
            Err(_) if name.is_empty() => {
                next += 1;
                values.get(next - 1).cloned()
            }
            Err(_) => given.named(name),
        };
        let value = value.ok_or_else(|| Fault::new("this text has more braces than there are values"))?;
        result.push_str(&show::formatted(&value, format)?);
        rest = &inner[end + 1..];
    }
    result.push_str(rest);
    Ok(Value::text(result))
}
