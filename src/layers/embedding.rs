//! A table of vectors, one for each id.

use serde_json::Value;

use super::config::Section;
use super::initializer::Initializer;
use super::{Builder, Gradients, InputOutput, Layer, PassContext, Shape, Signal, WeightId, keras_layer};
use crate::object;
use crate::{Error, Result};

/// Keras' `Embedding`: ids `[timesteps, batch]` become vectors `[timesteps, batch, output_dim]`.
pub struct Embedding {
    name: String,
    input_dim: usize,
    output_dim: usize,
    mask_zero: bool,
    initializer: Initializer,
    table: Option<WeightId>,
}

impl Embedding {
    /// Reads the layer's configuration.
    pub fn from_config(name: String, config: &Section) -> Result<Self> {
        config.only_layer_options(
            &["input_dim", "output_dim", "embeddings_initializer", "mask_zero", "input_length"],
            &["embeddings_regularizer", "embeddings_constraint", "lora_rank", "lora_alpha", "weights"],
        )?;
        let uniform = Initializer::RandomUniform { minval: -0.05, maxval: 0.05 };
        Ok(Self {
            name,
            input_dim: config.size("input_dim")?,
            output_dim: config.size("output_dim")?,
            mask_zero: config.flag_or("mask_zero", false)?,
            initializer: Initializer::in_section(config, "embeddings_initializer", uniform)?,
            table: None,
        })
    }

    fn table(&self) -> WeightId {
        self.table.unwrap_or_else(|| unreachable!("a layer is built before it runs"))
    }
}

impl Layer for Embedding {
    fn class_name(&self) -> &'static str {
        "Embedding"
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn config(&self) -> Value {
        keras_layer(
            self,
            object!({
                "input_dim": self.input_dim,
                "output_dim": self.output_dim,
                "embeddings_initializer": self.initializer.to_keras(),
                "mask_zero": self.mask_zero,
            }),
        )
    }

    fn build(&mut self, input: Shape, builder: &mut Builder) -> Result<Shape> {
        let Shape::Ids { timesteps } = input else {
            let field = format!("{}.input", builder.layer());
            return Err(Error::config(field, "a sequence of ids (batch, timesteps)", input));
        };
        self.table = Some(builder.table(
            "embeddings",
            [("input_dim", self.input_dim), ("output_dim", self.output_dim)],
            self.initializer,
        )?);
        Ok(Shape::Sequence { timesteps, features: self.output_dim })
    }

    fn forward(&mut self, pass: &PassContext, x: &Signal, y: &mut Signal) -> Result<()> {
        if let Some(id) = x.ids.iter().find(|id| **id as usize >= self.input_dim) {
            let expected = format!("below {} (input_dim of `{}`)", self.input_dim, self.name);
            return Err(Error::value("every id", expected, id));
        }
        let table = pass.parameters.get(self.table());
        y.set_sequence(x.timesteps, x.batch, self.output_dim);
        for (id, row) in x.ids.iter().zip(y.data.chunks_exact_mut(self.output_dim)) {
            row.copy_from_slice(&table[*id as usize * self.output_dim..][..self.output_dim]);
        }
        // As in Keras, a mask that came with the ids ends here: only `mask_zero` makes one.
        if self.mask_zero {
            y.mask.extend(x.ids.iter().map(|id| *id != 0));
        }
        Ok(())
    }

    fn backward(
        &mut self,
        _: &PassContext,
        io: InputOutput,
        dy: &mut [f32],
        _: Option<&mut [f32]>,
        gradients: &mut Gradients,
    ) {
        let table = gradients.table_mut(self.table());
        for (id, dy) in io.x.ids.iter().zip(dy.chunks_exact(self.output_dim)) {
            crate::math::reduce::add_assign(table.row_mut(*id), dy);
        }
    }
}
