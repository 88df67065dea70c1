//! What a reader does: data, an experiment, training, own texts.

use std::cell::Cell;

use ndarray::{Array, Dimension};
use serde_json::{Value, json};
use unrolled::data::{Dataset, Provenance, Split, Task, Unit, Vocabulary};
use unrolled::experiment::Experiment;
use unrolled::listing::{Listing, cells};
use unrolled::rng::Stream;
use unrolled::session::stepping::{Called, Choice, Excerpt, InputChoice, ReadBefore, Stepping, WeightChoice};
use unrolled::session::{Parts, TextTrace, Training};

/// Reviews of eight ids, a third of them positive: a 7 means bad, an 8 good.
fn dataset() -> Dataset {
    let mut stream = Stream::new(2, "reviews", 0);
    let mut split = |count: usize| {
        let labels: Vec<u16> = (0..count).map(|k| u16::from(k % 3 == 0)).collect();
        let sequence = |label: &u16| {
            let word = |stream: &mut Stream| 4 + stream.below(3) as u16;
            vec![1, word(&mut stream), word(&mut stream), 7 + label, word(&mut stream)]
        };
        let sequences: Vec<Vec<u16>> = labels.iter().map(sequence).collect();
        Split::new(sequences.iter().map(Vec::as_slice), labels).unwrap()
    };
    let words = ["the", "film", "is", "bad", "good", "rare", "isn't"];
    Dataset {
        name: "reviews".into(),
        title: "Reviews".into(),
        task: Task::Binary,
        class_names: vec!["negative".into(), "positive".into()],
        vocabulary: Vocabulary::new(Unit::Word, words.map(str::to_owned).to_vec()).unwrap(),
        train: split(60),
        test: split(31),
        provenance: Provenance::default(),
        notes: String::new(),
    }
}

/// An experiment on these reviews; `changes` are new values by their JSON pointers.
fn experiment(changes: Value) -> Experiment {
    let start = json!({
        "data": { "set": "own", "reading": { "as": "words", "num_words": 10, "maxlen": 6 } },
        "model": { "class_name": "Sequential", "config": { "name": "m", "layers": [
            { "class_name": "Embedding", "config": { "input_dim": 10, "output_dim": 4 } },
            { "class_name": "LSTM", "config": { "units": 5 } },
            { "class_name": "Dense", "config": { "units": 1, "activation": "sigmoid" } } ] } },
        "compile": { "loss": "binary_crossentropy",
            "optimizer": { "class_name": "Adam", "config": { "learning_rate": 0.05 } } },
        "fit": { "batch_size": 16, "seed": 7 },
    });
    Experiment::from_value(&start).unwrap().with_changes(changes.as_object().unwrap()).unwrap()
}

fn training(changes: Value) -> Training {
    let mut training = Training::new();
    training.load_dataset(&dataset().to_bytes().unwrap()).unwrap();
    training.set_up(experiment(changes)).unwrap();
    training
}

/// A clock that moves by a millisecond whenever somebody looks at it.
fn clock() -> impl Fn() -> f64 {
    let now = Cell::new(0.0);
    move || {
        now.set(now.get() + 1.0);
        now.get()
    }
}

#[test]
fn the_baseline_is_the_majority_class_on_the_validation_set() {
    let mut training = Training::new();
    training.load_dataset(&dataset().to_bytes().unwrap()).unwrap();
    let set_up = training.set_up(experiment(json!({ "/data/limit": 50 }))).unwrap();
    let baseline = set_up.baseline.unwrap();
    assert_eq!(baseline.label, "negative");
    assert_eq!(baseline.accuracy, 20.0 / 31.0);
    assert_eq!((set_up.train, set_up.validation, set_up.steps_per_epoch), (50, 31, 4));
}

/// The share of the most frequent class of training in validation, from the counts that the page shows.
fn share_from_counts(training: &Training) -> f64 {
    let counts = training.class_counts().unwrap();
    counts.classes[0].validation as f64 / counts.validation as f64
}

