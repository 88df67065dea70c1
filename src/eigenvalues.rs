//! Eigenvalues of any real square matrix: the QR algorithm with a shift on its Hessenberg form, in complex numbers.
//!
//! Golub & Van Loan, Matrix Computations, 4th edition, sections 7.4 and 7.5.

use std::ops::{Add, Mul, Neg, Sub};

use ndarray::{Array2, ArrayView2};

/// Steps after which a shift that leads nowhere is replaced by another one.
const STALLED: usize = 10;

/// Steps for one eigenvalue after which the search ends; two or three are usual.
const LIMIT: usize = 300;

/// A complex number.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Complex {
    /// Its real part.
    pub re: f64,
    /// Its imaginary part.
    pub im: f64,
}

impl Complex {
    fn real(re: f64) -> Self {
        Self { re, im: 0.0 }
    }

    /// Its absolute value.
    pub fn abs(self) -> f64 {
        let largest = self.re.abs().max(self.im.abs());
        if largest == 0.0 || !largest.is_finite() {
            return largest;
        }
        let (re, im) = (self.re / largest, self.im / largest);
        largest * (re * re + im * im).sqrt()
    }

    fn conjugate(self) -> Self {
        Self { re: self.re, im: -self.im }
    }

    fn scaled(self, by: f64) -> Self {
        Self { re: self.re * by, im: self.im * by }
    }

    /// The root with the real part that is not negative.
    fn sqrt(self) -> Self {
        let re = (0.5 * (self.abs() + self.re)).max(0.0).sqrt();
        let im = (0.5 * (self.abs() - self.re)).max(0.0).sqrt();
        Self { re, im: if self.im < 0.0 { -im } else { im } }
    }
}

impl Add for Complex {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { re: self.re + other.re, im: self.im + other.im }
    }
}

impl Sub for Complex {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { re: self.re - other.re, im: self.im - other.im }
    }
}

impl Mul for Complex {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self { re: self.re * other.re - self.im * other.im, im: self.re * other.im + self.im * other.re }
    }
}

impl Neg for Complex {
    type Output = Self;
    fn neg(self) -> Self {
        Self { re: -self.re, im: -self.im }
    }
}

/// The eigenvalues of `matrix`, `[n, n]`, the largest in absolute value first; nothing if a number is not finite.
///
/// # Panics
/// If the matrix is not square.
pub fn eigenvalues(matrix: ArrayView2<f64>) -> Option<Vec<Complex>> {
    assert_eq!(matrix.nrows(), matrix.ncols(), "a matrix that has eigenvalues is square");
    if matrix.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let mut h = hessenberg(matrix).mapv(Complex::real);
    let mut last = h.nrows().saturating_sub(1);
    let mut steps = 0;
    while last > 0 {
        let first = start_of_block(&mut h, last);
        if first == last {
            (last, steps) = (last - 1, 0);
            continue;
        }
        if steps == LIMIT {
            return None;
        }
        steps += 1;
        let shift = match steps % STALLED {
            0 => h[[last, last]] + Complex::real(h[[last, last - 1]].abs()),
            _ => shift_of(&h, last),
        };
        qr_step(&mut h, first..=last, shift);
    }
    let mut found: Vec<Complex> = h.diag().to_vec();
    found.sort_by(|a, b| b.abs().total_cmp(&a.abs()));
    Some(found)
}

/// A matrix with the same eigenvalues and zeros below the first subdiagonal, by elimination with pivots.
fn hessenberg(matrix: ArrayView2<f64>) -> Array2<f64> {
    let mut a = matrix.to_owned();
    let n = a.nrows();
    for column in 0..n.saturating_sub(2) {
        let next = column + 1;
        let larger = |x: &usize, y: &usize| a[[*x, column]].abs().total_cmp(&a[[*y, column]].abs());
        let pivot = (next..n).max_by(larger).unwrap_or(next);
        if a[[pivot, column]] == 0.0 {
            continue;
        }
        if pivot != next {
            (0..n).for_each(|k| a.swap([pivot, k], [next, k]));
            (0..n).for_each(|k| a.swap([k, pivot], [k, next]));
        }
        for row in next + 1..n {
            let factor = a[[row, column]] / a[[next, column]];
            if factor != 0.0 {
                (column..n).for_each(|k| a[[row, k]] -= factor * a[[next, k]]);
                (0..n).for_each(|k| a[[k, next]] += factor * a[[k, row]]);
                a[[row, column]] = 0.0;
            }
        }
    }
    a
}

/// Where the block that ends at `last` begins: above it the subdiagonal is negligible, and becomes 0.
fn start_of_block(h: &mut Array2<Complex>, last: usize) -> usize {
    for k in (1..=last).rev() {
        let around = h[[k, k]].abs() + h[[k - 1, k - 1]].abs();
        if h[[k, k - 1]].abs() <= f64::EPSILON * around || h[[k, k - 1]].abs() < f64::MIN_POSITIVE {
            h[[k, k - 1]] = Complex::default();
            return k;
        }
    }
    0
}

/// The eigenvalue of the last two rows and columns that is closer to the last entry (Wilkinson's shift).
fn shift_of(h: &Array2<Complex>, last: usize) -> Complex {
    let (a, d) = (h[[last - 1, last - 1]], h[[last, last]]);
    let middle = (a + d).scaled(0.5);
    let half = (a - d).scaled(0.5);
    let root = (half * half + h[[last - 1, last]] * h[[last, last - 1]]).sqrt();
    let (one, other) = (middle + root, middle - root);
    if (one - d).abs() < (other - d).abs() { one } else { other }
}

/// H − shift = Q·R becomes R·Q + shift on the rows and columns of `block`, with rotations.
fn qr_step(h: &mut Array2<Complex>, block: std::ops::RangeInclusive<usize>, shift: Complex) {
    let (first, last) = (*block.start(), *block.end());
    (first..=last).for_each(|k| h[[k, k]] = h[[k, k]] - shift);
    let mut rotations = Vec::with_capacity(last - first);
    for k in first..last {
        let (a, b) = (h[[k, k]], h[[k + 1, k]]);
        let length = Complex { re: a.abs(), im: b.abs() }.abs();
        let (c, s) = match length > 0.0 {
            true => (a.scaled(1.0 / length), b.scaled(1.0 / length)),
            false => (Complex::real(1.0), Complex::default()),
        };
        for j in k..=last {
            let (x, y) = (h[[k, j]], h[[k + 1, j]]);
            h[[k, j]] = c.conjugate() * x + s.conjugate() * y;
            h[[k + 1, j]] = c * y - s * x;
        }
        rotations.push((c, s));
    }
    for (k, (c, s)) in (first..last).zip(rotations) {
        for i in first..=k + 1 {
            let (x, y) = (h[[i, k]], h[[i, k + 1]]);
            h[[i, k]] = x * c + y * s;
            h[[i, k + 1]] = y * c.conjugate() - x * s.conjugate();
        }
    }
    (first..=last).for_each(|k| h[[k, k]] = h[[k, k]] + shift);
}
