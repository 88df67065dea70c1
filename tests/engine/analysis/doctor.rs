//! Each rule of the doctor has a run in which it must speak and one in which it must not; what it proposes trains.

use serde_json::{Value, json};
use unrolled::data::{Dataset, Provenance, Split, Task, Unit, Vocabulary};
use unrolled::experiment::Experiment;
use unrolled::rng::Stream;
use unrolled::session::Training;
use unrolled::session::analysis::Analysis;
use unrolled::session::analysis::doctor::{Finding, Known, Rule};

/// What reviews are made of: which share is positive, and whether a word says it.
#[derive(Clone, Copy)]
struct Texts {
    positive: f64,
    learnable: bool,
    train: usize,
}

const PLAIN: Texts = Texts { positive: 0.5, learnable: true, train: 96 };

fn reviews(texts: Texts) -> Dataset {
    let mut stream = Stream::new(2, "reviews", 0);
    let mut split = |count: usize| {
        let labels: Vec<u16> = (0..count)
            .map(|k| {
                u16::from(
                    (k + 1) as f64 * texts.positive % 1.0 < texts.positive - 1e-9 || texts.positive >= 1.0,
                )
            })
            .collect();
        let sequence = |label: &u16| {
            let word = |stream: &mut Stream| 6 + stream.below(14) as u16;
            let telling = if texts.learnable { 4 + label } else { word(&mut stream) };
            vec![1, word(&mut stream), telling, word(&mut stream), word(&mut stream)]
        };
        let sequences: Vec<Vec<u16>> = labels.iter().map(sequence).collect();
        Split::new(sequences.iter().map(Vec::as_slice), labels).unwrap()
    };
    Dataset {
        name: "reviews".into(),
        title: "Reviews".into(),
        task: Task::Binary,
        class_names: vec!["negative".into(), "positive".into()],
        vocabulary: Vocabulary::new(Unit::Word, (0..16).map(|k| format!("w{k}")).collect()).unwrap(),
        train: split(texts.train),
        test: split(60),
        provenance: Provenance::default(),
        notes: String::new(),
    }
}

/// An LSTM on reviews; `changes` are new values by their JSON pointers.
fn reader(changes: Value) -> Experiment {
    let start = json!({
        "data": { "set": "own", "reading": { "as": "words", "num_words": 20, "maxlen": 6 } },
        "model": { "class_name": "Sequential", "config": { "name": "m", "layers": [
            { "class_name": "Embedding", "config": { "input_dim": 20, "output_dim": 4 } },
            { "class_name": "LSTM", "config": { "units": 8 } },
            { "class_name": "Dense", "config": { "units": 1, "activation": "sigmoid" } } ] } },
        "compile": { "loss": "binary_crossentropy",
            "optimizer": { "class_name": "Adam", "config": { "learning_rate": 0.01 } } },
        "fit": { "batch_size": 16, "seed": 7 },
    });
    Experiment::from_value(&start).unwrap().with_changes(changes.as_object().unwrap()).unwrap()
}

fn recurrent(class: &str, config: Value) -> Value {
    json!({ "/model/config/layers/1": { "class_name": class, "config": config } })
}

fn optimizer(class: &str, config: Value) -> Value {
    json!({ "/compile/optimizer": { "class_name": class, "config": config } })
}

fn together(first: Value, second: Value) -> Value {
    let mut all = first;
    all.as_object_mut().unwrap().extend(second.as_object().unwrap().clone());
    all
}

