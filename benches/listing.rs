//! What a listing costs in training beside the fused cell of the same equations.
#![allow(clippy::unwrap_used, clippy::panic)] // A benchmark may stop with what it found.

use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::{Value, json};
use unrolled::model::{Mode, Sequential};
use unrolled::rng::{RngExt, Stream, Uniform};

const BATCH: usize = 32;
const TIMESTEPS: usize = 80;
const UNITS: usize = 64;

fn model(class: &str, mut config: Value) -> Sequential {
    config["name"] = json!("cell");
    config["units"] = json!(UNITS);
    config["batch_input_shape"] = json!([null, TIMESTEPS, UNITS]);
    let json = json!({ "class_name": "Sequential", "config": { "name": "m", "layers": [
        { "class_name": class, "config": config } ] } });
    let mut model = Sequential::from_json(&json.to_string(), 1).unwrap();
    let mut stream = Stream::new(2, "input", 0);
    let x = model.input_mut();
    x.set_sequence(TIMESTEPS, BATCH, UNITS);
    x.data.iter_mut().for_each(|v| *v = stream.sample(Uniform::new(-1.0, 1.0)));
    model
}

/// Forward, backward and the gradients of all weights and of the input.
fn step(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("training_step_32x80x64");
    for (name, class, config) in [
        ("lstm_fused", "LSTM", json!({})),
        ("lstm_listing", "Listing", json!({ "cell": "lstm" })),
        ("gru_fused", "GRU", json!({})),
        ("gru_listing", "Listing", json!({ "cell": "gru" })),
        ("simple_rnn_fused", "SimpleRNN", json!({})),
        ("simple_rnn_listing", "Listing", json!({ "cell": "simple_rnn" })),
    ] {
        let mut model = model(class, config);
        let mut gradients = model.new_gradients();
        let mode = Mode { training: true, ..Mode::INFERENCE };
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                model.parameters.values_mut(); // As after an optimizer's step, everything is packed again.
                model.forward(mode).unwrap();
                model.output_gradient_mut().fill(0.01);
                gradients.clear();
                model.backward(mode, true, &mut gradients);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, step);
criterion_main!(benches);
