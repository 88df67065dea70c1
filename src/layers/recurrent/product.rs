//! Products of a recurrent cell with its weight matrices, packed once a step.

use std::ops::Range;

use super::dropped::Dropped;
use crate::layers::{Gradients, Pass, WeightId};
use crate::math::gemm::{Mat, Packed, Strips, gemm, gemm_transposed_into};

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
    pub fn pack(&mut self, pass: &Pass, packing: Packing) {
        self.packed.serve_single_rows(packing.single_rows);
        self.transposed.serve_single_rows(packing.single_rows);
        let numbers = &pass.parameters.get(self.weight())[self.columns.start..];
        let matrix = Mat::with_stride(numbers, self.rows, self.columns.len(), self.stride);
        self.packed.pack(matrix);
        self.transposed.pack_transposed(matrix);
    }

    /// `z += x·W`: `x` is `[n, rows]`; the rows of `z`, of which the first numbers are meant, are `stride` apart.
    pub fn forward(&self, pass: &Pass, x: &[f32], z: &mut [f32], stride: usize) {
        gemm(pass.backend, Mat::new(x, x.len() / self.rows, self.rows), &self.packed, z, stride);
    }

    /// `dx += dz·Wᵀ` for rows of `dz` that are `stride` apart; `dx` is `[n, rows]`.
    pub fn back(&self, pass: &Pass, (dz, stride): (&[f32], usize), dx: &mut [f32]) {
        let dz = Mat::with_stride(dz, dx.len() / self.rows, self.columns.len(), stride);
        gemm(pass.backend, dz, &self.transposed, dx, self.rows);
    }

    /// `dW += xᵀ·dz`, with dz packed.
    pub fn gather(&self, pass: &Pass, x: &[f32], room: &mut Room, gradients: &mut Gradients) {
        let x = Mat::new(x, room.packed.rows(), self.rows);
        let gradient = &mut gradients.get_mut(self.weight())[self.columns.start..];
        gemm_transposed_into(pass.backend, x, &room.packed, &mut room.strips, (gradient, self.stride));
    }

    fn weight(&self) -> WeightId {
        self.weight.unwrap_or_else(|| unreachable!("a cell is built before it runs"))
    }
}

/// What products need of memory beside their operands; kept from step to step.
#[derive(Default)]
pub struct Room {
    /// The right operand of a weight gradient.
    pub packed: Packed,
    strips: Strips,
    part: Vec<f32>,
}

impl Room {
    /// Packs `columns` columns of the rows of `dz`, which are `stride` apart.
    pub fn pack(&mut self, dz: &[f32], columns: usize, stride: usize) {
        self.packed.pack(Mat::with_stride(dz, dz.len().div_ceil(stride), columns, stride));
    }
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
    pub fn pack(&mut self, pass: &Pass, packing: Packing) {
        self.whole.pack(pass, packing);
        if packing.split {
            self.each.iter_mut().for_each(|product| product.pack(pass, packing));
        }
    }

    /// `z += x·W`; the rows of `z` are `stride` apart.
    pub fn forward(&self, pass: &Pass, x: Dropped, z: &mut [f32], stride: usize) {
        if !x.is_split() {
            return self.whole.forward(pass, x.of(0), z, stride);
        }
        for (k, product) in self.each.iter().enumerate() {
            product.forward(pass, x.of(self.first + k), &mut z[k * self.units..], stride);
        }
    }

    /// `dx += mask·(dz·Wᵀ)` for rows of `dz` that are `stride` apart; a mask shorter than `dx` repeats itself.
    pub fn back(
        &self,
        pass: &Pass,
        (dz, stride): (&[f32], usize),
        masks: Dropped,
        room: &mut Room,
        dx: &mut [f32],
    ) {
        if masks.of(0).is_empty() {
            return self.whole.back(pass, (dz, stride), dx);
        }
        let products = if masks.is_split() { &self.each[..] } else { std::slice::from_ref(&self.whole) };
        for (k, product) in products.iter().enumerate() {
            room.part.clear();
            room.part.resize(dx.len(), 0.0);
            product.back(pass, (&dz[k * self.units..], stride), &mut room.part);
            let mask = masks.of(self.first + k).iter().cycle();
            dx.iter_mut().zip(&room.part).zip(mask).for_each(|((dx, part), m)| *dx += m * part);
        }
    }

    /// `dW += xᵀ·dz` for rows of `dz` that are `stride` apart.
    ///
    /// `packed` says that the room already holds these columns of `dz`.
    pub fn gather(
        &self,
        pass: &Pass,
        x: Dropped,
        (dz, stride, packed): (&[f32], usize, bool),
        room: &mut Room,
        gradients: &mut Gradients,
    ) {
        if !x.is_split() {
            if !packed {
                room.pack(dz, self.units * self.each.len(), stride);
            }
            return self.whole.gather(pass, x.of(0), room, gradients);
        }
        for (k, product) in self.each.iter().enumerate() {
            room.pack(&dz[k * self.units..], self.units, stride);
            product.gather(pass, x.of(self.first + k), room, gradients);
        }
    }
}
