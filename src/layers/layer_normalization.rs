//! y = gamma · (x − mean) / √(variance + ε) + beta, over the features of each vector.

use serde_json::{Value, json};

use super::config::{Section, shortest};
use super::initializer::Initializer;
use super::{Builder, Gradients, InputOutput, Layer, PassContext, Shape, Signal, WeightId, keras_layer};
use crate::object;
use crate::{Error, Result};

/// Keras' `LayerNormalization` (Ba, Kiros, Hinton 2016) over the last axis.
pub struct LayerNormalization {
    name: String,
    axis: Value,
    epsilon: f32,
    center: bool,
    scale: bool,
    initializers: [Initializer; 2],
    gamma: Option<WeightId>,
    beta: Option<WeightId>,
    /// (x − mean) / √(variance + ε), as long as x.
    normalized: Vec<f32>,
    /// 1 / √(variance + ε) of each vector.
    inverse: Vec<f32>,
}

const OPTIONS: &[&str] =
    &["axis", "epsilon", "center", "scale", "rms_scaling", "beta_initializer", "gamma_initializer"];

const UNSUPPORTED: &[&str] =
    &["beta_regularizer", "gamma_regularizer", "beta_constraint", "gamma_constraint"];

impl LayerNormalization {
    /// Reads the layer's configuration.
    pub fn from_config(name: String, config: &Section) -> Result<Self> {
        config.only_layer_options(OPTIONS, UNSUPPORTED)?;
        if config.flag_or("rms_scaling", false)? {
            return Err(Error::config(config.field("rms_scaling"), "false", "true"));
        }
        let epsilon = config.number_or("epsilon", 1e-3)?;
        if epsilon <= 0.0 {
            return Err(Error::config(config.field("epsilon"), "a number above 0", epsilon));
        }
        let axis = config.raw("axis").cloned().unwrap_or(json!(-1));
        Ok(Self {
            name,
            axis: axis.as_array().filter(|list| list.len() == 1).map_or(axis.clone(), |list| list[0].clone()),
            epsilon: epsilon as f32,
            center: config.flag_or("center", true)?,
            scale: config.flag_or("scale", true)?,
            initializers: [
                Initializer::in_section(config, "gamma_initializer", Initializer::Ones)?,
                Initializer::in_section(config, "beta_initializer", Initializer::Zeros)?,
            ],
            gamma: None,
            beta: None,
            normalized: Vec::new(),
            inverse: Vec::new(),
        })
    }

    /// Normalizes one vector in place and returns 1 / √(variance + ε).
    fn normalize(&self, x: &mut [f32]) -> f32 {
        let count = x.len() as f32;
        let mean = x.iter().fold(0.0, |s, v| s + v) / count;
        x.iter_mut().for_each(|v| *v -= mean);
        let variance = x.iter().fold(0.0, |s, v| s + v * v) / count;
        let inverse = 1.0 / (variance + self.epsilon).sqrt();
        x.iter_mut().for_each(|v| *v *= inverse);
        inverse
    }
}

impl Layer for LayerNormalization {
    fn class_name(&self) -> &'static str {
        "LayerNormalization"
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn config(&self) -> Value {
        keras_layer(
            self,
            object!({
                "axis": [&self.axis],
                "epsilon": shortest(self.epsilon),
                "center": self.center,
                "scale": self.scale,
                "rms_scaling": false,
                "gamma_initializer": self.initializers[0].to_keras(),
                "beta_initializer": self.initializers[1].to_keras(),
            }),
        )
    }

    fn build(&mut self, input: Shape, builder: &mut Builder) -> Result<Shape> {
        let Some(features) = input.features() else {
            let field = format!("{}.input", builder.layer());
            return Err(Error::config(field, "vectors, not ids", input));
        };
        let last = input.axes().len() as i64;
        if !self.axis.as_i64().is_some_and(|axis| axis == -1 || axis == last) {
            let field = format!("{}.axis", builder.layer());
            return Err(Error::config(field, format!("-1 or {last}, the last axis"), &self.axis));
        }
        if self.scale {
            self.gamma = Some(builder.weight("gamma", [("features", features)], self.initializers[0])?);
        }
        if self.center {
            self.beta = Some(builder.weight("beta", [("features", features)], self.initializers[1])?);
        }
        Ok(input)
    }

    fn forward(&mut self, pass: &PassContext, x: &Signal, y: &mut Signal) -> Result<()> {
        y.set_like(x, x.features);
        let mut normalized = std::mem::take(&mut self.normalized);
        normalized.clear();
        normalized.extend_from_slice(&x.data);
        self.inverse.clear();
        for row in normalized.chunks_exact_mut(x.features) {
            let inverse = self.normalize(row);
            self.inverse.push(inverse);
        }
        self.normalized = normalized;
        y.data.copy_from_slice(&self.normalized);
        if let Some(gamma) = self.gamma.map(|id| pass.parameters.get(id)) {
            let scale = |row: &mut [f32]| row.iter_mut().zip(gamma).for_each(|(v, g)| *v *= g);
            y.data.chunks_exact_mut(x.features).for_each(scale);
        }
        if let Some(beta) = self.beta.map(|id| pass.parameters.get(id)) {
            let shift = |row: &mut [f32]| row.iter_mut().zip(beta).for_each(|(v, b)| *v += b);
            y.data.chunks_exact_mut(x.features).for_each(shift);
        }
        Ok(())
    }

    /// dx = (d − mean d − x̂·mean(d·x̂)) / √(variance + ε) with d = gamma·dy and x̂ the normalized vector.
    fn backward(
        &mut self,
        pass: &PassContext,
        io: InputOutput,
        dy: &mut [f32],
        dx: Option<&mut [f32]>,
        gradients: &mut Gradients,
    ) {
        let features = io.x.features;
        if let Some(beta) = self.beta {
            crate::math::reduce::add_rows(gradients.get_mut(beta), dy);
        }
        if let Some(gamma) = self.gamma {
            let sums = gradients.get_mut(gamma);
            for (dy, x) in dy.chunks_exact(features).zip(self.normalized.chunks_exact(features)) {
                sums.iter_mut().zip(dy).zip(x).for_each(|((sum, d), x)| *sum += d * x);
            }
        }
        let Some(dx) = dx else { return };
        if let Some(gamma) = self.gamma.map(|id| pass.parameters.get(id)) {
            let scale = |row: &mut [f32]| row.iter_mut().zip(gamma).for_each(|(d, g)| *d *= g);
            dy.chunks_exact_mut(features).for_each(scale);
        }
        let rows = dx.chunks_exact_mut(features).zip(dy.chunks_exact(features));
        for ((dx, d), (x, inverse)) in rows.zip(self.normalized.chunks_exact(features).zip(&self.inverse)) {
            let mean = d.iter().fold(0.0, |s, d| s + d) / features as f32;
            let along = d.iter().zip(x).fold(0.0, |s, (d, x)| s + d * x) / features as f32;
            for ((dx, d), x) in dx.iter_mut().zip(d).zip(x) {
                *dx = (d - mean - x * along) * inverse;
            }
        }
    }
}
