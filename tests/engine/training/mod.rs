//! What training does around its updates: batches, validation, carried states, early stopping, refusals.

mod frozen;
mod refusals;

use std::collections::BTreeMap;
use std::sync::Arc;

use ndarray::{Array2, Array3, Axis, array};
use proptest::prelude::*;
use serde_json::{Value, json};
use unrolled::layers::Signal;
use unrolled::model::{Mode, Sequential};
use unrolled::rng::{RngExt, Stream, Uniform};
use unrolled::train::examples::BlockLabels;
use unrolled::train::{
    Advance, EarlyStopping, Evaluator, Examples, FitOptions, Inputs, Labels, Loss, Optimizer, Report, Run,
};

const SPARSE: Loss = Loss::SparseCategoricalCrossentropy { from_logits: false };

fn model(layers: &str) -> Sequential {
    let json = format!(r#"{{"class_name":"Sequential","config":{{"name":"m","layers":[{layers}]}}}}"#);
    Sequential::from_json(&json, 3).unwrap()
}

/// Vectors of two numbers in two classes that a line divides.
fn points(count: usize, seed: u64) -> Examples {
    let mut stream = Stream::new(seed, "points", 0);
    let x = Array2::from_shape_simple_fn((count, 2), || stream.sample(Uniform::new(-1.0, 1.0)));
    let labels = x.outer_iter().map(|x| u32::from(x[0] + 0.5 * x[1] > 0.1)).collect();
    Examples::new(Inputs::Vectors(x), Labels::of_samples(labels)).unwrap()
}

const CLASSIFIER: &str = r#"{"class_name":"Dense","config":{"name":"a","units":2,"activation":"softmax",
    "batch_input_shape":[null,2]}}"#;

/// Options of most runs here: batches of ten, shuffled.
fn tens() -> FitOptions {
    FitOptions { batch_size: 10, seed: 1, ..FitOptions::default() }
}

fn classifier(
    optimizer: Value,
    train: Examples,
    validation: Option<Examples>,
    options: FitOptions,
) -> unrolled::Result<Run> {
    let model = model(CLASSIFIER);
    let optimizer = Optimizer::from_keras(&optimizer, &model.parameters).unwrap();
    Run::new(model, (SPARSE, optimizer), Arc::new(train), validation.map(Arc::new), options)
}

#[test]
fn a_report_counts_every_sample_once_and_agrees_with_the_evaluation() {
    let (train, test) = points(250, 1).split_validation(0.2).unwrap();
    assert_eq!((train.count(), test.count()), (200, 50));
    let mut run = classifier(json!("adam"), train, None, tens()).unwrap();
    run.fit(60, &mut |_, _| {}).unwrap();
    let mut evaluator = Evaluator::new(run.model(), SPARSE, Arc::new(test), 1).unwrap();
    let score = evaluator.evaluate(run.model_mut()).unwrap();
    let report = Report::of(run.model_mut(), &mut evaluator, 1).unwrap();
    assert_eq!(report.score, score);
    assert_eq!(report.confusion.counts().iter().sum::<u64>(), 50);
    assert_eq!(report.confusion.accuracy() as f32, score.accuracy());
    assert_eq!(report.top_k, report.confusion.accuracy());
    assert!(score.accuracy() > 0.8, "{}", score.accuracy());
    assert_eq!(Report::of(run.model_mut(), &mut evaluator, 2).unwrap().top_k, 1.0);
}

#[test]
fn validation_is_what_stands_last_before_any_shuffling() {
    let ids = Array2::from_shape_vec((7, 2), (0..14).collect()).unwrap();
    let examples = Examples::new(Inputs::Ids(ids), Labels::of_samples((0..7).collect())).unwrap();
    // Keras takes int(7 · (1 − 0.3)) = 4 samples for training.
    let (train, validation) = examples.clone().split_validation(0.3).unwrap();
    assert_eq!(*train.labels(), Labels::of_samples(vec![0, 1, 2, 3]));
    assert_eq!(*validation.inputs(), Inputs::Ids(array![[8, 9], [10, 11], [12, 13]]));
    for share in [0.0, 1.0, 0.99, -0.5, f64::NAN] {
        assert_eq!(examples.clone().split_validation(share).unwrap_err().code(), "config", "{share}");
    }
}

