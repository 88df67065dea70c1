//! Progress of a command: numbered steps, their times, and how durations and sizes are printed.

use std::fmt;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Numbered steps with the time that each took. Several threads may do steps of one command.
pub struct Steps {
    total: usize,
    started: Instant,
    log: Mutex<Vec<Step>>,
}

struct Step {
    what: &'static str,
    began: Duration,
    took: Option<Duration>,
}

impl Steps {
    /// A command of `total` steps that starts now.
    pub fn new(total: usize) -> Self {
        Self { total, started: Instant::now(), log: Mutex::default() }
    }

    /// Prints the name of the next step, runs it and prints how long it took.
    ///
    /// # Errors
    /// Whatever the step fails with.
    pub fn run<T>(&self, what: &'static str, step: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
        let began = self.started.elapsed();
        let index = self.with_log(|log| {
            log.push(Step { what, began, took: None });
            log.len() - 1
        });
        let label = format!("[{}/{}] {what}", index + 1, self.total);
        eprintln!("{label} …");
        let result = step()?;
        let took = self.started.elapsed() - began;
        self.with_log(|log| log[index].took = Some(took));
        eprintln!("{label}: done in {}", seconds(took));
        Ok(result)
    }

    /// The time since the first step.
    pub fn elapsed(&self) -> String {
        seconds(self.started.elapsed())
    }

    /// A table of the steps so far: when each began, and how long it took.
    pub fn table(&self) -> String {
        self.with_log(|log| log.iter().map(ToString::to_string).collect())
    }

    fn with_log<T>(&self, use_it: impl FnOnce(&mut Vec<Step>) -> T) -> T {
        // A panic cannot leave the list half changed.
        use_it(&mut self.log.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let took = self.took.map_or_else(|| "not done".to_owned(), seconds);
        writeln!(out, "  {:<44}{:>14}{:>14}", self.what, format!("at {}", seconds(self.began)), took)
    }
}

/// How a program ends; what failed is printed in one line, with the chain of its causes.
pub fn exit_code(ended: anyhow::Result<()>) -> ExitCode {
    let Err(error) = ended else { return ExitCode::SUCCESS };
    eprintln!("error: {}", format!("{error:#}").split_whitespace().collect::<Vec<_>>().join(" "));
    ExitCode::FAILURE
}

/// Prints a line below the current step.
pub fn say(line: impl AsRef<str>) {
    eprintln!("      {}", line.as_ref());
}

/// A duration as text: `3.2 s`, `2 min 5 s`.
pub fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    match whole {
        0..60 => format!("{:.1} s", duration.as_secs_f64()),
        _ => format!("{} min {} s", whole / 60, whole % 60),
    }
}

/// A size as text: `9999 bytes`, `45 kB`, `4.5 MB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} bytes"),
        10_000..1_000_000 => format!("{:.0} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_shows_what_was_done_and_what_was_not() {
        let steps = Steps::new(2);
        steps.run("Formatting", || Ok(())).unwrap();
        steps
            .run("Clippy", || -> anyhow::Result<()> { anyhow::bail!("it has found something") })
            .unwrap_err();
        let table = steps.table();
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines[0].starts_with("  Formatting") && lines[0].ends_with("0.0 s"), "{table}");
        assert!(lines[1].starts_with("  Clippy") && lines[1].ends_with("not done"), "{table}");
    }

    #[test]
    fn times_and_sizes_are_short() {
        assert_eq!(seconds(Duration::from_millis(59_940)), "59.9 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 5 s");
        assert_eq!(size(9_999), "9999 bytes");
        assert_eq!(size(4_512_345), "4.5 MB");
    }
}
