//! numpy's arrays: numbers with a shape, of which a view shows a part.
//!
//! All numbers are kept as f64; what numpy would keep as an integer, a boolean or a float32 is marked by its
//! [`Kind`] and rounded to it. A view shares its numbers with the array it was taken from, so that a change of one is
//! seen in the other, as in numpy.

mod buffer;
mod einsum;
mod elementwise;
mod index;
mod join;
mod product;
mod reduce;
mod shape;

pub use buffer::MOST_NUMBERS;
pub(in crate::script) use buffer::{Buffer, begin, spend};
pub(in crate::script) use einsum::einsum;
pub(in crate::script) use elementwise::{Binary, apply, binary};
pub(in crate::script) use index::{Subscript, place, sliced};
pub(in crate::script) use join::{concatenate, stack};
pub(in crate::script) use product::{matmul, outer};
pub(in crate::script) use reduce::Reduction;

use std::rc::Rc;

/// What went wrong with arrays; the place in the script is added where it is known.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::script) struct Fault(pub String);

impl Fault {
    pub(in crate::script) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

pub(in crate::script) type Outcome<T> = Result<T, Fault>;

/// What numpy calls the dtype. The order is that of promotion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `bool`
    Bool,
    /// `uint8`
    Byte,
    /// `int32`
    Short,
    /// `int64`
    Int,
    /// `float32`
    Single,
    /// `float64`
    Float,
}

impl Kind {
    /// The number as this kind keeps it.
    pub(in crate::script) fn keep(self, value: f64) -> f64 {
        match self {
            Self::Bool => f64::from(u8::from(value != 0.0)),
            Self::Byte => value.trunc().rem_euclid(256.0),
            Self::Short => f64::from(value.trunc() as i64 as i32),
            Self::Int => value.trunc(),
            Self::Single => f64::from(value as f32),
            Self::Float => value,
        }
    }

    /// As numpy names it.
    pub(in crate::script) fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Byte => "uint8",
            Self::Short => "int32",
            Self::Int => "int64",
            Self::Single => "float32",
            Self::Float => "float64",
        }
    }

    /// The kind of what an operation on both gives.
    pub(in crate::script) fn with(self, other: Self) -> Self {
        match (self, other) {
            // float32 has too few digits for int64.
            (Self::Single, Self::Int | Self::Short) | (Self::Int | Self::Short, Self::Single) => Self::Float,
            _ => self.max(other),
        }
    }

    /// Truth values as the integers that they count as; all others as they are.
    pub(in crate::script) fn counted(self) -> Self {
        if self == Self::Bool { Self::Int } else { self }
    }

    /// The kind of a quotient, a mean, a function such as tanh.
    pub(in crate::script) fn as_float(self) -> Self {
        if self == Self::Single { Self::Single } else { Self::Float }
    }
}

/// An array, or a view of a part of one; a shape without axes is one of numpy's numbers.
#[derive(Debug, Clone)]
pub struct Array {
    numbers: Rc<Buffer>,
    start: usize,
    shape: Vec<usize>,
    steps: Vec<isize>,
    kind: Kind,
}

/// How far apart neighbours lie along each axis, in the order of numbers that a new array has.
fn steps_of(shape: &[usize]) -> Vec<isize> {
    let mut steps = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        steps[axis - 1] = steps[axis] * shape[axis].max(1) as isize;
    }
    steps
}

/// How many numbers a shape has; none if it is more than can be counted.
pub(in crate::script) fn count(shape: &[usize]) -> Outcome<usize> {
    let product = shape.iter().try_fold(1usize, |product, size| product.checked_mul(*size));
    product.filter(|count| *count <= MOST_NUMBERS).ok_or_else(|| {
        Fault::new(format!(
            "an array of shape {} is more than fits here; make its sizes smaller",
            shown_shape(shape)
        ))
    })
}

