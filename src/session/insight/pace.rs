//! How fast a run goes, and how long it will take.

use serde::Serialize;

use crate::train::Advance;

/// The share of the newest update in the mean time of an update.
const NEWEST: f64 = 0.05;
/// An evaluation has no backward pass: what it takes of a training step for the same samples, before one was measured.
const FORWARD_SHARE: f64 = 0.35;

/// How fast a run goes on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Pace {
    /// Training samples a second, evaluations left out.
    pub samples_per_second: f64,
    /// Timesteps of training samples a second; nothing where a sample has one.
    pub tokens_per_second: Option<f64>,
    /// Seconds for an epoch with its evaluations.
    pub seconds_per_epoch: f64,
    /// Seconds until the update that was asked for, with the evaluations until then.
    pub seconds_left: f64,
}

/// The time that updates and evaluations have taken.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::session) struct Stopwatch {
    /// Mean seconds of an update, the later ones counting more.
    update: Option<f64>,
    /// Seconds of the last evaluation that is over.
    evaluation: Option<f64>,
    /// Seconds of the evaluation that is under way.
    under_way: f64,
}

impl Stopwatch {
    /// A piece of work took so many seconds.
    pub fn lap(&mut self, done: Advance, seconds: f64) {
        match done {
            Advance::Updated(_) => {
                self.update = Some(self.update.map_or(seconds, |mean| mean + NEWEST * (seconds - mean)));
            }
            Advance::Validating => self.under_way += seconds,
            Advance::Validated(_) => {
                self.evaluation = Some(std::mem::take(&mut self.under_way) + seconds);
            }
        }
    }
}

/// The run whose pace is asked for.
#[derive(Debug, Clone, Copy)]
pub(in crate::session) struct Extent {
    /// Training samples.
    pub train: usize,
    /// Timesteps of each.
    pub timesteps: usize,
    /// Validation samples.
    pub validation: usize,
    /// Updates in an epoch.
    pub per_epoch: u64,
    /// An evaluation comes behind every so many updates, beside those at the end of an epoch.
    pub every: Option<u64>,
}

impl Stopwatch {
    /// The pace of a run after `from` updates, with the time until `until`; nothing before the first update.
    pub fn pace(&self, extent: Extent, from: u64, until: u64) -> Option<Pace> {
        let Extent { train, timesteps, validation, per_epoch, every } = extent;
        let update = self.update.filter(|seconds| *seconds > 0.0)?;
        let samples_per_second = train as f64 / (per_epoch as f64 * update);
        let guess = FORWARD_SHARE * validation as f64 / samples_per_second;
        let evaluation = if validation == 0 { 0.0 } else { self.evaluation.unwrap_or(guess) };
        let seconds = |from: u64, to: u64| {
            to.saturating_sub(from) as f64 * update
                + evaluation * evaluations(from, to, per_epoch, every) as f64
        };
        Some(Pace {
            samples_per_second,
            tokens_per_second: (timesteps > 1).then_some(samples_per_second * timesteps as f64),
            seconds_per_epoch: seconds(0, per_epoch),
            seconds_left: seconds(from, until),
        })
    }
}

/// Evaluations behind the updates after `from`, up to `to`: at the end of every epoch, and behind every n-th update.
fn evaluations(from: u64, to: u64, per_epoch: u64, every: Option<u64>) -> u64 {
    let due = |update: &u64| {
        update.is_multiple_of(per_epoch) || every.is_some_and(|n| n > 0 && update.is_multiple_of(n))
    };
    (from + 1..=to).filter(due).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::{Evaluation, Update};

    #[test]
    fn evaluations_come_at_the_end_of_an_epoch_and_in_between() {
        assert_eq!(evaluations(0, 20, 10, None), 2);
        assert_eq!(evaluations(0, 20, 10, Some(4)), 6); // 4, 8, 10, 12, 16, 20
        assert_eq!(evaluations(8, 10, 10, Some(4)), 1);
    }

    #[test]
    fn the_time_of_an_evaluation_is_that_of_all_its_parts() {
        let updated = Advance::Updated(Update { loss: 0.0, accuracy: 0.0, gradient_norm: 0.0 });
        let over = Advance::Validated(Evaluation { step: 2, epoch: 1, loss: 0.0, accuracy: 0.0 });
        let mut watch = Stopwatch::default();
        for (done, seconds) in [(updated, 1.0), (updated, 2.0), (Advance::Validating, 0.5), (over, 0.25)] {
            watch.lap(done, seconds);
        }
        assert_eq!((watch.update, watch.evaluation), (Some(1.0 + NEWEST), Some(0.75)));
    }
}
