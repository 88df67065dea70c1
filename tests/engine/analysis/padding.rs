//! Arrangements of padding, against traces of the same ids put where they belong.

use serde_json::{Value, json};
use unrolled::experiment::Experiment;
use unrolled::model::Sequential;
use unrolled::session::analysis::{Analysis, Arrangement, PaddedReading, PaddingQuestion, Shown};
use unrolled::trace::{Trace, trace_ids};

use super::shown::reviews;

/// Start, and the words below.
const CONTENT: [u32; 4] = [1, 7, 18, 9];
const WORDS: &str = "w3 w14 w5";
const MAXLEN: usize = 8;

fn experiment(padding: &str, mask_zero: bool, recurrent: Value) -> Experiment {
    let document = json!({
        "data": { "set": "own",
            "reading": { "as": "words", "num_words": 24, "maxlen": MAXLEN, "padding": padding } },
        "model": { "class_name": "Sequential", "config": { "name": "m", "layers": [
            { "class_name": "Embedding",
                "config": { "input_dim": 24, "output_dim": 4, "mask_zero": mask_zero } },
            recurrent,
            { "class_name": "Dense", "config": { "units": 1, "activation": "sigmoid" } } ] } },
        "compile": { "loss": "binary_crossentropy" },
        "fit": { "batch_size": 6, "seed": 3 },
    });
    Experiment::from_value(&document).unwrap()
}

fn lstm(options: Value) -> Value {
    let mut config = json!({ "name": "lstm", "units": 5 });
    config.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    json!({ "class_name": "LSTM", "config": config })
}

fn question(text: &str) -> PaddingQuestion {
    PaddingQuestion { shown: Shown::Text { text: text.into() }, layer: "lstm".into() }
}

fn read(experiment: &Experiment) -> Vec<PaddedReading> {
    let mut asked = Analysis::new(experiment.clone(), Some(reviews())).unwrap();
    let picture = asked.padding(&question(WORDS)).unwrap();
    assert_eq!(picture.class.as_deref(), Some("positive"));
    picture.readings
}

fn placed(first: usize) -> [u32; MAXLEN] {
    let mut ids = [0; MAXLEN];
    ids[first..first + CONTENT.len()].copy_from_slice(&CONTENT);
    ids
}

fn traced(model: &mut Sequential, ids: &[u32]) -> Trace {
    trace_ids(model, ids).unwrap()
}

/// ‖h_t − h_{t−1}‖ in f64.
fn steps(trace: &Trace) -> Vec<f64> {
    let h = trace.layers[0].symbol("h").unwrap().values.mapv(f64::from);
    let before = |t: usize, k: usize| if t == 0 { 0.0 } else { h[[t - 1, k]] };
    (0..h.nrows())
        .map(|t| (0..h.ncols()).map(|k| (h[[t, k]] - before(t, k)).powi(2)).sum::<f64>().sqrt())
        .collect()
}

fn agrees(reading: &PaddedReading, trace: &Trace) {
    for (found, wanted) in reading.change.iter().zip(steps(trace)) {
        assert!((f64::from(*found) - wanted).abs() < 1e-6, "{found} instead of {wanted}");
    }
    assert_eq!(reading.change.len(), trace.timesteps());
    assert_eq!(reading.predictions, trace.predictions.column(0).to_vec());
    assert_eq!(reading.answer, trace.output[0]);
}

#[test]
fn each_arrangement_is_what_the_model_makes_of_ids_that_stand_so() {
    let experiment = experiment("pre", false, lstm(json!({})));
    let mut model = experiment.build_model().unwrap();
    let readings = read(&experiment);
    let [pre, post, masked] = readings.as_slice() else { panic!("{readings:?}") };
    agrees(pre, &traced(&mut model, &placed(4)));
    agrees(post, &traced(&mut model, &placed(0)));
    assert_eq!([pre.is_own, post.is_own, masked.is_own], [true, false, false]);
    assert_eq!(pre.words, ["", "", "", "", "start", "w3", "w14", "w5"]);
    assert_eq!(post.words, ["start", "w3", "w14", "w5", "", "", "", ""]);
    assert!(post.change[4..].iter().all(|moved| *moved > 0.0), "padding moves the state: {post:?}");

    // What is masked is as good as not there.
    let short = traced(&mut model, &CONTENT);
    assert_eq!(masked.arrangement, Arrangement::Masked);
    assert!(masked.change[4..].iter().all(|moved| *moved == 0.0), "{masked:?}");
    for (found, wanted) in masked.change[..4].iter().zip(steps(&short)) {
        assert!((f64::from(*found) - wanted).abs() < 1e-6);
    }
    assert_eq!(masked.answer, short.output[0]);
    assert!(masked.predictions[3..].iter().all(|after| *after == short.output[0]));
}

#[test]
fn the_arrangement_of_the_experiment_is_known_with_its_mask() {
    let own = |experiment: &Experiment| -> Vec<(Arrangement, bool)> {
        read(experiment).iter().map(|reading| (reading.arrangement, reading.is_own)).collect()
    };
    let wanted = |own: Arrangement| {
        [Arrangement::Pre, Arrangement::Post, Arrangement::Masked].map(|one| (one, one == own)).to_vec()
    };
    assert_eq!(own(&experiment("post", false, lstm(json!({})))), wanted(Arrangement::Post));
    assert_eq!(own(&experiment("post", true, lstm(json!({})))), wanted(Arrangement::Masked));
    let before = experiment("pre", true, lstm(json!({})));
    assert_eq!(own(&before), wanted(Arrangement::Masked));
    let [pre, _, masked] = &read(&before)[..] else { panic!() };
    assert!(masked.change[..4].iter().all(|moved| *moved == 0.0), "it is masked where it stands");
    assert!(pre.change[..4].iter().all(|moved| *moved > 0.0), "without the mask it counts");
}

#[test]
fn a_layer_that_reads_backwards_begins_at_the_end() {
    let readings = read(&experiment("pre", false, lstm(json!({ "go_backwards": true }))));
    let mut model = experiment("pre", false, lstm(json!({ "go_backwards": true }))).build_model().unwrap();
    let trace = traced(&mut model, &placed(4));
    let h = trace.layers[0].symbol("h").unwrap().values.mapv(f64::from);
    let from_zero = h.row(MAXLEN - 1).iter().map(|h| h * h).sum::<f64>().sqrt();
    assert!((f64::from(readings[0].change[MAXLEN - 1]) - from_zero).abs() < 1e-6);
    let step = (0..5).map(|k| (h[[2, k]] - h[[3, k]]).powi(2)).sum::<f64>().sqrt();
    assert!((f64::from(readings[0].change[2]) - step).abs() < 1e-6);
}

#[test]
fn what_has_no_padding_is_refused_with_the_reason() {
    let asked = experiment("pre", false, lstm(json!({})));
    let mut asked = Analysis::new(asked, Some(reviews())).unwrap();
    let refused = asked.padding(&question("w1 w2 w3 w4 w5 w6 w7 w8 w9")).unwrap_err().to_string();
    assert!(refused.contains("shorter than what the model reads"), "{refused}");
    let other = PaddingQuestion { layer: "gru".into(), ..question(WORDS) };
    assert!(asked.padding(&other).unwrap_err().to_string().contains("the states of `gru`"));
}
