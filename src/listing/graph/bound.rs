//! Sizes as sums of lengths: what a slice, a new shape or an array of zeros is measured with.

/// The place of a node in [`Graph::nodes`](super::Graph::nodes).
pub type NodeId = usize;

/// A whole number plus lengths of arrays, divided by a whole number without a rest. As the end of a slice it counts
/// from the end if it is negative.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bound {
    /// The whole number.
    pub constant: i64,
    /// Lengths to add: node, axis and how often.
    pub lengths: Vec<(NodeId, usize, i64)>,
    /// What the sum is divided by, at least 1.
    pub under: i64,
}

/// Numbers beyond this are no sizes.
const LARGEST: i64 = 1 << 24;
/// So many lengths are added.
const MOST_LENGTHS: usize = 8;

impl Bound {
    /// A whole number.
    pub fn number(constant: i64) -> Self {
        Self { constant, lengths: Vec::new(), under: 1 }
    }

    /// The length of a node's value along an axis.
    pub fn length(node: NodeId, axis: usize) -> Self {
        Self { constant: 0, lengths: vec![(node, axis, 1)], under: 1 }
    }

    /// The number, if it depends on no length.
    pub fn known(&self) -> Option<i64> {
        (self.lengths.is_empty() && self.under == 1).then_some(self.constant)
    }

    /// The number, from the length of each node along an axis; `None` if it is no whole one.
    pub fn value(&self, length: impl Fn(NodeId, usize) -> Option<usize>) -> Option<i64> {
        let mut sum = self.constant;
        for (node, axis, times) in &self.lengths {
            sum = sum.checked_add(times.checked_mul(i64::try_from(length(*node, *axis)?).ok()?)?)?;
        }
        (sum % self.under == 0).then_some(sum / self.under)
    }

    pub(super) fn plus(&self, other: &Self, sign: i64) -> Option<Self> {
        let scaled = |bound: &Self, by: i64| {
            let lengths = bound.lengths.iter().map(|(node, axis, times)| (*node, *axis, times * by));
            (bound.constant * by, lengths.collect::<Vec<_>>())
        };
        let (constant, lengths) = scaled(self, other.under);
        let (more, others) = scaled(other, self.under * sign);
        let mut sum = Self { constant: constant + more, lengths, under: self.under * other.under };
        for (node, axis, times) in others {
            match sum.lengths.iter_mut().find(|known| (known.0, known.1) == (node, axis)) {
                Some(known) => known.2 += times,
                None => sum.lengths.push((node, axis, times)),
            }
        }
        sum.reduced()
    }

    pub(super) fn times(&self, by: i64) -> Option<Self> {
        let lengths = self.lengths.iter().map(|(node, axis, times)| (*node, *axis, times * by)).collect();
        Self { constant: self.constant * by, lengths, under: self.under }.reduced()
    }

    pub(super) fn divided(&self, by: i64) -> Option<Self> {
        if by < 1 {
            return None;
        }
        match self.known() {
            Some(known) => Some(Self::number(known.div_euclid(by))),
            None => Self { under: self.under * by, ..self.clone() }.reduced(),
        }
    }

    /// In lowest terms; `None` if it is larger than any size.
    fn reduced(mut self) -> Option<Self> {
        self.lengths.retain(|(_, _, times)| *times != 0);
        let divisor = self.lengths.iter().fold(gcd(self.constant, self.under), |d, l| gcd(d, l.2)).max(1);
        self.constant /= divisor;
        self.under /= divisor;
        self.lengths.iter_mut().for_each(|length| length.2 /= divisor);
        let largest = self.lengths.iter().map(|l| l.2).chain([self.constant, self.under]);
        let fits = largest.into_iter().all(|n| n.abs() < LARGEST) && self.lengths.len() <= MOST_LENGTHS;
        fits.then_some(self)
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
