//! The program as other programs run it: files in, files out, exit codes and sentences.

use crate::support::{Run, floats, ids, lstm_model, mask, sequences_model, values};
use ndarray::arr2;
use unrolled::model::Sequential;
use unrolled::tensors::{Container, Tensors};

#[test]
fn summary_prints_kerass_table_and_json() {
    let run = Run::new("summary");
    let model = run.text("model.json", &lstm_model());
    let table = run.succeeds(&["summary", &model]);
    assert!(table.contains("lstm (LSTM)"), "{table}");
    assert!(table.contains("Total params: 545"), "{table}");
    let json: serde_json::Value =
        serde_json::from_str(&run.succeeds(&["summary", &model, "--json"])).unwrap();
    assert_eq!(json["total"], 545);
    assert_eq!(json["trainable"], 545);
    let layer = &json["layers"][1];
    assert_eq!(layer["name"], "lstm");
    assert_eq!(layer["class_name"], "LSTM");
    assert_eq!(layer["output_shape"], serde_json::json!([null, 6]));
    assert_eq!(layer["params"], 4 * (6 * 5 + 6 * 6 + 6));
}

#[test]
fn forward_writes_output_and_trace_samples_first() {
    let run = Run::new("forward");
    let files = run.lstm_files();
    run.succeeds(&["forward", &files[0], &files[1], &files[2], &files[3], "--trace"]);
    let out = run.tensors("out.safetensors");
    assert_eq!(out.get("output").unwrap().shape(), [3, 1]);
    for symbol in ["i", "f", "g", "o", "c", "h"] {
        assert_eq!(out.get(&format!("lstm/{symbol}")).unwrap().shape(), [3, 4, 6], "{symbol}");
    }
    let p = values(&out, "output");
    assert!(p.iter().all(|p| *p > 0.0 && *p < 1.0));
}

#[test]
fn each_sample_is_computed_as_if_it_were_alone() {
    let run = Run::new("alone");
    let files = run.lstm_files();
    run.succeeds(&["forward", &files[0], &files[1], &files[2], &files[3]]);
    let together = run.tensors("out.safetensors");
    let x = run.tensors("inputs.safetensors");
    let x = x.get("x").unwrap().ids("x").unwrap().into_raw_vec_and_offset().0;
    for sample in 0..3 {
        let mut inputs = Tensors::new();
        inputs.insert("x", ids(&[1, 4], x[sample * 4..][..4].iter().map(|id| *id as i32).collect()));
        let path = run.file("alone.safetensors", &inputs);
        run.succeeds(&["forward", &files[0], &files[1], &path, &files[3]]);
        let alone = run.tensors("out.safetensors");
        let want = values(&together, "output")[sample];
        assert_eq!(values(&alone, "output"), [want]);
    }
}

#[test]
fn npz_serves_as_safetensors_does() {
    let run = Run::new("npz");
    let files = run.lstm_files();
    run.succeeds(&["forward", &files[0], &files[1], &files[2], &files[3], "--trace"]);
    let want = run.tensors("out.safetensors");
    let inputs =
        run.bytes("inputs.npz", &run.tensors("inputs.safetensors").to_bytes(Container::Npz).unwrap());
    let out = run.path("out.npz");
    run.succeeds(&["forward", &files[0], &files[1], &inputs, &out, "--trace"]);
    assert!(std::fs::read(&out).unwrap().starts_with(b"PK"));
    assert_eq!(run.tensors("out.npz"), want);
}

#[test]
fn an_initial_state_is_where_the_sequence_goes_on() {
    let run = Run::new("state");
    let model = run.text("model.json", &sequences_model());
    let weights = run.weights(&sequences_model(), "weights.safetensors");
    let numbers: Vec<f32> = (0..2 * 6 * 3).map(|k| (k as f32 * 0.37).sin()).collect();
    let part = |from: usize| -> Vec<f32> {
        numbers.chunks(18).flat_map(|sample| sample[from * 3..(from + 3) * 3].to_vec()).collect()
    };
    let out = run.path("out.safetensors");
    let forward = |inputs: Tensors| {
        let inputs = run.file("inputs.safetensors", &inputs);
        run.succeeds(&["forward", &model, &weights, &inputs, &out]);
        run.tensors("out.safetensors")
    };
    let mut inputs = Tensors::new();
    inputs.insert("x", floats(&[2, 6, 3], numbers.clone()));
    let whole = forward(inputs);
    let mut inputs = Tensors::new();
    inputs.insert("x", floats(&[2, 3, 3], part(0)));
    let first = forward(inputs);
    let mut inputs = Tensors::new();
    inputs.insert("x", floats(&[2, 3, 3], part(3)));
    for state in ["h", "c"] {
        inputs.insert(
            format!("initial_state/lstm/{state}"),
            first.get(&format!("state/{state}")).unwrap().clone(),
        );
    }
    let second = forward(inputs);
    assert_eq!(second.get("state/c"), whole.get("state/c"));
    assert_eq!(second.get("state/h"), whole.get("state/h"));
}