#[test]
fn early_stopping_ends_the_run_and_puts_the_best_weights_back() {
    let stopping = json!({ "patience": 2, "restore_best_weights": true });
    // A rate of 40 makes the loss on the validation set jump about.
    let optimizer = json!({ "class_name": "SGD", "config": { "learning_rate": 40.0 } });
    let early_stopping = Some(EarlyStopping::from_keras(&stopping).unwrap());
    let options = FitOptions { early_stopping, ..tens() };
    let mut run = classifier(optimizer, points(40, 1), Some(points(30, 2)), options).unwrap();
    let mut epochs = 0;
    run.fit(50, &mut |_, advance| epochs += u64::from(matches!(advance, Advance::Validated(_)))).unwrap();
    assert!(run.has_stopped() && epochs < 50, "{epochs}");
    let (best, epoch) = run.stopper().unwrap().best().unwrap();
    assert_eq!(epoch + 3, epochs, "two epochs of patience after the best one");
    let losses: Vec<f32> = run.history().validation.iter().map(|e| e.loss).collect();
    assert!(losses.iter().all(|loss| *loss >= best));
    let mut evaluator = Evaluator::new(run.model(), SPARSE, Arc::new(points(30, 2)), 1).unwrap();
    assert_eq!(evaluator.evaluate(run.model_mut()).unwrap().mean_loss(), best);
}

#[test]
fn early_stopping_on_validation_needs_a_validation_set() {
    let early_stopping = Some(EarlyStopping::from_keras(&json!({ "patience": 1 })).unwrap());
    let error = classifier(json!("sgd"), points(40, 1), None, FitOptions { early_stopping, ..tens() });
    assert!(error.err().unwrap().to_string().contains("early_stopping.monitor"));
}

fn language_model(stateful: bool) -> Sequential {
    model(&format!(
        r#"{{"class_name":"Embedding","config":{{"input_dim":6,"output_dim":4}}}},
        {{"class_name":"LSTM","config":{{"units":5,"return_sequences":true,"stateful":{stateful}}}}},
        {{"class_name":"Dense","config":{{"units":6,"activation":"softmax"}}}}"#
    ))
}

fn streams(ids: &[u32], timesteps: usize) -> Run {
    let model = language_model(true);
    let optimizer = json!({ "class_name": "SGD", "config": { "learning_rate": 0.0 } });
    let optimizer = Optimizer::from_keras(&optimizer, &model.parameters).unwrap();
    let train = Arc::new(Examples::streams(ids, 18, timesteps).unwrap());
    let options = FitOptions {
        batch_size: 18,
        seed: 1,
        shuffle: false,
        validate_every: Some(1),
        ..FitOptions::default()
    };
    Run::new(model, (SPARSE, optimizer), train.clone(), Some(train), options).unwrap()
}

/// With a learning rate of zero only the states can make a difference: a text in windows whose states are
/// carried has the loss of the text in one piece, evaluations in between notwithstanding, and every epoch
/// begins from zeros.
#[test]
fn carried_states_make_windows_of_a_text_into_one_sequence() {
    let mut stream = Stream::new(4, "text", 0);
    let ids: Vec<u32> = (0..18 * 12 + 1).map(|_| stream.below(6)).collect();
    let mut whole = streams(&ids, 12);
    let want = whole.update().unwrap().loss;
    let mut windows = streams(&ids, 4);
    for epoch in 0..2 {
        let mut losses = Vec::new();
        while losses.len() < 3 || windows.is_evaluating() {
            match windows.advance().unwrap() {
                Advance::Updated(update) => losses.push(update.loss),
                Advance::Validated(evaluation) => assert!((evaluation.loss - want).abs() < 1e-6),
                Advance::Validating => {}
            }
        }
        let mean = losses.iter().sum::<f32>() / 3.0;
        assert!((mean - want).abs() < 1e-6, "epoch {epoch}: {mean} instead of {want}");
    }
    // Without the states the same windows cost something else.
    let mut forgetful = streams(&ids, 4);
    let mut losses = Vec::new();
    for _ in 0..3 {
        forgetful.model_mut().reset_states();
        losses.push(forgetful.update().unwrap().loss);
    }
    assert!((losses.iter().sum::<f32>() / 3.0 - want).abs() > 1e-5);
}

