//! The format of the package `safetensors`: arrays under names, and texts beside them.

use std::cmp::Reverse;

use ::safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde_json::{Map, Value, json};

use super::named::Tensors;
use super::scalar::Scalar;
use super::tensor::{Order, Tensor};
use crate::{Error, Result};

/// The array that says what the others hold, see [`Writer::seal`].
const SEAL: &str = "seal";

/// Reads all tensors of a file; `what` names it in errors.
///
/// # Errors
/// If the bytes are not a whole safetensors file, or a type of number cannot be used.
pub fn read(bytes: &[u8], what: &str) -> Result<Tensors> {
    let file = SafeTensors::deserialize(bytes).map_err(|e| {
        Error::format(what, format!("this is not a whole safetensors or npz file ({e}); write it again"))
    })?;
    let mut tensors = Tensors::new();
    for (name, view) in file.iter() {
        let tensor = Tensor::from_le(view.dtype(), view.shape(), Order::RowMajor, view.data());
        let tensor = tensor.ok_or_else(|| {
            let expected = "F16, BF16, F32, F64, I8, I16, I32, I64, U8, U16, U32 or BOOL";
            let found = format!("{:?} of the shape {:?}", view.dtype(), view.shape());
            Error::value(format!("the type of `{name}` in {what}"), expected, found)
        })?;
        if matches!(view.dtype(), Dtype::F16 | Dtype::BF16) {
            tensors.note_widened(name);
        }
        tensors.insert(name, tensor);
    }
    Ok(tensors)
}

/// The bytes of a file that holds `tensors`.
///
/// # Errors
/// If the format cannot hold them.
pub fn write(tensors: &Tensors) -> Result<Vec<u8>> {
    let mut file = Writer::default();
    for (name, tensor) in tensors.iter() {
        file.add_tensor(name, tensor);
    }
    file.to_bytes("the safetensors file", None)
}

/// A file of which single arrays are read, each of a type that is known beforehand.
pub struct Reader<'a> {
    arrays: SafeTensors<'a>,
    what: &'static str,
    remedy: &'static str,
}

impl<'a> Reader<'a> {
    /// Opens the file `bytes`; in errors `what` names it, and `remedy` says what to do if it cannot be read.
    ///
    /// # Errors
    /// If the bytes are not a whole safetensors file.
    pub fn open(bytes: &'a [u8], what: &'static str, remedy: &'static str) -> Result<Self> {
        match SafeTensors::deserialize(bytes) {
            Ok(arrays) => Ok(Self { arrays, what, remedy }),
            Err(e) => Err(unreadable(&e, what, remedy)),
        }
    }

    /// Whether there is an array `name`.
    pub fn holds(&self, name: &str) -> bool {
        self.arrays.tensor(name).is_ok()
    }

    /// The type of the array `name`.
    ///
    /// # Errors
    /// If it is missing.
    pub fn dtype(&self, name: &str) -> Result<Dtype> {
        self.view(name).map(|view| view.dtype())
    }

    /// Shape and numbers of the array `name`.
    ///
    /// # Errors
    /// If it is missing or of another type.
    pub fn array<T: Scalar>(&self, name: &str) -> Result<(Vec<usize>, Vec<T>)> {
        let view = self.view(name)?;
        if view.dtype() != T::DTYPE {
            let problem = format!("`{name}` must hold {:?}, found {:?}", T::DTYPE, view.dtype());
            return Err(Error::format(self.what, problem));
        }
        Ok((view.shape().to_vec(), T::from_le(view.data())))
    }

    /// The array `name` with the type that the file has.
    ///
    /// # Errors
    /// If it is missing or of a type that cannot be used.
    pub fn tensor(&self, name: &str) -> Result<Tensor> {
        let view = self.view(name)?;
        Tensor::from_le(view.dtype(), view.shape(), Order::RowMajor, view.data()).ok_or_else(|| {
            Error::format(self.what, format!("`{name}` holds {:?}; {}", view.dtype(), self.remedy))
        })
    }

    /// Checks a file that [`Writer::seal`] has sealed beside the same `text`; one that has no seal passes.
    ///
    /// # Errors
    /// If the text, a name or a number is another one than when the file was written.
    pub fn check_seal(&self, text: &str) -> Result<()> {
        if !self.holds(SEAL) {
            return Ok(());
        }
        let others = self.arrays.iter().filter(|(name, _)| *name != SEAL);
        if self.array::<u32>(SEAL)?.1 == seal(text, others.map(|(name, view)| (name, view.data()))) {
            return Ok(());
        }
        let problem = format!("something in it has changed since it was written; {}", self.remedy);
        Err(Error::format(self.what, problem))
    }

    fn view(&self, name: &str) -> Result<TensorView<'a>> {
        let missing = |_| Error::format(self.what, format!("`{name}` is missing in it; {}", self.remedy));
        self.arrays.tensor(name).map_err(missing)
    }
}

/// The text under `key` in the metadata of the file `bytes`, if there is one; `what` and `remedy` as in
/// [`Reader::open`].
///
/// # Errors
/// If the bytes are not a safetensors file.
pub fn text(bytes: &[u8], key: &str, what: &str, remedy: &str) -> Result<Option<String>> {
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|e| unreadable(&e, what, remedy))?;
    Ok(metadata.metadata().as_ref().and_then(|texts| texts.get(key)).cloned())
}

fn unreadable(e: &::safetensors::SafeTensorError, what: &str, remedy: &str) -> Error {
    Error::format(what, format!("it is truncated or not a safetensors file ({e}); {remedy}"))
}

