//! Programs that end with us: within a time limit, when another step has failed, and on Ctrl+C.
//!
//! Each program leads a process group, so that what it started in turn ends with it.

use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::progress;

/// How often a running program is looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// What a program that is told to end has for putting its things away.
const GRACE: Duration = Duration::from_secs(3);

/// Whether everything is to end.
static STOPPING: AtomicBool = AtomicBool::new(false);

/// How many programs run now.
static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// Ends all programs that run and lets none start any more.
pub fn stop_all() {
    STOPPING.store(true, SeqCst);
}

/// From now on Ctrl+C and a request to terminate end the programs that run, and then this one.
///
/// # Errors
/// The system does not let signals be handled.
pub fn end_with_us() -> Result<()> {
    ctrlc::set_handler(|| {
        stop_all();
        // Whoever waits for a program ends it and returns; without one there is nothing to wait for.
        if RUNNING.load(SeqCst) == 0 {
            std::process::exit(130);
        }
    })
    .context("Ctrl+C cannot be handled")
}

/// Starts a program and waits for its end, `limit` at most.
///
/// # Errors
/// It cannot be started (an [`std::io::Error`]), takes longer than the limit, or everything is to end.
pub fn wait_for_end(command: &mut Command, limit: Duration) -> Result<ExitStatus> {
    if STOPPING.load(SeqCst) {
        bail!("stopped");
    }
    lead_a_group(command);
    let mut child = command.spawn()?;
    RUNNING.fetch_add(1, SeqCst);
    let ended = watch(&mut child, limit);
    if !matches!(&ended, Ok(status) if status.success()) {
        kill_group(&mut child);
    }
    RUNNING.fetch_sub(1, SeqCst);
    ended
}

fn watch(child: &mut Child, limit: Duration) -> Result<ExitStatus> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if started.elapsed() > limit {
            bail!("it was ended after {}, the most that it may take", progress::seconds(limit));
        }
        if STOPPING.load(SeqCst) {
            bail!("stopped");
        }
        thread::sleep(GLANCE);
    }
}

#[cfg(unix)]
fn lead_a_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

/// Asks the group to end, and ends what is still there after a while.
#[cfg(unix)]
fn kill_group(child: &mut Child) {
    use nix::sys::signal::{Signal, killpg};
    use nix::unistd::Pid;

    let Ok(group) = i32::try_from(child.id()).map(Pid::from_raw) else { return };
    let started = Instant::now();
    // An error says that nobody is left.
    let mut is_there = killpg(group, Signal::SIGTERM).is_ok();
    while is_there && started.elapsed() < GRACE {
        thread::sleep(GLANCE);
        let _ = child.try_wait();
        is_there = killpg(group, None).is_ok();
    }
    if is_there {
        let _ = killpg(group, Signal::SIGKILL);
    }
    let _ = child.wait();
}

#[cfg(not(unix))]
fn lead_a_group(_: &mut Command) {}

#[cfg(not(unix))]
fn kill_group(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_takes_too_long_is_ended_with_all_that_it_started() {
        let file = std::env::temp_dir().join(format!("unrolled-process-{}", std::process::id()));
        let mut shell = Command::new("sh");
        // The shell writes the number of a grandchild that would sleep for a minute, and waits for it.
        shell.arg("-c").arg(format!("sleep 60 & echo $! > {}; wait", file.display()));
        let started = Instant::now();
        let error = wait_for_end(&mut shell, Duration::from_millis(500)).unwrap_err().to_string();
        assert!(error.starts_with("it was ended after 0.5 s"), "{error}");
        assert!(started.elapsed() < Duration::from_secs(30));
        let grandchild: i32 = std::fs::read_to_string(&file).unwrap().trim().parse().unwrap();
        std::fs::remove_file(file).unwrap();
        let is_there = || {
            // One that ended but that nobody has waited for yet is a zombie, `Z`.
            let stat = std::fs::read_to_string(format!("/proc/{grandchild}/stat")).unwrap_or_default();
            !stat.is_empty() && !stat.contains(") Z")
        };
        while is_there() && started.elapsed() < Duration::from_secs(30) {
            thread::sleep(GLANCE);
        }
        assert!(!is_there(), "the grandchild {grandchild} still runs");
    }

    #[test]
    fn what_ends_in_time_is_told_as_it_ended() {
        let ended = |program: &str| wait_for_end(&mut Command::new(program), Duration::from_secs(60));
        assert!(ended("true").unwrap().success());
        assert!(!ended("false").unwrap().success());
    }
}
