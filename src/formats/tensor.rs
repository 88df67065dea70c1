//! Named arrays, as files hold them.

use std::collections::BTreeMap;

use crate::{Error, Result};

/// The numbers of a tensor, row-major.
#[derive(Debug, Clone, PartialEq)]
pub enum Numbers {
    /// 32-bit floats; 16-bit and 64-bit ones become these.
    F32(Vec<f32>),
    /// 32-bit integers; 16-bit ones become these.
    I32(Vec<i32>),
    /// 64-bit integers; unsigned 32-bit ones become these.
    I64(Vec<i64>),
    /// Bytes; booleans become these.
    U8(Vec<u8>),
}

impl Numbers {
    /// How many numbers there are.
    pub fn len(&self) -> usize {
        match self {
            Self::F32(values) => values.len(),
            Self::I32(values) => values.len(),
            Self::I64(values) => values.len(),
            Self::U8(values) => values.len(),
        }
    }

    /// True without any number.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The name of the type: `f32`, `i32`, `i64` or `u8`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::F32(_) => "f32",
            Self::I32(_) => "i32",
            Self::I64(_) => "i64",
            Self::U8(_) => "u8",
        }
    }
}

/// An array with its shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    shape: Vec<usize>,
    numbers: Numbers,
}

impl Tensor {
    /// A tensor; a scalar has the shape `[]`.
    ///
    /// # Errors
    /// If there are not as many numbers as the shape says; `name` names the tensor.
    pub fn new(name: &str, shape: Vec<usize>, numbers: Numbers) -> Result<Self> {
        let count = shape.iter().try_fold(1usize, |n, axis| n.checked_mul(*axis));
        if count != Some(numbers.len()) {
            return Err(Error::shape(name, &shape, &[numbers.len()]));
        }
        Ok(Self { shape, numbers })
    }

    /// The shape.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The numbers.
    pub fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    /// The numbers as floats.
    ///
    /// # Errors
    /// If they are integers, or one is NaN or infinite; `name` names the tensor.
    pub fn floats(&self, name: &str) -> Result<&[f32]> {
        let Numbers::F32(values) = &self.numbers else {
            return Err(Error::value(format!("the type of `{name}`"), "f32", self.numbers.type_name()));
        };
        match values.iter().find(|value| !value.is_finite()) {
            Some(value) => Err(Error::value(format!("every number of `{name}`"), "finite", value)),
            None => Ok(values),
        }
    }

    /// The numbers as ids.
    ///
    /// # Errors
    /// If they are floats, or one is negative or does not fit 32 bits; `name` names the tensor.
    pub fn ids(&self, name: &str) -> Result<Vec<u32>> {
        let id = |value: i64| {
            u32::try_from(value)
                .map_err(|_| Error::value(format!("every id of `{name}`"), "from 0 to 4294967295", value))
        };
        match &self.numbers {
            Numbers::I32(values) => values.iter().map(|v| id(i64::from(*v))).collect(),
            Numbers::I64(values) => values.iter().map(|v| id(*v)).collect(),
            Numbers::U8(values) => Ok(values.iter().map(|v| u32::from(*v)).collect()),
            Numbers::F32(_) => Err(Error::value(format!("the type of `{name}`"), "i32 or i64", "f32")),
        }
    }

    /// The numbers as yes and no.
    ///
    /// # Errors
    /// If they are floats or anything but 0 and 1; `name` names the tensor.
    pub fn flags(&self, name: &str) -> Result<Vec<bool>> {
        if matches!(self.numbers, Numbers::F32(_)) {
            return Err(Error::value(format!("the type of `{name}`"), "u8", "f32"));
        }
        let flag = |id: u32| match id {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(Error::value(format!("every number of `{name}`"), "0 or 1", other)),
        };
        self.ids(name)?.into_iter().map(flag).collect()
    }
}

/// Tensors by name, in alphabetical order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tensors {
    by_name: BTreeMap<String, Tensor>,
}