/// What is found after so many updates.
fn findings(experiment: &Experiment, dataset: Option<Dataset>, updates: u64, known: &Known) -> Vec<Finding> {
    let mut training = Training::new();
    dataset.iter().for_each(|dataset| training.use_dataset(dataset.clone()));
    training.set_up(experiment.clone()).unwrap();
    training.train_for(1e12, Some(updates), || 0.0).unwrap();
    let run = training.checkpoint().unwrap();
    let mut analysis = Analysis::new(experiment.clone(), dataset.clone()).unwrap();
    let found = analysis.examine(&run, known).unwrap();
    // Statistics that were gathered in parts before lead to the same.
    while analysis.statistics_for(0.0, || 0.0).unwrap().is_none() {}
    assert_eq!(analysis.examine(&run, known).unwrap(), found);
    for finding in &found {
        assert!(finding.sentence.ends_with('.') && finding.evidence.len() >= 2, "{finding:?}");
        assert!(!finding.sentence.contains("NaN") && !finding.sentence.contains("inf"), "{finding:?}");
        if let Some(remedy) = &finding.remedy {
            let changed = Experiment::from_value(&remedy.experiment).unwrap();
            assert_ne!(&changed, experiment, "{finding:?}");
            let mut training = Training::new();
            dataset.iter().for_each(|dataset| training.use_dataset(dataset.clone()));
            training.set_up(changed).unwrap_or_else(|error| panic!("{finding:?}: {error}"));
            training.step_once(|| 0.0).unwrap_or_else(|error| panic!("{finding:?}: {error}"));
        }
    }
    found
}

fn on(texts: Texts, changes: Value, updates: u64) -> Vec<Finding> {
    findings(&reader(changes), Some(reviews(texts)), updates, &Known::default())
}

#[track_caller]
fn speaks(rule: Rule, found: &[Finding]) -> &Finding {
    let rules: Vec<Rule> = found.iter().map(|finding| finding.rule).collect();
    found
        .iter()
        .find(|finding| finding.rule == rule)
        .unwrap_or_else(|| panic!("{rule:?} is not among {rules:?}"))
}

#[track_caller]
fn silent(rule: Rule, found: &[Finding]) {
    let spoken = found.iter().find(|finding| finding.rule == rule);
    assert!(spoken.is_none(), "{spoken:?}");
}

#[test]
fn a_network_that_learns_is_left_alone() {
    let found = on(PLAIN, json!({}), 90);
    assert_eq!(found, []);
}

#[test]
fn one_answer_for_everything_is_seen_with_its_clipped_loss() {
    let found = on(PLAIN, optimizer("SGD", json!({ "learning_rate": 3000.0 })), 60);
    let finding = speaks(Rule::ConstantPrediction, &found);
    assert!(finding.sentence.contains("the loss stands at its limit"), "{finding:?}");
    assert!(finding.remedy.as_ref().unwrap().label.contains("learning rate 300"), "{finding:?}");
}

#[test]
fn a_gradient_that_explodes_is_seen_where_nothing_clips_it() {
    let linear = json!({ "units": 8, "activation": "linear", "recurrent_initializer":
        { "class_name": "Orthogonal", "config": { "gain": 1.9 } } });
    let adding = |optimizer: Value| {
        let document = json!({
            "data": { "set": "task", "task": "adding", "options": { "timesteps": 40 }, "limit": 64 },
            "model": { "class_name": "Sequential", "config": { "name": "m", "layers": [
                { "class_name": "InputLayer", "config": { "batch_shape": [null, 40, 2] } },
                { "class_name": "SimpleRNN", "config": linear },
                { "class_name": "Dense", "config": { "units": 1 } } ] } },
            "compile": { "loss": "mean_squared_error", "optimizer": optimizer },
        });
        findings(&Experiment::from_value(&document).unwrap(), None, 40, &Known::default())
    };
    let sgd = |more: Value| json!({ "class_name": "SGD", "config": together(json!({ "learning_rate": 1e-30 }), more) });
    let found = adding(sgd(json!({})));
    assert!(speaks(Rule::ExplodingGradient, &found).remedy.as_ref().unwrap().label.contains("norm 1"));
    silent(Rule::ExplodingGradient, &adding(sgd(json!({ "clipnorm": 1.0 }))));
}

#[test]
fn a_learning_rate_is_too_large_or_too_small() {
    let found = on(PLAIN, optimizer("SGD", json!({ "learning_rate": 300.0 })), 60);
    speaks(Rule::LearningRateTooLarge, &found);
    silent(Rule::LearningRateTooSmall, &found);
    let found = on(PLAIN, optimizer("Adam", json!({ "learning_rate": 1e-6 })), 60);
    let small = speaks(Rule::LearningRateTooSmall, &found);
    assert!(small.remedy.as_ref().unwrap().label.contains("0.00001"), "{small:?}");
    silent(Rule::LearningRateTooLarge, &found);
}