/// Most of the reviews are negative, but most of the short ones, which alone are read, are positive.
#[test]
fn the_baseline_counts_the_samples_that_are_read() {
    let labels: Vec<u16> = (0..40).map(|k| u16::from(k % 4 == 0)).collect();
    let reviews: Vec<Vec<u16>> = labels
        .iter()
        .enumerate()
        .map(|(k, label)| vec![5; if *label == 1 || k % 20 == 1 { 4 } else { 9 }])
        .collect();
    let split = Split::new(reviews.iter().map(Vec::as_slice), labels).unwrap();
    let dataset = Dataset { train: split.clone(), test: split, ..dataset() };
    let mut training = Training::new();
    training.load_dataset(&dataset.to_bytes().unwrap()).unwrap();
    let layers = json!([{ "class_name": "InputLayer", "config": { "batch_shape": [null, 5, 1] } },
        { "class_name": "LSTM", "config": { "units": 2 } },
        { "class_name": "Dense", "config": { "units": 1, "activation": "sigmoid" } }]);
    let read = json!({ "/data/reading": { "as": "numbers", "below": 6 }, "/model/config/layers": layers });
    let set_up = training.set_up(experiment(read)).unwrap();
    assert_eq!((set_up.train, set_up.validation), (12, 12));
    let baseline = set_up.baseline.unwrap();
    assert_eq!((baseline.label.as_str(), baseline.accuracy), ("positive", 10.0 / 12.0));
    assert_eq!(baseline.accuracy, share_from_counts(&training));
}

/// A reader's own samples may be sorted, so that a share of them is drawn: which they are follows from the seed.
#[test]
fn the_baseline_counts_the_share_that_is_drawn_with_the_seed() {
    let labels = dataset().train.labels().to_vec();
    let mut shares = Vec::new();
    for seed in 0..8u64 {
        let training = training(json!({ "/data/validation": 0.25, "/fit/seed": seed }));
        let mut order: Vec<usize> = (0..60).collect();
        Stream::new(seed, "own/order", 0).shuffle(&mut order);
        let negative = order[45..].iter().filter(|k| labels[**k] == 0).count();
        let baseline = training.class_counts().unwrap().baseline.unwrap();
        assert_eq!((baseline.label.as_str(), baseline.accuracy), ("negative", negative as f64 / 15.0));
        assert_eq!(baseline.accuracy, share_from_counts(&training));
        shares.push(negative);
    }
    assert!(shares.iter().any(|share| *share != shares[0]), "{shares:?}");
}

#[test]
fn training_learns_what_can_be_learnt() {
    let mut training = training(json!({}));
    let report = training.train_for(1e9, Some(80), clock()).unwrap();
    assert_eq!(report.validation.last().unwrap().accuracy, 1.0);
    assert_eq!(report.validation.last().unwrap().step, 80);
    assert!(report.finished);
}

#[test]
fn a_budget_is_kept_and_time_adds_up() {
    let mut training = training(json!({}));
    let report = training.train_for(5.0, None, clock()).unwrap();
    assert!((1..=5).contains(&report.losses.len()), "{} pieces in 5 ms", report.losses.len());
    assert!(!report.finished);
    let seconds = report.seconds;
    assert!(seconds > 0.0);
    assert!(training.train_for(5.0, None, clock()).unwrap().seconds > seconds);
}

#[test]
fn an_evaluation_behind_the_last_step_belongs_to_it() {
    let mut training = training(json!({}));
    let steps = training.set_up(experiment(json!({}))).unwrap().steps_per_epoch;
    for _ in 0..steps {
        training.step_once(clock()).unwrap();
    }
    let report = training.train_for(0.0, Some(0), clock()).unwrap();
    assert_eq!((report.losses.len(), report.validation.len(), report.finished), (0, 1, true));
    let again = training.train_for(0.0, Some(0), clock()).unwrap();
    assert_eq!((again.validation.len(), again.finished), (0, true));
}

