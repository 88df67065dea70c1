//! Experiments as documents: those of the project, and what a document may say.

use serde_json::{Map, Value, json};
use unrolled::experiment::{Experiment, PRESETS, Printed, Reading, ValidateEvery, nearest, sets};
use unrolled::model::Sequential;

fn every() -> impl Iterator<Item = (&'static str, Experiment)> {
    PRESETS.iter().map(|preset| {
        let experiment = Experiment::from_json(preset.document);
        (preset.name, experiment.unwrap_or_else(|e| panic!("{}: {e}", preset.name)))
    })
}

#[test]
fn every_file_of_the_folder_is_part_of_the_engine() {
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/experiments")).unwrap();
    let mut files: Vec<String> = folder
        .map(|entry| entry.unwrap().file_name().into_string().unwrap().trim_end_matches(".json").to_owned())
        .collect();
    let mut presets: Vec<String> = PRESETS.iter().map(|preset| preset.name.to_owned()).collect();
    files.sort();
    presets.sort();
    assert_eq!(files, presets);
}

/// The parameters that the tutorial counted: of its number of classes and as far as its table goes.
fn counted(experiment: &Experiment, printed: &Printed) -> usize {
    let mut experiment = experiment.clone();
    if let Some(classes) = printed.classes {
        let layers = experiment.model.pointer_mut("/config/layers").unwrap().as_array_mut().unwrap();
        let dense = layers.iter_mut().rfind(|layer| layer["class_name"] == "Dense").unwrap();
        dense["config"]["units"] = json!(classes);
    }
    let summary = experiment.build_model().unwrap().summary();
    let layers = printed.layers.unwrap_or(summary.layers.len());
    summary.layers[..layers].iter().map(|layer| layer.params).sum()
}

#[test]
fn every_model_has_as_many_parameters_as_its_tutorial_printed() {
    let mut compared = 0;
    for (name, experiment) in every() {
        if let Some(printed) = &experiment.printed {
            let params = printed.params.unwrap_or_else(|| panic!("{name}: the tutorial printed them"));
            assert_eq!(counted(&experiment, printed), params, "{name}");
            compared += 1;
        }
    }
    assert_eq!(compared, 14, "every model of the tutorials, that of 004 with two learning rates");
}

#[test]
fn every_experiment_can_be_built_and_says_what_it_is() {
    for (name, experiment) in every() {
        experiment.build_model().unwrap_or_else(|e| panic!("{name}: {e}"));
        experiment.loss().unwrap();
        assert!(experiment.title.len() > 5 && experiment.about.ends_with('.'), "{name}");
        assert!(experiment.tutorial.is_some() == experiment.printed.is_some(), "{name}");
        for measured in &experiment.measured {
            // What Keras reached has no command of ours.
            let command = measured.command.as_deref();
            let named = command.is_some_and(|text| text.contains(&format!("--experiment {name}")));
            assert!(named || (command.is_none() && measured.by.is_some()), "{name}");
        }
    }
}

#[test]
fn a_document_that_is_written_is_read_as_the_same_experiment() {
    for (name, experiment) in every() {
        let document = experiment.to_json();
        assert_eq!(Experiment::from_value(&document).unwrap(), experiment, "{name}");
        let text = document.to_string();
        assert_eq!(serde_json::from_str::<Experiment>(&text).unwrap(), experiment, "{name}");
    }
}

#[test]
fn a_document_with_every_option_of_its_layers_trains_the_same_model() {
    for name in ["digits", "imdb-small", "reuters-lstm-stacked"] {
        let experiment = Experiment::preset(name).unwrap();
        let complete = Experiment::from_value(&experiment.to_complete_json().unwrap()).unwrap();
        let hash = |experiment: &Experiment| experiment.build_model().unwrap().parameters.hash();
        assert_eq!(hash(&complete), hash(&experiment), "{name}");
        assert_eq!(complete.fit, experiment.fit);
        assert_eq!(complete.data, experiment.data);
    }
}

