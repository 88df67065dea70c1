//! Where arrays are not zero.

use super::super::array::{Array, Fault, Kind, Outcome, spend};
use super::super::value::Value;

/// Where an array is not zero: for every axis an array of places.
pub(super) fn places(array: &Array) -> Outcome<Vec<Value>> {
    if array.shape().is_empty() {
        return Err(Fault::new("a number has no places; np.atleast_1d(…) around it makes it an array"));
    }
    let numbers = array.numbers();
    spend(numbers.len())?;
    let found: Vec<usize> = (0..numbers.len()).filter(|k| numbers[*k] != 0.0).collect();
    let mut below = array.count().max(1);
    let mut all = Vec::new();
    for size in array.shape() {
        below /= (*size).max(1);
        let places = found.iter().map(|k| (k / below.max(1) % (*size).max(1)) as f64).collect();
        all.push(Value::Array(Array::new(vec![found.len()], Kind::Int, places)?));
    }
    Ok(all)
}
