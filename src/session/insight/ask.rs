//! How fast a run goes.

use super::super::training::Training;
use super::pace::{Extent, Pace};
use crate::Result;

impl Training {
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
