//! Child processes with a timeout, which are also terminated when another step fails and on Ctrl+C.
//!
//! Each child leads a process group, so that its own child processes are terminated with it.

use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::progress;

/// Interval at which a running child is polled.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Time between SIGTERM and SIGKILL.
const GRACE: Duration = Duration::from_secs(3);

/// Whether all children are to be terminated.
static STOPPING: AtomicBool = AtomicBool::new(false);

/// Number of running children.
static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// Terminates all running children and starts no others.
pub fn stop_all() {
    STOPPING.store(true, SeqCst);
}

/// From now on SIGINT and SIGTERM terminate the running children first, then this process.
///
/// # Errors
/// The signal handler cannot be installed.
pub fn handle_signals() -> Result<()> {
    ctrlc::set_handler(|| {
        stop_all();
        // A thread that waits for a child terminates it and returns an error; without a child, exit here.
        if RUNNING.load(SeqCst) == 0 {
            std::process::exit(130);
        }
    })
    .context("Ctrl+C cannot be handled")
}

/// Lowers the priority of this thread and of the programs that it starts from now on (on Linux; elsewhere a thread has
/// none of its own, so nothing changes).
pub fn give_way() {
    // Without it everything runs too, in another order.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(10);
}

/// Starts a program and waits for its exit, at most for `limit`.
///
/// # Errors
/// It cannot be started (an [`std::io::Error`]), the timeout has passed, or [`stop_all`] was called.
pub fn run_to_exit(command: &mut Command, limit: Duration) -> Result<ExitStatus> {
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
            bail!("it was terminated after {}, its timeout", progress::seconds(limit));
        }
        if STOPPING.load(SeqCst) {
            bail!("stopped");
        }
        thread::sleep(POLL_INTERVAL);
    }
}

#[cfg(unix)]
fn lead_a_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

/// Sends SIGTERM to the process group, and SIGKILL to what is left of it after [`GRACE`].
#[cfg(unix)]
fn kill_group(child: &mut Child) {
    use nix::sys::signal::{Signal, killpg};
    use nix::unistd::Pid;

    let Ok(group) = i32::try_from(child.id()).map(Pid::from_raw) else { return };
    let started = Instant::now();
    // An error means that the group has no process left.
    let mut is_there = killpg(group, Signal::SIGTERM).is_ok();
    while is_there && started.elapsed() < GRACE {
        thread::sleep(POLL_INTERVAL);
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
    fn after_the_timeout_the_whole_process_group_is_terminated() {
        let file = std::env::temp_dir().join(format!("unrolled-process-{}", std::process::id()));
        let mut shell = Command::new("sh");
        // The shell writes the process id of a grandchild that would sleep for a minute, and waits for it.
        shell.arg("-c").arg(format!("sleep 60 & echo $! > {}; wait", file.display()));
        let started = Instant::now();
        let error = run_to_exit(&mut shell, Duration::from_millis(500)).unwrap_err().to_string();
        assert!(error.starts_with("it was terminated after 0.5 s"), "{error}");
        assert!(started.elapsed() < Duration::from_secs(30));
        let grandchild: i32 = std::fs::read_to_string(&file).unwrap().trim().parse().unwrap();
        std::fs::remove_file(file).unwrap();
        let is_there = || {
            // `Z` is a zombie: it has exited, but its parent has not read its status.
            let stat = std::fs::read_to_string(format!("/proc/{grandchild}/stat")).unwrap_or_default();
            !stat.is_empty() && !stat.contains(") Z")
        };
        while is_there() && started.elapsed() < Duration::from_secs(30) {
            thread::sleep(POLL_INTERVAL);
        }
        assert!(!is_there(), "the grandchild {grandchild} still runs");
    }

    #[test]
    fn the_exit_status_is_returned() {
        let ended = |program: &str| run_to_exit(&mut Command::new(program), Duration::from_secs(60));
        assert!(ended("true").unwrap().success());
        assert!(!ended("false").unwrap().success());
    }
}
