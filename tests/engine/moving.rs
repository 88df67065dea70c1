//! A model on other data: it stays what it is but for what the data decide.

use serde_json::{Value, json};
use unrolled::data::{Dataset, Provenance, Split, Task, Unit, Vocabulary};
use unrolled::experiment::sets::SETS;
use unrolled::experiment::{Experiment, Misfit, Moved, PRESETS, TASK, keras_code};
use unrolled::session::Training;

/// The experiment that each data set begins with: packed sets and tasks.
fn own() -> Vec<Experiment> {
    let of_sets = ["imdb-small", "imdb", "reuters", "reuters-lstm", "moby-dick", "digits"];
    let of_tasks = PRESETS.iter().map(|preset| preset.name).filter(|name| preset(name).data.set == TASK);
    let found: Vec<Experiment> = of_sets.into_iter().chain(of_tasks).map(preset).collect();
    assert_eq!(found.len(), SETS.len() + 12);
    assert!(SETS.iter().all(|set| found.iter().any(|own| own.data.set == set.name)));
    found
}

fn preset(name: &str) -> Experiment {
    Experiment::preset(name).unwrap()
}

/// A few samples in the form of the packed set `name`.
fn material(name: &str) -> Dataset {
    let words = SETS.iter().find(|set| set.name == name).unwrap().vocabulary;
    let vocabulary = Vocabulary::new(Unit::Word, (0..words - 4).map(|k| format!("w{k}")).collect()).unwrap();
    let texts: Vec<Vec<u16>> = (0..70).map(|k| (0..30).map(|j| 1 + (k * 7 + j) % 99).collect()).collect();
    let split = |labels: u16| {
        Split::new(texts.iter().map(Vec::as_slice), (0..70).map(|k| k % labels).collect()).unwrap()
    };
    let classes = |count: usize| (0..count).map(|k| format!("class {k}")).collect();
    let reviews = Dataset {
        name: name.into(),
        title: "Texts".into(),
        task: Task::Binary,
        class_names: classes(2),
        vocabulary,
        train: split(2),
        test: split(2),
        provenance: Provenance::default(),
        notes: String::new(),
    };
    match name {
        "digits" => {
            let pixels: Vec<u16> = (0..784).map(|k| k % 256).collect();
            let images =
                Split::new((0..20).map(|_| pixels.as_slice()), (0..20).map(|k| k % 10).collect()).unwrap();
            Dataset {
                task: Task::Classes,
                class_names: classes(10),
                vocabulary: Vocabulary::new(Unit::Pixel, vec![]).unwrap(),
                train: images.clone(),
                test: images,
                ..reviews
            }
        }
        "moby-dick" => {
            let text: String = ('!'..='s').cycle().take(20_000).collect();
            let vocabulary = Vocabulary::of_characters(&text).unwrap();
            assert_eq!(vocabulary.num_words(), 83);
            let ids = vocabulary.encode(&text);
            let part = Split::new([ids.as_slice()], vec![]).unwrap();
            Dataset {
                task: Task::LanguageModel,
                class_names: vec![],
                vocabulary,
                train: part.clone(),
                test: part,
                ..reviews
            }
        }
        name if name.starts_with("reuters") => Dataset {
            task: Task::Classes,
            class_names: classes(52),
            train: split(52),
            test: split(52),
            ..reviews
        },
        _ => reviews,
    }
}

/// The layers that are neither input nor answer, without what the data decide.
fn inner(experiment: &Experiment) -> Vec<Value> {
    let layers = experiment.model["config"]["layers"].as_array().unwrap();
    let mut kept: Vec<Value> = layers
        .iter()
        .filter(|layer| {
            !["InputLayer", "Embedding", "Dense", "Activation"]
                .iter()
                .any(|class| layer["class_name"] == *class)
        })
        .cloned()
        .collect();
    for layer in &mut kept {
        let config = layer["config"].as_object_mut().unwrap();
        for key in ["return_sequences", "stateful", "n", "input_length"] {
            config.remove(key);
        }
    }
    kept
}

fn moves() -> impl Iterator<Item = (&'static str, Experiment, Experiment, Result<Moved, Misfit>)> {
    PRESETS.iter().flat_map(|start| {
        own().into_iter().map(|own| {
            let present = preset(start.name);
            let moved = present.moved_to(&own);
            (start.name, present, own, moved)
        })
    })
}

#[test]
fn every_model_on_every_data_set_is_a_document_that_can_be_trained_or_a_reason_is_given() {
    let mut fits = 0;
    for (name, present, own, moved) in moves() {
        let case = format!("{name} on {} {}", own.data.set, own.title);
        let moved = match moved {
            Ok(moved) => moved,
            Err(misfit) => {
                let reason = misfit.to_string();
                assert!(reason.len() > 20 && !reason.ends_with('.'), "{case}: {reason}");
                continue;
            }
        };
        fits += 1;
        let document = Experiment::from_value(&moved.experiment.to_json()).unwrap();
        assert_eq!(document, moved.experiment, "{case}");
        assert_eq!(document.survey().trouble, None, "{case}");
        assert_eq!((&document.data.set, &document.data.task), (&own.data.set, &own.data.task), "{case}");
        // What the data do not decide is kept.
        assert_eq!(inner(&document), inner(&present), "{case}");
        assert_eq!(document.compile.optimizer, present.compile.optimizer, "{case}");
        let training = |fit: &unrolled::experiment::Fit| (fit.batch_size, fit.epochs, fit.seed);
        assert_eq!(training(&document.fit), training(&present.fit), "{case}");
        let outputs = |experiment: &Experiment| {
            let rows = experiment.survey().rows;
            *rows.iter().flatten().last().unwrap().output_shape.last().unwrap()
        };
        assert_eq!(outputs(&document), outputs(&own), "{case}");
    }
    // What is refused is few: encoders, pooling and windows whose answers are at other timesteps.
    assert!(fits > 560, "{fits} of {} fit", PRESETS.len() * own().len());
}

