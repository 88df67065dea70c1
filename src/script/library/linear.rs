//! `np.linalg`: equations, inverses, determinants, orthogonal factors.

use super::super::array::{Array, Buffer, Fault, Kind, Outcome, count, matmul, spend};
use super::super::value::Value;
use super::Arguments;

/// A matrix, row by row.
struct Matrix {
    rows: usize,
    columns: usize,
    numbers: Vec<f64>,
}

impl Matrix {
    fn of(array: &Array, function: &str) -> Outcome<Self> {
        match *array.shape() {
            [rows, columns] => {
                // What follows takes three loops.
                spend(rows.saturating_mul(columns).saturating_mul(rows.max(columns)))?;
                Ok(Self { rows, columns, numbers: array.numbers() })
            }
            _ => Err(Fault::new(format!(
                "np.linalg.{function} takes a matrix, and this has {} axes",
                array.shape().len()
            ))),
        }
    }

    fn square(array: &Array, function: &str) -> Outcome<Self> {
        let own = Self::of(array, function)?;
        match own.rows == own.columns {
            true => Ok(own),
            false => Err(Fault::new(format!(
                "np.linalg.{function} takes a matrix with as many rows as columns, and this has {} and {}",
                own.rows, own.columns
            ))),
        }
    }

    fn identity(rows: usize, columns: usize) -> Outcome<Self> {
        let mut numbers = vec![0.0; Buffer::room_for(count(&[rows, columns])?)?];
        (0..rows.min(columns)).for_each(|k| numbers[k * columns + k] = 1.0);
        Ok(Self { rows, columns, numbers })
    }

    fn at(&self, row: usize, column: usize) -> f64 {
        self.numbers[row * self.columns + column]
    }

    fn set(&mut self, row: usize, column: usize, value: f64) {
        self.numbers[row * self.columns + column] = value;
    }

    fn array(self, kind: Kind) -> Outcome<Array> {
        Array::new(vec![self.rows, self.columns], kind, self.numbers)
    }
}

/// The functions of this file.
pub(super) fn call(name: &str, given: &mut Arguments) -> Outcome<Option<Value>> {
    let array = match name {
        "solve" => {
            let (a, b) = (given.array(0, "a")?, given.array(1, "b")?);
            solved(&a, &b, name)
        }
        "inv" => {
            let a = given.array(0, "a")?;
            let rows = a.rows().unwrap_or(0);
            solved(&a, &Matrix::identity(rows, rows)?.array(a.kind())?, name)
        }
        "det" => {
            let a = given.array(0, "a")?;
            let (lower, _, sign) = eliminated(Matrix::square(&a, name)?);
            let product =
                (0..lower.rows).map(|k| lower.at(k, k)).fold(sign, |product, value| product * value);
            Array::number(a.kind().as_float(), product)
        }
        "matrix_power" => powered(given),
        "cholesky" => cholesky(&given.array(0, "a")?),
        "qr" => return factors(given).map(Some),
        "pinv" => {
            let a = given.array(0, "a")?;
            pseudo_inverse(&a)
        }
        "lstsq" => return least_squares(given).map(Some),
        _ => return Ok(None),
    };
    super::value(array)
}

/// Elimination with the largest pivot of each column: both triangles in one matrix, the order of the rows, and the
/// sign of that order.
fn eliminated(mut a: Matrix) -> (Matrix, Vec<usize>, f64) {
    let size = a.rows;
    let mut order: Vec<usize> = (0..size).collect();
    let mut sign = 1.0;
    for k in 0..size {
        let best =
            (k..size).fold(k, |best, row| if a.at(row, k).abs() > a.at(best, k).abs() { row } else { best });
        if best != k {
            (0..size).for_each(|column| a.numbers.swap(k * size + column, best * size + column));
            order.swap(k, best);
            sign = -sign;
        }
        let pivot = a.at(k, k);
        if pivot == 0.0 {
            continue;
        }
        for row in k + 1..size {
            let factor = a.at(row, k) / pivot;
            a.set(row, k, factor);
            for column in k + 1..size {
                let value = a.at(row, column) - factor * a.at(k, column);
                a.set(row, column, value);
            }
        }
    }
    (a, order, sign)
}

