//! New arrays.

use super::super::array::{Array, Buffer, Fault, Kind, Outcome, count};
use super::super::value::Value;
use super::{Arguments, kind_of, shape_of, value};

/// The functions of this file.
pub(super) const NAMES: [&str; 19] = [
    "tril",
    "triu",
    "zeros",
    "ones",
    "empty",
    "full",
    "zeros_like",
    "ones_like",
    "empty_like",
    "full_like",
    "array",
    "asarray",
    "eye",
    "identity",
    "arange",
    "linspace",
    "diag",
    "asfarray",
    "ascontiguousarray",
];

pub(super) fn call(name: &str, given: &mut Arguments) -> Outcome<Option<Value>> {
    if !NAMES.contains(&name) {
        return Ok(None);
    }
    let made = match name {
        "tril" | "triu" => triangle(name == "tril", given),
        "zeros" | "ones" | "empty" => {
            let shape = shape_of(&given.need(0, "shape")?)?;
            let kind = dtype(given, 1)?.unwrap_or(Kind::Float);
            Array::filled(shape, kind, if name == "ones" { 1.0 } else { 0.0 })
        }
        "full" => {
            let shape = shape_of(&given.need(0, "shape")?)?;
            filled_with(shape, given, 1, None)
        }
        "zeros_like" | "ones_like" | "empty_like" => {
            let like = given.array(0, "a")?;
            let kind = dtype(given, 1)?.unwrap_or(like.kind());
            Array::filled(like.shape().to_vec(), kind, if name == "ones_like" { 1.0 } else { 0.0 })
        }
        "full_like" => {
            let like = given.array(0, "a")?;
            filled_with(like.shape().to_vec(), given, 1, Some(like.kind()))
        }
        "asarray" | "ascontiguousarray" => {
            let array = given.array(0, "a")?;
            match dtype(given, 1)? {
                Some(kind) if kind != array.kind() => array.to_kind(kind),
                _ => Ok(array),
            }
        }
        "array" | "asfarray" => {
            let array = given.array(0, "object")?;
            given.named("copy");
            let kind = dtype(given, 1)?.unwrap_or(array.kind());
            array.to_kind(kind)
        }
        "eye" | "identity" => eye(given),
        "arange" => arange(given),
        "linspace" => linspace(given),
        _ => diag(given),
    };
    value(made)
}

fn dtype(given: &mut Arguments, position: usize) -> Outcome<Option<Kind>> {
    given.named("order");
    given.take(position, "dtype").map_or(Ok(None), |value| kind_of(&value))
}

fn filled_with(shape: Vec<usize>, given: &mut Arguments, at: usize, kind: Option<Kind>) -> Outcome<Array> {
    let fill = given.array(at, "fill_value")?;
    let kind = dtype(given, at + 1)?.or(kind).unwrap_or(fill.kind());
    let array = Array::filled(shape, kind, 0.0)?;
    array.write(&fill)?;
    Ok(array)
}

fn eye(given: &mut Arguments) -> Outcome<Array> {
    let rows = given.need(0, "N")?.integer()?;
    let columns = given.take(1, "M").map_or(Ok(rows), |value| value.integer())?;
    let kind = given.named("dtype").map_or(Ok(None), |value| kind_of(&value))?.unwrap_or(Kind::Float);
    let shape = shape_of(&Value::tuple(vec![Value::Int(rows), Value::Int(columns)]))?;
    let (rows, columns) = (shape[0], shape[1]);
    let mut numbers = vec![0.0; Buffer::room_for(count(&shape)?)?];
    (0..rows.min(columns)).for_each(|k| numbers[k * columns + k] = 1.0);
    Array::new(shape, kind, numbers)
}

fn arange(given: &mut Arguments) -> Outcome<Array> {
    let first = given.need(0, "start")?;
    let (from, to) = match given.take(1, "stop") {
        Some(to) => (first, to),
        None => (Value::Int(0), first),
    };
    let step = given.take(2, "step").unwrap_or(Value::Int(1));
    let kinds = [&from, &to, &step].map(|value| value.array().map(|array| array.kind()));
    let kind = kinds.into_iter().try_fold(Kind::Int, |kind, own| own.map(|own| kind.max(own)))?;
    let kind = dtype(given, 3)?.unwrap_or(kind);
    let (from, to, step) = (from.float()?, to.float()?, step.float()?);
    let length = ((to - from) / step).ceil().max(0.0);
    if !length.is_finite() {
        return Err(Fault::new("arange needs finite bounds and a step other than 0"));
    }
    let length = Buffer::room_for(count(&[length as usize])?)?;
    Array::new(vec![length], kind, (0..length).map(|k| from + k as f64 * step).collect())
}

fn linspace(given: &mut Arguments) -> Outcome<Array> {
    let (from, to) = (given.need(0, "start")?.float()?, given.need(1, "stop")?.float()?);
    let length = given.take(2, "num").map_or(Ok(50), |value| value.integer())?.max(0) as usize;
    let has_end = given.take(3, "endpoint").map_or(Ok(true), |value| value.truth())?;
    let length = Buffer::room_for(count(&[length])?)?;
    let parts = if has_end { length.saturating_sub(1) } else { length }.max(1);
    let step = (to - from) / parts as f64;
    let mut numbers: Vec<f64> = (0..length).map(|k| k as f64 * step + from).collect();
    if let Some(last) = numbers.last_mut().filter(|_| has_end && length > 1) {
        *last = to;
    }
    Array::new(vec![length], Kind::Float, numbers)
}

/// What lies on the diagonal and on one side of it; `k` moves it to the right.
fn triangle(below: bool, given: &mut Arguments) -> Outcome<Array> {
    let array = given.array(0, "m")?;
    let k = given.take(1, "k").map_or(Ok(0), |k| k.integer())?;
    let [rows, columns] = *array.shape() else {
        return Err(Fault::new("tril and triu need a matrix"));
    };
    let mut numbers = array.numbers();
    for at in 0..rows * columns {
        let side = (at % columns) as i64 - (at / columns) as i64 - k;
        if (below && side > 0) || (!below && side < 0) {
            numbers[at] = 0.0;
        }
    }
    Array::new(vec![rows, columns], array.kind(), numbers)
}

fn diag(given: &mut Arguments) -> Outcome<Array> {
    let array = given.array(0, "v")?;
    let numbers = array.numbers();
    match *array.shape() {
        [size] => {
            let mut all = vec![0.0; Buffer::room_for(count(&[size, size])?)?];
            (0..size).for_each(|k| all[k * size + k] = numbers[k]);
            Array::new(vec![size, size], array.kind(), all)
        }
        [rows, columns] => {
            let size = rows.min(columns);
            Array::new(vec![size], array.kind(), (0..size).map(|k| numbers[k * columns + k]).collect())
        }
        _ => Err(Fault::new("diag needs a vector or a matrix")),
    }
}
