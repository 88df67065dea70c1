//! The same bits everywhere, and whenever training is interrupted.

use std::collections::BTreeMap;
use std::sync::Arc;

use ndarray::Array2;
use safetensors::SafeTensors;
use serde_json::{Value, json};
use unrolled::experiment::Experiment;
use unrolled::math::Backend;
use unrolled::model::Sequential;
use unrolled::rng::Stream;
use unrolled::session::Training;

use unrolled::train::{
    EarlyStopping, Examples, FitOptions, Inputs, Labels, Loss, Optimizer, Run, checkpoint,
};

use super::twenty_steps::{WEIGHTS_HASH, evaluation, examples, hash_after_twenty_steps, run, run_with};

#[test]
fn twenty_steps_give_the_recorded_weights() {
    let hash = hash_after_twenty_steps(Backend::Portable);
    assert_eq!(hash, WEIGHTS_HASH, "the weights hash to {hash:#018x}");
}

/// The same file is what `tests/engines/ways.js` expects of Chromium, Firefox and WebKit.
#[test]
fn updates_of_an_experiment_give_the_weights_that_every_browser_has() {
    let wanted: Value = serde_json::from_str(include_str!("../engines/weights.json")).unwrap();
    let mut training = Training::new();
    training.set_up(Experiment::preset(wanted["experiment"].as_str().unwrap()).unwrap()).unwrap();
    for _ in 0..wanted["updates"].as_u64().unwrap() {
        training.step_once(|| 0.0).unwrap();
    }
    assert_eq!(format!("{:016x}", training.weights_hash().unwrap()), wanted["hash"]);
}

/// Everything of a run that can be seen, to the bit.
fn bits(run: &Run) -> (Vec<u32>, Vec<u32>, u64, String) {
    let weights = run.model().parameters.values().iter().map(|w| w.to_bits()).collect();
    let history = run.history();
    let columns = [&history.losses, &history.accuracies, &history.gradient_norms];
    let course = columns.into_iter().flatten().map(|v| v.to_bits()).collect();
    (weights, course, run.update_count(), format!("{:?}", history.validation))
}

fn advance(run: &mut Run, times: usize) {
    for _ in 0..times {
        run.advance().unwrap();
    }
}

/// A run of `steps` pieces of work without a break equals one that was saved and restored after each number
/// of pieces.
fn goes_on_as_if_never_stopped(new: impl Fn() -> Run, pieces: usize) {
    let mut whole = new();
    advance(&mut whole, pieces);
    for first in [0, 1, pieces / 2, pieces - 1] {
        let mut before = new();
        advance(&mut before, first);
        let bytes = checkpoint::save(&before, 1.5).unwrap();
        let mut after = new();
        assert_eq!(checkpoint::restore(&mut after, &bytes).unwrap(), 1.5);
        // An evaluation that was under way begins again, so that pieces are counted by what they lead to.
        while after.update_count() < whole.update_count() || after.is_evaluating() && !whole.is_evaluating() {
            advance(&mut after, 1);
        }
        assert_eq!(bits(&after), bits(&whole), "after {first} of {pieces}");
    }
}

#[test]
fn a_restored_run_equals_one_that_never_stopped() {
    goes_on_as_if_never_stopped(|| run(Backend::Portable), 60);
}

/// Whatever the bit: a weight with another one looks like any weight.
#[test]
fn a_checkpoint_with_a_flipped_bit_is_refused_and_changes_nothing() {
    let mut trained = run(Backend::Portable);
    advance(&mut trained, 5);
    let bytes = checkpoint::save(&trained, 1.5).unwrap();
    let mut other = run(Backend::Portable);
    let before = bits(&other);
    for at in (0..bytes.len()).step_by(bytes.len() / 150) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        checkpoint::restore(&mut other, &flipped).expect_err(&format!("byte {at} of {}", bytes.len()));
        assert_eq!(bits(&other), before, "byte {at}");
    }
    checkpoint::restore(&mut other, &bytes).unwrap();
    assert_eq!(bits(&other), bits(&trained));
}

