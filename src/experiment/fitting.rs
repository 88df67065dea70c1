//! A small network for a data set: what a reader's own data begin with.

use serde_json::{Value, json};

use super::{Compile, Data, Experiment, NamedFile, OWN, Reading, Validation, Words};
use crate::Result;
use crate::data::{Dataset, Side, Task, Unit};
use crate::tensors::Tensor;

/// Words that get an id of their own at first, and the length of a text.
const NUM_WORDS: usize = 5000;
const MAXLEN: usize = 100;
/// Length of a window of a long text.
const WINDOW: usize = 40;
/// The share of samples that a model is judged with where the set has no test part.
const VALIDATION: f64 = 0.2;
/// Width of the vectors of an Embedding.
const EMBEDDING: usize = 32;
/// Rows and columns of a digit.
const IMAGE: usize = 28;

impl Experiment {
    /// This experiment on `dataset`: a reading that fits, a loss, and a model of one recurrent layer, the first of this
    /// experiment, between the input and as many outputs as the set has classes. Optimizer and training stay.
    ///
    /// # Errors
    /// As [`Dataset::hash`].
    pub fn on(&self, dataset: &Dataset) -> Result<Self> {
        let file = match dataset.name == OWN {
            true => Some(NamedFile { name: dataset.title.clone(), hash: dataset.hash()? }),
            false => None,
        };
        let reading = self.reading_for(dataset);
        let is_text = dataset.task == Task::LanguageModel;
        let outputs = match dataset.task {
            Task::Binary => 1,
            Task::Classes => dataset.class_names.len(),
            Task::LanguageModel => dataset.vocabulary.num_words(),
            Task::Values => dataset.train.arrays().map_or(1, |arrays| last_axis(&arrays.y, 2)),
        };
        let (activation, loss) = match dataset.task {
            Task::Binary => ("sigmoid", "binary_crossentropy"),
            Task::Classes | Task::LanguageModel => ("softmax", "sparse_categorical_crossentropy"),
            Task::Values => ("linear", "mean_squared_error"),
        };
        let at_each_timestep = is_text || dataset.train.arrays().is_some_and(answers_at_each_timestep);
        let mut layers = first_layers(&reading, dataset);
        let carries = matches!(reading, Reading::Characters { stateful: true, .. });
        layers.push(self.recurrent_layer(at_each_timestep, carries));
        layers
            .push(json!({ "class_name": "Dense", "config": { "units": outputs, "activation": activation } }));
        Ok(Self {
            title: dataset.title.clone(),
            about: String::new(),
            tutorial: None,
            data: Data {
                set: dataset.name.clone(),
                task: None,
                file,
                reading,
                limit: None,
                validation: match dataset.test.is_empty() {
                    true => Validation::Share(VALIDATION),
                    false => Validation::Test,
                },
            },
            model: json!({ "class_name": "Sequential", "config": { "name": "reader", "layers": layers } }),
            compile: Compile { loss: loss.to_owned(), from_logits: false, ..self.compile.clone() },
            fit: self.fit.clone(),
            weights: None,
            printed: None,
            measured: Vec::new(),
        })
    }

    fn reading_for(&self, dataset: &Dataset) -> Reading {
        match dataset.vocabulary.unit() {
            Unit::Word => {
                let most = dataset.vocabulary.num_words();
                let start = match &self.data.reading {
                    Reading::Words(words) => words.clone(),
                    _ => Words {
                        num_words: NUM_WORDS,
                        maxlen: MAXLEN,
                        padding: Side::Pre,
                        truncating: Side::Pre,
                        oov: true,
                        start: true,
                    },
                };
                Reading::Words(Words { num_words: start.num_words.min(most), ..start })
            }
            Unit::Character | Unit::RankedWord => match &self.data.reading {
                Reading::Characters { .. } => self.data.reading.clone(),
                _ => Reading::Characters { timesteps: WINDOW, stateful: false },
            },
            Unit::Pixel => Reading::Rows,
            Unit::Number => Reading::Sequences,
        }
    }

    /// The first recurrent layer of this model with its options, or Keras' LSTM.
    fn recurrent_layer(&self, return_sequences: bool, carries: bool) -> Value {
        let layers = self.model.pointer("/config/layers").and_then(Value::as_array);
        let is_recurrent = |layer: &&Value| {
            matches!(layer["class_name"].as_str(), Some("LSTM" | "GRU" | "SimpleRNN" | "Listing"))
        };
        let found = layers.into_iter().flatten().find(is_recurrent).cloned();
        let mut layer =
            found.unwrap_or_else(|| json!({ "class_name": "LSTM", "config": { "units": EMBEDDING } }));
        if let Some(config) = layer["config"].as_object_mut() {
            for key in ["stateful", "batch_shape", "batch_input_shape", "input_shape", "return_state"] {
                config.remove(key);
            }
            config.insert("return_sequences".to_owned(), return_sequences.into());
            if carries {
                config.insert("stateful".to_owned(), true.into());
            }
        }
        layer
    }
}

/// What stands in front of the recurrent layer.
fn first_layers(reading: &Reading, dataset: &Dataset) -> Vec<Value> {
    let ids = |timesteps: Value, count: usize| {
        vec![
            json!({ "class_name": "InputLayer", "config": { "batch_shape": [null, timesteps] } }),
            json!({ "class_name": "Embedding", "config": { "input_dim": count, "output_dim": EMBEDDING } }),
        ]
    };
    let numbers = |timesteps: usize, features: usize| {
        vec![json!({ "class_name": "InputLayer", "config": { "batch_shape": [null, timesteps, features] } })]
    };
    match (reading, dataset.train.arrays().map(|arrays| &arrays.x)) {
        (Reading::Words(words), _) => ids(words.maxlen.into(), words.num_words),
        (_, Some(x)) => match (x, x.shape()) {
            (Tensor::F32(_), [_, timesteps]) => numbers(*timesteps, 1),
            (x, [_, timesteps]) => {
                let most = x.ids("x").ok().and_then(|ids| ids.iter().max().copied()).unwrap_or(0);
                ids((*timesteps).into(), most as usize + 1)
            }
            (_, shape) => numbers(shape.get(1).copied().unwrap_or(1), last_axis(x, 2)),
        },
        (Reading::Rows, _) => numbers(IMAGE, IMAGE),
        _ => ids(Value::Null, dataset.vocabulary.num_words()),
    }
}

/// The size of the last axis where an array has at least `rank` axes, and else 1.
fn last_axis(array: &Tensor, rank: usize) -> usize {
    array.shape().get(rank - 1..).and_then(<[usize]>::last).copied().unwrap_or(1)
}

/// Whether labels belong to timesteps: classes with two axes, numbers with three.
fn answers_at_each_timestep(arrays: &crate::data::Arrays) -> bool {
    let rank = if matches!(arrays.y, Tensor::F32(_)) { 3 } else { 2 };
    arrays.y.shape().len() >= rank && arrays.y.shape()[1] > 1
}
