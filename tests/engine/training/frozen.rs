//! Layers that are not to be trained, by themselves or inside a wrapper.

use std::sync::Arc;

use ndarray::Array3;
use serde_json::{Value, json};
use unrolled::model::Sequential;
use unrolled::train::{Examples, FitOptions, Inputs, Labels, Loss, Optimizer, Run};

use super::model;

/// A layer around or beside a GRU, its `trainable` options, and how the names of the weights begin that stay.
fn cases() -> Vec<(Value, Vec<&'static str>)> {
    let gru = |more: Value| {
        let mut layer =
            json!({ "class_name": "GRU", "config": { "name": "g", "units": 3, "return_sequences": true } });
        layer["config"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        layer
    };
    let wrapped = |class: &str, config: Value| {
        let mut layer = json!({ "class_name": class, "config": { "name": "outer" } });
        layer["config"].as_object_mut().unwrap().extend(config.as_object().unwrap().clone());
        layer
    };
    let dense = json!({ "class_name": "Dense", "config": { "name": "d", "units": 2, "trainable": false } });
    let frozen = || gru(json!({ "trainable": false }));
    let backward = |trainable: bool| gru(json!({ "go_backwards": true, "trainable": trainable }));
    vec![
        (gru(json!({ "name": "outer" })), vec![]),
        (gru(json!({ "name": "outer", "trainable": false })), vec!["outer/"]),
        (wrapped("Bidirectional", json!({ "layer": frozen() })), vec!["outer/"]),
        (
            wrapped("Bidirectional", json!({ "layer": frozen(), "backward_layer": backward(true) })),
            vec!["outer/forward/"],
        ),
        (
            wrapped("Bidirectional", json!({ "layer": gru(json!({})), "backward_layer": backward(false) })),
            vec!["outer/backward/"],
        ),
        (wrapped("Bidirectional", json!({ "trainable": false, "layer": gru(json!({})) })), vec!["outer/"]),
        (wrapped("ResidualWrapper", json!({ "layer": frozen() })), vec!["outer/"]),
        (wrapped("TimeDistributed", json!({ "layer": dense })), vec!["outer/"]),
    ]
}

fn run(layer: &Value) -> Run {
    let first = json!({ "class_name": "Dense", "config": { "name": "first", "units": 3,
        "batch_input_shape": [null, 4, 2] } });
    let last = json!({ "class_name": "GlobalAveragePooling1D", "config": { "name": "mean" } });
    let model = model(&format!("{first},{layer},{last}"));
    let width = model.output_shape().features().unwrap();
    let x = Array3::from_shape_vec((6, 4, 2), (0..48).map(|k| (k as f32 * 0.7).sin()).collect()).unwrap();
    let labels = Labels::Values(Array3::from_elem((6, 1, width), 0.3));
    let data = Arc::new(Examples::new(Inputs::Sequences(x), labels).unwrap());
    let sgd = json!({ "class_name": "SGD", "config": { "learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.01 } });
    let optimizer = Optimizer::from_keras(&sgd, &model.parameters).unwrap();
    let options = FitOptions { batch_size: 3, seed: 1, ..FitOptions::default() };
    Run::new(model, (Loss::MeanSquaredError, optimizer), data, None, options).unwrap()
}

#[test]
fn weights_that_are_not_trainable_stay_and_all_others_move() {
    for (layer, frozen) in cases() {
        let mut run = run(&layer);
        let stays = |name: &str| frozen.iter().any(|prefix| name.starts_with(prefix));
        let before = run.model().parameters.clone();
        run.fit(3, &mut |_, _| {}).unwrap();
        let mut trainable = 0;
        for spec in before.specs() {
            let moved = before.by_name(&spec.name) != run.model().parameters.by_name(&spec.name);
            assert_eq!(moved, !stays(&spec.name), "{} of {layer}", spec.name);
            trainable += if moved { spec.count() } else { 0 };
        }
        let summary = run.model().summary();
        assert_eq!((summary.trainable, summary.total), (trainable, before.values().len()), "{layer}");
    }
}

#[test]
fn what_is_not_trainable_is_written_and_read_back() {
    for (layer, _) in cases() {
        let model = run(&layer).into_model();
        let again = Sequential::from_json(&model.to_json().to_string(), 3).unwrap();
        assert_eq!(again.to_json(), model.to_json());
        let flags = |model: &Sequential| -> Vec<bool> {
            model.parameters.specs().iter().map(|spec| spec.trainable).collect()
        };
        assert_eq!(flags(&again), flags(&model), "{layer}");
    }
}

#[test]
fn trainable_is_true_or_false() {
    for layer in [
        json!({ "class_name": "Dense", "config": { "units": 2, "trainable": "no", "batch_input_shape": [null, 2] } }),
        json!({ "class_name": "TimeDistributed", "config": { "batch_input_shape": [null, null, 2],
            "layer": { "class_name": "Dense", "config": { "units": 2, "trainable": 0 } } } }),
    ] {
        let json = json!({ "class_name": "Sequential", "config": { "layers": [layer] } });
        let message = Sequential::from_json(&json.to_string(), 1).err().unwrap().to_string();
        assert!(message.contains("config.trainable") && message.contains("true or false"), "{message}");
    }
}
