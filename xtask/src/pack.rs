//! What is written with the engine's own code, natively, by the program `xtask-pack`.

use anyhow::Result;
use xtask_common::command;

use crate::progress::Steps;
use crate::rust_tools::Compiler;

/// The data sets and nothing else.
///
/// # Errors
/// As [`data`].
pub fn run() -> Result<()> {
    Steps::new(1).run("Data sets", || data(Compiler::Rustc))
}

/// Makes `www/data` where it is missing, damaged or made by another version of the code.
///
/// # Errors
/// A package cannot be fetched, is not the pinned one, or does not hold what it should.
pub fn data(compiler: Compiler) -> Result<()> {
    pack("data", compiler, "the data sets could not be made; the message above says why")
}

/// Writes the modules in `www/generated`.
///
/// # Errors
/// A listing or a document of the project cannot be read, or the folder cannot be written.
pub fn facts(compiler: Compiler) -> Result<()> {
    pack("facts", compiler, "the modules in www/generated could not be written; the message above says why")
}

fn pack(what: &str, compiler: Compiler, failed: &str) -> Result<()> {
    command::run(compiler.cargo().args(["run", "--quiet", "--package", "xtask-pack", "--", what]), failed)
}
