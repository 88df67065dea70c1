//! The map of gradients against central differences of the engine's own predictions, and the parts of a gradient
//! against its whole.

use ndarray::{Array2, s};
use serde_json::{Value, json};
use unrolled::data::Dataset;
use unrolled::experiment::{Experiment, Subset};
use unrolled::model::{Mode, Sequential};
use unrolled::session::analysis::{Analysis, FeltRow, RecordedNetwork, Shown};

use super::shown::reviews;

/// Classifies words in three classes with these layers between an embedding and a Dense layer.
pub(super) fn experiment(layers: &[Value]) -> Experiment {
    let mut all = vec![
        json!({ "class_name": "Embedding", "config": { "input_dim": 24, "output_dim": 4 } }),
        json!({ "class_name": "Dense", "config": { "units": 3, "activation": "softmax" } }),
    ];
    all.splice(1..1, layers.iter().cloned());
    let document = json!({
        "data": { "set": "own", "reading": { "as": "words", "num_words": 24, "maxlen": 8 } },
        "model": { "class_name": "Sequential", "config": { "name": "m", "layers": all } },
        "compile": { "loss": "sparse_categorical_crossentropy" },
        "fit": { "batch_size": 6, "seed": 3 },
    });
    Experiment::from_value(&document).unwrap()
}

pub(super) fn layer(class: &str, options: Value) -> Value {
    let mut config = json!({ "units": 5 });
    config.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    json!({ "class_name": class, "config": config })
}

pub(super) fn three_classes() -> Dataset {
    let mut dataset = reviews();
    dataset.task = unrolled::data::Task::Classes;
    dataset.class_names.push("neither".into());
    dataset
}

fn analysis(layers: &[Value]) -> Analysis {
    Analysis::new(experiment(layers), Some(three_classes())).unwrap()
}

fn text() -> Shown {
    Shown::Text { text: "w3 w14 nothing w5 w9".into() }
}

fn whole_map(analysis: &mut Analysis, shown: &Shown) -> Vec<FeltRow> {
    analysis.begin_felt(shown).unwrap();
    let mut rows = Vec::new();
    loop {
        let slice = analysis.felt_for(0.0, || 0.0).unwrap();
        rows.extend(slice.rows);
        assert_eq!(slice.done, rows.len());
        if slice.done == slice.all {
            assert!(analysis.felt_for(0.0, || 0.0).is_err(), "the map is complete");
            rows.sort_by_key(|row| row.t);
            return rows;
        }
    }
}

/// ln(p / (1 − p)) of the class `k`, for the model in its present state.
fn log_odds(model: &mut Sequential, ids: &[u32], states: &[Array2<f32>], k: usize) -> f64 {
    model.layers_mut()[1].recurrents_mut()[0].1.set_initial_state(states.to_vec()).unwrap();
    model.input_mut().set_ids(ids.len(), 1);
    model.input_mut().ids.copy_from_slice(ids);
    model.forward(Mode::INFERENCE).unwrap();
    let output: Vec<f64> = model.output().data.iter().map(|p| f64::from(*p)).collect();
    (output[k] / (1.0 - output[k])).ln()
}

/// The states after the first steps, and the class that is predicted there.
fn states_after(model: &mut Sequential, ids: &[u32]) -> (Vec<Array2<f32>>, usize) {
    model.reset_states();
    model.input_mut().set_ids(ids.len(), 1);
    model.input_mut().ids.copy_from_slice(ids);
    model.forward(Mode::INFERENCE).unwrap();
    let layer = model.layers()[1].recurrents()[0].1;
    let states = (0..layer.state_count())
        .map(|k| Array2::from_shape_vec((1, layer.state_width(k)), layer.final_state(k).to_vec()).unwrap());
    let output = &model.output().data;
    let predicted = (0..output.len()).max_by(|a, b| output[*a].total_cmp(&output[*b])).unwrap();
    (states.collect(), predicted)
}

#[test]
fn the_map_agrees_with_differences_of_predictions() {
    for class in ["SimpleRNN", "LSTM", "GRU"] {
        let layers = [layer(class, json!({}))];
        let mut asked = analysis(&layers);
        let ids: Vec<u32> =
            asked.trace(&text()).unwrap().tokens.iter().map(|token| u32::from(token.id)).collect();
        // Padding and start stand before the words.
        let ids = [&[0, 0, 1], ids.as_slice()].concat();
        let rows = whole_map(&mut asked, &text());
        assert_eq!(rows.len(), 5);
        let mut model = experiment(&layers).build_model().unwrap();
        for row in &rows {
            assert_eq!(row.layers[0].norms.len(), row.t + 1, "a prediction depends on no later state");
            let (_, predicted) = states_after(&mut model, &ids[..row.t + 4]);
            for k in 0..row.t {
                let (states, _) = states_after(&mut model, &ids[..k + 4]);
                let mut squares = 0.0;
                for unit in 0..5 {
                    // The error of a difference of f32 predictions is about 1e-7 / 2e-2.
                    let step = 1e-2;
                    let mut at = |by: f32| {
                        let mut states = states.clone();
                        states[0][[0, unit]] += by;
                        log_odds(&mut model, &ids[k + 4..row.t + 4], &states, predicted)
                    };
                    squares += ((at(step) - at(-step)) / (2.0 * f64::from(step))).powi(2);
                }
                let (found, wanted) = (row.layers[0].norms[k], squares.sqrt());
                assert!(
                    (found - wanted).abs() < 2e-4 + 2e-3 * wanted,
                    "{class} {k}→{}: {found}, {wanted}",
                    row.t
                );
            }
        }
    }
}

