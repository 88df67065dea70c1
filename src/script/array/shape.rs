//! Other shapes of the same numbers.

use super::{Array, Fault, Outcome, count, shown_shape, steps_of};

impl Array {
    /// The axes in another order; a view.
    pub(in crate::script) fn permuted(&self, order: &[usize]) -> Self {
        Self {
            shape: order.iter().map(|axis| self.shape[*axis]).collect(),
            steps: order.iter().map(|axis| self.steps[*axis]).collect(),
            ..self.clone()
        }
    }

    /// `.T`
    pub(in crate::script) fn transposed(&self) -> Self {
        let order: Vec<usize> = (0..self.shape.len()).rev().collect();
        self.permuted(&order)
    }

    /// `.reshape(sizes)`, one of which may be -1: a view where the numbers lie in order, as numpy has it.
    pub(in crate::script) fn reshaped(&self, sizes: &[i64]) -> Outcome<Self> {
        let total = self.count();
        let known: i64 = sizes.iter().filter(|size| **size >= 0).fold(1, |p, size| p.saturating_mul(*size));
        let open = sizes.iter().filter(|size| **size < 0).count();
        let fits = match open {
            0 => known == total as i64,
            1 => known > 0 && total as i64 % known == 0,
            _ => false,
        };
        if !fits {
            let shown: Vec<String> = sizes.iter().map(ToString::to_string).collect();
            return Err(Fault::new(format!(
                "cannot reshape array of size {total} into shape ({}); it has shape {}",
                shown.join(", "),
                shown_shape(&self.shape)
            )));
        }
        let size = |size: &i64| if *size < 0 { total as i64 / known } else { *size } as usize;
        let shape: Vec<usize> = sizes.iter().map(size).collect();
        count(&shape)?;
        let whole = if self.lies_in_order() { self.clone() } else { self.copied()? };
        Ok(Self { steps: steps_of(&shape), shape, ..whole })
    }

    /// Whether its numbers follow each other in the buffer.
    fn lies_in_order(&self) -> bool {
        let wanted = steps_of(&self.shape);
        self.shape
            .iter()
            .zip(self.steps.iter().zip(&wanted))
            .all(|(size, (own, wanted))| *size == 1 || own == wanted)
    }

    /// With a further axis of size 1 before `axis`.
    pub(in crate::script) fn expanded(&self, axis: usize) -> Self {
        let mut with = self.clone();
        with.shape.insert(axis, 1);
        with.steps.insert(axis, 0);
        with
    }

    /// Without axes of size 1, or without one of them.
    pub(in crate::script) fn squeezed(&self, axis: Option<usize>) -> Outcome<Self> {
        let is_left = |k: &usize| match axis {
            Some(axis) => *k != axis,
            None => self.shape[*k] != 1,
        };
        if let Some(axis) = axis.filter(|axis| self.shape[*axis] != 1) {
            let message = format!("axis {axis} of shape {} is not of size 1", shown_shape(&self.shape));
            return Err(Fault::new(message));
        }
        let kept: Vec<usize> = (0..self.shape.len()).filter(is_left).collect();
        Ok(self.permuted(&kept))
    }

    /// A part of one axis; a view.
    pub(in crate::script) fn part(&self, axis: usize, from: usize, step: isize, size: usize) -> Self {
        let mut part = self.clone();
        if size > 0 {
            part.start = (self.start as isize + from as isize * self.steps[axis]) as usize;
        }
        part.shape[axis] = size;
        part.steps[axis] = self.steps[axis] * step;
        part
    }

    /// One place of an axis, which falls away; a view.
    pub(in crate::script) fn at(&self, axis: usize, place: usize) -> Self {
        let mut at = self.part(axis, place, 1, 1);
        at.shape.remove(axis);
        at.steps.remove(axis);
        at
    }
}
