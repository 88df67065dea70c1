//! Methods and attributes of values.

use std::rc::Rc;

use super::super::array::{Array, Fault, Outcome, place};
use super::super::value::Value;
use super::functions::{clipped, reduced, reduction, rounded};
use super::{Arguments, axis_of, containers, draws, kind_of, spectrum};

const OF_ARRAYS: [&str; 24] = [
    "dot",
    "copy",
    "ravel",
    "flatten",
    "reshape",
    "transpose",
    "squeeze",
    "swapaxes",
    "astype",
    "tolist",
    "item",
    "clip",
    "round",
    "fill",
    "cumsum",
    "cumprod",
    "repeat",
    "view",
    "sort",
    "argsort",
    "nonzero",
    "take",
    "diagonal",
    "trace",
];

/// `array.name`
pub(super) fn attribute(array: &Array, own: &Value, name: &str) -> Outcome<Value> {
    Ok(match name {
        "shape" => Value::tuple(array.shape().iter().map(|size| Value::Int(*size as i64)).collect()),
        "T" => Value::Array(array.transposed()),
        "ndim" => Value::Int(array.shape().len() as i64),
        "size" => Value::Int(array.count() as i64),
        "dtype" => Value::text(array.kind().name()),
        _ if OF_ARRAYS.contains(&name) || reduction(name).is_some() => {
            Value::Method(Box::new(own.clone()), Rc::from(name))
        }
        _ => return Err(Fault::new(format!("an array has no `{name}`"))),
    })
}

/// Whether a value other than an array has a method.
pub(super) fn has(value: &Value, name: &str) -> bool {
    match value {
        Value::Generator(_) | Value::RandomState(_) => draws::NAMES.contains(&name),
        Value::Spectrum(_) => spectrum::NAMES.contains(&name),
        _ => containers::methods(value).contains(&name),
    }
}

/// `value.name(…)`
pub(in crate::script) fn method(value: &Value, name: &str, mut given: Arguments) -> Outcome<Value> {
    let result = match value {
        Value::Array(array) => of_array(array, value, name, &mut given)?,
        Value::Generator(_) | Value::RandomState(_) => draws::drawn(value, name, &mut given)?,
        Value::Spectrum(found) => spectrum::of(found, name)?,
        _ => containers::method(value, name, &mut given)?,
    };
    given.done()?;
    Ok(result)
}

fn of_array(array: &Array, own: &Value, name: &str, given: &mut Arguments) -> Outcome<Value> {
    if let Some(reduction) = reduction(name) {
        return reduced(array, reduction, given, 0);
    }
    let result = match name {
        "dot" => return super::call_numpy("dot", vec![own.clone(), given.need(0, "b")?]),
        "repeat" | "cumsum" | "cumprod" => {
            let count = if name == "repeat" { Some(given.need(0, "repeats")?) } else { None };
            let axis = given.take(usize::from(count.is_some()), "axis");
            return super::call_numpy(name, [own.clone()].into_iter().chain(count).chain(axis).collect());
        }
        "sort" => {
            let axis = given.take(0, "axis").unwrap_or(Value::Int(-1));
            let sorted = super::ordered::sorted(array, &axis, false)?.array()?;
            array.write(&sorted)?;
            return Ok(Value::None);
        }
        "argsort" | "nonzero" | "take" | "diagonal" | "trace" => {
            let values = [own.clone()].into_iter().chain(given.rest()).collect();
            let mut moved = Arguments::new(name, values, given.all_named());
            let made = super::ordered::call(name, &mut moved)?;
            moved.done()?;
            return made.ok_or_else(|| Fault::new(format!("an array has no `{name}`")));
        }
        "copy" => array.copied(),
        "view" => Ok(array.clone()),
        "ravel" => array.reshaped(&[-1]),
        "flatten" => array.reshaped(&[-1])?.copied(),
        "reshape" => {
            given.named("order");
            let sizes = match given.rest().as_slice() {
                [one @ (Value::Tuple(_) | Value::List(_))] => one.items()?,
                many => many.to_vec(),
            };
            array.reshaped(&sizes.iter().map(Value::integer).collect::<Outcome<Vec<_>>>()?)
        }
        "transpose" => {
            let axes = match given.rest().as_slice() {
                [] | [Value::None] => return Ok(Value::Array(array.transposed())),
                [one @ (Value::Tuple(_) | Value::List(_))] => one.items()?,
                many => many.to_vec(),
            };
            permuted(array, &axes)
        }
        "swapaxes" => {
            let axes = array.shape().len();
            let (a, b) = (axis_of(&given.need(0, "axis1")?, axes)?, axis_of(&given.need(1, "axis2")?, axes)?);
            let mut order: Vec<usize> = (0..axes).collect();
            order.swap(a, b);
            Ok(array.permuted(&order))
        }
        "squeeze" => {
            let axis = given.take(0, "axis").map(|axis| axis_of(&axis, array.shape().len())).transpose()?;
            array.squeezed(axis)
        }
        "astype" => {
            given.named("copy");
            let kind = kind_of(&given.need(0, "dtype")?)?.unwrap_or(array.kind());
            array.to_kind(kind)
        }
        "tolist" => return listed(array),
        "item" => return item(array, given),
        "clip" => return clipped(own, given, 0),
        "round" => return rounded(array, given, 0),
        "fill" => {
            array.write(&given.array(0, "value")?)?;
            return Ok(Value::None);
        }
        _ => return Err(Fault::new(format!("an array has no `{name}`"))),
    };
    result.map(Value::Array)
}

fn permuted(array: &Array, axes: &[Value]) -> Outcome<Array> {
    let order: Vec<usize> =
        axes.iter().map(|axis| axis_of(axis, array.shape().len())).collect::<Outcome<_>>()?;
    let mut sorted = order.clone();
    sorted.sort_unstable();
    match sorted == (0..array.shape().len()).collect::<Vec<_>>() {
        true => Ok(array.permuted(&order)),
        false => Err(Fault::new("transpose needs each axis once")),
    }
}

/// The numbers as lists of Python's.
fn listed(array: &Array) -> Outcome<Value> {
    match array.rows() {
        Some(rows) => {
            Ok(Value::list((0..rows).map(|row| listed(&array.at(0, row))).collect::<Outcome<_>>()?))
        }
        None => Ok(python_number(array)),
    }
}

fn python_number(array: &Array) -> Value {
    let number = array.only().unwrap_or(0.0);
    match array.kind() {
        super::super::array::Kind::Bool => Value::Bool(number != 0.0),
        kind if kind <= super::super::array::Kind::Int => Value::Int(number as i64),
        _ => Value::Float(number),
    }
}

fn item(array: &Array, given: &mut Arguments) -> Outcome<Value> {
    let mut part = array.clone();
    let indices = given.rest();
    match indices.as_slice() {
        [one] if array.shape().len() > 1 => {
            part = part.reshaped(&[-1])?.at(0, place(one.integer()?, array.count(), 0)?)
        }
        many => {
            for (axis, index) in many.iter().enumerate() {
                let Some(size) = part.rows() else { return Err(Fault::new("too many indices for item")) };
                part = part.at(0, place(index.integer()?, size, axis)?);
            }
        }
    }
    match part.count() {
        1 => Ok(python_number(&part)),
        _ => Err(Fault::new("item needs an array with one number, or the place of one")),
    }
}
