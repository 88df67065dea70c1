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
/// So many numbers of an array that is borrowed become bytes at a time, an even number: what is held of a file while it
/// is written.
const PIECE: usize = 4096;

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
        let others = others.map(|(name, view)| (name, words_sum(|each| each(view.data()))));
        if self.array::<u32>(SEAL)?.1 == seal(text, others) {
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

/// A sum over a text and arrays, each with the sum of its bytes, whatever their order; in two halves, the lower one
/// first.
fn seal<'a>(text: &str, arrays: impl Iterator<Item = (&'a str, u64)>) -> Vec<u32> {
    let of_text = |text: &str| words_sum(|each| each(text.as_bytes()));
    let of_array = |(name, data): (&str, u64)| of_text(name) ^ data.rotate_left(1);
    let sum = arrays.map(of_array).fold(of_text(text), u64::wrapping_add);
    vec![sum as u32, (sum >> 32) as u32]
}

/// FNV-1a over words of eight bytes: each step is one to one, so that a change in one word always changes the sum. All
/// `pieces` but the last are whole words.
fn words_sum(pieces: impl FnOnce(&mut dyn FnMut(&[u8]))) -> u64 {
    let step = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x0100_0000_01B3);
    let (mut sum, mut last) = (0xCBF2_9CE4_8422_2325, 0);
    pieces(&mut |bytes| {
        let (words, rest) = bytes.as_chunks::<8>();
        sum = words.iter().fold(sum, |sum, word| step(sum, u64::from_le_bytes(*word)));
        last = rest.iter().rev().fold(rest.len() as u64, |word, byte| word << 8 | u64::from(*byte));
    });
    step(sum, last)
}

/// Arrays on their way into a file.
#[derive(Default)]
pub struct Writer<'a> {
    arrays: Vec<(String, Dtype, Vec<usize>, Values<'a>)>,
}

impl<'a> Writer<'a> {
    /// Adds the array `name`, row-major: as many `values` as `shape` says.
    pub fn add<T: Scalar>(
        &mut self,
        name: impl Into<String>,
        shape: &[usize],
        values: impl IntoIterator<Item = T>,
    ) {
        self.arrays.push((name.into(), T::DTYPE, shape.to_vec(), Values::Bytes(T::to_le(values))));
    }

    /// [`Self::add`] for numbers that stay where they are until the file is written.
    pub fn add_floats(&mut self, name: String, shape: &[usize], values: &'a [f32]) {
        self.arrays.push((name, Dtype::F32, shape.to_vec(), Values::Floats(values)));
    }

    /// Adds the array `name` with the type that it has.
    pub fn add_tensor(&mut self, name: impl Into<String>, tensor: &Tensor) {
        let (dtype, bytes) = tensor.to_le();
        self.arrays.push((name.into(), dtype, tensor.shape().to_vec(), Values::Bytes(bytes)));
    }

    /// Seals the arrays that are here, and the `text` beside them: [`Reader::check_seal`] finds what has changed.
    pub fn seal(&mut self, text: &str) {
        let sum = |values: &Values| words_sum(|each| values.pieces(each));
        let seal = seal(text, self.arrays.iter().map(|(name, _, _, values)| (name.as_str(), sum(values))));
        self.add(SEAL, &[seal.len()], seal);
    }

    /// The file, with a text under a key beside the arrays; `what` names it in errors. The same arrays and text always
    /// give the same bytes.
    ///
    /// # Errors
    /// If the number of values of an array is not the product of its shape.
    pub fn file(self, what: &str, text: Option<(&str, String)>) -> Result<File<'a>> {
        // The package's own order: large numbers first, so that all of them are aligned, and by name.
        let mut arrays: Vec<(String, Dtype, Vec<usize>, Values<'a>)> = Vec::new();
        for array in self.arrays {
            let place = |(name, dtype): (&String, Dtype)| (Reverse(dtype), name.clone());
            let own = place((&array.0, array.1));
            arrays.insert(arrays.partition_point(|other| place((&other.0, other.1)) <= own), array);
        }
        let (mut header, mut length) = (Map::new(), 0);
        if let Some((key, text)) = text {
            header.insert("__metadata__".into(), Map::from_iter([(key.to_owned(), text.into())]).into());
        }
        for (name, dtype, shape, values) in &arrays {
            let bytes = values.byte_count();
            if shape.iter().product::<usize>() * dtype.bitsize() != 8 * bytes {
                let problem =
                    format!("it cannot be written (`{name}` has {bytes} bytes, its shape is {shape:?})");
                return Err(Error::format(what, problem));
            }
            let offsets = [length, length + bytes];
            length = offsets[1];
            let own = json!({"dtype": dtype.to_string(), "shape": shape, "data_offsets": offsets});
            header.insert(name.clone(), own);
        }
        let mut header = Value::Object(header).to_string().into_bytes();
        header.resize(header.len().next_multiple_of(8), b' ');
        let mut head = (header.len() as u64).to_le_bytes().to_vec();
        head.extend(header);
        let arrays = arrays.into_iter().map(|(.., values)| values).collect();
        Ok(File { byte_count: head.len() + length, head, arrays })
    }

