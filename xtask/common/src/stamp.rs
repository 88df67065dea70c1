//! Fingerprints of inputs, stored beside the outputs, so that only what changed is built again.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::project;

/// The SHA-256 of `bytes` in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// A SHA-256.
pub struct Sum(pub [u8; 32]);

/// The SHA-256 of `bytes`.
pub fn sum(bytes: &[u8]) -> Sum {
    Sum(Sha256::digest(bytes).into())
}

impl Sum {
    /// In hexadecimal digits.
    pub fn hexadecimal(&self) -> String {
        hexadecimal(&self.0)
    }

    /// In base64, as browsers have it.
    pub fn base64(&self) -> String {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::new();
        for three in self.0.chunks(3) {
            let bits =
                three.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
            let digit = |k: usize| char::from(DIGITS[(bits >> (18 - 6 * k) & 63) as usize]);
            text.extend((0..=three.len()).map(digit));
            text.extend((three.len()..3).map(|_| '='));
        }
        text
    }
}

/// The SHA-256 of a file.
///
/// # Errors
/// The file cannot be read.
pub fn sha256_of_file(path: &Path) -> Result<String> {
    let unreadable = || format!("{} cannot be read", project::shown(path));
    let mut file = fs::File::open(path).with_context(unreadable)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).with_context(unreadable)? {
            0 => return Ok(hexadecimal(&digest.finalize())),
            n => digest.update(&buffer[..n]),
        }
    }
}

/// One fingerprint of the names and contents of files; of a folder, all files in it.
///
/// # Errors
/// A file or folder cannot be read.
pub fn fingerprint(paths: &[PathBuf]) -> Result<String> {
    let mut digest = Sha256::new();
    for path in paths {
        for file in files_in(path)? {
            digest.update(project::shown(&file).as_bytes());
            digest.update(sha256_of_file(&file)?.as_bytes());
        }
    }
    Ok(hexadecimal(&digest.finalize()))
}

/// All files at and below `path`, sorted by name.
///
/// # Errors
/// A folder cannot be read.
pub fn files_in(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut entries = fs::read_dir(path)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>())
        .with_context(|| format!("{} cannot be read", project::shown(path)))?;
    entries.sort();
    let mut files = Vec::new();
    for entry in entries {
        files.extend(files_in(&entry)?);
    }
    Ok(files)
}

/// True when `stamp` holds `fingerprint`.
pub fn is_fresh(stamp: &Path, fingerprint: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|held| held == fingerprint)
}

/// Writes a file and the folders above it.
///
/// # Errors
/// No room or no permission.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    let failed = || format!("{} cannot be written", project::shown(path));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(failed)?;
    }
    fs::write(path, content).with_context(failed)
}

fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_written_as_in_the_standards() {
        let known = sum(b"abc");
        assert_eq!(known.base64(), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
        assert_eq!(known.hexadecimal(), sha256(b"abc"));
    }
}
