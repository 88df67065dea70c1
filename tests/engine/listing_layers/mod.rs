//! Listings as layers: they agree with the fused cells, their gradients are right, they train, and bad ones are
//! refused.

mod first_weights;
mod gradients;
mod hints;
mod refusals;

use std::sync::Arc;

use ndarray::{Array2, Array3};
use proptest::prelude::*;
use serde_json::{Value, json};
use unrolled::listing::cells;
use unrolled::model::{Mode, Sequential};
use unrolled::rng::{RngExt, Stream, Uniform};
use unrolled::trace;
use unrolled::train::{Examples, FitOptions, Inputs, Labels, Loss, Optimizer, Run, checkpoint};

/// A model of these layers over sequences of `features` numbers.
fn model(features: usize, mut layers: Vec<Value>) -> Sequential {
    layers[0]["config"]["batch_input_shape"] = json!([null, null, features]);
    let json = json!({ "class_name": "Sequential", "config": { "name": "m", "layers": layers } });
    Sequential::from_json(&json.to_string(), 3).unwrap()
}

fn layer(class: &str, config: Value) -> Value {
    json!({ "class_name": class, "config": config })
}

/// Numbers that leave the straight part of every function.
fn fill(model: &mut Sequential, seed: u64) {
    let mut stream = Stream::new(seed, "weights", 0);
    model.parameters.values_mut().iter_mut().for_each(|w| *w = stream.sample(Uniform::new(-0.8, 0.8)));
}

/// Sizes and numbers of one pass.
#[derive(Debug, Clone)]
struct Case {
    units: usize,
    features: usize,
    batch: usize,
    timesteps: usize,
    masked: bool,
    seed: u64,
}

fn cases() -> impl Strategy<Value = Case> {
    (1..10usize, 1..8usize, 1..7usize, 1..70usize, any::<bool>(), any::<u64>()).prop_map(
        |(units, features, batch, timesteps, masked, seed)| Case {
            units,
            features,
            batch,
            timesteps,
            masked,
            seed,
        },
    )
}

/// Output, gradient of the input and gradients of all weights of a pass whose loss is the sum of random multiples of
/// the output.
fn pass(model: &mut Sequential, case: &Case) -> Vec<(String, Vec<f32>)> {
    let mut stream = Stream::new(case.seed, "pass", 0);
    let x = model.input_mut();
    x.set_sequence(case.timesteps, case.batch, case.features);
    x.data.iter_mut().for_each(|v| *v = stream.sample(Uniform::new(-1.0, 1.0)));
    if case.masked {
        x.mask.extend((0..case.timesteps * case.batch).map(|_| stream.below(4) != 0));
    }
    model.forward(Mode::INFERENCE).unwrap();
    let mut found = vec![("output".to_owned(), model.output().data.clone())];
    // Small enough that sums over all timesteps stay near one, where 1e-6 is about ten roundings.
    let share = 1.0 / (case.timesteps * case.batch) as f32;
    model.output_gradient_mut().iter_mut().for_each(|d| *d = share * stream.sample(Uniform::new(-1.0, 1.0)));
    let mut gradients = model.new_gradients();
    let dx = model.backward(Mode::INFERENCE, true, &mut gradients).unwrap();
    found.push(("dx".to_owned(), dx.to_vec()));
    found.extend(gradients.to_dense().into_iter().map(|(name, values)| (name, values.into_iter().collect())));
    found
}

fn assert_agree(fused: Value, listing: Value, wrap: &dyn Fn(Value) -> Value, case: &Case) {
    let mut fused = model(case.features, vec![wrap(fused)]);
    let mut listed = model(case.features, vec![wrap(listing)]);
    fill(&mut fused, case.seed);
    // Where a recurrence is chaotic, it makes any two orders of rounding differ; at this size none is.
    fused.parameters.values_mut().iter_mut().for_each(|w| *w *= 0.6);
    assert_eq!(fused.parameters.values().len(), listed.parameters.values().len());
    listed.parameters.values_mut().copy_from_slice(fused.parameters.values());
    for ((name, want), (_, got)) in pass(&mut fused, case).into_iter().zip(pass(&mut listed, case)) {
        assert_eq!(want.len(), got.len(), "{name}");
        for (k, (want, got)) in want.iter().zip(&got).enumerate() {
            assert!((want - got).abs() <= 1e-6, "{name}[{k}]: {got} instead of {want}, {case:?}");
        }
    }
}

