//! What numpy and Python bring: functions by their path, and methods of values.

mod arguments;
mod around;
mod arrange;
mod containers;
mod create;
mod draws;
mod functions;
mod linear;
mod lines;
mod methods;
mod ordered;
mod places;
mod python;
mod ranked;
mod spectrum;
mod tensordot;
mod texts;

use std::rc::Rc;

use super::array::{Array, Fault, Kind, Outcome, einsum};
use super::value::Value;
use super::world::World;

pub(in crate::script) use arguments::Arguments;
pub(in crate::script) use around::{is_module, no_module};
pub(in crate::script) use draws::draws;
pub(in crate::script) use methods::method;

/// A function of Python that needs no import.
pub(in crate::script) fn builtin(name: &str) -> Option<Value> {
    python::NAMES.contains(&name).then(|| Value::Library(Rc::from(format!("python.{name}"))))
}

/// Whether numpy has a function of this name that is known here.
pub(in crate::script) fn is_numpy(name: &str) -> bool {
    functions::is_function(name)
        || create::NAMES.contains(&name)
        || arrange::NAMES.contains(&name)
        || (ordered::NAMES.contains(&name) && name != "sort")
}

/// What to write in place of a name that nothing has defined.
pub(in crate::script) fn unknown_name(name: &str) -> String {
    if matches!(name, "np" | "numpy") {
        return format!(
            "`{name}` is not defined; begin the script with import numpy{}",
            if name == "np" { " as np" } else { "" }
        );
    }
    if is_numpy(name) {
        return format!("`{name}` is not defined; write np.{name}, or import it: from numpy import {name}");
    }
    match name {
        "sigmoid" => {
            "`sigmoid` is not defined; define it above: def sigmoid(z): return 1 / (1 + np.exp(-z))".into()
        }
        "relu" => "`relu` is not defined; define it above: def relu(z): return np.maximum(z, 0)".into(),
        "softmax" => "`softmax` is not defined; define it above: \
            def softmax(z): return np.exp(z - np.max(z)) / np.sum(np.exp(z - np.max(z)))"
            .into(),
        "input" | "open" => {
            format!("`{name}` reads from outside, which a script here cannot; write the values down")
        }
        _ => format!("`{name}` is not defined; give it a value above this line: {name} = …"),
    }
}

/// `value.name`
pub(in crate::script) fn attribute(value: &Value, name: &str) -> Outcome<Value> {
    match value {
        Value::Library(path) => of_library(path, name),
        Value::Array(array) => methods::attribute(array, value, name),
        _ if methods::has(value, name) => Ok(Value::Method(Box::new(value.clone()), Rc::from(name))),
        Value::Int(_) | Value::Float(_) | Value::Bool(_) => {
            Err(Fault::new(format!("a number has no `{name}`; np.array(…) around it makes it an array")))
        }
        other => Err(Fault::new(format!("{} has no `{name}`", other.described()))),
    }
}

fn of_library(path: &str, name: &str) -> Outcome<Value> {
    let constant = match (path, name) {
        ("numpy" | "math", "pi") => Some(Value::Float(std::f64::consts::PI)),
        ("numpy" | "math", "e") => Some(Value::Float(std::f64::consts::E)),
        ("numpy" | "math", "inf") | ("numpy", "Inf") => Some(Value::Float(f64::INFINITY)),
        ("numpy" | "math", "nan") | ("numpy", "NaN") => Some(Value::Float(f64::NAN)),
        ("numpy", "newaxis") => Some(Value::None),
        _ => None,
    };
    let constant = constant.or_else(|| around::attribute(path, name));
    Ok(constant.unwrap_or_else(|| Value::Library(Rc::from(format!("{path}.{name}")))))
}

/// Calls a function of numpy, of `math` or of Python.
pub(in crate::script) fn call(world: &mut World, path: &str, mut given: Arguments) -> Outcome<Value> {
    if let Some(made) = around::call(world, path, &mut given)? {
        given.done()?;
        return Ok(made);
    }
    let (module, name) = path.rsplit_once('.').unwrap_or(("", path));
    if module == "numpy"
        && name != "clip"
        && let Some(out) = given.named("out")
    {
        let made = call(world, path, given)?.array()?;
        out.array()?.write(&made)?;
        return Ok(out);
    }
    if let Some(Value::Spectrum(found)) = given.first() {
        return spectrum::of(found, name);
    }
    let result = match module {
        "python" => python::call(world, name, &mut given)?,
        "numpy.random" => draws::call(world, name, &mut given)?,
        "numpy" if name == "einsum" => {
            let Some(Value::Text(subscripts)) = given.take(0, "subscripts") else {
                return Err(Fault::new("np.einsum begins with a text that names the axes: 'ij,j->i'"));
            };
            let operands = given.rest().iter().map(Value::array).collect::<Outcome<Vec<Array>>>()?;
            value(einsum(&subscripts, &operands))?
        }
        "numpy" => {
            let created = create::call(name, &mut given)?;
            let arranged = if created.is_none() { arrange::call(name, &mut given)? } else { created };
            let found = if arranged.is_none() { functions::call(name, &mut given)? } else { arranged };
            if found.is_none() { ordered::call(name, &mut given)? } else { found }
        }
        "numpy.linalg" if name == "norm" => Some(functions::norm(&mut given)?),
        "numpy.linalg" | "scipy.linalg" => match linear::call(name, &mut given)? {
            None => spectrum::of_matrix(name, &mut given)?,
            found => found,
        },
        "math" => functions::of_math(name, &mut given)?,
        "copy" => {
            let value = given.need(0, "x")?;
            let copied = method(&value, "copy", Arguments::new("copy", vec![], vec![]));
            Some(copied.unwrap_or(value))
        }
        "scipy.special" if name == "expit" => functions::call("expit", &mut given)?,
        _ => None,
    };
    let Some(result) = result else {
        let shown = path.strip_prefix("numpy").map_or(path.to_owned(), |rest| format!("np{rest}"));
        // What is computed once before the loop may stand there as a number.
        let advice = match path.contains(".linalg.") {
            true => "let Python print what it gives and write that here, as in rho = 1.25",
            false => "write it with functions that are, as np.dot",
        };
        let advice = match shown.as_str() {
            draws if draws.starts_with("np.random.") => {
                "draw with random, uniform, normal, integers, choice, permutation, binomial or exponential"
            }
            "np.nditer" => "go through the places of an array: for i in np.ndindex(a.shape), and read a[i]",
            "collections.Counter" => "count in a dictionary: counts[c] = counts.get(c, 0) + 1",
            _ => advice,
        };
        return Err(Fault::new(format!("`{shown}` is not known here; {advice}")));
    };
    given.done()?;
    Ok(result)
}

