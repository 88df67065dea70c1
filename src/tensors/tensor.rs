//! An array whose type of number is known at run time, as files hold them.

use ndarray::{Array, ArrayD, Dimension, IxDyn, ShapeBuilder};
use safetensors::Dtype;

use super::scalar::Scalar;
use crate::{Error, Result};

/// An array with its shape; a scalar has the shape `[]`.
#[derive(Debug, Clone, PartialEq)]
pub enum Tensor {
    /// 32-bit floats; 16-bit and 64-bit ones become these.
    F32(ArrayD<f32>),
    /// 32-bit integers; smaller signed ones and unsigned 16-bit ones become these.
    I32(ArrayD<i32>),
    /// 64-bit integers; unsigned 32-bit ones become these.
    I64(ArrayD<i64>),
    /// Bytes; booleans become these.
    U8(ArrayD<u8>),
}

macro_rules! from_arrays {
    ($($number:ty: $variant:ident),*) => {$(
        impl<D: Dimension> From<Array<$number, D>> for Tensor {
            fn from(array: Array<$number, D>) -> Self {
                Self::$variant(array.into_dyn())
            }
        }
    )*};
}

from_arrays!(f32: F32, i32: I32, i64: I64, u8: U8);

/// In which order the numbers of an array stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// The last axis runs fastest, as in C.
    RowMajor,
    /// The first axis runs fastest, as in Fortran and as numpy writes a transposed array.
    #[cfg_attr(not(feature = "formats"), allow(dead_code))] // only npz files have it
    ColumnMajor,
}

impl Tensor {
    /// The tensor of `shape` whose numbers stand little-endian in `bytes`; none if there is no such type here, or if
    /// there are not as many numbers as the shape says.
    pub(super) fn from_le(dtype: Dtype, shape: &[usize], order: Order, bytes: &[u8]) -> Option<Self> {
        /// Reads numbers of the type `T` and widens or rounds them to `U`.
        fn read<T: Scalar, U>(
            (shape, order, bytes): (&[usize], Order, &[u8]),
            convert: impl Fn(T) -> U,
        ) -> Option<ArrayD<U>> {
            let values = T::from_le(bytes).into_iter().map(convert).collect();
            let shape = IxDyn(shape).set_f(order == Order::ColumnMajor);
            ArrayD::from_shape_vec(shape, values).ok()
        }
        let array = (shape, order, bytes);
        Some(match dtype {
            Dtype::F32 => Self::F32(read(array, |v: f32| v)?),
            Dtype::F64 => Self::F32(read(array, |v: f64| v as f32)?),
            Dtype::F16 => Self::F32(read(array, half::f16::to_f32)?),
            Dtype::BF16 => Self::F32(read(array, half::bf16::to_f32)?),
            Dtype::I8 => Self::I32(read(array, |v: i8| v.into())?),
            Dtype::I16 => Self::I32(read(array, |v: i16| v.into())?),
            Dtype::U16 => Self::I32(read(array, |v: u16| v.into())?),
            Dtype::I32 => Self::I32(read(array, |v: i32| v)?),
            Dtype::U32 => Self::I64(read(array, |v: u32| v.into())?),
            Dtype::I64 => Self::I64(read(array, |v: i64| v)?),
            Dtype::U8 | Dtype::BOOL => Self::U8(read(array, |v: u8| v)?),
            _ => return None,
        })
    }

    /// The type of the numbers and their little-endian bytes, row-major.
    pub(super) fn to_le(&self) -> (Dtype, Vec<u8>) {
        fn write<T: Scalar>(array: &ArrayD<T>) -> (Dtype, Vec<u8>) {
            (T::DTYPE, T::to_le(array.iter().copied()))
        }
        match self {
            Self::F32(array) => write(array),
            Self::I32(array) => write(array),
            Self::I64(array) => write(array),
            Self::U8(array) => write(array),
        }
    }

