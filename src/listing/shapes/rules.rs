//! Shape rules of each operation, from operands to result and back.

use super::concrete::{matmul_mismatch, mismatch};
use super::inferred::{Guess, Inferred};
use crate::listing::graph::{Cut, Graph, NodeId, Op};
use crate::listing::shapes::size::Size;

impl Inferred {
    pub(super) fn broadcast(&mut self, a: &[Size], b: &[Size], sign: &str) -> Result<Vec<Size>, String> {
        let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
        let mut shape = long.to_vec();
        let offset = long.len() - short.len();
        for (position, size) in short.iter().enumerate() {
            let target = &mut shape[offset + position];
            let fits = match (target.number(), size.number()) {
                (_, Some(1)) => true,
                (Some(1), _) => {
                    *target = size.clone();
                    true
                }
                _ => self.sizes.equate(target, size),
            };
            if !fits {
                return Err(mismatch(sign, &self.sizes.show_shape(a), &self.sizes.show_shape(b)));
            }
        }
        Ok(shape)
    }

    pub(super) fn matmul(
        &mut self,
        graph: &Graph,
        id: NodeId,
        inputs: &[Option<Vec<Size>>],
        dot: bool,
        guess: Guess,
    ) -> bool {
        let sign = if dot { "np.dot" } else { "@" };
        let operands = &graph.nodes[id].inputs;
        match (&inputs[0], &inputs[1]) {
            (Some(a), Some(b)) => {
                let shape = self.product(a, b, sign);
                self.finish(graph, id, shape)
            }
            (Some(a), None) if self.may(guess, Guess::Matrix, operands[1]) && !a.is_empty() => {
                let mut shape = vec![a[a.len() - 1].clone(), self.sizes.unknown("m")];
                shape.truncate(if is_line(graph, operands[1]) { 1 } else { 2 });
                self.set(operands[1], shape)
            }
            (None, Some(b)) if self.may(guess, Guess::Matrix, operands[0]) && !b.is_empty() => {
                let mut shape = vec![self.sizes.unknown("m"), b[0].clone()];
                if is_line(graph, operands[0]) {
                    shape.remove(0);
                }
                self.set(operands[0], shape)
            }
            (None, None) if guess >= Guess::Same => {
                let shape = vec![self.sizes.unknown("m"), self.sizes.unknown("m")];
                self.set(operands[0], shape)
            }
            (Some(number), None) | (None, Some(number)) if number.is_empty() => self.finish(
                graph,
                id,
                Err(format!("{sign} multiplies arrays; write * to multiply with a number")),
            ),
            _ => false,
        }
    }

    fn product(&mut self, a: &[Size], b: &[Size], sign: &str) -> Result<Vec<Size>, String> {
        if a.is_empty() || b.is_empty() {
            return Err(format!("{sign} multiplies arrays; write * to multiply with a number"));
        }
        let (inner, first) = (&a[a.len() - 1], &b[0]);
        if a.len() > 2 || b.len() > 2 || !self.sizes.equate(inner, first) {
            let (a, b) = (self.sizes.show_shape(a), self.sizes.show_shape(b));
            return Err(matmul_mismatch(sign, &a, &b, &self.sizes.show(inner), &self.sizes.show(first)));
        }
        Ok([&a[..a.len() - 1], &b[1..]].concat())
    }

    pub(super) fn part(
        &mut self,
        graph: &Graph,
        id: NodeId,
        source: &Option<Vec<Size>>,
        (count, axis): (usize, usize),
    ) -> bool {
        match source {
            Some(source) => {
                let shape = self.divided(source, count, axis);
                self.finish(graph, id, shape)
            }
            None => {
                let Some(mut whole) = self.shape(id).filter(|s| axis < s.len()) else {
                    return false;
                };
                let Some(size) = whole[axis].scaled(count as i64, 1) else {
                    return false;
                };
                whole[axis] = size;
                self.set(graph.nodes[id].inputs[0], whole)
            }
        }
    }

    fn divided(&mut self, source: &[Size], count: usize, axis: usize) -> Result<Vec<Size>, String> {
        let shown = self.sizes.show_shape(source);
        let Some(size) = source.get(axis) else {
            return Err(format!("np.split needs an array with axis {axis}, this one has the shape {shown}"));
        };
        match size.scaled(1, count as i64) {
            Some(part) if !part.is_broken() => {
                self.sizes.divisible(size, count);
                let mut shape = source.to_vec();
                shape[axis] = part;
                Ok(shape)
            }
            _ => Err(format!("np.split cannot cut {shown} into {count} equal parts")),
        }
    }

