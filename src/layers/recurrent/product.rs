//! The two products of a recurrent cell, x·W and h·U, and their gradients, with weights packed once a step.

use std::ops::Range;

use super::cell::Block;
use super::tape::Tape;
use crate::layers::{Gradients, Pass, WeightId};
use crate::math::gemm::{Mat, Packed, Strips, gemm, gemm_transposed_into};
use crate::math::reduce::add_rows;

/// Some columns of a weight matrix `[rows, stride]`, packed for their forward and their backward product.
#[derive(Default)]
pub struct Product {
    weight: Option<WeightId>,
    rows: usize,
    columns: Range<usize>,
    stride: usize,
    packed: Packed,
    transposed: Packed,
}

impl Product {
    /// The product with all of `weight`, `[rows, columns]`.
    pub fn new(weight: WeightId, rows: usize, columns: usize) -> Self {
        Self::part(weight, rows, columns, 0..columns)
    }

    /// The product with the given columns of `weight`, `[rows, stride]`.
    pub fn part(weight: WeightId, rows: usize, stride: usize, columns: Range<usize>) -> Self {
        Self { weight: Some(weight), rows, columns, stride, ..Self::default() }
    }

    /// Packs the weight's present numbers and their transpose.
    pub fn pack(&mut self, pass: &Pass) {
        let numbers = &pass.parameters.get(self.weight())[self.columns.start..];
        let matrix = Mat::with_stride(numbers, self.rows, self.columns.len(), self.stride);
        self.packed.pack(matrix);
        self.transposed.pack_transposed(matrix);
    }

    /// `z += x·W`: `x` is `[n, rows]`; the rows of `z`, of which the first numbers are meant, are `stride` apart.
    pub fn forward(&self, pass: &Pass, x: &[f32], z: &mut [f32], stride: usize) {
        gemm(pass.backend, Mat::new(x, x.len() / self.rows, self.rows), &self.packed, z, stride);
    }

    /// `dx += dz·Wᵀ` for `n` rows of `dz`, `stride` apart; `dx` is `[n, rows]`.
    pub fn back(&self, pass: &Pass, (dz, stride): (&[f32], usize), dx: &mut [f32]) {
        let dz = Mat::with_stride(dz, dx.len() / self.rows, self.columns.len(), stride);
        gemm(pass.backend, dz, &self.transposed, dx, self.rows);
    }

    /// `dW += xᵀ·dz`, with dz packed.
    pub fn gather(&self, pass: &Pass, x: &[f32], (dz, strips): Gathered, gradients: &mut Gradients) {
        let x = Mat::new(x, dz.rows(), self.rows);
        let gradient = &mut gradients.get_mut(self.weight())[self.columns.start..];
        gemm_transposed_into(pass.backend, x, dz, strips, (gradient, self.stride));
    }

    fn weight(&self) -> WeightId {
        self.weight.unwrap_or_else(|| unreachable!("a cell is built before it runs"))
    }
}

/// Packed gradients of a block, and room for the strips of the other operand.
type Gathered<'a> = (&'a Packed, &'a mut Strips);

/// x·W + b for all gates at once, and its gradients: the part of a cell that does not wait for the state.
#[derive(Default)]
pub struct InputProduct {
    kernel: Product,
    /// b, if there is one: as many numbers as W has columns, or more, of which the first are meant.
    bias: Option<WeightId>,
    packed_dz: Packed,
    strips: Strips,
}

impl InputProduct {
    /// The product with `kernel` and the bias, if there is one.
    pub fn new(kernel: Product, bias: Option<WeightId>) -> Self {
        Self { kernel, bias, ..Self::default() }
    }

    /// Packs the weights.
    pub fn pack(&mut self, pass: &Pass) {
        self.kernel.pack(pass);
    }

    /// `z = b + x·W` for a block of rows; without numbers b is zero.
    pub fn project(&self, pass: &Pass, b: &[f32], x: &[f32], z: &mut [f32]) {
        let width = self.kernel.stride;
        match b.is_empty() {
            true => z.fill(0.0),
            false => z.chunks_exact_mut(width).for_each(|row| row.copy_from_slice(b)),
        }
        self.kernel.forward(pass, x, z, width);
    }

    /// Gradients of W, b and x from `dz`, `[steps, batch, columns]`.
    ///
    /// Returns the packed gradients for products that share them.
    pub fn gather(
        &mut self,
        pass: &Pass,
        block: Block,
        dz: &[f32],
        gradients: &mut Gradients,
    ) -> Gathered<'_> {
        let width = self.kernel.stride;
        self.packed_dz.pack(Mat::new(dz, dz.len() / width, width));
        self.kernel.gather(pass, block.x, (&self.packed_dz, &mut self.strips), gradients);
        if let Some(bias) = self.bias {
            add_rows(&mut gradients.get_mut(bias)[..width], dz);
        }
        if let Some(dx) = block.dx {
            dx.fill(0.0);
            self.kernel.back(pass, (dz, width), dx);
        }
        (&self.packed_dz, &mut self.strips)
    }
}

/// z = x·W + h·U + b, all gates in one matrix: what SimpleRNN and LSTM begin with.
#[derive(Default)]
pub struct GateProducts {
    input: InputProduct,
    recurrent_kernel: Product,
    version: u64,
}

impl GateProducts {
    /// The products with the given weights.
    pub fn new(kernel: Product, recurrent_kernel: Product, bias: Option<WeightId>) -> Self {
        Self { input: InputProduct::new(kernel, bias), recurrent_kernel, version: 0 }
    }

    /// Packs the weights if they changed.
    pub fn prepare(&mut self, pass: &Pass) {
        if self.version != pass.parameters.version() {
            self.input.pack(pass);
            self.recurrent_kernel.pack(pass);
            self.version = pass.parameters.version();
        }
    }

    /// `z = b + x·W` for a block of rows.
    pub fn project(&self, pass: &Pass, x: &[f32], z: &mut [f32]) {
        let bias = self.input.bias.map_or(&[][..], |bias| pass.parameters.get(bias));
        self.input.project(pass, bias, x, z);
    }

    /// `z += h·U`.
    pub fn recur(&self, pass: &Pass, h: &[f32], z: &mut [f32]) {
        self.recurrent_kernel.forward(pass, h, z, self.recurrent_kernel.stride);
    }

    /// `dh = dz·Uᵀ`, through the dropout mask of h.
    pub fn recur_back(&self, pass: &Pass, dz: &[f32], mask: &[f32], dh: &mut [f32]) {
        dh.fill(0.0);
        self.recurrent_kernel.back(pass, (dz, self.recurrent_kernel.stride), dh);
        for (d, m) in dh.iter_mut().zip(mask) {
            *d *= m;
        }
    }

    /// All weight gradients of a block and its `dx`, where dz stands in field `field` of the tape.
    pub fn gather(
        &mut self,
        pass: &Pass,
        block: Block,
        (tape, field): (&Tape, usize),
        gradients: &mut Gradients,
    ) {
        let steps = block.steps.clone();
        let dz = tape.fields_between(field, steps.start, steps.end);
        let packed = self.input.gather(pass, block, dz, gradients);
        let h = tape.recurrent_inputs(steps.start, steps.end);
        self.recurrent_kernel.gather(pass, h, packed, gradients);
    }
}
