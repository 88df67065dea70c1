//! Functions that order, count and look for numbers.

use super::super::array::{Array, Buffer, Fault, Kind, Outcome, count, spend};
use super::super::value::Value;
use super::lines::{along, order_of};
use super::{Arguments, axis_of, kind_of, shape_of, value};

/// The functions of this file.
pub(super) const NAMES: [&str; 32] = [
    "sort",
    "argsort",
    "median",
    "percentile",
    "quantile",
    "diff",
    "unique",
    "count_nonzero",
    "nonzero",
    "flatnonzero",
    "argwhere",
    "ptp",
    "unravel_index",
    "fill_diagonal",
    "convolve",
    "pad",
    "trace",
    "kron",
    "take",
    "bincount",
    "isin",
    "moveaxis",
    "diagonal",
    "logspace",
    "unpackbits",
    "hypot",
    "arctan2",
    "bitwise_and",
    "bitwise_or",
    "bitwise_xor",
    "ndindex",
    "meshgrid",
];

pub(super) fn call(name: &str, given: &mut Arguments) -> Outcome<Option<Value>> {
    Ok(Some(match name {
        "sort" | "argsort" => {
            let array = given.array(0, "a")?;
            let axis = given.take(1, "axis").unwrap_or(Value::Int(-1));
            given.named("kind");
            sorted(&array, &axis, name == "argsort")?
        }
        "median" | "percentile" | "quantile" => super::ranked::ranked(name, given)?,
        "diff" => return value(differences(given)),
        "unique" => super::ranked::unique(given)?,
        "count_nonzero" => {
            let array = given.array(0, "a")?;
            let truths = super::super::array::apply(&array, Kind::Int, |v| f64::from(u8::from(v != 0.0)))?;
            let counted = super::functions::reduced(&truths, super::super::array::Reduction::Sum, given, 1)?;
            match &counted {
                Value::Array(array) if array.shape().is_empty() => {
                    Value::Int(array.only().unwrap_or(0.0) as i64)
                }
                _ => counted,
            }
        }
        "nonzero" => Value::tuple(super::places::places(&given.array(0, "a")?)?),
        "flatnonzero" => super::places::places(&given.array(0, "a")?.reshaped(&[-1])?)?.swap_remove(0),
        "argwhere" => {
            let array = given.array(0, "a")?;
            let all = super::places::places(&array)?.iter().map(Value::array).collect::<Outcome<Vec<_>>>()?;
            return value(super::super::array::stack(&all, 0).map(|all| all.transposed()));
        }
        "ptp" => {
            let (array, axis) = (given.array(0, "a")?, given.take(1, "axis"));
            let of = |name: &str| {
                let values =
                    [Some(Value::Array(array.clone())), axis.clone()].into_iter().flatten().collect();
                super::call_numpy(name, values)
            };
            super::call_numpy("subtract", vec![of("max")?, of("min")?])?
        }
        "unravel_index" => {
            let (mut at, shape) = (given.need(0, "indices")?.integer()?, shape_of(&given.need(1, "shape")?)?);
            let mut all = Vec::new();
            for size in shape.iter().rev() {
                let size = (*size).max(1) as i64;
                all.push(Value::Array(Array::number(Kind::Int, at.rem_euclid(size) as f64)?));
                at = at.div_euclid(size);
            }
            all.reverse();
            Value::tuple(all)
        }
        "fill_diagonal" => {
            let (array, fill) = (given.array(0, "a")?, given.need(1, "val")?.array()?);
            let &[rows, columns] = array.shape() else {
                return Err(Fault::new("np.fill_diagonal takes a matrix"));
            };
            let numbers = fill.numbers();
            for k in 0..rows.min(columns) {
                let own = numbers.get(k % numbers.len().max(1)).copied().unwrap_or(0.0);
                array.at(0, k).at(0, k).write(&Array::number(array.kind(), own)?)?;
            }
            Value::None
        }
        "convolve" => return value(convolved(given)),
        "pad" => return value(padded(given)),
        "trace" => {
            let numbers = diagonal(&given.array(0, "a")?)?;
            return super::call_numpy("sum", vec![Value::Array(numbers)]).map(Some);
        }
        "diagonal" => return value(diagonal(&given.array(0, "a")?)),
        "kron" => return value(kron(&given.array(0, "a")?, &given.array(1, "b")?)),
        "take" => {
            let (array, at) = (given.array(0, "a")?, given.array(1, "indices")?.to_kind(Kind::Int)?);
            let (array, axis) = match given.take(2, "axis") {
                Some(axis) => (array.clone(), axis_of(&axis, array.shape().len())?),
                None => (array.reshaped(&[-1])?, 0),
            };
            let all = super::super::array::Subscript::Slice(None, None, None);
            let mut subscripts = vec![all; axis];
            subscripts.push(super::super::array::Subscript::Chosen(at));
            return value(array.subscript(&subscripts));
        }
        "bincount" => {
            let array = given.array(0, "x")?;
            let least = given.named("minlength").map_or(Ok(0), |value| value.integer())?.max(0) as usize;
            let numbers = array.numbers();
            let most = numbers.iter().fold(-1.0, |most: f64, v| most.max(*v)) + 1.0;
            let mut counts = vec![0.0; Buffer::room_for(count(&[(most as usize).max(least)])?)?];
            numbers.iter().filter(|v| **v >= 0.0).for_each(|v| counts[*v as usize] += 1.0);
            return value(Array::new(vec![counts.len()], Kind::Int, counts));
        }
        "isin" => {
            let (array, mut among) = (given.array(0, "element")?, given.array(1, "test_elements")?.numbers());
            among.sort_by(f64::total_cmp);
            let is_in = |v: &f64| f64::from(u8::from(among.binary_search_by(|own| own.total_cmp(v)).is_ok()));
            let numbers = array.numbers().iter().map(is_in).collect();
            return value(Array::new(array.shape().to_vec(), Kind::Bool, numbers));
        }
        "moveaxis" => {
            let array = given.array(0, "a")?;
            let axes = array.shape().len();
            let from = axis_of(&given.need(1, "source")?, axes)?;
            let to = axis_of(&given.need(2, "destination")?, axes)?;
            let mut order: Vec<usize> = (0..axes).filter(|axis| *axis != from).collect();
            order.insert(to.min(order.len()), from);
            Value::Array(array.permuted(&order))
        }
        "logspace" => {
            let base = given.named("base").unwrap_or(Value::Float(10.0));
            let exponents = [given.need(0, "start")?, given.need(1, "stop")?].into_iter();
            let length = given.take(2, "num").unwrap_or(Value::Int(50));
            let linear = super::create::call(
                "linspace",
                &mut Arguments::new("linspace", exponents.chain([length]).collect(), vec![]),
            )?;
            super::call_numpy("power", vec![base, linear.unwrap_or(Value::None)])?
        }
        "unpackbits" => return value(bits(given)),
        "hypot" | "arctan2" => {
            let of = if name == "hypot" { libm::hypot } else { libm::atan2 };
            let (a, b) = (given.array(0, "x1")?, given.array(1, "x2")?);
            let like = super::super::array::binary(super::super::array::Binary::Add, &a, &b, Kind::Float)?;
            let (a, b) = (a.broadcast_to(like.shape())?.numbers(), b.broadcast_to(like.shape())?.numbers());
            let numbers = a.iter().zip(&b).map(|(a, b)| of(*a, *b)).collect();
            return value(Array::new(like.shape().to_vec(), Kind::Float, numbers));
        }
        "bitwise_xor" => {
            let (a, b) = (given.need(0, "x1")?, given.need(1, "x2")?);
            let of = |operator| super::super::operate::operate(operator, &a, &b);
            // Both bits less those that both have.
            let (any, both) =
                (of(super::super::language::Operator::Or)?, of(super::super::language::Operator::And)?);
            super::call_numpy("subtract", vec![super::call_numpy("abs", vec![any])?, both])?
        }
        "meshgrid" => {
            let by_columns = given.named("indexing").map(|value| super::super::show::text(&value));
            let all = given.rest().iter().map(Value::array).collect::<Outcome<Vec<_>>>()?;
            let [x, y] = all.as_slice() else {
                return Err(Fault::new("np.meshgrid takes two vectors here"));
            };
            let (wide, high) = (x.count(), y.count());
            Buffer::room_for(count(&[2, wide, high])?)?;
            let is_turned = by_columns.as_deref() == Some("ij");
            let row = x.reshaped(&[1, -1])?.broadcast_to(&[high, wide])?.copied()?;
            let column = y.reshaped(&[-1, 1])?.broadcast_to(&[high, wide])?.copied()?;
            let turned = |array: Array| if is_turned { array.transposed() } else { array };
            Value::list(vec![Value::Array(turned(row)), Value::Array(turned(column))])
        }
        "ndindex" => {
            let sizes = given.rest();
            let shape = match sizes.as_slice() {
                [one @ (Value::Tuple(_) | Value::List(_))] => shape_of(one)?,
                many => shape_of(&Value::tuple(many.to_vec()))?,
            };
            let total = Buffer::room_for(count(&shape)?)?;
            let place = |k: usize| {
                let mut left = k;
                let mut at: Vec<Value> = shape
                    .iter()
                    .rev()
                    .map(|size| {
                        let own = left % (*size).max(1);
                        left /= (*size).max(1);
                        Value::Int(own as i64)
                    })
                    .collect();
                at.reverse();
                Value::tuple(at)
            };
            Value::list((0..total).map(place).collect())
        }
        "bitwise_and" | "bitwise_or" => {
            let operator = match name {
                "bitwise_and" => super::super::language::Operator::And,
                _ => super::super::language::Operator::Or,
            };
            super::super::operate::operate(operator, &given.need(0, "x1")?, &given.need(1, "x2")?)?
        }
        _ => return Ok(None),
    }))
}