#[test]
fn the_last_row_is_what_the_trace_shows_in_every_layer_and_direction() {
    let sequence = json!({ "return_sequences": true });
    let inner = layer("LSTM", json!({}));
    let stacks = [
        vec![layer("GRU", sequence.clone()), layer("LSTM", json!({}))],
        vec![json!({ "class_name": "Bidirectional", "config": { "layer": inner } })],
        vec![layer("SimpleRNN", sequence), json!({ "class_name": "GlobalMaxPooling1D", "config": {} })],
    ];
    for layers in stacks {
        let mut asked = analysis(&layers);
        for shown in [text(), Shown::Sample { subset: Subset::Train, index: 4 }] {
            let traced = asked.trace(&shown).unwrap().trace;
            let rows = whole_map(&mut asked, &shown);
            let last = rows.last().unwrap();
            assert_eq!(last.layers.len(), traced.layers.len());
            for (row, layer) in last.layers.iter().zip(&traced.layers) {
                let norms: Vec<f32> = row.norms.iter().map(|norm| *norm as f32).collect();
                assert_eq!((&row.layer, norms), (&layer.name, layer.gradient_norms.to_vec()));
            }
        }
    }
}

#[test]
fn a_map_keeps_the_weights_that_it_began_with() {
    let layers = [layer("GRU", json!({}))];
    let mut asked = analysis(&layers);
    let before = whole_map(&mut asked, &text());
    asked.begin_felt(&text()).unwrap();
    let mut rows = asked.felt_for(0.0, || 0.0).unwrap().rows;
    let mut other = experiment(&layers).build_model().unwrap();
    other.parameters.initialize(99);
    asked.take_weights(&unrolled::train::checkpoint::save_weights(&other.parameters).unwrap()).unwrap();
    rows.extend(asked.felt_for(f64::INFINITY, || 0.0).unwrap().rows);
    rows.sort_by_key(|row| row.t);
    assert_eq!(rows, before);
    assert_ne!(whole_map(&mut asked, &text()), before);
}

#[test]
fn a_model_that_needs_the_whole_sequence_says_so() {
    let layers =
        [layer("GRU", json!({ "return_sequences": true })), json!({ "class_name": "Flatten", "config": {} })];
    let mut experiment = serde_json::to_value(experiment(&layers)).unwrap();
    experiment["model"]["config"]["layers"][0]["config"]["input_length"] = json!(8);
    experiment["model"]["config"]["layers"]
        .as_array_mut()
        .unwrap()
        .insert(0, json!({ "class_name": "InputLayer", "config": { "batch_shape": [null, 8] } }));
    let experiment = Experiment::from_value(&experiment).unwrap();
    let mut asked = Analysis::new(experiment, Some(three_classes())).unwrap();
    assert!(asked.begin_felt(&text()).unwrap_err().to_string().contains("without Flatten"));
}

fn largest(array: &Array2<f32>) -> f32 {
    array.iter().fold(0.0, |largest, value| largest.max(value.abs()))
}

#[test]
fn the_two_parts_of_a_gradient_add_up_to_it() {
    let sequence = json!({ "return_sequences": true });
    let inner = layer("LSTM", json!({}));
    let stacks = [
        vec![layer("LSTM", json!({}))],
        vec![layer("GRU", json!({}))],
        vec![layer("GRU", json!({ "reset_after": false, "go_backwards": true }))],
        vec![
            layer("LSTM", sequence.clone()),
            layer("LSTM", json!({ "name": "second", "activation": "relu" })),
        ],
        vec![json!({ "class_name": "Bidirectional", "config": { "layer": inner } })],
    ];
    for layers in stacks {
        let mut asked = analysis(&layers);
        let traced = asked.trace(&text()).unwrap().trace;
        let paths = asked.paths(&text()).unwrap();
        assert_eq!(paths.len(), traced.layers.len());
        for (path, layer) in paths.iter().zip(&traced.layers) {
            assert_eq!((&path.layer, path.whole.dim()), (&layer.name, (5, 5)));
            let apart = &path.direct + &path.through_gates - &path.whole;
            assert!(largest(&apart) <= 1e-4 * largest(&path.whole), "{}: {apart}", path.layer);
            if path.state == "h" {
                let norms = path.norms().whole;
                let wanted = layer.gradient_norms.iter();
                norms.iter().zip(wanted).for_each(|(a, b)| assert!((a - b).abs() <= 1e-6 * b, "{a}, {b}"));
            }
        }
    }
}

