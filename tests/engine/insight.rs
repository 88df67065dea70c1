//! What a reader sees of a run besides its curves: it is true, and the run is the same with and without it.

use serde_json::{Value, json};
use unrolled::data::{Dataset, Provenance, Split, Task, Vocabulary};
use unrolled::experiment::Experiment;
use unrolled::session::Training;
use unrolled::session::analysis::Analysis;
use unrolled::session::insight::{SlowUpdate, TickState, UpdatePart, UpdatePhase};
use unrolled::train::baseline::Ngrams;
use unrolled::train::{Evaluator, Loss};

fn no_clock() -> f64 {
    0.0
}

/// Sums of marked numbers, with a layer without weights, one that is not trained, and clipping.
fn experiment(optimizer: Value) -> Experiment {
    let document = json!({
        "data": { "set": "task", "task": "parity", "options": { "timesteps": 6 }, "limit": 90 },
        "model": { "class_name": "Sequential", "config": { "name": "m", "layers": [
            { "class_name": "InputLayer", "config": { "batch_shape": [null, 6, 1] } },
            { "class_name": "Dense", "config": { "name": "frozen", "units": 3, "trainable": false } },
            { "class_name": "GRU", "config": { "name": "gru", "units": 5, "return_sequences": true, "dropout": 0.3 } },
            { "class_name": "Dropout", "config": { "name": "dropout", "rate": 0.2 } },
            { "class_name": "Dense", "config": { "name": "dense", "units": 1, "activation": "sigmoid" } } ] } },
        "compile": { "loss": "binary_crossentropy", "optimizer": optimizer },
        "fit": { "batch_size": 40, "seed": 5 },
    });
    Experiment::from_value(&document).unwrap()
}

fn adam() -> Value {
    json!({ "class_name": "Adam", "config": { "learning_rate": 0.01 } })
}

fn training(optimizer: Value) -> Training {
    let mut training = Training::new();
    training.set_up(experiment(optimizer)).unwrap();
    training
}

fn weight(training: &Training, name: &str) -> Vec<f32> {
    training.model().unwrap().parameters.by_name(name).unwrap().to_vec()
}

fn norm(values: impl IntoIterator<Item = f32>) -> f64 {
    values.into_iter().map(|v| f64::from(v).powi(2)).sum::<f64>().sqrt()
}

fn figure(phase: &UpdatePhase, name: &str) -> f64 {
    phase.figures.iter().find(|figure| figure.name == name).unwrap_or_else(|| panic!("no {name}")).value
}

fn close(found: f64, wanted: f64) {
    assert!((found - wanted).abs() <= 1e-5 * wanted.abs().max(1e-9), "{found} instead of {wanted}");
}

fn phases(slow: &SlowUpdate, kind: UpdatePart) -> Vec<&UpdatePhase> {
    slow.phases.iter().filter(|phase| phase.kind == kind).collect()
}

#[test]
fn a_run_in_slow_motion_has_the_bits_of_one_that_is_not_watched() {
    let (mut slow, mut once, mut long) = (training(adam()), training(adam()), training(adam()));
    for update in 1..=5 {
        let report = slow.slow_update(no_clock).unwrap().report;
        let plain = once.step_once(no_clock).unwrap();
        assert_eq!((report.losses, report.accuracies), (plain.losses, plain.accuracies));
        assert_eq!(slow.weights_hash().unwrap(), once.weights_hash().unwrap(), "update {update}");
    }
    long.train_for(1e9, Some(5), no_clock).unwrap();
    assert_eq!(slow.weights_hash().unwrap(), long.weights_hash().unwrap());
}

