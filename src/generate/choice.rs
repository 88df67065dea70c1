//! One choice of a next id with every number on the way: divided by the temperature, exponentials, probabilities, their
//! running sum, and the random number that falls into it.
//!
//! The last two steps are those of `numpy.random.choice`: the probabilities are added up in double precision, divided
//! by their sum, and the id is the first whose running sum is above the random number.

use crate::math::elementary::{exp, ln};
use crate::math::reduce::argmax;
use crate::ordering::order;
use crate::{Error, Result};

/// Above this the engine's eˣ is ∞ a little before single precision ends at 88.72.
const LAST_EXPONENT: f32 = 88.0;

/// How an id is chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// What the logits are divided by (Ackley, Hinton & Sejnowski 1985).
    pub temperature: f32,
    /// Whether the likeliest id is taken, whatever the random number is.
    pub greedy: bool,
    /// Only so many of the likeliest ids are kept (Fan, Lewis & Dauphin 2018).
    pub top_k: Option<usize>,
    /// Only the fewest of the likeliest ids are kept whose probabilities reach this sum (Holtzman et al. 2020).
    pub top_p: Option<f32>,
}

impl Default for Rule {
    /// Every id with the probability that the model gives it.
    fn default() -> Self {
        Self { temperature: 1.0, greedy: false, top_k: None, top_p: None }
    }
}

impl Rule {
    /// Draws from softmax(logits / `temperature`); 0 takes the likeliest.
    pub fn of_temperature(temperature: f32) -> Self {
        match temperature == 0.0 {
            true => Self { greedy: true, ..Self::default() },
            false => Self { temperature, ..Self::default() },
        }
    }

    /// Checks the numbers.
    ///
    /// # Errors
    /// A temperature that is not positive or not finite, no id to keep, or a sum outside of 0 to 1.
    pub fn check(&self) -> Result<()> {
        if !(self.temperature.is_finite() && self.temperature > 0.0) {
            return Err(Error::config("temperature", "a number above 0", self.temperature));
        }
        if self.top_k == Some(0) {
            return Err(Error::config("top_k", "at least 1", 0));
        }
        match self.top_p {
            Some(sum) if !(sum > 0.0 && sum <= 1.0) => {
                Err(Error::config("top_p", "a number above 0, at most 1", sum))
            }
            _ => Ok(()),
        }
    }
}

/// One choice; every list has one entry for each id.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What the model gave.
    pub logits: Vec<f32>,
    /// Divided by the temperature.
    pub scaled: Vec<f32>,
    /// Their exponentials as they are: ∞ where single precision ends.
    pub naive: Vec<f32>,
    /// The sum of these.
    pub naive_sum: f32,
    /// The exponentials divided by their sum: not a number where that is ∞ / ∞ or 0 / 0.
    pub naive_probabilities: Vec<f32>,
    /// The scaled logits minus the largest of them.
    pub shifted: Vec<f32>,
    /// Their exponentials, from 0 to 1.
    pub weights: Vec<f32>,
    /// The sum of these over all ids.
    pub sum: f64,
    /// Whether top-k and top-p leave the id.
    pub kept: Vec<bool>,
    /// The exponentials divided by the sum over the kept ids; 0 for all others.
    pub probabilities: Vec<f32>,
    /// Their running sum, from the first id on; the last is 1.
    pub cumulated: Vec<f64>,
    /// The random number, from 0 to below 1.
    pub number: f32,
    /// The id that is chosen.
    pub chosen: usize,
    /// Entropy of the probabilities in bits.
    pub entropy_bits: f64,
}

impl Choice {
    /// Chooses among `logits` by `rule` with a random `number` from 0 to below 1.
    ///
    /// # Errors
    /// As [`Rule::check`]; no logits, one that is not finite, or a number outside of 0 to below 1.
    pub fn new(logits: &[f32], rule: &Rule, number: f32) -> Result<Self> {
        rule.check()?;
        check(logits, number)?;
        let scaled: Vec<f32> = logits.iter().map(|z| z / rule.temperature).collect();
        let naive: Vec<f32> = scaled.iter().map(|z| to_the_end(*z)).collect();
        let naive_sum = naive.iter().fold(0.0, |sum, e| sum + e);
        let naive_probabilities = naive.iter().map(|e| e / naive_sum).collect();
        let mut shifted = Vec::with_capacity(logits.len());
        shift(logits, rule.temperature, &mut shifted);
        let weights: Vec<f32> = shifted.iter().map(|z| exp(*z)).collect();
        let kept = kept(&weights, rule);
        let kept_sum = sum_of(&weights, &kept);
        let share = |(w, kept): (&f32, &bool)| if *kept { (f64::from(*w) / kept_sum) as f32 } else { 0.0 };
        let probabilities: Vec<f32> = weights.iter().zip(&kept).map(share).collect();
        let cumulated = cumulated(&probabilities);
        let drawn = cumulated.iter().position(|sum| *sum > f64::from(number));
        let chosen = drawn.filter(|_| !rule.greedy).unwrap_or_else(|| argmax(&probabilities));
        Ok(Self {
            logits: logits.to_vec(),
            scaled,
            naive,
            naive_sum,
            naive_probabilities,
            shifted,
            sum: weights.iter().fold(0.0, |sum, w| sum + f64::from(*w)),
            weights,
            kept,
            entropy_bits: entropy_bits(&probabilities),
            probabilities,
            cumulated,
            number,
            chosen,
        })
    }

