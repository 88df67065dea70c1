//! Changes inside of a cell against a cell that is written out here in f64, and against the trace where nothing
//! changes.

use serde_json::{Value, json};
use unrolled::session::analysis::{Analysis, Change, Shown, Surgery, SurgeryQuestion, When};

use super::through_time::{experiment, layer, three_classes};

const WORDS: &str = "w3 w14 nothing w5 w9";

fn analysis(layers: &[Value]) -> Analysis {
    Analysis::new(experiment(layers), Some(three_classes())).unwrap()
}

fn text(words: &str) -> Shown {
    Shown::Text { text: words.into() }
}

fn change(symbol: &str, unit: Option<usize>, when: When, value: f32) -> Change {
    Change { symbol: symbol.into(), unit, when, value }
}

fn operate(asked: &mut Analysis, layer: &str, changes: &[Change]) -> Surgery {
    let question = SurgeryQuestion {
        original: text(WORDS),
        shown: text(WORDS),
        layer: layer.into(),
        changes: changes.to_vec(),
    };
    asked.operate(&question).unwrap()
}

fn values(done: &Surgery, symbol: &str) -> ndarray::Array2<f32> {
    done.after.trace.layers[0].symbol(symbol).unwrap().values.clone()
}

#[test]
fn without_changes_every_cell_computes_what_the_trace_shows() {
    let sequence = json!({ "return_sequences": true });
    let listing =
        json!({ "class_name": "Listing", "config": { "name": "own", "units": 5, "cell": "peephole_lstm" } });
    let cases = [
        ("lstm", vec![layer("LSTM", json!({}))]),
        ("lstm", vec![layer("LSTM", json!({ "use_bias": false }))]),
        ("gru", vec![layer("GRU", json!({}))]),
        ("gru", vec![layer("GRU", json!({ "reset_after": false }))]),
        ("own", vec![listing]),
        ("simple_rnn", vec![layer("SimpleRNN", sequence.clone()), layer("GRU", json!({}))]),
        ("gru", vec![layer("SimpleRNN", sequence), layer("GRU", json!({}))]),
        ("simple_rnn", vec![layer("SimpleRNN", json!({ "activation": "relu" }))]),
        ("simple_rnn", vec![layer("SimpleRNN", json!({ "activation": "softmax" }))]),
        (
            "lstm",
            vec![layer("LSTM", json!({ "activation": "relu", "recurrent_activation": "hard_sigmoid" }))],
        ),
        (
            "gru",
            vec![layer(
                "GRU",
                json!({ "activation": "sigmoid", "recurrent_activation": "hard_sigmoid_keras2" }),
            )],
        ),
        (
            "gru",
            vec![layer(
                "GRU",
                json!({ "activation": "linear", "recurrent_activation": "tanh", "reset_after": false }),
            )],
        ),
    ];
    for (name, layers) in cases {
        let mut asked = analysis(&layers);
        let wanted = asked.trace(&text(WORDS)).unwrap();
        let done = operate(&mut asked, name, &[]);
        assert_eq!(done.after.tokens, wanted.tokens);
        let known = wanted.trace.layers.iter().find(|layer| layer.name == name).unwrap();
        let apart = &values(&done, "h") - &known.symbol("h").unwrap().values;
        assert!(apart.iter().all(|d| d.abs() <= 1e-6), "{name}: {apart}");
        let apart = &done.after.trace.predictions - &wanted.trace.predictions;
        assert!(apart.iter().all(|d| d.abs() <= 1e-6), "{name}: {apart}");
        assert!(!done.difference.is_empty());
        let zero = |symbol: &unrolled::trace::SymbolTrace| symbol.values.iter().all(|d| *d == 0.0);
        assert!(done.difference.iter().all(zero), "{name}");
    }
}

#[test]
fn a_memory_whose_gates_are_clamped_stays_as_it_is_to_the_bit() {
    let mut asked = analysis(&[layer("LSTM", json!({}))]);
    let clamped = [change("f", None, When::Every, 1.0), change("i", None, When::Every, 0.0)];
    let start = change("c", Some(3), When::Before, 0.123_456_7);
    let done = operate(&mut asked, "lstm", &[clamped.to_vec(), vec![start]].concat());
    let c = values(&done, "c");
    assert!(c.rows().into_iter().all(|row| row == c.row(0)), "{c}");
    assert_eq!(c[[4, 3]], 0.123_456_7);
    assert!(values(&done, "f").iter().all(|f| *f == 1.0));
}