#[test]
fn the_phases_of_an_update_come_in_their_order() {
    let slow = training(adam()).slow_update(no_clock).unwrap();
    let order: Vec<_> = slow.phases.iter().map(|phase| (phase.kind, phase.layer.as_deref())).collect();
    let layers = ["frozen", "gru", "dropout", "dense"];
    let mut wanted = vec![(UpdatePart::Batch, None)];
    wanted.extend(layers.map(|layer| (UpdatePart::Forward, Some(layer))));
    wanted.push((UpdatePart::Loss, None));
    wanted.extend(layers.into_iter().rev().map(|layer| (UpdatePart::Backward, Some(layer))));
    wanted.extend([(UpdatePart::Clipping, None), (UpdatePart::Update, None)]);
    assert_eq!(order, wanted);
    assert_eq!(phases(&slow, UpdatePart::Forward)[1].shape, [40, 6, 5]);
    assert_eq!(slow.samples.len(), 40);
    assert!(slow.phases.iter().all(|phase| phase.sentence.ends_with('.')));
}

/// With SGD the change is the gradient times the rate, so that the weights tell what the norms must be.
#[test]
fn norms_are_those_of_the_weights_that_the_update_left() {
    let sgd = json!({ "class_name": "SGD", "config": { "learning_rate": 0.5 } });
    let mut training = training(sgd);
    let before = weight(&training, "gru/kernel");
    let slow = training.slow_update(no_clock).unwrap();
    let after = weight(&training, "gru/kernel");
    let change = norm(before.iter().zip(&after).map(|(b, a)| a - b));
    let update = phases(&slow, UpdatePart::Update)[0];
    close(figure(update, "change of gru/kernel"), change);
    let gru = phases(&slow, UpdatePart::Backward)[2];
    let gradient = figure(gru, "by gru/kernel");
    assert!((gradient * 0.5 - change).abs() < 1e-4 * change, "{gradient} and {change}");
    let names = training.set_up(experiment(adam())).unwrap().norms;
    assert_eq!(names.layers, ["gru", "dense"]);
    let at = names.weights.iter().position(|name| name == "gru/kernel").unwrap();
    let norms = &slow.report.norms[0];
    close(norms.weights[at].gradient, gradient);
    close(norms.weights[at].ratio, change / norm(before));
    assert_eq!((norms.step, norms.layers.len()), (1, 2));
}

#[test]
fn clipping_says_whether_it_acted() {
    let clipped = |bound: f64| {
        let options = json!({ "class_name": "SGD", "config": { "global_clipnorm": bound } });
        let slow = training(options).slow_update(no_clock).unwrap();
        phases(&slow, UpdatePart::Clipping)[0].clone()
    };
    let loose = clipped(1e6);
    assert_eq!(figure(&loose, "norm before"), figure(&loose, "norm after"));
    assert!(loose.sentence.contains("is used as it is"), "{}", loose.sentence);
    let tight = clipped(1e-3);
    assert_eq!(figure(&tight, "norm before"), figure(&loose, "norm before"));
    close(figure(&tight, "norm after"), 1e-3);
    assert!(tight.sentence.contains("falls from"), "{}", tight.sentence);
}

/// Without dropout and with all samples in one batch, the loss of the phase is that of an evaluation.
#[test]
fn the_output_of_the_last_layer_and_the_loss_are_those_of_the_model() {
    let document = json!({
        "data": { "set": "task", "task": "parity", "options": { "timesteps": 6 }, "limit": 50 },
        "model": { "class_name": "Sequential", "config": { "name": "m", "layers": [
            { "class_name": "InputLayer", "config": { "batch_shape": [null, 6, 1] } },
            { "class_name": "SimpleRNN", "config": { "units": 4, "return_sequences": true } },
            { "class_name": "Dense", "config": { "units": 1, "activation": "sigmoid" } } ] } },
        "compile": { "loss": "binary_crossentropy", "optimizer": "sgd" },
        "fit": { "batch_size": 50, "seed": 5 },
    });
    let experiment = Experiment::from_value(&document).unwrap();
    let mut model = experiment.build_model().unwrap();
    let examples = unrolled::experiment::Material::new(&experiment, None).unwrap().train;
    let loss = Loss::BinaryCrossentropy { from_logits: false };
    let mut squares = 0.0;
    let mut evaluator = Evaluator::new(&model, loss, examples, 50).unwrap();
    let score = evaluator
        .evaluate_with(&mut model, &mut |output, _| squares += norm(output.data.clone()).powi(2))
        .unwrap();
    let mut training = Training::new();
    training.set_up(experiment).unwrap();
    let slow = training.slow_update(no_clock).unwrap();
    close(figure(phases(&slow, UpdatePart::Loss)[0], "loss"), f64::from(score.mean_loss()));
    close(figure(phases(&slow, UpdatePart::Forward)[1], "norm of the output"), squares.sqrt());
}

