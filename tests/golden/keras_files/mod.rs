//! The `.keras` files that are written, and what Keras 3.15.1 predicted when it opened them: `make.py` did that.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use unrolled::experiment::Experiment;
use unrolled::formats::keras;
use unrolled::model::{Mode, Sequential};
use unrolled::session::Training;
use unrolled::session::files::{NetworkFormat, network_file};
use unrolled::tensors::Tensors;

/// What a prediction may differ by.
const TOLERANCE: f32 = 1e-6;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/keras_files")
}

fn documents() -> Map<String, Value> {
    serde_json::from_str(include_str!("documents.json")).unwrap()
}

fn bytes(file: &str) -> Vec<u8> {
    std::fs::read(folder().join(file)).unwrap()
}

/// What `model` predicts for samples of numbers or ids, samples first.
fn predict(model: &mut Sequential, x: &Tensors) -> Vec<f32> {
    let x = x.get("x").unwrap();
    let &[samples, timesteps, ..] = x.shape() else { panic!("{:?}", x.shape()) };
    let input = model.input_mut();
    if let Ok(ids) = x.ids("x") {
        input.set_ids(timesteps, samples);
        let ids = ids.permuted_axes(vec![1, 0]);
        input.ids.copy_from_slice(ids.as_standard_layout().as_slice().unwrap());
    } else {
        let x = x.floats("x").unwrap().clone().permuted_axes(vec![1, 0, 2]);
        input.set_sequence(timesteps, samples, x.shape()[2]);
        input.data.copy_from_slice(x.as_standard_layout().as_slice().unwrap());
    }
    model.forward(Mode::INFERENCE).unwrap();
    let output = model.output();
    let (timesteps, width) = (output.timesteps.max(1), output.features);
    let row = |t: usize, b: usize| &output.data[(t * samples + b) * width..][..width];
    (0..samples).flat_map(|b| (0..timesteps).flat_map(move |t| row(t, b).to_vec())).collect()
}

#[test]
fn the_files_that_keras_opened_are_those_that_are_written() {
    for (name, document) in documents() {
        let experiment = Experiment::from_value(&document).unwrap();
        let mut training = Training::new();
        training.set_up(experiment.clone()).unwrap();
        training.fit(experiment.fit.epochs, &mut |_, _| {}).unwrap();
        let (trained, remarks) = keras::write_model(training.model().unwrap()).unwrap();
        assert_eq!(remarks, Vec::<String>::new());
        assert!(trained == bytes(&format!("{name}.keras")), "{name}: run make.py again");
        // The page writes it from a checkpoint.
        let run = training.checkpoint().unwrap();
        let (written, _) = network_file(&experiment, &run, NetworkFormat::Keras).unwrap();
        assert!(written == trained, "{name}");
    }
}

#[test]
fn keras_predicts_the_same_with_a_file_that_we_wrote() {
    let mut compared = 0;
    for name in documents().keys() {
        let (mut model, _) = keras::read_model(&bytes(&format!("{name}.keras")), name).unwrap();
        let kept = Tensors::from_bytes(&bytes(&format!("{name}.npz")), name).unwrap();
        let expected = kept.get("output").unwrap().floats("output").unwrap();
        let found = predict(&mut model, &kept);
        assert_eq!(found.len(), expected.len(), "{name}");
        for (ours, keras) in found.iter().zip(expected) {
            assert!((ours - keras).abs() <= TOLERANCE, "{name}: {ours}, Keras {keras}");
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared}");
}
