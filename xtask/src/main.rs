//! `cargo xtask`: everything between a fresh machine and the page, one command each.
//!
//! Each command does the set-up that it needs, says what it is doing, and ends at the first thing that is missing or
//! broken with one sentence.

use std::ffi::OsStr;
use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::prelude::*;
use xtask_common::{apt, command, process, progress, project, python, stamp};

mod bindings;
mod browser;
mod build;
mod dist;
mod pack;
mod page;
mod relaxed;
mod rust_tools;
mod serve;
mod server;
mod site;
mod test;

const USAGE: &str = "\
cargo xtask COMMAND

  serve [--port N] [--open] [--relaxed]
                     builds what changed and serves the page on 127.0.0.1
  test [--only-chromium]
                     sets up and runs every test
  wasm-pack          the tests in a browser again, as wasm-pack runs them
  build [--relaxed] [--bench]
                     the engine for the browser and the page's packages
  data               fetches, checks and packs the data sets
  dist               a folder for any static host

  --only-chromium leaves out the tests in Firefox and WebKit, for machines on
  which they cannot be installed.
  --relaxed also builds the engine with matrix products that are faster on some
  processors and not reproducible; dist always does, and the page offers it.
  --bench builds the benchmarks with them too.";

fn main() -> ExitCode {
    if let Some(ended) = relaxed::as_wrapper() {
        return ended;
    }
    progress::exit_code(run())
}

fn run() -> Result<()> {
    let mut arguments = lexopt::Parser::from_env();
    let mut command = None;
    let mut options = serve::Options::default();
    let mut bench = false;
    let mut engines = test::Engines::All;
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(name) if command.is_none() => command = Some(name.string()?),
            Long("port") if command.as_deref() == Some("serve") => {
                options.port = Some(port(&arguments.value()?)?)
            }
            Long("open") if command.as_deref() == Some("serve") => options.open = true,
            Long("relaxed") if matches!(command.as_deref(), Some("serve" | "build")) => {
                options.relaxed = true
            }
            Long("only-chromium") if command.as_deref() == Some("test") => engines = test::Engines::Chromium,
            Long("bench") if command.as_deref() == Some("build") => bench = true,
            Long("help") | Short('h') => command = Some("help".to_owned()),
            _ => return Err(argument.unexpected().into()),
        }
    }
    process::handle_signals()?;
    match command.as_deref() {
        Some("serve") => serve::run(&options),
        Some("test") => test::run(engines),
        Some("wasm-pack") => test::run_with_wasm_pack(),
        Some("build") => build::run(options.relaxed, bench),
        Some("data") => pack::run(),
        Some("dist") => dist::run(),
        Some("help") | None => {
            println!("{USAGE}");
            Ok(())
        }
        Some(other) => {
            bail!("there is no command {other:?}; `cargo xtask help` lists them")
        }
    }
}

fn port(text: &OsStr) -> Result<u16> {
    match text.to_string_lossy().parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => bail!("`--port` needs a number from 1 to 65535, found {text:?}"),
    }
}
