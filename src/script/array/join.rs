//! Several arrays as one.

use super::{Array, Buffer, Fault, Kind, Outcome, count, shown_shape};

/// `np.concatenate(parts, axis)`
pub(in crate::script) fn concatenate(parts: &[Array], axis: usize) -> Outcome<Array> {
    let Some(first) = parts.first() else { return Err(Fault::new("need at least one array to concatenate")) };
    if axis >= first.shape.len() {
        return Err(Fault::new("numbers and 0-dimensional arrays cannot be concatenated; use np.stack"));
    }
    let others = |array: &Array| {
        let mut shape = array.shape.clone();
        if axis < shape.len() {
            shape[axis] = 0;
        }
        shape
    };
    if let Some(other) = parts.iter().find(|part| others(part) != others(first)) {
        return Err(Fault::new(format!(
            "arrays of shapes {} and {} cannot be joined along axis {axis}: all other axes must match",
            shown_shape(&first.shape),
            shown_shape(&other.shape)
        )));
    }
    let mut shape = first.shape.clone();
    shape[axis] = parts.iter().map(|part| part.shape[axis]).sum();
    Buffer::room_for(count(&shape)?)?;
    let kind = parts.iter().map(|part| part.kind).fold(Kind::Bool, Kind::with);
    let outer: usize = shape[..axis].iter().product();
    let all: Vec<Vec<f64>> = parts.iter().map(Array::numbers).collect();
    let mut numbers = Vec::with_capacity(shape.iter().product());
    for row in 0..outer {
        for (part, own) in all.iter().zip(parts) {
            let length: usize = own.shape[axis..].iter().product();
            numbers.extend_from_slice(&part[row * length..][..length]);
        }
    }
    Array::new(shape, kind, numbers)
}

/// `np.stack(parts, axis)`
pub(in crate::script) fn stack(parts: &[Array], axis: usize) -> Outcome<Array> {
    if let Some(other) = parts.iter().find(|part| part.shape != parts[0].shape) {
        return Err(Fault::new(format!(
            "all input arrays must have the same shape, found {} and {}",
            shown_shape(&parts[0].shape),
            shown_shape(&other.shape)
        )));
    }
    let expanded: Vec<Array> = parts.iter().map(|part| part.expanded(axis.min(part.shape.len()))).collect();
    concatenate(&expanded, axis)
}