pub(super) fn sorted(array: &Array, axis: &Value, wants_places: bool) -> Outcome<Value> {
    let (array, axis) = match axis {
        Value::None => (array.reshaped(&[-1])?, 0),
        axis => (array.clone(), axis_of(axis, array.shape().len())?),
    };
    let kind = if wants_places { Kind::Int } else { array.kind() };
    let length = array.shape()[axis];
    let made = along(&array, axis, length, kind, |line| {
        let order = order_of(line);
        order.into_iter().map(|k| if wants_places { k as f64 } else { line[k] }).collect()
    })?;
    Ok(Value::Array(made))
}

fn differences(given: &mut Arguments) -> Outcome<Array> {
    let mut array = given.array(0, "a")?;
    let times = given.take(1, "n").map_or(Ok(1), |value| value.integer())?;
    let axis = axis_of(&given.take(2, "axis").unwrap_or(Value::Int(-1)), array.shape().len())?;
    for _ in 0..times.clamp(0, 100) {
        let length = array.shape()[axis].saturating_sub(1);
        array =
            along(&array, axis, length, array.kind(), |line| line.windows(2).map(|w| w[1] - w[0]).collect())?;
    }
    Ok(array)
}

fn convolved(given: &mut Arguments) -> Outcome<Array> {
    let (mut a, mut b) = (given.array(0, "a")?, given.array(1, "v")?);
    let mode = given.take(2, "mode").map_or("full".to_owned(), |mode| super::super::show::text(&mode));
    if a.shape().len() > 1 || b.shape().len() > 1 || a.count() == 0 || b.count() == 0 {
        return Err(Fault::new("np.convolve takes two vectors that are not empty"));
    }
    if b.count() > a.count() {
        std::mem::swap(&mut a, &mut b);
    }
    spend(a.count().saturating_mul(b.count()))?;
    let (kind, a, b) = (a.kind().with(b.kind()).max(Kind::Int), a.numbers(), b.numbers());
    let mut full = vec![0.0; a.len() + b.len() - 1];
    for (k, x) in a.iter().enumerate() {
        b.iter().enumerate().for_each(|(j, y)| full[k + j] += x * y);
    }
    let (from, length) = match mode.as_str() {
        "full" => (0, full.len()),
        "same" => ((b.len() - 1) / 2, a.len()),
        "valid" => (b.len() - 1, a.len() - b.len() + 1),
        _ => return Err(Fault::new("the mode of np.convolve is 'full', 'same' or 'valid'")),
    };
    Array::new(vec![length], kind, full[from..from + length].to_vec())
}

