//! The engine for the browser: wasm, its JavaScript bindings, their types, and the budget for its size.
//!
//! Three modules are made of the same sources: the engine, which trains, the stepper of the Step view, and an extra one
//! with all of it and what is rarely needed (files of other programs, benchmarks, the portable kernels). Each loads
//! when a view needs it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::relaxed::Wrapper;
use crate::{command, progress, project, rust_tools, stamp};

/// The most that the compressed engine may weigh, and the stepper, so that growth is noticed.
const BROTLI_BUDGET: u64 = 550_000;
const STEPPER_BUDGET: u64 = 400_000;

/// The profile of `Cargo.toml` with which the engine is compiled for the browser.
const PROFILE: &str = "browser";

/// What rustc is told when it links: to inline only functions that are marked or that make the code smaller. Within a
/// package those that make it faster have been inlined before; further copies were a tenth of the file and make nothing
/// faster that was measured.
const SMALL: [&str; 2] = ["--", "-Cllvm-args=-inline-threshold=5"];

/// Says to the page which builds of the engine are there.
const BUILDS: &str = "builds.js";

/// A module that is built from the engine's sources.
struct Module {
    /// The name of its files.
    name: &'static str,
    /// Where it is put, in `www`.
    package: &'static str,
    /// The name of its types in `www/types`.
    types: &'static str,
    /// What `cargo build` is told besides.
    options: &'static [&'static str],
}

const ENGINE: Module =
    Module { name: "unrolled", package: "pkg", types: "engine", options: &["--features", "training"] };

const STEPPER: Module = Module {
    name: "unrolled_stepper",
    package: "pkg-stepper",
    types: "stepper",
    options: &["--features", "stepping"],
};

const EXTRA: Module = Module {
    name: "unrolled_extra",
    package: "pkg-extra",
    types: "extra",
    options: &["--features", "analysis,bench,formats,stepping,training"],
};

/// Compiles the three modules and writes their packages and types; only what changed is made again.
///
/// # Errors
/// The target is missing, the engine does not compile, or it is over its budget.
pub fn build() -> Result<()> {
    rust_tools::ensure_wasm_target()?;
    ENGINE.build(&project::target())?;
    let package = ENGINE.package();
    let builds = package.join(BUILDS);
    if !builds.is_file() {
        stamp::write(&builds, builds_text(false))?;
    }
    STEPPER.build(&folder_beside("stepper")?)?;
    EXTRA.build(&folder_beside("extra")?)?;
    for (module, what, budget) in
        [(ENGINE, "engine for the browser", BROTLI_BUDGET), (STEPPER, "stepper", STEPPER_BUDGET)]
    {
        progress::say(measure(&module, what, budget)?);
    }
    Ok(())
}

/// [`build`], and the engine once more with matrix products that round as the processor likes: faster on some, and not
/// reproducible from one to the next. It shares the bindings.
///
/// # Errors
/// As [`build`], or if the two builds need different bindings.
pub fn build_with_relaxed() -> Result<()> {
    let wrapper = Wrapper::new()?;
    build()?;
    ENGINE.build_relaxed(&folder_beside("relaxed")?, &wrapper)?;
    stamp::write(&ENGINE.package().join(BUILDS), builds_text(true))
}

/// [`build_with_relaxed`], and the benchmarks with relaxed arithmetic, for `www/bench/engine.js` with `relaxed`.
///
/// # Errors
/// As [`build_with_relaxed`].
pub fn build_with_relaxed_benchmarks() -> Result<()> {
    build_with_relaxed()?;
    EXTRA.build_relaxed(&folder_beside("relaxed-extra")?, &Wrapper::new()?)
}

/// [`build_with_relaxed`] if that is wanted, else [`build`].
pub fn builder(relaxed: bool) -> fn() -> Result<()> {
    if relaxed { build_with_relaxed } else { build }
}

fn builds_text(relaxed: bool) -> String {
    format!(
        "/** Whether the build with relaxed arithmetic is here too. */\nexport const RELAXED = {relaxed};\n"
    )
}

impl Module {
    fn package(&self) -> PathBuf {
        project::www().join(self.package)
    }