    /// 2 to the power of the entropy: among so many equally likely ids one would be as uncertain.
    pub fn perplexity(&self) -> f64 {
        f64::from(exp((self.entropy_bits * std::f64::consts::LN_2) as f32))
    }

    /// −log₂ of the probability of `id` in bits; ∞ for one that is not kept.
    pub fn surprise_bits(&self, id: usize) -> f64 {
        -f64::from(ln(self.probabilities[id])) * std::f64::consts::LOG2_E
    }

    /// Where the part of `id` begins and ends between 0 and 1.
    pub fn part(&self, id: usize) -> (f64, f64) {
        (if id == 0 { 0.0 } else { self.cumulated[id - 1] }, self.cumulated[id])
    }
}

/// Checks what is chosen among, and the random number.
pub(super) fn check(logits: &[f32], number: f32) -> Result<()> {
    if logits.is_empty() {
        return Err(Error::value("the logits", "at least one", "none"));
    }
    if let Some(bad) = logits.iter().find(|z| !z.is_finite()) {
        return Err(Error::value("every logit", "finite", bad));
    }
    match (0.0..1.0).contains(&number) {
        true => Ok(()),
        false => Err(Error::value("the random number", "from 0 to below 1", number)),
    }
}

/// eˣ up to the last number of single precision.
fn to_the_end(x: f32) -> f32 {
    if x > LAST_EXPONENT { exp(x - 1.0) * std::f32::consts::E } else { exp(x) }
}

/// Writes the scaled logits minus the largest of them into `shifted`. Where a quotient is beyond single precision the
/// differences are divided.
pub(super) fn shift(logits: &[f32], temperature: f32, shifted: &mut Vec<f32>) {
    let best = argmax(logits);
    shifted.clear();
    shifted.extend(logits.iter().map(|z| z / temperature));
    let largest = shifted[best];
    match shifted.iter().all(|z| z.is_finite()) {
        true => shifted.iter_mut().for_each(|z| *z -= largest),
        false => {
            shifted.clear();
            shifted.extend(logits.iter().map(|z| (z - logits[best]) / temperature));
        }
    }
}

/// Which ids the rule keeps: among equal ones the first.
fn kept(weights: &[f32], rule: &Rule) -> Vec<bool> {
    if rule.top_k.is_none() && rule.top_p.is_none() {
        return vec![true; weights.len()];
    }
    let mut order = likeliest(weights);
    order.truncate(rule.top_k.unwrap_or(usize::MAX));
    if let Some(least) = rule.top_p {
        let total = order.iter().fold(0.0, |sum, id| sum + f64::from(weights[*id]));
        let (mut sum, mut count) = (0.0, 0);
        while count < order.len() && (count == 0 || sum < f64::from(least) * total) {
            sum += f64::from(weights[order[count]]);
            count += 1;
        }
        order.truncate(count);
    }
    let mut kept = vec![false; weights.len()];
    order.into_iter().for_each(|id| kept[id] = true);
    kept
}

/// All ids, the likeliest first; among equal ones the first.
pub(super) fn likeliest(weights: &[f32]) -> Vec<usize> {
    order(weights.len(), &mut |a, b| weights[b].total_cmp(&weights[a]))
}

fn sum_of(weights: &[f32], kept: &[bool]) -> f64 {
    weights.iter().zip(kept).filter(|(_, kept)| **kept).fold(0.0, |sum, (w, _)| sum + f64::from(*w))
}

fn cumulated(probabilities: &[f32]) -> Vec<f64> {
    let mut sum = 0.0;
    let sums: Vec<f64> = probabilities
        .iter()
        .map(|p| {
            sum += f64::from(*p);
            sum
        })
        .collect();
    sums.into_iter().map(|part| part / sum).collect()
}

fn entropy_bits(probabilities: &[f32]) -> f64 {
    let nats = probabilities
        .iter()
        .filter(|p| **p > 0.0)
        .fold(0.0, |sum, p| sum - f64::from(*p) * f64::from(ln(*p)));
    nats * std::f64::consts::LOG2_E
}