#[test]
fn a_changed_lstm_is_what_a_plain_loop_gives() {
    let layers = [layer("LSTM", json!({}))];
    let mut asked = analysis(&layers);
    let changes = [
        change("c", Some(2), When::Step { t: 1 }, 0.7),
        change("h", Some(0), When::Every, 0.0),
        change("o", Some(4), When::Step { t: 3 }, 1.0),
        change("h", Some(1), When::Before, -0.4),
    ];
    let done = operate(&mut asked, "lstm", &changes);
    let before = operate(&mut asked, "lstm", &[]);

    let model = experiment(&layers).build_model().unwrap();
    let weight = |name: &str| -> Vec<f64> {
        model.parameters.by_name(name).unwrap().iter().map(|w| f64::from(*w)).collect()
    };
    let name = model.layers()[1].name();
    let (w, u) = (weight(&format!("{name}/kernel")), weight(&format!("{name}/recurrent_kernel")));
    let (b, embeddings) = (weight(&format!("{name}/bias")), weight("embedding/embeddings"));
    let ids: Vec<usize> = done.after.tokens.iter().map(|token| usize::from(token.id)).collect();
    let sigmoid = |z: f64| 1.0 / (1.0 + (-z).exp());
    let (mut h, mut c) = ([0.0; 5], [0.0; 5]);
    // Padding and start stand before the words.
    for (k, id) in [0, 0, 1].into_iter().chain(ids).enumerate() {
        if k == 3 {
            h[1] = f64::from(-0.4_f32);
        }
        let from = h;
        let x = &embeddings[4 * id..4 * id + 4];
        let z = |gate: usize, unit: usize| {
            let column = 5 * gate + unit;
            let of_x: f64 = (0..4).map(|f| x[f] * w[20 * f + column]).sum();
            let of_h: f64 = (0..5).map(|f| from[f] * u[20 * f + column]).sum();
            of_x + of_h + b[column]
        };
        for unit in 0..5 {
            c[unit] = sigmoid(z(1, unit)) * c[unit] + sigmoid(z(0, unit)) * z(2, unit).tanh();
            if k == 4 && unit == 2 {
                c[unit] = f64::from(0.7_f32);
            }
            let o = if k == 6 && unit == 4 { 1.0 } else { sigmoid(z(3, unit)) };
            h[unit] = o * c[unit].tanh();
        }
        if k >= 3 {
            h[0] = 0.0;
            for unit in 0..5 {
                let found = f64::from(values(&done, "h")[[k - 3, unit]]);
                assert!((found - h[unit]).abs() < 2e-6, "h of unit {unit} at {k}: {found}, {}", h[unit]);
            }
        }
    }
    let h_apart = &values(&done, "h") - &values(&before, "h");
    let difference = done.difference.iter().find(|symbol| symbol.name == "h").unwrap();
    assert_eq!(difference.values, h_apart);
    assert_ne!(done.after.trace.predictions, before.after.trace.predictions);
    assert_eq!(done.before.trace, before.after.trace, "the original has no changes");
}

/// The same layer in both directions; its first name is that of the wrapper.
fn bidirectional(inner: Value, options: Value) -> Value {
    let mut config = json!({ "name": "both", "layer": inner });
    config.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    json!({ "class_name": "Bidirectional", "config": config })
}

#[test]
fn layers_in_wrappers_and_those_that_read_backwards_compute_what_the_trace_shows() {
    let sequence = json!({ "return_sequences": true });
    let wide = layer("LSTM", json!({ "units": 4, "return_sequences": true }));
    let residual = json!({ "class_name": "ResidualWrapper", "config": { "name": "around", "layer": wide } });
    let back = json!({ "name": "back", "go_backwards": true });
    let cases = [
        ("both/forward", vec![bidirectional(layer("LSTM", json!({})), json!({}))]),
        ("both/backward", vec![bidirectional(layer("GRU", json!({})), json!({ "merge_mode": "sum" }))]),
        (
            "both/backward",
            vec![
                bidirectional(layer("SimpleRNN", sequence.clone()), json!({ "merge_mode": "mul" })),
                bidirectional(layer("GRU", json!({})), json!({ "name": "upper" })),
            ],
        ),
        ("back", vec![layer("LSTM", back.clone())]),
        ("around", vec![residual.clone(), layer("GRU", json!({}))]),
        ("gru", vec![residual, layer("GRU", json!({}))]),
    ];
    for (name, layers) in cases {
        let mut asked = analysis(&layers);
        let wanted = asked.trace(&text(WORDS)).unwrap();
        let done = operate(&mut asked, name, &[]);
        for layer in &done.after.trace.layers {
            let known = wanted.trace.layers.iter().find(|known| known.name == layer.name).unwrap();
            let apart = &layer.symbol("h").unwrap().values - &known.symbol("h").unwrap().values;
            assert!(apart.iter().all(|d| d.abs() <= 1e-6), "{name}, {}: {apart}", layer.name);
        }
        assert!(done.after.trace.layers.iter().any(|layer| layer.name == name), "{name}");
        let apart = &done.after.trace.output - &wanted.trace.output;
        assert!(apart.iter().all(|d| d.abs() <= 1e-6), "{name}: {apart}");
        let changed = operate(&mut asked, name, &[change("h", Some(1), When::Step { t: 2 }, 0.9)]);
        let h = changed.difference.iter().find(|symbol| symbol.name == "h").unwrap();
        let set = changed.after.trace.layers.iter().find(|layer| layer.name == name).unwrap();
        assert_eq!(set.symbol("h").unwrap().values[[2, 1]], 0.9);
        assert!(h.values[[2, 1]] != 0.0 && h.values.row(2).iter().filter(|d| **d != 0.0).count() == 1);
        assert_ne!(changed.after.trace.output, done.after.trace.output, "{name}");
    }
}

