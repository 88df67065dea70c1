//! What the page's worker asks of the engine and what it gets.

use js_sys::{Array, Float32Array, JSON, Object, Reflect, Uint8Array};
use tsify::Ts;
use unrolled::data::{Dataset, Provenance, Split, Task, Unit, Vocabulary};
use unrolled::rng::Stream;
use unrolled::wasm::engine::Engine;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

const WORDS: [&str; 6] = ["the", "film", "is", "good", "bad", "don't"];

/// Reviews of eight words: a `good` film is good, a `bad` one bad.
fn dataset(task: Task, classes: &[&str]) -> Dataset {
    let mut stream = Stream::new(2, "reviews", 0);
    let mut split = |count: usize| {
        let labels: Vec<u16> = (0..count).map(|_| stream.below(classes.len() as u32) as u16).collect();
        let review = |label: &u16| vec![1, 4, 5, 6, 7 + (label & 1), 4, 5, 2];
        let sequences: Vec<Vec<u16>> = labels.iter().map(review).collect();
        Split::new(sequences.iter().map(Vec::as_slice), labels).unwrap()
    };
    Dataset {
        name: "reviews".into(),
        title: "Reviews".into(),
        task,
        class_names: classes.iter().map(|name| (*name).to_owned()).collect(),
        vocabulary: Vocabulary::new(Unit::Word, WORDS.map(str::to_owned).to_vec()).unwrap(),
        train: split(40),
        test: split(20),
        provenance: Provenance::default(),
        notes: String::new(),
    }
}

fn experiment(units: usize, activation: &str, loss: &str) -> JsValue {
    JSON::parse(&format!(
        r#"{{ "data": {{ "set": "own", "reading": {{ "as": "words", "num_words": 10, "maxlen": 12 }} }},
        "model": {{ "class_name": "Sequential", "config": {{ "name": "reader", "layers": [
            {{ "class_name": "Embedding", "config": {{ "name": "embedding", "input_dim": 10, "output_dim": 4,
                "input_length": 12 }} }},
            {{ "class_name": "LSTM", "config": {{ "name": "lstm", "units": 5 }} }},
            {{ "class_name": "Dense", "config": {{ "name": "dense", "units": {units},
                "activation": "{activation}" }} }} ] }} }},
        "compile": {{ "loss": "{loss}", "optimizer": {{ "class_name": "Adam",
            "config": {{ "learning_rate": 0.05 }} }} }},
        "fit": {{ "batch_size": 16, "seed": 7 }} }}"#
    ))
    .unwrap()
}

/// An engine with a binary task set up.
fn ready() -> Engine {
    let mut engine = Engine::new();
    engine.load_dataset(&dataset(Task::Binary, &["negative", "positive"]).to_bytes().unwrap()).unwrap();
    engine.set_up(Ts::new_unchecked(experiment(1, "sigmoid", "binary_crossentropy"))).unwrap();
    engine
}

/// What crosses the boundary as an object.
trait Crossing: Clone + Into<JsValue> {}
impl<T: Clone + Into<JsValue>> Crossing for T {}

fn get(value: &impl Crossing, path: &str) -> JsValue {
    path.split('.').fold(value.clone().into(), |value: JsValue, key| match key.parse::<u32>() {
        Ok(index) => Array::from(&value).get(index),
        Err(_) => Reflect::get(&value, &key.into()).unwrap(),
    })
}

fn number(value: &impl Crossing, path: &str) -> f64 {
    get(value, path).as_f64().unwrap_or_else(|| panic!("{path} is no number"))
}

fn text(value: &impl Crossing, path: &str) -> String {
    get(value, path).as_string().unwrap_or_else(|| panic!("{path} is no text"))
}

fn floats(value: &impl Crossing, path: &str) -> Vec<f32> {
    get(value, path)
        .dyn_into::<Float32Array>()
        .unwrap_or_else(|_| panic!("{path} is no Float32Array"))
        .to_vec()
}

#[wasm_bindgen_test]
fn a_data_set_is_described_by_a_plain_object() {
    let mut engine = Engine::new();
    let info =
        engine.load_dataset(&dataset(Task::Binary, &["negative", "positive"]).to_bytes().unwrap()).unwrap();
    assert_eq!(text(&info, "name"), "reviews");
    assert_eq!(text(&info, "task"), "binary");
    assert_eq!(text(&info, "class_names.1"), "positive");
    assert_eq!(number(&info, "train"), 40.0);
}

