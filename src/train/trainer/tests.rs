//! Blocks of a batch, by themselves and together.

use super::*;
use crate::train::{Inputs, Labels};

fn small_trainer() -> Trainer {
    trainer_of(90, 50)
}

fn trainer_of(samples: usize, batch_size: usize) -> Trainer {
    let json = r#"{"class_name":"Sequential","config":{"name":"m","layers":[
        {"class_name":"Embedding","config":{"name":"embedding","input_dim":40,"output_dim":6}},
        {"class_name":"LSTM","config":{"name":"lstm","units":7,"dropout":0.2,"recurrent_dropout":0.3}},
        {"class_name":"Dense","config":{"name":"dense","units":1,"activation":"sigmoid"}}]}}"#;
    let model = Sequential::from_json(json, 3).unwrap();
    let mut stream = Stream::new(1, "data", 0);
    let ids = (0..samples * 9).map(|_| stream.below(40)).collect();
    let labels = (0..samples).map(|_| stream.below(2)).collect();
    let labels = Labels::Classes { per_sample: 1, ids: labels };
    let train = Examples::new(samples, Inputs::Ids { timesteps: 9, ids }, labels, Vec::new()).unwrap();
    let adam = serde_json::json!({ "class_name": "Adam", "config": { "learning_rate": 0.01 } });
    let optimizer = Optimizer::from_keras(&adam, &model.parameters).unwrap();
    let loss = Loss::BinaryCrossentropy { from_logits: false };
    let options = FitOptions { batch_size, seed: 5, shuffle: true, validate_every: None };
    Trainer::new(model, (loss, optimizer), Arc::new(train), None, options).unwrap()
}

#[test]
fn blocks_computed_by_several_workers_give_the_bits_of_one() {
    let mut alone = small_trainer();
    let mut workers = [small_trainer(), small_trainer(), small_trainer()];
    for step in 0..7 {
        let want = alone.step().unwrap();
        let count = workers[0].block_count();
        let mut blocks = vec![Vec::new(); count];
        // From the last to the first, each by another worker: the order of computation must not matter.
        for k in (0..count).rev() {
            workers[(k + step) % 3].compute_block(k, &mut blocks[k]).unwrap();
        }
        for worker in &mut workers {
            let got = worker.finish_step(blocks.iter().map(Vec::as_slice)).unwrap();
            assert_eq!(got, want);
            assert_eq!(worker.model.parameters.hash(), alone.model.parameters.hash(), "step {step}");
        }
    }
}

#[test]
fn no_block_is_larger_than_said_not_even_the_last_batch_as_one_block() {
    // A batch of 20 is cut into 12 and 8 rows; 96 samples leave 16 rows for the last batch, which are one block.
    let mut trainer = trainer_of(96, 20);
    let mut words = Vec::new();
    for _ in 0..trainer.steps_per_epoch() {
        for index in 0..trainer.block_count() {
            trainer.compute_block(index, &mut words).unwrap();
            assert!(words.len() <= trainer.block_capacity(), "{} words", words.len());
        }
        trainer.step().unwrap();
    }
    assert_eq!(trainer.shareable_blocks(), 2);
}

#[test]
fn the_block_of_another_model_is_refused() {
    let mut trainer = small_trainer();
    let mut words = Vec::new();
    trainer.compute_block(0, &mut words).unwrap();
    for bad in [&words[..3], &words[..words.len() - 1]] {
        assert!(trainer.finish_step([bad].into_iter()).is_err());
    }
    assert!(trainer.compute_block(99, &mut words).is_err());
}

#[test]
fn blocks_cover_a_batch_once_and_in_order() {
    for rows in 1..300 {
        let blocks: Vec<_> = blocks_of(rows).collect();
        assert_eq!(blocks[0].start, 0);
        assert_eq!(blocks[blocks.len() - 1].end, rows);
        assert!(blocks.windows(2).all(|pair| pair[0].end == pair[1].start), "{rows}: {blocks:?}");
        assert!(blocks.iter().all(|block| !block.is_empty()), "{rows}: {blocks:?}");
    }
    assert_eq!(blocks_of(50).collect::<Vec<_>>(), [0..16, 16..28, 28..40, 40..50]);
    assert_eq!(blocks_of(32).collect::<Vec<_>>(), [0..16, 16..32]);
}