#[test]
fn what_is_set_before_a_layer_that_reads_backwards_stands_at_its_end() {
    let mut asked = analysis(&[layer("LSTM", json!({ "name": "back", "go_backwards": true }))]);
    let clamped = [change("f", None, When::Every, 1.0), change("i", None, When::Every, 0.0)];
    let start = change("c", Some(3), When::Before, 0.123_456_7);
    let done = operate(&mut asked, "back", &[clamped.to_vec(), vec![start]].concat());
    let c = values(&done, "c");
    assert!(c.column(3).iter().all(|c| *c == 0.123_456_7), "{c}");
    let later = operate(&mut asked, "back", &[change("h", Some(0), When::Step { t: 3 }, 0.5)]);
    let h = &later.difference.iter().find(|symbol| symbol.name == "h").unwrap().values;
    assert!(h.row(4).iter().all(|d| *d == 0.0), "the last word is read before the fourth: {h}");
    assert!((0..3).all(|t| h.row(t).iter().any(|d| *d != 0.0)), "{h}");
}

#[test]
fn a_silent_direction_leaves_the_other_ones_part_of_the_answer() {
    let mut asked = analysis(&[bidirectional(layer("GRU", json!({})), json!({}))]);
    let wanted = asked.trace(&text(WORDS)).unwrap().trace;
    let done = operate(&mut asked, "both/forward", &[change("h", None, When::Every, 0.0)]);
    // The words stand at the end: the other direction reads the padding last.
    let ids: Vec<u32> =
        [0, 0, 1].into_iter().chain(done.after.tokens.iter().map(|t| u32::from(t.id))).collect();
    let mut model = experiment(&[bidirectional(layer("GRU", json!({})), json!({}))]).build_model().unwrap();
    let whole = unrolled::trace::trace_ids(&mut model, &ids).unwrap();
    let h = whole.layers[1].symbol("h").unwrap().values.row(0).mapv(f64::from);
    let parameters = &model.parameters;
    let [kernel, bias] = ["dense/kernel", "dense/bias"].map(|name| parameters.by_name(name).unwrap());
    let logit = |k: usize| {
        f64::from(bias[k]) + (0..5).map(|unit| h[unit] * f64::from(kernel[3 * (5 + unit) + k])).sum::<f64>()
    };
    let sum: f64 = (0..3).map(|k| logit(k).exp()).sum();
    for k in 0..3 {
        let found = f64::from(done.after.trace.output[k]);
        assert!((found - logit(k).exp() / sum).abs() < 1e-6, "{found}");
    }
    assert_ne!(done.after.trace.output, wanted.output);
}

#[test]
fn other_words_are_compared_with_the_original() {
    let mut asked = analysis(&[layer("GRU", json!({}))]);
    let ask = |shown: &str| SurgeryQuestion {
        original: text(WORDS),
        shown: text(shown),
        layer: "gru".into(),
        changes: vec![],
    };
    let replaced = asked.operate(&ask("w3 w14 w7 w5 w9")).unwrap();
    let h = &replaced.difference.iter().find(|symbol| symbol.name == "h").unwrap().values;
    assert!(
        h.rows().into_iter().take(2).all(|row| row.iter().all(|d| *d == 0.0)),
        "before the other word: {h}"
    );
    assert!(h.row(2).iter().any(|d| *d != 0.0));
    let shorter = asked.operate(&ask("w3 w14 w5 w9")).unwrap();
    assert!(shorter.difference.is_empty());
    assert_eq!(shorter.after.trace.predictions.nrows(), 4);
}

#[test]
fn what_cannot_be_changed_is_refused_with_the_reason() {
    let mut asked = analysis(&[layer("LSTM", json!({}))]);
    let mut refusal = |layer: &str, change: Change| {
        let question = SurgeryQuestion {
            original: text(WORDS),
            shown: text(WORDS),
            layer: layer.into(),
            changes: vec![change],
        };
        asked.operate(&question).unwrap_err().to_string()
    };
    let every = |symbol: &str| change(symbol, None, When::Every, 0.0);
    assert!(refusal("lstm", every("z")).contains("i, f, g, o, c, h"));
    assert!(refusal("gru", every("h")).contains("recurrent layer"));
    assert!(refusal("lstm", change("h", Some(5), When::Every, 0.0)).contains("less than 5"));
    assert!(refusal("lstm", change("h", None, When::Step { t: 5 }, 0.0)).contains("less than 5"));
    assert!(refusal("lstm", change("f", None, When::Before, 0.0)).contains("h, c"));
    for (value, found) in [(f32::NAN, "no number"), (f32::INFINITY, "a larger one")] {
        let refused = refusal("lstm", change("f", None, When::Every, value));
        assert!(refused.contains("at most 3.4e38") && refused.contains(found), "{refused}");
    }
}
