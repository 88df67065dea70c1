//! activation(x·kernel + bias): what Dense and Conv1D have in common.

use serde_json::{Value, json};

use super::activation::{self, Activation};
use super::config::Section;
use super::initializer::Initializer;
use super::{Builder, Gradients, PassContext, WeightId};
use crate::math::Matrix;
use crate::math::gemm::{Packed, Strips, gemm, gemm_transposed};
use crate::math::reduce::add_rows;
use crate::{Axes, Result};

/// A kernel, whose axes before the last one are multiplied with rows of x, a bias and an activation.
pub(super) struct Affine {
    /// Columns of the kernel: width of the output.
    pub units: usize,
    activation: Activation,
    use_bias: bool,
    initializers: [Initializer; 2],
    kernel: Option<WeightId>,
    bias: Option<WeightId>,
    packed: Packed,
    transposed: Packed,
    packed_dz: Packed,
    strips: Strips,
    version: u64,
}

/// Options of the layer's configuration that are read here.
pub(super) const OPTIONS: [&str; 4] = ["activation", "use_bias", "kernel_initializer", "bias_initializer"];

/// Options that change what is trained and that this engine does not have.
pub(super) const UNSUPPORTED: [&str; 6] = [
    "kernel_regularizer",
    "bias_regularizer",
    "kernel_constraint",
    "bias_constraint",
    "lora_rank",
    "lora_alpha",
];

impl Affine {
    /// Reads [`OPTIONS`].
    pub fn from_config(units: usize, config: &Section) -> Result<Self> {
        Ok(Self {
            units,
            activation: activation::in_section(config, "activation", Activation::Linear)?,
            use_bias: config.flag_or("use_bias", true)?,
            initializers: [
                Initializer::in_section(config, "kernel_initializer", Initializer::GlorotUniform)?,
                Initializer::in_section(config, "bias_initializer", Initializer::Zeros)?,
            ],
            kernel: None,
            bias: None,
            packed: Packed::default(),
            transposed: Packed::default(),
            packed_dz: Packed::default(),
            strips: Strips::default(),
            version: 0,
        })
    }

    /// [`OPTIONS`] as Keras 3 writes them, behind the layer's `own`.
    pub fn to_keras(&self, mut own: Value) -> Value {
        own["activation"] = json!(self.activation.name());
        own["use_bias"] = json!(self.use_bias);
        own["kernel_initializer"] = self.initializers[0].to_keras();
        own["bias_initializer"] = self.initializers[1].to_keras();
        own
    }

    /// Declares `kernel` with these axes, the last of which counts `units`, and `bias` with the last axis.
    pub fn build(&mut self, builder: &mut Builder, axes: impl Into<Axes>) -> Result<()> {
        let axes = axes.into();
        let last = axes.names.last().map_or("units", String::as_str).to_owned();
        self.kernel = Some(builder.weight("kernel", axes, self.initializers[0])?);
        if self.use_bias {
            self.bias = Some(builder.weight("bias", [(last.as_str(), self.units)], self.initializers[1])?);
        }
        Ok(())
    }

    fn kernel(&self) -> WeightId {
        self.kernel.unwrap_or_else(|| unreachable!("a layer is built before it runs"))
    }

    /// Packs the weights if they have changed, and sets every row of `y`, `[rows, units]`, to the bias.
    pub fn begin(&mut self, pass: &PassContext, y: &mut [f32]) {
        match self.bias {
            Some(bias) => {
                let bias = pass.parameters.get(bias);
                y.chunks_exact_mut(self.units).for_each(|row| row.copy_from_slice(bias));
            }
            None => y.fill(0.0),
        }
        if self.version != pass.parameters.version() {
            let kernel = pass.parameters.get(self.kernel());
            let kernel = Matrix::new(kernel, kernel.len() / self.units, self.units);
            self.packed.pack(kernel);
            self.transposed.pack(kernel.transpose());
            self.version = pass.parameters.version();
        }
    }

    /// `y += x·W`; `y` is `[rows, units]`.
    pub fn multiply(&self, pass: &PassContext, x: Matrix, y: &mut [f32]) {
        gemm(pass.backend, x, &self.packed, y, self.units);
    }

    /// Applies the activation to `y`, `[rows, units]`.
    pub fn activate(&self, pass: &PassContext, y: &mut [f32]) {
        self.activation.apply(pass.backend, y, self.units);
    }

    /// Turns the gradient of the output `y` into that of the pre-activation, in place, and adds that of the bias.
    pub fn begin_back(&self, pass: &PassContext, y: &[f32], dy: &mut [f32], gradients: &mut Gradients) {
        self.activation.back(pass.backend, y, dy, self.units);
        if let Some(bias) = self.bias {
            add_rows(gradients.get_mut(bias), dy);
        }
    }

    /// `dW += xᵀ·dz`.
    pub fn accumulate(&mut self, pass: &PassContext, x: Matrix, dz: Matrix, gradients: &mut Gradients) {
        self.packed_dz.pack(dz);
        let dk = gradients.get_mut(self.kernel());
        gemm_transposed(pass.backend, x, &self.packed_dz, &mut self.strips, dk);
    }

    /// `dx = dz·Wᵀ`; `dx` is `[rows, rows of W]` without gaps.
    pub fn back(&self, pass: &PassContext, dz: Matrix, dx: &mut [f32]) {
        dx.fill(0.0);
        gemm(pass.backend, dz, &self.transposed, dx, self.transposed.cols());
    }
}
