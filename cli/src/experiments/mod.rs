//! The experiments of the tutorials by name: data, model, loss, optimizer, batch size, epochs.

pub mod material;

use std::path::Path;

use serde_json::{Value, json};
use unrolled::data::Dataset;
use unrolled::model::Sequential;
use unrolled::train::Loss;
use unrolled::{Error, Result};

use crate::files;

/// How a data set is brought to the model.
#[derive(Debug, Clone, Copy)]
pub enum Reading {
    /// Ids of words below `num_words`, the last `maxlen` of a text, zeros in front.
    Words {
        /// Ids from this on are unknown words.
        num_words: usize,
        /// Length of every sequence.
        maxlen: usize,
    },
    /// Ids as plain numbers, one a timestep, zeros behind; texts of `below` ids and more are dropped, as `load_data`
    /// does it.
    Numbers {
        /// One more than the length of every sequence.
        below: usize,
    },
    /// Images: one row of pixels from 0 to 1 a timestep.
    Rows,
    /// A long text in windows, each row of a batch going on where it ended in the batch before.
    Windows {
        /// Length of a window.
        timesteps: usize,
    },
}

/// An experiment.
pub struct Experiment {
    /// Its name.
    pub name: &'static str,
    /// What it is, for people.
    pub about: &'static str,
    /// The packed data set.
    pub pack: &'static str,
    /// How the data are read.
    pub reading: Reading,
    /// Keras' name of the loss; integer labels need the sparse one.
    pub loss: &'static str,
    /// Whether the output is logits.
    pub from_logits: bool,
    /// Optimizer and learning rate.
    pub optimizer: (&'static str, f64),
    /// Samples in a batch.
    pub batch_size: usize,
    /// How often every sample is trained on.
    pub epochs: u32,
    layers: fn() -> Vec<Value>,
}

const SPARSE: &str = "sparse_categorical_crossentropy";
const BINARY: &str = "binary_crossentropy";
const REUTERS: Reading = Reading::Numbers { below: 50 };
/// Classes of the Reuters pack.
const TOPICS: usize = 52;
const LONG_REVIEWS: Reading = Reading::Words { num_words: 5000, maxlen: 500 };
const REVIEWS: Reading = Reading::Words { num_words: 10_000, maxlen: 500 };

/// A recurrent layer on texts of word numbers, as in the tutorial on Reuters.
macro_rules! reuters {
    ($name:literal, $about:literal, $layers:expr) => {
        Experiment {
            name: $name,
            about: $about,
            pack: "reuters-r52-all-words",
            reading: REUTERS,
            loss: SPARSE,
            from_logits: false,
            optimizer: ("Adam", 0.001),
            batch_size: 50,
            epochs: 200,
            layers: $layers,
        }
    };
}

/// A model on film reviews.
macro_rules! imdb {
    ($name:literal, $about:literal, $reading:expr, ($optimizer:literal, $batch:literal, $epochs:literal), $layers:expr) => {
        Experiment {
            name: $name,
            about: $about,
            pack: "imdb",
            reading: $reading,
            loss: BINARY,
            from_logits: false,
            optimizer: ($optimizer, 0.001),
            batch_size: $batch,
            epochs: $epochs,
            layers: $layers,
        }
    };
}

/// Every experiment.
pub const ALL: &[Experiment] = &[
    reuters!("reuters-simple-rnn", "topics of newswires from plain word numbers, SimpleRNN(50)", || {
        vec![layer("SimpleRNN", json!({ "units": 50 })), dense(TOPICS, "linear"), softmax()]
    }),
    reuters!("reuters-simple-rnn-stacked", "the same with two SimpleRNN(50)", || {
        let first = json!({ "units": 50, "return_sequences": true });
        let second = json!({ "units": 50, "name": "simple_rnn_1" });
        vec![layer("SimpleRNN", first), layer("SimpleRNN", second), dense(TOPICS, "linear"), softmax()]
    }),
    reuters!("reuters-lstm", "the same with LSTM(50)", || {
        vec![layer("LSTM", json!({ "units": 50 })), dense(TOPICS, "softmax")]
    }),
    reuters!("reuters-lstm-stacked", "the same with two LSTM(50)", || {
        let first = json!({ "units": 50, "return_sequences": true });
        let second = json!({ "units": 50, "name": "lstm_1" });
        vec![layer("LSTM", first), layer("LSTM", second), dense(TOPICS, "softmax")]
    }),
    imdb!(
        "imdb-lstm",
        "film reviews, Embedding(20000, 128), LSTM(128) with dropout",
        Reading::Words { num_words: 20_000, maxlen: 80 },
        ("Adam", 32, 15),
        || {
            let lstm = json!({ "units": 128, "dropout": 0.2, "recurrent_dropout": 0.2 });
            vec![embedding(20_000, 128), layer("LSTM", lstm), dense(1, "sigmoid")]
        }
    ),
    imdb!(
        "imdb-elman",
        "film reviews, Embedding(5000, 32), SimpleRNN(100)",
        LONG_REVIEWS,
        ("Adam", 64, 3),
        || { vec![embedding(5000, 32), layer("SimpleRNN", json!({ "units": 100 })), dense(1, "sigmoid")] }
    ),
    imdb!(
        "imdb-lstm-100",
        "film reviews, Embedding(5000, 32), LSTM(100)",
        LONG_REVIEWS,
        ("Adam", 64, 3),
        || { vec![embedding(5000, 32), layer("LSTM", json!({ "units": 100 })), dense(1, "sigmoid")] }
    ),
    imdb!(
        "imdb-conv-lstm",
        "the same with Conv1D and pooling in front",
        LONG_REVIEWS,
        ("Adam", 64, 3),
        || {
            let convolution =
                json!({ "filters": 32, "kernel_size": 3, "padding": "same", "activation": "relu" });
            vec![
                embedding(5000, 32),
                layer("Conv1D", convolution),
                layer("MaxPooling1D", json!({ "pool_size": 2 })),
                layer("LSTM", json!({ "units": 100 })),
                dense(1, "sigmoid"),
            ]
        }
    ),
    imdb!(
        "imdb-simple-rnn-32",
        "film reviews, Embedding(10000, 32), SimpleRNN(32)",
        REVIEWS,
        ("RMSprop", 32, 10),
        || { vec![embedding(10_000, 32), layer("SimpleRNN", json!({ "units": 32 })), dense(1, "sigmoid")] }
    ),
    imdb!(
        "imdb-lstm-32",
        "film reviews, Embedding(10000, 32), LSTM(32)",
        REVIEWS,
        ("RMSprop", 128, 10),
        || { vec![embedding(10_000, 32), layer("LSTM", json!({ "units": 32 })), dense(1, "sigmoid")] }
    ),
    Experiment {
        name: "digits",
        about: "handwritten digits, one row a timestep, SimpleRNN(16) with relu; collapses at this learning rate",
        pack: "digits",
        reading: Reading::Rows,
        loss: SPARSE,
        from_logits: false,
        optimizer: ("RMSprop", 0.01),
        batch_size: 100,
        epochs: 20,
        layers: || {
            let cell = json!({ "units": 16, "activation": "relu" });
            vec![layer("SimpleRNN", cell), dense(10, "linear"), softmax()]
        },
    },
    Experiment {
        name: "moby-dick",
        about: "the next character of Moby Dick, Embedding(83, 32), LSTM(128) that keeps its state",
        pack: "moby-dick",
        reading: Reading::Windows { timesteps: 64 },
        loss: SPARSE,
        from_logits: true,
        optimizer: ("Adam", 0.005),
        batch_size: 32,
        epochs: 10,
        layers: || {
            let lstm = json!({ "units": 128, "return_sequences": true, "stateful": true });
            vec![embedding(83, 32), layer("LSTM", lstm), dense(83, "linear")]
        },
    },
];

fn layer(class: &str, config: Value) -> Value {
    json!({ "class_name": class, "config": config })
}

fn embedding(input_dim: usize, output_dim: usize) -> Value {
    layer("Embedding", json!({ "input_dim": input_dim, "output_dim": output_dim }))
}

fn dense(units: usize, activation: &str) -> Value {
    layer("Dense", json!({ "units": units, "activation": activation }))
}

fn softmax() -> Value {
    layer("Activation", json!({ "activation": "softmax" }))
}

impl Experiment {
    /// The experiment `name`.
    pub fn named(name: &str) -> Result<&'static Self> {
        let known = || ALL.iter().map(|experiment| experiment.name).collect::<Vec<_>>().join(", ");
        let found = ALL.iter().find(|experiment| experiment.name == name);
        found.ok_or_else(|| Error::value("the experiment", format!("one of {}", known()), name))
    }

