//! Sums, means and extremes, over all numbers or along one axis.

use super::{Array, Kind, Outcome};

/// What is made of many numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::script) enum Reduction {
    Sum,
    Product,
    Mean,
    Variance,
    Deviation,
    Max,
    Min,
    ArgMax,
    ArgMin,
    All,
    Any,
}

impl Reduction {
    fn kind(self, kind: Kind) -> Kind {
        match self {
            Self::Sum | Self::Product => kind.max(Kind::Int),
            Self::Mean | Self::Variance | Self::Deviation => kind.as_float(),
            Self::Max | Self::Min => kind,
            Self::ArgMax | Self::ArgMin => Kind::Int,
            Self::All | Self::Any => Kind::Bool,
        }
    }

    /// Whether no numbers have none of it.
    pub(in crate::script) fn needs_one(self) -> bool {
        matches!(self, Self::Max | Self::Min | Self::ArgMax | Self::ArgMin)
    }

    /// `less` are taken from the number of values that a variance divides by.
    fn of(self, values: &[f64], less: f64) -> f64 {
        let count = values.len() as f64;
        match self {
            Self::Sum => sum(values),
            Self::Product => values.iter().product(),
            Self::Mean => sum(values) / count,
            Self::Variance | Self::Deviation => {
                let mean = sum(values) / count;
                let squares: Vec<f64> = values.iter().map(|v| (v - mean) * (v - mean)).collect();
                let variance = sum(&squares) / (count - less);
                if self == Self::Deviation { variance.sqrt() } else { variance }
            }
            Self::Max | Self::Min => values[self.place(values)],
            Self::ArgMax | Self::ArgMin => self.place(values) as f64,
            Self::All => f64::from(u8::from(values.iter().all(|v| *v != 0.0))),
            Self::Any => f64::from(u8::from(values.iter().any(|v| *v != 0.0))),
        }
    }

    /// Where the first extreme lies; one that is not a number counts as the most extreme.
    fn place(self, values: &[f64]) -> usize {
        let is_max = matches!(self, Self::Max | Self::ArgMax);
        let mut best = 0;
        for (k, value) in values.iter().enumerate() {
            let is_further = if is_max { *value > values[best] } else { *value < values[best] };
            if !values[best].is_nan() && (is_further || value.is_nan()) {
                best = k;
            }
        }
        best
    }
}

/// The sum as numpy takes it along contiguous numbers: eight sums side by side, halves from 128 on.
fn sum(values: &[f64]) -> f64 {
    let n = values.len();
    if n < 8 {
        return values.iter().fold(-0.0, |sum, v| sum + v) + if n == 0 { 0.0 } else { -0.0 };
    }
    if n > 128 {
        let half = n / 2 - (n / 2) % 8;
        return sum(&values[..half]) + sum(&values[half..]);
    }
    let mut eight = [0.0; 8];
    eight.copy_from_slice(&values[..8]);
    let whole = n - n % 8;
    for part in values[8..whole].chunks_exact(8) {
        eight.iter_mut().zip(part).for_each(|(sum, v)| *sum += v);
    }
    let [a, b, c, d, e, f, g, h] = eight;
    let first = ((a + b) + (c + d)) + ((e + f) + (g + h));
    values[whole..].iter().fold(first, |sum, v| sum + v)
}

impl Array {
    /// Over all numbers, or along `axes`, which are then left out or kept with size 1.
    pub(in crate::script) fn reduced(
        &self,
        reduction: Reduction,
        axes: Option<&[usize]>,
        keep: bool,
        less: f64,
    ) -> Outcome<Self> {
        let all: Vec<usize> = (0..self.shape.len()).collect();
        let axes = axes.unwrap_or(&all);
        let kept: Vec<usize> = all.iter().copied().filter(|axis| !axes.contains(axis)).collect();
        // The axes that are left out come last.
        let order: Vec<usize> = kept.iter().chain(axes).copied().collect();
        let moved = self.permuted(&order);
        let length: usize = axes.iter().map(|axis| self.shape[*axis]).product();
        let numbers = moved.numbers();
        let results: usize = kept.iter().map(|axis| self.shape[*axis]).product();
        let part = |k: usize| &numbers[k * length..][..length];
        let values = (0..results).map(|k| reduction.of(part(k), less)).collect();
        let shape = all.iter().filter_map(|axis| match axes.contains(axis) {
            true => keep.then_some(1),
            false => Some(self.shape[*axis]),
        });
        Self::new(shape.collect(), reduction.kind(self.kind), values)
    }

    /// Sums, or products, of ever more numbers along an axis.
    pub(in crate::script) fn cumulated(&self, axis: usize, multiplies: bool) -> Outcome<Self> {
        let mut order: Vec<usize> = (0..self.shape.len()).filter(|k| *k != axis).collect();
        order.push(axis);
        let moved = self.permuted(&order);
        let mut numbers = moved.numbers();
        for row in numbers.chunks_mut(self.shape[axis].max(1)) {
            for k in 1..row.len() {
                row[k] = if multiplies { row[k] * row[k - 1] } else { row[k] + row[k - 1] };
            }
        }
        let cumulated = Self::new(moved.shape.clone(), self.kind.max(Kind::Int), numbers)?;
        let back: Vec<usize> =
            (0..self.shape.len()).map(|k| order.iter().position(|own| *own == k).unwrap_or(k)).collect();
        Ok(cumulated.permuted(&back))
    }
}
