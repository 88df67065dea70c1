//! Configurations as Keras 2 wrote them, with every key of that time, mean what they meant then.

use serde_json::{Value, json};
use unrolled::model::{Mode, Sequential};

/// The recurrent layer `class` with the keys that Keras 2.1.3 writes, when GRU had no `reset_after` yet.
fn layer(class: &str, own: Value) -> Value {
    let scaling = json!({ "class_name": "VarianceScaling",
        "config": { "scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": null } });
    let mut config = json!({
        "name": format!("{}_1", class.to_lowercase()), "trainable": true, "return_sequences": false,
        "return_state": false, "go_backwards": false, "stateful": false, "unroll": false, "units": 2,
        "activation": "tanh", "recurrent_activation": "hard_sigmoid", "use_bias": true,
        "kernel_initializer": scaling,
        "recurrent_initializer": { "class_name": "Orthogonal", "config": { "gain": 1.0, "seed": null } },
        "bias_initializer": { "class_name": "Zeros", "config": {} },
        "kernel_regularizer": null, "recurrent_regularizer": null, "bias_regularizer": null,
        "activity_regularizer": null, "kernel_constraint": null, "recurrent_constraint": null,
        "bias_constraint": null, "dropout": 0.0, "recurrent_dropout": 0.0, "implementation": 1,
    });
    config.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    json!({ "class_name": class, "config": config })
}

/// The model of one layer as `version` of Keras writes it; before 2.2.3 the list of layers was the configuration.
fn model(mut layer: Value, version: Option<&str>) -> Sequential {
    layer["config"]["batch_input_shape"] = json!([null, 1, 1]);
    layer["config"]["dtype"] = json!("float32");
    let mut json = json!({ "class_name": "Sequential", "config": [layer] });
    if let Some(version) = version {
        json["keras_version"] = json!(version);
        json["backend"] = json!("tensorflow");
    }
    Sequential::from_json(&json.to_string(), 1).unwrap()
}

fn shape_of(model: &Sequential, name: &str) -> Vec<usize> {
    model.parameters.specs().iter().find(|spec| spec.name == name).unwrap().shape.clone()
}

#[test]
fn a_gru_older_than_reset_after_resets_before() {
    assert_eq!(shape_of(&model(layer("GRU", json!({})), Some("2.1.3")), "gru_1/bias"), [6]);
    let after = layer("GRU", json!({ "reset_after": true }));
    assert_eq!(shape_of(&model(after, Some("2.2.4-tf")), "gru_1/bias"), [2, 6]);
    // Without a version the missing key has Keras 3's default.
    assert_eq!(shape_of(&model(layer("GRU", json!({})), None), "gru_1/bias"), [2, 6]);
}

#[test]
fn hard_sigmoid_is_that_of_the_version_that_wrote_it() {
    // x = 1, kernel 0.5 in every gate, no bias, h = c = 0: c = i·g with i = hard_sigmoid(0.5), g = tanh(0.5), and
    // h = o·tanh(c) with o = i.
    for (version, i) in [(Some("2.1.3"), 0.2 * 0.5 + 0.5f64), (None, 0.5 / 6.0 + 0.5)] {
        let own = json!({ "unit_forget_bias": true });
        let mut model = model(layer("LSTM", own), version);
        model.parameters.values_mut().fill(0.0);
        model.parameters.set("lstm_1/kernel", &[1, 8], &[0.5; 8]).unwrap();
        model.input_mut().set_sequence(1, 1, 1);
        model.input_mut().data[0] = 1.0;
        model.forward(Mode::INFERENCE).unwrap();
        let want = i * (i * 0.5f64.tanh()).tanh();
        assert!((f64::from(model.output().data[0]) - want).abs() < 1e-6, "{version:?}");
    }
}

#[test]
fn wrapped_layers_of_keras_2_are_translated_too() {
    let inner = layer("GRU", json!({}));
    let config =
        json!({ "name": "bidirectional_1", "trainable": true, "layer": inner, "merge_mode": "concat" });
    let both = model(json!({ "class_name": "Bidirectional", "config": config }), Some("2.1.3"));
    assert_eq!(shape_of(&both, "bidirectional_1/backward/bias"), [6]);
    let written = both.to_json();
    let inner = written.pointer("/config/layers/1/config/layer/config").unwrap();
    assert_eq!(inner["recurrent_activation"], "hard_sigmoid_keras2");
    assert_eq!(inner["name"], "forward_gru_1");
}
