//! Zip archives: what npz and `.keras` files are.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::{Error, Result};

/// An archive that unpacks to more than this is refused: no model of this engine needs as much.
const MOST_BYTES: u64 = 1 << 30;

/// The files of an archive with their names, in the order of the archive.
pub fn unpack(bytes: &[u8], what: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let unreadable = |e: &dyn std::fmt::Display| {
        Error::format(what, format!("this zip archive is not whole ({e}); save or download it again"))
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| unreadable(&e))?;
    let (mut files, mut left) = (Vec::new(), MOST_BYTES);
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|e| unreadable(&e))?;
        if file.is_dir() {
            continue;
        }
        let name = file.name().map_err(|e| unreadable(&e))?.into_owned();
        let mut content = Vec::new();
        file.take(left + 1).read_to_end(&mut content).map_err(|e| unreadable(&e))?;
        left = left
            .checked_sub(content.len() as u64)
            .ok_or_else(|| Error::format(what, "it unpacks to more than 1 GB, which no model needs"))?;
        files.push((name, content));
    }
    Ok(files)
}

/// The names of the files of an archive.
pub fn names(bytes: &[u8]) -> Result<Vec<String>> {
    let unreadable = |e: &dyn std::fmt::Display| Error::format("the archive", e.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| unreadable(&e))?;
    let mut names = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(|e| unreadable(&e))?;
        names.push(file.name().map_err(|e| unreadable(&e))?.into_owned());
    }
    Ok(names)
}

/// Whether an archive holds a file `name`.
pub fn holds(bytes: &[u8], name: &str, what: &str) -> Result<bool> {
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| {
        Error::format(what, format!("this zip archive is not whole ({e}); save or download it again"))
    })?;
    Ok(archive.index_for_name(name).is_some())
}

/// An archive of `files`, not compressed: the same files always give the same bytes.
pub fn pack(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>> {
    pack_as(CompressionMethod::Stored, files)
}

/// An archive of `files`, compressed.
pub fn pack_compressed(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>> {
    pack_as(CompressionMethod::Deflated, files)
}

fn pack_as(method: CompressionMethod, files: &[(String, Vec<u8>)]) -> Result<Vec<u8>> {
    let failed =
        |e: &dyn std::fmt::Display| Error::format("the archive", format!("it cannot be written ({e})"));
    let options =
        SimpleFileOptions::default().compression_method(method).last_modified_time(zip::DateTime::DEFAULT);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        archive.start_file(name.as_str(), options).map_err(|e| failed(&e))?;
        archive.write_all(content).map_err(|e| failed(&e))?;
    }
    Ok(archive.finish().map_err(|e| failed(&e))?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_back() {
        let files = vec![("a/b.npy".to_owned(), vec![1, 2, 3]), ("c".to_owned(), Vec::new())];
        let bytes = pack(&files).unwrap();
        assert_eq!(unpack(&bytes, "x").unwrap(), files);
        assert_eq!(pack(&files).unwrap(), bytes);
    }

    #[test]
    fn a_bomb_is_refused_before_it_fills_the_memory() {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        archive.start_file("zeros", options).unwrap();
        let zeros = vec![0; 1 << 20];
        for _ in 0..1025 {
            archive.write_all(&zeros).unwrap();
        }
        let bytes = archive.finish().unwrap().into_inner();
        assert!(bytes.len() < 2 << 20);
        assert!(unpack(&bytes, "bomb.npz").unwrap_err().to_string().contains("more than 1 GB"));
    }
}
