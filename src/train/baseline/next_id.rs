//! What the frequencies of ids, and of pairs of ids, tell of the next id of a text.

use super::Reached;
use crate::math::elementary::ln;

/// Each id has its share of a text; every id is counted once more than it occurs (Laplace).
pub struct UnigramModel {
    counts: Vec<u32>,
    total: u64,
    best: u32,
}

impl UnigramModel {
    /// The shares of `ids`, all of them below `vocabulary`.
    pub fn new(ids: impl Iterator<Item = u32>, vocabulary: usize) -> Self {
        let mut counts = vec![1; vocabulary];
        ids.for_each(|id| counts[id as usize] += 1);
        let best = (0..counts.len()).rev().max_by_key(|id| counts[*id]).unwrap_or(0) as u32;
        Self { total: counts.iter().map(|count| u64::from(*count)).sum(), counts, best }
    }

    fn probability(&self, id: u32) -> f64 {
        f64::from(self.counts[id as usize]) / self.total as f64
    }

    /// The mean cross-entropy of `ids`, and how often the most frequent id is right.
    pub fn judge(&self, ids: impl Iterator<Item = u32>) -> Reached {
        mean(ids.map(|id| (self.probability(id), id == self.best)))
    }
}

/// Each id has its share among those that follow the id before, smoothed with the shares of all ids as Witten & Bell
/// (1991) do it: (c(a, b) + f(a)·p(b)) / (c(a) + f(a)), where f(a) different ids follow a.
pub struct BigramModel {
    unigrams: UnigramModel,
    /// Pairs of ids, the first in the upper half, in order, and how often each occurs.
    pairs: Vec<(u64, u32)>,
    /// For each id: where its pairs begin in `pairs`.
    starts: Vec<usize>,
    /// For each id: how often it is the first of a pair.
    firsts: Vec<u32>,
}

fn key(first: u32, second: u32) -> u64 {
    u64::from(first) << 32 | u64::from(second)
}

impl BigramModel {
    /// The shares in `pairs` of an id and the next one, all below `vocabulary`.
    pub fn new(pairs: impl Iterator<Item = (u32, u32)>, vocabulary: usize) -> Self {
        let mut keys: Vec<u64> = pairs.map(|(first, second)| key(first, second)).collect();
        keys.sort_unstable();
        let unigrams = UnigramModel::new(keys.iter().map(|key| *key as u32), vocabulary);
        let pairs: Vec<(u64, u32)> =
            keys.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32)).collect();
        let (mut starts, mut firsts) = (vec![0; vocabulary + 1], vec![0; vocabulary]);
        for (key, count) in &pairs {
            let first = (key >> 32) as usize;
            starts[first + 1] += 1;
            firsts[first] += count;
        }
        (0..vocabulary).for_each(|id| starts[id + 1] += starts[id]);
        Self { unigrams, pairs, starts, firsts }
    }

    fn followers(&self, first: u32) -> &[(u64, u32)] {
        &self.pairs[self.starts[first as usize]..self.starts[first as usize + 1]]
    }

    fn probability(&self, first: u32, second: u32) -> f64 {
        let followers = self.followers(first);
        let found = followers.binary_search_by_key(&key(first, second), |(key, _)| *key);
        let count = found.map_or(0, |at| followers[at].1);
        let different = followers.len() as f64;
        let total = f64::from(self.firsts[first as usize]) + different;
        match followers.is_empty() {
            true => self.unigrams.probability(second),
            false => (f64::from(count) + different * self.unigrams.probability(second)) / total,
        }
    }

    /// The mean cross-entropy of the second ids of `pairs`, and how often the most frequent follower is right.
    pub fn judge(&self, pairs: impl Iterator<Item = (u32, u32)>) -> Reached {
        let most_frequent = |first: u32| {
            let best = self.followers(first).iter().rev().max_by_key(|(_, count)| *count);
            best.map_or(self.unigrams.best, |(key, _)| *key as u32)
        };
        let best: Vec<u32> = (0..self.firsts.len() as u32).map(most_frequent).collect();
        mean(pairs.map(|(first, second)| (self.probability(first, second), second == best[first as usize])))
    }
}

fn mean(predictions: impl Iterator<Item = (f64, bool)>) -> Reached {
    let (mut loss, mut right, mut count) = (0.0, 0, 0u64);
    for (probability, is_right) in predictions {
        loss -= f64::from(ln(probability as f32));
        right += u64::from(is_right);
        count += 1;
    }
    let count = count.max(1) as f64;
    Reached { loss: loss / count, accuracy: Some(right as f64 / count) }
}