/// `np.linalg.solve(a, b)`; `b` may be a vector.
fn solved(a: &Array, b: &Array, name: &str) -> Outcome<Array> {
    let kind = a.kind().with(b.kind()).as_float();
    let (lower, order, _) = eliminated(Matrix::square(a, name)?);
    let size = lower.rows;
    if (0..size).any(|k| lower.at(k, k) == 0.0) {
        return Err(Fault::new("this matrix is singular: no other matrix is its inverse"));
    }
    if b.rows() != Some(size) || b.shape().len() > 2 {
        return Err(Fault::new(format!("both sides of np.linalg.{name} need as many rows: {size}")));
    }
    let columns = b.count() / size.max(1);
    spend(size.saturating_mul(size).saturating_mul(columns))?;
    let right = b.numbers();
    let mut result = vec![0.0; Buffer::room_for(right.len())?];
    for column in 0..columns {
        let at = |row: usize| row * columns + column;
        for row in 0..size {
            let sum: f64 = (0..row).map(|k| lower.at(row, k) * result[at(k)]).sum();
            result[at(row)] = right[at(order[row])] - sum;
        }
        for row in (0..size).rev() {
            let sum: f64 = (row + 1..size).map(|k| lower.at(row, k) * result[at(k)]).sum();
            result[at(row)] = (result[at(row)] - sum) / lower.at(row, row);
        }
    }
    Array::new(b.shape().to_vec(), kind, result)
}

/// `np.linalg.matrix_power(a, n)`
fn powered(given: &mut Arguments) -> Outcome<Array> {
    let a = given.array(0, "a")?;
    let times = given.need(1, "n")?.integer()?;
    Matrix::square(&a, "matrix_power")?;
    let rows = a.rows().unwrap_or(0);
    let mut factor = a.clone();
    if times < 0 {
        factor = solved(&a, &Matrix::identity(rows, rows)?.array(a.kind())?, "matrix_power")?;
    }
    let kind = factor.kind();
    let mut result = Matrix::identity(rows, rows)?.array(kind)?;
    let mut left = times.unsigned_abs();
    while left > 0 {
        if left % 2 == 1 {
            result = matmul(&result, &factor, kind)?;
        }
        left /= 2;
        if left > 0 {
            factor = matmul(&factor, &factor, kind)?;
        }
    }
    Ok(result)
}

fn cholesky(array: &Array) -> Outcome<Array> {
    let a = Matrix::square(array, "cholesky")?;
    let mut lower = Matrix { numbers: vec![0.0; Buffer::room_for(a.numbers.len())?], ..a };
    for row in 0..a.rows {
        for column in 0..=row {
            let sum: f64 = (0..column).map(|k| lower.at(row, k) * lower.at(column, k)).sum();
            let rest = array.numbers()[row * a.columns + column] - sum;
            let value = if row == column { rest.sqrt() } else { rest / lower.at(column, column) };
            if !value.is_finite() || (row == column && value == 0.0) {
                return Err(Fault::new(
                    "this matrix is not positive definite, which np.linalg.cholesky needs",
                ));
            }
            lower.set(row, column, value);
        }
    }
    lower.array(array.kind().as_float())
}

/// Householder's reflections of the columns, as LAPACK takes them: `a` becomes its right triangle with the reflections
/// below, and the factors of those.
fn reflected(mut a: Matrix) -> (Matrix, Vec<f64>) {
    let mut factors = Vec::new();
    for k in 0..a.rows.min(a.columns) {
        let first = a.at(k, k);
        let below: f64 = (k + 1..a.rows).map(|row| a.at(row, k) * a.at(row, k)).sum();
        if below == 0.0 {
            factors.push(0.0);
            continue;
        }
        let length = (first * first + below).sqrt();
        let to = if first > 0.0 { -length } else { length };
        let factor = (to - first) / to;
        for row in k + 1..a.rows {
            let value = a.at(row, k) / (first - to);
            a.set(row, k, value);
        }
        a.set(k, k, to);
        for column in k + 1..a.columns {
            let sum: f64 =
                a.at(k, column) + (k + 1..a.rows).map(|row| a.at(row, k) * a.at(row, column)).sum::<f64>();
            let value = a.at(k, column) - factor * sum;
            a.set(k, column, value);
            for row in k + 1..a.rows {
                let value = a.at(row, column) - factor * sum * a.at(row, k);
                a.set(row, column, value);
            }
        }
        factors.push(factor);
    }
    (a, factors)
}

/// The orthogonal factor with so many columns.
fn orthogonal(a: &Matrix, factors: &[f64], columns: usize) -> Outcome<Matrix> {
    let mut q = Matrix::identity(a.rows, columns)?;
    for k in (0..factors.len()).rev() {
        for column in 0..columns {
            let sum: f64 =
                q.at(k, column) + (k + 1..a.rows).map(|row| a.at(row, k) * q.at(row, column)).sum::<f64>();
            let value = q.at(k, column) - factors[k] * sum;
            q.set(k, column, value);
            for row in k + 1..a.rows {
                let value = q.at(row, column) - factors[k] * sum * a.at(row, k);
                q.set(row, column, value);
            }
        }
    }
    Ok(q)
}

fn right_triangle(a: &Matrix, rows: usize) -> Outcome<Matrix> {
    let mut numbers = vec![0.0; Buffer::room_for(count(&[rows, a.columns])?)?];
    for row in 0..rows.min(a.rows) {
        for column in row..a.columns {
            numbers[row * a.columns + column] = a.at(row, column);
        }
    }
    Ok(Matrix { rows, columns: a.columns, numbers })
}

