//! y = activation(x·kernel + bias).

use serde_json::{Value, json};

use super::activation::Activation;
use super::config::Section;
use super::initializer::Initializer;
use super::{Builder, Gradients, InputOutput, Layer, PassContext, Shape, Signal, WeightId, keras_layer};
use crate::math::Matrix;
use crate::math::gemm::{Packed, Strips, gemm, gemm_transposed};
use crate::math::reduce::add_rows;
use crate::{Error, Result};

/// Keras' `Dense`, on one vector or on every timestep of a sequence.
pub struct Dense {
    name: String,
    units: usize,
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

impl Dense {
    /// Reads the layer's configuration.
    pub fn from_config(name: String, config: &Section) -> Result<Self> {
        config.only_layer_options(
            &["units", "activation", "use_bias", "kernel_initializer", "bias_initializer", "input_dim"],
            &[
                "kernel_regularizer",
                "bias_regularizer",
                "kernel_constraint",
                "bias_constraint",
                "lora_rank",
                "lora_alpha",
            ],
        )?;
        Ok(Self {
            name,
            units: config.size("units")?,
            activation: config.activation_or("activation", Activation::Linear)?,
            use_bias: config.flag_or("use_bias", true)?,
            initializers: [
                config.initializer_or("kernel_initializer", Initializer::GlorotUniform)?,
                config.initializer_or("bias_initializer", Initializer::Zeros)?,
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

    fn kernel(&self) -> WeightId {
        self.kernel.unwrap_or_else(|| unreachable!("a layer is built before it runs"))
    }
}

impl Layer for Dense {
    fn class_name(&self) -> &'static str {
        "Dense"
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn config(&self) -> Value {
        keras_layer(
            self,
            json!({
                "units": self.units,
                "activation": self.activation.name(),
                "use_bias": self.use_bias,
                "kernel_initializer": self.initializers[0].to_keras(),
                "bias_initializer": self.initializers[1].to_keras(),
            }),
        )
    }

    fn build(&mut self, input: Shape, builder: &mut Builder) -> Result<Shape> {
        let Some(features) = input.features() else {
            let field = format!("{}.input", builder.layer());
            return Err(Error::config(field, "vectors; put an Embedding in front of ids", input));
        };
        self.kernel = Some(builder.weight(
            "kernel",
            [("features", features), ("units", self.units)],
            self.initializers[0],
        )?);
        if self.use_bias {
            self.bias = Some(builder.weight("bias", [("units", self.units)], self.initializers[1])?);
        }
        Ok(match input {
            Shape::Sequence { timesteps, .. } => Shape::Sequence { timesteps, features: self.units },
            _ => Shape::Flat { features: self.units },
        })
    }

    fn forward(&mut self, pass: &PassContext, x: &Signal, y: &mut Signal) -> Result<()> {
        y.set_like(x, self.units);
        match self.bias {
            Some(bias) => {
                let bias = pass.parameters.get(bias);
                y.data.chunks_exact_mut(self.units).for_each(|row| row.copy_from_slice(bias));
            }
            None => y.data.fill(0.0),
        }
        if self.version != pass.parameters.version() {
            let kernel = Matrix::new(pass.parameters.get(self.kernel()), x.features, self.units);
            self.packed.pack(kernel);
            self.transposed.pack(kernel.transpose());
            self.version = pass.parameters.version();
        }
        gemm(pass.backend, Matrix::new(&x.data, x.rows(), x.features), &self.packed, &mut y.data, self.units);
        self.activation.apply(pass.backend, &mut y.data, self.units);
        Ok(())
    }

    fn backward(
        &mut self,
        pass: &PassContext,
        io: InputOutput,
        dy: &mut [f32],
        dx: Option<&mut [f32]>,
        gradients: &mut Gradients,
    ) {
        let (rows, features) = (io.x.rows(), io.x.features);
        self.activation.back(pass.backend, &io.y.data, dy, self.units);
        let dz = Matrix::new(dy, rows, self.units);
        self.packed_dz.pack(dz);
        let x = Matrix::new(&io.x.data, rows, features);
        let dk = gradients.get_mut(self.kernel());
        gemm_transposed(pass.backend, x, &self.packed_dz, &mut self.strips, dk);
        if let Some(bias) = self.bias {
            add_rows(gradients.get_mut(bias), dy);
        }
        if let Some(dx) = dx {
            dx.fill(0.0);
            gemm(pass.backend, dz, &self.transposed, dx, features);
        }
    }
}
