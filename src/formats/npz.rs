//! numpy's npz: a zip archive of npy files. The npy format is numpy's NEP 1; this reader takes no pickled objects.

use super::archive;
use super::broken;
use super::tensor::{Numbers, Tensor, Tensors};
use crate::{Error, Result};

const MAGIC: &[u8] = b"\x93NUMPY";
/// numpy aligns the numbers to this many bytes.
const ALIGNMENT: usize = 64;

/// Reads all arrays of an npz file.
pub fn read(bytes: &[u8], what: &str) -> Result<Tensors> {
    let mut tensors = Tensors::new();
    for (file, content) in archive::unpack(bytes, what)? {
        let Some(name) = file.strip_suffix(".npy") else { continue };
        let tensor = read_npy(&content, name, what)?;
        tensors.insert(name, tensor);
    }
    Ok(tensors)
}

/// The bytes of an npz file.
pub fn write(tensors: &Tensors) -> Result<Vec<u8>> {
    let files: Vec<_> =
        tensors.iter().map(|(name, tensor)| (format!("{name}.npy"), write_npy(tensor))).collect();
    archive::pack(&files)
}

fn read_npy(bytes: &[u8], name: &str, what: &str) -> Result<Tensor> {
    let cut = || broken(what, format!("the array `{name}` is truncated; write the file again"));
    let head = bytes.strip_prefix(MAGIC).ok_or_else(|| broken(what, format!("`{name}` is no npy array")))?;
    let (length, start) = match head {
        [1, _, a, b, ..] => (u16::from_le_bytes([*a, *b]) as usize, 4),
        [2 | 3, _, a, b, c, d, ..] => (u32::from_le_bytes([*a, *b, *c, *d]) as usize, 6),
        _ => return Err(cut()),
    };
    let header = head.get(start..).and_then(|rest| rest.get(..length)).ok_or_else(cut)?;
    let data = &head[start + length..];
    let header = Header::parse(&String::from_utf8_lossy(header))
        .ok_or_else(|| broken(what, format!("the header of the array `{name}` is not numpy's")))?;
    let count = header.shape.iter().try_fold(1usize, |n, axis| n.checked_mul(*axis)).ok_or_else(cut)?;
    let size = header.descr.get(2..).and_then(|digits| digits.parse::<usize>().ok()).unwrap_or(0);
    let data = count.checked_mul(size).and_then(|length| data.get(..length)).ok_or_else(cut)?;
    let numbers = numbers(&header.descr, data).ok_or_else(|| {
        let expected = "float32, float64, int32, int64 or uint8 in little-endian order";
        Error::value(format!("the type of `{name}` in {what}"), expected, &header.descr)
    })?;
    let numbers = if header.fortran_order { to_row_major(numbers, &header.shape) } else { numbers };
    Tensor::new(name, header.shape, numbers)
}

/// What numpy writes in front of the numbers: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct Header {
    descr: String,
    fortran_order: bool,
    shape: Vec<usize>,
}

impl Header {
    fn parse(text: &str) -> Option<Self> {
        let descr = value(text, "descr")?.strip_prefix('\'')?.split('\'').next()?.to_owned();
        let order = value(text, "fortran_order")?;
        let fortran_order = order.starts_with("True");
        if !fortran_order && !order.starts_with("False") {
            return None;
        }
        let axes = value(text, "shape")?.strip_prefix('(')?.split(')').next()?;
        let shape = axes.split(',').map(str::trim).filter(|axis| !axis.is_empty());
        Some(Self {
            descr,
            fortran_order,
            shape: shape.map(|axis| axis.parse().ok()).collect::<Option<_>>()?,
        })
    }
}

/// The text that follows `'key':`.
fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("'{key}':"))?;
    Some(rest.trim_start())
}

