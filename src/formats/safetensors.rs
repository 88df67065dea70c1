//! The format of the package `safetensors`.

use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::broken;
use super::tensor::{Numbers, Tensor, Tensors};
use crate::{Error, Result};

/// Reads a safetensors file.
pub fn read(bytes: &[u8], what: &str) -> Result<Tensors> {
    let file = SafeTensors::deserialize(bytes).map_err(|e| {
        broken(what, format!("this is not a whole safetensors or npz file ({e}); write it again"))
    })?;
    let mut tensors = Tensors::new();
    for (name, view) in file.iter() {
        let numbers = numbers(view.dtype(), view.data()).ok_or_else(|| {
            Error::value(
                format!("the type of `{name}` in {what}"),
                "F32, F64, I32, I64 or U8",
                format!("{:?}", view.dtype()),
            )
        })?;
        tensors.insert(name, Tensor::new(name, view.shape().to_vec(), numbers)?);
    }
    Ok(tensors)
}

fn numbers(dtype: Dtype, data: &[u8]) -> Option<Numbers> {
    Some(match dtype {
        Dtype::F32 => Numbers::F32(each(data, f32::from_le_bytes)),
        Dtype::F64 => Numbers::F32(each(data, |bytes| f64::from_le_bytes(bytes) as f32)),
        Dtype::I32 => Numbers::I32(each(data, i32::from_le_bytes)),
        Dtype::I64 => Numbers::I64(each(data, i64::from_le_bytes)),
        Dtype::I16 => Numbers::I32(each(data, |bytes| i16::from_le_bytes(bytes).into())),
        Dtype::U16 => Numbers::I32(each(data, |bytes| u16::from_le_bytes(bytes).into())),
        Dtype::U32 => Numbers::I64(each(data, |bytes| u32::from_le_bytes(bytes).into())),
        Dtype::U8 | Dtype::BOOL => Numbers::U8(data.to_vec()),
        _ => return None,
    })
}

/// Little-endian numbers of `N` bytes.
fn each<const N: usize, T>(data: &[u8], read: impl Fn([u8; N]) -> T) -> Vec<T> {
    data.as_chunks::<N>().0.iter().map(|bytes| read(*bytes)).collect()
}

/// The bytes of a safetensors file.
pub fn write(tensors: &Tensors) -> Result<Vec<u8>> {
    let arrays: Vec<(&str, Dtype, &[usize], Vec<u8>)> = tensors
        .iter()
        .map(|(name, tensor)| {
            let (dtype, bytes) = match tensor.numbers() {
                Numbers::F32(values) => (Dtype::F32, values.iter().flat_map(|v| v.to_le_bytes()).collect()),
                Numbers::I32(values) => (Dtype::I32, values.iter().flat_map(|v| v.to_le_bytes()).collect()),
                Numbers::I64(values) => (Dtype::I64, values.iter().flat_map(|v| v.to_le_bytes()).collect()),
                Numbers::U8(values) => (Dtype::U8, values.clone()),
            };
            (name, dtype, tensor.shape(), bytes)
        })
        .collect();
    arrays
        .iter()
        .map(|(name, dtype, shape, bytes)| Ok((*name, TensorView::new(*dtype, shape.to_vec(), bytes)?)))
        .collect::<std::result::Result<Vec<_>, _>>()
        .and_then(|views| safetensors::serialize(views, None))
        .map_err(|e| broken("the safetensors file", format!("it cannot be written ({e})")))
}