/// A shape as Python prints it: `(3,)`.
pub(in crate::script) fn shown_shape(shape: &[usize]) -> String {
    let sizes: Vec<String> = shape.iter().map(ToString::to_string).collect();
    if let [one] = sizes.as_slice() { format!("({one},)") } else { format!("({})", sizes.join(", ")) }
}

impl Array {
    /// A new array; the numbers are in the order of its last axis first.
    pub(in crate::script) fn new(shape: Vec<usize>, kind: Kind, mut numbers: Vec<f64>) -> Outcome<Self> {
        debug_assert_eq!(numbers.len(), shape.iter().product::<usize>());
        if kind != Kind::Float {
            numbers.iter_mut().for_each(|value| *value = kind.keep(*value));
        }
        let steps = steps_of(&shape);
        Ok(Self { numbers: Rc::new(Buffer::new(numbers)?), start: 0, shape, steps, kind })
    }

    /// All numbers the same.
    pub(in crate::script) fn filled(shape: Vec<usize>, kind: Kind, value: f64) -> Outcome<Self> {
        let numbers = vec![value; Buffer::room_for(count(&shape)?)?];
        Self::new(shape, kind, numbers)
    }

    /// One of numpy's numbers.
    pub(in crate::script) fn number(kind: Kind, value: f64) -> Outcome<Self> {
        Self::new(vec![], kind, vec![value])
    }

    /// The sizes of the axes.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The kind of its numbers.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// How many numbers it has.
    pub fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// The size of the first axis.
    pub(in crate::script) fn rows(&self) -> Option<usize> {
        self.shape.first().copied()
    }

    /// Where each number lies in the buffer, last axis first.
    fn places(&self) -> Vec<usize> {
        let mut places = vec![self.start as isize];
        for (size, step) in self.shape.iter().zip(&self.steps) {
            places =
                places.iter().flat_map(|place| (0..*size as isize).map(move |k| place + k * step)).collect();
        }
        places.into_iter().map(|place| place as usize).collect()
    }

    /// A number that two views of one part share while both are held.
    pub(in crate::script) fn place(&self) -> usize {
        (Rc::as_ptr(&self.numbers) as usize).wrapping_add(self.start)
    }

    fn is_whole(&self) -> bool {
        self.start == 0 && self.steps == steps_of(&self.shape) && self.count() == self.numbers.len()
    }

    /// Its numbers, last axis first.
    pub fn numbers(&self) -> Vec<f64> {
        let all = self.numbers.borrow();
        if self.is_whole() {
            return all.clone();
        }
        self.places().into_iter().map(|place| all[place]).collect()
    }

    /// A new array with the same numbers.
    pub(in crate::script) fn copied(&self) -> Outcome<Self> {
        Buffer::room_for(self.count())?;
        Self::new(self.shape.clone(), self.kind, self.numbers())
    }

    /// A new array of another kind.
    pub(in crate::script) fn to_kind(&self, kind: Kind) -> Outcome<Self> {
        Buffer::room_for(self.count())?;
        Self::new(self.shape.clone(), kind, self.numbers())
    }

    /// The only number of an array that has one.
    pub(in crate::script) fn only(&self) -> Option<f64> {
        if self.count() == 1 { self.numbers().first().copied() } else { None }
    }

    /// Writes numbers into this array, in place; `from` is broadcast.
    pub(in crate::script) fn write(&self, from: &Self) -> Outcome<()> {
        let numbers = from.broadcast_to(&self.shape)?.numbers();
        let places = self.places();
        let mut all = self.numbers.borrow_mut();
        for (place, value) in places.into_iter().zip(numbers) {
            all[place] = self.kind.keep(value);
        }
        Ok(())
    }

    /// Writes numbers at places that were counted in [`Self::numbers`].
    fn write_at(&self, at: &[usize], values: &[f64]) {
        let places = self.places();
        let mut all = self.numbers.borrow_mut();
        for (at, value) in at.iter().zip(values) {
            all[places[*at]] = self.kind.keep(*value);
        }
    }
}
