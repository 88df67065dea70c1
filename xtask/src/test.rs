//! `cargo xtask test`: all set-up, then all tests.
//!
//! Three sequences run in parallel, since most steps keep one processor busy: the release builds of the engine with the
//! tests of the page that need them, which take longest and go first, the checks and tests of everything else, and
//! wasm-pack. What is timed follows alone.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};

use crate::browser::{self, Browser};
use crate::progress::Steps;
use crate::{bindings, command, data, page, process, python, rust_tools, server};

/// Timeout of each step with a browser, on a busy machine too; each test file has a shorter one.
const BROWSER_LIMIT: Duration = Duration::from_secs(20 * 60);

/// Sets up and runs everything; stops at the first failure.
///
/// # Errors
/// Something is missing, or a test fails.
pub fn run() -> Result<()> {
    let steps = Steps::new(17);
    let ended = run_all(&steps);
    eprint!("\n{}", steps.table());
    if ended.is_ok() {
        eprintln!("All tests passed, {}.", steps.elapsed());
    }
    ended
}

fn run_all(steps: &Steps) -> Result<()> {
    let browser = steps.run("Chromium and chromedriver", browser::ensure)?;
    steps.run("rustfmt, clippy and the target of the browser", || {
        rust_tools::ensure_components().and_then(|()| rust_tools::ensure_wasm_target())
    })?;
    steps.run("Formatting", || {
        cargo(&["fmt", "--all", "--check"], "the formatting differs; run `cargo fmt --all`")
    })?;
    let (page_is_set_up, page) = mpsc::channel();
    let (compiled, wasm_pack) = mpsc::channel();
    in_parallel(vec![
        Box::new(|| of_the_page(steps, &browser, page)),
        Box::new(|| {
            process::give_way();
            without_the_page(steps, &browser, page_is_set_up, wasm_pack)
        }),
        Box::new(|| {
            process::give_way();
            hand_over(compiled, steps.run("wasm-pack", rust_tools::ensure_wasm_pack)?)
        }),
    ])?;
    // Alone, and in the browser that readers have.
    steps.run("End-to-end tests of times", || end_to_end("test:times", &browser.chromium))
}

/// Some of the steps, one after the other.
type Sequence<'a> = Box<dyn FnOnce() -> Result<()> + Send + 'a>;

/// Runs sequences of steps in parallel; when one fails, the others are terminated.
fn in_parallel(sequences: Vec<Sequence<'_>>) -> Result<()> {
    let ended: Vec<Result<()>> = thread::scope(|scope| {
        let running: Vec<_> = sequences
            .into_iter()
            .map(|sequence| scope.spawn(|| sequence().inspect_err(|_| process::stop_all())))
            .collect();
        let joined = running.into_iter().map(thread::ScopedJoinHandle::join);
        joined
            .map(|end| end.unwrap_or_else(|_| Err(anyhow!("a step panicked; the message above says where"))))
            .collect()
    });
    // A sequence that was terminated reports only that; the one that failed has the reason.
    let (terminated, failed): (Vec<_>, Vec<_>) =
        ended.into_iter().filter_map(Result::err).partition(|error| error.to_string().contains("stopped"));
    failed.into_iter().chain(terminated).next().map_or(Ok(()), Err)
}

/// Gives what one sequence made to another one, which is no longer there where a step of it has failed.
fn hand_over<T>(to: Sender<T>, made: T) -> Result<()> {
    to.send(made).map_err(|_| anyhow!("stopped, since another step failed"))
}

/// What another sequence makes, as soon as it is there.
fn wait_for<T>(from: &Receiver<T>) -> Result<T> {
    from.recv().context("stopped, since another step failed")
}

/// Everything that needs no release build, and what the tests of the page need besides one.
fn without_the_page(
    steps: &Steps,
    browser: &Browser,
    page_is_set_up: Sender<()>,
    wasm_pack: Receiver<PathBuf>,
) -> Result<()> {
    let python = steps.run("Python with numpy", python::ensure_numpy)?;
    steps.run("Packages of the page", page::build)?;
    steps.run("Data sets", data::build)?;
    hand_over(page_is_set_up, ())?;
    steps.run("Formatting of the page", || {
        page::script("format:check", "the formatting of the page differs; run `npm run format`")
    })?;
    steps.run("ESLint", || page::script("lint", "ESLint has found something in the page"))?;
    // One command for tests, benchmarks and programs, among them the runner of the tests in the browser: in commands of
    // their own, packages would get other features, and what they share would be compiled again.
    steps.run("Clippy and compiling of the native tests", || {
        cargo_with_clippy(
            &["build", "--workspace", "--all-targets"],
            "clippy has found something, or the tests do not compile; the messages above say what and where",
        )
    })?;
    steps.run("Native tests", || native_tests(&python))?;
    let wasm_pack = wait_for(&wasm_pack)?;
    steps.run("Clippy and tests of the engine in the browser", || browser_tests(&wasm_pack, browser))
}

/// The release builds of the engine, then what needs them and, once `set_up` says so, the rest of the page.
fn of_the_page(steps: &Steps, browser: &Browser, set_up: Receiver<()>) -> Result<()> {
    steps.run("Engine for the browser", bindings::build_with_relaxed)?;
    wait_for(&set_up)?;
    steps.run("Types of the page", || page::script("check", "the page has type errors"))?;
    steps.run("Unit tests of the page", || script("test:unit", &mut command::npm()))?;
    steps.run("End-to-end tests", || end_to_end("test:e2e", &browser.shell))
}

/// Serves the page and runs tests on it in `browser`.
fn end_to_end(name: &str, browser: &Path) -> Result<()> {
    let address = server::start(server::bind(0)?)?;
    let mut npm = command::npm();
    script(name, npm.env("UNROLLED_URL", &address).env("CHROMIUM", browser))
}

fn cargo(arguments: &[&str], failed: &str) -> Result<()> {
    command::run(command::command("cargo").args(arguments), failed)
}

/// [`cargo`] whose compiler is Clippy's: one pass lints and compiles, where `cargo clippy` would compile once more.
fn cargo_with_clippy(arguments: &[&str], failed: &str) -> Result<()> {
    command::run(rust_tools::with_clippy(command::command("cargo").args(arguments)), failed)
}

/// The seed of tests that draw their cases, so that a commit's result does not change from run to run; `cargo test`
/// draws new ones every time.
const PROPTEST_SEED: &str = "1";

fn native_tests(python: &Path) -> Result<()> {
    command::run(
        rust_tools::with_clippy(command::command("cargo").args(["test", "--workspace"]))
            .env("UNROLLED_PYTHON", python)
            .env("PROPTEST_RNG_SEED", PROPTEST_SEED),
        "a native test fails; the messages above say which",
    )
}

fn browser_tests(wasm_pack: &Path, browser: &Browser) -> Result<()> {
    command::run_within(
        BROWSER_LIMIT,
        rust_tools::with_clippy(&mut command::command(wasm_pack))
            .args(["test", "--headless", "--chrome", "--chromedriver"])
            .arg(&browser.driver)
            .env("PATH", rust_tools::path_with_runner()?),
        "a test of the engine in the browser fails; the messages above say which",
    )
}

fn script(name: &str, npm: &mut Command) -> Result<()> {
    let failed = format!("`npm run {name}` fails; the messages above say which test");
    command::run_within(BROWSER_LIMIT, npm.args(["run", "--silent", name]), &failed)
}