    pub(super) fn concatenate(
        &mut self,
        graph: &Graph,
        id: NodeId,
        inputs: &[Option<Vec<Size>>],
        axis: usize,
        guess: Guess,
    ) -> bool {
        let all: Option<Vec<Vec<Size>>> = inputs.iter().cloned().collect();
        if let Some(all) = all {
            let shape = self.joined(&all, axis);
            return self.finish(graph, id, shape);
        }
        let like = inputs.iter().flatten().next().cloned().or(self.shape(id));
        let unknown = inputs.iter().position(Option::is_none);
        match (like, unknown) {
            (Some(mut like), Some(unknown)) if guess >= Guess::Same && axis < like.len() => {
                like[axis] = self.sizes.unknown("m");
                self.set(graph.nodes[id].inputs[unknown], like)
            }
            _ => false,
        }
    }

    fn joined(&mut self, all: &[Vec<Size>], axis: usize) -> Result<Vec<Size>, String> {
        let mut shape = all[0].clone();
        if axis >= shape.len() {
            let shown = self.sizes.show_shape(&shape);
            return Err(format!("np.concatenate needs arrays with axis {axis}, found the shape {shown}"));
        }
        for other in &all[1..] {
            let fits = other.len() == shape.len()
                && (0..shape.len()).all(|d| d == axis || self.sizes.equate(&shape[d], &other[d]));
            if !fits {
                return Err(mismatch(
                    "np.concatenate",
                    &self.sizes.show_shape(&all[0]),
                    &self.sizes.show_shape(other),
                ));
            }
            shape[axis] = shape[axis].plus(&other[axis]).ok_or("this array would be too long")?;
        }
        Ok(shape)
    }

    pub(super) fn stack(
        &mut self,
        graph: &Graph,
        id: NodeId,
        inputs: &[Option<Vec<Size>>],
        axis: usize,
        guess: Guess,
    ) -> bool {
        let all: Option<Vec<Vec<Size>>> = inputs.iter().cloned().collect();
        if let Some(all) = all {
            for other in &all[1..] {
                if !self.equal(&all[0], other) {
                    let (a, b) = (self.sizes.show_shape(&all[0]), self.sizes.show_shape(other));
                    return self.finish(graph, id, Err(mismatch("np.stack", &a, &b)));
                }
            }
            let mut shape = all[0].clone();
            if axis > shape.len() || shape.len() > 1 {
                let shown = self.sizes.show_shape(&shape);
                let message = format!("np.stack takes numbers or vectors, found the shape {shown}");
                return self.finish(graph, id, Err(message));
            }
            shape.insert(axis, Size::known(all.len()));
            return self.finish(graph, id, Ok(shape));
        }
        let like = inputs.iter().flatten().next().cloned();
        let unknown = inputs.iter().position(Option::is_none);
        match (like, unknown) {
            (Some(like), Some(unknown)) if guess >= Guess::Same => {
                self.set(graph.nodes[id].inputs[unknown], like)
            }
            _ => false,
        }
    }

    pub(super) fn transpose(&mut self, graph: &Graph, id: NodeId, source: &Option<Vec<Size>>) -> bool {
        let reversed = |shape: &[Size]| shape.iter().rev().cloned().collect::<Vec<_>>();
        match (source, self.shape(id)) {
            (Some(source), _) => self.finish(graph, id, Ok(reversed(source))),
            (None, Some(made)) => self.set(graph.nodes[id].inputs[0], reversed(&made)),
            (None, None) => false,
        }
    }

    pub(super) fn sum(
        &mut self,
        graph: &Graph,
        id: NodeId,
        source: &Option<Vec<Size>>,
        (axis, keep): (Option<usize>, bool),
    ) -> bool {
        let Some(source) = source else {
            // The sum over everything is a number, whatever is summed.
            return axis.is_none() && !keep && self.set(id, vec![]);
        };
        let mut shape = source.clone();
        let result = match axis {
            Some(axis) if axis >= source.len() => {
                let shown = self.sizes.show_shape(source);
                Err(format!("np.sum needs an array with axis {axis}, this one has the shape {shown}"))
            }
            Some(axis) if keep => {
                shape[axis] = Size::known(1);
                Ok(shape)
            }
            Some(axis) => {
                shape.remove(axis);
                Ok(shape)
            }
            None if keep => Ok(vec![Size::known(1); source.len()]),
            None => Ok(vec![]),
        };
        self.finish(graph, id, result)
    }
}

/// Whether a value is a row or a column of a matrix: `W[:, 0]`.
fn is_line(graph: &Graph, node: NodeId) -> bool {
    let is_index = |cut: &&Cut| matches!(cut, Cut::Index(_));
    matches!(&graph.nodes[node].op, Op::Slice(cuts) if cuts.len() == 2 && cuts.iter().filter(is_index).count() == 1)
}
