//! What stands in brackets behind an array.

use super::{Array, Buffer, Fault, Kind, Outcome, count, shown_shape};

/// One entry of a subscript.
#[derive(Debug, Clone)]
pub(in crate::script) enum Subscript {
    At(i64),
    /// From, to, step.
    Slice(Option<i64>, Option<i64>, Option<i64>),
    NewAxis,
    /// `...`
    Rest,
    /// An array of places, or of booleans.
    Chosen(Array),
}

/// Where a slice begins, its step and its length, as Python takes it.
pub(in crate::script) fn slice(
    size: usize,
    (from, to, step): (Option<i64>, Option<i64>, Option<i64>),
) -> Outcome<(usize, isize, usize)> {
    let (size, step) = (size as i64, step.unwrap_or(1));
    if step == 0 {
        return Err(Fault::new("slice step cannot be zero"));
    }
    let (low, high) = if step > 0 { (0, size) } else { (-1, size - 1) };
    let place = |bound: Option<i64>, otherwise: i64| {
        bound.map_or(otherwise, |b| if b < 0 { b.saturating_add(size) } else { b }.clamp(low, high))
    };
    let (from, to) =
        if step > 0 { (place(from, 0), place(to, size)) } else { (place(from, size - 1), place(to, -1)) };
    let length = if step > 0 {
        divided_up((to - from).max(0), step)
    } else {
        divided_up((from - to).max(0), step.saturating_neg())
    };
    Ok((from.max(0) as usize, step as isize, length as usize))
}

/// The place that an index means, counted from the end if it is negative.
pub(in crate::script) fn place(index: i64, size: usize, axis: usize) -> Outcome<usize> {
    let at = if index < 0 { index.saturating_add(size as i64) } else { index };
    usize::try_from(at)
        .ok()
        .filter(|at| *at < size)
        .ok_or_else(|| Fault::new(format!("index {index} is out of bounds for axis {axis} with size {size}")))
}

/// `a / by`, rounded up, of what is not negative.
fn divided_up(a: i64, by: i64) -> i64 {
    a / by + i64::from(a % by > 0)
}

impl Array {
    /// `array[subscripts]`: a view, or a new array where places are chosen by an array.
    pub(in crate::script) fn subscript(&self, subscripts: &[Subscript]) -> Outcome<Self> {
        let (view, chosen) = self.view(subscripts)?;
        match chosen.as_slice() {
            [] => Ok(view),
            _ => {
                let (shape, places) = view.chosen_places(&chosen)?;
                let numbers = view.numbers();
                Buffer::room_for(places.len())?;
                Self::new(shape, self.kind, places.into_iter().map(|place| numbers[place]).collect())
            }
        }
    }

    /// `array[subscripts] = value`
    pub(in crate::script) fn set(&self, subscripts: &[Subscript], value: &Self) -> Outcome<()> {
        let (view, chosen) = self.view(subscripts)?;
        if chosen.is_empty() {
            // What is written may be a view of what it is written to.
            return view.write(&value.copied()?);
        }
        let (shape, places) = view.chosen_places(&chosen)?;
        let values = value.broadcast_to(&shape)?.numbers();
        view.write_at(&places, &values);
        Ok(())
    }

    /// The view that all but the chosen places make, and the axes of those with their places.
    fn view(&self, subscripts: &[Subscript]) -> Outcome<(Self, Vec<(usize, Array)>)> {
        let axes_of = |subscript: &Subscript| match subscript {
            Subscript::NewAxis | Subscript::Rest => 0,
            Subscript::Chosen(array) if array.kind == Kind::Bool => array.shape.len(),
            _ => 1,
        };
        let used: usize = subscripts.iter().map(axes_of).sum();
        if used > self.shape.len() {
            return Err(Fault::new(format!(
                "too many indices: an array of shape {} has {} axes, but {used} were indexed",
                shown_shape(&self.shape),
                self.shape.len()
            )));
        }
        let (mut view, mut chosen) = (self.clone(), Vec::new());
        let (mut axis, mut own) = (0, 0);
        for subscript in subscripts {
            match subscript {
                Subscript::At(index) => view = view.at(axis, place(*index, view.shape[axis], own)?),
                Subscript::Slice(from, to, step) => {
                    let (from, step, size) = slice(view.shape[axis], (*from, *to, *step))?;
                    view = view.part(axis, from, step, size);
                    axis += 1;
                }
                Subscript::NewAxis => {
                    view = view.expanded(axis);
                    axis += 1;
                }
                Subscript::Rest => {
                    axis += self.shape.len() - used;
                    own += self.shape.len() - used;
                }
                Subscript::Chosen(array) => {
                    chosen.push((axis, array.clone()));
                    axis += axes_of(subscript);
                }
            }
            own += axes_of(subscript);
        }
        Ok((view, chosen))
    }

