//! What people paste, and what must come of it.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::data::Side;
use crate::experiment::{PRESETS, Reading, Validation};
use crate::model::Sequential;

const TUTORIAL_000: &str = include_str!("../../../tests/keras_code/tutorial_000.txt");
const TUTORIAL_001: &str = include_str!("../../../tests/keras_code/tutorial_001.txt");
const TUTORIAL_002: &str = include_str!("../../../tests/keras_code/tutorial_002.txt");
const TUTORIAL_004: &str = include_str!("../../../tests/keras_code/tutorial_004.txt");

fn preset(name: &str) -> Experiment {
    Experiment::preset(name).unwrap()
}

fn read_on(name: &str, text: &str) -> ReadCode {
    read(text, &preset(name)).unwrap_or_else(|mistake| panic!("{mistake}"))
}

fn params(experiment: &Experiment) -> usize {
    Sequential::with_zero_weights(&experiment.model.to_string()).unwrap().summary().total
}

/// What is run, with every option; no weight is drawn for it.
fn complete(experiment: &Experiment) -> Value {
    let mut document = experiment.to_json();
    document["model"] = normal::complete(&experiment.model).unwrap();
    document["compile"]["optimizer"] = normal::complete_optimizer(&experiment.compile.optimizer).unwrap();
    json!([document["data"], document["model"], document["compile"], document["fit"]])
}

fn layer(read: &ReadCode, k: usize) -> &Value {
    &read.experiment.model["config"]["layers"][k]
}

#[test]
fn tutorial_001_is_read_whole_with_its_prose_and_its_output() {
    let read = read_on("imdb-small", TUTORIAL_001);
    assert_eq!(params(&read.experiment), 2_691_713);
    assert_eq!(
        layer(&read, 1)["config"],
        json!({"units": 128, "dropout": 0.2, "recurrent_dropout": 0.2,
        "return_sequences": false})
    );
    let Reading::Words(words) = &read.experiment.data.reading else { panic!("words") };
    assert_eq!((words.num_words, words.maxlen, words.padding), (20_000, 80, Side::Pre));
    assert_eq!(read.experiment.compile.loss, "binary_crossentropy");
    assert_eq!(read.experiment.compile.optimizer["class_name"], "Adam");
    assert_eq!((read.experiment.fit.batch_size, read.experiment.fit.epochs), (32, 15));
    assert_eq!(read.experiment.data.validation, Validation::Test);
    assert!(read.passed_over.len() > 10);
}

#[test]
fn a_loss_that_cannot_compare_class_ids_is_refused_with_the_one_that_can() {
    let code = "model = Sequential([Embedding(100, 8), LSTM(4), Dense(3, activation=\"softmax\")])\n\
                model.compile(loss=\"mse\", optimizer=\"adam\")";
    let start = preset("reuters-gru");
    let mistake = read(code, &start).unwrap_err();
    assert!(mistake.text.contains("write loss=\"sparse_categorical_crossentropy\""), "{}", mistake.text);
    assert_eq!(mistake.line, 2);
}

#[test]
fn the_models_of_the_tutorials_have_their_printed_sizes() {
    let stacked = read_on("reuters-lstm", TUTORIAL_000);
    assert_eq!(params(&stacked.experiment), 32_946); // LSTM(50) twice, Dense(46)
    assert_eq!(stacked.experiment.data.reading, Reading::Numbers { below: 50 });
    assert_eq!((stacked.experiment.fit.batch_size, stacked.experiment.fit.epochs), (50, 200));
    assert_eq!(stacked.experiment.compile.loss, "sparse_categorical_crossentropy");
    assert!(stacked.notes.iter().any(|note| note.text.contains("class ids")), "{:?}", stacked.notes);

    // Its last model is one of words of a book, of which the tutorial printed no table.
    let until = TUTORIAL_002.find("from keras.preprocessing.text").unwrap();
    let read = read_on("imdb", &TUTORIAL_002[..until]);
    assert_eq!(params(&read.experiment), 216_405);
    let first = TUTORIAL_002.find("from keras.layers import LSTM").unwrap();
    let elman = read_on("imdb", &TUTORIAL_002[..first]);
    assert_eq!(params(&elman.experiment), 173_401);
    assert_eq!((elman.experiment.fit.batch_size, elman.experiment.fit.epochs), (64, 3));

    let digits = read_on("digits", TUTORIAL_004);
    assert_eq!(params(&digits.experiment), 890);
    assert_eq!(digits.experiment.compile.optimizer["config"]["learning_rate"], 0.01);
    assert_eq!((digits.experiment.fit.batch_size, digits.experiment.fit.epochs), (100, 20));
}

