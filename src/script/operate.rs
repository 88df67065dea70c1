//! Operators between values.

use super::array::{Array, Binary, Fault, Kind, Outcome, binary, matmul, spend};
use super::language::{Comparison, Operator};
use super::show;
use super::value::Value;

/// `a ∘ b`
pub(in crate::script) fn operate(operator: Operator, a: &Value, b: &Value) -> Outcome<Value> {
    if matches!(operator, Operator::And | Operator::Or | Operator::ShiftLeft | Operator::ShiftRight) {
        return of_bits(operator, a, b);
    }
    if let (Some(left), Some(right)) = (a.python_kind(), b.python_kind()) {
        return numbers(operator, a, b, left.max(right));
    }
    match (operator, a, b) {
        (Operator::Add, Value::Text(a), Value::Text(b)) => Ok(Value::text(format!("{a}{b}"))),
        (Operator::Modulo, Value::Text(pattern), Value::Tuple(values)) => {
            show::percent(pattern, values).map(Value::text)
        }
        (Operator::Modulo, Value::Text(pattern), value) => {
            show::percent(pattern, std::slice::from_ref(value)).map(Value::text)
        }
        (Operator::Add, Value::List(a), Value::List(b)) => {
            Ok(Value::list([a.borrow().clone(), b.borrow().clone()].concat()))
        }
        (Operator::Add, Value::Tuple(a), Value::Tuple(b)) => {
            Ok(Value::tuple([a.to_vec(), b.to_vec()].concat()))
        }
        (
            Operator::Multiply,
            repeated @ (Value::List(_) | Value::Tuple(_) | Value::Text(_)),
            Value::Int(times),
        )
        | (
            Operator::Multiply,
            Value::Int(times),
            repeated @ (Value::List(_) | Value::Tuple(_) | Value::Text(_)),
        ) => repeat(repeated, *times),
        _ => arrays(operator, a, b),
    }
}

/// `a & b`, `a | b` and shifts: of truth values, of integers bit by bit; of two dictionaries `|` joins them.
fn of_bits(operator: Operator, a: &Value, b: &Value) -> Outcome<Value> {
    if let (Operator::Or, Value::Dict(first), Value::Dict(second)) = (operator, a, b) {
        let mut all = first.borrow().clone();
        for (key, value) in second.borrow().iter() {
            match all.iter_mut().find(|(own, _)| own.equals(key)) {
                Some((_, own)) => *own = value.clone(),
                None => all.push((key.clone(), value.clone())),
            }
        }
        return Ok(Value::Dict(std::rc::Rc::new(all.into())));
    }
    let of = |a: i64, b: i64| match operator {
        Operator::And => a & b,
        Operator::Or => a | b,
        Operator::ShiftLeft => u32::try_from(b).ok().and_then(|b| a.checked_shl(b)).unwrap_or(0),
        _ => a >> b.clamp(0, 63),
    };
    if let (Some(left), Some(right)) = (a.python_kind(), b.python_kind())
        && left.max(right) <= Kind::Int
    {
        let result = of(a.integer()?, b.integer()?);
        let is_truth = left.max(right) == Kind::Bool && matches!(operator, Operator::And | Operator::Or);
        return Ok(if is_truth { Value::Bool(result != 0) } else { Value::Int(result) });
    }
    let (left, right) = (a.array()?, b.array()?);
    let kind = left.kind().max(right.kind());
    if kind > Kind::Int {
        return Err(Fault::new(format!(
            "`{}` joins truth values or integers, and one side has numbers with a fraction; compare first, as in \
             (h > 0)",
            operator.sign()
        )));
    }
    let like = binary(Binary::Add, &left, &right, Kind::Int)?;
    let (left, right) =
        (left.broadcast_to(like.shape())?.numbers(), right.broadcast_to(like.shape())?.numbers());
    let numbers = left.iter().zip(&right).map(|(a, b)| of(*a as i64, *b as i64) as f64).collect();
    Array::new(like.shape().to_vec(), kind, numbers).map(Value::Array)
}

fn repeat(value: &Value, times: i64) -> Outcome<Value> {
    let times = usize::try_from(times).unwrap_or(0);
    spend(times.saturating_mul(value.length()?).saturating_mul(8))?;
    let repeated = |items: Vec<Value>| std::iter::repeat_n(items, times).flatten().collect();
    Ok(match value {
        Value::Text(text) => Value::text(text.repeat(times)),
        Value::Tuple(values) => Value::tuple(repeated(values.to_vec())),
        other => Value::list(repeated(other.items()?)),
    })
}

fn arrays(operator: Operator, a: &Value, b: &Value) -> Outcome<Value> {
    let named = |value: &Value| {
        value.array().map_err(|Fault(reason)| match value {
            Value::Array(_) | Value::List(_) | Value::Tuple(_) => Fault(reason),
            other => Fault(format!("`{}` cannot be applied to {}", operator.sign(), other.described())),
        })
    };
    let (left, right) = (named(a)?, named(b)?);
    let kind = common_kind(a, b, &left, &right);
    if operator == Operator::MatMul {
        if left.shape().is_empty() || right.shape().is_empty() {
            return Err(Fault::new("`@` needs vectors or matrices on both sides; write * for a number"));
        }
        return matmul(&left, &right, kind).map(Value::Array);
    }
    binary(operation_of(operator), &left, &right, kind).map(Value::Array)
}

