//! Functions of numbers, products, sums.

use super::super::array::{Array, Binary, Fault, Kind, Outcome, Reduction, apply, binary, matmul, outer};
use super::super::operate::elementwise;
use super::super::show;
use super::super::value::Value;
use super::{Arguments, axis_of, value};

/// A function of one number.
type OfNumber = fn(f64) -> f64;

/// A function of one number, with numpy's name, and whether it keeps integers.
fn unary(name: &str) -> Option<(OfNumber, bool)> {
    Some(match name {
        "tanh" => (libm::tanh, false),
        "exp" => (libm::exp, false),
        "log" => (libm::log, false),
        "log2" => (libm::log2, false),
        "log10" => (libm::log10, false),
        "log1p" => (libm::log1p, false),
        "expm1" => (libm::expm1, false),
        "exp2" => (libm::exp2, false),
        "sqrt" => (f64::sqrt, false),
        "sin" => (libm::sin, false),
        "cos" => (libm::cos, false),
        "tan" => (libm::tan, false),
        "sinh" => (libm::sinh, false),
        "cosh" => (libm::cosh, false),
        "arctan" => (libm::atan, false),
        "arcsin" => (libm::asin, false),
        "arccos" => (libm::acos, false),
        "arctanh" => (libm::atanh, false),
        "arcsinh" => (libm::asinh, false),
        "arccosh" => (libm::acosh, false),
        "deg2rad" | "radians" => (f64::to_radians, false),
        "nan_to_num" => (|v| if v.is_nan() { 0.0 } else { v.clamp(f64::MIN, f64::MAX) }, true),

        "cbrt" => (libm::cbrt, false),
        "expit" => (|v| 1.0 / (1.0 + libm::exp(-v)), false),
        "reciprocal" => (|v| 1.0 / v, false),
        "abs" | "absolute" | "fabs" => (f64::abs, true),
        "negative" => (|v| -v, true),
        "square" => (|v| v * v, true),
        "sign" => (
            |v| {
                if v > 0.0 {
                    1.0
                } else if v < 0.0 {
                    -1.0
                } else {
                    v
                }
            },
            true,
        ),
        "floor" => (f64::floor, true),
        "ceil" => (f64::ceil, true),
        "trunc" => (f64::trunc, true),
        "rint" => (f64::round_ties_even, true),
        _ => return None,
    })
}

fn truth_of(name: &str) -> Option<fn(f64) -> f64> {
    Some(match name {
        "isnan" => |v| f64::from(u8::from(v.is_nan())),
        "isinf" => |v| f64::from(u8::from(v.is_infinite())),
        "isfinite" => |v| f64::from(u8::from(v.is_finite())),
        "logical_not" => |v| f64::from(u8::from(v == 0.0)),
        _ => return None,
    })
}

fn of_two(name: &str) -> Option<Binary> {
    Some(match name {
        "add" => Binary::Add,
        "subtract" => Binary::Subtract,
        "multiply" => Binary::Multiply,
        "divide" | "true_divide" => Binary::Divide,
        "floor_divide" => Binary::FloorDivide,
        "power" => Binary::Power,
        "maximum" | "fmax" => Binary::Maximum,
        "minimum" | "fmin" => Binary::Minimum,
        "mod" | "remainder" => Binary::Modulo,
        "logaddexp" => Binary::LogAddExp,
        "greater" => Binary::Greater,
        "less" => Binary::Less,
        "equal" => Binary::Equal,
        "not_equal" => Binary::NotEqual,
        "greater_equal" => Binary::GreaterEqual,
        "less_equal" => Binary::LessEqual,
        "logical_and" => Binary::And,
        "logical_or" => Binary::Or,
        _ => return None,
    })
}

/// What is made of many numbers, by numpy's name.
pub(super) fn reduction(name: &str) -> Option<Reduction> {
    Some(match name {
        "sum" => Reduction::Sum,
        "prod" => Reduction::Product,
        "mean" | "average" => Reduction::Mean,
        "var" => Reduction::Variance,
        "std" => Reduction::Deviation,
        "max" | "amax" => Reduction::Max,
        "min" | "amin" => Reduction::Min,
        "argmax" => Reduction::ArgMax,
        "argmin" => Reduction::ArgMin,
        "all" => Reduction::All,
        "any" => Reduction::Any,
        _ => return None,
    })
}