    /// The size of each axis.
    pub fn shape(&self) -> &[usize] {
        match self {
            Self::F32(array) => array.shape(),
            Self::I32(array) => array.shape(),
            Self::I64(array) => array.shape(),
            Self::U8(array) => array.shape(),
        }
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

    /// The numbers as floats.
    ///
    /// # Errors
    /// If they are integers, or one is NaN or infinite; `name` names the tensor.
    pub fn floats(&self, name: &str) -> Result<&ArrayD<f32>> {
        let Self::F32(array) = self else {
            return Err(Error::value(format!("the type of `{name}`"), "f32", self.type_name()));
        };
        match array.iter().find(|value| !value.is_finite()) {
            Some(value) => Err(Error::value(format!("every number of `{name}`"), "finite", value)),
            None => Ok(array),
        }
    }

    /// The numbers as floats, whole numbers too.
    ///
    /// # Errors
    /// If one is NaN or infinite; `name` names the tensor.
    pub fn to_floats(&self, name: &str) -> Result<ArrayD<f32>> {
        match self {
            Self::F32(_) => self.floats(name).cloned(),
            Self::I32(array) => Ok(array.mapv(|v| v as f32)),
            Self::I64(array) => Ok(array.mapv(|v| v as f32)),
            Self::U8(array) => Ok(array.mapv(f32::from)),
        }
    }

    /// The numbers as ids.
    ///
    /// # Errors
    /// If they are floats, or one is negative or does not fit 32 bits; `name` names the tensor.
    pub fn ids(&self, name: &str) -> Result<ArrayD<u32>> {
        let id = |value: i64| {
            u32::try_from(value)
                .map_err(|_| Error::value(format!("every id of `{name}`"), "from 0 to 4294967295", value))
        };
        match self {
            Self::I32(array) => try_map(array, |v| id(i64::from(v))),
            Self::I64(array) => try_map(array, id),
            Self::U8(array) => Ok(array.mapv(u32::from)),
            Self::F32(_) => Err(Error::value(format!("the type of `{name}`"), "i32 or i64", "f32")),
        }
    }

    /// The numbers as yes and no.
    ///
    /// # Errors
    /// If they are floats or anything but 0 and 1; `name` names the tensor.
    pub fn flags(&self, name: &str) -> Result<ArrayD<bool>> {
        if matches!(self, Self::F32(_)) {
            return Err(Error::value(format!("the type of `{name}`"), "u8", "f32"));
        }
        try_map(&self.ids(name)?, |id| match id {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(Error::value(format!("every number of `{name}`"), "0 or 1", other)),
        })
    }
}

/// An array of the same shape with `convert` applied to each number, or the first error.
fn try_map<T: Copy, U>(array: &ArrayD<T>, convert: impl Fn(T) -> Result<U>) -> Result<ArrayD<U>> {
    let values = array.iter().map(|value| convert(*value)).collect::<Result<Vec<U>>>()?;
    Ok(ArrayD::from_shape_vec(array.raw_dim(), values)
        .unwrap_or_else(|e| unreachable!("one number is made of each: {e}")))
}

#[cfg(test)]
mod tests {
    use ndarray::{arr0, arr1};

    use super::*;

    #[test]
    fn a_tensor_has_as_many_numbers_as_its_shape_says() {
        let read = |shape: &[usize], bytes: usize| {
            Tensor::from_le(Dtype::F32, shape, Order::RowMajor, &vec![0; bytes])
        };
        assert_eq!(read(&[2, 3], 24).unwrap().shape(), [2, 3]);
        assert_eq!(read(&[], 4), Some(arr0(0.0f32).into()));
        assert_eq!(read(&[2, 3], 20), None);
        assert_eq!(read(&[usize::MAX, 2], 0), None);
        assert_eq!(read(&[0, usize::MAX, usize::MAX], 0), None);
    }

    #[test]
    fn every_type_of_a_file_becomes_one_of_four() {
        let read = |dtype, bytes: &[u8]| Tensor::from_le(dtype, &[1], Order::RowMajor, bytes).unwrap();
        assert_eq!(read(Dtype::F64, &(-2.5f64).to_le_bytes()), arr1(&[-2.5f32]).into());
        // 1.5 is 0 01111 1000000000 as a half, and 0 01111111 1000000 as a bfloat16.
        assert_eq!(read(Dtype::F16, &[0x00, 0x3e]), arr1(&[1.5f32]).into());
        assert_eq!(read(Dtype::BF16, &[0xc0, 0x3f]), arr1(&[1.5f32]).into());
        assert_eq!(read(Dtype::I8, &[0xff]), arr1(&[-1i32]).into());
        assert_eq!(read(Dtype::U16, &[0xff, 0xff]), arr1(&[65535i32]).into());
        assert_eq!(read(Dtype::U32, &[0xff; 4]), arr1(&[4_294_967_295i64]).into());
        assert_eq!(read(Dtype::BOOL, &[1]), arr1(&[1u8]).into());
        assert_eq!(Tensor::from_le(Dtype::U64, &[1], Order::RowMajor, &[0; 8]), None);
    }

    #[test]
    fn numbers_that_cannot_serve_are_named() {
        let message = |e: Error| e.to_string();
        let nan = Tensor::from(arr1(&[1.0, f32::NAN]));
        assert_eq!(message(nan.floats("x").unwrap_err()), "every number of `x` must be finite, found NaN");
        assert_eq!(message(nan.ids("x").unwrap_err()), "the type of `x` must be i32 or i64, found f32");
        assert!(message(Tensor::from(arr1(&[-4i64])).ids("x").unwrap_err()).ends_with("found -4"));
        assert!(message(Tensor::from(arr1(&[2u8])).flags("mask").unwrap_err()).contains("0 or 1"));
    }
}
