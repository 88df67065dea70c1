//! y[t] = activation(Σ x[window t]·kernel + bias): one matrix product over gathered windows.

use serde_json::{Value, json};

use super::activation::Activation;
use super::config::Section;
use super::initializer::Initializer;
use super::window::{Padding, Windows};
use super::{Builder, Gradients, InputOutput, Layer, PassContext, Shape, Signal, WeightId, keras_layer};
use crate::math::Matrix;
use crate::math::gemm::{Packed, Strips, gemm, gemm_transposed};
use crate::math::reduce::{add_assign, add_rows};
use crate::{Error, Result};

/// Keras' `Conv1D`. The kernel is `[kernel_size, features, filters]`; a mask ends here, as in Keras.
pub struct Conv1D {
    name: String,
    filters: usize,
    windows: Windows,
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
    /// The windows of a block of output rows, `[rows, kernel_size · features]`.
    gathered: Vec<f32>,
}

/// Output rows whose windows are gathered at once: few enough to stay in the second-level cache.
const BLOCK_ROWS: usize = 256;

const OPTIONS: &[&str] = &[
    "filters",
    "kernel_size",
    "strides",
    "padding",
    "data_format",
    "dilation_rate",
    "groups",
    "activation",
    "use_bias",
    "kernel_initializer",
    "bias_initializer",
];

const UNSUPPORTED: &[&str] = &[
    "kernel_regularizer",
    "bias_regularizer",
    "kernel_constraint",
    "bias_constraint",
    "lora_rank",
    "lora_alpha",
];

impl Conv1D {
    /// Reads the layer's configuration.
    pub fn from_config(name: String, config: &Section) -> Result<Self> {
        config.only_layer_options(OPTIONS, UNSUPPORTED)?;
        config.channels_last()?;
        let windows = Windows {
            size: config.size("kernel_size")?,
            stride: config.optional_size("strides")?.unwrap_or(1),
            dilation: config.optional_size("dilation_rate")?.unwrap_or(1),
            padding: Padding::from_config(config, true)?,
        };
        if windows.stride > 1 && windows.dilation > 1 {
            let expected = "1 where dilation_rate is more than 1, as in Keras";
            return Err(Error::config(config.field("strides"), expected, windows.stride));
        }
        match config.optional_size("groups")? {
            None | Some(1) => {}
            Some(groups) => return Err(Error::config(config.field("groups"), "1", groups)),
        }
        Ok(Self {
            name,
            filters: config.size("filters")?,
            windows,
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
            gathered: Vec::new(),
        })
    }

    fn kernel(&self) -> WeightId {
        self.kernel.unwrap_or_else(|| unreachable!("a layer is built before it runs"))
    }

    /// Writes the windows of the output rows `rows` one after the other, zeros where they lie in the padding.
    fn gather(&mut self, x: &Signal, rows: std::ops::Range<usize>) {
        let features = x.features;
        self.gathered.resize(rows.len() * self.windows.size * features, 0.0);
        let mut places = self.gathered.chunks_exact_mut(features);
        for row in rows {
            let (window, b) = (row / x.batch, row % x.batch);
            for k in 0..self.windows.size {
                let Some(to) = places.next() else { return };
                match self.windows.timestep(window, k, x.timesteps) {
                    Some(t) => to.copy_from_slice(&x.data[(t * x.batch + b) * features..][..features]),
                    None => to.fill(0.0),
                }
            }
        }
    }

    /// Adds the gradient of the gathered windows of `rows` to that of the timesteps that they came from.
    fn scatter(&self, x: &Signal, rows: std::ops::Range<usize>, dx: &mut [f32]) {
        let features = x.features;
        let mut places = self.gathered.chunks_exact(features);
        for row in rows {
            let (window, b) = (row / x.batch, row % x.batch);
            for k in 0..self.windows.size {
                let Some(from) = places.next() else { return };
                if let Some(t) = self.windows.timestep(window, k, x.timesteps) {
                    add_assign(&mut dx[(t * x.batch + b) * features..][..features], from);
                }
            }
        }
    }
}

