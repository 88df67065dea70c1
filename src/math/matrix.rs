//! Matrix views of slices.

use ndarray::{ArrayView2, ShapeBuilder};

/// A view of a row-major matrix inside a slice, or of its transpose.
///
/// Element (r, c) is `data[r * stride + c]`, of a transposed one `data[c * stride + r]`. Kernels read the slice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Matrix<'a> {
    /// The numbers, from element (0, 0) on.
    pub data: &'a [f32],
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub columns: usize,
    /// Distance between the starts of two rows in `data`, or of two columns if it is transposed.
    pub stride: usize,
    /// Whether `data` holds column after column.
    pub transposed: bool,
}

impl<'a> Matrix<'a> {
    /// A matrix without gaps, `[rows, columns]`.
    pub fn new(data: &'a [f32], rows: usize, columns: usize) -> Self {
        Self::with_stride(data, rows, columns, columns)
    }

    /// A matrix whose rows start `stride` numbers apart.
    ///
    /// # Panics
    /// If the slice is too short; that is a mistake in this crate, never of a user.
    pub fn with_stride(data: &'a [f32], rows: usize, columns: usize, stride: usize) -> Self {
        assert!(columns <= stride, "a row of {columns} numbers does not fit a stride of {stride}");
        let needed = if rows == 0 { 0 } else { (rows - 1) * stride + columns };
        assert!(data.len() >= needed, "{rows} rows need {needed} numbers, found {}", data.len());
        Self { data, rows, columns, stride, transposed: false }
    }

    /// The transpose, `[columns, rows]`; no number moves.
    pub fn transpose(self) -> Self {
        Self { rows: self.columns, columns: self.rows, transposed: !self.transposed, ..self }
    }

    /// The columns `range` of a matrix that is not transposed, `[rows, range.len()]`.
    pub fn columns_between(self, range: std::ops::Range<usize>) -> Self {
        debug_assert!(!self.transposed, "the columns of a transposed matrix are its rows in memory");
        let data = if self.rows == 0 { self.data } else { &self.data[range.start..] };
        Self::with_stride(data, self.rows, range.len(), self.stride)
    }

    /// Row `r`, `[columns]`, of a matrix that is not transposed.
    #[inline(always)]
    pub fn row(&self, r: usize) -> &'a [f32] {
        debug_assert!(!self.transposed, "the rows of a transposed matrix are no slices");
        &self.data[r * self.stride..][..self.columns]
    }

    /// The element in row `r` and column `c`.
    #[inline(always)]
    pub fn at(&self, r: usize, c: usize) -> f32 {
        match self.transposed {
            true => self.data[c * self.stride + r],
            false => self.data[r * self.stride + c],
        }
    }
}

impl<'a> From<Matrix<'a>> for ArrayView2<'a, f32> {
    fn from(matrix: Matrix<'a>) -> Self {
        let Matrix { data, rows, columns, stride, transposed } = matrix;
        let strides = if transposed { (1, stride) } else { (stride, 1) };
        ArrayView2::from_shape((rows, columns).strides(strides), data)
            .unwrap_or_else(|wrong| unreachable!("a matrix that fits its slice is a view: {wrong}"))
    }
}

impl<'a> TryFrom<ArrayView2<'a, f32>> for Matrix<'a> {
    type Error = ArrayView2<'a, f32>;

    /// The same matrix without a copy.
    ///
    /// # Errors
    /// Gives the view back if its numbers do not stand row after row or column after column without gaps.
    fn try_from(view: ArrayView2<'a, f32>) -> Result<Self, Self::Error> {
        let (rows, columns) = view.dim();
        if let Some(data) = view.to_slice() {
            return Ok(Self::new(data, rows, columns));
        }
        match view.reversed_axes().to_slice() {
            Some(data) => Ok(Self::new(data, columns, rows).transpose()),
            None => Err(view),
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{arr2, s};

    use super::*;

    #[test]
    fn a_transpose_exchanges_rows_and_columns_without_moving_numbers() {
        let numbers = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
        let matrix = Matrix::with_stride(&numbers, 2, 3, 4);
        assert_eq!(ArrayView2::from(matrix), arr2(&[[1.0, 2.0, 3.0], [5.0, 6.0, 7.0]]));
        let transposed = matrix.transpose();
        assert_eq!(ArrayView2::from(transposed), arr2(&[[1.0, 5.0], [2.0, 6.0], [3.0, 7.0]]));
        assert_eq!((transposed.at(2, 1), matrix.at(1, 2)), (7.0, 7.0));
        assert_eq!(transposed.transpose(), matrix);
    }

    #[test]
    fn views_of_ndarray_become_matrices_and_come_back() {
        let array = arr2(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        let matrix = Matrix::try_from(array.view()).unwrap();
        assert!(!matrix.transposed);
        assert_eq!(ArrayView2::from(matrix), array);
        let transposed = Matrix::try_from(array.t()).unwrap();
        assert!(transposed.transposed);
        assert_eq!(ArrayView2::from(transposed), array.t());
        assert_eq!(Matrix::try_from(array.slice(s![.., ..2])).unwrap_err(), array.slice(s![.., ..2]));
    }
}
