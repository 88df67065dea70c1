//! A connection around a layer: y = x + layer(x).

use serde_json::{Value, json};

use super::config::{LayerSection, Section};
use super::recurrent::{CellClass, Recurrent};
use super::{Builder, Gradients, InputOutput, Layer, PassContext, Shape, Signal, keras_layer};
use crate::math::reduce::add_assign;
use crate::object;
use crate::{Error, Result};

/// `ResidualWrapper`, called like TensorFlow's wrapper around a cell; Keras itself has no such layer.
///
/// The weights of the layer inside are called `<name>/<weight>`.
pub struct ResidualWrapper {
    name: String,
    inner_name: String,
    trainable: bool,
    layer: Box<dyn Layer>,
    inner: Signal,
    dy: Vec<f32>,
}

impl ResidualWrapper {
    /// Reads the layer's configuration; `cells` may stand inside beside Keras' recurrent layers.
    pub fn from_config(name: String, config: &Section, cells: &[CellClass]) -> Result<Self> {
        config.only_layer_options(&["layer"], &[])?;
        let Some(value) = config.raw("layer") else {
            return Err(Error::config(config.field("layer"), "a layer", "nothing"));
        };
        let section = LayerSection::of(value, &config.field("layer"))?;
        if section.class == "ResidualWrapper" {
            return Err(Error::config(
                section.class_field(),
                "a layer that is no wrapper of this kind itself",
                section.class,
            ));
        }
        let inner_name = section.name()?;
        let layer = super::from_section(&section, name.clone(), cells)?;
        let trainable = section.trainable()?;
        Ok(Self { layer, name, inner_name, trainable, inner: Signal::default(), dy: Vec::new() })
    }
}

impl Layer for ResidualWrapper {
    fn class_name(&self) -> &'static str {
        "ResidualWrapper"
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn config(&self) -> Value {
        let mut inner = self.layer.config();
        inner["config"]["name"] = json!(self.inner_name);
        inner["config"]["trainable"] = json!(self.trainable);
        keras_layer(self, object!({ "layer": inner }))
    }

    fn build(&mut self, input: Shape, builder: &mut Builder) -> Result<Shape> {
        let output = builder.trainable_if(self.trainable, |builder| self.layer.build(input, builder))?;
        if output == input && input.features().is_some() && self.layer.output_parts().is_empty() {
            return Ok(output);
        }
        let field = format!("{}.layer", builder.layer());
        let expected = format!("a layer whose output has the shape of its input {input}, to be added to it");
        Err(Error::config(field, expected, output))
    }

    fn forward(&mut self, pass: &PassContext, x: &Signal, y: &mut Signal) -> Result<()> {
        self.layer.forward(pass, x, &mut self.inner)?;
        y.set_like(&self.inner, self.inner.features);
        y.data.copy_from_slice(&x.data);
        add_assign(&mut y.data, &self.inner.data);
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
        self.dy.clear();
        self.dy.extend_from_slice(dy);
        self.layer.backward(pass, InputOutput { x: io.x, y: &self.inner }, dy, dx.as_deref_mut(), gradients);
        if let Some(dx) = dx {
            add_assign(dx, &self.dy);
        }
    }

    fn recurrents(&self) -> Vec<(String, &Recurrent)> {
        self.layer.recurrents()
    }

    fn recurrents_mut(&mut self) -> Vec<(String, &mut Recurrent)> {
        self.layer.recurrents_mut()
    }

    fn reset_states(&mut self) {
        self.layer.reset_states();
    }
}
