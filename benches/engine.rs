//! What the benchmark page measures, natively: training steps of its networks, products of matrices, and the
//! functions of gates. The kernels are the portable ones here; the browser's are those of `bench.html`.
#![allow(clippy::unwrap_used)] // A benchmark may stop with what it found.

use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::{Value, json};
use unrolled::bench::{Product, Sizes};
use unrolled::math::Backend;
use unrolled::math::elementary::{exp_all, sigmoid_all, tanh_all};
use unrolled::model::Mode;
use unrolled::rng::{RngExt, Stream, Uniform};

/// The networks of `www/bench/workloads.js`.
fn networks() -> [(&'static str, Value); 5] {
    [
        (
            "w1_imdb_lstm_128",
            json!({ "cell": "lstm", "batch": 32, "steps": 80, "vocab": 20000, "embed": 128, "hidden": [128],
                "head": 1, "loss": "bce", "opt": "adam" }),
        ),
        (
            "w2_imdb_lstm_100",
            json!({ "cell": "lstm", "batch": 64, "steps": 500, "vocab": 5000, "embed": 32, "hidden": [100],
                "head": 1, "loss": "bce", "opt": "adam" }),
        ),
        (
            "w3_reuters_two_lstm_50",
            json!({ "cell": "lstm", "batch": 50, "steps": 49, "vocab": 0, "embed": 1, "hidden": [50, 50],
                "head": 46, "loss": "cce", "opt": "adam" }),
        ),
        (
            "w4_imdb_simple_rnn_32",
            json!({ "cell": "rnn", "batch": 128, "steps": 500, "vocab": 10000, "embed": 32, "hidden": [32],
                "head": 1, "loss": "bce", "opt": "rmsprop" }),
        ),
        (
            "w5_characters_gru_256",
            json!({ "cell": "gru", "batch": 32, "steps": 64, "vocab": 64, "embed": 64, "hidden": [256],
                "head": 64, "loss": "seq-cce", "opt": "adam" }),
        ),
    ]
}

/// Forward, backward and optimizer on one batch; elements are timesteps of samples.
fn training_steps(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("training_step");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    for (name, sizes) in networks() {
        let sizes: Sizes = serde_json::from_value(sizes).unwrap();
        let mut run = sizes.run(Backend::best()).unwrap();
        group.throughput(Throughput::Elements((sizes.batch * sizes.steps) as u64));
        group.bench_function(name, |bencher| bencher.iter(|| run.update().unwrap()));
    }
    group.finish();
}

/// One text forward through a small LSTM.
fn inference(criterion: &mut Criterion) {
    let sizes = json!({ "cell": "lstm", "batch": 1, "steps": 500, "embed": 32, "hidden": [32] });
    let sizes: Sizes = serde_json::from_value(sizes).unwrap();
    let mut model = sizes.model_with_input(Backend::best()).unwrap();
    let mut group = criterion.benchmark_group("forward");
    group.throughput(Throughput::Elements(sizes.steps as u64));
    group.bench_function("w7_lstm_32", |bencher| {
        bencher.iter(|| model.forward(Mode::INFERENCE).unwrap());
    });
    group.finish();
}

/// C = A·B with B packed beforehand; elements are floating-point operations.
fn products(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("product");
    for (m, k, n) in
        [(64, 64, 64), (128, 128, 128), (256, 256, 256), (512, 512, 512), (32, 128, 512), (64, 32, 400)]
    {
        let mut product = Product::new(Backend::best(), m, k, n);
        group.throughput(Throughput::Elements((2 * m * k * n) as u64));
        group.bench_function(format!("w6_{m}x{k}x{n}"), |bencher| bencher.iter(|| product.run()));
    }
    group.finish();
}

/// A function applied to each of some values, in place.
type Function = fn(Backend, &mut [f32]);

/// The functions of gates over the values of a block of timesteps.
fn gates(criterion: &mut Criterion) {
    const VALUES: usize = 1 << 14;
    let mut stream = Stream::new(3, "gates", 0);
    let values: Vec<f32> = (0..VALUES).map(|_| stream.sample(Uniform::new(-6.0, 6.0))).collect();
    let mut group = criterion.benchmark_group("gates");
    group.throughput(Throughput::Elements(VALUES as u64));
    for (name, function) in [("sigmoid", sigmoid_all as Function), ("tanh", tanh_all), ("exp", exp_all)] {
        group.bench_function(name, |bencher| {
            bencher.iter_batched_ref(
                || values.clone(),
                |values| function(Backend::best(), values),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, training_steps, inference, products, gates);
criterion_main!(benches);
