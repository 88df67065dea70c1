//! Standard output.

use std::io::{ErrorKind, Write};

use unrolled::{Error, Result};

/// Prints a text as it is. A reader who has seen enough, as `head` has, is no mistake: the program ends.
pub fn text(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(e) => Err(Error::format("standard output", format!("it cannot be written ({e})"))),
    }
}

/// Prints a text and ends the line.
pub fn line(line: &str) -> Result<()> {
    text(&format!("{line}\n"))
}
