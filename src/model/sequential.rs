//! Layers one after the other.

use serde_json::{Value, json};

use super::formula;
use super::keras_json::{self, Description, LeftOut, Weights};
use super::summary::{LayerSummary, Summary};
use crate::layers::config::Section;
use crate::layers::recurrent::Carried;
use crate::layers::{
    self, Builder, CellClass, Gradients, InputOutput, Layer, Parameters, PassContext, Shape, Signal,
};
use crate::listing;
use crate::math::Backend;
use crate::{Error, Result};

/// Recurrent layers beside those of Keras.
const CELLS: &[CellClass] = &[listing::cell::CLASS];

/// How a pass runs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mode {
    /// Whether dropout acts.
    pub training: bool,
    /// Seed of the random numbers.
    pub seed: u64,
    /// The optimizer's update, which names the random numbers of this pass.
    pub update: u64,
    /// Index in the whole batch of the first sample of this block.
    pub first_row: usize,
}

impl Mode {
    /// A pass without dropout over a whole batch.
    pub const INFERENCE: Self = Self { training: false, seed: 0, update: 0, first_row: 0 };
}

/// Keras' `Sequential`: layers, their weights, and the buffers of a pass.
pub struct Sequential {
    name: String,
    input: Shape,
    batch: Option<usize>,
    layers: Vec<Box<dyn Layer>>,
    shapes: Vec<Shape>,
    /// All weights.
    pub parameters: Parameters,
    /// The implementation of the kernels.
    pub backend: Backend,
    weights_of_layer: Vec<std::ops::Range<usize>>,
    /// Whether each layer's weights are trained.
    trainable: Vec<bool>,
    left_out: Vec<LeftOut>,
    gradient_layout: Gradients,
    signals: Vec<Signal>,
    dsignals: Vec<Vec<f32>>,
}

impl Sequential {
    /// Builds the model that Keras' JSON describes and draws its initial weights from `seed`.
    ///
    /// # Errors
    /// Names the field of the configuration that cannot be used, what was expected and what was found.
    pub fn from_json(text: &str, seed: u64) -> Result<Self> {
        let mut model = Self::build(keras_json::read(text, Weights::Drawn)?)?;
        model.parameters.initialize(seed);
        Ok(model)
    }

    /// Builds the model that Keras' JSON describes with weights that are all zero: for its shapes, or for weights that
    /// come from a file. Its initializers need not be known here.
    ///
    /// # Errors
    /// As [`Self::from_json`].
    pub fn with_zero_weights(text: &str) -> Result<Self> {
        Self::build(keras_json::read(text, Weights::Loaded)?)
    }

    /// Checks that nothing in the configuration acts in training that this engine does not have.
    ///
    /// # Errors
    /// Names the first regularizer or constraint.
    pub fn check_trainable(&self) -> Result<()> {
        match self.left_out.iter().find(|option| option.acts_in_training()) {
            None => Ok(()),
            Some(option) => {
                let expected = "null to train, since regularizers and constraints are not supported";
                Err(Error::config(option.field.as_str(), expected, option.value()))
            }
        }
    }

    fn build(description: Description) -> Result<Self> {
        let mut layers: Vec<Box<dyn Layer>> = Vec::new();
        let mut builder = Builder::default();
        let (mut shapes, mut weights_of_layer, mut shape) = (Vec::new(), Vec::new(), description.input);
        let mut trained = Vec::new();
        for (value, path) in &description.layers {
            let mut layer = layers::from_config(value, path, CELLS)?;
            if layers.iter().any(|other| other.name() == layer.name()) {
                let field = format!("{path}.config.name");
                return Err(Error::config(field, "a name that no other layer has", layer.name()));
            }
            if let Some(before) = layers.last() {
                check_single_output(before.as_ref())?;
            }
            let trainable = Section::of(value, path).object("config")?.flag_or("trainable", true)?;
            let first = builder.count();
            builder.begin_layer(layer.name(), trainable);
            shape = layer.build(shape, &mut builder)?;
            shapes.push(shape);
            weights_of_layer.push(first..builder.count());
            layers.push(layer);
            trained.push(trainable);
        }
        let (parameters, gradient_layout) = builder.finish();
        Ok(Self {
            name: description.name,
            input: description.input,
            batch: description.batch,
            signals: vec![Signal::default(); layers.len() + 1],
            dsignals: vec![Vec::new(); layers.len() + 1],
            layers,
            shapes,
            parameters,
            backend: Backend::best(),
            weights_of_layer,
            trainable: trained,
            left_out: description.left_out,
            gradient_layout,
        })
    }

