//! `unrolled`: the engine on the command line.
//!
//! Every command reads files, computes with the same engine as the page, and writes files. Whatever is wrong with what
//! it was given is said in one sentence on standard error.

mod arguments;
mod commands;
mod files;
mod inputs;
mod outputs;
mod print;
mod progress;
mod seed;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use unrolled::Error;

use arguments::Arguments;

/// Exit code when the input cannot be used.
const BAD_INPUT: u8 = 2;
/// Exit code when good input led to a result that cannot be used: a loss that is no longer finite.
const FAILED: u8 = 1;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    match commands::run(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}.");
            ExitCode::from(if matches!(error, Error::NotFinite { .. }) { FAILED } else { BAD_INPUT })
        }
    }
}

/// Help where it was asked for, else one sentence.
fn usage(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return match print::text(&error.to_string()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(FAILED),
        };
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        eprint!("{error}");
        return ExitCode::from(BAD_INPUT);
    }
    // Clap's message has a first paragraph that says what is wrong, then tips and the usage.
    let text = error.to_string();
    let first = text.split("\n\n").next().unwrap_or(&text);
    let sentence = first.trim_start_matches("error: ").split_whitespace().collect::<Vec<_>>().join(" ");
    eprintln!("{sentence} (`unrolled --help` shows every command).");
    ExitCode::from(BAD_INPUT)
}
