//! `cargo xtask test`: all set-up, then every test there is.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::browser::{self, Browser};
use crate::progress::Steps;
use crate::{bindings, command, data, page, python, rust_tools, server};

/// Sets up and runs everything; the first failure ends it.
///
/// # Errors
/// Something is missing, or a test fails.
pub fn run() -> Result<()> {
    let mut steps = Steps::new(15);
    let browser = steps.run("Chromium and chromedriver", browser::ensure)?;
    let python = steps.run("Python with numpy", python::ensure_numpy)?;
    steps.run("rustfmt and clippy", rust_tools::ensure_components)?;
    steps.run("Formatting", || {
        cargo(&["fmt", "--all", "--check"], "the formatting differs; run `cargo fmt --all`")
    })?;
    steps.run("Engine for the browser", bindings::build_with_relaxed)?;
    steps.run("Packages of the page", page::build)?;
    steps.run("Data sets", data::build)?;
    steps.run("Clippy", || clippy(&["--workspace", "--all-targets"]))?;
    steps.run("Clippy for the browser", || {
        clippy(&["-p", "unrolled", "--lib", "--tests", "--target", rust_tools::WASM])
    })?;
    steps.run("Native tests", || native_tests(&python))?;
    let wasm_pack = steps.run("wasm-pack and its runner", rust_tools::ensure_wasm_pack)?;
    steps.run("Tests of the engine in the browser", || browser_tests(&wasm_pack, &browser))?;
    steps.run("Types of the page", || page::script("check", "the page has type errors"))?;
    steps.run("Unit tests of the page", || script("test:unit", &mut command::npm()))?;
    steps.run("End-to-end tests", || end_to_end(&browser))?;
    eprintln!("All tests passed, {}.", steps.elapsed());
    Ok(())
}

fn cargo(arguments: &[&str], failed: &str) -> Result<()> {
    command::run(command::command("cargo").args(arguments), failed)
}

fn clippy(arguments: &[&str]) -> Result<()> {
    let arguments = [&["clippy"], arguments, &["--", "-D", "warnings"]].concat();
    cargo(&arguments, "clippy has found something; the messages above say what")
}

fn native_tests(python: &Path) -> Result<()> {
    command::run(
        command::command("cargo").args(["test", "--workspace"]).env("UNROLLED_PYTHON", python),
        "a native test fails; the messages above say which",
    )
}

fn browser_tests(wasm_pack: &Path, browser: &Browser) -> Result<()> {
    command::run(
        command::command(wasm_pack)
            .args(["test", "--headless", "--chrome", "--chromedriver"])
            .arg(&browser.driver)
            .env("PATH", rust_tools::path_with_runner()?),
        "a test of the engine in the browser fails; the messages above say which",
    )
}

fn end_to_end(browser: &Browser) -> Result<()> {
    let address = server::start(server::bind(0)?)?;
    script("test:e2e", command::npm().env("UNROLLED_URL", address).env("CHROMIUM", &browser.chromium))
}

fn script(name: &str, npm: &mut Command) -> Result<()> {
    let failed = format!("`npm run {name}` fails; the messages above say which test");
    command::run(npm.args(["run", "--silent", name]), &failed)
}
