//! Python: pip for the data packages, and an environment with numpy that the tests compare with.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::{apt, command, progress, project, stamp};

const NUMPY: &str = "2.3.5";

/// A command that runs pip.
///
/// # Errors
/// There is no Python with pip.
pub fn pip() -> Result<Command> {
    for python in ["python3", "python"] {
        if command::succeeds(python, &["-m", "pip", "--version"]) {
            let mut pip = command::command(python);
            pip.args(["-m", "pip"]);
            return Ok(pip);
        }
    }
    for pip in ["pip3", "pip"] {
        if command::succeeds(pip, &["--version"]) {
            return Ok(command::command(pip));
        }
    }
    bail!("pip was not found; install Python 3.11 or newer with pip")
}

/// An environment in `target/python` with numpy; returns its Python.
///
/// # Errors
/// Python is missing or numpy cannot be installed.
pub fn ensure_numpy() -> Result<PathBuf> {
    let folder = project::target().join("python");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let made = folder.join(".made-from");
    let wanted = format!("numpy {NUMPY}");
    if stamp::is_fresh(&made, &wanted) && command::succeeds(&python, &["-c", "import numpy"]) {
        return Ok(python);
    }
    progress::say(format!("making a Python environment with {wanted} in {}", project::shown(&folder)));
    make_environment(&folder)?;
    command::run_quietly(
        command::command(&python).args(["-m", "pip", "install", "--quiet", &format!("numpy=={NUMPY}")]),
        &format!("{wanted} could not be installed; check the network connection and try again"),
    )?;
    stamp::write(&made, wanted)?;
    Ok(python)
}

fn make_environment(folder: &PathBuf) -> Result<()> {
    let Some(python) = command::find(&["python3", "python"]) else {
        bail!("Python was not found; install Python 3.11 or newer with pip");
    };
    // Debian splits the part of Python that makes environments off.
    if !command::succeeds(&python, &["-c", "import venv, ensurepip"]) {
        apt::install(&["python3-venv"], "Python's module venv is")?;
    }
    command::run_quietly(
        command::command(&python).args(["-m", "venv", "--clear"]).arg(folder),
        "Python could not make an environment",
    )?;
    Ok(())
}