#[test]
fn a_mask_enters_the_first_layer_and_ends_at_an_embedding_as_in_keras() {
    let run = Run::new("mask");
    let model = run.text("sequences.json", &sequences_model());
    let weights = run.weights(&sequences_model(), "sequences.safetensors");
    let mut inputs = Tensors::new();
    inputs.insert("x", floats(&[1, 4, 3], (0..12).map(|k| (k as f32).sin()).collect()));
    inputs.insert("mask", arr2(&[[1u8, 0, 1, 0]]));
    let inputs = run.file("sequences-inputs.safetensors", &inputs);
    let out = run.path("out.safetensors");
    run.succeeds(&["forward", &model, &weights, &inputs, &out]);
    let output = values(&run.tensors("out.safetensors"), "output");
    let rows: Vec<&[f32]> = output.chunks(5).collect();
    assert_eq!((rows[1], rows[3]), (rows[0], rows[2]), "a masked step carries the output over");
    assert_ne!(rows[0], rows[2]);

    let files = run.lstm_files();
    run.succeeds(&["forward", &files[0], &files[1], &files[2], &out]);
    let want = run.tensors("out.safetensors");
    let mut inputs = run.tensors("inputs.safetensors");
    inputs.insert("mask", mask(&[3, 4], 0));
    let masked = run.file("masked.safetensors", &inputs);
    run.succeeds(&["forward", &files[0], &files[1], &masked, &out]);
    assert_eq!(run.tensors("out.safetensors"), want);
}

#[test]
fn repeat_moves_only_layers_that_are_stateful() {
    let run = Run::new("repeat");
    for (stateful, same) in [(false, true), (true, false)] {
        let json = sequences_model().replace("\"units\":5", &format!("\"units\":5,\"stateful\":{stateful}"));
        let model = run.text("model.json", &json);
        let weights = run.weights(&json, "weights.safetensors");
        let mut inputs = Tensors::new();
        inputs.insert("x", floats(&[2, 2, 3], (0..12).map(|k| k as f32 * 0.1).collect()));
        let inputs = run.file("inputs.safetensors", &inputs);
        let out = run.path("out.safetensors");
        run.succeeds(&["forward", &model, &weights, &inputs, &out]);
        let once = run.tensors("out.safetensors");
        run.succeeds(&["forward", &model, &weights, &inputs, &out, "--repeat", "3"]);
        assert_eq!(run.tensors("out.safetensors") == once, same, "stateful: {stateful}");
    }
}

/// In Keras a stateful model has the size of its batches in its configuration, and takes no other.
#[test]
fn a_stateful_model_takes_batches_of_its_size_only() {
    let run = Run::new("stateful");
    let json = sequences_model().replace("\"units\":5", "\"units\":5,\"stateful\":true");
    let fixed = json.replace("[null,null,3]", "[2,null,3]").replace(",\"return_state\":true", "");
    let model = run.text("model.json", &fixed);
    let weights = run.weights(&fixed, "weights.safetensors");
    let inputs = |samples: usize| {
        let mut inputs = Tensors::new();
        let values = |width: usize| (0..samples * 2 * width).map(|k| (k as f32 * 0.3).sin()).collect();
        inputs.insert("x", floats(&[samples, 2, 3], values(3)));
        inputs.insert("y", floats(&[samples, 2, 5], values(5)));
        run.file(&format!("inputs-{samples}.safetensors"), &inputs)
    };
    let (two, four) = (inputs(2), inputs(4));
    let out = run.path("out.safetensors");
    let size = ["batch of this stateful model", "2", "found 4"];
    run.succeeds(&["forward", &model, &weights, &two, &out, "--repeat", "2"]);
    run.fails(&["forward", &model, &weights, &four, &out], &size);
    run.fails(&["backward", &model, &weights, &four, &out, "--loss", "mean_squared_error"], &size);
    let fit = |batch: &'static str| {
        let mut arguments =
            vec!["fit", &model, &weights, &four, &out, "--loss", "mean_squared_error", "--no-shuffle"];
        arguments.extend(["--optimizer", "\"sgd\"", "--epochs", "2", "--batch-size", batch]);
        arguments
    };
    run.succeeds(&fit("2"));
    assert_eq!(run.tensors("out.safetensors").get("history/loss").unwrap().shape(), [4]);
    run.fails(&fit("4"), &size);
    let read = Sequential::from_json(&fixed, 1).unwrap().to_json();
    assert_eq!(read["config"]["layers"][0]["config"]["batch_shape"], serde_json::json!([2, null, 3]));
}