    /// Its model with first weights from `seed`.
    pub fn model(&self, seed: u64) -> Result<Sequential> {
        let axes = match self.reading {
            Reading::Words { .. } | Reading::Windows { .. } => json!([null, null]),
            Reading::Numbers { .. } => json!([null, null, 1]),
            Reading::Rows => json!([null, material::SIDE, material::SIDE]),
        };
        let mut layers = vec![layer("InputLayer", json!({ "batch_shape": axes }))];
        layers.extend((self.layers)());
        let config = json!({ "name": self.name.replace('-', "_"), "layers": layers });
        Sequential::from_json(&json!({ "class_name": "Sequential", "config": config }).to_string(), seed)
    }

    /// Its loss.
    pub fn loss(&self) -> Result<Loss> {
        Loss::from_keras(self.loss, self.from_logits)
    }

    /// Its data, from the folder of packed sets.
    pub fn dataset(&self, folder: &Path) -> Result<Dataset> {
        let path = folder.join(format!("{}.safetensors", self.pack));
        if !path.exists() {
            let problem = "it is not there; `cargo xtask data` makes it, or name another folder with --data";
            return Err(Error::format(files::name(&path), problem));
        }
        let dataset = Dataset::from_bytes(&files::read(&path)?)?;
        match self.reading {
            Reading::Words { num_words, .. } if num_words < dataset.vocabulary.num_words() => {
                dataset.with_num_words(num_words)
            }
            _ => Ok(dataset),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_has_as_many_parameters_as_its_tutorial_prints() {
        // Reuters has 46 classes in the tutorial and 52 in the pack: six more columns of 50 weights and a bias.
        let topics = (TOPICS - 46) * 51;
        for (name, parameters) in [
            ("reuters-simple-rnn", 4_946 + topics),
            ("reuters-simple-rnn-stacked", 9_996 + topics),
            ("reuters-lstm", 12_746 + topics),
            ("reuters-lstm-stacked", 32_946 + topics),
            ("imdb-lstm", 2_691_713),
            ("imdb-lstm-100", 213_301),
            ("imdb-conv-lstm", 216_405),
            ("imdb-simple-rnn-32", 322_113),
            ("imdb-lstm-32", 328_353),
            ("digits", 890),
        ] {
            let model = Experiment::named(name).unwrap().model(0).unwrap();
            assert_eq!(model.summary().total, parameters, "{name}");
        }
        assert!(ALL.iter().all(|experiment| experiment.model(0).is_ok() && experiment.loss().is_ok()));
    }

    #[test]
    fn every_experiment_asks_for_data_that_are_packed() {
        for experiment in ALL {
            assert!(
                unrolled::data::PACKS.contains(&experiment.pack),
                "{} of {}",
                experiment.pack,
                experiment.name
            );
        }
    }
}