#[test]
fn keras_1_2_and_3_say_the_same() {
    let codes = [
        "from keras.models import Sequential\nmodel = Sequential()\n\
         model.add(Embedding(5000, 32, input_length=100, dropout=0.0))\n\
         model.add(LSTM(output_dim=16, init='glorot_uniform', inner_init='orthogonal', inner_activation='sigmoid', \
         dropout_W=0.2, dropout_U=0.1, consume_less='gpu', W_regularizer=None))\n\
         model.add(Dense(1, activation='sigmoid'))\n\
         model.compile('adam', 'binary_crossentropy')\nmodel.fit(x, y, nb_epoch=3, batch_size=16)",
        "import tensorflow as tf\nm = tf.keras.models.Sequential([\n\
         tf.keras.layers.Embedding(input_dim=5000, output_dim=32, input_length=100), # words\n\
         tf.keras.layers.LSTM(16, 'tanh', 'sigmoid', dropout=.2, recurrent_dropout=.1),\n\
         tf.keras.layers.Dense(1, 'sigmoid')])\n\
         m.compile(optimizer=tf.keras.optimizers.Adam(lr=1e-3), loss=tf.keras.losses.BinaryCrossentropy(), \
         metrics=['acc'])\nm.fit(x, y, epochs=3, batch_size=16)",
        "import keras\nfrom keras import layers as kl\nunits = 4 ** 2\n\
         inputs = keras.Input(shape=(100,), dtype=\"int32\")\nx = kl.Embedding(5000, 2 * units)(inputs)\n\
         x = kl.LSTM(units, dropout=0.2,\\\n    recurrent_dropout=0.1)(x)\n\
         net = keras.Model(inputs, kl.Dense(1, activation=keras.activations.sigmoid)(x))\n\
         net.compile(loss=keras.losses.binary_crossentropy, optimizer='Adam'); net.fit(x, y, 16, 3)",
    ];
    let read: Vec<Experiment> = codes.map(|code| read_on("imdb-small", code).experiment).into();
    assert_eq!(complete(&read[0]), complete(&read[1]));
    assert_eq!(complete(&read[0]), complete(&read[2]));
    assert_eq!((read[0].fit.batch_size, read[0].fit.epochs), (16, 3));
}

