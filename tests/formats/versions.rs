//! Files that seven versions of Keras wrote (`make_versions.py`), in every format, predict what that Keras predicted.

use std::path::Path;

use unrolled::formats::keras;
use unrolled::model::Sequential;
use unrolled::tensors::Tensors;

use crate::predictions::{Files, assert_predicts};

/// The versions, with the generation of numbering, defaults and names that each is there for.
const VERSIONS: [&str; 7] = ["2.12.0", "2.13.1", "2.15.0", "3.0.5", "3.3.3", "3.6.0", "3.15.1"];

const MODELS: [&str; 6] =
    ["stacked", "bidirectional", "hard_sigmoid", "several", "functional", "regularized"];

fn files(version: &str) -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/versions");
    Files::of_archive(&folder.join(format!("keras-{version}.zip")))
}

/// Runs `check` on every model of every version.
fn each(check: impl Fn(&Files, &str, &str)) {
    for version in VERSIONS {
        let files = files(version);
        for model in MODELS {
            check(&files, model, &format!("Keras {version}: {model}"));
        }
    }
}

/// The endings under which a model was saved: all, but Keras 3.0 cannot write some models as `.h5`.
fn endings(files: &Files, model: &str, endings: [&'static str; 2]) -> Vec<&'static str> {
    assert!(files.holds(&format!("{model}.{}", endings[0])), "{model}");
    endings.into_iter().filter(|ending| files.holds(&format!("{model}.{ending}"))).collect()
}

fn expected(files: &Files, model: &str) -> Tensors {
    Tensors::from_bytes(files.get(&format!("{model}.npz")), model).unwrap()
}

#[test]
fn whole_models_predict_what_their_keras_predicted() {
    each(|files, model, what| {
        for ending in endings(files, model, ["keras", "h5"]) {
            let (mut read, remarks) =
                keras::read_model(files.get(&format!("{model}.{ending}")), what).unwrap();
            assert!(remarks.is_empty(), "{remarks:?}");
            assert_predicts(&mut read, &expected(files, model), &format!("{what}.{ending}"));
        }
    });
}

#[test]
fn weights_beside_a_configuration_predict_what_their_keras_predicted() {
    each(|files, model, what| {
        let config = std::str::from_utf8(files.get(&format!("{model}.json"))).unwrap();
        for ending in endings(files, model, ["weights.h5", "h5"]) {
            let mut read = Sequential::with_zero_weights(config).unwrap();
            keras::read_weights(&mut read, files.get(&format!("{model}.{ending}")), what).unwrap();
            assert_predicts(&mut read, &expected(files, model), &format!("{what}.{ending}"));
        }
    });
}

/// The version of a `.keras` file stands in its metadata; without it the numbers would be those of another function.
#[test]
fn a_hard_sigmoid_is_that_of_the_version_which_wrote_the_file() {
    for version in VERSIONS {
        let files = files(version);
        let file = files.get("hard_sigmoid.keras");
        assert_eq!(keras::version(file).as_deref(), Some(version));
        let (model, _) = keras::read_model(file, version).unwrap();
        let name = model.layers()[0].config()["config"]["recurrent_activation"].clone();
        let expected = if version.starts_with('2') { "hard_sigmoid_keras2" } else { "hard_sigmoid" };
        assert_eq!(name, expected, "{version}");
    }
}

#[test]
fn regularizers_and_constraints_matter_only_where_the_model_is_trained() {
    for version in VERSIONS {
        let files = files(version);
        let (model, _) = keras::read_model(files.get("regularized.keras"), version).unwrap();
        let refusal = model.check_trainable().unwrap_err().to_string();
        assert!(refusal.contains("_regularizer") && refusal.contains("null to train"), "{refusal}");
        let layers = &model.to_json()["config"]["layers"];
        assert_eq!(layers[1]["config"]["recurrent_constraint"]["class_name"], "MaxNorm", "{version}");
        let (model, _) = keras::read_model(files.get("stacked.keras"), version).unwrap();
        model.check_trainable().unwrap();
    }
}