    /// The configuration as Keras 3 writes it.
    pub fn to_json(&self) -> Value {
        let layers = self.layers.iter().zip(&self.trainable).map(|(layer, trainable)| {
            let mut layer = layer.config();
            layer["config"]["trainable"] = json!(trainable);
            layer
        });
        let mut layers: Vec<Value> = layers.collect();
        self.left_out.iter().for_each(|option| option.put_back(&mut layers));
        keras_json::write(&self.name, (self.batch, self.input), layers)
    }

    /// The shape of one input sample.
    pub fn input_shape(&self) -> Shape {
        self.input
    }

    /// The batch size if the configuration fixes it, as Keras requires for stateful layers.
    pub fn batch_size(&self) -> Option<usize> {
        self.batch
    }

    /// The shape of one output sample.
    pub fn output_shape(&self) -> Shape {
        self.shapes.last().copied().unwrap_or(self.input)
    }

    /// Output shapes of the layers, from input to output.
    pub fn output_shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// The model's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Indices in the list of weights ([`Parameters::specs`]) of those that layer `k` has.
    pub fn weights_of(&self, k: usize) -> std::ops::Range<usize> {
        self.weights_of_layer[k].clone()
    }

    /// The layers from input to output.
    pub fn layers(&self) -> &[Box<dyn Layer>] {
        &self.layers
    }

    /// The layers, to set or reset their states.
    pub fn layers_mut(&mut self) -> &mut [Box<dyn Layer>] {
        &mut self.layers
    }

    /// Forgets the states of stateful layers, Keras' `reset_states()`.
    pub fn reset_states(&mut self) {
        self.layers.iter_mut().for_each(|layer| layer.reset_states());
    }

    /// Whether a layer carries its states from batch to batch.
    pub fn is_stateful(&self) -> bool {
        self.layers.iter().flat_map(|layer| layer.recurrents()).any(|(_, recurrent)| recurrent.is_stateful())
    }

    /// Lets the next pass start from zero and returns the states that stateful layers have kept.
    pub fn take_states(&mut self) -> Vec<Option<Carried>> {
        let recurrents = self.layers.iter_mut().flat_map(|layer| layer.recurrents_mut());
        recurrents.map(|(_, recurrent)| recurrent.replace_states(None)).collect()
    }

    /// Lets the next pass start from `states`, which [`Self::take_states`] returned, and returns those that it would
    /// have started from.
    pub fn restore_states(&mut self, states: Vec<Option<Carried>>) -> Vec<Option<Carried>> {
        let recurrents = self.layers.iter_mut().flat_map(|layer| layer.recurrents_mut());
        recurrents.zip(states).map(|((_, recurrent), states)| recurrent.replace_states(states)).collect()
    }

    /// Zero gradients with the layout of this model's weights.
    pub fn new_gradients(&self) -> Gradients {
        self.gradient_layout.clone()
    }

    /// The input of the next pass, to be written.
    pub fn input_mut(&mut self) -> &mut Signal {
        &mut self.signals[0]
    }

    /// The input of the last pass.
    pub fn input(&self) -> &Signal {
        &self.signals[0]
    }

    /// The output of the last pass.
    pub fn output(&self) -> &Signal {
        &self.signals[self.layers.len()]
    }

    /// What enters layer `k`, to be written before [`Self::forward_from`].
    pub fn input_of_mut(&mut self, k: usize) -> &mut Signal {
        &mut self.signals[k]
    }

    /// The output of layer `k` in the last pass.
    pub fn output_of(&self, k: usize) -> &Signal {
        &self.signals[k + 1]
    }

    /// Runs all layers on [`Self::input_mut`]; the result is [`Self::output`].
    ///
    /// # Errors
    /// If the input does not have the model's input shape, or its length does not suit a layer.
    pub fn forward(&mut self, mode: Mode) -> Result<()> {
        self.check_input()?;
        self.forward_from(0, mode)
    }

    /// Runs the layers from `first` on over [`Self::input_of_mut`], whose shape is not checked.
    ///
    /// # Errors
    /// If the input's length does not suit a layer.
    pub fn forward_from(&mut self, first: usize, mode: Mode) -> Result<()> {
        let pass = pass(&self.parameters, self.backend, mode);
        for (k, layer) in self.layers.iter_mut().enumerate().skip(first) {
            let (before, after) = self.signals.split_at_mut(k + 1);
            layer.forward(&pass, &before[k], &mut after[0])?;
        }
        Ok(())
    }