fn other_run(recurrent: Value, optimizer: Value, batch_size: usize) -> Run {
    let model = json!({ "class_name": "Sequential", "config": { "name": "m", "layers": [
        { "class_name": "Embedding", "config": { "input_dim": 41, "output_dim": 5 } },
        recurrent,
        { "class_name": "Dense", "config": { "units": 2, "activation": "softmax" } } ] } });
    let model = Sequential::from_json(&model.to_string(), 3).unwrap();
    let optimizer = Optimizer::from_keras(&optimizer, &model.parameters).unwrap();
    let mut stream = Stream::new(4, "checkpoint", 0);
    let ids = Array2::from_shape_simple_fn((40, 6), || stream.below(41));
    let labels = (0..40).map(|_| stream.below(2)).collect();
    let data = Examples::new(Inputs::Ids(ids), Labels::of_samples(labels)).unwrap();
    let shuffle = !model.is_stateful();
    let options =
        FitOptions { batch_size, seed: 9, shuffle, validate_every: Some(3), ..FitOptions::default() };
    let loss = Loss::SparseCategoricalCrossentropy { from_logits: false };
    let data = Arc::new(data);
    Run::new(model, (loss, optimizer), data.clone(), Some(data), options).unwrap()
}

#[test]
fn dropout_and_a_schedule_go_on_where_they_were() {
    let schedule = json!({ "class_name": "ExponentialDecay",
        "config": { "initial_learning_rate": 0.1, "decay_steps": 3, "decay_rate": 0.7 } });
    let optimizer = json!({ "class_name": "SGD", "config": { "learning_rate": schedule, "momentum": 0.9 } });
    let gru =
        json!({ "class_name": "GRU", "config": { "units": 7, "dropout": 0.3, "recurrent_dropout": 0.2 } });
    goes_on_as_if_never_stopped(|| other_run(gru.clone(), optimizer.clone(), 17), 20);
}

#[test]
fn stateful_layers_go_on_from_their_states() {
    let lstm = json!({ "class_name": "LSTM", "config": { "units": 7, "stateful": true } });
    let optimizer = json!({ "class_name": "RMSprop", "config": { "learning_rate": 0.01 } });
    goes_on_as_if_never_stopped(|| other_run(lstm.clone(), optimizer.clone(), 20), 7);
}

#[test]
fn early_stopping_goes_on_waiting_and_remembers_the_best_weights() {
    let new = || {
        let options =
            json!({ "monitor": "val_loss", "patience": 2, "min_delta": 0.05, "restore_best_weights": true });
        run_with(Backend::Portable, Some(EarlyStopping::from_keras(&options).unwrap()))
    };
    let mut whole = new();
    whole.fit(20, &mut |_, _| ()).unwrap();
    assert!(whole.has_stopped(), "the test needs a run that is stopped");
    let mut before = new();
    before.fit(2, &mut |_, _| ()).unwrap();
    let mut after = new();
    checkpoint::restore(&mut after, &checkpoint::save(&before, 0.0).unwrap()).unwrap();
    assert_eq!(after.stopper().unwrap().observed(), before.stopper().unwrap().observed());
    after.fit(18, &mut |_, _| ()).unwrap();
    before.fit(18, &mut |_, _| ()).unwrap();
    assert_eq!(bits(&after), bits(&before));
    assert!(after.has_stopped());
}

#[test]
fn a_changed_learning_rate_is_kept() {
    let mut before = run(Backend::Portable);
    before.optimizer_mut().set_learning_rate(0.1 + 0.2).unwrap();
    let bytes = checkpoint::save(&before, 0.0).unwrap();
    let mut after = run(Backend::Portable);
    checkpoint::restore(&mut after, &bytes).unwrap();
    assert_eq!(after.optimizer().learning_rate().to_bits(), ((0.1 + 0.2) as f32).to_bits());
}

#[test]
fn a_checkpoint_of_another_run_is_refused_and_changes_nothing() {
    let mut stranger = run(Backend::Portable);
    advance(&mut stranger, 2);
    let untouched = bits(&stranger);
    let lstm = |units: u32| json!({ "class_name": "LSTM", "config": { "units": units } });
    let adam = json!({ "class_name": "Adam" });
    let sgd = json!({ "class_name": "SGD" });
    let mut here = other_run(lstm(6), adam.clone(), 8);
    let at_first = bits(&here);
    for (other, reason) in [
        (stranger, "another model"),
        (other_run(lstm(7), adam.clone(), 8), "another model"),
        (other_run(lstm(6), sgd, 8), "optimizer"),
        (other_run(lstm(6), adam, 9), "batches of 9"),
    ] {
        let bytes = checkpoint::save(&other, 0.0).unwrap();
        let message = checkpoint::restore(&mut here, &bytes).unwrap_err().to_string();
        assert!(message.contains(reason), "{message}");
        assert_eq!(bits(&here), at_first);
    }
    assert_ne!(untouched.2, 0);
}