#[test]
fn ids_that_are_read_as_quantities_are_named() {
    let numbers = |dense: Value| {
        json!({
            "/data/reading": { "as": "numbers", "below": 7 },
            "/model/config/layers": [
                { "class_name": "InputLayer", "config": { "batch_shape": [null, 6, 1] } },
                { "class_name": "SimpleRNN", "config": { "units": 5 } }, dense ],
        })
    };
    let found = on(
        PLAIN,
        numbers(json!({ "class_name": "Dense", "config": { "units": 1, "activation": "sigmoid" } })),
        6,
    );
    let finding = speaks(Rule::WordsAsQuantities, &found);
    let changed = &finding.remedy.as_ref().unwrap().experiment;
    assert_eq!(changed["model"]["config"]["layers"][1]["class_name"], "Embedding");
    speaks(Rule::UnmaskedPadding, &found);
}

#[test]
fn a_model_of_word_pairs_has_a_memory_without_use() {
    let text = "the whale and the sea and the ship and the whale again ".repeat(60);
    let vocabulary = Vocabulary::of_characters(&text).unwrap();
    let ids = vocabulary.encode(&text);
    let part = Split::new([ids.as_slice()], vec![]).unwrap();
    let novel = Dataset {
        task: Task::LanguageModel,
        class_names: vec![],
        vocabulary,
        train: part.clone(),
        test: part,
        ..reviews(PLAIN)
    };
    let document = |reading: Value, timesteps: usize, sequences: bool| {
        let document = json!({
            "data": { "set": "own", "reading": reading, "limit": 200 },
            "model": { "class_name": "Sequential", "config": { "name": "m", "layers": [
                { "class_name": "InputLayer", "config": { "batch_shape": [null, timesteps] } },
                { "class_name": "Embedding", "config": { "input_dim": 11, "output_dim": 4 } },
                { "class_name": "LSTM", "config": { "units": 6, "return_sequences": sequences } },
                { "class_name": "Dense", "config": { "units": 11, "activation": "softmax" } } ] } },
            "compile": { "loss": "sparse_categorical_crossentropy" },
        });
        Experiment::from_value(&document).unwrap()
    };
    let known = Known::default();
    let pairs = document(json!({ "as": "word_pairs", "num_words": 10 }), 1, false);
    let found = findings(&pairs, Some(novel.clone()), 4, &known);
    let finding = speaks(Rule::MemoryWithoutUse, &found);
    assert_eq!(finding.remedy.as_ref().unwrap().experiment["data"]["reading"]["timesteps"], 20);
    let words =
        document(json!({ "as": "word_ids", "num_words": 10, "timesteps": 5, "stateful": false }), 5, true);
    silent(Rule::MemoryWithoutUse, &findings(&words, Some(novel), 4, &known));
}

#[test]
fn padding_behind_the_words_is_told_unless_it_is_masked() {
    let padded = json!({ "/data/reading/maxlen": 40, "/data/reading/padding": "post" });
    let found = on(PLAIN, padded.clone(), 10);
    let finding = speaks(Rule::UnmaskedPadding, &found);
    assert!(finding.sentence.contains("35.0 of 40 timesteps are padding, after the words"), "{finding:?}");
    let masked = together(padded, json!({ "/model/config/layers/0/config/mask_zero": true }));
    silent(Rule::UnmaskedPadding, &on(PLAIN, masked, 10));
}

#[test]
fn gates_at_their_limits_are_seen() {
    let found = on(
        PLAIN,
        recurrent(
            "LSTM",
            json!({ "units": 8, "bias_initializer":
        { "class_name": "Constant", "config": { "value": 6.0 } }, "unit_forget_bias": false }),
        ),
        10,
    );
    let finding = speaks(Rule::Saturated, &found);
    for name in ["i", "f", "o", "g"] {
        let value = finding.evidence.iter().find(|figure| figure.name == format!("{name} above 0.95"));
        let value = value.unwrap_or_else(|| panic!("{name} is named: {finding:?}"));
        assert!(value.value.trim_end_matches(" %").parse::<f64>().unwrap() >= 70.0, "{finding:?}");
        let named = finding.sentence.matches(&format!(" {name} in `")).count();
        assert_eq!(named, 1, "{finding:?}");
    }
    silent(Rule::Saturated, &on(PLAIN, json!({}), 10));
}

