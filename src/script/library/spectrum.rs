//! Eigenvalues, as scripts of echo state networks read them: `np.max(np.abs(np.linalg.eigvals(W)))`.

use std::rc::Rc;

use super::super::array::{Array, Fault, Kind, Outcome, spend};
use super::super::value::{Spectrum, Value};
use super::Arguments;
use crate::eigenvalues::eigenvalues;
use ndarray::ArrayView2;

/// What can be asked of the absolute values, as a method too.
pub(super) const NAMES: [&str; 4] = ["max", "min", "mean", "sum"];

/// Steps that the search takes for each eigenvalue, as a share of the work for one product of matrices.
const STEPS: usize = 10;

/// `np.linalg.eigvals(a)`, and `np.linalg.eig(a)`, whose second value is left open.
pub(super) fn of_matrix(name: &str, given: &mut Arguments) -> Outcome<Option<Value>> {
    if !matches!(name, "eig" | "eigvals") {
        return Ok(None);
    }
    let matrix = given.array(0, "a")?;
    let &[rows, columns] = matrix.shape() else {
        return Err(Fault::new(format!("np.linalg.{name} takes a matrix")));
    };
    if rows != columns || rows == 0 {
        return Err(Fault::new(format!("np.linalg.{name} takes a matrix with as many rows as columns")));
    }
    spend(rows.saturating_mul(rows).saturating_mul(rows).saturating_mul(STEPS))?;
    let numbers = matrix.numbers();
    let view = ArrayView2::from_shape((rows, columns), &numbers).ok();
    let Some(found) = view.and_then(eigenvalues) else {
        return Err(Fault::new(format!("np.linalg.{name} takes finite numbers")));
    };
    let lengths = found.into_iter().map(|value| value.abs()).collect();
    let spectrum = Value::Spectrum(Rc::new(Spectrum { lengths, is_absolute: false }));
    Ok(Some(match name {
        "eig" => Value::Tuple(Rc::new(vec![spectrum, Value::text("eigenvectors, which are not known here")])),
        _ => spectrum,
    }))
}

/// What a function of numpy or Python, or a method, makes of eigenvalues.
pub(super) fn of(spectrum: &Spectrum, name: &str) -> Outcome<Value> {
    let lengths = &spectrum.lengths;
    let ordered = lengths.iter().copied();
    let sum: f64 = lengths.iter().sum();
    let found = match name {
        "len" => return Ok(Value::Int(lengths.len() as i64)),
        "abs" | "absolute" => {
            let lengths = lengths.clone();
            return Ok(Value::Spectrum(Rc::new(Spectrum { lengths, is_absolute: true })));
        }
        _ if !spectrum.is_absolute => None,
        "max" | "amax" => ordered.reduce(f64::max),
        "min" | "amin" => ordered.reduce(f64::min),
        "sum" => Some(sum),
        "mean" => Some(sum / lengths.len() as f64),
        _ => None,
    };
    let number = found.ok_or_else(|| {
        Fault::new(
            "of eigenvalues only the largest, the smallest, the sum and the mean of their absolute values are \
             known here: np.max(np.abs(np.linalg.eigvals(W)))",
        )
    })?;
    Array::number(Kind::Float, number).map(Value::Array)
}