/// Whether numpy has a function of this name that is known here.
pub(super) fn is_function(name: &str) -> bool {
    const OTHERS: [&str; 11] = [
        "tensordot",
        "dot",
        "matmul",
        "outer",
        "inner",
        "vdot",
        "where",
        "clip",
        "cumsum",
        "cumprod",
        "allclose",
    ];
    // Python has some of these names itself.
    let is_pythons = super::python::NAMES.contains(&name);
    !is_pythons
        && (unary(name).is_some()
            || of_two(name).is_some()
            || reduction(name).is_some()
            || OTHERS.contains(&name))
}

pub(super) fn call(name: &str, given: &mut Arguments) -> Outcome<Option<Value>> {
    if let Some((function, keeps_integers)) = unary(name) {
        let array = given.array(0, "x")?;
        let kind = if keeps_integers { array.kind().counted() } else { array.kind().as_float() };
        return value(apply(&array, kind, function));
    }
    if let Some(function) = truth_of(name) {
        return value(apply(&given.array(0, "x")?, Kind::Bool, function));
    }
    if let Some(operation) = of_two(name) {
        return elementwise(operation, &given.need(0, "x1")?, &given.need(1, "x2")?).map(Some);
    }
    if let Some(reduction) = reduction(name) {
        let array = given.array(0, "a")?;
        return reduced(&array, reduction, given, 1).map(Some);
    }
    Ok(Some(match name {
        "dot" | "matmul" | "inner" | "vdot" => return product(name, given).map(Some),
        "tensordot" => return super::tensordot::contracted(given).map(Some),
        "outer" => {
            let (a, b) = (given.array(0, "a")?, given.array(1, "b")?);
            Value::Array(outer(&a, &b, a.kind().with(b.kind()))?)
        }
        "where" => chosen(given)?,
        "clip" => {
            let array = given.need(0, "a")?;
            clipped(&array, given, 1)?
        }
        "cumsum" | "cumprod" => {
            let (array, multiplies) = (given.array(0, "a")?, name == "cumprod");
            match given.take(1, "axis") {
                Some(axis) => {
                    Value::Array(array.cumulated(axis_of(&axis, array.shape().len())?, multiplies)?)
                }
                None => Value::Array(array.reshaped(&[-1])?.cumulated(0, multiplies)?),
            }
        }
        "round" | "around" | "round_" => {
            let array = given.array(0, "a")?;
            rounded(&array, given, 1)?
        }
        "allclose" | "array_equal" | "isclose" => return compared(name, given).map(Some),
        "float64" | "float32" | "int64" | "int32" | "bool_" | "uint8" => {
            let kind = super::kind_of(&Value::text(name))?.unwrap_or(Kind::Float);
            Value::Array(given.array(0, "x")?.to_kind(kind)?)
        }
        "shape" => methods_shape(&given.array(0, "a")?),
        "ndim" => Value::Int(given.array(0, "a")?.shape().len() as i64),
        "size" => Value::Int(given.array(0, "a")?.count() as i64),
        "set_printoptions" => printing(given)?,
        "seterr" => {
            ["all", "over", "under", "invalid", "divide"].iter().for_each(|name| {
                given.named(name);
            });
            Value::None
        }
        _ => return Ok(None),
    }))
}

fn methods_shape(array: &Array) -> Value {
    Value::tuple(array.shape().iter().map(|size| Value::Int(*size as i64)).collect())
}

fn product(name: &str, given: &mut Arguments) -> Outcome<Value> {
    let (a, b) = (given.array(0, "a")?, given.array(1, "b")?);
    let kind = a.kind().with(b.kind());
    let result = match name {
        "inner" if !b.shape().is_empty() => matmul(&a, &b.transposed(), kind),
        "vdot" => matmul(&a.reshaped(&[-1])?, &b.reshaped(&[-1])?, kind),
        _ if a.shape().is_empty() || b.shape().is_empty() => binary(Binary::Multiply, &a, &b, kind),
        _ => matmul(&a, &b, kind),
    };
    result.map(Value::Array)
}

