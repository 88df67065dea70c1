//! What belongs to Rust: the target of the browser, rustfmt and clippy, and the pinned programs for browser tests.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

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
    // The folder exists as soon as anything was installed for the target; the core library says that it is whole.
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

/// The version of `package` that `Cargo.lock` holds.
///
/// # Errors
/// `Cargo.lock` is missing or does not hold the package.
pub fn locked_version(package: &str) -> Result<String> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        version: String,
    }
    let text = fs::read_to_string(project::root().join("Cargo.lock")).context("Cargo.lock cannot be read")?;
    let lock: Lock = toml::from_str(&text).context("Cargo.lock cannot be understood")?;
    match lock.package.into_iter().find(|held| held.name == package) {
        Some(held) => Ok(held.version),
        None => bail!("Cargo.lock holds no {package}; run `cargo update --workspace`"),
    }
}

/// Installs `wasm-pack`, and the test runner that it wants, into `target/tools`; returns wasm-pack's path.
///
/// # Errors
/// A program cannot be compiled, mostly because there is no network.
pub fn ensure_wasm_pack() -> Result<PathBuf> {
    ensure_installed("wasm-pack", "wasm-pack", WASM_PACK)?;
    // wasm-pack would download a runner of the version in Cargo.lock; it takes this one, as it is first in PATH.
    ensure_installed("wasm-bindgen-cli", "wasm-bindgen", &locked_version("wasm-bindgen")?)?;
    Ok(tools().join("bin").join(format!("wasm-pack{}", env::consts::EXE_SUFFIX)))
}

/// `PATH` with `target/tools/bin` in front.
///
/// # Errors
/// The path of the repository cannot stand in `PATH`, because it holds a separator.
pub fn path_with_tools() -> Result<OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(tools().join("bin")).chain(env::split_paths(&old));
    env::join_paths(folders)
        .context("the path of the repository holds a character that PATH cannot hold; move it")
}

fn tools() -> PathBuf {
    project::target().join("tools")
}

fn ensure_installed(package: &str, program: &str, version: &str) -> Result<()> {
    let path = tools().join("bin").join(format!("{program}{}", env::consts::EXE_SUFFIX));
    let found = command::command(&path).arg("--version").output();
    if found
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == format!("{program} {version}"))
    {
        return Ok(());
    }
    progress::say(format!("compiling {package} {version}, once, into {}", project::shown(&tools())));
    command::run(
        command::command("cargo")
            .args(["install", package, "--version", version, "--locked", "--force", "--root"])
            .arg(tools())
            // These programs run for a second; compiling them for speed would take longer than it saves.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
        &format!("{package} {version} could not be installed; check the network connection and try again"),
    )
}