/// The smallest document.
fn smallest() -> Value {
    json!({
        "data": { "set": "imdb", "reading": { "as": "words", "num_words": 50, "maxlen": 9 } },
        "model": { "class_name": "Sequential", "config": { "layers": [
            { "class_name": "Embedding", "config": { "input_dim": 50, "output_dim": 3 } },
            { "class_name": "GRU", "config": { "units": 2 } },
            { "class_name": "Dense", "config": { "units": 1 } } ] } },
        "compile": { "loss": "binary_crossentropy" }, "fit": {}
    })
}

#[test]
fn what_is_left_out_is_as_in_keras() {
    let experiment = Experiment::from_value(&smallest()).unwrap();
    let document = experiment.to_json();
    assert_eq!(document["format"], "unrolled-experiment");
    assert_eq!(document["version"], 1);
    assert_eq!(document["compile"]["optimizer"], "rmsprop");
    let fit = json!({ "batch_size": 32, "epochs": 1, "shuffle": true, "seed": 0, "validate_every": null });
    assert_eq!(document["fit"], fit);
    let reading = json!({ "as": "words", "num_words": 50, "maxlen": 9, "padding": "pre", "truncating": "pre",
        "oov": true, "start": true });
    let data = json!({ "set": "imdb", "reading": reading, "limit": null, "validation": "test" });
    assert_eq!(document["data"], data);
    assert!(matches!(experiment.data.reading, Reading::Words(_)));
}

/// What is said of the smallest document with `value` at `pointer`.
fn complaint(pointer: &str, value: Value) -> String {
    let mut document = smallest();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap()[key] = value;
    Experiment::from_value(&document).expect_err(pointer).to_string()
}

#[test]
fn an_unknown_key_is_named_with_its_path_and_the_keys_that_are_known() {
    for (pointer, known) in [
        ("/dta", "compile"),
        ("/data/sets", "validation"),
        ("/data/reading/max_len", "maxlen"),
        ("/compile/losses", "from_logits"),
        ("/fit/epoch", "early_stopping"),
        ("/printed", "params"),
    ] {
        let (value, path) = match pointer {
            "/printed" => (json!({ "param": 1 }), "printed.param".to_owned()),
            _ => (json!(1), pointer[1..].replace('/', ".")),
        };
        let said = complaint(pointer, value);
        assert!(said.contains(&format!("`{path}`")) && said.contains(known), "{said}");
    }
    if let Value::Object(mut document) = smallest() {
        document["fit"] = json!({ "early_stopping": { "patience": 1, "patients": 2 } });
        assert!(
            Experiment::from_value(&Value::Object(document)).unwrap_err().to_string().contains("patients")
        );
    }
}

#[test]
fn every_value_that_cannot_be_used_is_refused_with_what_would_work() {
    for (pointer, value, expected) in [
        ("/version", json!(2), "1, which this program reads"),
        ("/data/set", json!("imbd"), "one of digits, imdb"),
        ("/data/reading/as", json!("letters"), "one of words, numbers"),
        ("/data/reading/maxlen", json!(0), "a whole number from 1"),
        ("/data/reading/maxlen", json!(1_000_000), "at most 10000"),
        ("/data/reading/padding", json!("left"), "pre or post"),
        ("/data/limit", json!(-1), "a whole number from 1"),
        ("/data/validation", json!(1.5), "a share between 0 and 1"),
        ("/data/task", json!("parity"), "there exactly where the set is `task`"),
        ("/data/options", json!({}), "beside a `task`"),
        ("/model", json!({ "class_name": "Functional" }), "a Sequential"),
        ("/compile/loss", json!("crossentropy"), "binary_crossentropy"),
        ("/fit/batch_size", json!(0), "a whole number from 1"),
        ("/fit/epochs", json!("many"), "a whole number from 1"),
        ("/fit/shuffle", json!(1), "true or false"),
        ("/fit/seed", json!(-1), "a whole number from 0 to 2⁵³ − 1"),
        ("/fit/seed", json!(1e300), "a whole number from 0 to 2⁵³ − 1"),
        ("/fit/validate_every", json!(0), "a share of an epoch between 0 and 1"),
        ("/fit/class_weight", json!({ "a": 1 }), "named by class ids"),
        ("/fit/class_weight", json!({ "0": -1 }), "a number of at least 0"),
        ("/measured", json!([{ "date": "2026-11-22" }]), "the command that can be repeated"),
    ] {
        let said = complaint(pointer, value);
        assert!(said.contains(expected), "{pointer}: {said}");
    }
    for (text, expected) in
        [("", "not JSON"), ("[]", "format"), ("{\"format\": \"png\"}", "unrolled-experiment")]
    {
        assert!(Experiment::from_json(text).unwrap_err().to_string().contains(expected), "{text}");
    }
    assert!(Experiment::preset("imbd").unwrap_err().to_string().contains("imdb-small"));
}