    /// The bytes of [`Self::file`].
    ///
    /// # Errors
    /// As [`Self::file`].
    pub fn to_bytes(self, what: &str, text: Option<(&str, String)>) -> Result<Vec<u8>> {
        Ok(self.file(what, text)?.to_bytes())
    }
}

/// A file that [`Writer`] has described; its bytes are made as they are taken, so that there need be no second copy.
pub struct File<'a> {
    byte_count: usize,
    head: Vec<u8>,
    arrays: Vec<Values<'a>>,
}

impl File<'_> {
    /// How many bytes it has.
    pub fn byte_count(&self) -> usize {
        self.byte_count
    }

    /// Gives its bytes to `each`, piece by piece.
    pub fn pieces(&self, each: &mut dyn FnMut(&[u8])) {
        each(&self.head);
        self.arrays.iter().for_each(|values| values.pieces(each));
    }

    /// All its bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.byte_count);
        self.pieces(&mut |piece| bytes.extend_from_slice(piece));
        bytes
    }
}

/// The numbers of an array on its way into a file.
enum Values<'a> {
    Bytes(Vec<u8>),
    Floats(&'a [f32]),
}

impl Values<'_> {
    fn byte_count(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Floats(values) => size_of_val(*values),
        }
    }

    fn pieces(&self, each: &mut dyn FnMut(&[u8])) {
        match self {
            Self::Bytes(bytes) => each(bytes),
            Self::Floats(values) => {
                values.chunks(PIECE).for_each(|piece| each(&f32::to_le(piece.iter().copied())));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn a_file_is_byte_by_byte_what_the_package_writes() {
        let numbers: Vec<f32> = (0..2 * PIECE + 3).map(|k| k as f32 / 7.0).collect();
        let (count, text) = (numbers.len(), r#"{"a": [1, "\u00e9"]}"#.to_owned());
        let mut writer = Writer::default();
        writer.add("small", &[3], [1_u8, 2, 3]);
        writer.add_floats("numbers".to_owned(), &[count], &numbers);
        writer.add("b\"é\n", &[2, 1], [7_u32, 8]);
        writer.add("whole", &[2], [1_i64, 2]);
        writer.add("none", &[0, 4], Vec::<u16>::new());
        let ours = writer.to_bytes("the file", Some(("key", text.clone()))).unwrap();

        let [numbers, counts] = [<f32 as Scalar>::to_le(numbers), <u32 as Scalar>::to_le([7, 8])];
        let whole = <i64 as Scalar>::to_le([1, 2]);
        let view = |dtype, shape: &[usize], bytes| TensorView::new(dtype, shape.to_vec(), bytes).unwrap();
        let views = [
            ("small", view(Dtype::U8, &[3], &[1, 2, 3])),
            ("numbers", view(Dtype::F32, &[count], &numbers)),
            ("b\"é\n", view(Dtype::U32, &[2, 1], &counts)),
            ("whole", view(Dtype::I64, &[2], &whole)),
            ("none", view(Dtype::U16, &[0, 4], &[])),
        ];
        let texts = HashMap::from([("key".to_owned(), text)]);
        assert!(ours == ::safetensors::serialize(views, Some(texts)).unwrap());
    }

    #[test]
    fn an_empty_file_is_a_head_alone() {
        assert_eq!(Writer::default().to_bytes("the file", None).unwrap().len(), 16);
    }

    #[test]
    fn numbers_that_are_borrowed_have_the_seal_of_those_that_are_not() {
        let numbers: Vec<f32> = (0..2 * PIECE + 3).map(|k| k as f32 / 7.0).collect();
        let (mut borrowed, mut owned) = (Writer::default(), Writer::default());
        borrowed.add_floats("numbers".to_owned(), &[numbers.len()], &numbers);
        owned.add("numbers", &[numbers.len()], numbers.iter().copied());
        let files = [borrowed, owned].map(|mut writer| {
            writer.seal("text");
            writer.to_bytes("the file", None).unwrap()
        });
        assert!(files[0] == files[1]);
        assert!(Reader::open(&files[0], "the file", "write it again").unwrap().check_seal("text").is_ok());
    }

    #[test]
    fn as_many_numbers_as_the_shape_says_are_written_or_none() {
        let mut writer = Writer::default();
        writer.add("numbers", &[2, 2], [1_u8, 2, 3]);
        let error = writer.to_bytes("the file", None).unwrap_err().to_string();
        assert!(error.contains("`numbers`"), "{error}");
    }
}
