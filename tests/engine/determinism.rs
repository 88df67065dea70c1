//! The same bits everywhere, and whenever training is interrupted.

use std::sync::Arc;

use serde_json::{Value, json};
use unrolled::math::Backend;
use unrolled::model::Sequential;
use unrolled::rng::Stream;

use unrolled::train::{
    EarlyStopping, Examples, FitOptions, Inputs, Labels, Loss, Optimizer, Trainer, checkpoint,
};

use super::twenty_steps::{WEIGHTS_HASH, examples, hash_after_twenty_steps, trainer};

#[test]
fn twenty_steps_give_the_recorded_weights() {
    let hash = hash_after_twenty_steps(Backend::Portable);
    assert_eq!(hash, WEIGHTS_HASH, "the weights hash to {hash:#018x}");
}

/// Everything of a run that can be seen, to the bit.
fn bits(trainer: &Trainer) -> (Vec<u32>, Vec<u32>, u64, String) {
    let weights = trainer.model.parameters.values().iter().map(|w| w.to_bits()).collect();
    let history = trainer.history();
    let columns = [&history.losses, &history.accuracies, &history.gradient_norms];
    let course = columns.into_iter().flatten().map(|v| v.to_bits()).collect();
    (weights, course, trainer.step_count(), format!("{:?}", history.validation))
}

fn advance(trainer: &mut Trainer, times: usize) {
    for _ in 0..times {
        trainer.advance().unwrap();
    }
}

/// A run of `steps` pieces of work without a break equals one that was saved and restored after each number of pieces.
fn goes_on_as_if_never_stopped(new: impl Fn() -> Trainer, pieces: usize) {
    let mut whole = new();
    advance(&mut whole, pieces);
    for first in [0, 1, pieces / 2, pieces - 1] {
        let mut before = new();
        advance(&mut before, first);
        let bytes = checkpoint::save(&before, 1.5).unwrap();
        let mut after = new();
        assert_eq!(checkpoint::restore(&mut after, &bytes).unwrap(), 1.5);
        // An evaluation that was under way begins again, so that pieces are counted by what they lead to.
        while after.step_count() < whole.step_count() || after.is_evaluating() && !whole.is_evaluating() {
            advance(&mut after, 1);
        }
        assert_eq!(bits(&after), bits(&whole), "after {first} of {pieces}");
    }
}

#[test]
fn a_restored_run_equals_one_that_never_stopped() {
    goes_on_as_if_never_stopped(|| trainer(Backend::Portable), 60);
}

fn other_trainer(recurrent: Value, optimizer: Value, batch_size: usize) -> Trainer {
    let model = json!({ "class_name": "Sequential", "config": { "name": "m", "layers": [
        { "class_name": "Embedding", "config": { "input_dim": 41, "output_dim": 5 } },
        recurrent,
        { "class_name": "Dense", "config": { "units": 2, "activation": "softmax" } } ] } });
    let model = Sequential::from_json(&model.to_string(), 3).unwrap();
    let optimizer = Optimizer::from_keras(&optimizer, &model.parameters).unwrap();
    let mut stream = Stream::new(4, "checkpoint", 0);
    let ids = (0..40 * 6).map(|_| stream.below(41)).collect();
    let labels = (0..40).map(|_| stream.below(2)).collect();
    let inputs = Inputs::Ids { timesteps: 6, ids };
    let data = Examples::new(40, inputs, Labels::Classes { per_sample: 1, ids: labels }, Vec::new()).unwrap();
    let shuffle = !model.is_stateful();
    let options = FitOptions { batch_size, seed: 9, shuffle, validate_every: Some(3) };
    let loss = Loss::SparseCategoricalCrossentropy { from_logits: false };
    let data = Arc::new(data);
    Trainer::new(model, (loss, optimizer), data.clone(), Some(data), options).unwrap()
}

#[test]
fn dropout_and_a_schedule_go_on_where_they_were() {
    let schedule = json!({ "class_name": "ExponentialDecay",
        "config": { "initial_learning_rate": 0.1, "decay_steps": 3, "decay_rate": 0.7 } });
    let optimizer = json!({ "class_name": "SGD", "config": { "learning_rate": schedule, "momentum": 0.9 } });
    let gru =
        json!({ "class_name": "GRU", "config": { "units": 7, "dropout": 0.3, "recurrent_dropout": 0.2 } });
    goes_on_as_if_never_stopped(|| other_trainer(gru.clone(), optimizer.clone(), 17), 20);
}

