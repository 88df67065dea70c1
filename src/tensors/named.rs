//! Arrays under names, as one file holds them.

use std::collections::BTreeMap;

use ndarray::ArrayD;

use super::tensor::Tensor;
use crate::{Error, Result};

/// Tensors by name, in alphabetical order.
#[derive(Debug, Clone, Default)]
pub struct Tensors {
    by_name: BTreeMap<String, Tensor>,
    widened: Vec<String>,
}

/// Equal names with equal tensors, whatever precision a file held them in.
impl PartialEq for Tensors {
    fn eq(&self, other: &Self) -> bool {
        self.by_name == other.by_name
    }
}

impl Tensors {
    /// No tensors.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tensor or an array, in place of one that has the same name.
    pub fn insert(&mut self, name: impl Into<String>, tensor: impl Into<Tensor>) {
        self.by_name.insert(name.into(), tensor.into());
    }

    /// Adds an array of floats, row-major.
    ///
    /// # Errors
    /// If there are not as many numbers as the shape says.
    pub fn insert_floats(
        &mut self,
        name: impl Into<String>,
        shape: &[usize],
        values: Vec<f32>,
    ) -> Result<()> {
        let (name, count) = (name.into(), values.len());
        let array = ArrayD::from_shape_vec(shape, values).map_err(|_| {
            let expected = format!("as many as the shape {shape:?} says");
            Error::value(format!("the number of values of `{name}`"), expected, count)
        })?;
        self.insert(name, array);
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

    /// The names of the tensors that the file holds in half precision, float16 or bfloat16: as f32 they are exact, but
    /// only as precise as they were.
    pub fn widened(&self) -> &[String] {
        &self.widened
    }

    /// Notes that the file holds the tensor `name` in half precision.
    pub(super) fn note_widened(&mut self, name: &str) {
        self.widened.push(name.to_owned());
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
    use ndarray::arr1;

    use super::*;

    #[test]
    fn a_missing_tensor_is_reported_with_what_is_there() {
        let mut tensors = Tensors::new();
        tensors.insert("lstm/kernel", arr1(&[0.0f32]));
        let message = tensors.need("lstm/bias", "w.safetensors").unwrap_err().to_string();
        assert_eq!(message, "w.safetensors: the tensor `lstm/bias` is missing; there is only `lstm/kernel`");
    }
}
