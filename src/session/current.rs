//! A model in training with what belongs to it.

use std::sync::Arc;

use super::insight::{Norms, Stopwatch};
use super::report::Report;
use super::text;
use crate::data::Dataset;
use crate::experiment::{Experiment, Material, Words};
use crate::layers::Parameters;
use crate::train::{Run, Watch, Watched};
use crate::{Error, Result};

/// A model in training.
pub(super) struct Current {
    pub(super) experiment: Experiment,
    pub(super) dataset: Option<Arc<Dataset>>,
    pub(super) material: Material,
    pub(super) run: Run,
    /// The weights of update 0, where they come from a file.
    pub(super) first: Option<Parameters>,
    pub(super) seconds: f64,
    /// From this time of the run on norms are taken again.
    pub(super) next_norms: f64,
    pub(super) stopwatch: Stopwatch,
}

/// Norms are taken at most this often, in seconds.
const INTERVAL: f64 = 1.0 / 15.0;
/// Seconds between two measurements for each weight of the model. A measurement reads all weights about four times, a
/// few nanoseconds each, so that it takes about a hundredth of the time between two of them.
const INTERVAL_PER_WEIGHT: f64 = 4e-7;

impl Current {
    /// A run that has not begun.
    pub(super) fn new(
        experiment: Experiment,
        dataset: Option<Arc<Dataset>>,
        material: Material,
        run: Run,
    ) -> Self {
        let stopwatch = Stopwatch::default();
        let (first, seconds, next_norms) = (None, 0.0, 0.0);
        Self { experiment, dataset, material, run, first, seconds, next_norms, stopwatch }
    }

    /// The data set and how a text of words is read.
    pub(super) fn texts(&self) -> Result<(Arc<Dataset>, Words)> {
        let dataset = self.dataset.clone().ok_or_else(no_data)?;
        Ok((dataset, text::words_of(&self.experiment)?.clone()))
    }

    /// Writes into a report where the run stands after `ms` more milliseconds.
    pub(super) fn finish(&mut self, report: &mut Report, ms: f64) {
        self.seconds += ms / 1000.0;
        let (step, epoch) = (self.run.update_count(), self.run.updates_per_epoch());
        report.step = step;
        report.epoch = step / epoch;
        report.epoch_position = (step % epoch) as f64 / epoch as f64;
        report.seconds = self.seconds;
    }

    /// Has the norms of the next update taken, if that does not slow training down.
    pub(super) fn watch_norms(&mut self) {
        if self.seconds >= self.next_norms {
            let weights = self.run.model().parameters.values().len() as f64;
            self.next_norms = self.seconds + INTERVAL.max(weights * INTERVAL_PER_WEIGHT);
            self.run.watch(Watch::Norms);
        }
    }

    /// The norms that were taken.
    pub(super) fn take_norms(&mut self) -> Vec<Norms> {
        let watched = self.run.take_watched();
        watched.iter().map(|watched| Norms::of(self.run.model(), watched)).collect()
    }

    /// The same of an update of which everything was written down.
    pub(super) fn norms_of(&self, watched: &Watched) -> Norms {
        Norms::of(self.run.model(), watched)
    }
}

fn no_data() -> Error {
    Error::format("the engine", "it has no data set yet; load one first")
}
