//! Numbers as files hold them, little-endian: the only place where bytes become numbers and numbers bytes.

use safetensors::Dtype;

/// A type of number that files hold.
pub trait Scalar: Copy {
    /// The type's name in safetensors files.
    const DTYPE: Dtype;

    /// The numbers in `bytes`; what is left over at the end is not read.
    fn from_le(bytes: &[u8]) -> Vec<Self>;

    /// The bytes of `values`.
    fn to_le(values: impl IntoIterator<Item = Self>) -> Vec<u8>;
}

macro_rules! scalars {
    ($($number:ty: $dtype:ident),* $(,)?) => {$(
        impl Scalar for $number {
            const DTYPE: Dtype = Dtype::$dtype;

            fn from_le(bytes: &[u8]) -> Vec<Self> {
                bytes.as_chunks().0.iter().map(|bytes| Self::from_le_bytes(*bytes)).collect()
            }

            fn to_le(values: impl IntoIterator<Item = Self>) -> Vec<u8> {
                values.into_iter().flat_map(Self::to_le_bytes).collect()
            }
        }
    )*};
}

scalars! {
    f32: F32, f64: F64,
    u8: U8, i8: I8, u16: U16, i16: I16, u32: U32, i32: I32, i64: I64,
    half::f16: F16, half::bf16: BF16,
}
