//! numpy's npz: a zip archive of npy files.

use safetensors::Dtype;

use super::named::Tensors;
use super::{archive, npy};
use crate::Result;

/// Reads all arrays of an npz file.
pub fn read(bytes: &[u8], what: &str) -> Result<Tensors> {
    let mut tensors = Tensors::new();
    for (file, content) in archive::unpack(bytes, what)? {
        let Some(name) = file.strip_suffix(".npy") else { continue };
        let (tensor, dtype) = npy::read(&content, name, what)?;
        if dtype == Dtype::F16 {
            tensors.note_widened(name);
        }
        tensors.insert(name, tensor);
    }
    Ok(tensors)
}

/// The bytes of an npz file, as `numpy.savez` writes it.
pub fn write(tensors: &Tensors) -> Result<Vec<u8>> {
    archive::pack(&files(tensors))
}

/// The bytes of a smaller npz file, as `numpy.savez_compressed` writes it.
pub fn write_compressed(tensors: &Tensors) -> Result<Vec<u8>> {
    archive::pack_compressed(&files(tensors))
}

fn files(tensors: &Tensors) -> Vec<(String, Vec<u8>)> {
    tensors.iter().map(|(name, tensor)| (format!("{name}.npy"), npy::write(tensor))).collect()
}
