//! A trace shows what the model computes, and disturbs nothing.

use ndarray::{Array2, ArrayView1, ArrayView2, s};
use serde_json::{Value, json};
use unrolled::model::{Mode, Sequential};
use unrolled::rng::{RngExt, Stream, Uniform};
use unrolled::trace::{Trace, trace_ids, trace_vectors};

const TIMESTEPS: usize = 7;

fn model(layers: &[Value]) -> Sequential {
    let embedding = json!({ "class_name": "Embedding", "config": { "input_dim": 19, "output_dim": 5 } });
    let layers: Vec<&Value> = [&embedding].into_iter().chain(layers).collect();
    sequential(&json!(layers))
}

fn sequential(layers: &Value) -> Sequential {
    let json = json!({ "class_name": "Sequential", "config": { "name": "m", "layers": layers } });
    let mut model = Sequential::from_json(&json.to_string(), 1).unwrap();
    // Larger than the initializers draw, so that gates leave their linear part.
    let mut stream = Stream::new(2, "weights", 0);
    model.parameters.values_mut().iter_mut().for_each(|w| *w = stream.sample(Uniform::new(-0.8, 0.8)));
    model
}

fn recurrent(class: &str, options: Value) -> Value {
    let mut config = json!({ "units": 6 });
    config.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    json!({ "class_name": class, "config": config })
}

fn dense(units: usize, activation: &str) -> Value {
    json!({ "class_name": "Dense", "config": { "units": units, "activation": activation } })
}

fn ids() -> Vec<u32> {
    let mut stream = Stream::new(3, "ids", 0);
    (0..TIMESTEPS).map(|_| stream.below(19)).collect()
}

fn output(model: &mut Sequential, ids: &[u32]) -> Vec<f32> {
    model.input_mut().set_ids(ids.len(), 1);
    model.input_mut().ids.copy_from_slice(ids);
    model.forward(Mode::INFERENCE).unwrap();
    model.output().data.clone()
}

fn assert_close(found: ArrayView1<f32>, expected: &[f32], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (f, e) in found.iter().zip(expected) {
        // The rows of a larger product are other tiles, but every sum has the same order.
        assert!((f - e).abs() <= 1e-6, "{what}: {found:?} instead of {expected:?}");
    }
}

#[test]
fn the_prediction_after_each_word_is_that_of_the_text_so_far() {
    for class in ["SimpleRNN", "LSTM", "GRU"] {
        let mut model = model(&[recurrent(class, json!({})), dense(3, "softmax")]);
        let trace = trace_ids(&mut model, &ids()).unwrap();
        for t in 0..TIMESTEPS {
            let expected = output(&mut model, &ids()[..=t]);
            assert_close(trace.predictions.row(t), &expected, &format!("{class} after word {t}"));
        }
        assert_eq!((trace.predictions.dim(), trace.note), ((TIMESTEPS, 3), None));
    }
}

#[test]
fn stacked_layers_and_pooling_have_running_predictions_too() {
    let sequences = || recurrent("LSTM", json!({ "return_sequences": true, "name": "first" }));
    let pooling = json!({ "class_name": "GlobalMaxPooling1D", "config": {} });
    for mut model in [
        model(&[sequences(), recurrent("GRU", json!({})), dense(2, "softmax")]),
        model(&[
            sequences(),
            pooling,
            dense(4, "relu"),
            json!({ "class_name": "Dense", "config": { "units": 2, "name": "last" } }),
        ]),
    ] {
        let trace = trace_ids(&mut model, &ids()).unwrap();
        for t in 0..TIMESTEPS {
            let expected = output(&mut model, &ids()[..=t]);
            assert_close(trace.predictions.row(t), &expected, &format!("after word {t}"));
        }
    }
}

#[test]
fn a_layer_that_reads_backwards_is_shown_in_the_order_of_the_text() {
    let mut model = model(&[recurrent("LSTM", json!({ "go_backwards": true })), dense(1, "sigmoid")]);
    let trace = trace_ids(&mut model, &ids()).unwrap();
    for t in 0..TIMESTEPS {
        let expected = output(&mut model, &ids()[t..]);
        assert_close(trace.predictions.row(t), &expected, &format!("at word {t}"));
        let h = &trace.layers[0].symbol("h").unwrap().values;
        assert_close(h.row(t), &model.output_of(1).data, &format!("h at word {t}"));
    }
}

