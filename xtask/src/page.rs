//! The page's npm packages: installed as the lock file says, bundled into `www/vendor`.

use anyhow::{Result, ensure};

use crate::rust_tools::Compiler;
use crate::{command, pack, progress, project, stamp};

/// Writes the modules that are generated, installs the packages where the lock file changed, and bundles them.
///
/// # Errors
/// npm is missing, or a package cannot be installed or bundled.
pub fn build(compiler: Compiler) -> Result<()> {
    pack::facts(compiler)?;
    let root = project::root();
    let inputs = [root.join("package.json"), root.join("package-lock.json")];
    ensure!(
        inputs.iter().all(|file| file.is_file()),
        "package.json or package-lock.json is missing; check out the repository again"
    );
    let fingerprint = stamp::fingerprint(&inputs)?;
    let installed = root.join("node_modules/.installed-from");
    if !stamp::is_fresh(&installed, &fingerprint) {
        progress::say("installing the page's packages with npm ci");
        command::run_quietly(
            command::npm().args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]),
            "npm could not install the page's packages; check the network connection and try again",
        )?;
        stamp::write(&installed, &fingerprint)?;
    }
    script("vendor", "the page's packages could not be bundled into www/vendor")
}

/// Runs a script of `package.json` and shows what it says if it fails.
///
/// # Errors
/// The script fails: `failed`.
pub fn script(name: &str, failed: &str) -> Result<()> {
    let output = command::npm().args(["run", "--silent", name]).output();
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            eprint!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            anyhow::bail!("{failed}; the messages above say why")
        }
        Err(_) => command::run(command::npm().arg("--version"), failed),
    }
}