#[test]
fn dead_units_are_counted() {
    let relu = |bias: f64| {
        recurrent(
            "SimpleRNN",
            json!({ "units": 8, "activation": "relu", "bias_initializer":
            { "class_name": "Constant", "config": { "value": bias } } }),
        )
    };
    let found = on(PLAIN, relu(-5.0), 10);
    let finding = speaks(Rule::DeadUnits, &found);
    assert_eq!(finding.evidence[0].value, "8 of 8");
    assert!(finding.remedy.as_ref().unwrap().label.contains("tanh"), "{finding:?}");
    silent(Rule::DeadUnits, &on(PLAIN, relu(0.1), 10));
}

#[test]
fn a_gradient_that_vanishes_through_time_is_seen() {
    let small = json!({ "units": 8, "recurrent_initializer":
        { "class_name": "RandomUniform", "config": { "minval": -0.01, "maxval": 0.01 } } });
    let long = json!({ "/data/reading/maxlen": 5 });
    let mut dataset = reviews(PLAIN);
    let sequences: Vec<Vec<u16>> =
        (0..40_u16).map(|k| (0..12).map(|t| if t == 0 { 1 } else { 4 + (k + t) % 9 }).collect()).collect();
    dataset.test = Split::new(sequences.iter().map(Vec::as_slice), (0..40).map(|k| k % 2).collect()).unwrap();
    let run = |changes: Value| {
        let changes = together(together(long.clone(), json!({ "/data/reading/maxlen": 12 })), changes);
        findings(&reader(changes), Some(dataset.clone()), 6, &Known::default())
    };
    let mut backwards = small.clone();
    backwards["go_backwards"] = json!(true);
    speaks(Rule::VanishingThroughTime, &run(recurrent("SimpleRNN", backwards)));
    let found = run(recurrent("SimpleRNN", small));
    let finding = speaks(Rule::VanishingThroughTime, &found);
    assert!(finding.remedy.as_ref().unwrap().label.contains("LSTM"), "{finding:?}");
    silent(Rule::VanishingThroughTime, &run(json!({})));
}

#[test]
fn learning_by_heart_is_seen_in_the_validation_loss() {
    let texts = Texts { learnable: false, train: 32, ..PLAIN };
    let longer = json!({ "/fit/validate_every": 10 });
    let found = on(texts, together(longer.clone(), optimizer("Adam", json!({ "learning_rate": 0.05 }))), 160);
    let finding = speaks(Rule::Overfitting, &found);
    assert_eq!(finding.remedy.as_ref().unwrap().experiment["fit"]["early_stopping"]["monitor"], "val_loss");
    silent(Rule::Overfitting, &on(PLAIN, longer, 90));
}

#[test]
fn a_class_that_outweighs_the_others_is_seen_and_weighted() {
    let texts = Texts { positive: 0.875, learnable: false, ..PLAIN };
    let found = on(texts, json!({}), 30);
    let finding = speaks(Rule::ClassImbalance, &found);
    let weights = &finding.remedy.as_ref().unwrap().experiment["fit"]["class_weight"];
    assert_eq!(weights, &json!({ "0": 4.0, "1": 0.571 }));
    silent(Rule::ClassImbalance, &on(Texts { positive: 0.875, ..PLAIN }, json!({}), 120));
}

#[test]
fn a_bag_of_words_and_the_number_of_networks_that_were_compared_count() {
    let run = |known: Known| findings(&reader(json!({})), Some(reviews(PLAIN)), 60, &known);
    let found = run(Known { bag_of_words: Some(1.0), compared: 4 });
    speaks(Rule::BagOfWordsAsGood, &found);
    let tested = speaks(Rule::TestDataInChoices, &found);
    assert!(tested.sentence.contains("4 networks"), "{tested:?}");
    let found = run(Known { bag_of_words: Some(0.6), compared: 1 });
    silent(Rule::BagOfWordsAsGood, &found);
    silent(Rule::TestDataInChoices, &found);
    let share = reader(json!({ "/data/validation": 0.25 }));
    let found = findings(&share, Some(reviews(PLAIN)), 20, &Known { bag_of_words: None, compared: 9 });
    silent(Rule::TestDataInChoices, &found);
}
