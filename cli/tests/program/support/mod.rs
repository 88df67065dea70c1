//! A folder of files for one test, and the program run on them.

use std::path::PathBuf;
use std::process::{Command, Output};

use ndarray::ArrayD;
use unrolled::model::{Sequential, weights};
use unrolled::tensors::{Container, Tensor, Tensors};

/// A folder of its own; removed at the end.
pub struct Run {
    folder: PathBuf,
}

impl Drop for Run {
    fn drop(&mut self) {
        // A folder that is left behind does no harm.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Run {
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("unrolled-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().to_owned()
    }

    pub fn bytes(&self, name: &str, bytes: &[u8]) -> String {
        std::fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    pub fn text(&self, name: &str, text: &str) -> String {
        self.bytes(name, text.as_bytes())
    }

    pub fn file(&self, name: &str, tensors: &Tensors) -> String {
        self.bytes(name, &tensors.to_bytes(Container::Safetensors).unwrap())
    }

    pub fn tensors(&self, name: &str) -> Tensors {
        Tensors::from_bytes(&std::fs::read(self.path(name)).unwrap(), name).unwrap()
    }

    /// The first weights of a model, drawn with a seed of its own.
    pub fn weights(&self, json: &str, name: &str) -> String {
        let model = Sequential::from_json(json, 7).unwrap();
        self.file(name, &weights::to_tensors(&model.parameters))
    }

    /// Model, weights, inputs with three labelled samples, and the file to write.
    pub fn lstm_files(&self) -> [String; 4] {
        let mut inputs = Tensors::new();
        inputs.insert("x", ids(&[3, 4], vec![1, 5, 7, 2, 1, 30, 31, 4, 1, 9, 9, 9]));
        inputs.insert("y", floats(&[3, 1], vec![1.0, 0.0, 1.0]));
        [
            self.text("model.json", &lstm_model()),
            self.weights(&lstm_model(), "weights.safetensors"),
            self.file("inputs.safetensors", &inputs),
            self.path("out.safetensors"),
        ]
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_unrolled")).args(arguments).output().unwrap()
    }

    pub fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Exit code 2; what standard error says.
    pub fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// Exit code 2, nothing on standard output, and exactly one sentence with all of `words` on standard error.
    pub fn fails(&self, arguments: &[&str], words: &[&str]) {
        let output = self.run(arguments);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert_eq!(errors.lines().count(), 1, "{arguments:?}: {errors}");
        assert!(errors.trim_end().ends_with('.'), "{arguments:?}: {errors}");
        for word in words {
            assert!(errors.contains(word), "{arguments:?}: {errors:?} does not name {word}");
        }
    }
}

pub fn ids(shape: &[usize], values: Vec<i32>) -> Tensor {
    ArrayD::from_shape_vec(shape, values).unwrap().into()
}

pub fn floats(shape: &[usize], values: Vec<f32>) -> Tensor {
    ArrayD::from_shape_vec(shape, values).unwrap().into()
}

/// The floats of the tensor `name`, row-major.
pub fn values(tensors: &Tensors, name: &str) -> Vec<f32> {
    tensors.get(name).unwrap().floats(name).unwrap().iter().copied().collect()
}

pub fn mask(shape: &[usize], value: u8) -> Tensor {
    ArrayD::from_elem(shape, value).into()
}

/// Ids of 50 words to one probability.
pub fn lstm_model() -> String {
    serde_json::json!({"class_name": "Sequential", "config": {"name": "m", "layers": [
        {"class_name": "Embedding", "config": {"name": "embedding", "input_dim": 50, "output_dim": 5}},
        {"class_name": "LSTM", "config": {"name": "lstm", "units": 6}},
        {"class_name": "Dense", "config": {"name": "dense", "units": 1, "activation": "sigmoid"}},
    ]}})
    .to_string()
}

/// Sequences of three numbers through an LSTM that returns everything.
pub fn sequences_model() -> String {
    serde_json::json!({"class_name": "Sequential", "config": {"name": "m", "layers": [
        {"class_name": "LSTM", "config": {"name": "lstm", "units": 5, "return_sequences": true, "return_state": true,
            "batch_input_shape": [null, null, 3]}},
    ]}})
    .to_string()
}
