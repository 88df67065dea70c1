//! `np.tensordot`.

use super::super::array::{Array, Fault, Outcome, matmul};
use super::super::value::Value;
use super::{Arguments, axis_of};

/// `np.tensordot(a, b, axes)`: both with the summed axes last and first, as one product.
pub(super) fn contracted(given: &mut Arguments) -> Outcome<Value> {
    let (a, b) = (given.array(0, "a")?, given.array(1, "b")?);
    let (dims, others) = (a.shape().len(), b.shape().len());
    let axes = |value: &Value, dims: usize| match value {
        Value::List(_) | Value::Tuple(_) => value.items()?.iter().map(|one| axis_of(one, dims)).collect(),
        one => Ok(vec![axis_of(one, dims)?]),
    };
    let (of_a, of_b): (Vec<usize>, Vec<usize>) = match given.take(2, "axes").unwrap_or(Value::Int(2)) {
        pair @ (Value::List(_) | Value::Tuple(_)) => match pair.items()?.as_slice() {
            [first, second] => (axes(first, dims)?, axes(second, others)?),
            _ => return Err(Fault::new("the axes of np.tensordot are a number, or a pair of axes")),
        },
        count => {
            let count = usize::try_from(count.integer()?).unwrap_or(usize::MAX);
            if count > dims || count > others {
                return Err(Fault::new(format!(
                    "np.tensordot cannot sum over {count} axes of arrays with {dims} and {others}"
                )));
            }
            ((dims - count..dims).collect(), (0..count).collect())
        }
    };
    let size =
        |array: &Array, axes: &[usize]| axes.iter().map(|axis| array.shape()[*axis]).collect::<Vec<_>>();
    let twice = |axes: &[usize]| (1..axes.len()).any(|k| axes[..k].contains(&axes[k]));
    let (inner, inner_of_b) = (size(&a, &of_a), size(&b, &of_b));
    if inner != inner_of_b || twice(&of_a) || twice(&of_b) {
        return Err(Fault::new(format!(
            "the axes that np.tensordot sums over must be as long in both: {} and {}",
            super::super::array::shown_shape(&inner),
            super::super::array::shown_shape(&inner_of_b)
        )));
    }
    let rest = |dims: usize, used: &[usize]| (0..dims).filter(|k| !used.contains(k)).collect::<Vec<usize>>();
    let (left, right) = (rest(dims, &of_a), rest(others, &of_b));
    let summed: usize = inner.iter().product();
    let shape = [size(&a, &left), size(&b, &right)].concat();
    let rows: usize = size(&a, &left).iter().product();
    let columns: usize = size(&b, &right).iter().product();
    let first = a.permuted(&[left, of_a].concat()).reshaped(&[rows as i64, summed as i64])?;
    let second = b.permuted(&[of_b, right].concat()).reshaped(&[summed as i64, columns as i64])?;
    let made = matmul(&first, &second, a.kind().with(b.kind()))?;
    made.reshaped(&shape.iter().map(|size| *size as i64).collect::<Vec<_>>()).map(Value::Array)
}