#[test]
fn stateful_layers_go_on_from_their_states() {
    let lstm = json!({ "class_name": "LSTM", "config": { "units": 7, "stateful": true } });
    let optimizer = json!({ "class_name": "RMSprop", "config": { "learning_rate": 0.01 } });
    goes_on_as_if_never_stopped(|| other_trainer(lstm.clone(), optimizer.clone(), 20), 7);
}

#[test]
fn early_stopping_goes_on_waiting_and_remembers_the_best_weights() {
    let new = || {
        let mut trainer = trainer(Backend::Portable);
        let options =
            json!({ "monitor": "val_loss", "patience": 2, "min_delta": 0.05, "restore_best_weights": true });
        trainer.set_early_stopping(Some(EarlyStopping::from_keras(&options).unwrap())).unwrap();
        trainer
    };
    let mut whole = new();
    whole.fit(20, |_, _| ()).unwrap();
    assert!(whole.has_stopped(), "the test needs a run that is stopped");
    let mut before = new();
    before.fit(2, |_, _| ()).unwrap();
    let mut after = new();
    checkpoint::restore(&mut after, &checkpoint::save(&before, 0.0).unwrap()).unwrap();
    assert_eq!(after.early_stopping().unwrap().watched(), before.early_stopping().unwrap().watched());
    after.fit(18, |_, _| ()).unwrap();
    before.fit(18, |_, _| ()).unwrap();
    assert_eq!(bits(&after), bits(&before));
    assert!(after.has_stopped());
}

#[test]
fn a_changed_learning_rate_is_kept() {
    let mut before = trainer(Backend::Portable);
    before.optimizer_mut().set_learning_rate(0.1 + 0.2).unwrap();
    let bytes = checkpoint::save(&before, 0.0).unwrap();
    let mut after = trainer(Backend::Portable);
    checkpoint::restore(&mut after, &bytes).unwrap();
    assert_eq!(after.optimizer().learning_rate().to_bits(), ((0.1 + 0.2) as f32).to_bits());
}

#[test]
fn a_checkpoint_of_another_run_is_refused_and_changes_nothing() {
    let mut stranger = trainer(Backend::Portable);
    advance(&mut stranger, 2);
    let untouched = bits(&stranger);
    let lstm = |units: u32| json!({ "class_name": "LSTM", "config": { "units": units } });
    let adam = json!({ "class_name": "Adam" });
    let sgd = json!({ "class_name": "SGD" });
    let mut here = other_trainer(lstm(6), adam.clone(), 8);
    let at_first = bits(&here);
    for (other, reason) in [
        (stranger, "another model"),
        (other_trainer(lstm(7), adam.clone(), 8), "another model"),
        (other_trainer(lstm(6), sgd, 8), "optimizer"),
        (other_trainer(lstm(6), adam, 9), "batches of 9"),
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
    let mut run = trainer(Backend::Portable);
    advance(&mut run, 4);
    let bytes = checkpoint::save(&run, 0.0).unwrap();
    let mut here = trainer(Backend::Portable);
    let at_first = bits(&here);
    for length in [0, 7, 8, 100, bytes.len() / 2, bytes.len() - 1] {
        assert!(checkpoint::restore(&mut here, &bytes[..length]).is_err(), "{length} bytes");
    }
    assert_eq!(bits(&here), at_first);
}

#[test]
fn no_flipped_bit_of_a_checkpoint_makes_it_panic() {
    let mut run = trainer(Backend::Portable);
    advance(&mut run, 4);
    let bytes = checkpoint::save(&run, 0.0).unwrap();
    let header = u64::from_le_bytes(*bytes.first_chunk().unwrap()) as u32 + 8;
    let mut stream = Stream::new(8, "damage", 0);
    let mut refused = 0;
    for _ in 0..2_000 {
        let mut damaged = bytes.clone();
        damaged[stream.below(header) as usize] ^= 1 << stream.below(8);
        let mut here = trainer(Backend::Portable);
        match checkpoint::restore(&mut here, &damaged) {
            Ok(_) => assert!(here.advance().is_ok() || here.is_evaluating()),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 1_000, "{refused} of 2,000 were seen to be damaged");
}

#[test]
fn checkpoints_of_the_same_run_are_the_same_bytes() {
    let run = || {
        let mut run = trainer(Backend::Portable);
        advance(&mut run, 3);
        checkpoint::save(&run, 0.25).unwrap()
    };
    assert_eq!(run(), run());
}

#[test]
fn evaluating_leaves_the_weights_alone() {
    let mut run = trainer(Backend::Portable);
    run.evaluate(&examples()).unwrap();
    assert_eq!(bits(&run), bits(&trainer(Backend::Portable)));
}
