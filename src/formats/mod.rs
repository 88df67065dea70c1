//! The files of other programs: what Keras writes, and what we write for it.
//!
//! Everything goes from bytes to bytes, so that the page and the command line read and write the same. No bytes make a
//! reader panic: what cannot be read is an [`Error`](crate::Error) that says what is wrong.

pub mod foreign;
pub mod keras;
