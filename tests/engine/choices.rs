//! What can be chosen: the menu of documents, their cuts, layers and optimizers with their options, and what is said of
//! them.

use std::collections::BTreeSet;

use serde_json::{Map, json};
use unrolled::experiment::{Experiment, PRESETS, catalogue, menu, wording};
use unrolled::layers::{self, SUPPORTED};
use unrolled::listing;
use unrolled::train::Loss;

#[test]
fn the_menu_has_every_document_once_and_begins_with_the_one_of_a_first_visit() {
    let groups = menu().unwrap();
    let mut names: Vec<&str> =
        groups.iter().flat_map(|group| &group.entries).map(|entry| entry.name).collect();
    assert_eq!(names[0], "imdb-small");
    names.sort_unstable();
    let mut known: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
    known.sort_unstable();
    assert_eq!(names, known);
    for group in &groups {
        assert!(!group.entries.is_empty(), "{}", group.title);
        assert!(group.entries.iter().all(|entry| !entry.title.is_empty() && !entry.about.is_empty()));
    }
    let of = |number: &str| groups.iter().find(|group| group.title.contains(number)).unwrap().entries.len();
    assert_eq!(["000", "001", "002", "003", "004"].map(of), [4, 1, 4, 3, 2]);
}

#[test]
fn the_catalogue_has_every_layer_and_its_choices_are_accepted() {
    let known = catalogue().unwrap();
    assert_eq!(known.layers.len(), SUPPORTED.len() + 1);
    for facts in &known.layers {
        for option in &facts.options {
            for choice in &option.choices {
                let mut config = facts.required.clone();
                config[&option.name] = json!(choice);
                let layer = json!({ "class_name": facts.class_name, "config": config });
                layers::from_config(&layer, "layer", &[listing::cell::CLASS])
                    .unwrap_or_else(|e| panic!("{} {} {choice}: {e}", facts.class_name, option.name));
            }
        }
    }
    for loss in &known.losses {
        assert_eq!(Loss::from_keras(loss, false).unwrap().name(), loss);
    }
    for facts in known.optimizers.iter().chain(&known.schedules).chain([&known.early_stopping]) {
        assert!(!facts.options.is_empty(), "{}", facts.class_name);
    }
}

#[test]
#[cfg(not(target_arch = "wasm32"))]
fn everything_that_can_be_chosen_is_explained_in_a_sentence() {
    let (known, said) = (catalogue().unwrap(), wording::wording().unwrap());
    let groups = known.layers.iter().chain(&known.optimizers).chain(&known.schedules);
    for facts in groups.chain([&known.early_stopping]) {
        assert!(said.classes.contains_key(&facts.class_name), "{}", facts.class_name);
        for option in &facts.options {
            let key = format!("{}/{}", facts.class_name, option.name);
            assert!(said.options.contains_key(&key), "{key}");
        }
    }
    // Each value that is a name has a sentence, and each sentence a value.
    let groups = known.layers.iter().chain(&known.optimizers).chain(&known.schedules);
    let options = groups.chain([&known.early_stopping]).flat_map(|facts| &facts.options);
    let chosen: BTreeSet<String> = options
        .flat_map(|option| {
            let family = wording::family(&option.name);
            option.choices.iter().map(move |choice| format!("{family}/{choice}"))
        })
        .collect();
    assert_eq!(chosen, said.choices.keys().cloned().collect());
    assert!(said.choices.values().all(|text| text.ends_with('.')));
    let of_classes: BTreeSet<&str> = said.classes.keys().map(String::as_str).collect();
    assert_eq!(wording::explained_classes().collect::<BTreeSet<_>>(), of_classes);
    let names = said.options.keys().filter_map(|key| key.split('/').next_back());
    let unused: BTreeSet<&str> = wording::explained_options().collect();
    assert_eq!(unused.difference(&names.collect()).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert!(known.losses.iter().all(|loss| said.judging.contains_key(loss.as_str())));
    let sentences = said.classes.iter().map(|(name, text)| (name.as_str(), text));
    let sentences = sentences.chain(said.options.iter().map(|(name, text)| (name.as_str(), text)));
    let of_names = said.judging.iter().chain(&said.fit).map(|(name, text)| (*name, text));
    for (name, text) in sentences.chain(of_names) {
        assert!(text.len() > 8 && text.ends_with('.'), "{name}: “{text}”");
    }
    // What an experiment says of its data and of training.
    let document = Experiment::preset("imdb-lstm").unwrap().to_json();
    let of_fit = document["fit"].as_object().unwrap().keys();
    let of_reading = ["num_words", "maxlen", "padding", "truncating"].map(str::to_owned);
    for name in of_fit.chain(&of_reading).chain(&["limit".to_owned()]) {
        assert!(said.fit.contains_key(name.as_str()), "{name}");
    }
}

#[test]
fn a_cut_is_smaller_and_what_was_printed_of_its_model_holds() {
    let mut seen = 0;
    for entry in menu().unwrap().into_iter().flat_map(|group| group.entries) {
        let Some(cut) = entry.cut else { continue };
        let whole = Experiment::preset(entry.name).unwrap();
        let mut changes = Map::new();
        changes.insert("/fit/epochs".to_owned(), json!(cut.epochs));
        if let Some(limit) = cut.limit {
            changes.insert("/data/limit".to_owned(), json!(limit));
        }
        let smaller = whole.with_changes(&changes).unwrap();
        assert!((cut.epochs as u64) < whole.fit.epochs && whole.data.limit.is_none(), "{}", entry.name);
        let counted = |experiment: &Experiment| {
            experiment.printed.clone().map(|printed| (printed.params, printed.table, printed.x))
        };
        assert_eq!(counted(&smaller), counted(&whole), "{}", entry.name);
        seen += 1;
    }
    assert_eq!(seen, 13);
}
