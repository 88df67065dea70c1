//! How much single samples count: Keras' `sample_weight` and `class_weight`.

use std::collections::BTreeMap;

use super::examples::{Examples, Labels, not_finite};
use crate::math::reduce::argmax;
use crate::{Error, Result};

impl Examples {
    /// Gives every sample a weight, `[count]`, or every timestep of its labels one, `[count, timesteps]`.
    ///
    /// A weight multiplies what a prediction adds to the loss; the sum is still divided by the number of predictions.
    ///
    /// # Errors
    /// If their number does not fit, or one is negative or not finite.
    pub fn with_sample_weights(mut self, weights: Vec<f32>) -> Result<Self> {
        let shape = [self.count(), self.labels().timesteps()];
        if weights.len() != shape[0] && weights.len() != shape[0] * shape[1] {
            return Err(Error::shape("sample_weight", &shape, &[weights.len()]));
        }
        let bad = not_finite(&weights).or(weights.iter().copied().find(|w| *w < 0.0));
        if let Some(bad) = bad {
            return Err(Error::value("every sample_weight", "a number of at least 0", bad));
        }
        self.weights = weights;
        Ok(self)
    }

    /// Gives every sample the weight of its class; classes that are not named weigh 1.
    ///
    /// # Errors
    /// If there are sample weights already, labels for every timestep, or a weight is negative or not finite.
    pub fn with_class_weights(self, weights: &BTreeMap<u32, f32>) -> Result<Self> {
        if !self.weights.is_empty() {
            let expected = "the only weights; multiply them into sample_weight";
            return Err(Error::config("class_weight", expected, "sample_weight too"));
        }
        if self.labels().timesteps() > 1 {
            let found = format!("{} labels", self.labels().timesteps());
            return Err(Error::value("with class_weight each sample", "one label", found));
        }
        let of_class = |class: u32| weights.get(&class).copied().unwrap_or(1.0);
        let of_samples = match self.labels() {
            Labels::Classes { ids, .. } => ids.iter().map(|id| of_class(*id)).collect(),
            Labels::Values { features, values, .. } => {
                let class = |row: &[f32]| if row.len() == 1 { (row[0] + 0.5) as usize } else { argmax(row) };
                values.chunks_exact(*features).map(|row| of_class(class(row) as u32)).collect()
            }
        };
        self.with_sample_weights(of_samples)
    }
}