#[wasm_bindgen_test]
fn setting_up_gives_summary_sizes_and_baseline() {
    let mut engine = Engine::new();
    engine.load_dataset(&dataset(Task::Binary, &["negative", "positive"]).to_bytes().unwrap()).unwrap();
    let reply = engine.set_up(Ts::new_unchecked(experiment(1, "sigmoid", "binary_crossentropy"))).unwrap();
    assert_eq!(text(&reply, "summary.layers.1.class_name"), "LSTM");
    assert_eq!(number(&reply, "summary.layers.1.params"), 4.0 * 5.0 * (4.0 + 5.0 + 1.0));
    assert!(get(&reply, "summary.layers.1.output_shape.0").is_null(), "an open axis is null");
    assert_eq!(number(&reply, "summary.layers.1.output_shape.1"), 5.0);
    assert_eq!(number(&reply, "steps_per_epoch"), 3.0);
    assert_eq!((number(&reply, "train"), number(&reply, "validation")), (40.0, 20.0));
    assert!((0.0..=1.0).contains(&number(&reply, "baseline.accuracy")));
    assert!(["negative", "positive"].contains(&text(&reply, "baseline.label").as_str()));
    assert_eq!(text(&reply, "backend"), "simd128");
}

#[wasm_bindgen_test]
fn training_reports_steps_losses_and_validation() {
    let mut engine = ready();
    let report = engine.train_for(10_000.0, Some(7.0)).unwrap();
    assert_eq!((number(&report, "step"), number(&report, "first_step")), (7.0, 1.0));
    assert_eq!((floats(&report, "losses").len(), floats(&report, "accuracies").len()), (7, 7));
    assert_eq!(number(&report, "validation.0.step"), 3.0);
    assert_eq!(number(&report, "validation.1.epoch"), 2.0);
    assert_eq!(get(&report, "finished"), JsValue::TRUE);
    let more = engine.train_for(10_000.0, Some(33.0)).unwrap();
    assert_eq!(number(&more, "first_step"), 8.0);
    let losses = floats(&more, "losses");
    assert!(losses[32] < 0.2, "these reviews are learnt by heart, the loss is {}", losses[32]);
}

#[wasm_bindgen_test]
fn a_slice_of_training_ends_when_its_time_is_over() {
    let mut engine = ready();
    let report = engine.train_for(0.0, None).unwrap();
    assert_eq!(number(&report, "step"), 1.0);
    assert_eq!(get(&report, "finished"), JsValue::FALSE);
}

#[wasm_bindgen_test]
fn steps_one_by_one_are_the_steps_of_a_slice() {
    let (mut one, mut many) = (ready(), ready());
    let report = many.train_for(10_000.0, Some(5.0)).unwrap();
    let single: Vec<f32> = (0..5).flat_map(|_| floats(&one.step_once().unwrap(), "losses")).collect();
    assert_eq!(single, floats(&report, "losses"));
    assert_eq!(one.weights_hash().unwrap(), many.weights_hash().unwrap());
}

#[wasm_bindgen_test]
fn resetting_gives_the_first_weights_again() {
    let mut engine = ready();
    let first = engine.weights_hash().unwrap();
    engine.step_once().unwrap();
    assert_ne!(engine.weights_hash().unwrap(), first);
    engine.reset().unwrap();
    assert_eq!(engine.weights_hash().unwrap(), first);
}

#[wasm_bindgen_test]
fn a_checkpoint_goes_on_in_another_engine() {
    let mut engine = ready();
    engine.train_for(10_000.0, Some(4.0)).unwrap();
    let bytes = engine.checkpoint().unwrap().to_vec();
    engine.train_for(10_000.0, Some(5.0)).unwrap();
    let mut other = ready();
    assert_eq!(other.restore(&bytes).unwrap(), 4.0);
    other.train_for(10_000.0, Some(5.0)).unwrap();
    assert_eq!(engine.weights_hash().unwrap(), other.weights_hash().unwrap());
}

#[wasm_bindgen_test]
fn a_trace_has_a_row_for_each_word_that_is_kept() {
    let mut engine = ready();
    let trace = engine.trace("The FILM isn't good").unwrap();
    assert_eq!(text(&trace, "tokens.1.text"), "FILM");
    assert_eq!(number(&trace, "tokens.1.id"), 5.0);
    assert_eq!(get(&trace, "tokens.2.known"), JsValue::FALSE);
    assert_eq!(get(&trace, "tokens.2.kept"), JsValue::TRUE);
    assert_eq!(floats(&trace, "probabilities").len(), 4);
    assert_eq!(text(&trace, "layers.0.name"), "lstm");
    assert_eq!(number(&trace, "layers.0.units"), 5.0);
    let names: Vec<String> = (0..6).map(|k| text(&trace, &format!("layers.0.symbols.{k}.name"))).collect();
    assert_eq!(names, ["i", "f", "g", "o", "c", "h"]);
    let h = floats(&trace, "layers.0.symbols.5.data");
    assert_eq!(h.len(), 4 * 5);
    assert_eq!(
        number(&trace, "layers.0.symbols.5.maximum") as f32,
        h.iter().fold(-1.0, |a: f32, b| a.max(*b))
    );
    assert_eq!(floats(&trace, "layers.0.gradient_norms").len(), 4);
}