#[test]
fn outputs_at_every_step_are_the_predictions() {
    let mut model = model(&[recurrent("GRU", json!({ "return_sequences": true })), dense(4, "softmax")]);
    let trace = trace_ids(&mut model, &ids()).unwrap();
    assert_eq!(trace.predictions.flatten().to_vec(), output(&mut model, &ids()));
    assert_eq!(trace.output, trace.predictions.row(TIMESTEPS - 1));
}

#[test]
fn both_directions_are_shown_and_only_the_whole_text_has_a_prediction() {
    let inner = recurrent("LSTM", json!({}));
    let both = json!({ "class_name": "Bidirectional", "config": { "layer": inner, "name": "both" } });
    let mut model = model(&[both, dense(1, "sigmoid")]);
    let trace = trace_ids(&mut model, &ids()).unwrap();
    let names: Vec<&str> = trace.layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["both/forward", "both/backward"]);
    assert!(trace.note.is_some());
    assert!(trace.predictions.slice(s![..TIMESTEPS - 1, ..]).iter().all(|p| p.is_nan()));
    assert_eq!(trace.predictions.row(TIMESTEPS - 1).to_vec(), output(&mut model, &ids()));
    assert!(trace.layers.iter().all(|layer| layer.gradient_norms.iter().all(|norm| *norm > 0.0)));
}

#[test]
fn every_symbol_has_a_row_for_each_word_and_gates_are_shares() {
    let mut model = model(&[recurrent("LSTM", json!({})), dense(1, "sigmoid")]);
    let trace = trace_ids(&mut model, &ids()).unwrap();
    let layer = &trace.layers[0];
    assert_eq!((layer.name.as_str(), layer.class_name.as_str(), layer.units), ("lstm", "LSTM", 6));
    for symbol in &layer.symbols {
        assert_eq!(symbol.values.dim(), (TIMESTEPS, 6), "{}", symbol.name);
        let (low, high) = symbol.range();
        let bound = if ["i", "f", "o"].contains(&symbol.name.as_str()) { 0.0 } else { -f32::INFINITY };
        assert!(low >= bound && high <= if bound == 0.0 { 1.0 } else { f32::INFINITY }, "{}", symbol.name);
    }
    // c ← f·c + i·g, h ← o·tanh(c): the equations hold between what is shown.
    let of = |name: &str, t: usize, u: usize| f64::from(layer.symbol(name).unwrap().values[[t, u]]);
    for (t, u) in (0..TIMESTEPS).flat_map(|t| (0..6).map(move |u| (t, u))) {
        let before = if t == 0 { 0.0 } else { of("c", t - 1, u) };
        let c = of("f", t, u) * before + of("i", t, u) * of("g", t, u);
        assert!((c - of("c", t, u)).abs() < 1e-6);
        assert!((of("o", t, u) * c.tanh() - of("h", t, u)).abs() < 1e-6);
    }
}

/// ln(p / (1 − p)) of the class `class`.
fn log_odds(output: &[f32], class: usize) -> f64 {
    let p = f64::from(output[class]);
    (p / (1.0 - p)).ln()
}

#[test]
fn gradient_norms_are_those_of_central_differences() {
    for (class, last) in
        [("LSTM", dense(3, "softmax")), ("GRU", dense(1, "sigmoid")), ("SimpleRNN", dense(3, "softmax"))]
    {
        let mut model = model(&[recurrent(class, json!({})), last]);
        let trace = trace_ids(&mut model, &ids()).unwrap();
        let predicted = unrolled::math::reduce::argmax(trace.output.as_slice().unwrap());
        let layer = &trace.layers[0];
        let names: &[&str] = if class == "LSTM" { &["h", "c"] } else { &["h"] };
        for t in 0..TIMESTEPS - 1 {
            let state = |name: &&str| layer.symbol(name).unwrap().values.slice(s![t..=t, ..]).to_owned();
            let states: Vec<Array2<f32>> = names.iter().map(state).collect();
            let mut at = |unit: usize, by: f32| {
                let mut states = states.clone();
                states[0][[0, unit]] += by;
                let recurrent = model.layers_mut()[1].recurrents_mut().remove(0).1;
                recurrent.set_initial_state(states).unwrap();
                log_odds(&output(&mut model, &ids()[t + 1..]), predicted)
            };
            // Large enough that rounding of f32 does not matter, small enough for curvature: 1 % in all.
            let h = 0.02;
            let squares: f64 = (0..6).map(|u| ((at(u, h) - at(u, -h)) / (2.0 * f64::from(h))).powi(2)).sum();
            let (found, expected) = (f64::from(layer.gradient_norms[t]), squares.sqrt());
            assert!((found - expected).abs() < 0.01 * expected + 1e-4, "{class} at {t}: {found}, {expected}");
        }
    }
}

