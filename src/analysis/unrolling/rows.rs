//! Linear steps as rows: each number of the new states as a sum of numbers of the old ones, and a rest.

/// One number: what it is of each number of the old states, and what does not depend on them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Number of the old states and its factor, by number.
    pub terms: Vec<(usize, f32)>,
    /// The rest.
    pub rest: f32,
}

impl Row {
    /// A number that does not depend on the states.
    pub fn constant(rest: f32) -> Self {
        Self { terms: Vec::new(), rest }
    }

    /// `self + other · factor`
    pub fn add(&mut self, other: &Self, factor: f32) {
        self.rest += other.rest * factor;
        let mut sum = Vec::with_capacity(self.terms.len() + other.terms.len());
        let (mut ours, mut theirs) = (self.terms.iter().peekable(), other.terms.iter().peekable());
        loop {
            match (ours.peek(), theirs.peek()) {
                (Some((a, value)), Some((b, other))) if a == b => {
                    sum.push((*a, value + other * factor));
                    ours.next();
                    theirs.next();
                }
                (Some(&&(a, value)), other) if other.is_none_or(|(b, _)| a < *b) => {
                    sum.push((a, value));
                    ours.next();
                }
                (_, Some(&&(b, value))) => {
                    sum.push((b, value * factor));
                    theirs.next();
                }
                _ => break,
            }
        }
        self.terms = sum;
    }

    /// The same times a number.
    pub fn scaled(&self, factor: f32) -> Self {
        let terms = self.terms.iter().map(|(k, value)| (*k, value * factor)).collect();
        Self { terms, rest: self.rest * factor }
    }
}

/// A linear step: a row for each number of the states.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows(pub Vec<Row>);

impl Rows {
    /// How many products one step takes.
    pub fn products(&self) -> u64 {
        self.0.iter().map(|row| row.terms.len() as u64).sum()
    }

    /// The step that is `self` after `before`, and how many products that took.
    pub fn after(&self, before: &Self) -> (Self, u64) {
        let mut work = 0;
        let rows = self.0.iter().map(|row| {
            let mut made = Row::constant(row.rest);
            for (k, factor) in &row.terms {
                work += before.0[*k].terms.len() as u64 + 1;
                made.add(&before.0[*k], *factor);
            }
            made
        });
        let rows = rows.collect();
        (Self(rows), work)
    }

    /// The states after this step.
    pub fn apply(&self, states: &[f32]) -> Vec<f32> {
        let row = |row: &Row| row.terms.iter().fold(row.rest, |sum, (k, factor)| sum + factor * states[*k]);
        self.0.iter().map(row).collect()
    }

    /// The same without its rests.
    pub fn homogeneous(&self) -> Self {
        Self(self.0.iter().map(|row| Row { terms: row.terms.clone(), rest: 0.0 }).collect())
    }
}
