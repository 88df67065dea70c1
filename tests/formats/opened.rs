//! A model or weights that a reader brings become an experiment with first weights, or are refused with a sentence.

use std::path::Path;

use serde_json::{Value, json};
use unrolled::experiment::{Experiment, Reading};
use unrolled::model::{Sequential, weights};
use unrolled::session::files::{NetworkFormat, Opened, holds_weights, network_file, open};
use unrolled::tensors::{Container, Tensors, archive};
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
        assert_eq!(holds_weights(&written, &opened.experiment), has_names, "{name}");
        // Named as weights are, of whatever network.
        assert_eq!(holds_weights(&written, &reviews()), has_names, "{name}");
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
    // Arrays that are named as weights are weights, and of another model they are refused with what differs.
    let model = weights::to_tensors(&reviews().build_model().unwrap().parameters);
    let arrays = model.to_bytes(Container::Npz).unwrap();
    assert!(holds_weights(&arrays, &reviews()) && holds_weights(&arrays, &adding));
    assert!(open("w.npz", &arrays, &reviews(), None).unwrap().weights.is_some());
    let refused = refusal("w.npz", &arrays, &adding);
    assert!(refused.contains("another network") && refused.contains("it has no `gru/kernel`"), "{refused}");
    let mut wider = reviews();
    wider.model["config"]["layers"][1]["config"]["units"] = 16.into();
    let refused = refusal("w.npz", &arrays, &wider);
    assert!(refused.contains("`lstm/kernel` is [32, 128] in it and [32, 64] here"), "{refused}");
    let mut data = Tensors::new();
    data.insert("x", ndarray::arr2(&[[1.0f32]]));
    assert!(!holds_weights(&data.to_bytes(Container::Npz).unwrap(), &adding));
}

/// The file of Keras 3 with another `compile_config`.
fn compiled_with(compile: &Value) -> Vec<u8> {
    let mut files = archive::unpack(&bytes("two_denses.keras"), "m").unwrap();
    let (_, config) = files.iter_mut().find(|(name, _)| name == "config.json").unwrap();
    let mut json: Value = serde_json::from_slice(config).unwrap();
    json["compile_config"] = compile.clone();
    *config = json.to_string().into_bytes();
    archive::pack(&files).unwrap()
}

/// An experiment with answers that are numbers, as many as the model of the file gives.
fn numbers() -> Experiment {
    let document = json!({
        "data": { "set": "own", "reading": { "as": "sequences" } },
        "model": { "class_name": "Sequential", "config": { "layers": [
            { "class_name": "InputLayer", "config": { "batch_shape": [null, 7] } },
            { "class_name": "Embedding", "config": { "input_dim": 19, "output_dim": 4 } } ] } },
        "compile": { "loss": "binary_crossentropy", "optimizer": "adagrad" },
    });
    Experiment::from_value(&document).unwrap()
}

#[test]
fn loss_and_optimizer_of_a_file_are_taken_over() {
    // Keras 3 wrote both, its rate with the digits of a 32-bit number.
    for file in ["two_denses.keras", "two_denses.legacy.h5"] {
        let opened = open(file, &bytes(file), &numbers(), None).unwrap();
        let compile = &opened.experiment.compile;
        assert_eq!(compile.loss, "mean_squared_error", "{file}");
        assert_eq!(compile.optimizer["class_name"], "Adam", "{file}");
        assert_eq!(compile.optimizer["config"]["learning_rate"], 0.001, "{file}");
        let said =
            "From the file come the loss mean_squared_error and the optimizer Adam, whose state begins anew.";
        assert!(opened.remarks.iter().any(|remark| remark == said), "{:?}", opened.remarks);
        // Labels of reviews are class ids, with which several numbers cannot be compared.
        let opened = open(file, &bytes(file), &reviews(), None).unwrap();
        assert!(opened.experiment.compile.loss.ends_with("crossentropy"));
        assert!(opened.remarks.iter().any(|remark| remark.contains("does not suit")), "{:?}", opened.remarks);
    }
    let schedule = json!({ "module": "keras.optimizers.schedules", "class_name": "ExponentialDecay", "config": {
        "initial_learning_rate": 0.01, "decay_steps": 100, "decay_rate": 0.9, "staircase": false,
        "name": "ExponentialDecay" }, "registered_name": null });
    let written = compiled_with(&json!({
        "optimizer": { "module": "keras.optimizers", "class_name": "Adam", "registered_name": null, "config": {
            "name": "adam", "learning_rate": schedule, "weight_decay": null, "clipnorm": 1.0,
            "global_clipnorm": null, "clipvalue": null, "use_ema": false, "ema_momentum": 0.99,
            "ema_overwrite_frequency": null, "loss_scale_factor": null, "gradient_accumulation_steps": null,
            "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "amsgrad": false } },
        "loss": { "module": "keras.losses", "class_name": "MeanSquaredError", "registered_name": null, "config": {
            "name": "mean_squared_error", "reduction": "sum_over_batch_size" } } }));
    let opened = open("m.keras", &written, &numbers(), None).unwrap();
    let optimizer = &opened.experiment.compile.optimizer["config"];
    assert_eq!(
        (&optimizer["clipnorm"], &optimizer["learning_rate"]["config"]["decay_rate"]),
        (&json!(1.0), &json!(0.9))
    );
}

#[test]
fn what_of_compile_is_not_taken_over_is_said() {
    for (compile, said) in [
        (json!({}), "It was saved without loss and optimizer: adagrad stays the optimizer."),
        (
            json!({ "optimizer": "nadam", "loss": "mse" }),
            "The optimizer of the file, nadam, is not taken over",
        ),
        (
            json!({ "optimizer": "sgd", "loss": "huber" }),
            "The loss of the file is not taken over: huber is not computed here.",
        ),
        (
            json!({ "loss": { "class_name": "BinaryCrossentropy", "config": { "label_smoothing": 0.1 } } }),
            "The loss of the file is not taken over: its label_smoothing 0.1 is not computed here.",
        ),
    ] {
        let opened = open("m.keras", &compiled_with(&compile), &numbers(), None).unwrap();
        assert!(opened.remarks.iter().any(|remark| remark.starts_with(said)), "{said} {:?}", opened.remarks);
    }
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
