//! Runs other programs, with their output shown, and one sentence when a program is missing or fails.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use anyhow::{Result, anyhow, bail};

use crate::{process, project};

/// How to install a program, for the error that it is missing.
fn hint(program: &str) -> &'static str {
    match program {
        "npm" | "node" => "install Node.js 20 or newer, which brings npm",
        "cargo" | "rustc" | "rustup" => "install Rust through rustup",
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

/// Timeout of every program: on the slowest machine none takes this long unless it hangs.
const LIMIT: Duration = Duration::from_secs(60 * 60);

/// Runs a program to its end and shows its output.
///
/// # Errors
/// The program is missing or exits with a failure; `failed` is the message for the latter.
pub fn run(command: &mut Command, failed: &str) -> Result<()> {
    run_within(LIMIT, command, failed)
}

/// [`run`] with a timeout, after which the program and its child processes are terminated.
///
/// # Errors
/// As [`run`], and after the timeout.
pub fn run_within(limit: Duration, command: &mut Command, failed: &str) -> Result<()> {
    let ended = process::run_to_exit(command, limit).map_err(|error| match error.downcast_ref() {
        Some(error) => not_started(command, error),
        None => error.context(failed.to_owned()),
    })?;
    if !ended.success() {
        bail!("{failed}");
    }
    Ok(())
}

/// Runs a program to its end and captures its output; shows it only if the program fails.
///
/// # Errors
/// The program is missing or exits with a failure: `failed`, and the reason from its standard error.
pub fn run_quietly(command: &mut Command, failed: &str) -> Result<Output> {
    let output = command.output().map_err(|error| not_started(command, &error))?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    bail!("{failed} ({} said: {})", name(command), reason(&said))
}

/// The most informative line of a program's standard error: the first that starts with `error`, else the last.
fn reason(said: &str) -> &str {
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_error = |line: &&str| {
        let line = line.to_lowercase();
        ["error", "npm error", "e:"].iter().any(|start| line.starts_with(start))
    };
    lines().find(is_error).or_else(|| lines().next_back()).unwrap_or("nothing")
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

/// npm, which has another file name on Windows.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_told_with_what_to_install() {
        let error = run(&mut command("/nowhere/npm"), "it failed").unwrap_err().to_string();
        assert_eq!(error, "npm was not found; install Node.js 20 or newer, which brings npm");
    }

    #[test]
    fn a_failing_program_ends_with_one_sentence() {
        let mut rustc = command("rustc");
        let error =
            run_quietly(rustc.arg("/nowhere/main.rs"), "it does not compile").unwrap_err().to_string();
        assert!(error.starts_with("it does not compile (rustc said: error"), "{error}");
        assert_eq!(error.lines().count(), 1);
    }

    #[test]
    fn the_first_error_says_more_than_the_last_line() {
        let npm = "npm error code ECONNREFUSED\nnpm error A complete log of this run is elsewhere\n";
        assert_eq!(reason(npm), "npm error code ECONNREFUSED");
        assert_eq!(reason("one\ntwo\n\n"), "two");
        assert_eq!(reason(""), "nothing");
    }
}
