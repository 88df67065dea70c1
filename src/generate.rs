//! Sampling from what a language model says comes next.

pub mod choice;
pub mod rows;

use crate::math::elementary::exp;
use crate::math::reduce::argmax;
use crate::rng::{RngExt, Stream, Unit};
use crate::{Error, Result};

/// The random numbers of a text: the one for the choice at `place` behind the beginning is the same on every machine,
/// whatever was chosen before.
pub struct Numbers(Stream);

impl Numbers {
    /// Those of a seed.
    pub fn new(seed: u64) -> Self {
        Self(Stream::new(seed, "generate", 0))
    }

    /// The next one, from 0 to below 1.
    fn draw(&mut self) -> f32 {
        self.0.sample(Unit)
    }

    /// The one for the choice at `place`, counted from 0.
    pub fn at(&mut self, place: usize) -> f32 {
        self.0.seek(place as u64);
        self.draw()
    }
}

/// The id that `number`, from 0 to below 1, falls on, and its probability: what [`Choice`](choice::Choice) chooses by
/// [`Rule::of_temperature`](choice::Rule::of_temperature), without the numbers on the way. `weights` is room for one
/// number for each id.
///
/// # Errors
/// If there are no logits or one is not finite.
pub fn drawn(logits: &[f32], temperature: f32, number: f32, weights: &mut Vec<f32>) -> Result<(usize, f32)> {
    choice::check(logits, number)?;
    let best = argmax(logits);
    if temperature == 0.0 {
        return Ok((best, 1.0));
    }
    choice::shift(logits, temperature, weights);
    let (mut total, mut sum) = (0.0, 0.0);
    for weight in weights.iter_mut() {
        *weight = exp(*weight);
        total += f64::from(*weight);
    }
    for weight in weights.iter_mut() {
        *weight = (f64::from(*weight) / total) as f32;
        sum += f64::from(*weight);
    }
    let mut reached = 0.0;
    for (id, probability) in weights.iter().enumerate() {
        reached += f64::from(*probability);
        if reached / sum > f64::from(number) {
            return Ok((id, *probability));
        }
    }
    Ok((best, weights[best])) // not reached: the last sum is 1
}

/// Draws ids one after the other; the same seed and temperature draw the same ids on every machine.
pub struct Sampler {
    temperature: f32,
    numbers: Numbers,
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
        Ok(Self { temperature, numbers: Numbers::new(seed), weights: Vec::new() })
    }

    /// The next id from the logits of all ids, `[vocabulary]`: id k with probability softmax(logits / temperature).
    ///
    /// # Errors
    /// If there are no logits or one is not finite.
    pub fn next_of_logits(&mut self, logits: &[f32]) -> Result<usize> {
        let number = if self.temperature == 0.0 { 0.0 } else { self.numbers.draw() };
        Ok(drawn(logits, self.temperature, number, &mut self.weights)?.0)
    }
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
