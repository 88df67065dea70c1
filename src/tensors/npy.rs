//! numpy's npy: one array. The format is numpy's NEP 1; this reader takes no pickled objects.

use safetensors::Dtype;

use super::tensor::{Order, Tensor};
use crate::{Error, Result};

const MAGIC: &[u8] = b"\x93NUMPY";
/// numpy aligns the numbers to this many bytes.
const ALIGNMENT: usize = 64;

/// The pickle of an array of objects; nothing if the array holds numbers or `bytes` are no array.
pub fn objects(bytes: &[u8]) -> Option<&[u8]> {
    let (header, data) = split(bytes, "", "").ok()?;
    (header.descr == "|O").then_some(data)
}

/// The array in `bytes` and the type that its numbers have there; `name` and `what` name array and file in errors.
///
/// # Errors
/// If the bytes are no whole array of numbers.
pub fn read(bytes: &[u8], name: &str, what: &str) -> Result<(Tensor, Dtype)> {
    let cut = || truncated(name, what);
    let (header, data) = split(bytes, name, what)?;
    let count = header.shape.iter().try_fold(1usize, |n, axis| n.checked_mul(*axis)).ok_or_else(cut)?;
    let dtype = dtype(&header.descr).ok_or_else(|| {
        let expected = "float16, float32, float64, int8 to int64, uint8 to uint32 or bool, little-endian";
        Error::value(format!("the type of `{name}` in {what}"), expected, &header.descr)
    })?;
    let data =
        count.checked_mul(dtype.bitsize() / 8).and_then(|length| data.get(..length)).ok_or_else(cut)?;
    let order = if header.fortran_order { Order::ColumnMajor } else { Order::RowMajor };
    Ok((Tensor::from_le(dtype, &header.shape, order, data).ok_or_else(cut)?, dtype))
}

/// The header of an array and the bytes behind it.
fn split<'a>(bytes: &'a [u8], name: &str, what: &str) -> Result<(Header, &'a [u8])> {
    let cut = || truncated(name, what);
    let head =
        bytes.strip_prefix(MAGIC).ok_or_else(|| Error::format(what, format!("`{name}` is no npy array")))?;
    let (length, start) = match head {
        [1, _, a, b, ..] => (u16::from_le_bytes([*a, *b]) as usize, 4),
        [2 | 3, _, a, b, c, d, ..] => (u32::from_le_bytes([*a, *b, *c, *d]) as usize, 6),
        _ => return Err(cut()),
    };
    let header = head.get(start..).and_then(|rest| rest.get(..length)).ok_or_else(cut)?;
    let header = Header::parse(&String::from_utf8_lossy(header))
        .ok_or_else(|| Error::format(what, format!("the header of the array `{name}` is not numpy's")))?;
    Ok((header, &head[start + length..]))
}

fn truncated(name: &str, what: &str) -> Error {
    Error::format(what, format!("the array `{name}` is truncated; write the file again"))
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

/// The types of numbers with numpy's codes for them.
const CODES: [(&str, Dtype); 11] = [
    ("<f2", Dtype::F16),
    ("<f4", Dtype::F32),
    ("<f8", Dtype::F64),
    ("|i1", Dtype::I8),
    ("<i2", Dtype::I16),
    ("<i4", Dtype::I32),
    ("<i8", Dtype::I64),
    ("|u1", Dtype::U8),
    ("<u2", Dtype::U16),
    ("<u4", Dtype::U32),
    ("|b1", Dtype::BOOL),
];

fn dtype(code: &str) -> Option<Dtype> {
    CODES.iter().find(|(known, _)| *known == code).map(|(_, dtype)| *dtype)
}

/// The bytes of an array.
pub fn write(tensor: &Tensor) -> Vec<u8> {
    let (dtype, data) = tensor.to_le();
    let code = CODES.iter().find(|(_, of)| *of == dtype).map_or("", |(code, _)| code);
    let mut shape: String = tensor.shape().iter().map(|axis| format!("{axis}, ")).collect();
    if tensor.shape().len() > 1 {
        shape.truncate(shape.len() - 2);
    }
    let mut header =
        format!("{{'descr': '{code}', 'fortran_order': False, 'shape': ({}), }}", shape.trim_end());
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
    use ndarray::{ArrayD, arr2};

    use super::*;

    #[test]
    fn shapes_are_written_as_numpy_does() {
        for (shape, text) in [(vec![], "()"), (vec![3], "(3,)"), (vec![3, 1], "(3, 1)")] {
            let tensor = Tensor::from(ArrayD::from_elem(shape, 1u8));
            let bytes = write(&tensor);
            let written = String::from_utf8_lossy(&bytes).into_owned();
            assert!(
                written.contains(&format!("'descr': '|u1', 'fortran_order': False, 'shape': {text}, }}"))
            );
            let count: usize = tensor.shape().iter().product();
            assert_eq!((bytes.len() - count) % ALIGNMENT, 0);
            assert_eq!(read(&bytes, "x", "file").unwrap(), (tensor, Dtype::U8));
        }
    }

    #[test]
    fn transposed_arrays_come_back_in_row_major_order() {
        let rows = Tensor::from(arr2(&[[1u8, 2, 3], [4, 5, 6]]));
        let mut bytes = write(&rows);
        let length = bytes.len();
        let flag = bytes.windows(5).position(|window| window == b"False").unwrap();
        bytes[flag..flag + 5].copy_from_slice(b"True ");
        bytes[length - 6..].copy_from_slice(&[1, 4, 2, 5, 3, 6]);
        assert_eq!(read(&bytes, "x", "file").unwrap().0, rows);
    }
}
