//! What a command says while it works.

use std::time::{Duration, Instant};

/// Numbered steps with the time that each took.
pub struct Steps {
    total: usize,
    done: usize,
    started: Instant,
}

impl Steps {
    /// A command of `total` steps that starts now.
    pub fn new(total: usize) -> Self {
        Self { total, done: 0, started: Instant::now() }
    }

    /// Announces the next step, does it and says how long it took.
    ///
    /// # Errors
    /// Whatever the step fails with.
    pub fn run<T>(&mut self, what: &str, step: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
        self.done += 1;
        eprintln!("[{}/{}] {what} …", self.done, self.total);
        let started = Instant::now();
        let result = step()?;
        eprintln!("[{}/{}] {what}: done in {}", self.done, self.total, seconds(started.elapsed()));
        Ok(result)
    }

    /// The time since the first step.
    pub fn elapsed(&self) -> String {
        seconds(self.started.elapsed())
    }
}

/// A line that belongs to the present step.
pub fn say(line: impl AsRef<str>) {
    eprintln!("      {}", line.as_ref());
}

/// A duration as a reader likes it: `3.2 s`, `2 min 5 s`.
pub fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    match whole {
        0..60 => format!("{:.1} s", duration.as_secs_f64()),
        _ => format!("{} min {} s", whole / 60, whole % 60),
    }
}

/// A size in bytes as a reader likes it.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} bytes"),
        10_000..1_000_000 => format!("{:.0} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
