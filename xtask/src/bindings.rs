//! The engine for the browser: wasm, its JavaScript bindings, and the budget for its size.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::{command, progress, project, rust_tools, stamp};

/// The most that the compressed engine may weigh, so that it is there soon on a slow line.
const BROTLI_BUDGET: u64 = 450_000;

/// Compiles the engine and writes `www/pkg`; only what changed is made again.
///
/// # Errors
/// The target is missing, the engine does not compile, or it is over its budget.
pub fn build() -> Result<()> {
    rust_tools::ensure_wasm_target()?;
    command::run(
        command::command("cargo").args([
            "build",
            "-p",
            "unrolled",
            "--lib",
            "--release",
            "--target",
            rust_tools::WASM,
        ]),
        "the engine does not compile for the browser; the messages above say where",
    )?;
    let wasm = project::target().join(rust_tools::WASM).join("release/unrolled.wasm");
    let package = project::www().join("pkg");
    let sizes = package.join("sizes.txt");
    let fingerprint = stamp::sha256_of_file(&wasm)?;
    let made = package.join(".made-from");
    if !stamp::is_fresh(&made, &fingerprint) || !is_whole(&package) {
        bind(&wasm, &package)?;
        stamp::write(&sizes, measure(&package)?)?;
        stamp::write(&made, &fingerprint)?;
    }
    progress::say(fs::read_to_string(&sizes).context("the sizes of the engine cannot be read")?.trim());
    Ok(())
}

fn outputs(package: &Path) -> [PathBuf; 4] {
    ["unrolled.js", "unrolled.d.ts", "unrolled_bg.wasm", "sizes.txt"].map(|name| package.join(name))
}

fn is_whole(package: &Path) -> bool {
    outputs(package).iter().all(|file| file.is_file())
}

fn bind(wasm: &Path, package: &Path) -> Result<()> {
    if package.is_dir() {
        fs::remove_dir_all(package)
            .with_context(|| format!("{} cannot be emptied", project::shown(package)))?;
    }
    let mut bindgen = Bindgen::new();
    // The names of functions are a tenth of the file and help nobody who only runs it.
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.input_path(wasm).out_name("unrolled").typescript(true).generate(package))
        .map_err(|error| anyhow!("the bindings of the engine could not be made: {error:#}"))
}

fn measure(package: &Path) -> Result<String> {
    let wasm =
        fs::read(package.join("unrolled_bg.wasm")).context("the engine for the browser cannot be read")?;
    let (quality, window) = (11, 22);
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality, lgwin: window, ..Default::default() };
    brotli::BrotliCompress(&mut wasm.as_slice(), &mut compressed, &parameters).context("brotli failed")?;
    let (raw, packed) = (wasm.len() as u64, compressed.len() as u64);
    ensure!(
        packed <= BROTLI_BUDGET,
        "the engine is {} with brotli, over its budget of {}; find what made it larger",
        progress::size(packed),
        progress::size(BROTLI_BUDGET)
    );
    Ok(format!("engine for the browser: {} ({} with brotli)\n", progress::size(raw), progress::size(packed)))
}