fn operation_of(operator: Operator) -> Binary {
    match operator {
        Operator::Add => Binary::Add,
        Operator::Subtract => Binary::Subtract,
        Operator::Multiply | Operator::MatMul => Binary::Multiply,
        Operator::Divide => Binary::Divide,
        Operator::FloorDivide => Binary::FloorDivide,
        Operator::Modulo => Binary::Modulo,
        Operator::Power => Binary::Power,
        // Arrays of truth values; see [`of_bits`].
        Operator::And | Operator::ShiftLeft | Operator::ShiftRight => Binary::And,
        Operator::Or => Binary::Or,
    }
}

/// The kind in which both are computed: a number of Python takes that of the array where it can (NEP 50).
pub(in crate::script) fn common_kind(a: &Value, b: &Value, left: &Array, right: &Array) -> Kind {
    let weak = |number: Kind, other: Kind| match (number, other) {
        (Kind::Float, Kind::Bool | Kind::Byte | Kind::Short | Kind::Int) => Kind::Float,
        (Kind::Float, other) => other,
        // A byte stays a byte beside an integer of Python.
        (Kind::Int, other @ (Kind::Byte | Kind::Short)) => other,
        (number, other) => number.max(other),
    };
    match (a.python_kind(), b.python_kind()) {
        (Some(number), None) => weak(number, right.kind()),
        (None, Some(number)) => weak(number, left.kind()),
        _ => left.kind().with(right.kind()),
    }
}

/// Python's own numbers.
fn numbers(operator: Operator, a: &Value, b: &Value, kind: Kind) -> Outcome<Value> {
    let too_large = || Fault::new("this integer is larger than 64 bits hold");
    if kind <= Kind::Int && operator != Operator::Divide {
        let (a, b) = (a.integer()?, b.integer()?);
        let divisor = |b: i64| if b == 0 { Err(Fault::new("division by zero")) } else { Ok(b) };
        let result = match operator {
            Operator::Add => a.checked_add(b),
            Operator::Subtract => a.checked_sub(b),
            Operator::Multiply => a.checked_mul(b),
            Operator::FloorDivide => a.checked_div_euclid(divisor(b)?).map(|_| floored(a, b)),
            Operator::Modulo => a.checked_rem_euclid(divisor(b)?).map(|_| a - b * floored(a, b)),
            Operator::Power if b >= 0 => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
            Operator::Power => return Ok(Value::Float(libm::pow(a as f64, b as f64))),
            _ => return Err(Fault::new("`@` needs vectors or matrices on both sides; write * for numbers")),
        };
        return result.map(Value::Int).ok_or_else(too_large);
    }
    let (a, b) = (a.float()?, b.float()?);
    if b == 0.0 && matches!(operator, Operator::Divide | Operator::FloorDivide | Operator::Modulo) {
        return Err(Fault::new("division by zero"));
    }
    Ok(Value::Float(match operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        Operator::Divide => a / b,
        Operator::FloorDivide => (a / b).floor(),
        Operator::Modulo => a - b * (a / b).floor(),
        Operator::Power => libm::pow(a, b),
        _ => {
            return Err(Fault::new("`@` needs vectors or matrices on both sides; write * for numbers"));
        }
    }))
}

fn floored(a: i64, b: i64) -> i64 {
    let quotient = a.wrapping_div(b);
    if a.wrapping_rem(b) != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient }
}

/// `a < b` and its kin.
pub(in crate::script) fn compare(comparison: Comparison, a: &Value, b: &Value) -> Outcome<Value> {
    let is_array = |value: &Value| matches!(value, Value::Array(_));
    let elementwise = match comparison {
        Comparison::Less => Some(Binary::Less),
        Comparison::LessEqual => Some(Binary::LessEqual),
        Comparison::Greater => Some(Binary::Greater),
        Comparison::GreaterEqual => Some(Binary::GreaterEqual),
        Comparison::Equal => Some(Binary::Equal),
        Comparison::NotEqual => Some(Binary::NotEqual),
        _ => None,
    };
    if let Some(operation) = elementwise.filter(|_| is_array(a) || is_array(b)) {
        if matches!((a, b), (Value::None, _) | (_, Value::None)) {
            return Ok(Value::Bool(comparison == Comparison::NotEqual));
        }
        let (left, right) = (a.array()?, b.array()?);
        return binary(operation, &left, &right, common_kind(a, b, &left, &right)).map(Value::Array);
    }
    let truth = match comparison {
        Comparison::Equal => a.equals(b),
        Comparison::NotEqual => !a.equals(b),
        Comparison::Is => is_same(a, b),
        Comparison::IsNot => !is_same(a, b),
        Comparison::In => contains(b, a)?,
        Comparison::NotIn => !contains(b, a)?,
        ordered => {
            let order = match (a, b) {
                (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
                _ => a.float()?.partial_cmp(&b.float()?),
            };
            order.is_some_and(|order| match ordered {
                Comparison::Less => order.is_lt(),
                Comparison::LessEqual => order.is_le(),
                Comparison::Greater => order.is_gt(),
                _ => order.is_ge(),
            })
        }
    };
    Ok(Value::Bool(truth))
}

fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::None, Value::None) => true,
        (Value::None, _) | (_, Value::None) => false,
        _ => a.equals(b),
    }
}

fn contains(container: &Value, value: &Value) -> Outcome<bool> {
    match (container, value) {
        (Value::Text(all), Value::Text(part)) => Ok(all.contains(&**part)),
        (Value::Array(all), value) => Ok(all.numbers().contains(&value.float()?)),
        _ => Ok(container.items()?.iter().any(|own| own.equals(value))),
    }
}

/// `np.maximum(a, b)` and other functions of two values.
pub(in crate::script) fn elementwise(operation: Binary, a: &Value, b: &Value) -> Outcome<Value> {
    let (left, right) = (a.array()?, b.array()?);
    binary(operation, &left, &right, common_kind(a, b, &left, &right)).map(Value::Array)
}