    /// The generated types: `www/types/engine.d.ts`.
    fn types(&self) -> PathBuf {
        project::www().join("types").join(format!("{}.d.ts", self.types))
    }

    fn build(&self, target: &Path) -> Result<()> {
        let wasm = compile(target, self.options, None)?;
        let (package, types) = (self.package(), self.types());
        let fingerprint = stamp::sha256_of_file(&wasm)?;
        let made = package.join(".made-from");
        let outputs = [".js", ".d.ts", "_bg.wasm"].map(|end| package.join(format!("{}{end}", self.name)));
        if stamp::is_fresh(&made, &fingerprint) && outputs.iter().chain([&types]).all(|file| file.is_file()) {
            return Ok(());
        }
        ensure_no_path(&wasm)?;
        bind(&wasm, &package, self.name)?;
        let [_, declarations, _] = outputs;
        let text = fs::read(&declarations).context("the types of the engine cannot be read")?;
        stamp::write(&types, text)?;
        let all = format!("../types/{}.js", self.types);
        stamp::write(
            &declarations,
            format!("export * from \"{all}\";\nexport {{ default }} from \"{all}\";\n"),
        )?;
        stamp::write(&made, &fingerprint)
    }

    /// Compiles the module once more with relaxed arithmetic, beside the other one, whose bindings it shares.
    fn build_relaxed(&self, target: &Path, wrapper: &Wrapper) -> Result<()> {
        let wasm = compile(target, self.options, Some(wrapper))?;
        let (package, made) = (self.package(), self.package().join(".relaxed-made-from"));
        let fingerprint = stamp::sha256_of_file(&wasm)?;
        let to = package.join(format!("{}_relaxed_bg.wasm", self.name));
        if stamp::is_fresh(&made, &fingerprint) && to.is_file() {
            return Ok(());
        }
        let bindings = target.join("bindings");
        bind(&wasm, &bindings, self.name)?;
        let read = |folder: &Path| {
            fs::read(folder.join(format!("{}.js", self.name))).context("the bindings cannot be read")
        };
        ensure!(
            read(&bindings)? == read(&package)?,
            "the relaxed build of the engine needs bindings of its own"
        );
        fs::copy(bindings.join(format!("{}_bg.wasm", self.name)), &to)
            .context("the relaxed build cannot be copied")?;
        stamp::write(&made, &fingerprint)
    }
}

/// A target folder for another build of the engine: features and flags of a library are not part of the name of its
/// wasm file. What the engine's build compiled of other packages is copied there, once, instead of compiled again.
fn folder_beside(name: &str) -> Result<PathBuf> {
    let folder = project::target().join(name);
    if !folder.exists() {
        for built in [Path::new(PROFILE), &Path::new(rust_tools::WASM).join(PROFILE)] {
            for part in [".fingerprint", "build", "deps"] {
                copy(&project::target().join(built).join(part), &folder.join(built).join(part))
                    .with_context(|| format!("{} cannot be set up", project::shown(&folder)))?;
            }
        }
    }
    Ok(folder)
}

/// Copies a folder with the times of its files, by which cargo sees what is up to date; what is not there is passed
/// over.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.exists() {
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to)?;
        } else {
            fs::copy(&path, &to)?;
            let time = entry.metadata()?.modified()?;
            fs::File::options().append(true).open(&to)?.set_modified(time)?;
        }
    }
    Ok(())
}

/// Compiles the engine with cargo's `options` into `target`, with relaxed arithmetic where there is a wrapper for it;
/// returns where it is.
fn compile(target: &Path, options: &[&str], relaxed: Option<&Wrapper>) -> Result<PathBuf> {
    let fixed =
        ["rustc", "--package", "unrolled-browser", "--profile", PROFILE, "--target", rust_tools::WASM];
    let mut cargo = command::command("cargo");
    if let Some(wrapper) = relaxed {
        wrapper.apply(&mut cargo);
    }
    command::run(
        cargo
            .args(fixed)
            .arg("--config")
            .arg(without_paths()?)
            .arg("--target-dir")
            .arg(target)
            .args(options)
            .args(SMALL),
        "the engine does not compile for the browser; the messages above say where",
    )?;
    Ok(target.join(rust_tools::WASM).join(PROFILE).join("unrolled_browser.wasm"))
}