#[test]
fn the_direct_part_is_what_the_products_of_the_gate_leave_of_the_answer() {
    for (class, gate) in [("LSTM", "f"), ("GRU", "z")] {
        let mut asked = analysis(&[layer(class, json!({}))]);
        let traced = asked.trace(&text()).unwrap().trace;
        let path = &asked.paths(&text()).unwrap()[0];
        let gates = &traced.layers[0].symbol(gate).unwrap().values;
        let last = path.whole.row(4).to_owned();
        for k in 0..5 {
            let kept = gates.slice(s![k + 1.., ..]).rows().into_iter().fold(last.clone(), |d, f| d * f);
            let apart = &path.direct.row(k) - &kept;
            assert!(
                apart.iter().all(|d| d.abs() < 1e-6),
                "{class} at {k}: {} for {kept}",
                path.direct.row(k)
            );
        }
        assert!(largest(&path.through_gates.slice(s![..4, ..]).to_owned()) > 1e-4, "there is another way");
        assert_eq!(largest(&path.through_gates.slice(s![4.., ..]).to_owned()), 0.0);
    }
}

#[test]
fn masked_padding_behind_the_words_changes_neither_part() {
    let read = |padding: &str| {
        let mut document = serde_json::to_value(experiment(&[layer("LSTM", json!({}))])).unwrap();
        document["data"]["reading"]["padding"] = json!(padding);
        document["model"]["config"]["layers"][0]["config"]["mask_zero"] = json!(true);
        Analysis::new(Experiment::from_value(&document).unwrap(), Some(three_classes())).unwrap()
    };
    let (mut before, mut behind) = (read("pre"), read("post"));
    let (before, behind) = (before.paths(&text()).unwrap(), behind.paths(&text()).unwrap());
    assert_eq!(before, behind);
    assert!(largest(&before[0].direct) > 0.0);
}

#[test]
fn kernels_have_a_block_for_every_gate() {
    let inner = layer("GRU", json!({}));
    let layers = [
        layer("LSTM", json!({ "return_sequences": true })),
        json!({ "class_name": "Bidirectional", "config": { "layer": inner } }),
    ];
    let asked = analysis(&layers);
    let found: Vec<String> =
        asked.kernels().iter().map(|block| format!("{} {}", block.layer, block.gate)).collect();
    let wanted = ["lstm i", "lstm f", "lstm g", "lstm o"].map(str::to_owned).into_iter();
    let both = ["forward", "backward"].into_iter();
    let both = both.flat_map(|part| ["z", "r", "g"].map(|gate| format!("bidirectional/{part} {gate}")));
    assert_eq!(found, wanted.chain(both).collect::<Vec<_>>());
    // Keras draws recurrent kernels with orthogonal rows: no block can stretch a state.
    for block in asked.kernels() {
        assert_eq!(block.singular.len(), 5);
        assert!(block.radius <= block.singular[0] + 1e-9, "{block:?}");
        assert!(block.singular[0] < 1.0 + 1e-5, "{block:?}");
    }
}

#[test]
fn a_recorded_network_reads_as_the_model_that_it_was_taken_from() {
    let shown = text();
    for class in ["SimpleRNN", "LSTM", "GRU"] {
        let layers = [layer(class, json!({}))];
        let wanted = analysis(&layers).trace(&shown).unwrap();
        let model = experiment(&layers).build_model().unwrap();
        let weight = |name: &str| model.parameters.by_name(name).unwrap().to_vec();
        let embeddings = weight("embedding/embeddings");
        let recurrent = &model.layers()[1].name().to_owned();
        // Padding and start stand before the words; a recorded network starts from zero, so it reads them too.
        let ids = [0, 0, 1].into_iter().chain(wanted.tokens.iter().map(|token| usize::from(token.id)));
        let network = RecordedNetwork {
            class_name: class.into(),
            units: 5,
            features: 4,
            x: ids.flat_map(|id| embeddings[4 * id..4 * id + 4].to_vec()).collect(),
            weights: [("W", "kernel"), ("U", "recurrent_kernel"), ("b", "bias")]
                .map(|(own, keras)| (own.to_owned(), weight(&format!("{recurrent}/{keras}"))))
                .to_vec(),
            output: (weight("dense/kernel"), weight("dense/bias")),
        };
        let mut found = network.trace().unwrap();
        found.cut(3..8);
        assert_eq!(found.predictions, wanted.trace.predictions, "{class}");
        assert_eq!(found.layers[0].gradient_norms, wanted.trace.layers[0].gradient_norms, "{class}");
        let broken = RecordedNetwork { units: 6, ..network };
        assert!(broken.trace().unwrap_err().to_string().contains("cell/kernel"));
    }
}