#[test]
fn steps_that_were_made_before_a_failure_are_reported() {
    let mut training = training(
        json!({ "/compile/optimizer": { "class_name": "SGD", "config": { "learning_rate": 1e38 } } }),
    );
    let report = training.train_for(1e9, Some(1000), clock()).unwrap();
    assert!(!report.losses.is_empty() && !report.finished);
    let error = training.train_for(1e9, Some(1000), clock()).unwrap_err();
    assert_eq!(error.code(), "not_finite");
}

#[test]
fn tracing_while_training_changes_nothing() {
    let (mut quiet, mut watched) =
        (training(json!({ "/fit/validate_every": 2 })), training(json!({ "/fit/validate_every": 2 })));
    for _ in 0..12 {
        quiet.train_for(0.0, None, clock()).unwrap();
        watched.train_for(0.0, None, clock()).unwrap();
        watched.trace("the film is good").unwrap();
    }
    assert_eq!(quiet.weights_hash().unwrap(), watched.weights_hash().unwrap());
    assert_eq!(quiet.checkpoint().unwrap().len(), watched.checkpoint().unwrap().len());
}

#[test]
fn a_failed_set_up_leaves_the_run_as_it_was() {
    let mut training = training(json!({}));
    training.step_once(clock()).unwrap();
    let hash = training.weights_hash().unwrap();
    assert!(training.set_up(experiment(json!({ "/data/reading/num_words": 11 }))).is_err());
    assert!(training.load_dataset(b"nothing").is_err());
    assert_eq!(training.weights_hash().unwrap(), hash);
    assert_eq!(training.step_once(clock()).unwrap().step, 2);
}

#[test]
fn resetting_and_restoring_come_back_to_the_same_bits() {
    let mut training = training(json!({}));
    training.train_for(1e9, Some(5), clock()).unwrap();
    let (bytes, hash) = (training.checkpoint().unwrap(), training.weights_hash().unwrap());
    training.reset().unwrap();
    assert_ne!(training.weights_hash().unwrap(), hash);
    assert_eq!(training.restore(&bytes).unwrap(), 5);
    assert_eq!(training.weights_hash().unwrap(), hash);
}

/// Which words are kept, for a text of `words` words and a model of six ids.
fn kept(words: usize, truncating: &str, padding: &str) -> (Vec<bool>, usize) {
    let mut training =
        training(json!({ "/data/reading/truncating": truncating, "/data/reading/padding": padding }));
    let traced = training.trace(&vec!["film"; words].join(" ")).unwrap();
    (traced.tokens.iter().map(|token| token.kept).collect(), traced.trace.timesteps())
}

#[test]
fn the_words_that_fit_are_kept_at_the_end_that_is_asked_for() {
    for padding in ["pre", "post"] {
        // The start takes a place as long as it is not cut off.
        assert_eq!(kept(5, "pre", padding), (vec![true; 5], 5));
        assert_eq!(kept(6, "pre", padding), (vec![true; 6], 6));
        assert_eq!(kept(8, "pre", padding), ([vec![false; 2], vec![true; 6]].concat(), 6));
        assert_eq!(kept(8, "post", padding), ([vec![true; 5], vec![false; 3]].concat(), 5));
    }
}

#[test]
fn the_trace_reads_a_text_as_training_reads_it() {
    for padding in ["pre", "post"] {
        let mut training = training(json!({ "/data/reading/padding": padding }));
        training.train_for(1e9, Some(30), clock()).unwrap();
        let good = training.trace("the film good").unwrap();
        let rows = &good.trace.layers[0].symbols[5].values;
        assert_eq!((rows.dim(), good.trace.predictions.dim()), ((3, 5), (3, 1)));
        let bad = training.trace("the film bad").unwrap();
        let (good, bad) = (good.trace.predictions.column(0), bad.trace.predictions.column(0));
        assert_eq!((good[0], good[1]), (bad[0], bad[1]), "the same words until then");
        assert!(good[2] > bad[2]);
    }
}

