//! `cargo xtask serve`.

use anyhow::Result;

use crate::progress::Steps;
use crate::rust_tools::Compiler;
use crate::{bindings, pack, page, server};

const DEFAULT_PORT: u16 = 8080;

/// How the page is served.
#[derive(Default)]
pub struct Options {
    /// The port; 8080 unless told.
    pub port: Option<u16>,
    /// Whether the page opens in the reader's browser.
    pub open: bool,
    /// Whether the page may offer the relaxed build of the engine.
    pub relaxed: bool,
}

/// Builds what changed and serves the page until it is interrupted.
///
/// # Errors
/// The port is in use, or something that the page needs is missing or broken.
pub fn run(options: &Options) -> Result<()> {
    // Bind before the build, so that a port in use is reported at once.
    let listener = server::bind(options.port.unwrap_or(DEFAULT_PORT))?;
    let steps = Steps::new(3);
    steps.run("Engine for the browser", bindings::builder(options.relaxed))?;
    steps.run("Packages of the page", || page::build(Compiler::Rustc))?;
    steps.run("Data sets", || pack::data(Compiler::Rustc))?;
    let address = server::start(listener)?;
    eprintln!("Ready after {}.", steps.elapsed());
    println!("Unrolled is at {address} (Ctrl+C ends it)");
    if options.open && open::that_detached(&address).is_err() {
        eprintln!("No browser could be opened; open {address} yourself.");
    }
    loop {
        std::thread::park();
    }
}