/// A fused cell and the listing of the same equations, with the same options.
fn pairs(units: usize, options: &Value) -> Vec<(Value, Value)> {
    let fused = [
        ("SimpleRNN", json!({}), "simple_rnn"),
        ("LSTM", json!({}), "lstm"),
        ("GRU", json!({ "reset_after": true }), "gru"),
        ("GRU", json!({ "reset_after": false }), "gru_reset_before"),
    ];
    let merge = |mut to: Value| {
        to["units"] = json!(units);
        to.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        to
    };
    let pair = |(class, own, cell): (&str, Value, &str)| {
        (layer(class, merge(own)), layer("Listing", merge(json!({ "cell": cell }))))
    };
    fused.into_iter().map(pair).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fused_cells_agree_with_their_listings_forward_and_backward(
        case in cases(), sequences in any::<bool>(), backwards in any::<bool>(), zero in any::<bool>(),
    ) {
        let options =
            json!({ "return_sequences": sequences, "go_backwards": backwards, "zero_output_for_mask": zero });
        for (fused, listing) in pairs(case.units, &options) {
            assert_agree(fused, listing, &|layer| layer, &case);
        }
    }

    #[test]
    fn fused_cells_agree_with_their_listings_in_both_directions(case in cases(), sequences in any::<bool>()) {
        let wrap = |inner: Value| layer("Bidirectional", json!({ "layer": inner }));
        for (fused, listing) in pairs(case.units, &json!({ "return_sequences": sequences })) {
            assert_agree(fused, listing, &wrap, &case);
        }
    }

    #[test]
    fn a_stateful_listing_goes_on_where_it_stopped(case in cases(), first in 1..60usize) {
        let Case { features, batch, timesteps, .. } = case;
        let first = first.min(timesteps);
        let case = Case { masked: false, ..case };
        let options = json!({ "units": case.units, "cell": "lstm", "return_sequences": true, "stateful": true });
        let mut whole = model(features, vec![layer("Listing", options.clone())]);
        let mut parts = model(features, vec![layer("Listing", options)]);
        fill(&mut whole, case.seed);
        parts.parameters.values_mut().copy_from_slice(whole.parameters.values());
        let want = pass(&mut whole, &case).remove(0).1;
        let x = whole.input().data.clone();
        let mut got = Vec::new();
        for steps in [0..first, first..timesteps].into_iter().filter(|steps| !steps.is_empty()) {
            let input = parts.input_mut();
            input.set_sequence(steps.len(), batch, features);
            let size = batch * features;
            input.data.copy_from_slice(&x[steps.start * size..steps.end * size]);
            parts.forward(Mode::INFERENCE).unwrap();
            got.extend_from_slice(&parts.output().data);
        }
        prop_assert_eq!(got, want);
    }
}

/// A run whose listing must remember whether the first number of a sequence was positive.
fn run(dropout: f64) -> Run {
    let (count, timesteps) = (160, 7);
    let mut stream = Stream::new(1, "data", 0);
    let x = Array3::from_shape_simple_fn((count, timesteps, 1), || stream.sample(Uniform::new(-1.0, 1.0)));
    let labels = x.outer_iter().map(|x| u32::from(x[[0, 0]] > 0.0)).collect();
    let data = Arc::new(Examples::new(Inputs::Sequences(x), Labels::of_samples(labels)).unwrap());
    let listing = json!({ "units": 9, "cell": "ugrnn", "dropout": dropout });
    let last = layer("Dense", json!({ "units": 1, "activation": "sigmoid" }));
    let model = model(1, vec![layer("Listing", listing), last]);
    let adam = json!({ "class_name": "Adam", "config": { "learning_rate": 0.02 } });
    let optimizer = Optimizer::from_keras(&adam, &model.parameters).unwrap();
    let loss = Loss::BinaryCrossentropy { from_logits: false };
    let options = FitOptions { batch_size: 40, seed: 5, ..FitOptions::default() };
    Run::new(model, (loss, optimizer), data.clone(), Some(data), options).unwrap()
}

#[test]
fn a_listing_learns_what_needs_memory() {
    let mut run = run(0.0);
    run.fit(60, &mut |_, _| {}).unwrap();
    let losses = &run.history().losses;
    let last = losses[losses.len() - 4..].iter().sum::<f32>() / 4.0;
    // Chance is ln 2 = 0.69.
    assert!(last < 0.2, "{last}");
}

#[test]
fn blocks_of_a_listing_computed_by_several_workers_give_the_bits_of_one() {
    let mut alone = run(0.3);
    let mut workers = [run(0.3), run(0.3)];
    for update in 0..6 {
        let want = alone.update().unwrap();
        let count = workers[0].block_count();
        assert!(count > 1, "one block cannot show it");
        let mut blocks = vec![Vec::new(); count];
        for k in (0..count).rev() {
            workers[(k + update) % 2].encode_block(k, &mut blocks[k]).unwrap();
        }
        for worker in &mut workers {
            assert_eq!(worker.update_from_blocks(blocks.iter().map(Vec::as_slice)).unwrap(), want);
            assert_eq!(worker.model().parameters.hash(), alone.model().parameters.hash(), "update {update}");
        }
    }
}

