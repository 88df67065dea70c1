//! Files that Keras 3 wrote (`make.py`) are read and predict what Keras predicted, and ours are built as Keras builds
//! them. With `UNROLLED_KERAS_PYTHON` naming a Python that has Keras, Keras itself opens what we wrote.

use std::path::{Path, PathBuf};

use unrolled::formats::keras;
use unrolled::model::{Sequential, weights};
use unrolled::tensors::Tensors;

use crate::predictions::assert_predicts;

const NAMES: [&str; 6] =
    ["stacked_lstm", "two_denses", "gru_and_simple_rnn", "bidirectional", "encoder_decoder", "convolution"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/keras")
}

fn bytes(file: &str) -> Vec<u8> {
    std::fs::read(folder().join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}

fn read_model(bytes: &[u8], name: &str) -> Sequential {
    let (model, remarks) = keras::read_model(bytes, name).unwrap();
    assert!(remarks.is_empty(), "{remarks:?}");
    model
}

fn config(name: &str) -> String {
    String::from_utf8(bytes(&format!("{name}.json"))).unwrap()
}

fn assert_predicts_as_keras(model: &mut Sequential, name: &str) {
    let tensors = Tensors::from_bytes(&bytes(&format!("{name}.npz")), name).unwrap();
    assert_predicts(model, &tensors, name);
}

#[test]
fn models_saved_by_keras_3_predict_the_same() {
    for name in NAMES {
        let mut model = read_model(&bytes(&format!("{name}.keras")), name);
        assert_predicts_as_keras(&mut model, name);
    }
}

#[test]
fn weights_saved_by_keras_3_predict_the_same() {
    for name in NAMES {
        let mut model = Sequential::from_json(&config(name), 1).unwrap();
        keras::read_weights(&mut model, &bytes(&format!("{name}.weights.h5")), name).unwrap();
        assert_predicts_as_keras(&mut model, name);
    }
}

#[test]
fn models_saved_in_the_old_format_predict_the_same() {
    for name in NAMES {
        let file = bytes(&format!("{name}.legacy.h5"));
        assert_predicts_as_keras(&mut read_model(&file, name), name);
        let mut model = Sequential::from_json(&config(name), 1).unwrap();
        keras::read_weights(&mut model, &file, name).unwrap();
        assert_predicts_as_keras(&mut model, name);
    }
}

#[test]
fn saving_and_loading_is_the_identity() {
    for name in NAMES {
        let model = read_model(&bytes(&format!("{name}.keras")), name);
        let file = keras::write_model(&model).unwrap().0;
        let again = read_model(&file, "ours");
        assert_eq!(again.parameters.hash(), model.parameters.hash(), "{name}");
        assert_eq!(again.to_json(), model.to_json(), "{name}");
        assert_eq!(
            keras::write_model(&again).unwrap().0,
            file,
            "the same model gives the same bytes: {name}"
        );
        let tensors = weights::to_tensors(&model.parameters);
        let mut fresh = Sequential::from_json(&config(name), 5).unwrap();
        weights::assign(&mut fresh.parameters, &tensors, "ours").unwrap();
        assert_eq!(fresh.parameters.hash(), model.parameters.hash(), "{name}");
    }
}

/// Every array that Keras wrote, except the optimizer's, is at the same place in our file with the same numbers.
#[test]
fn our_weights_are_where_keras_puts_them() {
    for name in NAMES {
        let theirs = bytes(&format!("{name}.weights.h5"));
        let mut model = Sequential::from_json(&config(name), 1).unwrap();
        keras::read_weights(&mut model, &theirs, name).unwrap();
        let ours = arrays(keras::write_weights(&model).unwrap().0);
        let mut theirs = arrays(theirs);
        theirs.retain(|(path, ..)| !path.starts_with("optimizer/"));
        assert_eq!(ours, theirs, "{name}");
    }
}

/// All groups with the attribute `name`, and all arrays, of an HDF5 file. The names of layers that Keras numbered on
/// its own are ours already, as the configuration has them.
fn arrays(bytes: Vec<u8>) -> Vec<(String, Vec<u64>, Vec<f32>)> {
    fn walk(group: &hdf5_pure::Group, path: &str, found: &mut Vec<(String, Vec<u64>, Vec<f32>)>) {
        if let Some(name) = group.attrs().unwrap().get("name").and_then(|name| name.as_str()) {
            // Keras names the layers inside of a wrapper as it likes.
            let own = path.matches('/').count() == 2;
            found.push((format!("{path}@{}", if own { name } else { "" }), Vec::new(), Vec::new()));
        }
        for name in group.datasets().unwrap() {
            let data = group.dataset(&name).unwrap();
            found.push((format!("{path}{name}"), data.shape().unwrap(), data.read_f32().unwrap()));
        }
        for name in group.groups().unwrap() {
            walk(&group.group(&name).unwrap(), &format!("{path}{name}/"), found);
        }
    }
    let mut found = Vec::new();
    walk(&hdf5_pure::File::from_bytes(bytes).unwrap().root(), "", &mut found);
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

#[test]
fn the_file_of_another_model_is_refused_and_changes_nothing() {
    let mut model = Sequential::from_json(&config("stacked_lstm"), 1).unwrap();
    let before = model.parameters.hash();
    for file in ["two_denses.weights.h5", "two_denses.legacy.h5"] {
        let error = keras::read_weights(&mut model, &bytes(file), file).unwrap_err().to_string();
        assert!(error.starts_with(file), "{error}");
    }
    assert!(keras::read_model(&bytes("two_denses.weights.h5"), "x").is_err());
    assert!(
        keras::read_model(&bytes("two_denses.npz"), "x")
            .err()
            .unwrap()
            .to_string()
            .contains("no .keras file")
    );
    assert!(keras::read_model(b"hello", "x").is_err());
    assert_eq!(model.parameters.hash(), before);
}

/// Keras opens the `.keras` and `.weights.h5` files that we write, and predicts the same.
#[test]
fn keras_opens_our_files_where_there_is_a_keras() {
    let target = std::env::temp_dir().join(format!("unrolled-keras-{}", std::process::id()));
    std::fs::create_dir_all(&target).unwrap();
    for name in NAMES {
        let model = read_model(&bytes(&format!("{name}.keras")), name);
        std::fs::write(target.join(format!("{name}.keras")), keras::write_model(&model).unwrap().0).unwrap();
        std::fs::write(target.join(format!("{name}.weights.h5")), keras::write_weights(&model).unwrap().0)
            .unwrap();
        std::fs::write(target.join(format!("{name}.json")), model.to_json().to_string()).unwrap();
        assert!(keras::is_hdf5(&std::fs::read(target.join(format!("{name}.weights.h5"))).unwrap()));
    }
    if let Some(python) = std::env::var_os("UNROLLED_KERAS_PYTHON") {
        let script = folder().parent().unwrap().join("check.py");
        let output =
            std::process::Command::new(python).arg(script).arg(&target).args(NAMES).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    std::fs::remove_dir_all(&target).unwrap();
}
