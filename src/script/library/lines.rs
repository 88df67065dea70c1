//! What is made of the lines of one axis.

use super::super::array::{Array, Buffer, Kind, Outcome, count, spend};

/// The numbers along each line of an axis, made into others of one length.
pub(super) fn along(
    array: &Array,
    axis: usize,
    length: usize,
    kind: Kind,
    mut make: impl FnMut(&[f64]) -> Vec<f64>,
) -> Outcome<Array> {
    let size = array.shape()[axis];
    let mut order: Vec<usize> = (0..array.shape().len()).filter(|own| *own != axis).collect();
    order.push(axis);
    let turned = array.permuted(&order);
    let mut shape = turned.shape().to_vec();
    if let Some(last) = shape.last_mut() {
        *last = length;
    }
    Buffer::room_for(count(&shape)?)?;
    let lines = array.count().checked_div(size).unwrap_or(0);
    spend(array.count().saturating_mul(8))?;
    let numbers = turned.numbers();
    let made: Vec<f64> = (0..lines).flat_map(|k| make(&numbers[k * size..][..size])).collect();
    let made = Array::new(shape, kind, made)?;
    let mut back: Vec<usize> = (0..array.shape().len() - 1).collect();
    back.insert(axis, array.shape().len() - 1);
    made.permuted(&back).copied()
}

/// numpy puts what is no number last.
pub(super) fn order_of(line: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..line.len()).collect();
    let key = |v: f64| (v.is_nan(), if v == 0.0 { 0.0 } else { v });
    order.sort_by(|a, b| {
        let (a, b) = (key(line[*a]), key(line[*b]));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    order
}
