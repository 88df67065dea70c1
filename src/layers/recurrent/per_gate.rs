//! Dropout masks that every gate has for itself, and what has gone through them.

/// An array as each gate of a cell sees it: all see the same, or each sees it under a dropout mask of its own.
#[derive(Debug, Clone, Copy, Default)]
pub struct PerGate<'a> {
    all: &'a [f32],
    /// Copies for how many gates; at most one: all gates see the same.
    gates: usize,
    /// Distance between the copies of two gates.
    stride: usize,
    start: usize,
    length: usize,
}

impl<'a> PerGate<'a> {
    /// What all gates see alike.
    pub fn same(all: &'a [f32]) -> Self {
        Self { all, gates: 1, stride: 0, start: 0, length: all.len() }
    }

    /// Copies for `gates` gates in `all`, one after the other; without numbers all gates see the same nothing.
    pub fn copies(all: &'a [f32], gates: usize) -> Self {
        if all.is_empty() {
            return Self::same(all);
        }
        let stride = all.len() / gates.max(1);
        Self { all, gates, stride, start: 0, length: stride }
    }

    /// The part `start..start + length` of every copy.
    pub fn part(self, start: usize, length: usize) -> Self {
        Self { start: self.start + start, length, ..self }
    }

    /// Whether every gate sees something else.
    pub fn is_split(self) -> bool {
        self.gates > 1
    }

    /// What gate `gate` sees.
    pub fn of(self, gate: usize) -> &'a [f32] {
        let copy = if self.is_split() { gate } else { 0 };
        &self.all[copy * self.stride + self.start..][..self.length]
    }

    /// `x`, `[n, batch, width]`, under these masks, `[batch, width]` for each gate; written to `workspace` where the gates
    /// have masks of their own, otherwise `x` itself.
    pub fn over<'b>(self, x: &'b [f32], workspace: &'b mut Vec<f32>) -> PerGate<'b> {
        if !self.is_split() {
            return PerGate::same(x);
        }
        workspace.clear();
        for gate in 0..self.gates {
            let mask = self.of(gate).iter().cycle();
            workspace.extend(x.iter().zip(mask).map(|(x, m)| x * m));
        }
        PerGate::copies(workspace, self.gates)
    }
}
