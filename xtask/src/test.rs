//! `cargo xtask test`: all set-up, then all tests.
//!
//! Three sequences run in parallel, since most steps keep one processor busy: the release builds of the engine with the
//! tests of the page that need them, which take longest and go first, the checks and tests of everything else, and the
//! installation of the browsers with the tests that need all of them. What is timed follows alone.

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};

use crate::browser::{self, Browser};
use crate::progress::Steps;
use crate::rust_tools::Compiler;
use crate::{bindings, command, dist, pack, page, process, project, python, rust_tools, server};

/// Timeout of each step with a browser, on a busy machine too; each test file has a shorter one.
const BROWSER_LIMIT: Duration = Duration::from_secs(20 * 60);

/// In which browsers the page is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engines {
    /// Chromium, Firefox and WebKit.
    All,
    /// Chromium: for machines on which the others cannot be installed.
    Chromium,
}

/// Sets up and runs everything; stops at the first failure.
///
/// # Errors
/// Something is missing, or a test fails.
pub fn run(engines: Engines) -> Result<()> {
    let steps = Steps::new(if engines == Engines::All { 18 } else { 16 });
    let ended = run_all(&steps, engines);
    eprint!("\n{}", steps.table());
    if ended.is_ok() {
        let which = match engines {
            Engines::All => "All tests passed",
            Engines::Chromium => "All tests but those in Firefox and WebKit passed",
        };
        eprintln!("{which}, {}.", steps.elapsed());
    }
    ended
}

fn run_all(steps: &Steps, engines: Engines) -> Result<()> {
    steps.run("rustfmt, clippy and the target of the browser", || {
        rust_tools::ensure_components().and_then(|()| rust_tools::ensure_wasm_target())
    })?;
    steps.run("Formatting", || {
        cargo(&["fmt", "--all", "--check"], "the formatting differs; run `cargo fmt --all`")
    })?;
    let (page_is_set_up, page) = mpsc::channel();
    // Each sequence waits for the browser where it needs it, and the last step takes it from here.
    let browser = OnceLock::new();
    let (installed, here) = mpsc::channel();
    let (installed_too, here_too) = mpsc::channel();
    let (page_is_built, built) = mpsc::channel();
    in_parallel(vec![
        Box::new(|| of_the_page(steps, here, page, page_is_built)),
        Box::new(|| {
            process::give_way();
            without_the_page(steps, here_too, page_is_set_up)
        }),
        Box::new(|| {
            let found = steps.run("Chromium and chromedriver", browser::ensure)?;
            let found = browser.get_or_init(|| found);
            hand_over(installed, found)?;
            hand_over(installed_too, found)?;
            process::give_way();
            match engines {
                Engines::All => in_every_engine(steps, found, built),
                Engines::Chromium => wait_for(&built),
            }
        }),
    ])?;
    // Alone, and in the browser that readers have.
    let browser = browser.get().context("the browser was not installed")?;
    steps.run("End-to-end tests of times", || end_to_end("test:times", &browser.chromium))
}

/// Runs the tests in the browser as `wasm-pack test --headless --chrome` does, with a wasm-pack of a fixed version that
/// is compiled first: [`run`] calls the same runner without it.
///
/// # Errors
/// As [`run`].
pub fn run_with_wasm_pack() -> Result<()> {
    let steps = Steps::new(4);
    let browser = steps.run("Chromium and chromedriver", browser::ensure)?;
    steps.run("The target of the browser", rust_tools::ensure_wasm_target)?;
    let wasm_pack = steps.run("wasm-pack", || {
        rust_tools::ensure_test_runner()?;
        rust_tools::ensure_wasm_pack()
    })?;
    steps.run("wasm-pack test --headless --chrome", || {
        let mut command = command::command(wasm_pack);
        command.args(["test", "--headless", "--chrome", "--chromedriver"]).arg(&browser.driver);
        in_the_browser(command.env("PATH", rust_tools::path_with_runner()?))
    })
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
fn without_the_page(steps: &Steps, browser: Receiver<&Browser>, page_is_set_up: Sender<()>) -> Result<()> {
    let python = steps.run("Python with numpy", python::ensure_numpy)?;
    steps.run("Packages of the page", || page::build(Compiler::Clippy))?;
    steps.run("Data sets", || pack::data(Compiler::Clippy))?;
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
    let browser = wait_for(&browser)?;
    steps.run("Clippy and tests of the engine in the browser", || browser_tests(browser))
}

/// The main ways through the page in Chromium, Firefox and WebKit, once the page is built.
fn in_every_engine(steps: &Steps, browser: &Browser, built: Receiver<()>) -> Result<()> {
    let others = steps.run("Firefox and WebKit", browser::ensure_others)?;
    wait_for(&built)?;
    steps.run("Main ways in Chromium, Firefox and WebKit", || {
        let mut npm = command::npm();
        npm.env("CHROMIUM", &browser.shell).env("CHROMEDRIVER", &browser.driver).envs(others);
        script("test:engines", &mut npm)
    })
}

/// The release builds of the engine, then what needs them and, once `set_up` says so, the rest of the page.
fn of_the_page(
    steps: &Steps,
    browser: Receiver<&Browser>,
    set_up: Receiver<()>,
    is_built: Sender<()>,
) -> Result<()> {
    steps.run("Engine for the browser", bindings::build_with_relaxed)?;
    wait_for(&set_up)?;
    hand_over(is_built, ())?;
    steps.run("Types of the page", || page::script("check", "the page has type errors"))?;
    steps.run("Unit tests of the page", || script("test:unit", &mut command::npm()))?;
    let browser = wait_for(&browser)?;
    steps.run("End-to-end tests", || end_to_end("test:e2e", &browser.shell))
}

/// Serves the page and runs tests on it in `browser`.
fn end_to_end(name: &str, browser: &Path) -> Result<()> {
    let address = server::start(server::bind(0)?)?;
    let published = project::target().join("published");
    dist::publish(&published)?;
    let mut npm = command::npm();
    npm.env("UNROLLED_URL", &address).env("UNROLLED_DIST", &published).env("CHROMIUM", browser);
    script(name, &mut npm)
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

/// The tests of `tests/wasm/`, with wasm-bindgen's runner, as wasm-pack calls it.
fn browser_tests(browser: &Browser) -> Result<()> {
    let mut command = command::command("cargo");
    // Without `--test`, the library's own tests, which run natively, would be compiled for the browser too.
    command.args(["test", "--package", "unrolled", "--test", "wasm", "--target", rust_tools::WASM]);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", rust_tools::test_runner());
    command.env("CHROMEDRIVER", &browser.driver).env("WASM_BINDGEN_TEST_ONLY_WEB", "1");
    in_the_browser(&mut command)
}

fn in_the_browser(command: &mut Command) -> Result<()> {
    command::run_within(
        BROWSER_LIMIT,
        rust_tools::with_clippy(command),
        "a test of the engine in the browser fails; the messages above say which",
    )
}

fn script(name: &str, npm: &mut Command) -> Result<()> {
    let failed = format!("`npm run {name}` fails; the messages above say which test");
    command::run_within(BROWSER_LIMIT, npm.args(["run", "--silent", name]), &failed)
}
