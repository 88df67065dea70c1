//! `experiment read`, `experiment code` and `experiment script`.

use serde_json::Value;

use crate::support::Run;

const CODE: &str = "\
from keras.models import Sequential
max_features, maxlen = 2000, 40
model = Sequential()
model.add(Embedding(max_features, 16, input_length=maxlen))
model.add(LSTM(8, dropout_W=0.2))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='rmsprop', metrics=['accuracy'])
model.fit(x_train, y_train, nb_epoch=2)
print('done')
";

#[test]
fn code_becomes_a_document_and_a_document_becomes_code() {
    let run = Run::new("keras-code");
    let file = run.text("model.py", CODE);
    let printed = run.succeeds(&["experiment", "read", &file]);
    let document: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(document["model"]["config"]["layers"][1]["config"]["dropout"], 0.2);
    assert_eq!(document["data"]["reading"]["maxlen"], 40);
    assert_eq!(document["fit"]["epochs"], 2);

    let document = run.text("document.json", &printed);
    let code = run.succeeds(&["experiment", "code", &document]);
    assert!(code.contains("LSTM(8, dropout=0.2)") && code.contains("RMSprop(learning_rate=0.001)"), "{code}");
    let again = run.text("again.py", &code);
    assert_eq!(run.succeeds(&["experiment", "read", &again, "--start", &document]), printed);
}

#[test]
fn code_that_cannot_be_read_is_named_with_its_line() {
    let run = Run::new("keras-code-refused");
    let file = run.text("model.py", &CODE.replace("LSTM(8,", "ConvLSTM2D(8,"));
    run.fails(&["experiment", "read", &file], &["model.py", "line 5", "ConvLSTM2D"]);
    run.fails(&["experiment", "read", &run.path("missing.py")], &["missing.py"]);
    run.fails(&["experiment", "read", &file, "--start", "nothing"], &["imdb-small"]);
    run.fails(&["experiment", "code", "nothing"], &["imdb-small"]);
}

#[test]
fn a_script_comes_with_the_files_that_it_reads() {
    let run = Run::new("keras-script");
    let printed = run.succeeds(&["experiment", "show", "adding"]);
    let mut document: Value = serde_json::from_str(&printed).unwrap();
    document["data"]["options"] = serde_json::json!({"timesteps": 6, "samples": 64, "test_samples": 8});
    document["model"]["config"]["layers"][0]["config"]["batch_shape"][1] = 6.into();
    document["model"]["config"]["build_input_shape"] = Value::Null;
    let file = run.text("adding.json", &document.to_string());
    let folder = run.path("keras");
    let script = run.succeeds(&["experiment", "script", &file, &folder, "--devices"]);
    let text = std::fs::read_to_string(script.trim()).unwrap();
    assert!(text.contains("DataParallel") && text.contains("-run.npz"), "{text}");
    let name = "keras/adding-two-marked-numbers-gru-32-run.npz";
    let tensors = run.tensors(name);
    assert_eq!(tensors.get("order").unwrap().shape(), [10, 64]);
    assert_eq!(tensors.get("train/x").unwrap().shape(), [64, 6, 2]);
    assert_eq!(tensors.get("losses").unwrap().shape(), [20]);
    assert!(tensors.get("weights/gru/kernel").is_some());
    run.succeeds(&["experiment", "script", &file, &folder, "--notebook"]);
    let notebook = std::fs::read_to_string(script.trim().replace(".py", ".ipynb")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&notebook).unwrap()["nbformat"], 4);
    run.fails(
        &["experiment", "script", "imdb-small", &folder, "--data", &run.path("none")],
        &["cargo xtask data"],
    );
}
