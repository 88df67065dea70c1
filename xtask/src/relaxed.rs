//! Relaxed arithmetic in the packages of the workspace.
//!
//! Flags for all packages would compile the libraries once more, which takes as long as the engine itself and changes
//! nothing in them. Cargo knows no flags for some packages, but a wrapper of rustc for those of the workspace: this
//! program is one while an environment variable says so.

use std::env;
use std::ffi::OsStr;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::rust_tools;

/// Set while this program is rustc's wrapper.
const VARIABLE: &str = "UNROLLED_RELAXED_RUSTC";

/// The instructions that round as the processor likes.
const FLAG: &str = "-Ctarget-feature=+relaxed-simd";

/// Makes a command that runs cargo compile the workspace's packages with relaxed arithmetic.
///
/// # Errors
/// This program does not know where it is.
pub fn with_relaxed_arithmetic(cargo: &mut Command) -> Result<()> {
    let this = env::current_exe().context("the path of xtask is not known")?;
    cargo.env("RUSTC_WORKSPACE_WRAPPER", this).env(VARIABLE, "1");
    Ok(())
}

/// Runs rustc with the flag for it, if cargo has called this program as its wrapper.
pub fn as_wrapper() -> Option<ExitCode> {
    env::var_os(VARIABLE)?;
    let mut arguments = env::args_os().skip(1);
    let mut rustc = Command::new(arguments.next()?);
    let arguments: Vec<_> = arguments.collect();
    rustc.args(&arguments);
    if arguments.iter().any(|one| one == OsStr::new(rust_tools::WASM)) {
        rustc.arg(FLAG);
    }
    let succeeded = rustc.status().is_ok_and(|status| status.success());
    Some(if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
