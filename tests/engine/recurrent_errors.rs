//! Malformed recurrent layers and inputs give an error that names the field; nothing panics.

use ndarray::Array2;
use proptest::prelude::*;
use serde_json::{Value, json};
use unrolled::model::{Mode, Sequential};
use unrolled::{Error, Result};

fn build(class: &str, config: Value) -> Result<Sequential> {
    let mut layer =
        json!({ "class_name": class, "config": { "name": "l", "batch_input_shape": [null, 6, 4] } });
    if let (Some(to), Value::Object(more)) = (layer["config"].as_object_mut(), config) {
        to.extend(more);
    }
    from_layers(json!([layer]))
}

fn from_layers(layers: Value) -> Result<Sequential> {
    let json = json!({ "class_name": "Sequential", "config": { "name": "m", "layers": layers } });
    Sequential::from_json(&json.to_string(), 1)
}

/// The message of the error, which must be one about a configuration.
fn refused(result: Result<Sequential>) -> String {
    match result {
        Err(error @ Error::Config { .. }) => error.to_string(),
        Err(error) => panic!("another kind of error: {error}"),
        Ok(_) => panic!("accepted"),
    }
}

#[test]
fn malformed_options_are_named() {
    let wrong = [
        ("units", json!(0)),
        ("units", json!(-3)),
        ("units", json!(2.5)),
        ("units", json!("many")),
        ("units", json!(1u64 << 60)),
        ("units", Value::Null),
        ("activation", json!("swish-ish")),
        ("activation", json!(7)),
        ("use_bias", json!("yes")),
        ("kernel_initializer", json!("magic")),
        ("recurrent_initializer", json!({ "class_name": "Nothing" })),
        ("bias_initializer", json!([1])),
        ("dropout", json!(1.0)),
        ("dropout", json!(-0.1)),
        ("recurrent_dropout", json!("half")),
        ("return_sequences", json!(1)),
        ("return_state", json!("no")),
        ("go_backwards", json!([])),
        ("stateful", json!({})),
        ("zero_output_for_mask", json!(0)),
        ("unroll", json!("x")),
        ("implementation", json!(3)),
        ("time_major", json!(true)),
        ("retrun_sequences", json!(true)),
    ];
    for class in ["SimpleRNN", "LSTM", "GRU"] {
        for (option, value) in &wrong {
            let mut config = json!({ "units": 3 });
            config[*option] = value.clone();
            let message = refused(build(class, config));
            assert!(message.contains(&format!("layers[0].config.{option}")), "{class}: {message}");
        }
    }
    for (class, option, value) in [
        ("LSTM", "recurrent_activation", json!("softmaxx")),
        ("GRU", "activation", json!(["softmax"])),
        ("LSTM", "unit_forget_bias", json!(1)),
        ("GRU", "reset_after", json!("after")),
        ("SimpleRNN", "recurrent_activation", json!("sigmoid")),
        ("LSTM", "reset_after", json!(true)),
    ] {
        let mut config = json!({ "units": 3 });
        config[option] = value;
        let message = refused(build(class, config));
        assert!(message.contains(&format!("layers[0].config.{option}")), "{class}: {message}");
    }
}