#[test]
fn the_gradient_of_a_loss_is_that_of_its_upstream() {
    let run = Run::new("backward");
    let json = sequences_model();
    let model = run.text("model.json", &json);
    let weights = run.weights(&json, "weights.safetensors");
    let mut inputs = Tensors::new();
    inputs.insert("x", floats(&[2, 3, 3], (0..18).map(|k| (k as f32).cos()).collect()));
    inputs.insert("upstream", floats(&[2, 3, 5], (0..30).map(|k| (k as f32 * 0.7).sin()).collect()));
    let inputs = run.file("inputs.safetensors", &inputs);
    let out = run.path("out.safetensors");
    run.succeeds(&["backward", &model, &weights, &inputs, &out]);
    let gradients = run.tensors("out.safetensors");
    for (name, shape) in [
        ("grad/x", vec![2, 3, 3]),
        ("grad/lstm/kernel", vec![3, 20]),
        ("grad/lstm/recurrent_kernel", vec![5, 20]),
        ("grad/lstm/bias", vec![20]),
        ("grad/initial_state/lstm/h", vec![2, 5]),
        ("grad/initial_state/lstm/c", vec![2, 5]),
        ("output", vec![2, 3, 5]),
    ] {
        let tensor = gradients.get(name).unwrap_or_else(|| panic!("{name} is missing"));
        assert_eq!(tensor.shape(), shape, "{name}");
    }
    assert!(gradients.get("loss").is_none());
}

#[test]
fn a_loss_falls_by_its_gradient_times_a_small_step() {
    let run = Run::new("loss");
    let files = run.lstm_files();
    let loss_at = |weights: &str| {
        run.succeeds(&[
            "backward",
            &files[0],
            weights,
            &files[2],
            &files[3],
            "--loss",
            "binary_crossentropy",
        ]);
        run.tensors("out.safetensors")
    };
    let before = loss_at(&files[1]);
    assert!(before.get("loss").unwrap().shape().is_empty());
    assert!(before.get("grad/x").is_none(), "ids have no gradient");
    let mut moved = Tensors::new();
    let (mut squares, rate) = (0.0f64, 1e-2f32);
    for (name, tensor) in run.tensors("weights.safetensors").iter() {
        let gradient = values(&before, &format!("grad/{name}"));
        squares += gradient.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>();
        let changed = tensor.floats(name).unwrap().iter().zip(&gradient).map(|(w, g)| w - rate * g).collect();
        moved.insert(name, floats(tensor.shape(), changed));
    }
    let after = loss_at(&run.file("moved.safetensors", &moved));
    let value = |t: &Tensors| f64::from(values(t, "loss")[0]);
    let (fell, expected) = (value(&before) - value(&after), f64::from(rate) * squares);
    // The second-order term of a step this small is a few percent.
    assert!((fell / expected - 1.0).abs() < 0.1, "{fell} for {expected}");
}

#[test]
fn fit_writes_a_loss_a_step_and_weights_that_can_be_used_again() {
    let run = Run::new("fit");
    let files = run.lstm_files();
    let adam = r#"{"class_name":"Adam","config":{"learning_rate":0.01,"name":"adam","amsgrad":false,"clipnorm":null}}"#;
    let fit = ["--loss", "binary_crossentropy", "--optimizer", adam, "--batch-size", "2", "--epochs", "40"];
    let arguments = [&["fit", &files[0], &files[1], &files[2], &files[3]], &fit[..]].concat();
    run.succeeds(&arguments);
    let out = run.tensors("out.safetensors");
    let losses = values(&out, "history/loss");
    assert_eq!(losses.len(), 80);
    assert!(losses[79] < losses[0] / 2.0, "{losses:?}");
    let again = run.bytes("again.safetensors", &std::fs::read(&files[3]).unwrap());
    run.succeeds(&["forward", &files[0], &again, &files[2], &files[3]]);
    assert_ne!(out.get("lstm/kernel"), run.tensors("weights.safetensors").get("lstm/kernel"));
    run.succeeds(&arguments);
    assert_eq!(run.tensors("out.safetensors"), out, "the same seed gives the same bits");
}

#[test]
fn the_first_loss_of_fit_is_that_of_backward() {
    let run = Run::new("first");
    let files = run.lstm_files();
    run.succeeds(&["backward", &files[0], &files[1], &files[2], &files[3], "--loss", "binary_crossentropy"]);
    let loss = values(&run.tensors("out.safetensors"), "loss")[0];
    let sgd = r#"{"class_name":"Adam"}"#;
    run.succeeds(&[
        "fit",
        &files[0],
        &files[1],
        &files[2],
        &files[3],
        "--loss",
        "binary_crossentropy",
        "--optimizer",
        sgd,
        "--batch-size",
        "3",
        "--epochs",
        "1",
        "--no-shuffle",
    ]);
    assert_eq!(values(&run.tensors("out.safetensors"), "history/loss"), [loss]);
}

#[test]
fn help_has_examples_and_success() {
    let run = Run::new("help");
    for command in ["summary", "forward", "backward", "fit"] {
        let help = run.succeeds(&[command, "--help"]);
        assert!(help.contains("Example"), "{help}");
    }
}
