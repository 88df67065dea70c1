//! Numbers by their rank: medians, percentiles, the different ones.

use super::super::array::{Array, Fault, Kind, Outcome, spend};
use super::super::value::Value;
use super::lines::{along, order_of};
use super::{Arguments, axis_of};

/// `np.median`, `np.percentile` and `np.quantile`, between two numbers in proportion.
pub(super) fn ranked(name: &str, given: &mut Arguments) -> Outcome<Value> {
    let array = given.array(0, "a")?;
    let (share, at) = match name {
        "median" => (Value::Float(0.5), 1),
        _ => (given.need(1, "q")?, 2),
    };
    let axis = given.take(at, "axis").filter(|axis| !matches!(axis, Value::None));
    let (array, axis) = match axis {
        Some(axis) => (array.clone(), axis_of(&axis, array.shape().len())?),
        None => (array.reshaped(&[-1])?, 0),
    };
    if array.shape()[axis] == 0 {
        return Err(Fault::new(format!("np.{name} needs at least one number")));
    }
    let scale = if name == "percentile" { 100.0 } else { 1.0 };
    let of = |share: f64| -> Outcome<Value> {
        let kind = array.kind().as_float();
        let made = along(&array, axis, 1, kind, |line| {
            let order = order_of(line);
            if line.iter().any(|v| v.is_nan()) {
                return vec![f64::NAN];
            }
            let place = share / scale * (line.len() - 1) as f64;
            let below = place.floor().clamp(0.0, (line.len() - 1) as f64) as usize;
            let (a, b) = (line[order[below]], line[order[(below + 1).min(line.len() - 1)]]);
            let t = place - below as f64;
            vec![match name {
                "median" if t > 0.0 => (a + b) / 2.0,
                _ if t >= 0.5 => b - (b - a) * (1.0 - t),
                _ => a + (b - a) * t,
            }]
        })?;
        made.squeezed(Some(axis)).map(Value::Array)
    };
    match &share {
        Value::List(_) | Value::Tuple(_) => {
            let all =
                share.items()?.iter().map(|one| of(one.float()?)?.array()).collect::<Outcome<Vec<_>>>()?;
            super::super::array::stack(&all, 0).map(Value::Array)
        }
        Value::Array(shares) if !shares.shape().is_empty() => {
            let all =
                shares.numbers().into_iter().map(|one| of(one)?.array()).collect::<Outcome<Vec<_>>>()?;
            super::super::array::stack(&all, 0).map(Value::Array)
        }
        one => of(one.float()?),
    }
}

/// `np.unique(a, return_index, return_inverse, return_counts)`
pub(super) fn unique(given: &mut Arguments) -> Outcome<Value> {
    let array = given.array(0, "ar")?;
    let numbers = array.numbers();
    spend(numbers.len().saturating_mul(20))?;
    let order = order_of(&numbers);
    let (mut values, mut first, mut counts) = (Vec::new(), Vec::new(), Vec::new());
    let mut inverse = vec![0.0; numbers.len()];
    for k in order {
        if values.last() != Some(&numbers[k]) {
            values.push(numbers[k]);
            first.push(k as f64);
            counts.push(0.0);
        }
        inverse[k] = (values.len() - 1) as f64;
        if let Some(last) = counts.last_mut() {
            *last += 1.0;
        }
    }
    let of = |numbers: Vec<f64>, kind: Kind| Array::new(vec![numbers.len()], kind, numbers).map(Value::Array);
    let mut all = vec![of(values, array.kind())?];
    for (option, numbers) in [("return_index", first), ("return_inverse", inverse), ("return_counts", counts)]
    {
        if given.flag(option)? {
            all.push(of(numbers, Kind::Int)?);
        }
    }
    Ok(if all.len() == 1 { all.swap_remove(0) } else { Value::tuple(all) })
}
