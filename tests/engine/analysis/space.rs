//! Paths and fields of hidden states against the trace and against formulas written out in f64.

use ndarray::Array2;
use serde_json::json;
use unrolled::model::Sequential;
use unrolled::session::analysis::{Analysis, Shown, SpaceQuestion};
use unrolled::train::checkpoint;

use super::through_time::{experiment, layer, three_classes};

fn text(words: &str) -> Shown {
    Shown::Text { text: words.into() }
}

fn question(layer: &str, texts: &[&str]) -> SpaceQuestion {
    SpaceQuestion { shown: texts.iter().map(|words| text(words)).collect(), layer: layer.into() }
}

/// A model of two units with these weights of its recurrent layer.
fn two_units(class: &str, weights: &[(&str, Vec<f32>)]) -> Analysis {
    let layers = [layer(class, json!({ "units": 2 }))];
    let mut model: Sequential = experiment(&layers).build_model().unwrap();
    for (name, values) in weights {
        let spec = model.parameters.specs().iter().find(|spec| spec.name == *name).unwrap();
        let shape = spec.shape.clone();
        model.parameters.set(name, &shape, values).unwrap();
    }
    let mut analysis = Analysis::new(experiment(&layers), Some(three_classes())).unwrap();
    analysis.take_weights(&checkpoint::save_weights(&model.parameters).unwrap()).unwrap();
    analysis
}