impl Layer for Conv1D {
    fn class_name(&self) -> &'static str {
        "Conv1D"
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn config(&self) -> Value {
        let mut options = json!({
            "filters": self.filters,
            "kernel_size": [self.windows.size],
            "dilation_rate": [self.windows.dilation],
            "groups": 1,
            "activation": self.activation.name(),
            "use_bias": self.use_bias,
            "kernel_initializer": self.initializers[0].to_keras(),
            "bias_initializer": self.initializers[1].to_keras(),
        });
        if let (Value::Object(options), Value::Object(more)) = (&mut options, self.windows.to_keras()) {
            options.extend(more);
        }
        keras_layer(self, options)
    }

    fn build(&mut self, input: Shape, builder: &mut Builder) -> Result<Shape> {
        let features = input.sequence_features(builder.layer())?;
        let output = self.windows.output_shape(input, self.filters, builder.layer())?;
        let shape = [("kernel_size", self.windows.size), ("features", features), ("filters", self.filters)];
        self.kernel = Some(builder.weight("kernel", shape, self.initializers[0])?);
        if self.use_bias {
            self.bias = Some(builder.weight("bias", [("filters", self.filters)], self.initializers[1])?);
        }
        Ok(output)
    }

    fn forward(&mut self, pass: &PassContext, x: &Signal, y: &mut Signal) -> Result<()> {
        self.windows.check(x.timesteps, &self.name)?;
        y.set_sequence(self.windows.count(x.timesteps), x.batch, self.filters);
        match self.bias {
            Some(bias) => {
                let bias = pass.parameters.get(bias);
                y.data.chunks_exact_mut(self.filters).for_each(|row| row.copy_from_slice(bias));
            }
            None => y.data.fill(0.0),
        }
        let depth = self.windows.size * x.features;
        if self.version != pass.parameters.version() {
            let kernel = Matrix::new(pass.parameters.get(self.kernel()), depth, self.filters);
            self.packed.pack(kernel);
            self.transposed.pack(kernel.transpose());
            self.version = pass.parameters.version();
        }
        for rows in blocks(y.rows()) {
            self.gather(x, rows.clone());
            let windows = Matrix::new(&self.gathered, rows.len(), depth);
            let y = &mut y.data[rows.start * self.filters..rows.end * self.filters];
            gemm(pass.backend, windows, &self.packed, y, self.filters);
        }
        self.activation.apply(pass.backend, &mut y.data, self.filters);
        Ok(())
    }

    fn backward(
        &mut self,
        pass: &PassContext,
        io: InputOutput,
        dy: &mut [f32],
        mut dx: Option<&mut [f32]>,
        gradients: &mut Gradients,
    ) {
        let depth = self.windows.size * io.x.features;
        self.activation.back(pass.backend, &io.y.data, dy, self.filters);
        if let Some(bias) = self.bias {
            add_rows(gradients.get_mut(bias), dy);
        }
        if let Some(dx) = dx.as_deref_mut() {
            dx.fill(0.0);
        }
        for rows in blocks(io.y.rows()) {
            let dz = Matrix::new(&dy[rows.start * self.filters..], rows.len(), self.filters);
            self.packed_dz.pack(dz);
            self.gather(io.x, rows.clone());
            let windows = Matrix::new(&self.gathered, rows.len(), depth);
            let dk = gradients.get_mut(self.kernel());
            gemm_transposed(pass.backend, windows, &self.packed_dz, &mut self.strips, dk);
            if let Some(dx) = dx.as_deref_mut() {
                self.gathered.fill(0.0);
                gemm(pass.backend, dz, &self.transposed, &mut self.gathered, depth);
                self.scatter(io.x, rows, dx);
            }
        }
    }
}

fn blocks(rows: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    (0..rows).step_by(BLOCK_ROWS).map(move |start| start..(start + BLOCK_ROWS).min(rows))
}
