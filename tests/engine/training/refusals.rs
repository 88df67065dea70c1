//! Options, data and labels that training refuses, each by name.

use std::sync::Arc;

use ndarray::{Array2, Array3, array};
use proptest::prelude::*;
use serde_json::{Value, json};
use unrolled::model::{Mode, Sequential};
use unrolled::train::{Examples, FitOptions, Inputs, Labels, Loss, Optimizer, Run};

use super::{CLASSIFIER, SPARSE, model, points};

#[test]
fn bad_options_and_data_are_refused_by_name() {
    let of = |config: Value| {
        let model = model(CLASSIFIER);
        Optimizer::from_keras(&config, &model.parameters).map(|_| ()).unwrap_err().to_string()
    };
    for (config, field) in [
        (json!({ "class_name": "Adam", "config": { "learning_rate": -1.0 } }), "learning_rate"),
        (json!({ "class_name": "Adam", "config": { "lerning_rate": 1.0 } }), "lerning_rate"),
        (json!({ "class_name": "Adam", "config": { "beta_1": 1.5 } }), "beta_1"),
        (json!({ "class_name": "Adam", "config": { "epsilon": -1e-7 } }), "epsilon"),
        (json!({ "class_name": "Adam", "config": { "use_ema": true } }), "use_ema"),
        (json!({ "class_name": "SGD", "config": { "clipnorm": 1.0, "clipvalue": 1.0 } }), "clipvalue"),
        (json!({ "class_name": "SGD", "config": { "momentum": "much" } }), "momentum"),
        (json!({ "class_name": "SGD", "config": { "weight_decay": -0.1 } }), "weight_decay"),
        (json!({ "class_name": "Adagrad", "config": { "initial_accumulator_value": -1 } }), "initial_acc"),
        (json!({ "class_name": "Adam", "config": { "sparse_embedding_updates": "some" } }), "sparse_emb"),
        (json!({ "class_name": "Ftrl" }), "class_name"),
        (json!(7), "class_name"),
        (
            json!({ "class_name": "SGD", "config": { "learning_rate": { "class_name": "Magic" } } }),
            "class_name",
        ),
        (
            json!({ "class_name": "SGD", "config": { "learning_rate": { "class_name": "CosineDecay",
                "config": { "initial_learning_rate": 0.1, "decay_steps": 0 } } } }),
            "decay_steps",
        ),
        (
            json!({ "class_name": "SGD", "config": { "learning_rate": { "class_name": "PiecewiseConstantDecay",
                "config": { "boundaries": [3, 2], "values": [1, 2, 3] } } } }),
            "boundaries",
        ),
    ] {
        let error = of(config);
        assert!(error.contains(field), "{error}");
    }
    let vectors = |count| Inputs::Vectors(Array2::zeros((count, 2)));
    let classes = |count| Labels::of_samples(vec![0; count]);
    for (inputs, labels, what) in [
        (vectors(0), classes(0), "at least one sample"),
        (vectors(2), classes(3), "`y` must be [samples, timesteps] = [2, 1], found [3, 1]"),
        (Inputs::Vectors(array![[0.0, f32::NAN]]), classes(1), "finite"),
        (Inputs::Ids(Array2::zeros((1, 0))), classes(1), "at least one number"),
    ] {
        let error = Examples::new(inputs, labels).unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
    }
    let ids = Examples::new(Inputs::Ids(Array2::zeros((3, 5))), classes(3)).unwrap();
    let error = ids.with_mask(Array2::from_elem((5, 3), true)).unwrap_err().to_string();
    assert_eq!(error, "`mask` must be [samples, timesteps] = [3, 5], found [5, 3]");
    for batch_size in [0, 41] {
        let model = model(CLASSIFIER);
        let optimizer = Optimizer::from_keras(&json!("adam"), &model.parameters).unwrap();
        let options = FitOptions { batch_size, seed: 1, ..FitOptions::default() };
        let made = Run::new(model, (SPARSE, optimizer), Arc::new(points(40, 1)), None, options);
        assert!(made.err().unwrap().to_string().contains("batch_size"));
    }
}