/// `np.pad(a, widths)` with a constant.
fn padded(given: &mut Arguments) -> Outcome<Array> {
    let array = given.array(0, "array")?;
    let axes = array.shape().len();
    let widths = given.need(1, "pad_width")?.array()?;
    if let Some(mode) = given.take(2, "mode").filter(|mode| super::super::show::text(mode) != "constant") {
        let mode = super::super::show::text(&mode);
        return Err(Fault::new(format!("np.pad with mode '{mode}' is not known here; leave the mode out")));
    }
    let fill = given.named("constant_values").map_or(Ok(0.0), |value| value.float())?;
    let widths = widths.broadcast_to(&[axes, 2])?.numbers();
    if widths.iter().any(|width| *width < 0.0) {
        return Err(Fault::new("np.pad takes widths of 0 or more"));
    }
    let size = |axis: usize| array.shape()[axis] + widths[2 * axis] as usize + widths[2 * axis + 1] as usize;
    let shape: Vec<usize> = (0..axes).map(size).collect();
    let made = Array::filled(shape, array.kind(), fill)?;
    let mut part = made.clone();
    for axis in 0..axes {
        part = part.part(axis, widths[2 * axis] as usize, 1, array.shape()[axis]);
    }
    part.write(&array)?;
    Ok(made)
}

