//! How much single samples count: Keras' `sample_weight` and `class_weight`.

use std::collections::BTreeMap;

use ndarray::{Array1, Array2, Axis};

use super::examples::{Examples, Labels, check_shape, first_not_finite, standard};
use crate::math::reduce::argmax;
use crate::{Error, Result};

impl Examples {
    /// Gives every sample a weight, `[samples, 1]`, or every timestep of its labels one, `[samples,
    /// timesteps]`.
    ///
    /// A weight multiplies what a prediction adds to the loss; the sum is still divided by the number of
    /// predictions.
    ///
    /// # Errors
    /// If the shape does not fit, or a weight is negative or not finite.
    pub fn with_sample_weights(mut self, weights: Array2<f32>) -> Result<Self> {
        if weights.dim() != (self.count(), 1) {
            let expected = [("samples", self.count()), ("timesteps", self.labels().timesteps())];
            check_shape("sample_weight", expected, weights.shape())?;
        }
        let bad = first_not_finite(&weights).or(weights.iter().copied().find(|weight| *weight < 0.0));
        if let Some(bad) = bad {
            return Err(Error::value("every sample_weight", "a number of at least 0", bad));
        }
        self.weights = Some(standard(weights));
        Ok(self)
    }

    /// Gives every sample the weight of its class; classes that are not named weigh 1.
    ///
    /// # Errors
    /// If there are sample weights already, labels for every timestep, or a weight is negative or not finite.
    pub fn with_class_weights(self, weights: &BTreeMap<u32, f32>) -> Result<Self> {
        if self.weights.is_some() {
            let expected = "the only weights; multiply them into sample_weight";
            return Err(Error::config("class_weight", expected, "sample_weight too"));
        }
        if self.labels().timesteps() > 1 {
            let found = format!("{} labels", self.labels().timesteps());
            return Err(Error::value("with class_weight each sample", "one label", found));
        }
        let of_class = |class: u32| weights.get(&class).copied().unwrap_or(1.0);
        let of_samples: Array1<f32> = match self.labels() {
            Labels::Classes(ids) => ids.iter().map(|id| of_class(*id)).collect(),
            Labels::Values(values) => {
                let class = |row: &[f32]| if row.len() == 1 { (row[0] + 0.5) as usize } else { argmax(row) };
                let rows = values.as_slice().unwrap_or_default().chunks_exact(values.len_of(Axis(2)));
                rows.map(|row| of_class(class(row) as u32)).collect()
            }
        };
        self.with_sample_weights(of_samples.insert_axis(Axis(1)))
    }
}
