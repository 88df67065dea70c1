//! Writes what the page needs of the engine's own code before the engine is there. `cargo xtask` runs it: a program of
//! its own, so that `cargo xtask` itself starts without compiling the engine.

use std::env;
use std::process::ExitCode;

use anyhow::{Result, bail};
use xtask_common::{command, process, progress, project, python, stamp};

mod cells;
mod data;
mod experiments;

fn main() -> ExitCode {
    progress::exit_code(run())
}

fn run() -> Result<()> {
    process::handle_signals()?;
    match env::args().nth(1).as_deref() {
        Some("data") => data::build(),
        Some("facts") => cells::write().and_then(|()| experiments::write()),
        _ => bail!("this program is run by `cargo xtask`, with `data` or `facts`"),
    }
}