#[test]
fn words_that_are_cut_from_the_vocabulary_count_as_unknown() {
    let mut training = training(json!({ "/data/reading/num_words": 9 }));
    let traced = training.trace("good rare Film strange").unwrap();
    let known: Vec<bool> = traced.tokens.iter().map(|token| token.known).collect();
    assert_eq!(known, [true, false, true, false]);
    assert_eq!(traced.tokens[2].text, "Film");
    assert_eq!(traced.note, None);
    assert!(training.trace("rare strange").unwrap().note.unwrap().contains("vocabulary"));
}

#[test]
fn typographic_signs_of_a_keyboard_are_read_and_shown_as_typed() {
    let changes = json!({ "/data/reading/num_words": 11, "/model/config/layers/0/config/input_dim": 11 });
    let mut training = training(changes);
    let typed = training.trace("The film isn’t “good” ‘bad’").unwrap();
    let plain = training.trace("The film isn't good bad").unwrap();
    let ids = |traced: &TextTrace| traced.tokens.iter().map(|token| token.id).collect::<Vec<_>>();
    assert_eq!(ids(&typed), ids(&plain));
    assert!(typed.tokens.iter().all(|token| token.known));
    let shown: Vec<&str> = typed.tokens.iter().map(|token| token.text.as_str()).collect();
    assert_eq!(shown, ["The", "film", "isn’t", "“good”", "‘bad’"]);
}

#[test]
fn other_kinds_of_data_are_refused_with_a_sentence() {
    let text = "call me ishmael";
    let vocabulary = Vocabulary::of_characters(text).unwrap();
    let ids = vocabulary.encode(text);
    let novel = Dataset {
        task: Task::LanguageModel,
        class_names: Vec::new(),
        train: Split::new([ids.as_slice()], Vec::new()).unwrap(),
        test: Split::new(Vec::<&[u16]>::new(), Vec::new()).unwrap(),
        vocabulary,
        ..dataset()
    };
    let mut training = Training::new();
    training.load_dataset(&novel.to_bytes().unwrap()).unwrap();
    let error = training.set_up(experiment(json!({}))).unwrap_err();
    assert!(error.to_string().contains("labelled texts"), "{error}");
}

#[test]
fn a_network_whose_cell_is_any_listing_of_the_project_learns_is_traced_and_taken_apart() {
    for cell in cells::all() {
        let layers = json!({ "class_name": "Sequential", "config": { "name": "m", "layers": [
            { "class_name": "Embedding", "config": { "input_dim": 10, "output_dim": 4 } },
            { "class_name": "Listing", "config": { "units": 4, "source": cell.source } },
            { "class_name": "Dense", "config": { "units": 1, "activation": "sigmoid" } } ] } });
        let mut training = training(json!({ "/model": layers }));
        let report = training.train_for(1e9, Some(60), clock()).unwrap();
        let mean = |losses: &[f32]| losses.iter().sum::<f32>() / losses.len() as f32;
        let (first, last) = (mean(&report.losses[..8]), mean(&report.losses[52..]));
        assert!(last < first, "{}: {first} to {last}", cell.name);
        let trace = training.trace("the film is good").unwrap();
        let symbols = &trace.trace.layers[0].symbols;
        assert!(symbols.iter().all(|symbol| symbol.values.nrows() == 4), "{}", cell.name);
        let parts = training.parts("the film is good").unwrap();
        let listing = Listing::parse(cell.source).unwrap();
        let names: Vec<&str> = parts.weights.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, listing.weights(), "{}", cell.name);
        let choice = Choice {
            shapes: vec![],
            source: cell.source.to_owned(),
            units: parts.units,
            sizes: vec![],
            seed: 1,
            input: embedded(&parts),
            weights: trained(&parts),
            target: 1.0,
            classes: vec![],
        };
        // Stepped through line by line, the trained network says what it says when it reads at once.
        let stepped = Stepping::new(choice).unwrap().readout().said()[0];
        let read = trace.trace.output[0];
        // The same numbers in another order of additions: some roundings of f32.
        assert!((stepped - read).abs() < 1e-5, "{}: {stepped} and {read}", cell.name);
    }
}

