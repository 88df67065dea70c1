//! What a run is asked for in slices: baselines of its data, and its pace.

use super::super::training::Training;
use super::baselines::BaselineLine;
use super::pace::{Extent, Pace};
use crate::Result;

impl Training {
    /// Computes baselines of the data of the present run for about `budget_ms` milliseconds by `clock`, and at least a
    /// part of one; returns all of them when they are there.
    ///
    /// # Errors
    /// If nothing is set up.
    pub fn baselines_for(
        &mut self,
        budget_ms: f64,
        clock: impl Fn() -> f64,
    ) -> Result<Option<Vec<BaselineLine>>> {
        let start = clock();
        let current = self.current_mut()?;
        let outputs = current.run.model().output_shape().features().unwrap_or(1);
        let more = &mut || clock() - start < budget_ms;
        Ok(current.baselines.advance(&current.experiment, &current.material, outputs, more))
    }

    /// How fast the run goes, and how long it takes until update `until`; nothing before the first update.
    ///
    /// # Errors
    /// If nothing is set up.
    pub fn pace(&mut self, until: u64) -> Result<Option<Pace>> {
        let current = self.current_mut()?;
        let (material, per_epoch) = (&current.material, current.run.updates_per_epoch());
        let extent = Extent {
            train: material.train.count(),
            timesteps: material.train.inputs().timesteps(),
            validation: material.validation.as_ref().map_or(0, |examples| examples.count()),
            per_epoch,
            every: current.experiment.fit.validate_every.updates(per_epoch),
        };
        Ok(current.stopwatch.pace(extent, current.run.update_count(), until))
    }
}
