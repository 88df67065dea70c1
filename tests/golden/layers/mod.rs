//! Layers and losses against the values that `make.py` beside this file took from Keras.
//!
//! Outputs must agree within 1e-5 + 1e-4·|want| and gradients within 1e-5 + 1e-3·|want|: both sides compute in f32 and
//! sum in different orders.

use std::path::{Path, PathBuf};

use safetensors::SafeTensors;
use safetensors::tensor::TensorView;
use serde_json::Value;
use unrolled::layers::{Shape, Signal};
use unrolled::model::{Mode, Sequential};
use unrolled::train::Loss;
use unrolled::train::examples::BlockLabels;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/layers")
}

fn floats(view: &TensorView) -> Vec<f32> {
    view.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

fn ids(view: &TensorView) -> Vec<u32> {
    view.data().as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect()
}

/// `[batch, timesteps, width]` as `[timesteps, batch, width]`, or back when the first two sizes are exchanged.
fn swapped<T: Copy>(from: &[T], first: usize, second: usize) -> Vec<T> {
    let width = from.len() / (first * second);
    let row = |a: usize, b: usize| &from[(a * second + b) * width..][..width];
    (0..second).flat_map(|b| (0..first).flat_map(move |a| row(a, b))).copied().collect()
}

fn assert_close(what: &str, got: &[f32], want: &[f32], relative: f32) {
    assert_eq!(got.len(), want.len(), "{what}: number of values");
    for (k, (got, want)) in got.iter().zip(want).enumerate() {
        let allowed = 1e-5 + relative * want.abs();
        assert!((got - want).abs() <= allowed, "{what}[{k}] is {got}, Keras has {want}");
    }
}

/// Runs the model of one file forwards and backwards and compares everything that the file holds.
fn check_model(path: &Path) {
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let bytes = std::fs::read(path).unwrap();
    let (_, metadata) = SafeTensors::read_metadata(&bytes).unwrap();
    let json = metadata.metadata().clone().unwrap()["model"].clone();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut model = Sequential::from_json(&json, 1).unwrap_or_else(|e| panic!("{name}: {e}"));
    for spec in model.parameters.specs().to_vec() {
        let weight = file.tensor(&format!("weight/{}", spec.name)).unwrap();
        model.parameters.set(&spec.name, weight.shape(), &floats(&weight)).unwrap();
    }

    let x = file.tensor("x").unwrap();
    let batch = x.shape()[0];
    let timesteps = if matches!(model.input_shape(), Shape::Flat { .. }) { 1 } else { x.shape()[1] };
    let input: &mut Signal = model.input_mut();
    match (x.shape().len(), x.dtype()) {
        (2, safetensors::Dtype::I32) => {
            input.set_ids(timesteps, batch);
            input.ids.copy_from_slice(&swapped(&ids(&x), batch, timesteps));
        }
        (2, _) => {
            input.set_flat(batch, x.shape()[1]);
            input.data.copy_from_slice(&floats(&x));
        }
        _ => {
            input.set_sequence(timesteps, batch, x.shape()[2]);
            input.data.copy_from_slice(&swapped(&floats(&x), batch, timesteps));
        }
    }
    if let Ok(mask) = file.tensor("mask") {
        let mask: Vec<bool> = mask.data().iter().map(|byte| *byte != 0).collect();
        input.mask = swapped(&mask, batch, timesteps);
    }

    model.forward(Mode::INFERENCE).unwrap();
    let steps = model.output().timesteps;
    let output = swapped(&model.output().data, steps, batch);
    assert_close(&format!("{name}: output"), &output, &floats(&file.tensor("output").unwrap()), 1e-4);
    let upstream = swapped(&floats(&file.tensor("upstream").unwrap()), batch, steps);
    model.output_gradient_mut().copy_from_slice(&upstream);
    let mut gradients = model.new_gradients();
    let dx = model.backward(Mode::INFERENCE, true, &mut gradients).map(<[f32]>::to_vec);
    if let Ok(want) = file.tensor("grad/x") {
        let dx = swapped(&dx.unwrap(), timesteps, batch);
        assert_close(&format!("{name}: grad/x"), &dx, &floats(&want), 1e-3);
    }
    for (weight, got) in gradients.to_dense() {
        let want = file.tensor(&format!("grad/{weight}")).unwrap();
        assert_close(&format!("{name}: grad/{weight}"), got.as_slice().unwrap(), &floats(&want), 1e-3);
    }
    // What is written is read back as the same model.
    let again = Sequential::from_json(&model.to_json().to_string(), 1).unwrap();
    assert_eq!(again.to_json(), model.to_json(), "{name}");
    assert_eq!(again.summary(), model.summary(), "{name}");
}

#[test]
fn outputs_and_gradients_of_every_layer_are_those_of_keras() {
    let mut count = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "safetensors") && !path.ends_with("losses.safetensors") {
            check_model(&path);
            count += 1;
        }
    }
    assert_eq!(count, 42, "files of golden values");
}

#[test]
fn every_loss_with_masks_and_weights_is_that_of_keras() {
    let bytes = std::fs::read(folder().join("losses.safetensors")).unwrap();
    let (_, metadata) = SafeTensors::read_metadata(&bytes).unwrap();
    let cases: Value = serde_json::from_str(&metadata.metadata().clone().unwrap()["cases"]).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let cases = cases.as_array().unwrap();
    assert_eq!(cases.len(), 45);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let loss =
            Loss::from_keras(case["loss"].as_str().unwrap(), case["from_logits"].as_bool().unwrap()).unwrap();
        let read = |part: &str| file.tensor(&format!("{name}/{part}"));
        let prediction = read("y_pred").unwrap();
        let (batch, features) = (prediction.shape()[0], prediction.shape()[prediction.shape().len() - 1]);
        let timesteps = if prediction.shape().len() == 3 { prediction.shape()[1] } else { 1 };
        let mut y = Signal::default();
        y.set_sequence(timesteps, batch, features);
        y.data.copy_from_slice(&swapped(&floats(&prediction), batch, timesteps));
        let mut labels = BlockLabels::default();
        let truth = read("y_true").unwrap();
        match truth.dtype() {
            safetensors::Dtype::I32 => labels.classes = swapped(&ids(&truth), batch, timesteps),
            _ => labels.values = swapped(&floats(&truth), batch, timesteps),
        }
        if let Ok(mask) = read("mask") {
            let mask: Vec<bool> = mask.data().iter().map(|byte| *byte != 0).collect();
            y.mask = swapped(&mask, batch, timesteps);
        }
        if let Ok(weights) = read("sample_weight") {
            labels.weights = swapped(&floats(&weights), batch, timesteps);
        }
        loss.check_block(&y, &labels).unwrap();
        let unmasked = (0..y.rows()).filter(|row| !y.is_masked(*row)).count();
        let mut dy = vec![f32::NAN; y.data.len()];
        let score = loss.evaluate(&y, &labels, 1.0 / unmasked as f32, &mut dy);
        assert_close(name, &[score.mean_loss()], &floats(&read("loss").unwrap()), 1e-4);
        let dy = swapped(&dy, timesteps, batch);
        assert_close(&format!("{name}: gradient"), &dy, &floats(&read("grad").unwrap()), 1e-3);
    }
}
