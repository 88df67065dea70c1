//! Operations on each number, and how shapes are broadcast.

use super::{Array, Buffer, Fault, Kind, Outcome, count, shown_shape};

/// An operation on two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::script) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
    Maximum,
    Minimum,
    LogAddExp,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
    And,
    Or,
}

impl Binary {
    fn of(self, a: f64, b: f64) -> f64 {
        let truth = |truth: bool| f64::from(u8::from(truth));
        match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::FloorDivide => floor_divide(a, b),
            Self::Modulo => a - b * floor_divide(a, b),
            Self::Power if b == 2.0 => a * a,
            Self::Power if b == 0.5 => a.sqrt(),
            Self::Power => libm::pow(a, b),
            Self::Maximum if a.is_nan() || b.is_nan() => f64::NAN,
            Self::Maximum => a.max(b),
            Self::Minimum if a.is_nan() || b.is_nan() => f64::NAN,
            Self::Minimum => a.min(b),
            Self::LogAddExp if a == b => a + std::f64::consts::LN_2,
            Self::LogAddExp => a.max(b) + libm::log1p(libm::exp(-(a - b).abs())),
            Self::Less => truth(a < b),
            Self::LessEqual => truth(a <= b),
            Self::Greater => truth(a > b),
            Self::GreaterEqual => truth(a >= b),
            Self::Equal => truth(a == b),
            Self::NotEqual => truth(a != b),
            Self::And => truth(a != 0.0 && b != 0.0),
            Self::Or => truth(a != 0.0 || b != 0.0),
        }
    }

    /// The kind of the result for operands of one kind.
    fn kind(self, kind: Kind) -> Kind {
        match self {
            Self::Divide | Self::LogAddExp => kind.as_float(),
            Self::Less | Self::LessEqual | Self::Greater | Self::GreaterEqual => Kind::Bool,
            Self::Equal | Self::NotEqual | Self::And | Self::Or => Kind::Bool,
            Self::Maximum | Self::Minimum => kind,
            Self::Add | Self::Multiply => kind,
            _ => kind.counted(),
        }
    }
}

/// As numpy rounds it: down, also below zero.
fn floor_divide(a: f64, b: f64) -> f64 {
    if b == 0.0 { a / b } else { (a / b).floor() }
}

/// `a ∘ b` with broadcasting; `kind` is the one that both are brought to.
pub(in crate::script) fn binary(operation: Binary, a: &Array, b: &Array, kind: Kind) -> Outcome<Array> {
    let shape = broadcast(&a.shape, &b.shape)?;
    Buffer::room_for(count(&shape)?)?;
    let result = operation.kind(kind);
    let (left, right) = (spread(a, &shape)?, spread(b, &shape)?);
    let numbers = left.iter().zip(&right).map(|(a, b)| operation.of(*a, *b)).collect();
    Array::new(shape, result, numbers)
}

fn spread(a: &Array, shape: &[usize]) -> Outcome<Vec<f64>> {
    if a.shape == shape { Ok(a.numbers()) } else { Ok(a.broadcast_to(shape)?.numbers()) }
}

/// A function of each number.
pub(in crate::script) fn apply(a: &Array, kind: Kind, function: impl Fn(f64) -> f64) -> Outcome<Array> {
    Buffer::room_for(a.count())?;
    Array::new(a.shape.clone(), kind, a.numbers().into_iter().map(function).collect())
}

/// The shape of an operation on two shapes.
pub(in crate::script) fn broadcast(a: &[usize], b: &[usize]) -> Outcome<Vec<usize>> {
    let axes = a.len().max(b.len());
    let size = |shape: &[usize], axis: usize| (axis + shape.len()).checked_sub(axes).map_or(1, |k| shape[k]);
    let mut shape = Vec::with_capacity(axes);
    for axis in 0..axes {
        shape.push(match (size(a, axis), size(b, axis)) {
            (a, b) if a == b => a,
            (1, b) => b,
            (a, 1) => a,
            _ => {
                return Err(Fault::new(format!(
                    "operands could not be broadcast together with shapes {} {}",
                    shown_shape(a),
                    shown_shape(b)
                )));
            }
        });
    }
    Ok(shape)
}

impl Array {
    /// A view in which axes of size 1 are as long as `shape` wants them.
    pub(in crate::script) fn broadcast_to(&self, shape: &[usize]) -> Outcome<Self> {
        let first = shape.len().checked_sub(self.shape.len());
        // Axes of size 1 in front do not count.
        let fits = first.is_some_and(|first| {
            self.shape.iter().zip(&shape[first..]).all(|(own, wanted)| own == wanted || *own == 1)
        });
        let Some(first) = first.filter(|_| fits) else {
            if self.shape.len() > shape.len() && self.shape[0] == 1 {
                return self.without_first_axis().broadcast_to(shape);
            }
            return Err(Fault::new(format!(
                "could not broadcast input array from shape {} into shape {}",
                shown_shape(&self.shape),
                shown_shape(shape)
            )));
        };
        let steps = (0..shape.len()).map(|axis| match axis.checked_sub(first) {
            Some(own) if self.shape[own] == shape[axis] => self.steps[own],
            _ => 0,
        });
        Ok(Self { steps: steps.collect(), shape: shape.to_vec(), ..self.clone() })
    }

    fn without_first_axis(&self) -> Self {
        Self { shape: self.shape[1..].to_vec(), steps: self.steps[1..].to_vec(), ..self.clone() }
    }
}
