//! `experiment read` and `experiment code`.

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
