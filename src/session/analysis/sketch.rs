//! The distribution of many numbers in little memory.

use serde::Serialize;

/// Numbers that are kept at most: a histogram of so many is smooth enough for a picture.
const KEPT: usize = 16_384;
/// Bars of a histogram.
const BARS: usize = 32;

/// How often values lie where.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Histogram {
    /// Where the first bar begins.
    pub low: f32,
    /// Where the last one ends.
    pub high: f32,
    /// The share of the values in each bar; all bars are equally wide.
    pub shares: Vec<f64>,
}

/// Counts and sums of all numbers, and every n-th of them: n doubles when memory is full.
#[derive(Debug, Clone)]
pub(super) struct Sketch {
    kept: Vec<f32>,
    stride: usize,
    seen: usize,
    sum: f64,
    low: f32,
    high: f32,
    beyond: [usize; 2],
    limits: [f32; 2],
}

impl Sketch {
    /// Counts besides what lies below the first and above the second of `limits`.
    pub fn new(limits: [f32; 2]) -> Self {
        let (low, high) = (f32::INFINITY, f32::NEG_INFINITY);
        Self { kept: Vec::new(), stride: 1, seen: 0, sum: 0.0, low, high, beyond: [0; 2], limits }
    }

    pub fn add(&mut self, value: f32) {
        if self.seen.is_multiple_of(self.stride) {
            if self.kept.len() == KEPT {
                let mut k = 0;
                self.kept.retain(|_| {
                    k += 1;
                    k % 2 == 1
                });
                self.stride *= 2;
            }
            if self.seen.is_multiple_of(self.stride) {
                self.kept.push(value);
            }
        }
        self.seen += 1;
        self.sum += f64::from(value);
        (self.low, self.high) = (self.low.min(value), self.high.max(value));
        self.beyond[0] += usize::from(value < self.limits[0]);
        self.beyond[1] += usize::from(value > self.limits[1]);
    }

    /// How many numbers there were.
    pub fn count(&self) -> usize {
        self.seen
    }

    /// The smallest and the largest number.
    pub fn range(&self) -> (f32, f32) {
        (self.low, self.high)
    }

    /// The mean of all; 0 of none.
    pub fn mean(&self) -> f64 {
        self.sum / self.seen.max(1) as f64
    }

    /// The shares of all that lie below the first and above the second limit.
    pub fn beyond(&self) -> [f64; 2] {
        self.beyond.map(|count| count as f64 / self.seen.max(1) as f64)
    }

    /// The bars from `low` to `high`, with what lies outside in the first and the last one.
    pub fn histogram(&self, low: f32, high: f32) -> Histogram {
        let mut counts = [0_usize; BARS];
        let width = (high - low).max(f32::MIN_POSITIVE) / BARS as f32;
        for value in &self.kept {
            counts[(((value - low) / width).max(0.0) as usize).min(BARS - 1)] += 1;
        }
        let share = |count: &usize| *count as f64 / self.kept.len().max(1) as f64;
        Histogram { low, high, shares: counts.iter().map(share).collect() }
    }
}
