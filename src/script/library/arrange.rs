//! The same numbers in other arrays: joined, split, turned, repeated.

use super::super::array::{Array, Fault, Kind, Outcome, concatenate, stack};
use super::super::value::Value;
use super::{Arguments, axis_of, methods, shape_of, value};

/// The functions of this file.
pub(super) const NAMES: [&str; 26] = [
    "concatenate",
    "stack",
    "vstack",
    "hstack",
    "row_stack",
    "column_stack",
    "append",
    "split",
    "array_split",
    "hsplit",
    "vsplit",
    "reshape",
    "ravel",
    "transpose",
    "squeeze",
    "expand_dims",
    "swapaxes",
    "atleast_1d",
    "atleast_2d",
    "tile",
    "repeat",
    "flip",
    "copy",
    "roll",
    "broadcast_to",
    "dsplit",
];

pub(super) fn call(name: &str, given: &mut Arguments) -> Outcome<Option<Value>> {
    if !NAMES.contains(&name) {
        return Ok(None);
    }
    let array = match name {
        "concatenate" | "stack" | "vstack" | "hstack" | "row_stack" | "column_stack" => joined(name, given),
        "append" => appended(given),
        "split" | "array_split" | "hsplit" | "vsplit" | "dsplit" => return split(name, given).map(Some),
        "ravel" => given.array(0, "a")?.reshaped(&[-1]),
        "copy" => given.array(0, "a")?.copied(),
        "expand_dims" => {
            let array = given.array(0, "a")?;
            let axis = axis_of(&given.need(1, "axis")?, array.shape().len() + 1)?;
            Ok(array.expanded(axis))
        }
        "atleast_1d" => {
            let array = given.array(0, "a")?;
            Ok(if array.shape().is_empty() { array.expanded(0) } else { array })
        }
        "atleast_2d" => {
            let mut array = given.array(0, "a")?;
            while array.shape().len() < 2 {
                array = array.expanded(0);
            }
            Ok(array)
        }
        "tile" => tiled(given),
        "repeat" => repeated(given),
        "flip" => flipped(given),
        "roll" => rolled(given),
        "broadcast_to" => {
            let array = given.array(0, "array")?;
            array.broadcast_to(&shape_of(&given.need(1, "shape")?)?)?.copied()
        }
        _ => {
            // The others are methods too: reshape, transpose, squeeze, swapaxes.
            let array = given.need(0, "a")?.array()?;
            let rest = given.rest();
            let mut moved = Arguments::new(name, rest, vec![]);
            for option in ["axis", "newshape", "shape", "axes"] {
                if let Some(value) = given.named(option) {
                    moved = Arguments::new(name, vec![value], vec![]);
                }
            }
            return methods::method(&Value::Array(array), name, moved).map(Some);
        }
    };
    value(array)
}

fn parts(given: &mut Arguments) -> Outcome<Vec<Array>> {
    let all = given.need(0, "arrays")?;
    all.items()?.iter().map(Value::array).collect()
}

fn joined(name: &str, given: &mut Arguments) -> Outcome<Array> {
    let parts = parts(given)?;
    let Some(first) = parts.first() else { return Err(Fault::new("there is no array to join in this list")) };
    let axes = first.shape().len();
    let axis = given.take(1, "axis");
    match name {
        "concatenate" => match axis {
            Some(Value::None) => {
                let flat: Outcome<Vec<Array>> = parts.iter().map(|part| part.reshaped(&[-1])).collect();
                concatenate(&flat?, 0)
            }
            axis => concatenate(&parts, axis.map_or(Ok(0), |axis| axis_of(&axis, axes.max(1)))?),
        },
        "stack" => stack(&parts, axis.map_or(Ok(0), |axis| axis_of(&axis, axes + 1))?),
        "hstack" => {
            let parts: Vec<Array> =
                parts.iter().map(|p| if p.shape().is_empty() { p.expanded(0) } else { p.clone() }).collect();
            concatenate(&parts, usize::from(axes > 1))
        }
        "column_stack" => {
            let column = |part: &Array| if part.shape().len() == 1 { part.expanded(1) } else { part.clone() };
            concatenate(&parts.iter().map(column).collect::<Vec<_>>(), 1)
        }
        _ => {
            let row = |part: &Array| {
                let mut part = part.clone();
                while part.shape().len() < 2 {
                    part = part.expanded(0);
                }
                part
            };
            concatenate(&parts.iter().map(row).collect::<Vec<_>>(), 0)
        }
    }
}

fn appended(given: &mut Arguments) -> Outcome<Array> {
    let (a, b) = (given.array(0, "arr")?, given.array(1, "values")?);
    match given.take(2, "axis") {
        Some(axis) => concatenate(&[a.clone(), b], axis_of(&axis, a.shape().len())?),
        None => concatenate(&[a.reshaped(&[-1])?, b.reshaped(&[-1])?], 0),
    }
}

