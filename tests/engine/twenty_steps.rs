//! Twenty updates of a small network, and the weights that must come out of them: the same bits on every
//! platform and with every backend.

use std::sync::Arc;

use ndarray::Array2;
use unrolled::math::Backend;
use unrolled::model::Sequential;
use unrolled::rng::Stream;
use unrolled::train::{
    EarlyStopping, Evaluator, Examples, FitOptions, Inputs, Labels, Loss, Optimizer, Run, Score,
};

/// `Parameters::hash()` after the twenty updates. It changes when an addition changes its place, and only
/// then.
pub const WEIGHTS_HASH: u64 = 0xD708_0351_9084_F630;

/// Sizes are odd and differ, so that every kernel meets its edges; batches of 50 are cut into several blocks,
/// and the third batch of an epoch is smaller.
const SAMPLES: usize = 130;
const TIMESTEPS: usize = 13;
const VOCABULARY: u32 = 41;

const MODEL: &str = r#"{
    "class_name": "Sequential",
    "config": { "name": "reader", "layers": [
        { "class_name": "Embedding", "config": { "name": "embedding", "input_dim": 41, "output_dim": 7,
            "input_length": 13 } },
        { "class_name": "LSTM", "config": { "name": "lstm", "units": 11 } },
        { "class_name": "Dense", "config": { "name": "dense", "units": 1, "activation": "sigmoid" } }
    ] }
}"#;

/// Sequences whose label says whether their first ids are larger than their last ones, on the average.
pub fn examples() -> Examples {
    let mut stream = Stream::new(1, "twenty steps", 0);
    let (mut ids, mut labels) = (Vec::new(), Vec::new());
    for _ in 0..SAMPLES {
        let sequence: Vec<u32> = (0..TIMESTEPS).map(|_| stream.below(VOCABULARY)).collect();
        let (early, late) = sequence.split_at(TIMESTEPS / 2);
        labels.push(u32::from(early.iter().sum::<u32>() > late.iter().sum()));
        ids.extend(sequence);
    }
    let ids = Array2::from_shape_vec((SAMPLES, TIMESTEPS), ids).unwrap();
    Examples::new(Inputs::Ids(ids), Labels::of_samples(labels)).unwrap()
}

/// The run before its first update.
pub fn run(backend: Backend) -> Run {
    run_with(backend, None)
}

/// [`run`] with early stopping.
pub fn run_with(backend: Backend, early_stopping: Option<EarlyStopping>) -> Run {
    let mut model = Sequential::from_json(MODEL, 7).unwrap();
    model.backend = backend;
    let adam = serde_json::json!({ "class_name": "Adam", "config": { "learning_rate": 0.01 } });
    let optimizer = Optimizer::from_keras(&adam, &model.parameters).unwrap();
    let loss = Loss::BinaryCrossentropy { from_logits: false };
    let options = FitOptions { batch_size: 50, seed: 7, early_stopping, ..FitOptions::default() };
    let data = Arc::new(examples());
    Run::new(model, (loss, optimizer), data.clone(), Some(data), options).unwrap()
}

/// Loss and accuracy of the run's model on `examples`.
pub fn evaluation(run: &mut Run, examples: Examples) -> Score {
    let loss = Loss::BinaryCrossentropy { from_logits: false };
    let mut evaluator = Evaluator::new(run.model(), loss, Arc::new(examples), 1).unwrap();
    evaluator.evaluate(run.model_mut()).unwrap()
}

/// The hash of the weights after twenty updates on `backend`.
pub fn hash_after_twenty_steps(backend: Backend) -> u64 {
    let mut run = run(backend);
    while run.update_count() < 20 {
        run.advance().unwrap();
    }
    run.model().parameters.hash()
}
