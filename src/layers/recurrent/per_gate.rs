//! Arrays that differ from gate to gate, because each gate has a separate dropout mask.

/// An array as an operand of each gate of a cell: one array for all gates, or a copy for each gate, multiplied by the
/// gate's dropout mask.
#[derive(Debug, Clone, Copy, Default)]
pub struct PerGate<'a> {
    all: &'a [f32],
    /// Number of copies; at most one: all gates share the array.
    gates: usize,
    /// Distance between the copies of two gates.
    stride: usize,
    start: usize,
    length: usize,
}

impl<'a> PerGate<'a> {
    /// One array for all gates.
    #[inline(always)]
    pub fn same(all: &'a [f32]) -> Self {
        Self { all, gates: 1, stride: 0, start: 0, length: all.len() }
    }

    /// Copies for `gates` gates in `all`, one after the other; an empty array is shared by all gates.
    pub fn copies(all: &'a [f32], gates: usize) -> Self {
        if all.is_empty() {
            return Self::same(all);
        }
        let stride = all.len() / gates.max(1);
        Self { all, gates, stride, start: 0, length: stride }
    }

    /// The part `start..start + length` of every copy.
    #[inline(always)]
    pub fn part(self, start: usize, length: usize) -> Self {
        Self { start: self.start + start, length, ..self }
    }

    /// Whether each gate has a copy.
    #[inline(always)]
    pub fn is_split(self) -> bool {
        self.gates > 1
    }

    /// The array of gate `gate`.
    #[inline(always)]
    pub fn of(self, gate: usize) -> &'a [f32] {
        let copy = if self.is_split() { gate } else { 0 };
        &self.all[copy * self.stride + self.start..][..self.length]
    }

    /// `x`, `[n, batch, width]`, multiplied by these masks, `[batch, width]` for each gate; written to `workspace` if
    /// the gates have separate masks, otherwise `x` itself.
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