#[test]
fn a_path_keeps_the_distances_of_states_that_lie_in_a_plane() {
    let mut asked = Analysis::new(experiment(&[layer("LSTM", json!({}))]), Some(three_classes())).unwrap();
    // Three points always lie in a plane.
    let space = asked.space(&question("lstm", &["w3 w14 w5"])).unwrap();
    let h =
        asked.trace(&text("w3 w14 w5")).unwrap().trace.layers[0].symbol("h").unwrap().values.mapv(f64::from);
    let points = Array2::from_shape_vec((3, 2), space.paths[0].points.clone()).unwrap();
    let apart = |a: &Array2<f64>, i: usize, j: usize| {
        (&a.row(i) - &a.row(j)).iter().map(|d| d * d).sum::<f64>().sqrt()
    };
    for (i, j) in [(0, 1), (0, 2), (1, 2)] {
        assert!((apart(&points, i, j) - apart(&h, i, j)).abs() < 1e-9, "{i} {j}");
    }
    assert!((space.shares.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{:?}", space.shares);
    assert!(!space.units_are_axes && space.field.is_none());
    assert_eq!(space.paths[0].words, ["w3", "w14", "w5"]);
}

#[test]
fn several_sequences_share_their_axes() {
    let mut asked = Analysis::new(experiment(&[layer("GRU", json!({}))]), Some(three_classes())).unwrap();
    let both = asked.space(&question("gru", &["w3 w14 w5 w9", "w3 w14"])).unwrap();
    assert_eq!(both.paths.len(), 2);
    assert_eq!(both.paths[0].points.len(), 8);
    assert!(asked.space(&question("lstm", &["w3"])).unwrap_err().to_string().contains("recurrent layer"));
    assert!(asked.space(&question("gru", &[])).is_err());
    let one = asked.space(&question("gru", &["w3"])).unwrap();
    assert_eq!(one.paths[0].points, [0.0, 0.0], "a single state is its own mean");
}

#[test]
fn with_two_units_the_axes_are_the_units_and_the_field_is_the_cell() {
    let kernel = vec![0.3, -0.8, 0.5, 0.1, -0.4, 0.9, 0.2, -0.6];
    let recurrent = [0.9, -0.5, 0.7, 0.4];
    let bias = [0.1, -0.2];
    let names = ["simple_rnn/kernel", "simple_rnn/recurrent_kernel", "simple_rnn/bias"];
    let weights = [kernel.clone(), recurrent.to_vec(), bias.to_vec()];
    let mut asked = two_units(
        "SimpleRNN",
        &[(names[0], weights[0].clone()), (names[1], weights[1].clone()), (names[2], weights[2].clone())],
    );
    let words = "w3 w14 w5 w9";
    let space = asked.space(&question("simple_rnn", &[words])).unwrap();
    let h = &asked.trace(&text(words)).unwrap().trace.layers[0].symbol("h").unwrap().values.clone();
    assert!(space.units_are_axes);
    let wanted: Vec<f64> = h.iter().map(|h| f64::from(*h)).collect();
    assert_eq!(space.paths[0].points, wanted);

    let model = experiment(&[layer("SimpleRNN", json!({ "units": 2 }))]).build_model().unwrap();
    let embeddings = model.parameters.by_name("embedding/embeddings").unwrap().to_vec();
    let ids = asked.trace(&text(words)).unwrap().tokens;
    let x: Vec<f64> = (0..4)
        .map(|k| {
            ids.iter().map(|token| f64::from(embeddings[4 * usize::from(token.id) + k])).sum::<f64>() / 4.0
        })
        .collect();
    let step = |h: [f64; 2]| {
        [0, 1].map(|u| {
            let from_x: f64 = (0..4).map(|k| x[k] * f64::from(kernel[2 * k + u])).sum();
            let from_h: f64 = (0..2).map(|k| h[k] * f64::from(recurrent[2 * k + u])).sum();
            (from_x + from_h + f64::from(bias[u])).tanh()
        })
    };
    let field = space.field.unwrap();
    for (from, to) in field.from.as_chunks::<2>().0.iter().zip(field.to.as_chunks::<2>().0) {
        let wanted = step(from.map(f64::from));
        for k in 0..2 {
            assert!((f64::from(to[k]) - wanted[k]).abs() < 1e-5, "{from:?} to {to:?}, not {wanted:?}");
        }
    }
    assert!(!field.fixed.is_empty(), "a continuous map of a square into itself has a fixed point");
    for point in &field.fixed {
        let to = step(point.at.map(f64::from));
        assert!((0..2).all(|k| (to[k] - f64::from(point.at[k])).abs() < 1e-4), "{point:?}");
    }
}

#[test]
fn two_units_that_hold_a_bit_each_have_nine_fixed_points() {
    // h ← tanh(2·h) for each unit: 0 repels, ±0.9575 attracts, with slope 2·(1 − 0.9575²).
    let mut asked = two_units(
        "SimpleRNN",
        &[
            ("simple_rnn/kernel", vec![0.0; 8]),
            ("simple_rnn/recurrent_kernel", vec![2.0, 0.0, 0.0, 2.0]),
            ("simple_rnn/bias", vec![0.0; 2]),
        ],
    );
    let fixed = asked.space(&question("simple_rnn", &["w3 w4"])).unwrap().field.unwrap().fixed;
    let stable = |sizes: [f64; 2]| sizes.iter().filter(|size| **size < 1.0).count();
    let counts = [0, 1, 2].map(|k| fixed.iter().filter(|point| stable(point.sizes) == k).count());
    assert_eq!((fixed.len(), counts), (9, [1, 4, 4]), "{fixed:?}");
    for point in &fixed {
        for at in point.at {
            assert!(at.abs() < 1e-3 || (at.abs() - 0.95750).abs() < 1e-3, "{point:?}");
        }
        if stable(point.sizes) == 2 {
            let slope = 2.0 * (1.0 - 0.957_504_f64.powi(2));
            assert!(point.sizes.iter().all(|size| (size - slope).abs() < 5e-3), "{point:?}");
        }
    }
}

#[test]
fn a_cell_with_a_second_state_has_a_path_and_no_field() {
    assert!(two_units("LSTM", &[]).space(&question("lstm", &["w3 w4"])).unwrap().field.is_none());
    assert!(two_units("GRU", &[]).space(&question("gru", &["w3 w4"])).unwrap().field.is_some());
}

#[test]
fn a_layer_that_reads_backwards_begins_behind_the_last_word() {
    let layers = [layer("GRU", json!({ "units": 2, "go_backwards": true, "name": "back" }))];
    let mut asked = Analysis::new(experiment(&layers), Some(three_classes())).unwrap();
    let space = asked.space(&question("back", &["w3 w14 w5"])).unwrap();
    assert_eq!(space.paths[0].start, [0.0, 0.0], "the words end the sequence");
    let trace = asked.trace(&text("w3 w14 w5")).unwrap().trace;
    assert!(trace.layers[0].goes_backwards);
    let h = &trace.layers[0].symbol("h").unwrap().values;
    let points: Vec<f32> = space.paths[0].points.iter().map(|x| *x as f32).collect();
    assert_eq!(points, h.iter().copied().collect::<Vec<_>>(), "two units are the axes");
}
