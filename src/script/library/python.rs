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
pub(super) const NAMES: [&str; 46] = [
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
    "pow",
    "divmod",
    "chr",
    "ord",
    "isinstance",
    "callable",
    "getattr",
    "setattr",
    "hasattr",
    "type",
    "map",
    "filter",
    "iter",
    "next",
    "format",
    "exit",
    "quit",
    "frozenset",
    "object",
    "slice",
    "vars",
    "id",
    "hash",
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
        "set" | "frozenset" => {
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
        "pow" => operate(Operator::Power, &given.need(0, "base")?, &given.need(1, "exp")?)?,
        "divmod" => {
            let (a, b) = (given.need(0, "x")?, given.need(1, "y")?);
            Value::tuple(vec![operate(Operator::FloorDivide, &a, &b)?, operate(Operator::Modulo, &a, &b)?])
        }
        "chr" => {
            let code = given.need(0, "i")?.integer()?;
            let found = u32::try_from(code).ok().and_then(char::from_u32);
            Value::text(found.ok_or_else(|| Fault::new(format!("there is no character {code}")))?.to_string())
        }
        "ord" => {
            let text = show::text(&given.need(0, "c")?);
            let mut all = text.chars();
            match (all.next(), all.next()) {
                (Some(one), None) => Value::Int(i64::from(u32::from(one))),
                _ => return Err(Fault::new("ord takes one character")),
            }
        }
        "type" => match given.need(0, "object")? {
            Value::Object(object) => Value::Class(Rc::clone(&object.class)),
            Value::Array(array) if array.shape().is_empty() => {
                Value::Library(Rc::from(format!("numpy.{}", array.kind().name())))
            }
            Value::Array(_) => Value::Library("numpy.ndarray".into()),
            other => Value::Library(Rc::from(format!("python.{}", type_name(&other)))),
        },
        "slice" => {
            let bounds = given.rest();
            let bound = |k: usize| match bounds.get(k) {
                None | Some(Value::None) => Ok(None),
                Some(value) => value.integer().map(Some),
            };
            Value::Slice(match bounds.len() {
                1 => [None, bound(0)?, None],
                _ => [bound(0)?, bound(1)?, bound(2)?],
            })
        }
        "format" => {
            let value = given.need(0, "value")?;
            let format = given.take(1, "format_spec").map_or(String::new(), |format| show::text(&format));
            Value::text(show::formatted(&value, &format)?)
        }
        "any" | "all" => {
            let truths =
                given.need(0, "iterable")?.items()?.iter().map(Value::truth).collect::<Outcome<Vec<_>>>()?;
            Value::Bool(if name == "any" { truths.contains(&true) } else { !truths.contains(&false) })
        }
        _ => return Ok(None),
    }))
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::None => "NoneType",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int",
        Value::Float(_) => "float",
        Value::Text(_) => "str",
        Value::List(_) => "list",
        Value::Tuple(_) => "tuple",
        Value::Dict(_) => "dict",
        Value::Range(..) => "range",
        Value::Deque(_) => "deque",
        _ => "function",
    }
}

fn print(world: &mut World, given: &mut Arguments) -> Outcome<Value> {
    let texts: Vec<String> = given.rest().iter().map(show::text).collect();
    given.named("flush");
    // What goes to the standard error is no output.
    let is_output = !matches!(given.named("file"), Some(Value::Library(path)) if path.ends_with("stderr"));
    let separator = given.named("sep").map_or(" ".to_owned(), |value| show::text(&value));
    let end = given.named("end").map_or("\n".to_owned(), |value| show::text(&value));
    if is_output {
        world.print(&(texts.join(&separator) + &end))?;
    }
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

pub(super) fn pair(value: &Value) -> Outcome<(Value, Value)> {
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
