//! Configurations as Keras 2.0, 2.2 and 3 write them.

use serde_json::{Value, json};
use unrolled::layers::Shape;
use unrolled::model::Sequential;

/// Everything that Keras 2.0 writes for the layers of the tutorial on film reviews.
fn keras_2_layers() -> Value {
    let none = json!(null);
    json!([
        {"class_name": "Embedding", "config": {
            "name": "embedding_2", "trainable": true, "batch_input_shape": [null, null], "dtype": "int32",
            "input_dim": 20000, "output_dim": 128,
            "embeddings_initializer": {"class_name": "RandomUniform",
                "config": {"minval": -0.05, "maxval": 0.05, "seed": null}},
            "embeddings_regularizer": none, "activity_regularizer": none, "embeddings_constraint": none,
            "mask_zero": false, "input_length": null}},
        {"class_name": "LSTM", "config": {
            "name": "lstm_2", "trainable": true, "return_sequences": false, "return_state": false,
            "go_backwards": false, "stateful": false, "unroll": false, "implementation": 0, "units": 128,
            "activation": "tanh", "recurrent_activation": "hard_sigmoid", "use_bias": true,
            "kernel_initializer": {"class_name": "VarianceScaling",
                "config": {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": null}},
            "recurrent_initializer": {"class_name": "Orthogonal", "config": {"gain": 1.0, "seed": null}},
            "bias_initializer": {"class_name": "Zeros", "config": {}}, "unit_forget_bias": true,
            "kernel_regularizer": none, "recurrent_regularizer": none, "bias_regularizer": none,
            "activity_regularizer": none, "kernel_constraint": none, "recurrent_constraint": none,
            "bias_constraint": none, "dropout": 0.2, "recurrent_dropout": 0.2}},
        {"class_name": "Dense", "config": {
            "name": "dense_2", "trainable": true, "units": 1, "activation": "sigmoid", "use_bias": true,
            "kernel_initializer": {"class_name": "VarianceScaling",
                "config": {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": null}},
            "bias_initializer": {"class_name": "Zeros", "config": {}},
            "kernel_regularizer": none, "bias_regularizer": none, "activity_regularizer": none,
            "kernel_constraint": none, "bias_constraint": none}},
    ])
}

fn model(config: Value, version: &str) -> Sequential {
    let json = json!({"class_name": "Sequential", "config": config, "keras_version": version, "backend": "tensorflow"});
    Sequential::from_json(&json.to_string(), 1).unwrap()
}

fn recurrent_activation(model: &Sequential, layer: usize) -> String {
    model.layers()[layer].config()["config"]["recurrent_activation"].to_string()
}

#[test]
fn a_model_of_keras_2_0_is_a_list_of_layers() {
    let model = model(keras_2_layers(), "2.0.8");
    let table = model.summary().to_string();
    for line in [
        "embedding_2 (Embedding)      (None, None, 128)         2560000",
        "lstm_2 (LSTM)                (None, 128)               131584",
        "dense_2 (Dense)              (None, 1)                 129",
        "Total params: 2,691,713",
        "Trainable params: 2,691,713",
        "Non-trainable params: 0",
    ] {
        assert!(table.lines().any(|found| found == line), "{line} is not in\n{table}");
    }
}

#[test]
fn a_model_of_keras_2_3_has_a_name_beside_its_layers() {
    let layers = keras_2_layers();
    let config = json!({"name": "sequential_7", "build_input_shape": [null, null], "layers": layers});
    let model = model(config, "2.3.1");
    assert_eq!(model.name(), "sequential_7");
    assert_eq!(model.summary().total, 2_691_713);
}

#[test]
fn the_hard_sigmoid_is_that_of_the_keras_that_wrote_the_model() {
    assert_eq!(recurrent_activation(&model(keras_2_layers(), "2.2.4"), 1), "\"hard_sigmoid_keras2\"");
    let config = json!({"name": "m", "layers": keras_2_layers()});
    assert_eq!(recurrent_activation(&model(config, "3.1.0"), 1), "\"hard_sigmoid\"");
}

#[test]
fn a_bidirectional_of_keras_2_has_its_shape_and_its_activations_inside() {
    let layer = json!({"class_name": "GRU", "config": {
        "name": "gru_1", "batch_input_shape": [null, 7, 3], "units": 4, "recurrent_activation": "hard_sigmoid",
        "reset_after": false}});
    let bidirectional = json!([{"class_name": "Bidirectional", "config": {
        "name": "bidirectional_1", "trainable": true, "layer": layer, "merge_mode": "concat"}}]);
    let model = model(bidirectional, "2.1.6");
    assert_eq!(model.input_shape(), Shape::Sequence { timesteps: Some(7), features: 3 });
    let inner = &model.layers()[0].config()["config"]["layer"]["config"]["recurrent_activation"];
    assert_eq!(inner, "hard_sigmoid_keras2");
    // Without reset_after a direction has one bias.
    assert_eq!(model.summary().total, 2 * 3 * 4 * (3 + 4 + 1));
}

#[test]
fn missing_keys_have_the_defaults_of_keras_3() {
    let layers = json!([
        {"class_name": "GRU", "config": {"units": 4, "batch_input_shape": [null, null, 3]}},
        {"class_name": "Dense", "config": {"units": 2}},
    ]);
    let json = json!({"class_name": "Sequential", "config": {"layers": layers}}).to_string();
    let model = Sequential::from_json(&json, 1).unwrap();
    assert_eq!(model.name(), "sequential");
    let config = |k: usize| model.layers()[k].config()["config"].clone();
    assert_eq!(config(0)["name"], "gru");
    assert_eq!(config(0)["reset_after"], true);
    assert_eq!(config(0)["recurrent_activation"], "sigmoid");
    assert_eq!(config(0)["activation"], "tanh");
    assert_eq!(config(0)["return_sequences"], false);
    assert_eq!(config(0)["kernel_initializer"]["class_name"], "GlorotUniform");
    assert_eq!(config(0)["recurrent_initializer"]["class_name"], "Orthogonal");
    assert_eq!(config(1)["activation"], "linear");
    assert_eq!(config(1)["use_bias"], true);
}

#[test]
fn an_input_shape_without_anything_in_it_is_refused_by_name() {
    let read = |key: &str, shape: Value| {
        let layers = json!([{"class_name": "LSTM", "config": {"units": 4, key: shape}}]);
        let json = json!({"class_name": "Sequential", "config": {"layers": layers}});
        Sequential::from_json(&json.to_string(), 1)
    };
    for shape in [
        json!([null, 0, 3]),
        json!([null, 5, 0]),
        json!([0, 5, 3]),
        json!([null, -5, 3]),
        json!([null, 2.5, 3]),
        json!([null, "5", 3]),
        json!([null, 5, null]),
        json!([null, 5, 1u64 << 40]),
        json!([null, 5, 3, 2]),
        json!([null]),
        json!([]),
    ] {
        for key in ["batch_shape", "batch_input_shape"] {
            let message =
                read(key, shape.clone()).err().unwrap_or_else(|| panic!("{key} {shape}")).to_string();
            assert!(message.contains("batch_shape") && message.contains(&shape.to_string()), "{message}");
        }
    }
    let fixed = read("batch_shape", json!([2, 5, 3])).unwrap();
    assert_eq!(fixed.input_shape(), Shape::Sequence { timesteps: Some(5), features: 3 });
}

#[test]
fn numbers_that_single_precision_cannot_hold_are_refused_by_name() {
    let read = |class: &str, key: &str, value: Value| {
        let layers = json!([{"class_name": class, "config": {"units": 2, "batch_shape": [null, 4, 3]}}]);
        let mut json = json!({"class_name": "Sequential", "config": {"layers": layers}});
        let config = &mut json["config"]["layers"][0]["config"];
        if class != "LSTM" {
            config.as_object_mut().unwrap().remove("units");
        }
        config[key] = value;
        Sequential::from_json(&json.to_string(), 1)
    };
    let scaled = |scale: f64| json!({"class_name": "VarianceScaling", "config": {"scale": scale}});
    for (class, key, value) in [
        ("LayerNormalization", "epsilon", json!(1e300)),
        ("LayerNormalization", "epsilon", json!(1e-300)),
        ("Masking", "mask_value", json!(-1e39)),
        ("LSTM", "dropout", json!(0.999_999_999_9)),
        ("LSTM", "kernel_initializer", scaled(1e300)),
        ("LSTM", "kernel_initializer", scaled(1e-300)),
    ] {
        let message =
            read(class, key, value.clone()).err().unwrap_or_else(|| panic!("{key} {value}")).to_string();
        assert!(message.contains(&format!("layers[0].config.{key}")), "{message}");
    }
    assert!(read("LayerNormalization", "epsilon", json!(1e-12)).is_ok());
    assert!(read("LSTM", "dropout", json!(0.999_999)).is_ok());
    assert!(read("Masking", "mask_value", json!(0)).is_ok());
}