#[test]
fn damaged_checkpoints_are_refused_and_change_nothing() {
    let mut saved = run(Backend::Portable);
    advance(&mut saved, 4);
    let bytes = checkpoint::save(&saved, 0.0).unwrap();
    let mut here = run(Backend::Portable);
    let at_first = bits(&here);
    for length in [0, 7, 8, 100, bytes.len() / 2, bytes.len() - 1] {
        assert!(checkpoint::restore(&mut here, &bytes[..length]).is_err(), "{length} bytes");
    }
    assert_eq!(bits(&here), at_first);
}

#[test]
fn no_flipped_bit_of_a_checkpoint_makes_it_panic() {
    let mut saved = run(Backend::Portable);
    advance(&mut saved, 4);
    let bytes = checkpoint::save(&saved, 0.0).unwrap();
    let header = u64::from_le_bytes(*bytes.first_chunk().unwrap()) as u32 + 8;
    let mut stream = Stream::new(8, "damage", 0);
    let mut refused = 0;
    for _ in 0..2_000 {
        let mut damaged = bytes.clone();
        damaged[stream.below(header) as usize] ^= 1 << stream.below(8);
        let mut here = run(Backend::Portable);
        match checkpoint::restore(&mut here, &damaged) {
            Ok(_) => assert!(here.advance().is_ok() || here.is_evaluating()),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 1_000, "{refused} of 2,000 were seen to be damaged");
}

fn golden(name: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/training");
    std::fs::read(folder.join(name)).unwrap()
}

/// Files that were written before had no seal.
fn assert_same_but_for_seal(now: &[u8], before: &[u8]) {
    let text = |bytes| SafeTensors::read_metadata(bytes).unwrap().1.metadata().clone();
    assert_eq!(text(now), text(before));
    let arrays = |bytes| {
        let file = SafeTensors::deserialize(bytes).unwrap();
        let arrays = file.iter().map(|(name, view)| (name.to_owned(), view.data().to_vec()));
        arrays.collect::<BTreeMap<_, _>>()
    };
    let mut sealed = arrays(now);
    assert!(sealed.remove("seal").is_some());
    assert_eq!(sealed, arrays(before));
}

/// The two files were written before the trainer was split; they stand for every checkpoint that readers have
/// kept. Both hold the run of a test above: the first within the evaluation after update 9, the second after
/// update 3.
#[test]
fn checkpoints_that_were_written_before_still_restore() {
    let options = json!({ "patience": 9, "restore_best_weights": true });
    let mut twenty = run_with(Backend::Portable, Some(EarlyStopping::from_keras(&options).unwrap()));
    assert_eq!(checkpoint::restore(&mut twenty, &golden("checkpoint_adam.safetensors")).unwrap(), 1.5);
    assert!(twenty.is_evaluating());
    assert_eq!((twenty.update_count(), twenty.stopper().unwrap().best().unwrap().1), (9, 1));
    assert_same_but_for_seal(
        &checkpoint::save(&twenty, 1.5).unwrap(),
        &golden("checkpoint_adam.safetensors"),
    );
    while twenty.update_count() < 20 {
        twenty.advance().unwrap();
    }
    assert_eq!(twenty.model().parameters.hash(), WEIGHTS_HASH);

    let lstm = json!({ "class_name": "LSTM", "config": { "units": 7, "stateful": true } });
    let optimizer = json!({ "class_name": "RMSprop", "config": { "learning_rate": 0.01 } });
    let mut stateful = other_run(lstm, optimizer, 20);
    assert_eq!(checkpoint::restore(&mut stateful, &golden("checkpoint_stateful.safetensors")).unwrap(), 2.5);
    while stateful.update_count() < 7 {
        stateful.advance().unwrap();
    }
    assert_eq!(
        stateful.model().parameters.hash(),
        0x7d81_cc24_5d00_bc28,
        "the weights of the uninterrupted run"
    );
}

#[test]
fn checkpoints_of_the_same_run_are_the_same_bytes() {
    let bytes = || {
        let mut run = run(Backend::Portable);
        advance(&mut run, 3);
        checkpoint::save(&run, 0.25).unwrap()
    };
    assert_eq!(bytes(), bytes());
}

#[test]
fn evaluating_leaves_the_weights_alone() {
    let mut evaluated = run(Backend::Portable);
    evaluation(&mut evaluated, examples());
    assert_eq!(bits(&evaluated), bits(&run(Backend::Portable)));
}