/// `np.linalg.qr(a, mode)`
fn factors(given: &mut Arguments) -> Outcome<Value> {
    let array = given.array(0, "a")?;
    let kind = array.kind().as_float();
    let mode = given.take(1, "mode").map_or("reduced".to_owned(), |mode| super::super::show::text(&mode));
    let (a, factors) = reflected(Matrix::of(&array, "qr")?);
    let short = a.rows.min(a.columns);
    let columns = match mode.as_str() {
        "r" => return Ok(Value::Array(right_triangle(&a, short)?.array(kind)?)),
        "complete" => a.rows,
        "reduced" => short,
        _ => return Err(Fault::new("the mode of np.linalg.qr is 'reduced', 'complete' or 'r'")),
    };
    let q = orthogonal(&a, &factors, columns)?.array(kind)?;
    let r = right_triangle(&a, columns)?.array(kind)?;
    Ok(Value::tuple(vec![Value::Array(q), Value::Array(r)]))
}

/// What solves `a @ x = b` best where `a` has at least as many rows as columns, and those do not depend on each other.
fn best(a: &Array, b: &Array, name: &str) -> Outcome<Array> {
    let kind = a.kind().with(b.kind()).as_float();
    let (triangle, factors) = reflected(Matrix::of(a, name)?);
    let (rows, size) = (triangle.rows, triangle.columns);
    let diagonal = || (0..size).map(|k| triangle.at(k, k).abs());
    let (least, most) = (diagonal().fold(f64::INFINITY, f64::min), diagonal().fold(0.0, f64::max));
    if least <= most * 1e-13 {
        return Err(Fault::new(format!(
            "np.linalg.{name} is known here for matrices whose rows, or columns, do not depend on each other; add \
             a little to the diagonal: np.linalg.solve(X.T @ X + 1e-8 * np.eye({size}), X.T @ y)"
        )));
    }
    if b.rows() != Some(rows) || b.shape().len() > 2 {
        return Err(Fault::new(format!("both sides of np.linalg.{name} need as many rows: {rows}")));
    }
    let columns = b.count() / rows.max(1);
    spend(rows.saturating_mul(size).saturating_mul(columns))?;
    let q = orthogonal(&triangle, &factors, size)?;
    let right = b.numbers();
    let mut result = vec![0.0; Buffer::room_for(count(&[size, columns])?)?];
    for column in 0..columns {
        for row in (0..size).rev() {
            let own: f64 = (0..rows).map(|k| q.at(k, row) * right[k * columns + column]).sum();
            let sum: f64 = (row + 1..size).map(|k| triangle.at(row, k) * result[k * columns + column]).sum();
            result[row * columns + column] = (own - sum) / triangle.at(row, row);
        }
    }
    let shape = if b.shape().len() == 1 { vec![size] } else { vec![size, columns] };
    Array::new(shape, kind, result)
}

/// `np.linalg.pinv(a)`
fn pseudo_inverse(a: &Array) -> Outcome<Array> {
    let &[rows, columns] = a.shape() else { return Err(Fault::new("np.linalg.pinv takes a matrix")) };
    if rows < columns {
        return Ok(pseudo_inverse(&a.transposed())?.transposed());
    }
    best(a, &Matrix::identity(rows, rows)?.array(a.kind())?, "pinv")
}

/// `np.linalg.lstsq(a, b)`: the solution, the squares that are left, the rank; the singular values stay open.
fn least_squares(given: &mut Arguments) -> Outcome<Value> {
    let (a, b) = (given.array(0, "a")?, given.array(1, "b")?);
    given.take(2, "rcond");
    let &[rows, columns] = a.shape() else { return Err(Fault::new("np.linalg.lstsq takes a matrix")) };
    if rows < columns {
        return Err(Fault::new(
            "np.linalg.lstsq needs as many rows as columns here; use np.linalg.pinv(a) @ b",
        ));
    }
    let x = best(&a, &b, "lstsq")?;
    let kind = x.kind();
    let made = matmul(&a, &x, kind)?;
    let gap = super::super::array::binary(super::super::array::Binary::Subtract, &b, &made, kind)?;
    let wide = b.count() / rows.max(1);
    let numbers = gap.numbers();
    let left: Vec<f64> = (0..wide)
        .map(|column| (0..rows).map(|row| numbers[row * wide + column] * numbers[row * wide + column]).sum())
        .collect();
    let left = if rows > columns { left } else { vec![] };
    let left = Array::new(vec![left.len()], kind, left)?;
    let rank = Array::number(Kind::Int, columns as f64)?;
    let open = Value::text("singular values, which are not known here");
    Ok(Value::tuple(vec![Value::Array(x), Value::Array(left), Value::Array(rank), open]))
}
