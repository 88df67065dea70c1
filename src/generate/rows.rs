//! A choice as a table of few rows: the likeliest ids each by itself, what lies between them together, in the order in
//! which the probabilities are added up.

use super::choice::{Choice, likeliest};

/// One id, or several beside each other that are shown as one row: then sums stand where sums make sense.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The first id.
    pub first: usize,
    /// How many there are.
    pub count: usize,
    /// The logit, divided, and divided minus the largest; nothing for several ids.
    pub one: Option<OneId>,
    /// The exponential of the logit as it is, or the sum of several.
    pub naive: f32,
    /// That divided by the sum over all ids: not a number where both are ∞ or 0.
    pub naive_probability: f32,
    /// The exponential after the largest was taken off, or the sum of several.
    pub weight: f32,
    /// How many of the ids top-k and top-p leave.
    pub kept: usize,
    /// The probability, or the sum of several.
    pub probability: f32,
    /// Where the part of the id or ids begins between 0 and 1.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
}

/// What only one id has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OneId {
    /// What the model gave.
    pub logit: f32,
    /// Divided by the temperature.
    pub scaled: f32,
    /// Minus the largest of these.
    pub shifted: f32,
}

impl Choice {
    /// Rows for the `most` likeliest ids, for the chosen one and for those `always` listed, and for what lies between.
    pub fn rows(&self, most: usize, always: &[usize]) -> Vec<Row> {
        let mut alone = vec![false; self.logits.len()];
        let likeliest = likeliest(&self.weights);
        let listed = likeliest.iter().take(most).chain([&self.chosen]).chain(always);
        listed.for_each(|id| {
            if let Some(alone) = alone.get_mut(*id) {
                *alone = true;
            }
        });
        let (mut rows, mut first) = (Vec::new(), 0);
        while first < alone.len() {
            let together = alone[first..].iter().take_while(|alone| !**alone).count();
            let count = together.max(1);
            rows.push(self.row(first, count));
            first += count;
        }
        rows
    }

    fn row(&self, first: usize, count: usize) -> Row {
        let ids = first..first + count;
        let sum = |of: &[f32]| of[ids.clone()].iter().fold(0.0, |sum, x| sum + x);
        let one =
            OneId { logit: self.logits[first], scaled: self.scaled[first], shifted: self.shifted[first] };
        Row {
            first,
            count,
            one: (count == 1).then_some(one),
            naive: sum(&self.naive),
            naive_probability: sum(&self.naive_probabilities),
            weight: sum(&self.weights),
            kept: self.kept[ids.clone()].iter().filter(|kept| **kept).count(),
            probability: sum(&self.probabilities),
            from: self.part(first).0,
            to: self.part(first + count - 1).1,
        }
    }
}
