//! A small network whose weights are kept apart from any run, as the Step view has them: an input of vectors, one
//! recurrent layer, a last layer.

use ndarray::{Array2, ArrayView2};
use serde::Deserialize;
use serde_json::json;

use crate::listing::cells::KERAS_WEIGHTS;
use crate::model::Sequential;
use crate::trace::{Trace, trace_vectors};
use crate::{Error, Result};

/// The parts of a network, and what it reads.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct RecordedNetwork {
    /// Keras' name of the recurrent layer: `SimpleRNN`, `LSTM`, `GRU`.
    pub class_name: String,
    /// Its units.
    pub units: usize,
    /// The vectors of the words, `[timesteps, features]`.
    pub x: Vec<f32>,
    /// How many numbers a vector has.
    pub features: usize,
    /// The weights by the names of the listing: `W`, `U`, `b`.
    pub weights: Vec<(String, Vec<f32>)>,
    /// Kernel `[units, outputs]` and bias `[outputs]` of the last layer.
    pub output: (Vec<f32>, Vec<f32>),
}

impl RecordedNetwork {
    /// What the network computes at every word, from states that are zero.
    ///
    /// # Errors
    /// If an array does not have the size that follows from `units` and `features`.
    pub fn trace(&self) -> Result<Trace> {
        let mut model = self.model()?;
        let timesteps = self.x.len() / self.features.max(1);
        let x = ArrayView2::from_shape((timesteps, self.features), &self.x);
        let x: Array2<f32> = x.map(|x| x.to_owned()).map_err(|_| {
            Error::value("the number of `x`", format!("a multiple of {}", self.features), self.x.len())
        })?;
        trace_vectors(&mut model, x.view())
    }

    fn model(&self) -> Result<Sequential> {
        let outputs = self.output.1.len();
        let activation = if outputs == 1 { "sigmoid" } else { "softmax" };
        let document = json!({ "class_name": "Sequential", "config": { "name": "recorded", "layers": [
            { "class_name": "InputLayer", "config": { "batch_shape": [null, null, self.features] } },
            { "class_name": self.class_name, "config": { "name": "cell", "units": self.units } },
            { "class_name": "Dense", "config": { "name": "last", "units": outputs, "activation": activation } },
        ] } });
        let mut model = Sequential::with_zero_weights(&document.to_string())?;
        let of_cell = self.weights.iter().map(|(name, values)| {
            let keras = KERAS_WEIGHTS.iter().find(|(_, own)| own == name);
            (format!("cell/{}", keras.map_or(name.as_str(), |(keras, _)| keras)), values)
        });
        let (kernel, bias) = &self.output;
        let of_last = [("last/kernel".to_owned(), kernel), ("last/bias".to_owned(), bias)];
        for (name, values) in of_cell.chain(of_last).collect::<Vec<_>>() {
            let spec = model.parameters.specs().iter().find(|spec| spec.name == name);
            let shape = spec.map_or_else(Vec::new, |spec| spec.shape.clone());
            if shape.iter().product::<usize>() != values.len() {
                return Err(Error::shape(name, &shape, &[values.len()]));
            }
            model.parameters.set(&name, &shape, values)?;
        }
        Ok(model)
    }
}
