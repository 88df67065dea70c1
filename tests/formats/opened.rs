//! A model or weights that a reader brings become an experiment with first weights, or are refused with a sentence.

use std::path::Path;

use unrolled::experiment::{Experiment, Reading};
use unrolled::model::{Sequential, weights};
use unrolled::session::files::{NetworkFormat, Opened, named_for, network_file, open};
use unrolled::tensors::{Container, Tensors};
use unrolled::train::checkpoint;

use crate::predictions::assert_predicts;

fn bytes(file: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/keras").join(file);
    std::fs::read(path).unwrap_or_else(|e| panic!("{file}: {e}"))
}

fn reviews() -> Experiment {
    Experiment::preset("imdb-small").unwrap()
}

/// The model of an experiment with the first weights that were opened with it.
fn network(opened: &Opened) -> Sequential {
    let mut model = Sequential::from_json(&opened.experiment.model.to_string(), 9).unwrap();
    checkpoint::weights_of(opened.weights.as_deref().unwrap(), &mut model.parameters).unwrap();
    model
}

fn refusal(name: &str, bytes: &[u8], present: &Experiment) -> String {
    match open(name, bytes, present, None) {
        Ok(_) => panic!("{name} was opened"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_model_of_keras_brings_its_weights_and_how_texts_are_read() {
    let expected = Tensors::from_bytes(&bytes("stacked_lstm.npz"), "npz").unwrap();
    for file in ["stacked_lstm.keras", "stacked_lstm.legacy.h5"] {
        let opened = open(file, &bytes(file), &reviews(), None).unwrap();
        assert_predicts(&mut network(&opened), &expected, file);
        let Reading::Words(words) = &opened.experiment.data.reading else { panic!("no words are read") };
        assert_eq!((words.num_words, words.maxlen), (19, 7));
        assert_eq!(opened.experiment.compile.loss, "sparse_categorical_crossentropy");
        assert_eq!(opened.experiment.weights.as_ref().unwrap().name, file);
        assert!(opened.remarks.iter().any(|remark| remark.contains("maxlen 7")), "{:?}", opened.remarks);
        // It is a document like any other.
        let text = opened.experiment.to_json().to_string();
        assert_eq!(Experiment::from_json(&text).unwrap(), opened.experiment);
    }
}

#[test]
fn weights_alone_are_for_the_present_model() {
    let present = open("m.keras", &bytes("stacked_lstm.keras"), &reviews(), None).unwrap();
    let opened = open("w.weights.h5", &bytes("stacked_lstm.weights.h5"), &present.experiment, None).unwrap();
    assert_eq!(opened.experiment.model, present.experiment.model);
    assert_eq!(opened.experiment.weights.unwrap().hash, present.experiment.weights.clone().unwrap().hash);
    let refused = refusal("w.weights.h5", &bytes("bidirectional.weights.h5"), &present.experiment);
    assert!(refused.contains("lstm") && refused.contains("another model"), "{refused}");
    let refused = refusal("w.weights.h5", &bytes("stacked_lstm.weights.h5"), &reviews());
    assert!(refused.contains("lstm"), "{refused}");
}

#[test]
fn a_network_that_is_saved_opens_as_the_same_network() {
    let opened = open("m.keras", &bytes("stacked_lstm.keras"), &reviews(), None).unwrap();
    let run = opened.weights.clone().unwrap();
    let model = network(&opened);
    for (format, name) in [
        (NetworkFormat::Keras, "again.keras"),
        (NetworkFormat::WeightsH5, "again.weights.h5"),
        (NetworkFormat::Safetensors, "again.safetensors"),
        (NetworkFormat::Npz, "again.npz"),
    ] {
        let (written, _) = network_file(&opened.experiment, &run, format).unwrap();
        let again = open(name, &written, &opened.experiment, None).unwrap();
        assert_eq!(network(&again).parameters.values(), model.parameters.values(), "{name}");
        let has_names = matches!(format, NetworkFormat::Safetensors | NetworkFormat::Npz);
        assert_eq!(named_for(&written, &opened.experiment), has_names, "{name}");
        assert!(!named_for(&written, &reviews()), "{name}");
    }
}

#[test]
fn a_model_without_weights_is_the_model_and_nothing_else() {
    let opened = open("m.json", &bytes("stacked_lstm.json"), &reviews(), None).unwrap();
    assert!(opened.weights.is_none() && opened.experiment.weights.is_none());
    assert_eq!(Sequential::from_json(&opened.experiment.model.to_string(), 0).unwrap().layers().len(), 4);
}

#[test]
fn what_cannot_be_trained_on_the_present_data_is_refused_before_anything_is_left() {
    // These data are made from the seed: two numbers at each of fifty timesteps.
    let adding = Experiment::preset("adding").unwrap();
    for file in ["stacked_lstm.keras", "convolution.keras", "two_denses.keras", "encoder_decoder.keras"] {
        let refused = refusal(file, &bytes(file), &adding);
        assert!(refused.contains("does not suit the present data"), "{file}: {refused}");
    }
    // The names of weights say to which model they belong.
    let model = weights::to_tensors(&reviews().build_model().unwrap().parameters);
    let arrays = model.to_bytes(Container::Npz).unwrap();
    assert!(named_for(&arrays, &reviews()) && !named_for(&arrays, &adding));
    assert!(open("w.npz", &arrays, &reviews(), None).unwrap().weights.is_some());
    assert!(refusal("w.npz", &arrays, &adding).contains("gru/kernel"));
}

#[test]
fn files_that_are_something_else_are_named() {
    for (name, content, word) in [
        ("page.h5", &b"<!DOCTYPE html><html>"[..], "web page"),
        ("pointer.h5", b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        ("model.onnx", b"\x08\x07\x12\x07pytorch\x1a\x051.0", "ONNX"),
        (
            "tfjs.json",
            b"{\"format\": \"layers-model\", \"modelTopology\": {\"model_config\": {}}}",
            "TensorFlow.js",
        ),
        ("half.keras", &bytes("stacked_lstm.keras")[..9000], "not whole"),
    ] {
        let refused = refusal(name, content, &reviews());
        assert!(refused.contains(word), "{name}: {refused}");
    }
}
