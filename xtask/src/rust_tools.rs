//! The Rust tool chain: the wasm target, rustfmt and clippy, and the pinned programs for browser tests.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::{command, progress, project};

/// The target of the browser.
pub const WASM: &str = "wasm32-unknown-unknown";

const WASM_PACK: &str = "0.14.0";

/// Adds the target of the browser where it is missing.
///
/// # Errors
/// It is missing and rustup cannot add it.
pub fn ensure_wasm_target() -> Result<()> {
    let library = command::run_quietly(
        command::command("rustc").args(["--print", "target-libdir", "--target", WASM]),
        "rustc does not know the target of the browser; update Rust with `rustup update`",
    )?;
    let folder = PathBuf::from(String::from_utf8_lossy(&library.stdout).trim());
    // The folder may exist without a complete installation; the core library is its proof.
    let has_core = fs::read_dir(folder).is_ok_and(|entries| {
        entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libcore-"))
    });
    if has_core {
        return Ok(());
    }
    progress::say(format!("adding the Rust target {WASM}"));
    command::run_quietly(
        command::command("rustup").args(["target", "add", WASM]),
        &format!("the Rust target {WASM} is missing and could not be added; run `rustup target add {WASM}`"),
    )?;
    Ok(())
}

/// Where cargo keeps what it downloads.
///
/// # Errors
/// The user has no home.
pub fn cargo_home() -> Result<PathBuf> {
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(env::home_dir()?.join(".cargo")))
        .context("the folder of cargo is not known; set CARGO_HOME")
}

/// Adds rustfmt and clippy where they are missing.
///
/// # Errors
/// One is missing and rustup cannot add it.
pub fn ensure_components() -> Result<()> {
    for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if !command::succeeds("cargo", &[subcommand, "--version"]) {
            progress::say(format!("adding {component}"));
            command::run_quietly(
                command::command("rustup").args(["component", "add", component]),
                &format!(
                    "{component} is missing and could not be added; run `rustup component add {component}`"
                ),
            )?;
        }
    }
    Ok(())
}

/// What compiles the packages of the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compiler {
    /// Rust's.
    Rustc,
    /// Clippy, as [`with_clippy`]: what is compiled for the tests is compiled once.
    Clippy,
}

impl Compiler {
    /// A command that runs cargo with this compiler.
    pub fn cargo(self) -> Command {
        let mut cargo = command::command("cargo");
        if self == Self::Clippy {
            with_clippy(&mut cargo);
        }
        cargo
    }
}

/// Makes Clippy the compiler of the workspace's packages in a command that runs cargo; a warning fails the command.
/// This is what `cargo clippy -- -D warnings` does (`cargo-clippy` sets the same variables), but for compiling in place
/// of checking. Nothing is kept for incremental compiling, which would cost a fifth of the time of a fresh run.
pub fn with_clippy(command: &mut Command) -> &mut Command {
    command
        .env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver")
        .env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings")
        .env("CARGO_INCREMENTAL", "0")
}

/// Installs `wasm-pack` into `target/tools`; returns its path.
///
/// # Errors
/// It cannot be compiled, mostly because there is no network.
pub fn ensure_wasm_pack() -> Result<PathBuf> {
    let path = tools().join("bin").join(format!("wasm-pack{}", env::consts::EXE_SUFFIX));
    let found = command::command(&path).arg("--version").output();
    let is_there =
        found.is_ok_and(|output| output.stdout.trim_ascii() == format!("wasm-pack {WASM_PACK}").as_bytes());
    if !is_there {
        install_wasm_pack()?;
    }
    Ok(path)
}

/// `PATH` with the compiled test runner in front: wasm-pack takes the first one of the version in Cargo.lock, and would
/// download one otherwise.
///
/// # Errors
/// The path of the repository cannot stand in `PATH`, because it holds a separator.
pub fn path_with_runner() -> Result<OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    let folders = test_runner().parent().map(Path::to_path_buf).into_iter().chain(env::split_paths(&old));
    env::join_paths(folders)
        .context("the path of the repository holds a character that PATH cannot hold; move it")
}

/// wasm-bindgen's runner of tests, of the version in Cargo.lock: a program of this workspace.
pub fn test_runner() -> PathBuf {
    project::target().join("debug").join(format!("wasm-bindgen-test-runner{}", env::consts::EXE_SUFFIX))
}

/// Compiles [`test_runner`].
///
/// # Errors
/// It does not compile.
pub fn ensure_test_runner() -> Result<()> {
    command::run(
        command::command("cargo").args(["build", "--quiet", "--package", "bindgen"]),
        "the runner of tests in the browser does not compile; the messages above say why",
    )
}

fn tools() -> PathBuf {
    project::target().join("tools")
}

fn install_wasm_pack() -> Result<()> {
    progress::say(format!("compiling wasm-pack {WASM_PACK}, once, into {}", project::shown(&tools())));
    command::run(
        command::command("cargo")
            .args(["install", "wasm-pack", "--version", WASM_PACK, "--locked", "--force", "--root"])
            .arg(tools())
            // It runs for a second; compiling it for speed would take longer than it saves.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
        &format!("wasm-pack {WASM_PACK} could not be installed; check the network connection and try again"),
    )
}
