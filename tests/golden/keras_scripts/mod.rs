//! The Keras scripts that are written, and the losses that Keras computed when they were run: `make.py` ran them.

use std::path::Path;

use serde_json::Value;
use unrolled::data::Dataset;
use unrolled::experiment::Experiment;
use unrolled::experiment::keras_code::script::{Form, script};
use unrolled::session::Training;

/// What an update may differ by.
const TOLERANCE: f64 = 1e-4;

/// The experiments with their losses: on one device, and shared by one and by two.
fn kept() -> Vec<(String, Vec<Vec<f64>>)> {
    let losses: Value = serde_json::from_str(include_str!("losses.json")).unwrap();
    let runs = |value: &Value| {
        serde_json::from_value(Value::from_iter(value.as_object().unwrap().values().cloned()))
    };
    let experiments = losses.as_object().unwrap().iter().filter(|(_, value)| value.is_object());
    experiments.map(|(name, value)| (name.clone(), runs(value).unwrap())).collect()
}

#[test]
fn the_scripts_that_are_written_are_those_that_were_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/keras_scripts");
    let mut compared = 0;
    for (name, _) in kept() {
        let experiment = Experiment::preset(&name).unwrap();
        for (devices, ending) in [(false, ".py"), (true, "-devices.py")] {
            let ran = std::fs::read_to_string(folder.join(format!("{name}{ending}"))).unwrap();
            let written = script(&experiment, &name, Form { notebook: false, devices }).unwrap();
            assert_eq!(written, ran, "{name}{ending}: run make.py again");
            compared += 1;
        }
    }
    assert!(compared >= 10);
}

#[test]
fn keras_and_the_engine_have_the_same_first_losses() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data");
    let mut compared = 0;
    for (name, runs) in kept() {
        let experiment = Experiment::preset(&name).unwrap();
        let mut training = Training::new();
        if experiment.data.task.is_none() {
            // Packed data are not part of the repository: `cargo xtask data` makes them.
            let Ok(pack) = std::fs::read(data.join(format!("{}.safetensors", experiment.data.set))) else {
                continue;
            };
            training.use_dataset(Dataset::from_bytes(&pack).unwrap());
        }
        training.set_up(experiment).unwrap();
        for k in 0..runs[0].len() {
            let loss = f64::from(training.step_once(|| 0.0).unwrap().losses[0]);
            for run in &runs {
                assert!(
                    (run[k] - loss).abs() < TOLERANCE,
                    "{name}, update {}: {loss}, Keras {}",
                    k + 1,
                    run[k]
                );
            }
        }
        compared += 1;
    }
    assert!(compared >= 2, "at least those whose data are generated");
}
