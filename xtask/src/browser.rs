//! Chromium and its driver for the tests in a real browser, and Firefox and WebKit for those of all engines.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};

use crate::{apt, command, progress};

/// The browser and its WebDriver server, of the same version.
pub struct Browser {
    /// Chromium, or Chrome.
    pub chromium: PathBuf,
    /// The same engine without a window around it, which costs a third less for each page that a test opens; Chromium
    /// itself where it cannot be had.
    pub shell: PathBuf,
    /// chromedriver.
    pub driver: PathBuf,
}

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const SHELL: &str = "chromium-headless-shell";

/// Debian's packages of one version: they share files, so they are installed together.
const PACKAGES: [&str; 3] = ["chromium", "chromium-driver", SHELL];

/// What the tests of Firefox and WebKit start, each with its Debian package. Firefox needs no driver, WebKit needs a
/// screen.
const OTHERS: [(&str, &[&str], &str); 3] = [
    ("FIREFOX", &["firefox", "firefox-esr"], "firefox-esr"),
    ("WEBKIT_DRIVER", &["WebKitWebDriver"], "webkit2gtk-driver"),
    ("XVFB", &["Xvfb"], "xvfb"),
];

/// Finds the browser (`CHROMIUM`, `CHROMEDRIVER`, then `PATH`) or installs it with apt where that is allowed. With
/// `CHROMIUM` set, every test runs in the browser that it names.
///
/// # Errors
/// It is missing and cannot be installed.
pub fn ensure() -> Result<Browser> {
    if let Some(browser) = find()
        && (browser.has_shell() || env::var_os("CHROMIUM").is_some())
    {
        return Ok(browser);
    }
    let installed = apt::install(&PACKAGES, "Chromium and chromedriver are");
    match (find(), installed) {
        (Some(browser), Ok(())) => Ok(browser),
        (Some(browser), Err(_)) => {
            progress::say(format!("{SHELL} is not here; the tests in a browser take longer without it"));
            Ok(browser)
        }
        (None, Err(missing)) => Err(missing),
        (None, Ok(())) => bail!(
            "Chromium was installed but is not in PATH; set CHROMIUM and CHROMEDRIVER to the two programs"
        ),
    }
}

/// Firefox, WebKit's driver with its MiniBrowser, and a screen without a monitor, each as an environment variable of
/// the tests and its path: what the variables name already, what is in `PATH`, else what apt installs.
///
/// # Errors
/// One is missing and cannot be installed.
pub fn ensure_others() -> Result<Vec<(&'static str, PathBuf)>> {
    let found = || OTHERS.map(|(variable, names, _)| named(variable).or_else(|| command::find(names)));
    let missing: Vec<&str> = OTHERS
        .iter()
        .zip(found())
        .filter(|(_, path)| path.is_none())
        .map(|((.., package), _)| *package)
        .collect();
    if !missing.is_empty() {
        apt::install(&missing, "Programs for the tests in Firefox and WebKit are").map_err(|error| {
            anyhow!("{error}, or leave these tests out: `cargo xtask test --only-chromium`")
        })?;
    }
    let paths = OTHERS.iter().zip(found()).map(|((variable, ..), path)| Some((*variable, path?)));
    paths.collect::<Option<Vec<_>>>().context(
        "Firefox, WebKitWebDriver or Xvfb was installed but is not in PATH; set FIREFOX, WEBKIT_DRIVER and XVFB to \
         the programs",
    )
}

impl Browser {
    fn has_shell(&self) -> bool {
        self.shell != self.chromium
    }
}

/// The program that an environment variable names.
fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file())
}

fn find() -> Option<Browser> {
    let chromium = named("CHROMIUM").or_else(|| command::find(&BROWSERS))?;
    let driver = named("CHROMEDRIVER").or_else(|| command::find(&["chromedriver"]))?;
    let shell = named("CHROMIUM").or_else(|| command::find(&[SHELL])).unwrap_or_else(|| chromium.clone());
    Some(Browser { chromium, shell, driver })
}