fn split(name: &str, given: &mut Arguments) -> Outcome<Value> {
    let array = given.array(0, "ary")?;
    let into = given.need(1, "indices_or_sections")?;
    let axes = array.shape().len();
    let axis = match (name, given.take(2, "axis")) {
        ("hsplit", _) => usize::from(axes > 1),
        ("dsplit", _) => 2,
        (_, Some(axis)) => axis_of(&axis, axes)?,
        _ => 0,
    };
    let Some(&size) = array.shape().get(axis) else {
        return Err(Fault::new("there is no such axis to split"));
    };
    let bounds: Vec<usize> = match &into {
        Value::List(_) | Value::Tuple(_) | Value::Array(_) => {
            let places = into.array()?.numbers();
            let place = |v: &f64| if *v < 0.0 { (size as f64 + v).max(0.0) } else { *v } as usize;
            places.iter().map(|v| place(v).min(size)).chain([size]).collect()
        }
        sections => {
            let count = usize::try_from(sections.integer()?).unwrap_or(0);
            if count == 0 || count > size.max(1) || (size % count != 0 && name != "array_split") {
                return Err(Fault::new(format!(
                    "an axis of {size} cannot be split into {count} equal parts"
                )));
            }
            let (part, more) = (size / count, size % count);
            (1..=count).map(|k| k * part + k.min(more)).collect()
        }
    };
    let mut from = 0;
    let mut all = Vec::new();
    for to in bounds {
        all.push(Value::Array(array.part(axis, from.min(to), 1, to.saturating_sub(from))));
        from = to;
    }
    Ok(Value::list(all))
}

fn tiled(given: &mut Arguments) -> Outcome<Array> {
    let mut array = given.array(0, "A")?;
    let times = shape_of(&given.need(1, "reps")?)?;
    while array.shape().len() < times.len() {
        array = array.expanded(0);
    }
    let skipped = array.shape().len() - times.len();
    for (axis, times) in times.iter().enumerate() {
        super::super::array::count(&[array.count(), *times])?;
        if *times == 0 {
            array = array.part(axis + skipped, 0, 1, 0);
        } else {
            array = concatenate(&vec![array; *times], axis + skipped)?;
        }
    }
    array.copied()
}

fn repeated(given: &mut Arguments) -> Outcome<Array> {
    let array = given.array(0, "a")?;
    let times = usize::try_from(given.need(1, "repeats")?.integer()?).unwrap_or(0);
    let (array, axis) = match given.take(2, "axis") {
        Some(axis) => (array.clone(), axis_of(&axis, array.shape().len())?),
        None => (array.reshaped(&[-1])?, 0),
    };
    let mut shape = array.shape().to_vec();
    shape[axis] = super::super::array::count(&[shape[axis], times])?;
    // Each place of the axis gets an axis of its own copies.
    let mut wide = array.shape().to_vec();
    wide.insert(axis + 1, times);
    super::super::array::count(&wide)?;
    let spread = array.expanded(axis + 1).broadcast_to(&wide)?.copied()?;
    spread.reshaped(&shape.iter().map(|size| *size as i64).collect::<Vec<_>>())
}

fn flipped(given: &mut Arguments) -> Outcome<Array> {
    let mut array = given.array(0, "m")?;
    let axes: Vec<usize> = match given.take(1, "axis") {
        Some(axis) => vec![axis_of(&axis, array.shape().len())?],
        None => (0..array.shape().len()).collect(),
    };
    for axis in axes {
        let size = array.shape()[axis];
        array = array.part(axis, size.saturating_sub(1), -1, size);
    }
    Ok(array)
}

fn rolled(given: &mut Arguments) -> Outcome<Array> {
    let array = given.array(0, "a")?;
    let by = given.need(1, "shift")?.integer()?;
    let Some(axis) = given.take(2, "axis") else {
        let flat = array.reshaped(&[-1])?;
        let sizes: Vec<i64> = array.shape().iter().map(|size| *size as i64).collect();
        return turned(&flat, 0, by)?.reshaped(&sizes);
    };
    turned(&array, axis_of(&axis, array.shape().len())?, by)
}

fn turned(array: &Array, axis: usize, by: i64) -> Outcome<Array> {
    let size = array.shape()[axis];
    if size == 0 {
        return array.to_kind(array.kind().max(Kind::Bool));
    }
    let cut = size - by.rem_euclid(size as i64) as usize;
    concatenate(
        &[array.part(axis, cut % size, 1, size - cut % size), array.part(axis, 0, 1, cut % size)],
        axis,
    )
}