#[test]
fn malformed_wrappers_are_named() {
    let lstm = |more: Value| {
        let mut layer = json!({ "class_name": "LSTM", "config": { "units": 3 } });
        layer["config"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        layer
    };
    let dense = json!({ "class_name": "Dense", "config": { "units": 2 } });
    let backwards = |more: Value| {
        let mut layer = lstm(json!({ "go_backwards": true }));
        layer["config"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        layer
    };
    let cases = [
        ("Bidirectional", json!({}), "config.layer"),
        ("Bidirectional", json!({ "layer": 5 }), "layer.class_name"),
        ("Bidirectional", json!({ "layer": dense }), "layer.class_name"),
        ("Bidirectional", json!({ "layer": lstm(json!({ "units": 0 })) }), "layer.config.units"),
        ("Bidirectional", json!({ "layer": lstm(json!({})), "merge_mode": "max" }), "merge_mode"),
        ("Bidirectional", json!({ "layer": lstm(json!({})), "merge_mode": 3 }), "merge_mode"),
        ("Bidirectional", json!({ "layer": lstm(json!({ "go_backwards": true })) }), "go_backwards"),
        (
            "Bidirectional",
            json!({ "layer": lstm(json!({})), "backward_layer": lstm(json!({})) }),
            "go_backwards",
        ),
        (
            "Bidirectional",
            json!({ "layer": lstm(json!({})), "backward_layer": backwards(json!({ "stateful": true })) }),
            "stateful",
        ),
        (
            "Bidirectional",
            json!({ "layer": lstm(json!({})), "backward_layer": backwards(json!({ "return_sequences": true })) }),
            "return_sequences",
        ),
        (
            "Bidirectional",
            json!({ "merge_mode": "sum", "layer": lstm(json!({})),
                "backward_layer": backwards(json!({ "units": 5 })) }),
            "merge_mode",
        ),
        ("TimeDistributed", json!({}), "config.layer"),
        ("TimeDistributed", json!({ "layer": lstm(json!({})) }), "layer.class_name"),
        (
            "TimeDistributed",
            json!({ "layer": { "class_name": "Dense", "config": {} } }),
            "layer.config.units",
        ),
        ("RepeatVector", json!({}), "config.n"),
        ("RepeatVector", json!({ "n": 0 }), "config.n"),
        ("RepeatVector", json!({ "n": 3 }), "the input of `l`"),
        ("Masking", json!({ "mask_value": "zero" }), "mask_value"),
        ("ResidualWrapper", json!({}), "config.layer"),
        ("ResidualWrapper", json!({ "layer": lstm(json!({ "return_sequences": true })) }), "l.layer"),
        ("ResidualWrapper", json!({ "layer": lstm(json!({ "units": 4 })) }), "l.layer"),
        (
            "ResidualWrapper",
            json!({ "layer": { "class_name": "ResidualWrapper", "config": {} } }),
            "layer.class_name",
        ),
        ("LSTM", json!({ "units": 3, "name": "a/b" }), "config.name"),
    ];
    for (class, config, field) in cases {
        let message = refused(build(class, config));
        assert!(message.contains(field), "{class}: {message}");
    }
}

#[test]
fn recurrent_layers_refuse_vectors_and_ids() {
    let dense = json!({ "class_name": "Dense", "config": { "name": "d", "units": 2, "batch_input_shape": [null, 4] } });
    let lstm = json!({ "class_name": "LSTM", "config": { "name": "l", "units": 3 } });
    assert!(refused(from_layers(json!([dense, lstm]))).contains("the input of `l`"));
    let apart = json!({ "class_name": "Bidirectional", "config": { "name": "b", "merge_mode": null,
        "batch_input_shape": [null, 6, 4], "layer": { "class_name": "GRU", "config": { "units": 2 } } } });
    let head = json!({ "class_name": "Dense", "config": { "name": "d", "units": 2 } });
    assert!(refused(from_layers(json!([apart, head]))).contains("merge_mode"));
}

#[test]
fn weights_of_another_shape_are_refused_by_the_names_of_their_axes() {
    for (class, weight, found, expected) in [
        ("LSTM", "kernel", vec![12, 4], "[features, 4·units] = [4, 12]"),
        ("LSTM", "bias", vec![3, 4], "[4·units] = [12]"),
        ("GRU", "recurrent_kernel", vec![9, 3], "[units, 3·units] = [3, 9]"),
        ("GRU", "bias", vec![9, 2], "[input and state, 3·units] = [2, 9]"),
        ("SimpleRNN", "kernel", vec![3, 4], "[features, units] = [4, 3]"),
    ] {
        let mut model = build(class, json!({ "units": 3, "batch_input_shape": [null, null, 4] })).unwrap();
        let name = format!("l/{weight}");
        let values = vec![0.0; found.iter().product()];
        let error = model.parameters.set(&name, &found, &values).unwrap_err();
        assert_eq!(error.to_string(), format!("`{name}` must be {expected}, found {found:?}"));
        let view = model.parameters.view(&name).unwrap();
        assert!(expected.ends_with(&format!("{:?}", view.shape())), "{:?}", view.shape());
    }
}

#[test]
fn states_of_another_size_are_refused_and_a_sequence_needs_a_step() {
    let mut model = build("LSTM", json!({ "units": 3, "batch_input_shape": [null, null, 4] })).unwrap();
    let set = |model: &mut Sequential, states| {
        model.layers_mut()[0].recurrents_mut()[0].1.set_initial_state(states)
    };
    let zeros = |samples, units| Array2::zeros((samples, units));
    let error = set(&mut model, vec![zeros(2, 3)]).unwrap_err();
    assert!(error.to_string().contains("initial states of `l`"), "{error}");
    let error = set(&mut model, vec![zeros(2, 3), zeros(3, 2)]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`initial_state/l/c` must be [samples, units] = [2, 3], found [3, 2]",
        "as many numbers, but on other axes"
    );
    let error = set(&mut model, vec![zeros(1, 3), Array2::from_elem((1, 3), f32::NAN)]).unwrap_err();
    assert!(error.to_string().contains("initial_state/l/c"), "{error}");
    set(&mut model, vec![zeros(2, 3), zeros(2, 3)]).unwrap();
    model.input_mut().set_sequence(5, 3, 4);
    let error = model.forward(Mode::INFERENCE).unwrap_err();
    assert!(error.to_string().contains("states given to `l`"), "{error}");
    model.reset_states();
    model.forward(Mode::INFERENCE).unwrap();
    model.input_mut().set_sequence(0, 3, 4);
    assert_eq!(model.forward(Mode::INFERENCE).unwrap_err().code(), "value");
}

#[test]
fn a_stateful_layer_refuses_a_batch_of_another_size_until_it_is_reset() {
    let stateful = json!({ "units": 3, "stateful": true });
    let wrapped = json!({ "layer": { "class_name": "GRU", "config": stateful.clone() } });
    for (class, config) in [("LSTM", stateful), ("Bidirectional", wrapped)] {
        let mut model = build(class, config).unwrap();
        model.input_mut().set_sequence(6, 2, 4);
        model.forward(Mode::INFERENCE).unwrap();
        model.forward(Mode::INFERENCE).unwrap();
        for batch in [1, 3] {
            model.input_mut().set_sequence(6, batch, 4);
            let error = model.forward(Mode::INFERENCE).unwrap_err();
            assert_eq!(error.code(), "value");
            let message = error.to_string();
            assert!(message.contains("the stateful layer `l") && message.contains("reset"), "{message}");
        }
        model.reset_states();
        model.forward(Mode::INFERENCE).unwrap();
    }
}

fn json_values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3..20i64).prop_map(Value::from),
        any::<f64>().prop_map(|v| json!(v)),
        "[a-z_]{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["tanh", "softmax", "sum", "LSTM", "Zeros", "Dense"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let keys =
            prop::sample::select(vec!["class_name", "config", "units", "layer", "name", "n", "merge_mode"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(keys, inner, 0..5).prop_map(|map| map
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect::<Value>()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any value under any key of any recurrent layer builds a model or gives an error.
    #[test]
    fn arbitrary_configurations_never_panic(
        class in prop::sample::select(vec!["SimpleRNN", "LSTM", "GRU", "Bidirectional", "TimeDistributed",
            "RepeatVector",
            "Masking", "ResidualWrapper"]),
        options in prop::collection::vec((prop::sample::select(vec!["units", "activation",
            "recurrent_activation", "use_bias",
            "layer", "backward_layer", "merge_mode", "n", "mask_value", "dropout", "recurrent_dropout",
                "return_sequences",
            "go_backwards", "stateful", "reset_after", "implementation", "kernel_initializer", "name",
            "batch_input_shape"]), json_values()), 0..5),
    ) {
        let inner = json!({ "class_name": "GRU", "config": { "units": 4, "return_sequences": true } });
        let mut config = json!({ "units": 4, "n": 2, "layer": inner });
        let own: &[&str] = match class {
            "Bidirectional" | "TimeDistributed" | "ResidualWrapper" => &["layer"],
            "RepeatVector" => &["n"],
            "Masking" => &[],
            _ => &["units"],
        };
        config.as_object_mut().unwrap().retain(|key, _| own.contains(&key.as_str()));
        for (key, value) in options {
            config[key] = value;
        }
        if let Ok(mut model) = build(class, config) {
            let features = model.input_shape().features().unwrap_or(1);
            if features < 100 && model.parameters.values().len() < 100_000 {
                let timesteps = model.input_shape().timesteps().unwrap_or(3).min(50);
                model.input_mut().set_sequence(timesteps, 2, features);
                if model.forward(Mode { training: true, ..Mode::INFERENCE }).is_ok() {
                    model.output_gradient_mut().fill(1.0);
                    let mut gradients = model.new_gradients();
                    model.backward(Mode { training: true, ..Mode::INFERENCE }, true, &mut gradients);
                }
            }
        }
    }
}