#[test]
fn a_model_that_does_not_suit_the_reading_is_refused() {
    let problem = |pointer: &str, value: Value| {
        let mut document = smallest();
        *document.pointer_mut(pointer).unwrap() = value;
        Experiment::from_value(&document).unwrap().build_model().err().unwrap().to_string()
    };
    assert!(
        problem("/data/reading/num_words", json!(51)).contains("from 3 to 50, the Embedding's input_dim")
    );
    assert!(
        problem("/data/reading", json!({ "as": "numbers", "below": 9 })).contains("without an Embedding")
    );
    let fixed = json!({ "input_dim": 50, "output_dim": 3, "input_length": 8 });
    assert!(problem("/model/config/layers/0/config", fixed).contains("8 timesteps"));
    let digits = Experiment::preset("digits").unwrap();
    let read = json!({ "/data/reading": { "as": "words", "num_words": 5, "maxlen": 28 } });
    let changed = digits.with_changes(read.as_object().unwrap()).unwrap();
    assert!(changed.build_model().err().unwrap().to_string().contains("an Embedding as its first layer"));
}

#[test]
fn a_link_needs_only_what_differs_from_its_starting_point() {
    let start = Experiment::preset("imdb-small").unwrap();
    let changes = json!({ "/model/config/layers/1/config/units": 16, "/fit/seed": 3, "/data/limit": 100 });
    let changed = start.with_changes(changes.as_object().unwrap()).unwrap();
    assert_eq!(Value::Object(changed.difference(&start)), changes);
    assert_eq!(start.difference(&start).len(), 0);
    assert_eq!(start.with_changes(&Map::new()).unwrap(), start);
    assert!(start.with_changes(json!({ "/model/layers/9/units": 1 }).as_object().unwrap()).is_err());
}

#[test]
fn from_every_experiment_to_every_other_leads_a_difference() {
    for (from_name, from) in every() {
        for (to_name, to) in every() {
            let arrived = from.with_changes(&to.difference(&from)).unwrap();
            let run =
                |experiment: Experiment| Experiment { printed: None, measured: Vec::new(), ..experiment };
            assert_eq!(run(arrived), run(to), "{from_name} to {to_name}");
        }
    }
}

#[test]
fn a_changed_experiment_does_not_claim_what_was_printed_of_another() {
    let start = Experiment::preset("imdb-lstm").unwrap();
    let with = |changes: Value| start.with_changes(changes.as_object().unwrap()).unwrap();
    assert!(start.printed.is_some() && !start.measured.is_empty());
    for place in ["/fit/seed", "/model/config/layers/2/config/units", "/data/reading/maxlen"] {
        let changed = with(json!({ place: 2 }));
        assert!(changed.printed.is_none() && changed.measured.is_empty(), "{place}");
    }
    // A shorter run has the model and the samples that were printed, and none of the results.
    let shorter = with(json!({ "/fit/epochs": 2 }));
    let printed = shorter.printed.unwrap();
    assert!(printed.loss.is_none() && printed.accuracy.is_none() && printed.note.is_none());
    assert_eq!(printed.params, start.printed.unwrap().params);
    assert!(shorter.measured.is_empty());
}