    /// The shape of a choice, and where its numbers stand in [`Self::numbers`].
    fn chosen_places(&self, chosen: &[(usize, Array)]) -> Outcome<(Vec<usize>, Vec<usize>)> {
        let mut axes: Vec<(usize, Array)> = Vec::new();
        for (axis, array) in chosen {
            match array.kind {
                Kind::Bool => axes.extend(self.where_true(*axis, array)?),
                Kind::Int | Kind::Short | Kind::Byte => axes.push((*axis, array.clone())),
                _ => return Err(Fault::new("arrays used as indices must be of integer (or boolean) type")),
            }
        }
        let mut shape: Vec<usize> = vec![];
        for (_, array) in &axes {
            shape = super::elementwise::broadcast(&shape, &array.shape)?;
        }
        let first = axes.first().map_or(0, |(axis, _)| *axis);
        let is_together = axes.iter().enumerate().all(|(k, (axis, _))| *axis == first + k);
        let others: Vec<usize> =
            (0..self.shape.len()).filter(|k| !axes.iter().any(|(axis, _)| axis == k)).collect();
        let before = if is_together { first } else { 0 };
        let other_sizes: Vec<usize> = others.iter().map(|axis| self.shape[*axis]).collect();
        let result = [&other_sizes[..before], &shape, &other_sizes[before..]].concat();
        Buffer::room_for(count(&result)?)?;
        let steps = super::steps_of(&self.shape);
        let mut picked = vec![0usize; shape.iter().product()];
        for (axis, array) in &axes {
            for (sum, index) in picked.iter_mut().zip(array.broadcast_to(&shape)?.numbers()) {
                *sum += place(index as i64, self.shape[*axis], *axis)? * steps[*axis] as usize;
            }
        }
        let offsets = |sizes: &[usize]| {
            sizes.iter().fold(vec![0usize], |all, axis| {
                let step = steps[*axis] as usize;
                all.iter().flat_map(|at| (0..self.shape[*axis]).map(move |k| at + k * step)).collect()
            })
        };
        let (outer, inner) = (offsets(&others[..before]), offsets(&others[before..]));
        let mut places = Vec::with_capacity(outer.len() * picked.len() * inner.len());
        for a in &outer {
            for b in &picked {
                places.extend(inner.iter().map(|c| a + b + c));
            }
        }
        Ok((result, places))
    }

    /// For each axis of a mask the places where it is true.
    fn where_true(&self, axis: usize, mask: &Array) -> Outcome<Vec<(usize, Array)>> {
        if self.shape[axis..][..mask.shape.len()] != mask.shape {
            return Err(Fault::new(format!(
                "boolean index of shape {} does not match the axes of shape {}",
                shown_shape(&mask.shape),
                shown_shape(&self.shape)
            )));
        }
        let steps = super::steps_of(&mask.shape);
        let numbers = mask.numbers();
        let found: Vec<usize> = (0..numbers.len()).filter(|k| numbers[*k] != 0.0).collect();
        let of_axis = |k: usize| {
            let at = |place: &usize| ((place / steps[k] as usize) % mask.shape[k]) as f64;
            let places = found.iter().map(at).collect();
            Ok((axis + k, Array::new(vec![found.len()], Kind::Int, places)?))
        };
        (0..mask.shape.len()).map(of_axis).collect()
    }
}

/// The places that a slice takes from a list.
pub(in crate::script) fn sliced(
    size: usize,
    bounds: (Option<i64>, Option<i64>, Option<i64>),
) -> Outcome<Vec<usize>> {
    let (from, step, length) = slice(size, bounds)?;
    Ok((0..length as isize).map(|k| (from as isize + k * step) as usize).collect())
}
