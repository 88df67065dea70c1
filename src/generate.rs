//! Sampling from what a language model says comes next.

use crate::math::elementary::exp;
use crate::rng::{RngExt, Stream, Unit};
use crate::{Error, Result};

/// Draws ids one after the other; the same seed and temperature draw the same ids on every machine.
pub struct Sampler {
    temperature: f32,
    stream: Stream,
    weights: Vec<f32>,
}

impl Sampler {
    /// A sampler. A temperature below 1 makes likely ids likelier, one above 1 makes all alike; 0 takes the likeliest.
    ///
    /// # Errors
    /// If the temperature is negative or not finite.
    pub fn new(temperature: f32, seed: u64) -> Result<Self> {
        if !(temperature.is_finite() && temperature >= 0.0) {
            return Err(Error::config("temperature", "a number of at least 0", temperature));
        }
        Ok(Self { temperature, stream: Stream::new(seed, "generate", 0), weights: Vec::new() })
    }

    /// The next id from the logits of all ids, `[vocabulary]`: id k with probability softmax(logits / temperature).
    ///
    /// # Errors
    /// If there are no logits or one is not finite.
    pub fn next_of_logits(&mut self, logits: &[f32]) -> Result<usize> {
        let random = if self.temperature == 0.0 { 0.0 } else { self.stream.sample(Unit) };
        Ok(drawn(logits, self.temperature, random, &mut self.weights)?.0)
    }
}

/// The id on which `random`, from 0 to below 1, falls where the ids stand in their order, each as wide as its
/// probability softmax(logits / temperature); the likeliest at temperature 0. And that probability. `weights` is room
/// for one number for each id.
///
/// # Errors
/// If there are no logits or one is not finite.
pub fn drawn(logits: &[f32], temperature: f32, random: f32, weights: &mut Vec<f32>) -> Result<(usize, f32)> {
    if let Some(bad) = logits.iter().find(|z| !z.is_finite()) {
        return Err(Error::value("every logit", "finite", bad));
    }
    let Some(best) = (0..logits.len()).rev().max_by(|a, b| logits[*a].total_cmp(&logits[*b])) else {
        return Err(Error::value("the logits", "at least one", "none"));
    };
    if temperature == 0.0 {
        return Ok((best, 1.0));
    }
    weights.clear();
    weights.extend(logits.iter().map(|z| exp((z - logits[best]) / temperature)));
    let total: f64 = weights.iter().map(|w| f64::from(*w)).sum();
    let mut left = f64::from(random) * total;
    for (id, weight) in weights.iter().enumerate() {
        left -= f64::from(*weight);
        if left < 0.0 {
            return Ok((id, (f64::from(*weight) / total) as f32));
        }
    }
    // Rounding may leave a trace after the last id.
    Ok((best, (1.0 / total) as f32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_drawn_as_often_as_their_probability_says() {
        // Probabilities 1/7, 2/7 and 4/7.
        let ln_2 = std::f32::consts::LN_2;
        let logits = [0.0, ln_2, 2.0 * ln_2];
        let mut sampler = Sampler::new(1.0, 5).unwrap();
        let mut counts = [0u32; 3];
        for _ in 0..7000 {
            counts[sampler.next_of_logits(&logits).unwrap()] += 1;
        }
        // Standard deviations are about 30, 38 and 41.
        for (count, expected) in counts.iter().zip([1000.0f64, 2000.0, 4000.0]) {
            assert!((f64::from(*count) - expected).abs() < 200.0, "{counts:?}");
        }
    }

    #[test]
    fn temperature_zero_takes_the_first_of_the_likeliest() {
        let mut sampler = Sampler::new(0.0, 5).unwrap();
        assert_eq!(sampler.next_of_logits(&[0.0, 3.0, 3.0, -1.0]).unwrap(), 1);
    }

    #[test]
    fn what_cannot_be_drawn_from_is_refused() {
        assert!(Sampler::new(-1.0, 0).is_err());
        assert!(Sampler::new(f32::NAN, 0).is_err());
        let mut sampler = Sampler::new(1.0, 0).unwrap();
        assert!(sampler.next_of_logits(&[]).is_err());
        assert!(sampler.next_of_logits(&[0.0, f32::NAN]).is_err());
    }
}