impl Tensors {
    /// No tensors.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tensor, in place of one that has the same name.
    pub fn insert(&mut self, name: impl Into<String>, tensor: Tensor) {
        self.by_name.insert(name.into(), tensor);
    }

    /// Adds an array of floats.
    ///
    /// # Errors
    /// If there are not as many numbers as the shape says.
    pub fn insert_floats(
        &mut self,
        name: impl Into<String>,
        shape: &[usize],
        values: Vec<f32>,
    ) -> Result<()> {
        let name = name.into();
        let tensor = Tensor::new(&name, shape.to_vec(), Numbers::F32(values))?;
        self.insert(name, tensor);
        Ok(())
    }

    /// The tensor `name`, if it is there.
    pub fn get(&self, name: &str) -> Option<&Tensor> {
        self.by_name.get(name)
    }

    /// The tensor `name` of the file `file`.
    ///
    /// # Errors
    /// If it is missing; the message says what is there instead.
    pub fn need(&self, name: &str, file: &str) -> Result<&Tensor> {
        self.get(name).ok_or_else(|| {
            Error::format(file, format!("the tensor `{name}` is missing; there {}", self.names_in_words()))
        })
    }

    /// All names, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// All tensors with their names, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Tensor)> {
        self.by_name.iter().map(|(name, tensor)| (name.as_str(), tensor))
    }

    /// How many tensors there are.
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// True without any tensor.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// "are `a`, `b` and 3 more".
    fn names_in_words(&self) -> String {
        /// More names than these do not help in a message.
        const SHOWN: usize = 8;
        let shown: Vec<_> = self.names().take(SHOWN).map(|name| format!("`{name}`")).collect();
        match (self.len(), self.len().saturating_sub(SHOWN)) {
            (0, _) => "is none at all".into(),
            (1, _) => format!("is only {}", shown[0]),
            (_, 0) => format!("are {}", shown.join(", ")),
            (_, more) => format!("are {} and {more} more", shown.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(shape: &[usize], numbers: Numbers) -> Tensor {
        Tensor::new("x", shape.to_vec(), numbers).unwrap()
    }

    #[test]
    fn a_tensor_has_as_many_numbers_as_its_shape_says() {
        assert!(Tensor::new("x", vec![2, 3], Numbers::F32(vec![0.0; 6])).is_ok());
        assert!(Tensor::new("x", vec![], Numbers::F32(vec![0.0])).is_ok());
        assert!(Tensor::new("x", vec![2, 3], Numbers::F32(vec![0.0; 5])).is_err());
        assert!(Tensor::new("x", vec![usize::MAX, 2], Numbers::U8(Vec::new())).is_err());
    }

    #[test]
    fn numbers_that_cannot_serve_are_named() {
        let message = |e: Error| e.to_string();
        let nan = tensor(&[2], Numbers::F32(vec![1.0, f32::NAN]));
        assert_eq!(message(nan.floats("x").unwrap_err()), "every number of `x` must be finite, found NaN");
        assert_eq!(message(nan.ids("x").unwrap_err()), "the type of `x` must be i32 or i64, found f32");
        let negative = tensor(&[1], Numbers::I64(vec![-4]));
        assert!(message(negative.ids("x").unwrap_err()).ends_with("found -4"));
        assert!(message(tensor(&[1], Numbers::U8(vec![2])).flags("mask").unwrap_err()).contains("0 or 1"));
    }

    #[test]
    fn a_missing_tensor_is_reported_with_what_is_there() {
        let mut tensors = Tensors::new();
        tensors.insert_floats("lstm/kernel", &[1], vec![0.0]).unwrap();
        let message = tensors.need("lstm/bias", "w.safetensors").unwrap_err().to_string();
        assert_eq!(message, "w.safetensors: the tensor `lstm/bias` is missing; there is only `lstm/kernel`");
    }
}
