//! Which of the two containers a file is.

use super::named::Tensors;
use super::{npz, safetensors};
use crate::Result;

/// A file that holds named tensors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// The format of the package `safetensors`.
    Safetensors,
    /// numpy's `savez` and `savez_compressed`.
    Npz,
}

impl Container {
    /// The kind of container that `bytes` begin like; whatever is no zip archive counts as safetensors.
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.starts_with(b"PK") { Self::Npz } else { Self::Safetensors }
    }
}

impl Tensors {
    /// Reads the tensors of a safetensors or npz file; `what` names the file in errors.
    ///
    /// # Errors
    /// If the bytes are neither, or are broken.
    pub fn from_bytes(bytes: &[u8], what: &str) -> Result<Self> {
        match Container::of(bytes) {
            Container::Npz => npz::read(bytes, what),
            Container::Safetensors => safetensors::read(bytes, what),
        }
    }

    /// The bytes of a file with these tensors.
    ///
    /// # Errors
    /// If the format cannot hold them: more than 4 GB.
    pub fn to_bytes(&self, container: Container) -> Result<Vec<u8>> {
        match container {
            Container::Npz => npz::write(self),
            Container::Safetensors => safetensors::write(self),
        }
    }
}
