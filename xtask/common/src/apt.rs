//! Debian's packages, where this is Debian and we may install them.

use std::sync::{Mutex, PoisonError};

use anyhow::{Result, bail};

use crate::{command, progress};

/// Held while apt works: a second one beside it fails.
static APT: Mutex<()> = Mutex::new(());

/// Installs Debian packages.
///
/// # Errors
/// There is no apt, we are not root, or apt fails: the sentence says what to install.
pub fn install(packages: &[&str], what: &str) -> Result<()> {
    let by_hand = format!(
        "{what} missing; install the packages {} (or the like on your system)",
        packages.join(" and ")
    );
    if command::find(&["apt-get"]).is_none() || !is_root() {
        bail!("{by_hand}");
    }
    let _alone = APT.lock().unwrap_or_else(PoisonError::into_inner);
    progress::say(format!("installing {} with apt", packages.join(", ")));
    let apt = |arguments: &[&str]| {
        let mut apt = command::command("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive").args(["-q", "-y"]).args(arguments);
        command::run_quietly(&mut apt, &format!("{by_hand}, as apt-get failed"))
    };
    apt(&["update"])?;
    apt(&[&["install", "--no-install-recommends"], packages].concat())?;
    Ok(())
}

fn is_root() -> bool {
    let id = command::command("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
