//! Shapes that are measured with sizes: slices, new shapes, arrays of zeros.

use super::concrete::too_many_indices;
use super::inferred::{Guess, Inferred};
use crate::listing::graph::{Bound, Cut, Graph, NodeId, Op};
use crate::listing::shapes::size::Size;

impl Inferred {
    /// A size; `None` while a shape that it is measured with is not known.
    pub(super) fn measure(&self, bound: &Bound) -> Option<Size> {
        let mut sum = Size::whole(bound.constant);
        for (node, axis, times) in &bound.lengths {
            let length = self.shape(*node)?.get(*axis)?.scaled(*times, 1)?;
            sum = sum.plus(&length)?;
        }
        sum.scaled(1, bound.under)
    }

    fn is_measured(&self, graph: &Graph, id: NodeId) -> bool {
        let bounds = graph.nodes[id].op.bounds().into_iter();
        bounds.flat_map(|bound| &bound.lengths).all(|(node, ..)| self.shape(*node).is_some())
    }

    /// `np.zeros((2, n))` and their kin.
    pub(super) fn made(&mut self, graph: &Graph, id: NodeId, shape: &[&Bound]) -> bool {
        if !self.is_measured(graph, id) {
            return false;
        }
        let sizes: Option<Vec<Size>> = shape.iter().map(|bound| self.measure(bound)).collect();
        self.finish(graph, id, sizes.ok_or_else(|| "this array has an axis that is not there".to_string()))
    }

    pub(super) fn slice(
        &mut self,
        graph: &Graph,
        id: NodeId,
        source: &Option<Vec<Size>>,
        cuts: &[Cut],
        guess: Guess,
    ) -> bool {
        if !self.is_measured(graph, id) {
            return false;
        }
        match source {
            Some(source) => {
                let shape = self.cut(source, cuts);
                self.finish(graph, id, shape)
            }
            None => {
                // `b[0] + …` says how wide a row is; the highest index how many rows there are.
                let Some(result) = self.shape(id) else {
                    // `b[0]` that nothing else is known of is one number of a vector.
                    if guess != Guess::Any || !matches!(cuts, [Cut::Index(_)]) {
                        return false;
                    }
                    let length = self.sizes.unknown("m");
                    return self.set(graph.nodes[id].inputs[0], vec![length]);
                };
                let mut rest = result.into_iter();
                let mut whole = Vec::new();
                for cut in cuts {
                    let size = self.sizes.unknown("m");
                    if !matches!(cut, Cut::Index(_)) {
                        let Some(part) = rest.next() else { return false };
                        if matches!(cut, Cut::Range(None, None)) {
                            whole.push(part);
                            continue;
                        }
                    }
                    whole.push(size);
                }
                whole.extend(rest);
                self.set(graph.nodes[id].inputs[0], whole)
            }
        }
    }

    pub(super) fn cut(&mut self, source: &[Size], cuts: &[Cut]) -> Result<Vec<Size>, String> {
        let shown = self.sizes.show_shape(source);
        if cuts.len() > source.len() {
            return Err(too_many_indices(cuts.len(), source.len(), &shown));
        }
        let outside = || format!("this index lies outside of the shape {shown}; positions go from 0");
        let mut shape = Vec::new();
        for (axis, size) in source.iter().enumerate() {
            match cuts.get(axis) {
                None => shape.push(size.clone()),
                Some(Cut::Index(index)) => {
                    let needed =
                        if *index < 0 { index.unsigned_abs() } else { index.unsigned_abs() + 1 } as usize;
                    self.sizes.at_least(size, &Size::known(needed));
                    if size.number().is_some_and(|n| n < needed as i64) {
                        return Err(outside());
                    }
                }
                Some(Cut::Range(start, end)) => {
                    shape.push(self.between(size, (start, end), 1).ok_or_else(outside)?);
                }
                Some(Cut::Stepped(start, end, by)) => {
                    shape.push(self.between(size, (start, end), *by).ok_or_else(outside)?);
                }
            }
        }
        Ok(shape)
    }

    /// How many positions a range has; `None` if there is none.
    fn between(
        &mut self,
        size: &Size,
        (start, end): (&Option<Bound>, &Option<Bound>),
        by: i64,
    ) -> Option<Size> {
        let first = start.as_ref().and_then(Bound::known);
        let place = |inferred: &Self, bound: &Option<Bound>, missing: &Size| match bound {
            None => Some(missing.clone()),
            Some(bound) => {
                let place = inferred.measure(bound)?;
                if inferred.sizes.is_negative(&place) { size.plus(&place) } else { Some(place) }
            }
        };
        let (low, high) =
            if by > 0 { (Size::known(0), size.clone()) } else { (size.clone(), Size::known(0)) };
        let (start, end) = (place(self, start, &low)?, place(self, end, &high)?);
        for bound in [&start, &end] {
            self.sizes.at_least(size, bound);
        }
        let length = match by {
            1 => end.minus(&start)?,
            // The positions before the first one are of no matter: `a[1::2]` has as many as `a[::2]`, if a is even.
            2.. => end.minus(&start)?.plus(&Size::known(first.map_or(0, |at| at.rem_euclid(by) as usize)))?,
            _ => start.minus(&end)?,
        };
        let length = length.scaled(1, by.abs())?;
        length.number().is_none_or(|n| n > 0).then_some(length)
    }

