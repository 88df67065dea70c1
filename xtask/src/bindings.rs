//! The engine for the browser: wasm, its JavaScript bindings, and the budget for its size.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::{command, progress, project, rust_tools, stamp};

/// The most that the compressed engine may weigh, so that it is there soon on a slow line.
const BROTLI_BUDGET: u64 = 450_000;

/// Says to the page which builds of the engine are there.
const BUILDS: &str = "builds.js";

/// Compiles the engine and writes `www/pkg`; only what changed is made again.
///
/// # Errors
/// The target is missing, the engine does not compile, or it is over its budget.
pub fn build() -> Result<()> {
    rust_tools::ensure_wasm_target()?;
    let wasm = compile(&project::target(), &[])?;
    let package = package();
    let sizes = package.join("sizes.txt");
    let fingerprint = stamp::sha256_of_file(&wasm)?;
    let made = package.join(".made-from");
    if !stamp::is_fresh(&made, &fingerprint) || !is_whole(&package) {
        bind(&wasm, &package)?;
        stamp::write(&package.join(BUILDS), builds(false))?;
        stamp::write(&sizes, measure(&package)?)?;
        stamp::write(&made, &fingerprint)?;
    }
    progress::say(fs::read_to_string(&sizes).context("the sizes of the engine cannot be read")?.trim());
    Ok(())
}

/// [`build`], and the engine once more with matrix products that round as the processor likes: faster on some, and not
/// reproducible from one to the next. It shares the bindings.
///
/// # Errors
/// As [`build`], or if the two builds need different bindings.
pub fn build_with_relaxed() -> Result<()> {
    build()?;
    let target = project::target().join("relaxed");
    let flags = format!(r#"target.{}.rustflags=["-Ctarget-feature=+relaxed-simd"]"#, rust_tools::WASM);
    let wasm = compile(&target, &["--config", &flags])?;
    let (package, made) = (package(), package().join(".relaxed-made-from"));
    let fingerprint = stamp::sha256_of_file(&wasm)?;
    let to = package.join("unrolled_relaxed_bg.wasm");
    if stamp::is_fresh(&made, &fingerprint) && to.is_file() {
        return Ok(());
    }
    let bindings = target.join("bindings");
    bind(&wasm, &bindings)?;
    let read = |folder: &Path| fs::read(folder.join("unrolled.js")).context("the bindings cannot be read");
    ensure!(read(&bindings)? == read(&package)?, "the relaxed build of the engine needs bindings of its own");
    fs::copy(bindings.join("unrolled_bg.wasm"), &to).context("the relaxed build cannot be copied")?;
    stamp::write(&package.join(BUILDS), builds(true))?;
    stamp::write(&made, &fingerprint)
}

/// [`build_with_relaxed`] if that is wanted, else [`build`].
pub fn builder(relaxed: bool) -> fn() -> Result<()> {
    if relaxed { build_with_relaxed } else { build }
}

fn builds(relaxed: bool) -> String {
    format!(
        "/** Whether the build with relaxed arithmetic is here too. */\nexport const RELAXED = {relaxed};\n"
    )
}

fn package() -> PathBuf {
    project::www().join("pkg")
}

/// Compiles the engine into `target` and returns where it is.
fn compile(target: &Path, more: &[&str]) -> Result<PathBuf> {
    let fixed =
        ["build", "-p", "unrolled", "--lib", "--release", "--target", rust_tools::WASM, "--target-dir"];
    command::run(
        command::command("cargo").args(fixed).arg(target).args(more),
        "the engine does not compile for the browser; the messages above say where",
    )?;
    Ok(target.join(rust_tools::WASM).join("release/unrolled.wasm"))
}

fn outputs(package: &Path) -> [PathBuf; 5] {
    ["unrolled.js", "unrolled.d.ts", "unrolled_bg.wasm", "sizes.txt", BUILDS].map(|name| package.join(name))
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