#[test]
fn mistakes_are_those_of_the_model_as_it_is() {
    let mut training = training(adam());
    training.train_for(1e9, Some(2), no_clock).unwrap();
    let hash = training.weights_hash().unwrap();
    let judging = training.judge_for(1e9, no_clock).unwrap();
    let mistakes = judging.mistakes.unwrap();
    assert_eq!((mistakes.step, mistakes.samples, judging.done), (2, judging.all, judging.all));
    // The same figures from a model of the same weights on the same samples, by another way.
    let mut model = experiment(adam()).build_model().unwrap();
    model.parameters.values_mut().copy_from_slice(training.model().unwrap().parameters.values());
    let material = unrolled::experiment::Material::new(&experiment(adam()), None).unwrap();
    let loss = Loss::BinaryCrossentropy { from_logits: false };
    let mut evaluator = Evaluator::new(&model, loss, material.validation.unwrap(), 40).unwrap();
    let report = unrolled::train::Report::of(&mut model, &mut evaluator, 1).unwrap();
    assert_eq!(mistakes.confusion, report.confusion.counts().iter().copied().collect::<Vec<_>>());
    assert_eq!(mistakes.figures[1].f1, report.confusion.of_class(1).f1);
    assert!(mistakes.worst.windows(2).all(|pair| pair[0].loss >= pair[1].loss));
    assert_eq!(training.weights_hash().unwrap(), hash);
    assert_eq!(mistakes.before, None);
}

#[test]
fn judging_is_cut_into_slices_and_begins_anew_when_the_model_has_changed() {
    let mut training = training(adam());
    let first = training.judge_for(0.0, no_clock).unwrap();
    assert!(first.done > 0 && first.done < first.all && first.mistakes.is_none());
    training.step_once(no_clock).unwrap();
    assert_eq!(training.judge_for(0.0, no_clock).unwrap().done, first.done);
    while training.judge_for(0.0, no_clock).unwrap().mistakes.is_none() {}
    assert_eq!(training.mistakes().unwrap().unwrap().step, 1);
    // An evaluation of the run judges too, and tells which predictions have changed.
    training.train_for(1e9, Some(2), no_clock).unwrap();
    let later = training.mistakes().unwrap().unwrap();
    assert_eq!((later.step, later.before), (3, Some(1)));
    assert!(later.changed.len() <= later.changed_count);
    assert!(
        later.changed.iter().all(|sample| sample.before.as_ref().is_some_and(|b| *b != sample.predicted))
    );
}

#[test]
fn largest_errors_stand_first_where_answers_are_numbers() {
    let document = json!({
        "data": { "set": "task", "task": "adding", "options": { "timesteps": 8 }, "limit": 60 },
        "model": { "class_name": "Sequential", "config": { "name": "m", "layers": [
            { "class_name": "InputLayer", "config": { "batch_shape": [null, 8, 2] } },
            { "class_name": "SimpleRNN", "config": { "units": 4 } },
            { "class_name": "Dense", "config": { "units": 1 } } ] } },
        "compile": { "loss": "mean_squared_error", "optimizer": "adam" },
        "fit": { "batch_size": 20, "seed": 5 },
    });
    let mut training = Training::new();
    training.set_up(Experiment::from_value(&document).unwrap()).unwrap();
    let mistakes = training.judge_for(1e9, no_clock).unwrap().mistakes.unwrap();
    assert!(mistakes.classes.is_empty() && mistakes.confusion.is_empty());
    for worst in &mistakes.worst {
        let [wanted, predicted] = [&worst.label, &worst.predicted].map(|n| n.parse::<f64>().unwrap());
        assert!(((wanted - predicted).powi(2) - worst.loss).abs() < 1e-3, "{worst:?}");
    }
    assert!(mistakes.worst[0].loss >= mistakes.worst[7].loss);
}

