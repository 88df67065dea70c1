//! The two products of a recurrent cell, x·W and h·U, and their gradients, with weights packed once a step.

use super::cell::Block;
use super::tape::Tape;
use crate::layers::{Gradients, Pass, WeightId};
use crate::math::gemm::{Mat, Packed, Strips, gemm, gemm_transposed};
use crate::math::reduce::add_rows;

/// A weight matrix `[rows, columns]`, packed for its forward and its backward product.
#[derive(Default)]
pub struct Product {
    weight: Option<WeightId>,
    rows: usize,
    columns: usize,
    packed: Packed,
    transposed: Packed,
}

impl Product {
    /// The product with `weight`, `[rows, columns]`.
    pub fn new(weight: WeightId, rows: usize, columns: usize) -> Self {
        Self { weight: Some(weight), rows, columns, ..Self::default() }
    }

    /// Packs the weight's present numbers, and for training their transpose too.
    pub fn pack(&mut self, pass: &Pass) {
        let kernel = Mat::new(pass.parameters.get(self.weight()), self.rows, self.columns);
        self.packed.pack(kernel);
        self.transposed.pack_transposed(kernel);
    }

    /// `z += x·W`: `x` is `[n, rows]`, `z` is `[n, columns]`.
    pub fn forward(&self, pass: &Pass, x: &[f32], z: &mut [f32]) {
        gemm(pass.backend, Mat::new(x, x.len() / self.rows, self.rows), &self.packed, z, self.columns);
    }

    /// `dx += dz·Wᵀ`.
    pub fn back(&self, pass: &Pass, dz: &[f32], dx: &mut [f32]) {
        gemm(
            pass.backend,
            Mat::new(dz, dz.len() / self.columns, self.columns),
            &self.transposed,
            dx,
            self.rows,
        );
    }

    /// `dW += xᵀ·dz`, with dz packed.
    pub fn gather(
        &self,
        pass: &Pass,
        x: &[f32],
        dz: &Packed,
        strips: &mut Strips,
        gradients: &mut Gradients,
    ) {
        let x = Mat::new(x, dz.rows(), self.rows);
        gemm_transposed(pass.backend, x, dz, strips, gradients.get_mut(self.weight()));
    }

    fn weight(&self) -> WeightId {
        self.weight.unwrap_or_else(|| unreachable!("a cell is built before it runs"))
    }
}

/// z = x·W + h·U + b, all gates in one matrix: what SimpleRNN, LSTM and (but for its candidate) GRU begin with.
#[derive(Default)]
pub struct GateProducts {
    /// x·W.
    pub kernel: Product,
    /// h·U.
    pub recurrent_kernel: Product,
    /// b, if there is one.
    pub bias: Option<WeightId>,
    packed_dz: Packed,
    strips: Strips,
    version: u64,
}

impl GateProducts {
    /// The products with the given weights.
    pub fn new(kernel: Product, recurrent_kernel: Product, bias: Option<WeightId>) -> Self {
        Self { kernel, recurrent_kernel, bias, ..Self::default() }
    }

    /// Packs the weights if they changed.
    pub fn prepare(&mut self, pass: &Pass) {
        if self.version != pass.parameters.version() {
            self.kernel.pack(pass);
            self.recurrent_kernel.pack(pass);
            self.version = pass.parameters.version();
        }
    }

    /// `z = b + x·W` for a block of rows.
    pub fn project(&self, pass: &Pass, x: &[f32], z: &mut [f32]) {
        match self.bias {
            Some(bias) => {
                let bias = pass.parameters.get(bias);
                z.chunks_exact_mut(bias.len()).for_each(|row| row.copy_from_slice(bias));
            }
            None => z.fill(0.0),
        }
        self.kernel.forward(pass, x, z);
    }

    /// All weight gradients of a block and its `dx`, where dz stands in field `field` of the tape.
    pub fn gather(
        &mut self,
        pass: &Pass,
        block: Block,
        (tape, field): (&Tape, usize),
        gradients: &mut Gradients,
    ) {
        let steps = block.steps;
        let dz = tape.fields_between(field, steps.start, steps.end);
        let columns = tape.field_width(field);
        self.packed_dz.pack(Mat::new(dz, dz.len() / columns, columns));
        let h = tape.recurrent_inputs(steps.start, steps.end);
        self.kernel.gather(pass, block.x, &self.packed_dz, &mut self.strips, gradients);
        self.recurrent_kernel.gather(pass, h, &self.packed_dz, &mut self.strips, gradients);
        if let Some(bias) = self.bias {
            add_rows(gradients.get_mut(bias), dz);
        }
        if let Some(dx) = block.dx {
            dx.fill(0.0);
            self.kernel.back(pass, dz, dx);
        }
    }
}