#[test]
fn loops_functions_wrappers_and_callbacks_are_followed() {
    let read = read_on(
        "imdb-small",
        "def build(units=8, depth=2):\n    model = Sequential(name='deep')\n    model.add(Input((None,)))\n\
         \x20   model.add(Embedding(5000, 16, mask_zero=True))\n    for k in range(depth):\n\
         \x20       model.add(Bidirectional(GRU(units, return_sequences=True), merge_mode='sum'))\n\
         \x20   model.add(TimeDistributed(Dense(3)))\n    model.add(LSTM(units))\n    model.add(Dense(1))\n\
         \x20   return model\n\nmodel = build()\n\
         stop = EarlyStopping('val_loss', patience=3)\n\
         model.compile(loss=keras.losses.BinaryCrossentropy(from_logits=True), optimizer=SGD(0.1, momentum=0.9))\n\
         model.fit(x, y, validation_split=0.2, callbacks=[stop, ModelCheckpoint('best.h5')], \
         class_weight={0: 1., 1: 2.}, shuffle=False)",
    );
    let classes: Vec<&Value> = read.experiment.model["config"]["layers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| &l["class_name"])
        .collect();
    assert_eq!(
        classes,
        ["InputLayer", "Embedding", "Bidirectional", "Bidirectional", "TimeDistributed", "LSTM", "Dense"]
    );
    assert_eq!(layer(&read, 3)["config"]["name"], "bidirectional_1");
    let fit = &read.experiment.fit;
    assert_eq!(fit.early_stopping, Some(json!({"monitor": "val_loss", "patience": 3})));
    assert_eq!(fit.class_weight.get(&1), Some(&2.0));
    assert_eq!((fit.shuffle, fit.batch_size, fit.epochs), (false, 32, 1));
    assert!(read.experiment.compile.from_logits);
    assert_eq!(read.experiment.data.validation, Validation::Share(0.2));
    assert!(read.notes.iter().any(|note| note.line == 15 && note.text.contains("ModelCheckpoint")));
}

#[test]
fn what_cannot_be_taken_is_named_with_its_line() {
    for (line, word, code) in [
        (2, "LSTM", "model = Sequential()\nmodel.add(BatchNormalization())"),
        (2, "closing bracket", "model = Sequential()\nmodel.add(LSTM(32)\n"),
        (2, "units", "model = Sequential([Input((3, 2)),\nLSTM(0)])"),
        (2, "n_units", "model = Sequential([Input((3, 2))])\nmodel.add(LSTM(n_units))"),
        (3, "return_sequences", "model = Sequential([Embedding(9, 4),\nLSTM(3),\nLSTM(3)])"),
        (2, "elu", "model = Sequential([Input((3, 2)),\nDense(3, activation='elu')])"),
        (3, "Adam", "model = Sequential([Embedding(9, 4)])\n\nmodel.compile('nadam', 'mse')"),
        (2, "mean_squared_error", "model = Sequential([Embedding(9, 4)])\nmodel.compile('adam', 'mae')"),
        (2, "learning_rate", "model = Sequential([Embedding(9, 4)])\nmodel.compile(Adam(lr=-1), 'mse')"),
        (2, "batch_size", "model = Sequential([Embedding(9, 4)])\nmodel.fit(x, y, batch_size=0)"),
        (1, "paste", "print('hello')"),
        (2, "one line", "inp = Input((3, 2))\nModel([inp, inp], concatenate([inp, inp]))"),
        (1, "JSON", "{\"class_name\": \"Sequential\", "),
    ] {
        let mistake = read(code, &preset("imdb-small")).expect_err(code);
        assert_eq!(mistake.line, line, "{code}: {mistake}");
        assert!(mistake.text.contains(word), "{code}: {mistake}");
    }
}

#[test]
fn the_model_that_a_refusal_suggests_is_read() {
    let refusal = read("x = 1", &preset("imdb-small")).unwrap_err().to_string();
    let suggested = refusal.split_once("such as ").unwrap().1;
    assert_eq!(layer(&read_on("imdb-small", suggested), 0)["class_name"], "Embedding");
}

#[test]
fn regularizers_are_left_out_with_a_note() {
    let read = read_on(
        "imdb-small",
        "model = Sequential()\nmodel.add(Embedding(5000, 8, weights=[table]))\n\
        model.add(LSTM(8, kernel_regularizer=regularizers.l2(0.01)))\nmodel.add(Dense(1))",
    );
    let lines: Vec<usize> =
        read.notes.iter().filter(|note| note.text.contains("left out")).map(|note| note.line).collect();
    assert_eq!(lines, [2, 3]);
}

#[test]
fn json_of_a_model_or_of_an_experiment_is_read_too() {
    let start = preset("imdb-small");
    let model = preset("imdb-lstm").build_model().unwrap().to_json();
    let read_model = read(&model.to_string(), &start).unwrap();
    assert_eq!(params(&read_model.experiment), 2_691_713);
    let shown = format!("'{}'", read_model.experiment.model);
    assert_eq!(read(&shown, &start).unwrap().experiment, read_model.experiment);
    let whole = read(&preset("digits").to_json().to_string(), &start).unwrap();
    assert_eq!(whole.experiment, preset("digits"));
}

#[test]
fn the_code_of_every_experiment_is_read_back_into_the_same_experiment() {
    let other = preset("digits");
    for start in PRESETS.iter().map(|preset| Experiment::from_json(preset.document).unwrap()) {
        let written = code(&start).unwrap();
        let read_back = read(&written, &start).unwrap_or_else(|e| panic!("{e}\n{written}"));
        assert_eq!(read_back.experiment, start, "{written}");
        assert_eq!(read_back.notes, [], "{written}");
        // On top of another experiment only what the code does not say is that one's.
        let mut elsewhere = other.clone();
        (elsewhere.data, elsewhere.fit.seed) = (start.data.clone(), start.fit.seed);
        elsewhere.fit.validate_every = start.fit.validate_every;
        let elsewhere = read(&written, &elsewhere).unwrap().experiment;
        assert_eq!(complete(&elsewhere), complete(&start), "{written}");
        assert_eq!(code(&elsewhere).unwrap(), written);
    }
}

#[test]
fn code_is_as_short_as_one_would_write_it() {
    let written = code(&preset("imdb-small")).unwrap();
    assert_eq!(written, include_str!("../../../tests/keras_code/imdb_small.py"));
}

#[test]
fn every_experiment_becomes_a_script_and_a_notebook() {
    for preset in PRESETS {
        let experiment = Experiment::from_json(preset.document).unwrap();
        let text = script::script(&experiment, preset.name, script::Form::default()).unwrap();
        assert!(text.contains(&format!("{}-run.npz", preset.name)), "{text}");
        let form = script::Form { notebook: true, devices: true };
        let notebook = script::script(&experiment, preset.name, form).unwrap();
        let notebook: Value = serde_json::from_str(&notebook).unwrap();
        let cells = notebook["cells"].as_array().unwrap();
        assert!(cells.len() > 6 && notebook.to_string().contains("DataParallel"));
    }
    let mut own_cell = preset("imdb-small");
    own_cell.model["config"]["layers"][1] =
        json!({"class_name": "Listing", "config": {"units": 4, "cell": "elman"}});
    let refusal = script::script(&own_cell, "x", script::Form::default()).unwrap_err().to_string();
    assert!(refusal.contains("Listing") && refusal.contains("LSTM"), "{refusal}");
    assert_eq!(script::file_name(&preset("imdb-small")), "film-reviews-a-small-network");
}

/// Pieces of a text in another order, doubled, cut in the middle, with strange characters between them.
fn mutated() -> impl Strategy<Value = String> {
    let source = prop::sample::select(vec![TUTORIAL_000, TUTORIAL_001, TUTORIAL_002, TUTORIAL_004]);
    let edit =
        (any::<prop::sample::Index>(), 0usize..40, "[ -~\n]{0,6}|[()\\[\\]{}'\":=,.*-]{1,3}|é|\u{0}|\\\\\n");
    (source, prop::collection::vec(edit, 1..25)).prop_map(|(text, edits)| {
        let mut characters: Vec<char> = text.chars().collect();
        for (at, length, put) in edits {
            let start = at.index(characters.len() + 1).min(characters.len());
            let end = (start + length).min(characters.len());
            characters.splice(start..end, put.chars());
        }
        characters.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_reader_panic(text in mutated()) {
        if let Ok(read) = read(&text, &preset("imdb-small")) {
            prop_assert!(Experiment::from_value(&read.experiment.to_json()).is_ok());
            prop_assert!(Sequential::with_zero_weights(&read.experiment.model.to_string()).is_ok());
        }
    }

    #[test]
    fn nor_do_brackets_and_operators(text in "([a-c(\\[{)\\]}=:,.*-]|model|\\.add\\(|LSTM\\(|\n| |1|\"){0,200}") {
        let _ = read(&text, &preset("digits"));
    }
}

#[test]
fn values_that_grow_without_end_are_given_up() {
    let doubled = format!("a = [1]\n{}", "a = [a, a]\n".repeat(5000));
    let wrapped = format!("a = LSTM(3)\n{}model = Sequential([a])", "a = Bidirectional(a)\n".repeat(5000));
    let looped = "for k in range(10 ** 18):\nfor k in range(10 ** 18):\n    x = k\n";
    for code in [doubled.as_str(), wrapped.as_str(), looped] {
        assert!(read(code, &preset("digits")).is_err());
    }
}

#[test]
fn deep_nesting_is_refused_without_a_deep_stack() {
    for code in [
        "(".repeat(100_000),
        format!("x = {}1", "-".repeat(100_000)),
        format!("x = {}", "a**".repeat(50_000)),
        format!("x = 1{}", " - 1".repeat(50_000)),
        format!("x = LSTM{}", "(3)".repeat(50_000)),
    ] {
        assert!(read(&code, &preset("digits")).is_err());
    }
}
