//! A training that starts with the weights of a file.

use serde_json::{Value, json};

use crate::support::Run;

/// A small task, whose data follow from the seed.
fn document(run: &Run) -> Value {
    let mut document: Value = serde_json::from_str(&run.succeeds(&["experiment", "show", "adding"])).unwrap();
    document["data"]["options"] = json!({"timesteps": 6, "samples": 64, "test_samples": 8});
    document["model"]["config"]["layers"][0]["config"]["batch_shape"][1] = 6.into();
    document["model"]["config"]["build_input_shape"] = Value::Null;
    document
}

/// The loss that `train` prints for the first epoch.
fn first_loss(printed: &str) -> f64 {
    let rest = printed.split("loss ").nth(1).unwrap();
    rest.split(',').next().unwrap().parse().unwrap()
}

#[test]
fn training_goes_on_from_the_weights_of_a_file() {
    let run = Run::new("first-weights");
    let mut document = document(&run);
    let file = run.text("adding.json", &document.to_string());
    let trained = run.path("trained.keras");
    let from_seed = run.succeeds(&["train", "--experiment", &file, "--epochs", "8", "--out", &trained]);
    let further = ["train", "--experiment", &file, "--epochs", "1", "--weights", &trained];
    assert!(first_loss(&run.succeeds(&further)) < 0.7 * first_loss(&from_seed), "{from_seed}");
    let again = run.succeeds(&["experiment", "script", &file, &run.path("keras"), "--weights", &trained]);
    assert!(again.trim().ends_with(".py"), "{again}");

    // A document that names its weights asks for them.
    document["weights"] = json!({"name": "trained.keras", "hash": ""});
    let named = run.text("named.json", &document.to_string());
    run.fails(&["train", "--experiment", &named], &["trained.keras", "--weights"]);
    run.succeeds(&["train", "--experiment", &named, "--epochs", "1", "--weights", &trained]);
    run.fails(&["train", "--experiment", &file, "--weights", &file], &["adding.json"]);

    // Other weights of the same shapes, and weights of another network.
    document["weights"] = json!({"name": "best.keras", "hash": "0123456789abcdef"});
    let named = run.text("named.json", &document.to_string());
    let refused = ["trained.keras", "hash", "0123456789abcdef", "best.keras"];
    run.fails(&["train", "--experiment", &named, "--weights", &trained], &refused);
    let arrays = run.path("trained.safetensors");
    run.succeeds(&["convert", &trained, &arrays]);
    let refused = ["trained.safetensors", "another network", "it has no `simple_rnn/kernel`"];
    run.fails(&["train", "--experiment", "parity", "--weights", &arrays], &refused);
}