fn set_up(document: &Value) -> Training {
    let mut training = Training::new();
    training.set_up(Experiment::from_value(document).unwrap()).unwrap();
    training
}

/// Every exact tick of every tutorial's model must be green: shapes and counts follow from the model alone, so that
/// generated samples of the same shape stand for the tutorial's.
#[test]
fn the_examiner_agrees_with_every_table_that_a_tutorial_printed() {
    for name in
        ["digits", "imdb-lstm", "imdb-elman", "imdb-conv-lstm", "imdb-simple-rnn-stacked", "reuters-lstm"]
    {
        let experiment = Experiment::preset(name).unwrap();
        let printed = experiment.printed.clone().unwrap();
        let summary = experiment.build_model().unwrap().summary();
        for (row, layer) in printed.table.iter().zip(&summary.layers) {
            assert_eq!(
                (&row.output_shape, row.params),
                (&layer.output_shape, layer.params),
                "{name} {}",
                row.name
            );
        }
        assert!(printed.table.len() <= summary.layers.len());
    }
}

fn adding(changes: Value) -> Value {
    let mut document = json!({
        "data": { "set": "task", "task": "adding", "options": { "timesteps": 8 }, "limit": 60 },
        "model": { "class_name": "Sequential", "config": { "name": "m", "layers": [
            { "class_name": "InputLayer", "config": { "batch_shape": [null, 8, 2] } },
            { "class_name": "SimpleRNN", "config": { "name": "simple_rnn", "units": 4 } },
            { "class_name": "Dense", "config": { "name": "dense", "units": 1 } } ] } },
        "compile": { "loss": "mean_squared_error", "optimizer": "adam" },
        "fit": { "batch_size": 20, "seed": 5, "epochs": 1 },
    });
    document.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    document
}

#[test]
fn the_examiner_ticks_what_agrees_and_says_what_does_not() {
    let printed = json!({ "params": 33, "x": [1000, 8, 2], "loss": 0.5, "bands": { "loss": [0.0, 100.0] },
        "table": [{ "name": "simple_rnn_7", "output_shape": [null, 4], "params": 28 },
                  { "name": "dense_2", "output_shape": [null, 2], "params": 5 }] });
    let mut training = set_up(&adding(json!({ "printed": printed })));
    let states = |training: &mut Training| -> Vec<(String, TickState)> {
        training.examine().unwrap().into_iter().map(|tick| (tick.what, tick.state)).collect()
    };
    use TickState::{Agrees, Band, Differs, NotYet};
    let wanted = [
        ("shape of a sample", Agrees),
        ("simple_rnn_7 (SimpleRNN)", Agrees),
        ("dense_2 (Dense)", Differs),
        ("parameters", Agrees),
        ("validation loss", NotYet),
    ];
    let wanted = wanted.map(|(what, state)| (what.to_owned(), state));
    assert_eq!(states(&mut training), wanted);
    training.train_for(1e9, Some(3), no_clock).unwrap();
    assert_eq!(states(&mut training).pop().unwrap().1, Band);
    assert!(set_up(&adding(json!({}))).examine().unwrap().is_empty());
}

#[test]
fn baselines_are_named_and_come_in_slices() {
    let names = |document: &Value| -> Vec<String> {
        let mut analysis = Analysis::new(Experiment::from_value(document).unwrap(), None).unwrap();
        loop {
            if let Some(lines) = analysis.baselines_for(0.0, no_clock).unwrap() {
                return lines.into_iter().map(|line| line.name).collect();
            }
        }
    };
    assert_eq!(names(&adding(json!({}))), ["mean of the labels"]);
    let sine = serde_json::from_str(&std::fs::read_to_string("experiments/sine.json").unwrap()).unwrap();
    assert_eq!(names(&sine), ["mean of the labels", "last value repeated"]);
}