fn diagonal(array: &Array) -> Outcome<Array> {
    let &[rows, columns] = array.shape() else { return Err(Fault::new("a diagonal needs a matrix")) };
    let numbers = array.numbers();
    let own = (0..rows.min(columns)).map(|k| numbers[k * columns + k]).collect::<Vec<_>>();
    Array::new(vec![own.len()], array.kind(), own)
}

fn kron(a: &Array, b: &Array) -> Outcome<Array> {
    let (&[rows, columns], &[more, wide]) = (a.shape(), b.shape()) else {
        return Err(Fault::new("np.kron takes two matrices here"));
    };
    let shape = vec![rows.saturating_mul(more), columns.saturating_mul(wide)];
    let length = Buffer::room_for(count(&shape)?)?;
    let (left, right) = (a.numbers(), b.numbers());
    let at = |k: usize| {
        let (row, column) = (k / shape[1], k % shape[1]);
        left[row / more * columns + column / wide] * right[row % more * wide + column % wide]
    };
    Array::new(shape.clone(), a.kind().with(b.kind()), (0..length).map(at).collect())
}

/// `np.unpackbits(a, axis)` of bytes.
fn bits(given: &mut Arguments) -> Outcome<Array> {
    let array = given.array(0, "a")?;
    let (array, axis) = match given.take(1, "axis") {
        Some(axis) => (array.clone(), axis_of(&axis, array.shape().len())?),
        None => (array.reshaped(&[-1])?, 0),
    };
    let kind = kind_of(&Value::text("uint8"))?.unwrap_or(Kind::Int);
    let length = array.shape()[axis].saturating_mul(8);
    along(&array, axis, length, kind, |line| {
        let of =
            |v: &f64| (0..8).rev().map(|bit| f64::from((*v as i64 >> bit) as u8 & 1)).collect::<Vec<_>>();
        line.iter().flat_map(of).collect()
    })
}
