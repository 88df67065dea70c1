//! Texts: tables, long texts, experiment documents, configurations of models, code of Keras.

use std::path::Path;

use serde_json::Value;
use unrolled::data::own::{self, OwnChoice};
use unrolled::data::{Dataset, Task};
use unrolled::experiment::{Experiment, PRESETS, keras_code};

use super::change::{self, Draws};
use super::files::{configurations, learn, model_learns, reviews, small, way};
use super::{Answer, End, campaign};

fn text(bytes: &[u8]) -> Result<&str, unrolled::Error> {
    // Texts that are no UTF-8 come no further than the browser.
    std::str::from_utf8(bytes)
        .map_err(|error| unrolled::Error::Format { what: "the text".into(), problem: error.to_string() })
}

const IN_TABLES: [&str; 20] = [
    ",", ";", "\t", "\n", "\r\n", "\"", "\"\"", "'", "\u{feff}", "\u{0}", "NaN", "1e400", "-1", "good",
    "bad", "\u{202e}", "é", "label", "<b>", "\n\n\n",
];

#[test]
fn mutated_tables_and_texts_are_learned_from_or_refused() {
    let quoted =
        "id;text;class\n1;\"a \"\"fine\"\" film; really\";x\n2;\"no\nfilm\";y\n3;some film;x\n4;none;z\n";
    let long = "it was the best of times, it was the worst of times. ".repeat(12);
    let files = [
        ("films.csv", reviews(24)),
        ("films.tsv", quoted.replace(';', "\t")),
        ("f", quoted.into()),
        ("tale.txt", long),
    ];
    let make = |draws: &mut Draws| {
        let which = draws.below(files.len());
        [&[which as u8], change::text(&files[which].1, &IN_TABLES, draws).as_slice()].concat()
    };
    campaign("tables and texts", 4, make, |bytes| {
        let (name, _) = files[usize::from(bytes[0])];
        let dataset = own::read(name, &bytes[1..], &OwnChoice::default())?.dataset;
        learn(small().on(&dataset)?, Some(dataset))
    });
}

/// Numbers of a document that make the experiment small, so that a case takes a millisecond.
fn smaller(value: &mut Value, key: &str) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|inner| smaller(inner, key)),
        Value::Object(map) => map.iter_mut().for_each(|(key, inner)| smaller(inner, key)),
        Value::Number(number) => {
            let most = match key {
                "units" | "filters" | "output_dim" => 3,
                "maxlen" | "timesteps" | "batch_size" | "blanks" | "delay" => 8,
                "samples" | "limit" => 24,
                "num_words" | "input_dim" => 12,
                "epochs" => 1,
                _ => return,
            };
            if number.as_u64().is_some_and(|number| number > most) {
                *value = most.into();
            }
        }
        _ => {}
    }
}

/// Documents of the project that learn here, made small, each with its data: those of a packed set with reviews.
fn documents() -> Vec<(String, Option<Dataset>)> {
    let reviews = own::read("films.csv", reviews(24).as_bytes(), &OwnChoice::default()).unwrap().dataset;
    let read = |preset: &unrolled::experiment::Preset| {
        let mut value: Value = serde_json::from_str(preset.document).ok()?;
        let map = value.as_object_mut()?;
        map.remove("printed");
        map.remove("measured");
        smaller(&mut value, "");
        let experiment = Experiment::from_value(&value).ok()?;
        let dataset = experiment.data.task.is_none().then(|| Dataset {
            name: experiment.data.set.clone(),
            task: Task::Binary,
            ..reviews.clone()
        });
        let text = experiment.to_complete_json().ok()?.to_string();
        matches!(learn(experiment, dataset.clone()), Ok(End::Trained)).then_some((text, dataset))
    };
    let found: Vec<_> = PRESETS.iter().filter_map(read).collect();
    assert!(found.len() > 5, "only {} documents learn when they are small", found.len());
    found
}

#[test]
fn mutated_documents_are_trained_or_refused() {
    let documents = documents();
    let digits = Experiment::preset("digits").unwrap();
    let make = |draws: &mut Draws| {
        let which = draws.below(documents.len());
        [&[which as u8], change::document(&documents[which].0, draws).as_slice()].concat()
    };
    campaign("experiment documents", 4, make, |bytes| {
        let experiment = Experiment::from_json(text(&bytes[1..])?)?;
        let again = Experiment::from_json(&experiment.to_json().to_string())?;
        assert_eq!(again, experiment, "what is written is what was read");
        experiment.survey();
        if way(bytes, 4) == 0 {
            let _ = keras_code::code(&experiment);
            let _ = experiment.moved_to(&digits);
        }
        learn(experiment, documents[usize::from(bytes[0])].1.clone())
    });
}

#[test]
fn mutated_configurations_are_trained_or_refused() {
    let texts = configurations();
    let make = |draws: &mut Draws| change::document(&texts[draws.below(texts.len())], draws);
    campaign("configurations", 16, make, |bytes| model_learns(text(bytes)?));
}

const IN_CODE: [&str; 24] = [
    "(",
    ")",
    "[",
    "]",
    ",",
    "=",
    "\n",
    "    ",
    "None",
    "-1",
    "0",
    "1e400",
    "99999999999",
    "LSTM",
    "model",
    "units",
    "return_sequences=True",
    "\"",
    "'''",
    "#",
    "**{}",
    "lambda: 0",
    "for k in range(3):\n    ",
    "\u{202e}",
];

/// A text with its large numbers small, and without the lines that say nothing of the model.
fn shorter(text: &str, start: &Experiment) -> Option<String> {
    let mut small = String::new();
    for (k, part) in text.split_inclusive(|c: char| !c.is_ascii_digit()).enumerate() {
        let digits = part.trim_end_matches(|c: char| !c.is_ascii_digit());
        let is_large = digits.len() > 2 && !digits.starts_with('0') && k > 0;
        small.push_str(if is_large { "12" } else { digits });
        small.push_str(&part[digits.len()..]);
    }
    let passed_over = keras_code::read(&small, start).ok()?.passed_over;
    let lines = small.lines().enumerate().filter(|(k, _)| !passed_over.contains(&(k + 1)));
    let text: String = lines.flat_map(|(_, line)| [line, "\n"]).collect();
    keras_code::read(&text, start).is_ok().then_some(text)
}

#[test]
fn mutated_code_of_keras_is_trained_or_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keras_code");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let dataset = own::read("films.csv", reviews(24).as_bytes(), &OwnChoice::default()).unwrap().dataset;
    let start = small().on(&dataset).unwrap();
    let texts = paths.iter().filter_map(|path| std::fs::read_to_string(path).ok());
    let texts: Vec<String> = texts.filter_map(|text| shorter(&text, &start)).collect();
    assert_eq!(texts.len(), paths.len(), "every text is read");
    let make = |draws: &mut Draws| change::text(&texts[draws.below(texts.len())], &IN_CODE, draws);
    campaign("code of Keras", 8, make, |bytes| -> Answer {
        let mut value = keras_code::read(text(bytes)?, &start)?.experiment.to_json();
        smaller(&mut value, "");
        learn(Experiment::from_value(&value)?, Some(dataset.clone()))
    });
}
