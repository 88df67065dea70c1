//! Relaxed arithmetic in the packages of the workspace.
//!
//! Flags for all packages would compile the libraries once more, which takes as long as the engine itself and changes
//! nothing in them. Cargo knows no flags for some packages, but a wrapper of rustc for those of the workspace: this
//! program is one while an environment variable says so.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::{env, fs};

use anyhow::{Context, Result};

use crate::{project, rust_tools};

/// Set while this program is rustc's wrapper.
const VARIABLE: &str = "UNROLLED_RELAXED_RUSTC";

/// The instructions that round as the processor likes.
const FLAG: &str = "-Ctarget-feature=+relaxed-simd";

/// A copy of this program that can compile with relaxed arithmetic.
pub struct Wrapper(PathBuf);

impl Wrapper {
    /// Copies this program, since it may be compiled anew, and thereby removed, while it runs: `cargo xtask test`
    /// compiles the whole workspace.
    ///
    /// # Errors
    /// It cannot be copied into `target/tools`.
    pub fn new() -> Result<Self> {
        let folder = project::target().join("tools");
        let to = folder.join(format!("rustc-with-relaxed-arithmetic{}", env::consts::EXE_SUFFIX));
        fs::create_dir_all(&folder)
            .and_then(|()| if to.exists() { fs::remove_file(&to) } else { Ok(()) })
            .and_then(|()| env::current_exe())
            .and_then(|this| fs::copy(this, &to))
            .with_context(|| format!("{} cannot be written", project::shown(&to)))?;
        Ok(Self(to))
    }

    /// Makes a command that runs cargo compile the workspace's packages with relaxed arithmetic.
    pub fn apply(&self, cargo: &mut Command) {
        cargo.env("RUSTC_WORKSPACE_WRAPPER", &self.0).env(VARIABLE, "1");
    }
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