/// A setting of cargo that leaves the folders of downloaded packages out of the module, which messages of panics name:
/// what is published is then the same, and equally large, whoever builds it wherever. Sources that several packages
/// share are named from the project's folder on.
fn without_paths() -> Result<String> {
    let registry = registry()?;
    let mut folders = vec![registry.clone()];
    // Each source of packages has a folder of its own; where several fit, the last one counts.
    for entry in fs::read_dir(&registry).into_iter().flatten().flatten() {
        folders.extend(entry.path().into_os_string().into_string());
    }
    folders.extend(["base", "core", "math"].map(|package| format!("crates/{package}/../../")));
    let flags: Vec<String> =
        folders.iter().map(|folder| format!("'--remap-path-prefix={folder}='")).collect();
    Ok(format!("target.{}.rustflags=[{}]", rust_tools::WASM, flags.join(",")))
}

/// Where cargo unpacks packages.
fn registry() -> Result<String> {
    let folder = rust_tools::cargo_home()?.join("registry").join("src");
    folder.into_os_string().into_string().ok().context("the folder of cargo has a name that is not Unicode")
}

/// That no folder of this machine is named in a module.
fn ensure_no_path(wasm: &Path) -> Result<()> {
    let bytes = fs::read(wasm).context("the engine for the browser cannot be read")?;
    let registry = registry()?;
    ensure!(
        !bytes.windows(registry.len()).any(|part| part == registry.as_bytes()),
        "the engine for the browser names the folder {registry}; `without_paths` must take it out"
    );
    Ok(())
}

fn bind(wasm: &Path, package: &Path, name: &str) -> Result<()> {
    if package.is_dir() {
        fs::remove_dir_all(package)
            .with_context(|| format!("{} cannot be emptied", project::shown(package)))?;
    }
    let mut bindgen = Bindgen::new();
    // The names of functions are a tenth of the file and help nobody who only runs it.
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.input_path(wasm).out_name(name).typescript(true).generate(package))
        .map_err(|error| anyhow!("the bindings of the engine could not be made: {error:#}"))
}

/// The size of a module in a sentence, measured again only where it changed.
fn measure(module: &Module, what: &str, budget: u64) -> Result<String> {
    let package = module.package();
    let file = package.join(format!("{}_bg.wasm", module.name));
    let (sizes, stamped) = (package.join("sizes.txt"), package.join(".measured-from"));
    let fingerprint = stamp::sha256_of_file(&file)?;
    if stamp::is_fresh(&stamped, &fingerprint)
        && let Ok(text) = fs::read_to_string(&sizes)
    {
        return Ok(text.trim().to_owned());
    }
    let raw = fs::metadata(&file).context("the engine for the browser cannot be read")?.len();
    let packed = brotli_size(&file)?;
    ensure!(
        packed <= budget,
        "the {what} is {} with brotli, over its budget of {}; find what made it larger",
        progress::size(packed),
        progress::size(budget)
    );
    let text = format!("{what}: {} ({} with brotli)", progress::size(raw), progress::size(packed));
    stamp::write(&sizes, format!("{text}\n"))?;
    stamp::write(&stamped, &fingerprint)?;
    Ok(text)
}

/// The size of a file as hosts compress it, by the encoder that is part of Node.js, with its largest effort.
fn brotli_size(file: &Path) -> Result<u64> {
    const PROGRAM: &str = "\
        const { brotliCompressSync, constants } = require('node:zlib'); \
        const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }; \
        const file = require('node:fs').readFileSync(process.argv[1]); \
        console.log(brotliCompressSync(file, { params }).length)";
    let measured = command::run_quietly(
        command::command("node").args(["--eval", PROGRAM]).arg(file),
        "the engine for the browser cannot be compressed",
    )?;
    let size = String::from_utf8_lossy(&measured.stdout);
    size.trim().parse().with_context(|| format!("its compressed size is said to be {size:?}"))
}