/// A sum over a text and arrays, whatever their order; in two halves, the lower one first.
fn seal<'a>(text: &str, arrays: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u32> {
    let of_array = |(name, data): (&str, &[u8])| words_sum(name.as_bytes()) ^ words_sum(data).rotate_left(1);
    let sum = arrays.map(of_array).fold(words_sum(text.as_bytes()), u64::wrapping_add);
    vec![sum as u32, (sum >> 32) as u32]
}

/// FNV-1a over words of eight bytes: each step is one to one, so that a change in one word always changes the sum.
fn words_sum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let last = rest.iter().rev().fold(rest.len() as u64, |word, byte| word << 8 | u64::from(*byte));
    let words = words.iter().map(|word| u64::from_le_bytes(*word)).chain([last]);
    words.fold(0xCBF2_9CE4_8422_2325, |sum, word| (sum ^ word).wrapping_mul(0x0100_0000_01B3))
}

/// Arrays on their way into a file.
#[derive(Default)]
pub struct Writer {
    arrays: Vec<(String, Dtype, Vec<usize>, Vec<u8>)>,
}

impl Writer {
    /// Adds the array `name`, row-major: as many `values` as `shape` says.
    pub fn add<T: Scalar>(
        &mut self,
        name: impl Into<String>,
        shape: &[usize],
        values: impl IntoIterator<Item = T>,
    ) {
        self.arrays.push((name.into(), T::DTYPE, shape.to_vec(), T::to_le(values)));
    }

    /// Adds the array `name` with the type that it has.
    pub fn add_tensor(&mut self, name: impl Into<String>, tensor: &Tensor) {
        let (dtype, bytes) = tensor.to_le();
        self.arrays.push((name.into(), dtype, tensor.shape().to_vec(), bytes));
    }

    /// Seals the arrays that are here, and the `text` beside them: [`Reader::check_seal`] finds what has changed.
    pub fn seal(&mut self, text: &str) {
        let arrays = self.arrays.iter().map(|(name, _, _, data)| (name.as_str(), data.as_slice()));
        let seal = seal(text, arrays);
        self.add(SEAL, &[seal.len()], seal);
    }

    /// The bytes of the file, with a text under a key beside the arrays; `what` names the file in errors. The same
    /// arrays and text always give the same bytes.
    ///
    /// # Errors
    /// If the number of values of an array is not the product of its shape.
    pub fn to_bytes(&self, what: &str, text: Option<(&str, String)>) -> Result<Vec<u8>> {
        // The package's own order: large numbers first, so that all of them are aligned, and by name.
        let mut arrays: Vec<&(String, Dtype, Vec<usize>, Vec<u8>)> = Vec::new();
        for array in &self.arrays {
            let place = |(name, dtype): (&String, Dtype)| (Reverse(dtype), name.clone());
            let own = place((&array.0, array.1));
            arrays.insert(arrays.partition_point(|other| place((&other.0, other.1)) <= own), array);
        }
        let (mut header, mut length) = (Map::new(), 0);
        if let Some((key, text)) = text {
            header.insert("__metadata__".into(), Map::from_iter([(key.to_owned(), text.into())]).into());
        }
        for (name, dtype, shape, bytes) in &arrays {
            TensorView::new(*dtype, shape.clone(), bytes)
                .map_err(|e| Error::format(what, format!("it cannot be written ({e})")))?;
            let offsets = [length, length + bytes.len()];
            length = offsets[1];
            let own = json!({"dtype": dtype.to_string(), "shape": shape, "data_offsets": offsets});
            header.insert(name.clone(), own);
        }
        let mut header = Value::Object(header).to_string().into_bytes();
        header.resize(header.len().next_multiple_of(8), b' ');
        let mut file = (header.len() as u64).to_le_bytes().to_vec();
        file.reserve_exact(header.len() + length);
        file.extend(header);
        arrays.iter().for_each(|(_, _, _, bytes)| file.extend_from_slice(bytes));
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn files_are_those_of_the_package_byte_for_byte() {
        let mut file = Writer::default();
        file.add("b\"é\n", &[2, 3], [0.5_f32; 6]);
        file.add("z", &[], [7_u8]);
        file.add("a", &[1, 2], [1_f32, -2.0]);
        file.add("whole", &[2], [1_i64, 2]);
        file.add("none", &[0, 4], Vec::<u16>::new());
        let text = r#"{"a": [1, "\u00e9"]}"#.to_string();
        let views = || {
            file.arrays.iter().map(|(name, dtype, shape, bytes)| {
                (name.as_str(), TensorView::new(*dtype, shape.clone(), bytes).expect("it fits"))
            })
        };
        let texts = HashMap::from([("run".to_string(), text.clone())]);
        let theirs = ::safetensors::serialize(views(), Some(texts)).expect("it can be written");
        assert_eq!(file.to_bytes("the file", Some(("run", text))).expect("it can be written"), theirs);
        let theirs = ::safetensors::serialize(views(), None).expect("it can be written");
        assert_eq!(file.to_bytes("the file", None).expect("it can be written"), theirs);
        assert_eq!(Writer::default().to_bytes("the file", None).expect("it is empty").len(), 16);
        file.add("wrong", &[3], [1_u8, 2]);
        let message = file.to_bytes("the file", None).expect_err("two numbers are not three").to_string();
        assert!(message.contains("the file"), "{message}");
    }
}
