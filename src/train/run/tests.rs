//! Blocks of a batch, by themselves and together.

use ndarray::Array2;

use super::*;
use crate::rng::Stream;
use crate::train::{Inputs, Labels};

fn small_run() -> Run {
    run_of(90, 50)
}

fn run_of(samples: usize, batch_size: usize) -> Run {
    let json = r#"{"class_name":"Sequential","config":{"name":"m","layers":[
        {"class_name":"Embedding","config":{"name":"embedding","input_dim":40,"output_dim":6}},
        {"class_name":"LSTM","config":{"name":"lstm","units":7,"dropout":0.2,"recurrent_dropout":0.3}},
        {"class_name":"Dense","config":{"name":"dense","units":1,"activation":"sigmoid"}}]}}"#;
    let model = Sequential::from_json(json, 3).unwrap();
    let mut stream = Stream::new(1, "data", 0);
    let ids = Array2::from_shape_simple_fn((samples, 9), || stream.below(40));
    let labels = Labels::of_samples((0..samples).map(|_| stream.below(2)).collect());
    let train = Examples::new(Inputs::Ids(ids), labels).unwrap();
    let adam = serde_json::json!({ "class_name": "Adam", "config": { "learning_rate": 0.01 } });
    let optimizer = Optimizer::from_keras(&adam, &model.parameters).unwrap();
    let loss = Loss::BinaryCrossentropy { from_logits: false };
    let options = FitOptions { batch_size, seed: 5, ..FitOptions::default() };
    Run::new(model, (loss, optimizer), Arc::new(train), None, options).unwrap()
}

#[test]
fn blocks_computed_by_several_workers_give_the_bits_of_one() {
    let mut alone = small_run();
    let mut workers = [small_run(), small_run(), small_run()];
    for update in 0..7 {
        let want = alone.update().unwrap();
        let count = workers[0].block_count();
        let mut blocks = vec![Vec::new(); count];
        // From the last to the first, each by another worker: the order of computation must not matter.
        for k in (0..count).rev() {
            workers[(k + update) % 3].encode_block(k, &mut blocks[k]).unwrap();
        }
        for worker in &mut workers {
            let got = worker.update_from_blocks(blocks.iter().map(Vec::as_slice)).unwrap();
            assert_eq!(got, want);
            assert_eq!(worker.model().parameters.hash(), alone.model().parameters.hash(), "update {update}");
        }
    }
}

#[test]
fn no_block_is_larger_than_said_not_even_the_last_batch_as_one_block() {
    // A batch of 20 is cut into 12 and 8 rows; 96 samples leave 16 rows for the last batch, which are one
    // block.
    let mut run = run_of(96, 20);
    let mut words = Vec::new();
    for _ in 0..run.updates_per_epoch() {
        for index in 0..run.block_count() {
            run.encode_block(index, &mut words).unwrap();
            assert!(words.len() <= run.block_capacity(), "{} words", words.len());
        }
        run.update().unwrap();
    }
    assert_eq!(run.shareable_blocks(), 2);
}

#[test]
fn the_block_of_another_model_is_refused() {
    let mut run = small_run();
    let mut words = Vec::new();
    run.encode_block(0, &mut words).unwrap();
    for bad in [&words[..3], &words[..words.len() - 1]] {
        assert!(run.update_from_blocks([bad].into_iter()).is_err());
    }
    assert!(run.encode_block(99, &mut words).is_err());
}
