//! Other programs: started with their output in view, and a sentence when one is missing or fails.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Result, anyhow, bail};

use crate::project;

/// Where a program comes from, for the sentence that says it is missing.
fn hint(program: &str) -> &'static str {
    match program {
        "npm" | "node" => "install Node.js 20 or newer, which brings npm",
        "cargo" | "rustup" => "install Rust through rustup",
        "python3" => "install Python 3.11 or newer with pip",
        _ => "install it and try again",
    }
}

/// A command in the repository's root.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(project::root()).stdin(Stdio::null());
    command
}

/// Runs to the end with the output in view.
///
/// # Errors
/// The program is missing or ends with a failure; `failed` is the sentence for the latter.
pub fn run(command: &mut Command, failed: &str) -> Result<()> {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if !status.success() {
        bail!("{failed}");
    }
    Ok(())
}

/// Runs to the end and keeps the output; shows it only when the program fails.
///
/// # Errors
/// The program is missing or ends with a failure: `failed`, and the last line that it wrote to standard error.
pub fn run_quietly(command: &mut Command, failed: &str) -> Result<Output> {
    let output = command.output().map_err(|error| not_started(command, &error))?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or("nothing");
    bail!("{failed} ({} said: {last})", name(command))
}

/// True when `program ARGUMENTS` can be started and succeeds.
pub fn succeeds(program: impl AsRef<OsStr>, arguments: &[&str]) -> bool {
    command(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

/// The first of `programs` that is in `PATH`.
pub fn find(programs: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    let suffix = std::env::consts::EXE_SUFFIX;
    programs
        .iter()
        .flat_map(|program| folders.iter().map(move |folder| folder.join(format!("{program}{suffix}"))))
        .find(|candidate| candidate.is_file())
}

/// npm, whose name differs on Windows.
pub fn npm() -> Command {
    command(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

fn name(command: &Command) -> String {
    Path::new(command.get_program()).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn not_started(command: &Command, error: &std::io::Error) -> anyhow::Error {
    let program = name(command);
    match error.kind() {
        ErrorKind::NotFound => anyhow!("{program} was not found; {}", hint(&program)),
        _ => anyhow!("{program} could not be started: {error}"),
    }
}
