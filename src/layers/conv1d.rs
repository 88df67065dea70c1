//! y[t] = activation(Σ x[window t]·kernel + bias): one matrix product over gathered windows.

use serde_json::Value;

use super::affine::{self, Affine};
use super::config::Section;
use super::window::{Padding, Windows};
use super::{Builder, Gradients, InputOutput, Layer, PassContext, Shape, Signal, keras_layer};
use crate::math::Matrix;
use crate::math::reduce::add_assign;
use crate::object;
use crate::{Error, Result};

/// Keras' `Conv1D`. The kernel is `[kernel_size, features, filters]`; a mask ends here, as in Keras.
pub struct Conv1D {
    name: String,
    windows: Windows,
    affine: Affine,
    /// The windows of a block of output rows, `[rows, kernel_size · features]`.
    gathered: Vec<f32>,
}

/// Output rows whose windows are gathered at once: few enough to stay in the second-level cache.
const BLOCK_ROWS: usize = 256;

/// Options beside those of [`Affine`].
const OPTIONS: [&str; 7] =
    ["filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups"];

impl Conv1D {
    /// Reads the layer's configuration.
    pub fn from_config(name: String, config: &Section) -> Result<Self> {
        let known = [&OPTIONS[..], &affine::OPTIONS].concat();
        config.only_layer_options(&known, &affine::UNSUPPORTED)?;
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
        let affine = Affine::from_config(config.size("filters")?, config)?;
        Ok(Self { name, windows, affine, gathered: Vec::new() })
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
        let mut options = self.affine.to_keras(object!({
            "filters": self.affine.units,
            "kernel_size": [self.windows.size],
            "dilation_rate": [self.windows.dilation],
            "groups": 1,
        }));
        if let (Value::Object(options), Value::Object(more)) = (&mut options, self.windows.to_keras()) {
            options.extend(more);
        }
        keras_layer(self, options)
    }

    fn build(&mut self, input: Shape, builder: &mut Builder) -> Result<Shape> {
        let features = input.sequence_features(builder.layer())?;
        let filters = self.affine.units;
        let output = self.windows.output_shape(input, filters, builder.layer())?;
        let axes = [("kernel_size", self.windows.size), ("features", features), ("filters", filters)];
        self.affine.build(builder, axes)?;
        Ok(output)
    }

    fn forward(&mut self, pass: &PassContext, x: &Signal, y: &mut Signal) -> Result<()> {
        self.windows.check(x.timesteps, &self.name)?;
        let filters = self.affine.units;
        y.set_sequence(self.windows.count(x.timesteps), x.batch, filters);
        self.affine.begin(pass, &mut y.data);
        for rows in blocks(y.rows()) {
            self.gather(x, rows.clone());
            let windows = Matrix::new(&self.gathered, rows.len(), self.windows.size * x.features);
            let y = &mut y.data[rows.start * filters..rows.end * filters];
            self.affine.multiply(pass, windows, y);
        }
        self.affine.activate(pass, &mut y.data);
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
        let (filters, depth) = (self.affine.units, self.windows.size * io.x.features);
        self.affine.begin_back(pass, &io.y.data, dy, gradients);
        if let Some(dx) = dx.as_deref_mut() {
            dx.fill(0.0);
        }
        for rows in blocks(io.y.rows()) {
            let dz = Matrix::new(&dy[rows.start * filters..], rows.len(), filters);
            self.gather(io.x, rows.clone());
            self.affine.accumulate(pass, Matrix::new(&self.gathered, rows.len(), depth), dz, gradients);
            if let Some(dx) = dx.as_deref_mut() {
                self.affine.back(pass, dz, &mut self.gathered);
                self.scatter(io.x, rows, dx);
            }
        }
    }
}

fn blocks(rows: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    (0..rows).step_by(BLOCK_ROWS).map(move |start| start..(start + BLOCK_ROWS).min(rows))
}