fn numbers(descr: &str, data: &[u8]) -> Option<Numbers> {
    Some(match descr {
        "<f4" => Numbers::F32(each(data, f32::from_le_bytes)),
        "<f8" => Numbers::F32(each(data, |bytes| f64::from_le_bytes(bytes) as f32)),
        "<i2" => Numbers::I32(each(data, |bytes| i16::from_le_bytes(bytes).into())),
        "<u2" => Numbers::I32(each(data, |bytes| u16::from_le_bytes(bytes).into())),
        "<i4" => Numbers::I32(each(data, i32::from_le_bytes)),
        "<u4" => Numbers::I64(each(data, |bytes| u32::from_le_bytes(bytes).into())),
        "<i8" => Numbers::I64(each(data, i64::from_le_bytes)),
        "|u1" | "|b1" => Numbers::U8(data.to_vec()),
        "|i1" => Numbers::I32(data.iter().map(|byte| i32::from(*byte as i8)).collect()),
        _ => return None,
    })
}

fn each<const N: usize, T>(data: &[u8], read: impl Fn([u8; N]) -> T) -> Vec<T> {
    data.as_chunks::<N>().0.iter().map(|bytes| read(*bytes)).collect()
}

/// Numbers whose first axis runs fastest, as numpy writes a transposed array, in row-major order.
fn to_row_major(numbers: Numbers, shape: &[usize]) -> Numbers {
    match numbers {
        Numbers::F32(values) => Numbers::F32(reorder(&values, shape)),
        Numbers::I32(values) => Numbers::I32(reorder(&values, shape)),
        Numbers::I64(values) => Numbers::I64(reorder(&values, shape)),
        Numbers::U8(values) => Numbers::U8(reorder(&values, shape)),
    }
}

fn reorder<T: Copy>(values: &[T], shape: &[usize]) -> Vec<T> {
    let mut strides = Vec::with_capacity(shape.len());
    let mut stride = 1;
    for axis in shape {
        strides.push(stride);
        stride *= axis;
    }
    let mut index = vec![0; shape.len()];
    let mut result = Vec::with_capacity(values.len());
    for _ in 0..values.len() {
        result.push(values[index.iter().zip(&strides).map(|(i, s)| i * s).sum::<usize>()]);
        for k in (0..shape.len()).rev() {
            index[k] += 1;
            if index[k] < shape[k] {
                break;
            }
            index[k] = 0;
        }
    }
    result
}

fn write_npy(tensor: &Tensor) -> Vec<u8> {
    let (descr, data): (_, Vec<u8>) = match tensor.numbers() {
        Numbers::F32(values) => ("<f4", values.iter().flat_map(|v| v.to_le_bytes()).collect()),
        Numbers::I32(values) => ("<i4", values.iter().flat_map(|v| v.to_le_bytes()).collect()),
        Numbers::I64(values) => ("<i8", values.iter().flat_map(|v| v.to_le_bytes()).collect()),
        Numbers::U8(values) => ("|u1", values.clone()),
    };
    let mut shape: String = tensor.shape().iter().map(|axis| format!("{axis}, ")).collect();
    if tensor.shape().len() > 1 {
        shape.truncate(shape.len() - 2);
    }
    let mut header =
        format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({}), }}", shape.trim_end());
    // The version and the header's length take four bytes more, a line feed ends the header.
    let unpadded = MAGIC.len() + 4 + header.len() + 1;
    header.extend(std::iter::repeat_n(' ', unpadded.next_multiple_of(ALIGNMENT) - unpadded));
    header.push('\n');
    let mut bytes = MAGIC.to_vec();
    bytes.extend([1, 0]);
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_written_as_numpy_does() {
        for (shape, text) in [(vec![], "()"), (vec![3], "(3,)"), (vec![3, 1], "(3, 1)")] {
            let tensor =
                Tensor::new("x", shape, Numbers::U8(vec![1; if text == "()" { 1 } else { 3 }])).unwrap();
            let bytes = write_npy(&tensor);
            let written = String::from_utf8_lossy(&bytes).into_owned();
            assert!(written.contains(&format!("'shape': {text}, }}")), "{written}");
            assert_eq!((bytes.len() - tensor.numbers().len()) % ALIGNMENT, 0);
            assert_eq!(read_npy(&bytes, "x", "file").unwrap(), tensor);
        }
    }

    #[test]
    fn transposed_arrays_come_back_in_row_major_order() {
        assert_eq!(reorder(&[1, 4, 2, 5, 3, 6], &[2, 3]), [1, 2, 3, 4, 5, 6]);
        assert_eq!(reorder(&[7], &[]), [7]);
        assert!(reorder::<i32>(&[], &[0, 3]).is_empty());
    }
}
