//! The same layer on every timestep.

use serde_json::{Value, json};

use super::config::{LayerSection, Section};
use super::{Builder, Gradients, InputOutput, Layer, PassContext, Shape, Signal, keras_layer};
use crate::object;
use crate::{Error, Result};

/// Layers that treat every timestep of a sequence separately anyway, so that wrapping changes only names.
const STEPWISE: [&str; 4] = ["Dense", "Activation", "Dropout", "LayerNormalization"];

/// Keras' `TimeDistributed`; the weights of the layer inside are called `<name>/<weight>`.
pub struct TimeDistributed {
    name: String,
    inner_name: String,
    trainable: bool,
    layer: Box<dyn Layer>,
}

impl TimeDistributed {
    /// Reads the layer's configuration.
    pub fn from_config(name: String, config: &Section) -> Result<Self> {
        config.only_layer_options(&["layer"], &[])?;
        let Some(value) = config.raw("layer") else {
            return Err(Error::config(config.field("layer"), "a layer", "nothing"));
        };
        let section = LayerSection::of(value, &config.field("layer"))?;
        if !STEPWISE.contains(&section.class) {
            let expected = format!("one of {} inside TimeDistributed", STEPWISE.join(", "));
            return Err(Error::config(section.class_field(), expected, section.class));
        }
        let inner_name = section.name()?;
        // Under the wrapper's name, which no other layer has: random streams go by name.
        let layer = super::from_section(&section, name.clone(), &[])?;
        Ok(Self { layer, name, inner_name, trainable: section.trainable()? })
    }
}

impl Layer for TimeDistributed {
    fn class_name(&self) -> &'static str {
        "TimeDistributed"
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
        input.sequence_features(builder.layer())?;
        builder.trainable_if(self.trainable, |builder| self.layer.build(input, builder))
    }

    fn forward(&mut self, pass: &PassContext, x: &Signal, y: &mut Signal) -> Result<()> {
        self.layer.forward(pass, x, y)
    }

    fn backward(
        &mut self,
        pass: &PassContext,
        io: InputOutput,
        dy: &mut [f32],
        dx: Option<&mut [f32]>,
        gradients: &mut Gradients,
    ) {
        self.layer.backward(pass, io, dy, dx, gradients);
    }
}