/// Over all numbers, or along `axis=`.
pub(super) fn reduced(
    array: &Array,
    reduction: Reduction,
    given: &mut Arguments,
    first: usize,
) -> Outcome<Value> {
    let axes = array.shape().len();
    let along = match given.take(first, "axis") {
        None | Some(Value::None) => None,
        Some(Value::Tuple(all)) => {
            Some(all.iter().map(|axis| axis_of(axis, axes)).collect::<Outcome<Vec<_>>>()?)
        }
        Some(one) => Some(vec![axis_of(&one, axes)?]),
    };
    let keep = given.flag("keepdims")?;
    let less = given.named("ddof").map_or(Ok(0.0), |value| value.float())?;
    let is_empty = match &along {
        Some(axes) => axes.iter().any(|axis| array.shape()[*axis] == 0),
        None => array.count() == 0,
    };
    if is_empty && reduction.needs_one() {
        return Err(Fault::new("an array without numbers has no largest or smallest one"));
    }
    array.reduced(reduction, along.as_deref(), keep, less).map(Value::Array)
}

/// `np.where(condition, a, b)`
fn chosen(given: &mut Arguments) -> Outcome<Value> {
    let condition = given.array(0, "condition")?;
    let Some(a) = given.take(1, "x") else {
        return Ok(Value::tuple(super::places::places(&condition)?));
    };
    let b = given.need(2, "y")?;
    // Adding both broadcasts them and finds the kind; then each number is chosen.
    let shape_of_both = elementwise(Binary::Add, &a, &b)?.array()?;
    let like = binary(Binary::Add, &condition, &shape_of_both, Kind::Float)?;
    let spread = |value: &Value| Ok(value.array()?.broadcast_to(like.shape())?.numbers());
    let (a, b) = (spread(&a)?, spread(&b)?);
    let condition = condition.broadcast_to(like.shape())?.numbers();
    let numbers = (0..a.len()).map(|k| if condition[k] != 0.0 { a[k] } else { b[k] }).collect();
    Array::new(like.shape().to_vec(), shape_of_both.kind(), numbers).map(Value::Array)
}

/// `np.clip(a, low, high)`; either may be None.
pub(super) fn clipped(array: &Value, given: &mut Arguments, first: usize) -> Outcome<Value> {
    let low = given.take(first, "a_min").or_else(|| given.named("min")).unwrap_or(Value::None);
    let high = given.take(first + 1, "a_max").or_else(|| given.named("max")).unwrap_or(Value::None);
    let mut clipped = Value::Array(array.array()?);
    if let Some(target) = given.named("out") {
        for (bound, operation) in [(low, Binary::Maximum), (high, Binary::Minimum)] {
            clipped = elementwise(operation, &clipped, &bound)?;
        }
        target.array()?.write(&clipped.array()?)?;
        return Ok(target);
    }
    for (bound, operation) in [(low, Binary::Maximum), (high, Binary::Minimum)] {
        if !matches!(bound, Value::None) {
            clipped = elementwise(operation, &clipped, &bound)?;
        }
    }
    Ok(clipped)
}

/// `np.round(a, decimals)`, half to even as numpy does it.
pub(super) fn rounded(array: &Array, given: &mut Arguments, first: usize) -> Outcome<Value> {
    let decimals = given.take(first, "decimals").map_or(Ok(0), |value| value.integer())?.clamp(-300, 300);
    let scale = libm::pow(10.0, decimals.unsigned_abs() as f64);
    let round = |v: f64| match decimals {
        0 => v.round_ties_even(),
        1.. => (v * scale).round_ties_even() / scale,
        _ => (v / scale).round_ties_even() * scale,
    };
    apply(array, array.kind(), round).map(Value::Array)
}