#[test]
fn grams_of_five_are_counted_over_the_whole_text_whatever_its_windows_are() {
    let text = "call me ishmael. some years ago, never mind how long precisely, having little or no money. ";
    let text = text.repeat(9);
    let vocabulary = Vocabulary::of_characters(&text).unwrap();
    let ids = vocabulary.encode(&text);
    let (inputs, texts) = (vocabulary.num_words(), [ids[..601].to_vec(), ids[601..].to_vec()]);
    let dataset = Dataset {
        name: "text".into(),
        title: "A text".into(),
        task: Task::LanguageModel,
        class_names: Vec::new(),
        train: Split::new([texts[0].as_slice()], Vec::new()).unwrap(),
        test: Split::new([texts[1].as_slice()], Vec::new()).unwrap(),
        vocabulary,
        provenance: Provenance::default(),
        notes: String::new(),
    };
    let lines = |stateful: bool, timesteps: usize| {
        let document = json!({
            "data": { "set": "own", "validation": "test",
                "reading": { "as": "characters", "timesteps": timesteps, "stateful": stateful } },
            "model": { "class_name": "Sequential", "config": { "name": "m", "layers": [
                { "class_name": "InputLayer", "config": { "batch_shape": [null, null] } },
                { "class_name": "Embedding", "config": { "input_dim": inputs, "output_dim": 2 } },
                { "class_name": "GRU", "config": { "units": 2, "return_sequences": true, "stateful": stateful } },
                { "class_name": "Dense", "config": { "units": inputs, "activation": "softmax" } } ] } },
            "compile": { "loss": "sparse_categorical_crossentropy", "optimizer": "adam" },
            "fit": { "batch_size": 3, "shuffle": false },
        });
        let experiment = Experiment::from_value(&document).unwrap();
        let mut analysis = Analysis::new(experiment, Some(dataset.clone())).unwrap();
        loop {
            if let Some(lines) = analysis.baselines_for(0.0, no_clock).unwrap() {
                return lines;
            }
        }
    };
    let of = |ids: &[u16]| ids.iter().map(|id| u32::from(*id)).collect::<Vec<_>>();
    let mut whole = Ngrams::new(5, inputs, [of(&texts[0])], [of(&texts[1])[..201].to_vec()]);
    let loss = loop {
        if let Some(reached) = whole.advance() {
            break reached.loss;
        }
    };
    let found = lines(false, 20);
    let names: Vec<&str> = found.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(names, ["unigrams", "bigrams", "5-grams"]);
    let five = &found[2];
    assert!((five.loss.unwrap() - loss).abs() < 1e-12);
    assert!((five.perplexity.unwrap().ln() - loss).abs() < 1e-5);
    assert!((five.bits.unwrap() * std::f64::consts::LN_2 - loss).abs() < 1e-9);
    // Three streams begin with less before them, and the words of one stream go on in the next.
    let streams = lines(true, 20)[2].loss.unwrap();
    assert!((streams - loss).abs() < 0.2 && streams < found[1].loss.unwrap(), "{streams} {loss}");
}

#[test]
fn the_pace_tells_how_long_the_rest_will_take() {
    let mut training = set_up(&adding(json!({})));
    assert_eq!(training.pace(3).unwrap(), None);
    let now = std::cell::Cell::new(0.0);
    let clock = || {
        now.set(now.get() + 1000.0);
        now.get()
    };
    training.train_for(1500.0, None, clock).unwrap();
    let pace = training.pace(3).unwrap().unwrap();
    assert_eq!((pace.samples_per_second, pace.tokens_per_second), (20.0, Some(160.0)));
    let made = training.train_for(0.0, Some(0), clock).unwrap().step;
    assert!(pace.seconds_left >= (3 - made) as f64 && pace.seconds_per_epoch > 3.0, "{pace:?}");
}