#[test]
fn a_restored_run_of_a_listing_equals_one_that_never_stopped() {
    let mut whole = run(0.3);
    for _ in 0..9 {
        whole.advance().unwrap();
    }
    let mut before = run(0.3);
    for _ in 0..4 {
        before.advance().unwrap();
    }
    let bytes = checkpoint::save(&before, 0.0).unwrap();
    let mut after = run(0.3);
    checkpoint::restore(&mut after, &bytes).unwrap();
    for _ in 0..5 {
        after.advance().unwrap();
    }
    assert_eq!(after.model().parameters.hash(), whole.model().parameters.hash());
}

#[test]
fn a_model_with_a_listing_reads_back_from_its_own_configuration() {
    let text = cells::named("ugrnn").unwrap().source;
    let inner = layer(
        "Listing",
        json!({ "units": 4, "source": text, "return_sequences": true,
        "initializers": { "b": "ones" } }),
    );
    let first = layer("Bidirectional", json!({ "name": "both", "layer": inner }));
    let last = layer(
        "Listing",
        json!({ "name": "last", "units": 3, "cell": "lstm_projection", "go_backwards": true }),
    );
    let one = model(2, vec![first, last]);
    let two = Sequential::from_json(&one.to_json().to_string(), 3).unwrap();
    assert_eq!(one.to_json(), two.to_json());
    assert_eq!(one.parameters.hash(), two.parameters.hash());
    let names: Vec<&str> = one.parameters.specs().iter().map(|spec| spec.name.as_str()).collect();
    assert_eq!(names[..4], ["both/forward/W", "both/forward/U", "both/forward/b", "both/backward/W"]);
    assert!(one.parameters.by_name("both/forward/b").unwrap().iter().all(|b| *b == 1.0));
}

#[test]
fn weights_are_drawn_by_what_they_are_used_for() {
    let model = model(3, vec![layer("Listing", json!({ "name": "cell", "units": 5, "cell": "gru" }))]);
    let numbers = |name: &str| model.parameters.by_name(name).unwrap().to_vec();
    let limit = (6.0f32 / (3.0 + 15.0)).sqrt();
    let largest = numbers("cell/W").iter().fold(0.0f32, |m, v| m.max(v.abs()));
    assert!((0.7 * limit..=limit).contains(&largest), "glorot_uniform: {largest} of {limit}");
    let u = numbers("cell/U");
    for (a, b) in (0..5).flat_map(|a| (0..5).map(move |b| (a, b))) {
        let product: f32 = (0..15).map(|k| u[a * 15 + k] * u[b * 15 + k]).sum();
        assert!(
            (product - if a == b { 1.0 } else { 0.0 }).abs() < 1e-5,
            "orthogonal rows {a} and {b}: {product}"
        );
    }
    assert!(numbers("cell/b").iter().all(|b| *b == 0.0));
}

#[test]
fn a_trace_shows_every_assigned_name_and_state_as_the_fused_cell_does() {
    let mut fused = model(3, vec![layer("LSTM", json!({ "name": "cell", "units": 5 }))]);
    let mut listed = model(3, vec![layer("Listing", json!({ "name": "cell", "units": 5, "cell": "lstm" }))]);
    fill(&mut fused, 3);
    listed.parameters.values_mut().copy_from_slice(fused.parameters.values());
    let values = Array2::from_shape_fn((11, 3), |(t, k)| ((3 * t + k) as f32 * 0.7).sin());
    let want = trace::trace_vectors(&mut fused, values.view()).unwrap();
    let got = trace::trace_vectors(&mut listed, values.view()).unwrap();
    let names: Vec<&str> = got.layers[0].symbols.iter().map(|symbol| symbol.name.as_str()).collect();
    assert_eq!(names, ["z_i", "z_f", "z_c", "z_o", "i", "f", "g", "o", "c", "h"]);
    for symbol in &want.layers[0].symbols {
        let found = got.layers[0].symbol(&symbol.name).unwrap();
        assert_eq!(found.values.dim(), symbol.values.dim());
        for (want, got) in symbol.values.iter().zip(&found.values) {
            assert!((want - got).abs() <= 1e-6, "{}: {got} instead of {want}", symbol.name);
        }
    }
    for (want, got) in want.layers[0].gradient_norms.iter().zip(&got.layers[0].gradient_norms) {
        assert!((want - got).abs() <= 1e-6, "{got} instead of {want}");
    }
}
