//! What is wrong ends with exit code 2 and one sentence.

use crate::support::{Run, floats, ids, lstm_model, mask};
use unrolled::tensors::{Tensor, Tensors};

/// Runs that must end with exit code 2 and one sentence that holds the given words.
#[test]
fn bad_input_ends_with_one_sentence() {
    let run = Run::new("bad");
    let files = run.lstm_files();
    let good = |name: &str| run.tensors(name);
    let with = |name: &str, tensor: Tensor| {
        let mut inputs = good("inputs.safetensors");
        inputs.insert(name, tensor);
        run.file(&format!("bad-{}.safetensors", name.replace('/', "-")), &inputs)
    };
    let forward = |inputs: &str, words: &[&str]| {
        run.fails(&["forward", &files[0], &files[1], inputs, &files[3]], words);
    };
    forward(&with("x", ids(&[3, 4], vec![50; 12])), &["id", "50"]);
    forward(&with("x", ids(&[3, 4], vec![-1; 12])), &["`x`", "-1"]);
    forward(&with("x", floats(&[3, 4], vec![0.0; 12])), &["`x`", "i32 or i64", "f32"]);
    forward(&with("x", ids(&[3, 4, 1], vec![1; 12])), &["`x`", "(None, None)", "[3, 4, 1]"]);
    forward(&with("x", ids(&[0, 4], vec![])), &["`x`", "at least 1"]);
    forward(&with("mask", mask(&[3, 5], 1)), &["`mask`", "[3, 4]", "[3, 5]"]);
    forward(&with("mask", mask(&[3, 4], 7)), &["`mask`", "0 or 1", "7"]);
    forward(
        &with("initial_state/lstm/h", floats(&[3, 7], vec![0.0; 21])),
        &["initial_state/lstm/h", "[3, 6]", "[3, 7]"],
    );
    forward(&with("initial_state/gru/h", floats(&[3, 6], vec![0.0; 18])), &["initial_state/gru/h"]);
    forward(&with("initial_state/lstm/c", floats(&[3, 6], vec![f32::NAN; 18])), &["finite", "NaN"]);
    forward(&run.file("empty.safetensors", &Tensors::new()), &["empty.safetensors", "`x` is missing"]);
    forward(&run.path("nowhere.safetensors"), &["nowhere.safetensors", "cannot be read"]);
    forward(&run.text("no.safetensors", "hello"), &["no.safetensors"]);
    forward(&run.text("no.npz", "PK hello"), &["no.npz", "zip"]);

    let mut weights = good("weights.safetensors");
    weights.insert("lstm/kernel", floats(&[24, 5], vec![0.0; 120]));
    let turned = run.file("turned.safetensors", &weights);
    run.fails(
        &["forward", &files[0], &turned, &files[2], &files[3]],
        &["`lstm/kernel`", "[5, 24]", "[24, 5]"],
    );
    weights.insert("lstm/kernel", floats(&[5, 24], vec![f32::INFINITY; 120]));
    let infinite = run.file("infinite.safetensors", &weights);
    run.fails(&["forward", &files[0], &infinite, &files[2], &files[3]], &["`lstm/kernel`", "finite", "inf"]);
    run.fails(
        &["forward", &files[0], &files[2], &files[2], &files[3]],
        &["belongs to another network", "no `embedding/embeddings`", "5 more of the 6 weights"],
    );
    run.fails(&["backward", &files[0], &files[1], &files[2], &files[3]], &["upstream", "--loss"]);
    run.fails(
        &["backward", &files[0], &files[1], &files[2], &files[3], "--loss", "hinge"],
        &["loss", "binary_crossentropy", "hinge"],
    );
    let fit = |more: &[&str], words: &[&str]| {
        let base = ["fit", &files[0], &files[1], &files[2], &files[3], "--loss", "binary_crossentropy"];
        run.fails(&[&base[..], more].concat(), words);
    };
    let adam = r#"{"class_name":"Adam"}"#;
    fit(&["--optimizer", "adam", "--batch-size", "2", "--epochs", "1"], &["--optimizer", "JSON"]);
    fit(&["--optimizer", r#"{"class_name":"Adamw2"}"#, "--batch-size", "2", "--epochs", "1"], &["Adamw2"]);
    let list = r#"{"class_name":"Adam","config":[]}"#;
    fit(&["--optimizer", list, "--batch-size", "2", "--epochs", "1"], &["optimizer.config", "an object"]);
    fit(&["--optimizer", adam, "--batch-size", "4", "--epochs", "1"], &["batch_size", "3", "4"]);
    fit(&["--optimizer", adam, "--batch-size", "0", "--epochs", "1"], &["batch_size", "0"]);
    fit(&["--optimizer", adam, "--batch-size", "2", "--epochs", "0"], &["epochs", "0"]);
    fit(&["--optimizer", adam, "--batch-size", "2"], &["epochs"]);
}

#[test]
fn bad_models_and_arguments_end_with_one_sentence() {
    let run = Run::new("models");
    for (json, words) in [
        ("", vec!["empty"]),
        ("{", vec!["JSON"]),
        ("{}", vec!["class_name", "Sequential"]),
        (r#"{"class_name":"Functional"}"#, vec!["config.layers", "a list of layers"]),
        (r#"{"class_name":"Mine"}"#, vec!["Sequential", "Mine"]),
        (r#"{"class_name":"Sequential","config":[]}"#, vec!["at least one layer"]),
        (&lstm_model().replace("\"units\":6", "\"units\":0"), vec!["units", "0"]),
        (&lstm_model().replace("\"LSTM\"", "\"LSTM2\""), vec!["LSTM2"]),
        (&lstm_model().replace("sigmoid", "sigmoidal"), vec!["sigmoidal"]),
        (&lstm_model().replace("\"name\":\"lstm\"", "\"name\":\"dense\""), vec!["name", "dense"]),
        (
            &lstm_model().replace("\"units\":6", "\"units\":6,\"return_state\":true"),
            vec!["return_state", "`lstm`"],
        ),
        (
            &lstm_model().replace("]}}", ",{\"class_name\":\"Flatten\",\"config\":7}]}}"),
            vec!["layers[3].config", "an object", "7"],
        ),
        (&"[".repeat(100_000), vec!["JSON"]),
    ] {
        let model = run.text("model.json", json);
        run.fails(&["summary", &model], &words);
    }
    let binary = run.bytes("model.bin", &[0xff, 0xfe, 0, 1]);
    run.fails(&["summary", &binary], &["model.bin"]);
    run.fails(&["summarize", &binary], &["summarize"]);
    run.fails(&["summary"], &["MODEL"]);
    run.fails(&["forward", &binary, "--repeat", "0"], &["0"]);
}

/// A file that is something else is named for what it is, whatever it is called, and the sentence says what to do.
#[test]
fn files_of_other_kinds_are_named() {
    let run = Run::new("foreign");
    let summary = |name: &str, bytes: &[u8], words: &[&str]| {
        run.fails(&["summary", &run.bytes(name, bytes)], &[&[name], words].concat());
    };
    summary("page.h5", b"<!DOCTYPE html><html>404</html>", &["web page"]);
    summary("pointer.keras", b"version https://git-lfs.github.com/spec/v1\n", &["Git LFS", "git lfs pull"]);
    summary("model.json", b"\x08\x07\x12\x07pytorch", &["ONNX"]);
    summary("weights.pt", b"\x80\x02}q\x00.", &["PyTorch"]);
    summary("empty.h5", b"", &["empty"]);
    summary("tfjs.json", br#"{"format":"layers-model","modelTopology":{}}"#, &["TensorFlow.js", "convert"]);
    let keras_1 = br#"{"class_name":"Sequential","keras_version":"1.2.2","config":[
        {"class_name":"LSTM","config":{"output_dim":4,"inner_init":"orthogonal"}}]}"#;
    summary("old.json", keras_1, &["Keras 1"]);
    let h5 = std::fs::read("../tests/formats/keras/two_denses.legacy.h5").unwrap();
    summary("broken.h5", &h5[..h5.len() / 2], &["not whole", "bytes"]);
    let files = run.lstm_files();
    run.fails(&["summary", &files[1]], &["safetensors", "JSON configuration"]);
    run.fails(
        &["forward", &files[0], &run.bytes("w.h5", b"<html>"), &files[2], &files[3]],
        &["w.h5", "web page"],
    );
}

/// What acts only in training is refused only there.
#[test]
fn regularizers_matter_to_fit_alone() {
    let run = Run::new("regularized");
    let files = run.lstm_files();
    let mut json: serde_json::Value = serde_json::from_str(&lstm_model()).unwrap();
    json["config"]["layers"][1]["config"]["kernel_regularizer"] = serde_json::json!("l2");
    json["config"]["layers"][1]["config"]["bias_initializer"] =
        serde_json::json!({"class_name": "Mine>Own", "config": {}});
    let model = run.text("regularized.json", &json.to_string());
    run.succeeds(&["summary", &model]);
    run.succeeds(&["forward", &model, &files[1], &files[2], &files[3]]);
    let fit =
        ["--loss", "binary_crossentropy", "--optimizer", "\"SGD\"", "--batch-size", "1", "--epochs", "1"];
    let fit = [&["fit", &model, &files[1], &files[2], &files[3]], &fit[..]].concat();
    run.fails(&fit, &["layers[1].config.kernel_regularizer", "null to train", "l2"]);
}
