//! Once its buffers have grown, an update allocates nothing.
#![cfg(not(target_arch = "wasm32"))] // the counter replaces the native allocator
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop with what it found

use std::sync::Arc;

use ndarray::Array2;
use serde_json::json;
use unrolled::bench::Sizes;
use unrolled::rng::Stream;
use unrolled::train::{Examples, FitOptions, Inputs, Labels, Loss, Optimizer, Run};

const SAMPLES: usize = 400;
const STEPS: usize = 9;

/// A run with ten batches of 40 samples, which are four blocks each.
fn run(cell: &str, class: &str) -> Run {
    let sizes = Sizes {
        cell: cell.into(),
        batch: 40,
        steps: STEPS,
        vocab: 30,
        embed: 6,
        hidden: vec![10, 7],
        head: 1,
        loss: "bce".into(),
        opt: String::new(),
    };
    let model = unrolled::model::Sequential::from_json(&sizes.model().unwrap().to_string(), 3).unwrap();
    let mut stream = Stream::new(3, "data", 0);
    let ids = Array2::from_shape_simple_fn((SAMPLES, STEPS), || stream.below(30));
    let labels = Labels::of_samples((0..SAMPLES).map(|_| stream.below(2)).collect());
    let examples = Examples::new(Inputs::Ids(ids), labels).unwrap();
    let optimizer = json!({ "class_name": class, "config": { "learning_rate": 0.01, "clipnorm": 1.0 } });
    let optimizer = Optimizer::from_keras(&optimizer, &model.parameters).unwrap();
    let loss = Loss::BinaryCrossentropy { from_logits: false };
    let options = FitOptions { batch_size: 40, seed: 3, ..FitOptions::default() };
    Run::new(model, (loss, optimizer), Arc::new(examples), None, options).unwrap()
}

#[test]
fn an_update_allocates_nothing() {
    for (cell, optimizer) in [("lstm", "Adam"), ("gru", "RMSprop"), ("rnn", "SGD")] {
        let mut run = run(cell, optimizer);
        // Two epochs: every word was seen, every buffer has grown. The history has room for 32 updates by
        // then.
        let mut train = |updates| (0..updates).for_each(|_| assert!(run.update().is_ok()));
        train(21);
        let allocated = allocation_counter::measure(|| train(8));
        assert_eq!(allocated.count_total, 0, "{cell} with {optimizer}: {} bytes", allocated.bytes_total);
    }
}
