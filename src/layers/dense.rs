//! y = activation(x·kernel + bias).

use serde_json::Value;

use super::affine::{self, Affine};
use super::config::Section;
use super::{Builder, Gradients, InputOutput, Layer, PassContext, Shape, Signal, keras_layer};
use crate::math::Matrix;
use crate::object;
use crate::{Error, Result};

/// Keras' `Dense`, on one vector or on every timestep of a sequence.
pub struct Dense {
    name: String,
    affine: Affine,
}

impl Dense {
    /// Reads the layer's configuration.
    pub fn from_config(name: String, config: &Section) -> Result<Self> {
        let known = [&["units", "input_dim"], &affine::OPTIONS[..]].concat();
        config.only_layer_options(&known, &affine::UNSUPPORTED)?;
        Ok(Self { name, affine: Affine::from_config(config.size("units")?, config)? })
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
        keras_layer(self, self.affine.to_keras(object!({ "units": self.affine.units })))
    }

    fn build(&mut self, input: Shape, builder: &mut Builder) -> Result<Shape> {
        let Some(features) = input.features() else {
            let field = format!("{}.input", builder.layer());
            return Err(Error::config(field, "vectors; put an Embedding in front of ids", input));
        };
        let units = self.affine.units;
        self.affine.build(builder, [("features", features), ("units", units)])?;
        Ok(match input {
            Shape::Sequence { timesteps, .. } => Shape::Sequence { timesteps, features: units },
            _ => Shape::Flat { features: units },
        })
    }

    fn forward(&mut self, pass: &PassContext, x: &Signal, y: &mut Signal) -> Result<()> {
        y.set_like(x, self.affine.units);
        self.affine.begin(pass, &mut y.data);
        self.affine.multiply(pass, Matrix::new(&x.data, x.rows(), x.features), &mut y.data);
        self.affine.activate(pass, &mut y.data);
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
        let rows = io.x.rows();
        self.affine.begin_back(pass, &io.y.data, dy, gradients);
        let dz = Matrix::new(dy, rows, self.affine.units);
        self.affine.accumulate(pass, Matrix::new(&io.x.data, rows, io.x.features), dz, gradients);
        if let Some(dx) = dx {
            self.affine.back(pass, dz, dx);
        }
    }
}
