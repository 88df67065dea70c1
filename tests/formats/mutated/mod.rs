//! Files and documents of others, changed at random from real ones: each is refused with a sentence, or read and, where
//! it can be, trained.
//!
//! `READER_CASES=1000000 cargo test --release -p unrolled --test formats mutated -- --nocapture` tries so many of each
//! kind and prints what became of them; `READER_SEED` chooses others. A case is the same on every machine.

mod change;
mod files;
mod texts;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::clock::time_on_processor;
use change::Draws;

/// Cases of each kind in a run of all tests.
const USUAL_CASES: u64 = 40;

/// Reading, writing and training one of these small files may take so long on the processor in a build that is not
/// optimised.
const PATIENCE: Duration = Duration::from_secs(5);

/// After so many panics no more are looked for.
const MOST_PANICS: usize = 20;

/// A sentence is no longer than this, whatever stood in the file.
const LONGEST_SENTENCE: usize = 3000;

/// What became of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Refused,
    Accepted,
    /// Accepted, and a network has learned from it.
    Trained,
}

/// What a reader gives for good bytes, or how it refuses others.
pub type Answer = Result<End, unrolled::Error>;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Tries cases that `make` draws. At least one of `one_in` must be trained with, so that more than the first lines of
/// the readers are tried.
pub fn campaign(
    what: &str,
    one_in: u64,
    mut make: impl FnMut(&mut Draws) -> Vec<u8>,
    mut look: impl FnMut(&[u8]) -> Answer,
) {
    let cases = number("READER_CASES").unwrap_or(USUAL_CASES);
    let seed = number("READER_SEED").unwrap_or(1);
    let (mut accepted, mut trained) = (0, 0);
    let mut slowest = (Duration::ZERO, 0);
    let mut faults: Vec<String> = Vec::new();
    for case in 0..cases {
        let bytes = make(&mut Draws::of_case(seed, case));
        let start = time_on_processor();
        let fault = match catch_unwind(AssertUnwindSafe(|| look(&bytes))) {
            Ok(Ok(end)) => {
                accepted += u64::from(end != End::Refused);
                trained += u64::from(end == End::Trained);
                None
            }
            Ok(Err(error)) => {
                let said = error.to_string().len();
                (said > LONGEST_SENTENCE).then(|| format!("is refused with {said} characters"))
            }
            Err(_) => Some("panics; see above".to_owned()),
        };
        let took = time_on_processor().saturating_sub(start);
        slowest = slowest.max((took, case));
        let fault = fault.or_else(|| (took > PATIENCE).then(|| format!("takes {took:?}")));
        if let Some(fault) = fault {
            let file =
                std::env::temp_dir().join(format!("unrolled-{}-{seed}-{case}", what.replace(' ', "-")));
            std::fs::write(&file, &bytes).unwrap();
            faults.push(format!("case {case} {fault}; it is kept as {}", file.display()));
        }
        if faults.len() >= MOST_PANICS {
            break;
        }
    }
    let (took, case) = slowest;
    println!("{what}: {cases} cases, {accepted} accepted, {trained} trained; slowest {took:?} (case {case})");
    assert!(faults.is_empty(), "{what}: {}", faults.join("\n"));
    assert!(trained * one_in >= cases, "only {trained} of {cases} are trained: the changes are too large");
}