#[test]
fn stateful_models_refuse_batches_that_do_not_continue_each_other() {
    let ids: Vec<u32> = (0..100).map(|k| k % 6).collect();
    let train = Arc::new(Examples::streams(&ids, 4, 3).unwrap());
    for (batch_size, shuffle) in [(4, true), (5, false)] {
        let model = language_model(true);
        let optimizer = Optimizer::from_keras(&json!("adam"), &model.parameters).unwrap();
        let options = FitOptions { batch_size, seed: 1, shuffle, ..FitOptions::default() };
        assert!(Run::new(model, (SPARSE, optimizer), train.clone(), None, options).is_err());
    }
}

#[test]
fn class_weights_are_sample_weights_of_the_class() {
    let weighted = points(20, 1).with_class_weights(&BTreeMap::from([(1, 3.0)])).unwrap();
    let (mut x, mut labels) = (Signal::default(), BlockLabels::default());
    weighted.fill(&(0..20).collect::<Vec<_>>(), &mut x, &mut labels);
    let want: Vec<f32> = labels.classes.iter().map(|id| if *id == 1 { 3.0 } else { 1.0 }).collect();
    assert_eq!(labels.weights, want);
    assert!(weighted.with_class_weights(&BTreeMap::from([(0, 2.0)])).is_err(), "Keras does not take both");
    let error = points(20, 1).with_sample_weights(Array2::ones((19, 1))).unwrap_err().to_string();
    assert_eq!(error, "`sample_weight` must be [samples, timesteps] = [20, 1], found [19, 1]");
    assert!(points(2, 1).with_sample_weights(array![[1.0], [f32::NAN]]).is_err());
    assert!(points(2, 1).with_sample_weights(array![[1.0], [-1.0]]).is_err());
}

#[test]
fn rows_without_a_gradient_move_as_in_keras_unless_only_touched_rows_are_asked_for() {
    let embeddings = |updates: &str, words: &[u32]| {
        let model = model(
            r#"{"class_name":"Embedding","config":{"input_dim":5,"output_dim":3}},
            {"class_name":"GlobalAveragePooling1D","config":{}},
            {"class_name":"Dense","config":{"units":2,"activation":"softmax"}}"#,
        );
        let ids = Array2::from_shape_vec((words.len(), 1), words.to_vec()).unwrap();
        let train = Examples::new(Inputs::Ids(ids), Labels::of_samples(vec![1; words.len()])).unwrap();
        let optimizer = json!({ "class_name": "Adam", "config": { "sparse_embedding_updates": updates } });
        let optimizer = Optimizer::from_keras(&optimizer, &model.parameters).unwrap();
        let options = FitOptions { batch_size: 1, seed: 1, shuffle: false, ..FitOptions::default() };
        let mut run = Run::new(model, (SPARSE, optimizer), Arc::new(train), None, options).unwrap();
        let mut tables = vec![run.model().parameters.by_name("embedding/embeddings").unwrap().to_vec()];
        for _ in 0..words.len() {
            run.update().unwrap();
            tables.push(run.model().parameters.by_name("embedding/embeddings").unwrap().to_vec());
        }
        tables
    };
    let row = |table: &[f32], id: usize| table[3 * id..3 * id + 3].to_vec();
    for (updates, moves) in [("dense", true), ("touched_rows", false)] {
        let tables = embeddings(updates, &[2, 4]);
        assert_ne!(row(&tables[0], 2), row(&tables[1], 2));
        assert_eq!(row(&tables[1], 2) != row(&tables[2], 2), moves, "{updates}: momentum of row 2");
        assert_eq!(row(&tables[0], 1), row(&tables[2], 1), "{updates}: row 1 never had a gradient");
    }
}

