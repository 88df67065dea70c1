//! The data of the experiment that is set up, one sample at a time.

use super::Training;
use crate::Result;
use crate::experiment::{ClassCounts, Sample, Subset};

impl Training {
    /// One sample: as it is, as the network receives it, and the wanted answer.
    ///
    /// # Errors
    /// If there is no such sample, or nothing is set up.
    pub fn sample(&self, subset: Subset, index: usize) -> Result<Sample> {
        let (experiment, dataset, material) = self.data()?;
        material.sample(experiment, dataset, subset, index)
    }

    /// How often each class is the answer in training and validation.
    ///
    /// # Errors
    /// If nothing is set up.
    pub fn class_counts(&self) -> Result<ClassCounts> {
        let (experiment, dataset, material) = self.data()?;
        Ok(material.class_counts(experiment, dataset))
    }
}
