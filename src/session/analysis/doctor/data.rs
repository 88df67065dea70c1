//! Rules about the data and how they are read.

use serde_json::{Map, Value, json};

use super::{Case, Finding, Remedy, Rule, figure, percent, short};
use crate::experiment::{Experiment, Reading, Validation};

/// From this share of the training samples on a class outweighs the others.
const MOST: f64 = 0.6;
/// So many networks may be compared on the same samples before the choice itself fits them.
const COMPARED: usize = 4;

pub(super) fn words_as_quantities(case: &Case) -> Option<Finding> {
    let Reading::Numbers { below } = case.experiment.data.reading else { return None };
    let sentence = "The network receives the number of each word as a quantity: to it the word with number 40 is four \
                    times the word with number 10, though the numbers only say how frequent a word is. An Embedding \
                    gives each word a vector of its own."
        .to_owned();
    let first = case.layers().iter().find(|layer| layer["class_name"] != "InputLayer");
    let evidence = vec![
        figure("read as", format!("numbers, [{}, 1]", below - 1)),
        figure("first layer", first.and_then(|layer| layer["class_name"].as_str()).unwrap_or("none")),
    ];
    let title = "Words as quantities".to_owned();
    Some(Finding {
        rule: Rule::WordsAsQuantities,
        title,
        sentence,
        evidence,
        remedy: with_embedding(case, below - 1),
    })
}

/// The same recurrent layers behind an embedding of the most frequent 10,000 words.
fn with_embedding(case: &Case, timesteps: usize) -> Option<Remedy> {
    let words = 10_000;
    let mut layers = vec![
        json!({ "class_name": "InputLayer", "config": { "batch_shape": [null, timesteps] } }),
        json!({ "class_name": "Embedding", "config": { "input_dim": words, "output_dim": 32, "mask_zero": true } }),
    ];
    layers
        .extend(case.layers().iter().filter(|layer| layer["class_name"] != "InputLayer").map(without_input));
    let reading =
        json!({ "as": "words", "num_words": words, "maxlen": timesteps, "oov": true, "start": true });
    case.with("Try with an Embedding", &[("/data/reading", reading), ("/model/config/layers", json!(layers))])
}

/// A layer that takes its input's shape from the one before it.
fn without_input(layer: &Value) -> Value {
    let mut layer = layer.clone();
    if let Some(config) = layer["config"].as_object_mut() {
        config.retain(|key, _| {
            !["input_shape", "batch_input_shape", "batch_shape", "input_dim"].contains(&key.as_str())
        });
    }
    layer
}

pub(super) fn memory_without_use(case: &Case) -> Option<Finding> {
    let Reading::WordPairs { num_words } = case.experiment.data.reading else { return None };
    let layer = case.statistics.layers.first()?;
    let sentence = format!(
        "Each sample is one word and the word after it, so `{}` starts from zero at every word: after any two texts \
         with the same last word this network predicts the same. It can learn which word follows which, as a table of \
         word pairs can, and nothing more.",
        layer.name
    );
    let evidence =
        vec![figure("timesteps of a sample", "1"), figure("states of the recurrent layer before it", "0")];
    let remedy = with_history(case, num_words);
    let title = "A memory that cannot be used".to_owned();
    Some(Finding { rule: Rule::MemoryWithoutUse, title, sentence, evidence, remedy })
}

/// Twenty words before each word that is predicted.
fn with_history(case: &Case, num_words: usize) -> Option<Remedy> {
    let timesteps = 20;
    let mut layers = case.layers().to_vec();
    for layer in &mut layers {
        match layer["class_name"].as_str() {
            Some("InputLayer") => layer["config"]["batch_shape"] = json!([null, timesteps]),
            Some("Embedding") if layer["config"]["input_length"].is_number() => {
                layer["config"]["input_length"] = json!(timesteps);
            }
            Some("LSTM" | "GRU" | "SimpleRNN" | "Listing") => {
                layer["config"]["return_sequences"] = json!(true)
            }
            _ => {}
        }
    }
    let reading =
        json!({ "as": "word_ids", "num_words": num_words, "timesteps": timesteps, "stateful": false });
    case.with(
        "Try with 20 words of context",
        &[("/data/reading", reading), ("/model/config/layers", json!(layers))],
    )
}