    /// `a.reshape(4, -1)`: what follows has as many numbers as are left.
    pub(super) fn reshape(
        &mut self,
        graph: &Graph,
        id: NodeId,
        source: &Option<Vec<Size>>,
        sizes: &[Option<Bound>],
        guess: Guess,
    ) -> bool {
        if !self.is_measured(graph, id) {
            return false;
        }
        let Some(source) = source else {
            // A weight that gets another shape is a vector.
            let input = graph.nodes[id].inputs[0];
            if !self.may(guess, Guess::Same, input) {
                return false;
            }
            let length = self.sizes.unknown("m");
            return self.set(input, vec![length]);
        };
        let shape = self.reshaped(source, sizes);
        self.finish(graph, id, shape)
    }

    fn reshaped(&mut self, source: &[Size], sizes: &[Option<Bound>]) -> Result<Vec<Size>, String> {
        let shown = self.sizes.show_shape(source);
        let wrong = || format!("reshape cannot give {shown} this shape; both need as many numbers");
        let product = |sizes: &[Size]| {
            // Two sizes that are both open make no linear size.
            let mut product = Size::known(1);
            for size in sizes {
                product = match (product.number(), size.number()) {
                    (Some(by), _) => size.scaled(by, 1)?,
                    (_, Some(by)) => product.scaled(by, 1)?,
                    _ => return None,
                };
            }
            Some(product)
        };
        let known: Option<Vec<Option<Size>>> = (sizes.iter())
            .map(|size| match size {
                Some(bound) => self.measure(bound).map(Some),
                None => Some(None),
            })
            .collect();
        let known = known.ok_or_else(wrong)?;
        let rest: Vec<Size> = known.iter().flatten().cloned().collect();
        let Some((all, others)) = product(source).zip(product(&rest)) else {
            // `a.reshape(-1)` of a matrix whose sizes are both open.
            return Err(format!(
                "the size of {shown} as a vector is no sum of sizes; give one of them a number"
            ));
        };
        if rest.len() == known.len() {
            return if self.sizes.equate(&all, &others) { Ok(rest) } else { Err(wrong()) };
        }
        let left = match (others.number(), self.sizes.resolve(&all)) {
            (Some(by), Some(all)) => {
                self.sizes.divisible(&all, by.max(1) as usize);
                all.scaled(1, by)
            }
            // (4·units).reshape(-1, units): the quotient is a number.
            (None, Some(all)) => all.over(&others),
            _ => None,
        };
        let left = left.filter(|left| !left.is_broken()).ok_or_else(wrong)?;
        Ok(known.into_iter().map(|size| size.unwrap_or_else(|| left.clone())).collect())
    }

    pub(super) fn outer(
        &mut self,
        graph: &Graph,
        id: NodeId,
        inputs: &[Option<Vec<Size>>],
        guess: Guess,
    ) -> bool {
        let flat = |shape: &[Size]| match shape {
            [] => Ok(Size::known(1)),
            [size] => Ok(size.clone()),
            _ => Err("np.outer takes two vectors".to_string()),
        };
        match (&inputs[0], &inputs[1]) {
            (Some(a), Some(b)) => {
                let shape = flat(a).and_then(|a| Ok(vec![a, flat(b)?]));
                self.finish(graph, id, shape)
            }
            _ => {
                let at = usize::from(inputs[0].is_some());
                let unknown = graph.nodes[id].inputs[at];
                let length = match self.shape(id) {
                    Some(shape) if shape.len() == 2 => shape[at].clone(),
                    _ if self.may(guess, Guess::Same, unknown) => self.sizes.unknown("m"),
                    _ => return false,
                };
                self.set(unknown, vec![length])
            }
        }
    }

    /// `a[…] = b`: the part and the value have one shape, or the value is spread over the part.
    pub(super) fn put(
        &mut self,
        graph: &Graph,
        id: NodeId,
        inputs: &[Option<Vec<Size>>],
        guess: Guess,
    ) -> bool {
        let Op::Put(cuts) = &graph.nodes[id].op else { return false };
        let Some(base) = inputs[0].clone().filter(|_| self.is_measured(graph, id)) else { return false };
        let part = match self.cut(&base, cuts) {
            Ok(part) => part,
            Err(message) => return self.finish(graph, id, Err(message)),
        };
        let Some(value) = &inputs[1] else {
            let value = graph.nodes[id].inputs[1];
            return self.may(guess, Guess::Same, value) && self.set(value, part);
        };
        let spread = self.broadcast(&part, value, "=");
        let shape = match spread {
            Ok(spread) if self.equal(&spread, &part) => Ok(base),
            Ok(_) => Err("the value is larger than the part that it is assigned to".to_string()),
            Err(message) => Err(message),
        };
        self.finish(graph, id, shape)
    }
}