#[test]
fn a_gradient_that_is_not_finite_stops_the_run_and_leaves_the_weights_alone() {
    let train = {
        let x = Array2::from_elem((10, 2), 1e30);
        Examples::new(Inputs::Vectors(x), Labels::Values(Array3::zeros((10, 1, 1)))).unwrap()
    };
    let layer = r#"{"class_name":"Dense","config":{"name":"a","units":1,"batch_input_shape":[null,2],
        "kernel_initializer":"ones"}}"#;
    let model = model(layer);
    let optimizer = Optimizer::from_keras(&json!("sgd"), &model.parameters).unwrap();
    let options = FitOptions { batch_size: 10, seed: 1, shuffle: false, ..FitOptions::default() };
    let parts = (Loss::MeanSquaredError, optimizer);
    let mut run = Run::new(model, parts, Arc::new(train), None, options).unwrap();
    let before = run.model().parameters.hash();
    let error = run.update().unwrap_err();
    assert_eq!(error.code(), "not_finite");
    assert!(error.to_string().contains("update 1"), "{error}");
    assert_eq!(run.model().parameters.hash(), before);
}

/// Tutorial 004: a network that answers one class with certainty for all of 10,000 images and is right in 958
/// of them has the loss 16.118 · (1 − 0.0958) = 14.574 and a gradient of zero.
#[test]
fn the_collapsed_network_of_the_tutorial_has_its_printed_loss() {
    let (mut y, mut labels) = (Signal::default(), BlockLabels::default());
    y.set_flat(10_000, 10);
    y.data.fill(0.0);
    y.data.iter_mut().step_by(10).for_each(|p| *p = 1.0);
    labels.classes = (0..10_000).map(|k| if k < 958 { 0 } else { 1 + k % 9 }).collect();
    let mut dy = vec![1.0; y.data.len()];
    let score = SPARSE.evaluate(&y, &labels, 1.0, &mut dy);
    assert!((score.mean_loss() - 14.573_982).abs() < 1e-5, "{}", score.mean_loss());
    assert_eq!(score.accuracy(), 0.0958);
    assert!(dy.iter().all(|d| *d == 0.0));
}

#[test]
fn the_convolutional_network_of_the_tutorial_has_its_printed_parameters() {
    let model = model(
        r#"{"class_name":"Embedding","config":{"name":"embedding_14","input_dim":5000,"output_dim":32,
            "batch_input_shape":[null,500],"input_length":500}},
        {"class_name":"Conv1D","config":{"name":"conv1d_2","filters":32,"kernel_size":[3],"padding":"same",
            "activation":"relu"}},
        {"class_name":"MaxPooling1D","config":{"name":"max_pooling1d_2","pool_size":[2]}},
        {"class_name":"LSTM","config":{"name":"lstm_7","units":100}},
        {"class_name":"Dense","config":{"name":"dense_13","units":1,"activation":"sigmoid"}}"#,
    );
    let summary = model.summary();
    let params: Vec<usize> = summary.layers.iter().map(|layer| layer.params).collect();
    assert_eq!(params, [160_000, 3_104, 0, 53_200, 101]);
    assert_eq!(summary.total, 216_405);
    assert_eq!(summary.layers[2].output_shape, [None, Some(250), Some(32)]);
}

