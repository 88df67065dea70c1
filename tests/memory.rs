//! Once its buffers have grown, an update allocates nothing, and a long run holds little more than its history.
#![cfg(not(target_arch = "wasm32"))] // the counter replaces the native allocator
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop with what it found

use std::sync::Arc;

use ndarray::Array2;
use serde_json::json;
use unrolled::bench::Sizes;
use unrolled::rng::Stream;
use unrolled::train::{Examples, FitOptions, Inputs, Labels, Loss, Optimizer, Run, checkpoint};

const SAMPLES: usize = 400;
const STEPS: usize = 9;

/// A run with ten batches of 40 samples, which are four blocks each.
fn run(cell: &str, class: &str) -> Run {
    run_of(cell, class, (40, vec![10, 7]))
}

/// A run whose updates are quick.
fn long_run() -> Run {
    run_of("rnn", "SGD", (1, vec![2]))
}

fn run_of(cell: &str, class: &str, (batch, hidden): (usize, Vec<usize>)) -> Run {
    let sizes = Sizes {
        cell: cell.into(),
        batch,
        steps: STEPS,
        vocab: 30,
        embed: 6,
        hidden,
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
    let options = FitOptions { batch_size: batch, seed: 3, ..FitOptions::default() };
    Run::new(model, (loss, optimizer), Arc::new(examples), None, options).unwrap()
}

#[test]
fn an_update_allocates_nothing() {
    for (cell, optimizer) in [("lstm", "Adam"), ("gru", "RMSprop"), ("rnn", "SGD")] {
        let mut run = run(cell, optimizer);
        // Two epochs: every word was seen, every buffer has grown. The history has room for more
        // updates by then.
        let mut train = |updates| (0..updates).for_each(|_| assert!(run.update().is_ok()));
        train(21);
        let allocated = allocation_counter::measure(|| train(8));
        assert_eq!(allocated.count_total, 0, "{cell} with {optimizer}: {} bytes", allocated.bytes_total);
    }
}

#[test]
fn a_run_that_is_kept_again_and_again_takes_the_memory_of_its_history() {
    const UPDATES: usize = 6000;
    let mut run = long_run();
    let mut written = 0;
    let allocated = allocation_counter::measure(|| {
        for _ in 0..8 {
            (0..UPDATES / 8).for_each(|_| assert!(run.update().is_ok()));
            written = 0;
            checkpoint::file(&run, 0.0).unwrap().pieces(&mut |piece| written += piece.len());
        }
    });
    // Loss, accuracy and norm of an update are four bytes each. A quarter is room for what follows, and what is held
    // for a moment (one of them while it grows, and a piece of the file) is less than another half.
    let history = 12 * UPDATES;
    assert!(written > history, "{written} bytes");
    let most = allocated.bytes_max as usize;
    assert!(most < history + history / 4 + history / 2, "{most} bytes for a history of {history}");
    assert!(allocated.bytes_current < (history + history / 4) as i64, "{} bytes", allocated.bytes_current);
}

#[test]
fn a_run_in_pieces_is_the_run_as_bytes() {
    let mut run = long_run();
    (0..5000).for_each(|_| assert!(run.update().is_ok()));
    let (file, mut bytes) = (checkpoint::file(&run, 1.5).unwrap(), Vec::new());
    file.pieces(&mut |piece| bytes.extend_from_slice(piece));
    assert_eq!(bytes.len(), file.byte_count());
    assert_eq!(bytes, checkpoint::save(&run, 1.5).unwrap());
    let mut other = long_run();
    assert_eq!(checkpoint::restore(&mut other, &bytes).unwrap(), 1.5);
    assert_eq!(other.history(), run.history());
}
