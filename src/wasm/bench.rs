//! Benchmarks in the browser: the workloads of [`crate::bench`], and replicas that share the blocks of a batch.

use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::convert::{Reply, from_js, thrown};
use super::lockstep::{Lockstep, Seat};
use crate::bench::{Product, Sizes, peak};
use crate::math::Backend;
use crate::model::{Mode, Sequential};
use crate::train::Run;
use crate::{Error, Result};

fn backend(portable: bool) -> Backend {
    if portable { Backend::Portable } else { Backend::best() }
}

/// A network of a given size on random data.
#[wasm_bindgen]
pub struct Workload {
    sizes: Sizes,
    backend: Backend,
    run: Option<Run>,
    model: Option<Sequential>,
    loss: f32,
}

#[wasm_bindgen]
impl Workload {
    /// The network that `sizes` describes.
    #[wasm_bindgen(constructor)]
    pub fn new(sizes: Ts<Sizes>, portable: bool) -> Reply<Self> {
        let sizes = from_js("the workload", &sizes).map_err(thrown)?;
        let backend = backend(portable);
        Ok(Self { sizes, backend, run: None, model: None, loss: f32::NAN })
    }

    fn run(&mut self) -> Result<&mut Run> {
        if self.run.is_none() {
            self.run = Some(self.sizes.run(self.backend)?);
        }
        self.run.as_mut().ok_or_else(|| Error::format("the workload", "it has no run"))
    }

    /// One training step; returns the loss before its update.
    pub fn step(&mut self) -> Reply<f32> {
        self.loss = self.run().and_then(Run::update).map_err(thrown)?.loss;
        Ok(self.loss)
    }

    /// One forward pass.
    pub fn forward(&mut self) -> Reply<()> {
        if self.model.is_none() {
            self.model = Some(self.sizes.model_with_input(self.backend).map_err(thrown)?);
        }
        match &mut self.model {
            Some(model) => model.forward(Mode::INFERENCE).map_err(thrown),
            None => Ok(()),
        }
    }

    /// One training step with the other workers of a group; returns whether everybody came.
    pub fn step_together(&mut self, lockstep: Lockstep) -> Reply<bool> {
        let run = self.run().map_err(thrown)?;
        let done = run.update_together(&mut Seat(lockstep)).map_err(thrown)?;
        if let Some(update) = done {
            self.loss = update.loss;
        }
        Ok(done.is_some())
    }

    /// Into how many blocks the batch is cut, and how many 32-bit words a block has at most.
    pub fn blocks(&mut self) -> Reply<Vec<u32>> {
        let run = self.run().map_err(thrown)?;
        Ok(vec![run.shareable_blocks() as u32, run.block_capacity() as u32])
    }

    /// The loss of the last step's batch.
    pub fn loss(&self) -> f32 {
        self.loss
    }

    /// Sixteen hexadecimal digits that differ for different weights.
    pub fn weights_hash(&mut self) -> Reply<String> {
        let hash = self.run().map_err(thrown)?.model().parameters.hash();
        Ok(format!("{hash:016x}"))
    }
}

/// A product of random matrices.
#[wasm_bindgen]
pub struct MatrixProduct(Product);

#[wasm_bindgen]
impl MatrixProduct {
    /// `[m, k]` times `[k, n]`, the right one packed beforehand.
    #[wasm_bindgen(constructor)]
    pub fn new(m: usize, k: usize, n: usize, portable: bool) -> Self {
        Self(Product::new(backend(portable), m, k, n))
    }

    /// Multiplies once; returns one number of the result.
    pub fn run(&mut self) -> f32 {
        self.0.run();
        self.0.first()
    }
}

/// Multiplies and adds in registers `turns` times; returns the number of floating-point operations.
#[wasm_bindgen]
pub fn simd_peak(turns: usize, portable: bool) -> f64 {
    let (operations, result) = peak(backend(portable), turns);
    // The result is looked at, so that the loop cannot be left out.
    if result.is_nan() { f64::NAN } else { operations }
}