/// A function of numpy on these values.
fn call_numpy(name: &str, values: Vec<Value>) -> Outcome<Value> {
    let mut given = Arguments::new(name, values, vec![]);
    let result = match arrange::call(name, &mut given)? {
        Some(result) => Some(result),
        None => functions::call(name, &mut given)?,
    };
    let result = if result.is_none() { ordered::call(name, &mut given)? } else { result };
    result.ok_or_else(|| Fault::new(format!("`np.{name}` is not known here")))
}

/// `np.r_[a, b]` and `np.c_[a, b]`.
pub(in crate::script) fn joined(path: &str, index: &Value) -> Outcome<Value> {
    let parts = match index {
        Value::Tuple(all) => all.to_vec(),
        one => vec![one.clone()],
    };
    let part = |value: &Value| match value {
        Value::Slice([from, Some(to), step]) => {
            let bounds = [from.unwrap_or(0), *to, step.unwrap_or(1)].map(Value::Int).to_vec();
            call_created("arange", bounds)
        }
        Value::Text(_) | Value::Slice(_) => {
            Err(Fault::new("np.r_ and np.c_ join arrays and ranges with an end here; use np.concatenate"))
        }
        other => Ok(Value::Array(other.array()?)),
    };
    let parts = Value::list(parts.iter().map(part).collect::<Outcome<_>>()?);
    match path.ends_with("c_") {
        true => call_numpy("column_stack", vec![parts]),
        false => {
            let rows: Vec<Value> = parts
                .items()?
                .into_iter()
                .map(|part| call_numpy("atleast_1d", vec![part]))
                .collect::<Outcome<_>>()?;
            call_numpy("concatenate", vec![Value::list(rows)])
        }
    }
}

fn call_created(name: &str, values: Vec<Value>) -> Outcome<Value> {
    let made = create::call(name, &mut Arguments::new(name, values, vec![]))?;
    made.ok_or_else(|| Fault::new(format!("`np.{name}` is not known here")))
}

/// The kind that `dtype=` names.
fn kind_of(value: &Value) -> Outcome<Option<Kind>> {
    let name = match value {
        Value::None => return Ok(None),
        Value::Library(path) => path.rsplit('.').next().unwrap_or_default().to_owned(),
        Value::Text(text) => text.to_string(),
        other => {
            return Err(Fault::new(format!(
                "dtype must be a type such as float, and this is {}",
                other.described()
            )));
        }
    };
    match name.as_str() {
        "float" | "float64" | "double" | "float_" | "f8" => Ok(Some(Kind::Float)),
        "float32" | "single" | "f4" => Ok(Some(Kind::Single)),
        "int" | "int64" | "int_" | "intp" | "i8" => Ok(Some(Kind::Int)),
        "int32" | "intc" | "i4" => Ok(Some(Kind::Short)),
        "bool" | "bool_" => Ok(Some(Kind::Bool)),
        "uint8" | "u1" => Ok(Some(Kind::Byte)),
        _ => Err(Fault::new(format!(
            "`{name}` is no dtype that is known here; write float, np.float32, int or bool"
        ))),
    }
}

/// A shape: one size, or a tuple of them.
fn shape_of(value: &Value) -> Outcome<Vec<usize>> {
    let sizes = match value {
        Value::Tuple(_) | Value::List(_) => {
            value.items()?.iter().map(Value::integer).collect::<Outcome<Vec<_>>>()?
        }
        Value::Array(array) if !array.shape().is_empty() => {
            array.numbers().iter().map(|size| *size as i64).collect()
        }
        one => vec![one.integer()?],
    };
    let size = |size: &i64| {
        usize::try_from(*size).map_err(|_| Fault::new(format!("{size} is no size; sizes are 0 or more")))
    };
    sizes.iter().map(size).collect()
}

/// The axis that an integer means, counted from the end if it is negative.
fn axis_of(value: &Value, axes: usize) -> Outcome<usize> {
    let axis = value.integer()?;
    let place = if axis < 0 { axis.saturating_add(axes as i64) } else { axis };
    usize::try_from(place)
        .ok()
        .filter(|place| *place < axes)
        .ok_or_else(|| Fault::new(format!("axis {axis} is out of bounds for an array with {axes} axes")))
}

/// An array as a value.
fn value(array: Outcome<Array>) -> Outcome<Option<Value>> {
    array.map(|array| Some(Value::Array(array)))
}