#[test]
fn a_share_of_an_epoch_is_a_number_of_updates() {
    let updates = |share: f64, each: u64| ValidateEvery::Share(share).updates(each);
    assert_eq!(updates(0.2, 125), Some(25));
    assert_eq!(updates(0.2, 625), Some(125));
    assert_eq!(updates(0.2, 1), Some(1));
    assert_eq!(ValidateEvery::Updates(7).updates(125), Some(7));
    assert_eq!(ValidateEvery::Epoch.updates(125), None);
}

#[test]
fn the_facts_of_the_page_agree_with_its_documents() {
    let facts = sets::facts().unwrap();
    for (name, document) in &facts.presets {
        let experiment = Experiment::from_value(document).unwrap();
        let set = &facts.sets[&experiment.data.set];
        let Reading::Words(words) = &experiment.data.reading else { panic!("{name} reads words") };
        assert!(words.num_words as u64 <= set["vocabulary"].as_u64().unwrap(), "{name}");
        let model: Sequential = experiment.build_model().unwrap();
        assert_eq!(model.layers().len(), 3, "{name}");
    }
}

#[test]
fn the_nearest_document_is_the_one_that_was_changed() {
    for (name, experiment) in every() {
        assert_eq!(nearest(&experiment).unwrap(), name);
        let mut seeded = experiment.to_json();
        seeded["fit"]["seed"] = json!(4711);
        assert_eq!(nearest(&Experiment::from_value(&seeded).unwrap()).unwrap(), name);
    }
}

/// Keras refuses these models too: a recurrent layer reads sequences, a label is compared with one output.
#[test]
fn a_layer_that_cannot_follow_is_named_with_the_change_that_mends_it() {
    let stacked = Experiment::preset("reuters-lstm-stacked").unwrap();
    assert_eq!(stacked.survey().trouble, None);
    assert_eq!(stacked.survey().total, 33_252);
    let changed = |pointer: &str, value: Value| {
        stacked.with_changes(&Map::from_iter([(pointer.to_owned(), value)])).unwrap()
    };
    let broken = changed("/model/config/layers/1/config/return_sequences", json!(false)).survey();
    let trouble = broken.trouble.unwrap();
    assert_eq!(trouble.layer, 2);
    assert!(trouble.message.contains("a sequence of vectors"), "{}", trouble.message);
    let mend = trouble.mend.unwrap();
    assert_eq!((mend.pointer.as_str(), mend.value), ("/model/config/layers/1/config/return_sequences", true));
    assert_eq!(broken.rows.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true, false, false]);
    assert_eq!(broken.total, 10_400);

    let every_timestep = changed("/model/config/layers/2/config/return_sequences", json!(true));
    let trouble = every_timestep.survey().trouble.unwrap();
    assert_eq!(trouble.layer, 3);
    let mend = trouble.mend.unwrap();
    assert_eq!(
        (mend.pointer.as_str(), mend.value),
        ("/model/config/layers/2/config/return_sequences", false)
    );

    // Nothing mends a layer without units.
    let trouble = changed("/model/config/layers/1/config/units", json!(0)).survey().trouble.unwrap();
    assert_eq!((trouble.layer, trouble.mend), (1, None));
}

#[test]
fn every_document_of_the_project_has_no_trouble() {
    for (name, experiment) in every() {
        let survey = experiment.survey();
        assert_eq!(survey.trouble, None, "{name}");
        assert_eq!(survey.total, experiment.build_model().unwrap().summary().total, "{name}");
    }
}
