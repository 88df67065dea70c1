//! Named arrays, and the two containers that hold them: safetensors and numpy's npz.
//!
//! Everything goes from bytes to bytes, so that the page and the command line read and write the same. No bytes make a
//! reader panic: what cannot be read is an [`Error`](crate::Error) that says what is wrong.

#[cfg(feature = "formats")]
pub mod archive;
#[cfg(feature = "formats")]
mod container;
mod named;
#[cfg(feature = "formats")]
pub mod npy;
#[cfg(feature = "formats")]
pub mod npz;
pub mod safetensors;
mod scalar;
mod tensor;

#[cfg(feature = "formats")]
pub use container::Container;
pub use named::Tensors;
pub use scalar::Scalar;
pub use tensor::Tensor;