/// A file of Keras with such options predicts as Keras does; only training would differ.
#[test]
fn regularizers_and_constraints_are_refused_by_training_alone() {
    for class in ["SimpleRNN", "LSTM", "GRU"] {
        for (option, value) in [
            ("kernel_regularizer", json!({ "class_name": "L2", "config": { "l2": 0.01 } })),
            ("recurrent_regularizer", json!("l1")),
            ("recurrent_constraint", json!("max_norm")),
            ("activity_regularizer", json!("l2")),
        ] {
            let mut layer = json!({ "class_name": class,
                "config": { "name": "a", "units": 2, "batch_input_shape": [null, 1, 2] } });
            layer["config"][option] = value;
            let mut model = model(&layer.to_string());
            model.input_mut().set_sequence(1, 3, 2);
            model.input_mut().data.fill(0.5);
            assert!(model.forward(Mode::INFERENCE).is_ok(), "{class} with {option} predicts");
            let inputs = Inputs::Sequences(Array3::zeros((4, 1, 2)));
            let examples = Examples::new(inputs, Labels::of_samples(vec![0, 1, 0, 1])).unwrap();
            let optimizer = Optimizer::from_keras(&json!("adam"), &model.parameters).unwrap();
            let options = FitOptions { batch_size: 2, seed: 1, ..FitOptions::default() };
            let made = Run::new(model, (SPARSE, optimizer), Arc::new(examples), None, options);
            let error = made.err().unwrap().to_string();
            assert!(error.contains(&format!("layers[0].config.{option}")), "{error}");
            assert!(error.contains("null to train"), "{error}");
        }
    }
}

#[test]
fn labels_that_do_not_fit_the_output_are_refused() {
    let flat = model(CLASSIFIER).output_shape();
    assert!(SPARSE.check(&Labels::of_samples(vec![0, 1]), flat).is_ok());
    assert!(SPARSE.check(&Labels::of_samples(vec![0, 2]), flat).unwrap_err().to_string().contains("below 2"));
    let two = SPARSE.check(&Labels::Classes(array![[0, 1]]), flat).unwrap_err().to_string();
    assert_eq!(
        two, "`y` must be [samples, timesteps] = [1, 1], found [1, 2]",
        "two labels for one prediction"
    );
    let values = Labels::Values(Array3::zeros((1, 1, 3)));
    assert!(Loss::CategoricalCrossentropy { from_logits: false }.check(&values, flat).is_err());
    assert!(
        Loss::BinaryCrossentropy { from_logits: false }.check(&Labels::of_samples(vec![0]), flat).is_err()
    );
    assert!(Loss::from_keras("hinge", false).unwrap_err().to_string().contains("mean_squared_error"));
}

proptest! {
    /// Whatever stands in the options of a layer, the answer is a model or an error, and a model runs.
    #[test]
    fn no_configuration_of_a_layer_panics(
        class in proptest::sample::select(unrolled::layers::SUPPORTED),
        options in proptest::collection::hash_map(
            proptest::sample::select(vec!["units", "filters", "kernel_size", "strides", "padding", "dilation_rate",
                "pool_size", "rate", "axis", "epsilon", "activation", "groups", "keepdims", "data_format", "use_bias",
                "input_dim", "output_dim", "n", "name", "kernel_initializer", "mask_zero", "nonsense"]),
            proptest::sample::select(vec![json!(0), json!(1), json!(3), json!(-2), json!(0.5), json!([2]), json!([]),
                json!("same"), json!("relu"), json!(true), json!({}), json!(1e300), json!(16_777_216), json!("")]),
            0..6),
        timesteps in 0usize..5,
    ) {
        let ids = class == "Embedding";
        let mut config = json!({ "batch_input_shape": if ids { json!([null, null]) } else { json!([null, null, 2]) } });
        for (key, value) in options {
            config[key] = value;
        }
        let json = json!({ "class_name": "Sequential",
            "config": { "layers": [{ "class_name": class, "config": config }] } });
        let Ok(mut model) = Sequential::from_json(&json.to_string(), 1) else { return Ok(()) };
        prop_assume!(model.parameters.values().len() < 100_000);
        if ids { model.input_mut().set_ids(timesteps, 2) } else { model.input_mut().set_sequence(timesteps, 2, 2) }
        model.input_mut().data.fill(0.5);
        if model.forward(Mode::INFERENCE).is_ok() && timesteps > 0 {
            model.output_gradient_mut().fill(1.0);
            let mut gradients = model.new_gradients();
            model.backward(Mode::INFERENCE, true, &mut gradients);
        }
    }
}