pub(super) fn unmasked_padding(case: &Case) -> Option<Finding> {
    let padding = case.statistics.padding.as_ref().filter(|padding| !padding.masked)?;
    let share = padding.mean / padding.timesteps as f64;
    // In front of the words a state that has settled does little harm; behind them the words lie far back.
    if share < 0.1 || (!padding.behind && (share < 0.3 || padding.drift < 0.2)) {
        return None;
    }
    let place = if padding.behind { "after" } else { "before" };
    let harm = match padding.behind {
        true => format!(
            "the state moves over them by {} of its length before the answer is read from it",
            percent(padding.drift)
        ),
        false => format!(
            "the norm of the state before the first word is {} of that after it, though nothing has been read",
            percent(padding.drift)
        ),
    };
    let sentence = format!(
        "On average {} of {} timesteps are padding, {place} the words, and no mask hides them: {harm}.",
        short(padding.mean),
        padding.timesteps
    );
    let evidence = vec![
        figure("padding of a sample, on average", short(padding.mean)),
        figure("timesteps of a sample", padding.timesteps.to_string()),
        figure("mask", "none"),
        figure("drift of the state", percent(padding.drift)),
    ];
    let title = "Unmasked padding".to_owned();
    Some(Finding { rule: Rule::UnmaskedPadding, title, sentence, evidence, remedy: with_mask(case) })
}

/// A mask on the embedding, or a layer that masks zeros.
fn with_mask(case: &Case) -> Option<Remedy> {
    let mut layers = case.layers().to_vec();
    if let Some(embedding) = layers.iter_mut().find(|layer| layer["class_name"] == "Embedding") {
        embedding["config"]["mask_zero"] = json!(true);
        return case.with_layers("Try with a mask", layers);
    }
    let first = layers.iter().position(|layer| layer["class_name"] != "InputLayer")?;
    layers.insert(first, json!({ "class_name": "Masking", "config": { "mask_value": 0.0 } }));
    case.with_layers("Try with a mask", layers)
}

pub(super) fn class_imbalance(case: &Case) -> Option<Finding> {
    let largest = case.classes.iter().map(|(_, count)| *count).max()?;
    let share = largest as f64 / case.labels.max(1) as f64;
    let (majority, answers) = (case.majority?, case.statistics.answers.as_ref()?);
    let accuracy = case.history.validation.last().map(|evaluation| f64::from(evaluation.accuracy))?;
    if share < MOST || case.classes.len() < 2 || accuracy > majority + 0.05 || answers.share < 0.9 {
        return None;
    }
    let sentence = format!(
        "{} of the training samples are of one class, and the network answers little else: its accuracy of {} is that \
         of always giving this answer, {}.",
        percent(share),
        percent(accuracy),
        percent(majority)
    );
    let evidence = vec![
        figure("largest class", percent(share)),
        figure(format!("predicted “{}”", answers.name), percent(answers.share)),
        figure("accuracy", percent(accuracy)),
        figure("accuracy of the most frequent answer", percent(majority)),
    ];
    let title = "One class outweighs the others".to_owned();
    Some(Finding { rule: Rule::ClassImbalance, title, sentence, evidence, remedy: with_weights(case) })
}

/// Every class counts the same in sum.
fn with_weights(case: &Case) -> Option<Remedy> {
    let there: Vec<_> = case.classes.iter().filter(|(_, count)| *count > 0).collect();
    let weight = |count: usize| (1000.0 * case.labels as f64 / (there.len() * count) as f64).round() / 1000.0;
    let weights: Map<String, Value> =
        there.iter().map(|(class, count)| (class.to_string(), json!(weight(*count)))).collect();
    case.with("Try class weights", &[("/fit/class_weight", Value::Object(weights))])
}

pub(super) fn test_data_in_choices(case: &Case) -> Option<Finding> {
    let Experiment { data, fit, .. } = case.experiment;
    let stops = fit.early_stopping.as_ref().is_some_and(|stopping| {
        let monitor = stopping.get("monitor");
        monitor.and_then(Value::as_str).is_none_or(|monitor| monitor.starts_with("val_"))
    });
    let compared = case.known.compared;
    if data.validation != Validation::Test || !(stops || compared >= COMPARED) {
        return None;
    }
    let how = match (stops, compared >= COMPARED) {
        (true, _) => "early stopping keeps the weights that do best on them".to_owned(),
        (false, _) => format!("{compared} networks have been compared on them"),
    };
    let sentence = format!(
        "The validation samples are the test part of the data, and {how}. What is chosen by the test data looks better \
         on them than it is: choose on a part of the training samples, and look at the test data once, at the end."
    );
    let evidence = vec![
        figure("validation samples", "the test part"),
        figure("networks compared on them", compared.max(1).to_string()),
        figure("early stopping", if stops { "watches them" } else { "does not watch them" }),
    ];
    let remedy = case.with("Try with a tenth of the training samples", &[("/data/validation", json!(0.1))]);
    let title = "Test data in choices".to_owned();
    Some(Finding { rule: Rule::TestDataInChoices, title, sentence, evidence, remedy })
}