fn compared(name: &str, given: &mut Arguments) -> Outcome<Value> {
    let (a, b) = (given.array(0, "a")?, given.array(1, "b")?);
    if name == "array_equal" {
        return Ok(Value::Bool(a.shape() == b.shape() && a.numbers() == b.numbers()));
    }
    let relative = given.take(2, "rtol").map_or(Ok(1e-5), |value| value.float())?;
    let absolute = given.take(3, "atol").map_or(Ok(1e-8), |value| value.float())?;
    let gap = binary(Binary::Subtract, &a, &b, Kind::Float)?;
    let scale = b.broadcast_to(gap.shape()).or_else(|_| binary(Binary::Add, &b, &gap, Kind::Float))?;
    let is_close = |(gap, b): (f64, f64)| gap.abs() <= absolute + relative * b.abs();
    let close: Vec<bool> = gap.numbers().into_iter().zip(scale.numbers()).map(is_close).collect();
    if name == "allclose" {
        return Ok(Value::Bool(close.iter().all(|is_close| *is_close)));
    }
    let numbers = close.into_iter().map(|is_close| f64::from(u8::from(is_close))).collect();
    Array::new(gap.shape().to_vec(), Kind::Bool, numbers).map(Value::Array)
}

/// `np.linalg.norm(a)`
pub(super) fn norm(given: &mut Arguments) -> Outcome<Value> {
    let array = given.array(0, "x")?;
    let order = given.take(1, "ord").filter(|order| !matches!(order, Value::None));
    let is_vector = array.shape().len() == 1;
    match order.as_ref().map(|order| (show::text(order), order.float().ok())) {
        None | Some((_, Some(2.0))) if order.is_none() || is_vector => {}
        Some((name, _)) if name == "fro" => {}
        Some((_, Some(1.0))) if is_vector => return super::call_numpy("sum", vec![absolute(&array)?]),
        Some((_, Some(f64::INFINITY))) if is_vector => {
            return super::call_numpy("max", vec![absolute(&array)?]);
        }
        Some((name, _)) => {
            return Err(Fault::new(format!(
                "np.linalg.norm with ord={name} is not known here for {} axes; leave it out for the root of the sum \
                 of squares",
                array.shape().len()
            )));
        }
        None => {}
    }
    let squares = apply(&array, array.kind().as_float(), |v| v * v)?;
    let sum = reduced(&squares, Reduction::Sum, given, 2)?.array()?;
    apply(&sum, sum.kind(), f64::sqrt).map(Value::Array)
}

fn absolute(array: &Array) -> Outcome<Value> {
    apply(array, array.kind().as_float(), f64::abs).map(Value::Array)
}

fn printing(given: &mut Arguments) -> Outcome<Value> {
    let mut options = show::options();
    let size = |value: Value| Ok::<usize, Fault>(value.integer()?.clamp(0, 1 << 30) as usize);
    if let Some(value) = given.take(0, "precision") {
        options.precision = size(value)?.min(20);
    }
    if let Some(value) = given.take(1, "threshold") {
        options.threshold = value.float()?.clamp(0.0, 1e9) as usize;
    }
    if let Some(value) = given.take(2, "edgeitems") {
        options.edge = size(value)?;
    }
    if let Some(value) = given.take(3, "linewidth") {
        options.width = size(value)?.clamp(10, 10_000);
    }
    if let Some(value) = given.take(4, "suppress") {
        options.suppress = value.truth()?;
    }
    show::set_options(options);
    Ok(Value::None)
}

/// `math.sqrt` and its kin, which give numbers of Python.
pub(super) fn of_math(name: &str, given: &mut Arguments) -> Outcome<Option<Value>> {
    if name == "pow" {
        return Ok(Some(Value::Float(libm::pow(given.need(0, "x")?.float()?, given.need(1, "y")?.float()?))));
    }
    let Some((function, keeps_integers)) = unary(name) else { return Ok(None) };
    let result = function(given.need(0, "x")?.float()?);
    Ok(Some(match keeps_integers && matches!(name, "floor" | "ceil" | "trunc") {
        true => Value::Int(result as i64),
        false => Value::Float(result),
    }))
}
