//! Products of a recurrent cell with its weight matrices, packed once a step.

use std::ops::Range;

use super::per_gate::PerGate;
use crate::layers::{Gradients, PassContext, WeightId};
use crate::math::Matrix;
use crate::math::gemm::{Packed, Strips, gemm, gemm_transposed_into};

/// How the weights of a cell are packed for a pass.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Packing {
    /// Gate by gate too, because dropout gives every gate another input.
    pub split: bool,
    /// For products with one row at a time: the pass has a single sample.
    pub single_rows: bool,
}

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
    /// The product with the given columns of `weight`, `[rows, stride]`.
    pub fn new(weight: WeightId, rows: usize, stride: usize, columns: Range<usize>) -> Self {
        Self { weight: Some(weight), rows, columns, stride, ..Self::default() }
    }

    /// Packs the weight's present numbers and their transpose.
    pub fn pack(&mut self, pass: &PassContext, packing: Packing) {
        self.packed.serve_single_rows(packing.single_rows);
        self.transposed.serve_single_rows(packing.single_rows);
        let numbers = &pass.parameters.get(self.weight())[self.columns.start..];
        let matrix = Matrix::with_stride(numbers, self.rows, self.columns.len(), self.stride);
        self.packed.pack(matrix);
        self.transposed.pack(matrix.transpose());
    }

    /// `z += x·W`: `x` is `[n, rows]`; the rows of `z` are `stride` apart, and only their first numbers change.
    #[inline(always)]
    pub fn forward(&self, pass: &PassContext, x: &[f32], z: &mut [f32], stride: usize) {
        gemm(pass.backend, Matrix::new(x, x.len() / self.rows, self.rows), &self.packed, z, stride);
    }

    /// `dx += dz·Wᵀ`; `dx` is `[n, rows]`.
    pub fn back(&self, pass: &PassContext, dz: Matrix, dx: &mut [f32]) {
        gemm(pass.backend, dz, &self.transposed, dx, self.rows);
    }

    /// `dW += xᵀ·dz`, with dz packed.
    pub fn accumulate(
        &self,
        pass: &PassContext,
        x: &[f32],
        workspace: &mut Workspace,
        gradients: &mut Gradients,
    ) {
        let x = Matrix::new(x, workspace.packed.rows(), self.rows);
        let gradient = &mut gradients.get_mut(self.weight())[self.columns.start..];
        gemm_transposed_into(
            pass.backend,
            x,
            &workspace.packed,
            &mut workspace.strips,
            (gradient, self.stride),
        );
    }

    fn weight(&self) -> WeightId {
        self.weight.unwrap_or_else(|| unreachable!("a cell is built before it runs"))
    }
}

/// Temporary memory of products; kept from step to step so that nothing is allocated.
#[derive(Default)]
pub struct Workspace {
    /// The right operand of a weight gradient.
    pub packed: Packed,
    strips: Strips,
    part: Vec<f32>,
}

/// The columns of a weight matrix that belong to some gates, multiplied at once, or gate by gate where dropout gives
/// every gate another input.
#[derive(Default)]
pub struct GateKernel {
    /// All of these gates.
    pub whole: Product,
    each: Vec<Product>,
    first: usize,
    units: usize,
}

impl GateKernel {
    /// The gates `gates`, each `units` wide, of `weight`, `[rows, stride]`.
    pub fn new(weight: WeightId, (rows, stride): (usize, usize), units: usize, gates: Range<usize>) -> Self {
        let columns = |gates: Range<usize>| gates.start * units..gates.end * units;
        Self {
            whole: Product::new(weight, rows, stride, columns(gates.clone())),
            first: gates.start,
            each: gates.map(|gate| Product::new(weight, rows, stride, columns(gate..gate + 1))).collect(),
            units,
        }
    }

    /// Packs the weights as a whole, and gate by gate if they are split.
    pub fn pack(&mut self, pass: &PassContext, packing: Packing) {
        self.whole.pack(pass, packing);
        if packing.split {
            self.each.iter_mut().for_each(|product| product.pack(pass, packing));
        }
    }

    /// `z += x·W`; the rows of `z` are `stride` apart.
    #[inline(always)]
    pub fn forward(&self, pass: &PassContext, x: PerGate, z: &mut [f32], stride: usize) {
        if !x.is_split() {
            return self.whole.forward(pass, x.of(0), z, stride);
        }
        for (k, product) in self.each.iter().enumerate() {
            product.forward(pass, x.of(self.first + k), &mut z[k * self.units..], stride);
        }
    }

    /// `dx += mask·(dz·Wᵀ)` for the columns of `dz` that belong to these gates; a mask shorter than `dx` repeats
    /// itself.
    pub fn back(
        &self,
        pass: &PassContext,
        dz: Matrix,
        masks: PerGate,
        workspace: &mut Workspace,
        dx: &mut [f32],
    ) {
        if masks.of(0).is_empty() {
            return self.whole.back(pass, dz, dx);
        }
        let split = masks.is_split();
        let products = if split { &self.each[..] } else { std::slice::from_ref(&self.whole) };
        for (k, product) in products.iter().enumerate() {
            workspace.part.clear();
            workspace.part.resize(dx.len(), 0.0);
            let dz = if split { self.columns_of(k, dz) } else { dz };
            product.back(pass, dz, &mut workspace.part);
            let mask = masks.of(self.first + k).iter().cycle();
            dx.iter_mut().zip(&workspace.part).zip(mask).for_each(|((dx, part), m)| *dx += m * part);
        }
    }

    /// `dW += xᵀ·dz` for the columns of `dz` that belong to these gates.
    ///
    /// They are packed in `workspace` afterwards unless gates have separate inputs.
    pub fn accumulate(
        &self,
        pass: &PassContext,
        x: PerGate,
        dz: Matrix,
        workspace: &mut Workspace,
        gradients: &mut Gradients,
    ) {
        if !x.is_split() {
            workspace.packed.pack(dz);
            return self.accumulate_packed(pass, x, workspace, gradients);
        }
        for (k, product) in self.each.iter().enumerate() {
            workspace.packed.pack(self.columns_of(k, dz));
            product.accumulate(pass, x.of(self.first + k), workspace, gradients);
        }
    }

    /// `dW += xᵀ·dz`, where `workspace` holds dz and all gates have one input.
    pub fn accumulate_packed(
        &self,
        pass: &PassContext,
        x: PerGate,
        workspace: &mut Workspace,
        gradients: &mut Gradients,
    ) {
        self.whole.accumulate(pass, x.of(0), workspace, gradients);
    }

    /// The columns of `dz` that belong to gate `k` of these.
    fn columns_of<'a>(&self, k: usize, dz: Matrix<'a>) -> Matrix<'a> {
        dz.columns_between(k * self.units..(k + 1) * self.units)
    }
}