#[test]
fn the_last_gradient_norm_is_that_of_the_kernel_behind() {
    let mut model = model(&[recurrent("LSTM", json!({})), dense(1, "sigmoid")]);
    let trace = trace_ids(&mut model, &ids()).unwrap();
    let kernel = model.parameters.by_name("dense/kernel").unwrap();
    let norm = kernel.iter().map(|w| w * w).sum::<f32>().sqrt();
    assert!((trace.layers[0].gradient_norms[TIMESTEPS - 1] - norm).abs() < 1e-5);
}

#[test]
fn a_trace_leaves_weights_and_kept_states_alone() {
    let mut model = model(&[recurrent("LSTM", json!({ "stateful": true })), dense(1, "sigmoid")]);
    output(&mut model, &ids());
    let states = |model: &Sequential| model.layers()[1].recurrents()[0].1.carried().cloned();
    let (before, hash) = (states(&model), model.parameters.hash());
    assert!(before.is_some());
    trace_ids(&mut model, &[1, 2, 3]).unwrap();
    assert_eq!(states(&model), before);
    assert_eq!(model.parameters.hash(), hash);
}

#[test]
fn vectors_can_be_traced_and_cut() {
    let mut model = sequential(&json!([
        { "class_name": "LSTM", "config": { "units": 6, "batch_input_shape": [null, null, 2] } },
        { "class_name": "Dense", "config": { "units": 1 } },
    ]));
    let values: Vec<f32> = (0..10).map(|k| k as f32 / 10.0).collect();
    let vectors =
        |features: usize| ArrayView2::from_shape((values.len() / features, features), &values).unwrap();
    let whole = trace_vectors(&mut model, vectors(2)).unwrap();
    let mut cut = whole.clone();
    cut.cut(2..4);
    assert_eq!(cut.predictions, whole.predictions.slice(s![2..4, ..]));
    let h = |trace: &Trace| trace.layers[0].symbol("h").unwrap().values.clone();
    assert_eq!(h(&cut), h(&whole).slice(s![2..4, ..]));
    assert_eq!(cut.layers[0].timesteps(), 2);
    assert!(trace_vectors(&mut model, vectors(5)).is_err());
    assert!(trace_vectors(&mut model, ArrayView2::from_shape((3, 0), &[]).unwrap()).is_err());
    assert!(trace_ids(&mut model, &[1, 2]).is_err());
}

#[test]
fn layers_with_fewer_steps_than_words_stay_whole_when_a_trace_is_cut() {
    let convolution = json!({ "class_name": "Conv1D", "config": { "filters": 3, "kernel_size": 3 } });
    let mut model = model(&[convolution, recurrent("LSTM", json!({})), dense(1, "sigmoid")]);
    let mut trace = trace_ids(&mut model, &ids()).unwrap();
    assert_eq!(trace.layers[0].timesteps(), TIMESTEPS - 2);
    trace.cut(TIMESTEPS - 1..TIMESTEPS);
    assert_eq!(trace.layers[0].symbols[0].values.dim(), (TIMESTEPS - 2, 6));
    assert_eq!(trace.predictions.flatten().to_vec(), output(&mut model, &ids()));
}

#[test]
fn nothing_to_trace_is_an_error() {
    let mut model = model(&[recurrent("LSTM", json!({})), dense(1, "sigmoid")]);
    assert!(trace_ids(&mut model, &[]).is_err());
    assert!(trace_ids(&mut model, &[19]).is_err(), "an id beyond the table");
}