#[test]
fn dropout_does_not_depend_on_how_a_batch_is_cut_and_keeps_the_mean() {
    let mut net =
        model(r#"{"class_name":"Dropout","config":{"name":"d","rate":0.3,"batch_input_shape":[null,4,5]}}"#);
    let mut run = |first_row: usize, batch: usize, step: u64| {
        net.input_mut().set_sequence(4, batch, 5);
        net.input_mut().data.fill(1.0);
        net.forward(Mode { training: true, seed: 9, update: step, first_row }).unwrap();
        let y = net.output();
        (0..batch)
            .map(|b| (0..4).flat_map(|t| y.data[(t * batch + b) * 5..][..5].to_vec()).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    let whole = run(0, 600, 1);
    assert_eq!(run(0, 7, 1), whole[..7]);
    assert_eq!(run(7, 593, 1), whole[7..]);
    assert_ne!(run(0, 600, 2), whole);
    let mean = whole.iter().flatten().sum::<f32>() / 12_000.0;
    // Four standard errors of the mean of 12,000 numbers that are 0 or 1/0.7.
    assert!((mean - 1.0).abs() < 4.0 * (0.3f32 / 0.7 / 12_000.0).sqrt(), "{mean}");
    assert!(whole.iter().flatten().all(|v| *v == 0.0 || *v == 1.0 / 0.7));
}

#[test]
fn spatial_dropout_drops_a_feature_at_every_timestep_or_at_none() {
    let mut net = model(
        r#"{"class_name":"SpatialDropout1D","config":{"name":"d","rate":0.3,"batch_input_shape":[null,4,5]}}"#,
    );
    let mut run = |first_row: usize, batch: usize, training: bool| {
        net.input_mut().set_sequence(4, batch, 5);
        net.input_mut().data.fill(1.0);
        net.forward(Mode { training, seed: 9, update: 1, first_row }).unwrap();
        net.output().data.clone()
    };
    let whole = run(0, 600, true);
    let per_timestep: Vec<&[f32]> = whole.chunks(600 * 5).collect();
    assert!(per_timestep.iter().all(|timestep| *timestep == per_timestep[0]));
    assert_eq!(run(7, 593, true)[..593 * 5], per_timestep[0][7 * 5..]);
    let mean = per_timestep[0].iter().sum::<f32>() / 3_000.0;
    // Four standard errors of the mean of 3,000 independent numbers that are 0 or 1/0.7.
    assert!((mean - 1.0).abs() < 4.0 * (0.3f32 / 0.7 / 3_000.0).sqrt(), "{mean}");
    assert_eq!(run(0, 3, false), vec![1.0; 60]);
}

proptest! {
    #[test]
    fn every_epoch_takes_every_sample_once(count in 1usize..60, batch_size in 1usize..20, seed: u64) {
        prop_assume!(batch_size <= count);
        // Each sample is its own one-hot class: after one step of SGD the bias tells which samples were in
        // the batch.
        let layer = format!(
            r#"{{"class_name":"Dense","config":{{"name":"a","units":{count},"batch_input_shape":[null,1],
            "kernel_initializer":"zeros"}}}}"#
        );
        let labels = Labels::Values(Array2::eye(count).insert_axis(Axis(1)));
        let train = Arc::new(Examples::new(Inputs::Vectors(Array2::zeros((count, 1))), labels).unwrap());
        let mut seen = vec![0; count];
        let model = model(&layer);
        let optimizer = Optimizer::from_keras(&json!("sgd"), &model.parameters).unwrap();
        let options = FitOptions { batch_size, seed, ..FitOptions::default() };
        let parts = (Loss::MeanSquaredError, optimizer);
        let mut run = Run::new(model, parts, train, None, options).unwrap();
        for _ in 0..run.updates_per_epoch() {
            run.model_mut().parameters.set("a/bias", &[count], &vec![0.0; count]).unwrap();
            run.update().unwrap();
            let bias = run.model().parameters.by_name("a/bias").unwrap();
            seen.iter_mut().zip(bias).for_each(|(n, b)| *n += u32::from(*b > 0.0));
        }
        prop_assert_eq!(seen, vec![1; count]);
    }

    #[test]
    fn softmax_gives_shares_that_sum_to_one(z in proptest::collection::vec(-80.0f32..80.0, 1..12)) {
        let layer = format!(
            r#"{{"class_name":"Activation","config":{{"activation":"softmax","batch_input_shape":[null,{}]}}}}"#,
            z.len()
        );
        let mut model = model(&layer);
        model.input_mut().set_flat(1, z.len());
        model.input_mut().data.copy_from_slice(&z);
        model.forward(Mode::INFERENCE).unwrap();
        let y = &model.output().data;
        prop_assert!(y.iter().all(|p| (0.0..=1.0).contains(p)));
        prop_assert!((y.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }
}