/// The words of `parts` as what is stepped through.
fn embedded(parts: &Parts) -> InputChoice {
    let (words, known) = (parts.words.clone(), parts.known.clone());
    let (called, excerpt) = (Called::Word, Excerpt::Whole);
    InputChoice::Embedded { words, x: flat(&parts.x), known, before: parts.before, called, excerpt }
}

/// The weights of `parts` as those that are stepped with.
fn trained(parts: &Parts) -> WeightChoice {
    WeightChoice::Trained {
        weights: parts.weights.iter().map(|(name, array)| (name.clone(), flat(array))).collect(),
        output: Some((flat(&parts.output.0), flat(&parts.output.1))),
        initial: parts.initial.iter().map(|(name, array)| (name.clone(), flat(array))).collect(),
    }
}

fn flat<D: Dimension>(array: &Array<f32, D>) -> Vec<f32> {
    array.iter().copied().collect()
}

/// What stands before the first word of `text`, and what the network says of the state that it leaves.
fn before_the_first_word(changes: Value, text: &str) -> (ReadBefore, f32, Vec<f32>) {
    let mut training = training(changes);
    for _ in 0..8 {
        training.step_once(|| 0.0).unwrap();
    }
    let parts = training.parts(text).unwrap();
    let choice = Choice {
        shapes: vec![],
        source: cells::named("lstm").unwrap().source.to_owned(),
        units: parts.units,
        sizes: vec![],
        seed: 1,
        input: embedded(&parts),
        weights: trained(&parts),
        target: 1.0,
        classes: parts.classes,
    };
    let state = parts.initial.iter().find(|(name, _)| name == "h").map(|(_, h)| h.clone()).unwrap();
    let logit = state.iter().zip(&parts.output.0).map(|(h, v)| h * v).sum::<f32>() + parts.output.1[0];
    let said = Stepping::new(choice).unwrap().said_before().unwrap();
    (parts.before, 1.0 / (1.0 + (-logit).exp()), said)
}

#[test]
fn what_was_read_before_the_first_word_is_known_and_what_the_network_says_of_it() {
    let (before, expected, said) = before_the_first_word(json!({}), "good film");
    assert_eq!(before, ReadBefore { padding: 3, start: true });
    assert!((said[0] - expected).abs() < 1e-6, "{said:?} and {expected}");
    assert!((expected - 0.5).abs() > 1e-4, "three empty places and the start have left a state: {expected}");

    let masked = json!({ "/model/config/layers/0/config/mask_zero": true, "/data/reading/start": false });
    let (before, expected, said) = before_the_first_word(masked, "good film");
    assert_eq!(before, ReadBefore { padding: 0, start: false });
    assert!((said[0] - expected).abs() < 1e-6, "{said:?} and {expected}");
}

/// A checkpoint that was written before experiments were documents, after six of twelve updates.
#[test]
fn a_run_that_was_kept_before_experiments_were_documents_goes_on_bit_for_bit() {
    let layers = json!({ "class_name": "Sequential", "config": { "name": "reader", "layers": [
        { "class_name": "Embedding",
          "config": { "name": "embedding", "input_dim": 10, "output_dim": 4, "input_length": 6 } },
        { "class_name": "LSTM", "config": { "name": "lstm", "units": 5 } },
        { "class_name": "Dense", "config": { "name": "dense", "units": 1, "activation": "sigmoid" } } ] } });
    let changes = json!({ "/model": layers, "/fit/validate_every": 2 });
    let mut training = training(changes);
    assert_eq!(training.restore(include_bytes!("frozen/checkpoint-1.safetensors")).unwrap(), 6);
    assert_eq!(training.weights_hash().unwrap(), 0xe3b6_a976_2da3_472a);
    training.train_for(1e9, Some(6), clock()).unwrap();
    assert_eq!(training.weights_hash().unwrap(), 0x08d8_c35a_761b_ffc9);
}