    /// The gradient of the output, as long as the output, to be written before [`Self::backward`].
    pub fn output_gradient_mut(&mut self) -> &mut [f32] {
        let length = self.output().data.len();
        let gradient = &mut self.dsignals[self.layers.len()];
        gradient.resize(length, 0.0);
        gradient
    }

    /// The output and its gradient together, for a loss.
    pub fn output_and_gradient(&mut self) -> (&Signal, &mut [f32]) {
        let last = self.layers.len();
        let length = self.signals[last].data.len();
        self.dsignals[last].resize(length, 0.0);
        (&self.signals[last], &mut self.dsignals[last])
    }

    /// Runs all layers backwards from [`Self::output_gradient_mut`] and adds to `gradients`.
    ///
    /// Returns the gradient of the input when `input_gradient` asks for it and the input is not ids.
    pub fn backward(
        &mut self,
        mode: Mode,
        input_gradient: bool,
        gradients: &mut Gradients,
    ) -> Option<&[f32]> {
        self.backward_watched(mode, input_gradient, gradients, &mut |_, _| ())
    }

    /// [`Self::backward`]; `each` is given the index of a layer and the gradient of the layer's output before the layer
    /// uses it, from the last layer to the first.
    pub fn backward_watched(
        &mut self,
        mode: Mode,
        input_gradient: bool,
        gradients: &mut Gradients,
        each: &mut dyn FnMut(usize, &[f32]),
    ) -> Option<&[f32]> {
        let pass = pass(&self.parameters, self.backend, mode);
        let wants_input = input_gradient && !matches!(self.input, Shape::Ids { .. });
        for (k, layer) in self.layers.iter_mut().enumerate().rev() {
            let (before, after) = self.dsignals.split_at_mut(k + 1);
            let io = InputOutput { x: &self.signals[k], y: &self.signals[k + 1] };
            let dx = &mut before[k];
            dx.resize(self.signals[k].data.len(), 0.0);
            let dx = (k > 0 || wants_input).then_some(&mut dx[..]);
            each(k, &after[0]);
            layer.backward(&pass, io, &mut after[0], dx, gradients);
        }
        wants_input.then(|| self.dsignals[0].as_slice())
    }

    fn check_input(&self) -> Result<()> {
        let found = self.signals[0].shape();
        let fits = match (self.input, found) {
            (Shape::Ids { .. }, Shape::Ids { .. }) => true,
            (Shape::Sequence { features, .. }, Shape::Sequence { features: f, .. }) => features == f,
            (Shape::Flat { features }, Shape::Flat { features: f }) => features == f,
            _ => false,
        };
        let length_fits = self.input.timesteps().is_none_or(|t| found.timesteps() == Some(t));
        if self.signals[0].batch == 0 {
            return Err(Error::value("the batch", "at least one sample", "none"));
        }
        if fits && length_fits {
            return Ok(());
        }
        Err(Error::Shape { what: "x".into(), expected: self.input.to_string(), found: found.to_string() })
    }

    /// Keras' table: layers, output shapes, parameters.
    pub fn summary(&self) -> Summary {
        let specs = self.parameters.specs();
        let row = |k: usize| {
            let own = &specs[self.weights_of_layer[k].clone()];
            let output_shape = [None].into_iter().chain(self.shapes[k].axes()).collect();
            LayerSummary {
                name: self.layers[k].name().to_owned(),
                class_name: self.layers[k].class_name().to_owned(),
                output_shape,
                params: own.iter().map(|spec| spec.count()).sum(),
                formula: formula::of(self.layers[k].as_ref(), own),
            }
        };
        let trainable = specs.iter().filter(|spec| spec.trainable).map(|spec| spec.count()).sum();
        Summary {
            layers: (0..self.layers.len()).map(row).collect(),
            total: self.parameters.values().len(),
            trainable,
        }
    }
}

fn pass(parameters: &Parameters, backend: Backend, mode: Mode) -> PassContext<'_> {
    PassContext {
        parameters,
        backend,
        training: mode.training,
        seed: mode.seed,
        update: mode.update,
        first_row: mode.first_row,
    }
}

/// Checks that another layer can follow `layer`: it has one output and no states beside it.
fn check_single_output(layer: &dyn Layer) -> Result<()> {
    if !layer.output_parts().is_empty() {
        let field = format!("the merge_mode of `{}`", layer.name());
        return Err(Error::config(field, "concat, sum, mul or ave where a layer follows", "null"));
    }
    if layer.recurrents().iter().any(|(_, recurrent)| recurrent.returns_state()) {
        let field = format!("the return_state of `{}`", layer.name());
        return Err(Error::config(field, "false where a layer follows", true));
    }
    Ok(())
}