#[wasm_bindgen_test]
fn a_trace_of_classes_has_a_probability_for_each_class() {
    let mut engine = Engine::new();
    engine.load_dataset(&dataset(Task::Classes, &["a", "b", "c"]).to_bytes().unwrap()).unwrap();
    engine.set_up(Ts::new_unchecked(experiment(3, "softmax", "sparse_categorical_crossentropy"))).unwrap();
    let trace = engine.trace("the film").unwrap();
    let probabilities = floats(&trace, "probabilities");
    assert_eq!(probabilities.len(), 2 * 3);
    assert!((probabilities[3..].iter().sum::<f32>() - 1.0).abs() < 1e-6);
}

#[wasm_bindgen_test]
fn long_texts_are_read_in_part_and_say_so() {
    let mut engine = ready();
    let trace = engine.trace(&"good film ".repeat(10_000)).unwrap();
    assert_eq!(Array::from(&get(&trace, "tokens")).length(), 20_000);
    assert_eq!(get(&trace, "tokens.19987.kept"), JsValue::FALSE);
    assert_eq!(get(&trace, "tokens.19988.kept"), JsValue::TRUE);
    assert_eq!(floats(&trace, "probabilities").len(), 12);
    assert_eq!(text(&trace, "note"), "Reads only the last 12 words (19988 skipped).");
}

/// Code and message of what was thrown.
fn failure<T>(result: Result<T, JsValue>) -> (String, String) {
    match result {
        Ok(_) => panic!("nothing was thrown"),
        Err(thrown) => (text(&thrown, "code"), text(&thrown, "message")),
    }
}

#[wasm_bindgen_test]
fn texts_without_words_are_refused_with_a_sentence() {
    let mut engine = ready();
    for empty in ["", "   ", "... !!! ---"] {
        let (code, message) = failure(engine.trace(empty));
        assert_eq!(code, "format");
        assert!(message.contains("no word"), "{message}");
    }
}

#[wasm_bindgen_test]
fn emoji_are_words_that_are_not_known() {
    let trace = ready().trace("😀 👍🏽 good").unwrap();
    assert_eq!(get(&trace, "tokens.0.known"), JsValue::FALSE);
    assert_eq!(text(&trace, "tokens.1.text"), "👍🏽");
    assert_eq!(get(&trace, "tokens.2.known"), JsValue::TRUE);
}

#[wasm_bindgen_test]
fn whatever_comes_before_its_time_is_refused_with_a_sentence() {
    let mut engine = Engine::new();
    assert!(
        failure(engine.set_up(Ts::new_unchecked(experiment(1, "sigmoid", "binary_crossentropy"))))
            .1
            .contains("data set")
    );
    assert!(failure(engine.train_for(10.0, None)).1.contains("no model"));
    assert!(failure(engine.trace("good")).1.contains("no model"));
    assert!(failure(engine.checkpoint()).1.contains("no model"));
}

#[wasm_bindgen_test]
fn wrong_configurations_name_the_field_and_leave_the_run_alone() {
    let mut engine = ready();
    engine.step_once().unwrap();
    let hash = engine.weights_hash().unwrap();
    for (path, value) in [
        ("fit.batch_size", JsValue::from(0)),
        ("data.reading.maxlen", JsValue::from(1e9)),
        ("data.reading.maxlen", JsValue::from(13)),
        ("data.reading.num_words", JsValue::from(11)),
        ("fit.seed", JsValue::from(-1)),
        ("fit.seed", JsValue::from(0.5)),
        ("data.reading.padding", JsValue::from("left")),
        ("data.reading.pading", JsValue::from("pre")),
        ("compile.loss", JsValue::from("cross")),
        ("compile.optimizer", JsValue::from("Magic")),
        ("model", JsValue::UNDEFINED),
    ] {
        let experiment = experiment(1, "sigmoid", "binary_crossentropy");
        let (parents, field) = path.rsplit_once('.').unwrap_or(("", path));
        let parents = parents.split('.').filter(|key| !key.is_empty());
        let owner = parents.fold(experiment.clone(), |owner, key| Reflect::get(&owner, &key.into()).unwrap());
        Reflect::set(&owner, &field.into(), &value).unwrap();
        let (_, message) = failure(engine.set_up(Ts::new_unchecked(experiment)));
        assert!(message.contains(field), "{path} = {value:?}: {message}");
    }
    for experiment in
        [JsValue::UNDEFINED, JsValue::NULL, JsValue::from(7), Object::new().into(), Array::new().into()]
    {
        failure(engine.set_up(Ts::new_unchecked(experiment)));
    }
    assert_eq!(engine.weights_hash().unwrap(), hash);
}

#[wasm_bindgen_test]
fn bytes_that_are_no_data_set_or_checkpoint_are_refused() {
    let mut engine = ready();
    let hash = engine.weights_hash().unwrap();
    let whole = engine.checkpoint().unwrap().to_vec();
    for bytes in [&b""[..], b"{}", &[255; 64], &whole[..whole.len() - 1], &whole[..40]] {
        failure(engine.load_dataset(bytes));
        failure(engine.restore(bytes));
    }
    assert_eq!(engine.weights_hash().unwrap(), hash);
    assert_eq!(Uint8Array::from(whole.as_slice()).length() as usize, whole.len());
}