#[test]
fn what_is_moved_makes_an_update() {
    let sets: Vec<(&str, Dataset)> = SETS.iter().map(|set| (set.name, material(set.name))).collect();
    let starts = ["imdb-conv-gru", "digits", "reversing", "moby-dick"];
    for (name, _, own, moved) in moves().filter(|(name, ..)| starts.contains(name)) {
        let Ok(Moved { mut experiment, .. }) = moved else { continue };
        let case = format!("{name} on {} {}", own.data.set, own.title);
        experiment.fit.batch_size = experiment.fit.batch_size.min(16);
        let mut training = Training::new();
        match sets.iter().find(|(set, _)| *set == own.data.set) {
            Some((_, dataset)) => training.use_dataset(dataset.clone()),
            None => experiment.data.limit = Some(32),
        }
        training.set_up(experiment).unwrap_or_else(|error| panic!("{case}: {error}"));
        let report = training.step_once(|| 0.0).unwrap_or_else(|error| panic!("{case}: {error}"));
        assert!(report.losses.len() == 1 && report.losses[0].is_finite(), "{case}");
    }
}

#[test]
fn what_changed_is_said_with_its_reason() {
    let moved = preset("imdb-small").moved_to(&preset("reuters")).unwrap();
    assert_eq!(
        moved.changes,
        [
            "maxlen 80 and truncating post, as these texts are read",
            "Dense with units 52 (one for each class) and activation softmax",
            "the loss sparse_categorical_crossentropy",
        ]
    );
    let layers = &moved.experiment.model["config"]["layers"];
    assert_eq!(layers[0]["config"]["input_length"], 80);
    assert_eq!(moved.experiment.compile.optimizer["config"]["learning_rate"], 0.002);
    // The same texts in another size: only the vocabulary may be another.
    let larger = preset("imdb-lstm").moved_to(&preset("imdb-small")).unwrap();
    assert_eq!(larger.changes, ["an Embedding with input_dim 5,000, one row for each id"]);
    let smaller = preset("imdb-small").moved_to(&preset("imdb")).unwrap();
    assert_eq!((smaller.changes.len(), smaller.experiment), (0, preset("imdb")));
}

#[test]
fn a_model_that_does_not_fit_is_refused_with_what_does_not() {
    let refused = preset("imdb-conv-gru").moved_to(&preset("moby-dick")).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "gives an answer of 83 numbers at each of 16 timesteps; these data need an answer of 83 numbers at each of 64 \
         timesteps"
    );
    let mut headless = preset("imdb-small");
    headless.model["config"]["layers"].as_array_mut().unwrap().pop();
    let refused = headless.moved_to(&preset("digits")).unwrap_err();
    assert_eq!(refused, Misfit::NoDense { last: "LSTM".into() });
    let weighted =
        preset("imdb-small").with_changes(json!({ "/fit/class_weight": { "1": 2.0 } }).as_object().unwrap());
    let moved = weighted.unwrap().moved_to(&preset("digits")).unwrap();
    assert!(moved.experiment.fit.class_weight.is_empty());
}

/// A document may hold anything: what is looked at, written as code or moved has an end, and a sentence.
#[test]
fn models_that_are_no_models_are_refused_wherever_they_are_looked_at() {
    let mut reviews = preset("imdb-small");
    let layers = reviews.model["config"]["layers"].as_array_mut().unwrap();
    let lstm = layers.iter().position(|layer| layer["class_name"] == "LSTM").unwrap();
    layers[lstm] = json!({ "class_name": "Bidirectional", "config": { "layer": layers[lstm] } });
    let within = format!("/model/config/layers/{lstm}");
    let places = ["", "/config", "/config/layer", "/config/layer/config"].map(|end| format!("{within}{end}"));
    let above =
        ["/model", "/model/config", "/model/config/layers", "/model/config/layers/0"].map(str::to_owned);
    let odd = [json!(3), json!([null, 3]), json!("LSTM"), json!(null), json!({}), json!([])];
    for place in above.iter().chain(&places) {
        for value in &odd {
            let mut document = reviews.to_json();
            *document.pointer_mut(place).unwrap() = value.clone();
            let Ok(experiment) = Experiment::from_value(&document) else { continue };
            let runs = experiment.build_model().is_ok();
            experiment.survey();
            assert_eq!(keras_code::code(&experiment).is_ok(), runs, "{place} {value}");
            for own in ["imdb", "digits", "echo"].map(preset) {
                if let Ok(moved) = experiment.moved_to(&own) {
                    assert!(moved.experiment.build_model().is_ok(), "{place} {value}");
                }
            }
        }
    }
}
