//! The matrix products of listings: many rows run on the engine's own product, a few are cheaper without packing.

use crate::listing::cell::instruction::{Form, Instruction};
use crate::listing::cell::plan::{Plan, Stage};
use crate::math::gemm::{Packed, Strips, gemm, gemm_transposed};
use crate::math::{Backend, Matrix};

/// From so many rows on, packing pays.
const FEWEST_ROWS: usize = 4;

/// The packed right sides of a plan's products, and room for the gradients of weights.
#[derive(Debug, Clone)]
pub(super) struct Products {
    /// For each value of the plan; empty if it is no product with a matrix that all samples share.
    packed: Vec<Packed>,
    scratch: Packed,
    strips: Strips,
}

impl Products {
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            packed: vec![Packed::default(); plan.values.len()],
            scratch: Packed::default(),
            strips: Strips::default(),
        }
    }

    /// Packs what all samples share; `values` gives the numbers of a value.
    pub(super) fn pack<'a>(&mut self, plan: &Plan, batch: usize, values: impl Fn(usize) -> &'a [f32]) {
        for (id, value) in plan.values.iter().enumerate() {
            let Instruction::Product { left: false, right } = value.instruction else {
                continue;
            };
            let form = plan.values[value.inputs[1]].form;
            let few = match plan.stages[id] {
                Stage::Never | Stage::Once | Stage::Total => true,
                Stage::Forward | Stage::Backward => batch < FEWEST_ROWS,
                _ => false,
            };
            if few || form.per_sample {
                continue;
            }
            let matrix = Matrix::new(values(value.inputs[1]), form.rows, form.columns);
            if right { self.packed[id].pack(matrix.transpose()) } else { self.packed[id].pack(matrix) }
        }
    }

    /// Computes value `id` if it is one of many rows; false if it is not.
    pub(super) fn compute(
        &mut self,
        (plan, id): (&Plan, usize),
        (a, b): (&[f32], &[f32]),
        out: &mut [f32],
        samples: usize,
    ) -> bool {
        let value = &plan.values[id];
        match value.instruction {
            Instruction::Product { .. } if self.packed[id].rows() > 0 => {
                let inner = self.packed[id].rows();
                let rows = a.len() / inner;
                if rows < FEWEST_ROWS {
                    return false;
                }
                out.fill(0.0);
                gemm(Backend::best(), Matrix::new(a, rows, inner), &self.packed[id], out, value.form.columns);
                true
            }
            Instruction::OuterTotal if samples >= FEWEST_ROWS => {
                let (left, right) = (a.len() / samples, b.len() / samples);
                self.scratch.pack(Matrix::new(b, samples, right));
                out.fill(0.0);
                let a = Matrix::new(a, samples, left);
                gemm_transposed(Backend::best(), a, &self.scratch, &mut self.strips, out);
                true
            }
            _ => false,
        }
    }
}

/// `out += a @ b` for `(rows, inner, columns)`: `a` is `[rows, inner]`, `b` `[inner, columns]`, or `[columns, inner]`
/// if `transposed`.
pub(super) fn product(
    out: &mut [f32],
    a: &[f32],
    b: &[f32],
    (rows, inner, columns): (usize, usize, usize),
    transposed: bool,
) {
    if inner == 0 || columns == 0 {
        return;
    }
    for (out, a) in out.chunks_exact_mut(columns).zip(a.chunks_exact(inner)).take(rows) {
        if transposed {
            for (out, b) in out.iter_mut().zip(b.chunks_exact(inner)) {
                *out += dot(a, b);
            }
        } else {
            for (a, b) in a.iter().zip(b.chunks_exact(columns)) {
                for (out, b) in out.iter_mut().zip(b) {
                    *out += a * b;
                }
            }
        }
    }
}

/// How many sums a dot product keeps side by side; they are added from left to right at the end.
const LANES: usize = 8;

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; LANES];
    let (a_lanes, a_rest) = a.as_chunks::<LANES>();
    let (b_lanes, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a_lanes.iter().zip(b_lanes) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let mut sum = sums.iter().fold(0.0, |sum, v| sum + v);
    for (a, b) in a_rest.iter().zip(b_rest) {
        sum += a * b;
    }
    sum
}

/// `out = aᵀ @ b`, the sum over `samples` of outer products.
pub(super) fn outer_total(out: &mut [f32], a: &[f32], b: &[f32], samples: usize) {
    out.fill(0.0);
    let (left, right) = (a.len() / samples.max(1), b.len() / samples.max(1));
    if left == 0 || right == 0 {
        return;
    }
    for (a, b) in a.chunks_exact(left).zip(b.chunks_exact(right)) {
        for (a, line) in a.iter().zip(out.chunks_exact_mut(right)) {
            for (out, b) in line.iter_mut().zip(b) {
                *out += a * b;
            }
        }
    }
}

/// `out = a @ b` of one sample, either side transposed or not.
pub(super) fn small_product(
    out: &mut [f32],
    (a, a_form, left): (&[f32], Form, bool),
    (b, b_form, right): (&[f32], Form, bool),
    (rows, inner, columns): (usize, usize, usize),
) {
    for row in 0..rows {
        for column in 0..columns {
            let mut sum = 0.0;
            for k in 0..inner {
                let from_a = if left { a[k * a_form.columns + row] } else { a[row * a_form.columns + k] };
                let from_b =
                    if right { b[column * b_form.columns + k] } else { b[k * b_form.columns + column] };
                sum += from_a * from_b;
            }
            out[row * columns + column] = sum;
        }
    }
}
