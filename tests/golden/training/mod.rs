//! Twenty updates of every optimizer and option against what `make.py` beside this file took from Keras.
//!
//! Losses and weights must agree within 5e-6 + 5e-5·|want|; they do within 2e-6 + 1e-5·|want|. One update in
//! f32 errs by a few 1e-7 of its size, and twenty updates add up. A wrong sign, factor or order of operations
//! shows in the second update already as more than 1e-3.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use ndarray::{Array2, Array3};
use safetensors::SafeTensors;
use safetensors::tensor::TensorView;
use serde_json::Value;
use unrolled::model::Sequential;
use unrolled::train::{Examples, FitOptions, Inputs, Labels, Loss, Optimizer, Run};

fn read(name: &str) -> (Vec<u8>, HashMap<String, String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/training");
    let bytes = std::fs::read(path.join(format!("{name}.safetensors"))).unwrap();
    let metadata = SafeTensors::read_metadata(&bytes).unwrap().1.metadata().clone().unwrap();
    (bytes, metadata)
}

fn floats(view: &TensorView) -> Vec<f32> {
    view.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

fn ids(view: &TensorView) -> Vec<u32> {
    view.data().as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect()
}

fn examples(data: &SafeTensors) -> Examples {
    let (x, y) = (data.tensor("x").unwrap(), data.tensor("y").unwrap());
    let inputs = match x.shape()[..] {
        [count, timesteps] => Inputs::Ids(Array2::from_shape_vec((count, timesteps), ids(&x)).unwrap()),
        [count, timesteps, features] => {
            Inputs::Sequences(Array3::from_shape_vec((count, timesteps, features), floats(&x)).unwrap())
        }
        _ => panic!("x is {:?}", x.shape()),
    };
    let labels = match (y.dtype(), y.shape()) {
        (safetensors::Dtype::I32, [_]) => Labels::of_samples(ids(&y)),
        (safetensors::Dtype::I32, shape) => {
            Labels::Classes(Array2::from_shape_vec((shape[0], shape[1]), ids(&y)).unwrap())
        }
        (_, shape) => Labels::Values(Array3::from_shape_vec((shape[0], 1, shape[1]), floats(&y)).unwrap()),
    };
    let examples = Examples::new(inputs, labels).unwrap();
    match data.tensor("sample_weight") {
        Ok(weights) => {
            let each = weights.shape().get(1).copied().unwrap_or(1);
            let weights = Array2::from_shape_vec((weights.shape()[0], each), floats(&weights)).unwrap();
            examples.with_sample_weights(weights).unwrap()
        }
        Err(_) => examples,
    }
}

fn assert_close(what: &str, got: &[f32], want: &[f32]) {
    assert_eq!(got.len(), want.len(), "{what}: number of values");
    for (k, (got, want)) in got.iter().zip(want).enumerate() {
        let allowed = 5e-6 + 5e-5 * want.abs();
        assert!((got - want).abs() <= allowed, "{what}[{k}] is {got}, Keras has {want}");
    }
}

/// The model of a data file with its first weights.
fn model(metadata: &HashMap<String, String>, data: &SafeTensors) -> Sequential {
    let mut model = Sequential::from_json(&metadata["model"], 1).unwrap();
    for spec in model.parameters.specs().to_vec() {
        let weight = data.tensor(&spec.name).unwrap();
        model.parameters.set(&spec.name, weight.shape(), &floats(&weight)).unwrap();
    }
    model
}

fn assert_weights(name: &str, run: &Run, want: &SafeTensors) {
    for spec in run.model().parameters.specs() {
        let weight = floats(&want.tensor(&spec.name).unwrap());
        let got = run.model().parameters.by_name(&spec.name).unwrap();
        assert_close(&format!("{name}: {}", spec.name), got, &weight);
    }
}

fn check(name: &str) {
    let (bytes, golden) = read(name);
    let want = SafeTensors::deserialize(&bytes).unwrap();
    let (bytes, metadata) = read(&golden["data"]);
    let data = SafeTensors::deserialize(&bytes).unwrap();
    let model = model(&metadata, &data);
    let config: Value = serde_json::from_str(&golden["optimizer"]).unwrap();
    let optimizer = Optimizer::from_keras(&config, &model.parameters).unwrap();
    let again = Optimizer::from_keras(&optimizer.to_keras(), &model.parameters).unwrap();
    assert_eq!(again.to_keras(), optimizer.to_keras(), "{name}: what is written is read back");

    let loss = Loss::from_keras(&golden["loss"], false).unwrap();
    let batch_size = golden["batch_size"].parse().unwrap();
    let options = FitOptions { batch_size, seed: 1, shuffle: false, ..FitOptions::default() };
    let train = Arc::new(examples(&data));
    let mut run = Run::new(model, (loss, optimizer), train, None, options).unwrap();
    for _ in 0..20 {
        run.update().unwrap();
    }
    let losses = floats(&want.tensor("loss").unwrap());
    assert_close(&format!("{name}: loss"), &run.history().losses, &losses);
    assert_weights(name, &run, &want);
}

/// Whole epochs of Keras' `fit`, with class weights and early stopping: the losses of every epoch, how many
/// epochs there were, and the weights at the end.
fn check_fit(name: &str) {
    let (bytes, golden) = read(name);
    let want = SafeTensors::deserialize(&bytes).unwrap();
    let (bytes, metadata) = read(&golden["data"]);
    let data = SafeTensors::deserialize(&bytes).unwrap();
    let model = model(&metadata, &data);
    let parsed = |key: &str| serde_json::from_str::<Value>(&golden[key]).unwrap();
    let optimizer = Optimizer::from_keras(&parsed("optimizer"), &model.parameters).unwrap();
    let options = FitOptions {
        batch_size: golden["batch_size"].parse().unwrap(),
        shuffle: false,
        class_weight: serde_json::from_str(&golden["class_weight"]).unwrap(),
        early_stopping: serde_json::from_str(&golden["early_stopping"]).unwrap(),
        ..FitOptions::default()
    };
    let train = examples(&data);
    let validation = Arc::new(train.part(0..8));
    let loss = Loss::from_keras(&golden["loss"], false).unwrap();
    let mut run = Run::new(model, (loss, optimizer), Arc::new(train), Some(validation), options).unwrap();
    let (mut losses, mut validated) = (Vec::new(), Vec::new());
    run.fit(golden["epochs"].parse().unwrap(), &mut |run, _| {
        if let Some(epoch) = run.completed_epoch() {
            losses.push(epoch.loss);
            validated.push(epoch.validation.unwrap().loss);
        }
    })
    .unwrap();
    assert_close(&format!("{name}: loss"), &losses, &floats(&want.tensor("loss").unwrap()));
    assert_close(&format!("{name}: val_loss"), &validated, &floats(&want.tensor("val_loss").unwrap()));
    assert_weights(name, &run, &want);
}

#[test]
fn class_weights_count_as_in_keras_fit() {
    check_fit("fit_class_weight");
}

#[test]
fn early_stopping_ends_a_run_as_in_keras_fit_and_leaves_the_same_weights() {
    check_fit("fit_early_stopping");
    check_fit("fit_early_stopping_on_loss");
}

#[test]
fn twenty_updates_of_sgd_are_those_of_keras() {
    for name in ["sgd", "sgd_momentum", "sgd_nesterov", "sgd_weight_decay"] {
        check(name);
    }
}

#[test]
fn twenty_updates_of_rmsprop_are_those_of_keras() {
    for name in ["rmsprop", "rmsprop_momentum", "rmsprop_centered", "rmsprop_momentum_centered"] {
        check(name);
    }
}

#[test]
fn twenty_updates_of_adam_and_adamw_are_those_of_keras() {
    for name in ["adam", "adam_options", "adam_amsgrad", "adamw", "adamw_decay"] {
        check(name);
    }
}

#[test]
fn twenty_updates_of_adagrad_are_those_of_keras() {
    for name in ["adagrad", "adagrad_options"] {
        check(name);
    }
}

#[test]
fn gradients_are_clipped_as_keras_clips_them() {
    for name in ["adam_clipnorm", "sgd_global_clipnorm", "sgd_clipvalue"] {
        check(name);
    }
}

#[test]
fn learning_rates_follow_the_schedules_of_keras() {
    for name in
        ["piecewise", "exponential", "exponential_staircase", "inverse_time", "cosine", "cosine_warmup"]
    {
        check(name);
    }
}

#[test]
fn masked_timesteps_and_weights_count_in_training_as_in_keras() {
    check("masked_sequences");
    check("weighted_regression");
}
