//! Units that follow something by construction, and the patterns themselves.

use ndarray::Array2;
use serde_json::json;
use unrolled::analysis::follow::{Pattern, by_chance, correlations, peaks};
use unrolled::data::{Dataset, Provenance, Split, Task, Vocabulary};
use unrolled::experiment::Experiment;
use unrolled::rng::{RngExt, StandardNormal, Stream};
use unrolled::session::analysis::Following;
use unrolled::train::checkpoint;

fn characters(text: &str) -> Vec<String> {
    text.chars().map(String::from).collect()
}

fn along(pattern: &Pattern, text: &str) -> String {
    let values = pattern.along(&characters(text)).unwrap();
    values.iter().map(|value| char::from_digit(*value as u32, 36).unwrap()).collect()
}

fn expression(text: &str) -> Pattern {
    Pattern::Expression(text.to_owned())
}

#[test]
fn patterns_are_what_is_true_after_each_character() {
    assert_eq!(along(&Pattern::Quotes, "a \"bc\" d"), "00111000");
    assert_eq!(along(&Pattern::Quotes, "“a” “b\n\nc"), "1100111".to_owned() + "00");
    assert_eq!(along(&Pattern::Brackets, "a(b[c]d)e)f"), "01111110000");
    assert_eq!(along(&Pattern::LinePosition, "ab\ncde"), "120123");
    assert_eq!(along(&Pattern::Newline, "ab\ncd"), "00100");
    assert_eq!(along(&Pattern::Capital, "Ab É"), "1001");
    assert_eq!(along(&Pattern::Space, "a b"), "010");
    assert_eq!(along(&expression("b+|é"), "abbcé"), "01101");
    assert_eq!(along(&expression("x*"), "aa"), "00");
}

#[test]
fn a_token_of_several_characters_is_in_a_match_that_touches_it() {
    let words = ["the ", "white ", "whale "].map(str::to_owned);
    assert_eq!(expression("white wh").along(&words).unwrap(), [0.0, 1.0, 1.0]);
    assert_eq!(expression("e w").along(&words).unwrap(), [1.0, 1.0, 1.0]);
}

#[test]
fn an_expression_that_cannot_be_read_says_why() {
    let wrong = |text: &str| expression(text).along(&characters("ab")).unwrap_err().to_string();
    assert!(wrong("(").contains("cannot be read") && wrong("").contains("empty"));
}

#[test]
fn a_column_that_follows_is_found_and_chance_is_below_it() {
    let mut stream = Stream::new(4, "states", 0);
    let pattern: Vec<f32> = (0..3000).map(|k| f32::from(u8::from(k / 37 % 3 == 0 || k % 101 < 9))).collect();
    let mut states = Array2::from_shape_fn((3000, 12), |_| stream.sample::<f32, _>(StandardNormal));
    for (row, pattern) in states.rows_mut().into_iter().zip(&pattern) {
        let mut row = row;
        row[7] = 0.5 - 0.8 * pattern;
        row[3] += 2.0 * pattern;
        row[5] = 0.3;
    }
    let found = correlations(states.view(), &pattern);
    assert!((found[7].unwrap() + 1.0).abs() < 1e-6, "{found:?}");
    assert_eq!(found[5], None);
    // Independent noise of 3000 numbers correlates by 1 / √3000 = 0.018 in the mean square.
    let noise = |k: &usize| ![3, 5, 7].contains(k);
    assert!((0..12).filter(noise).all(|k| found[k].unwrap().abs() < 0.08), "{found:?}");
    // cov = 2·var(pattern), and the variance of the column is 1 + 4·var(pattern).
    let share = pattern.iter().map(|p| f64::from(*p)).sum::<f64>() / 3000.0;
    let variance = share * (1.0 - share);
    let expected = 2.0 * variance / (variance * (1.0 + 4.0 * variance)).sqrt();
    assert!((found[3].unwrap() - expected).abs() < 0.05, "{found:?} {expected}");
    let chance = by_chance(states.view(), &pattern, 9);
    assert!(chance < 0.75 && chance > 0.01, "{chance}");
}

#[test]
fn peaks_keep_their_distance() {
    assert_eq!(peaks(&[1.0, 5.0, 4.9, 0.0, 3.0, 3.0], 3, 2), [1, 4]);
    assert_eq!(peaks(&[1.0, 1.0], 5, 1), [0, 1]);
}

/// A network one of whose units is 1 after a bracket was opened until it is closed: h ← tanh(6·(h + open − close) − …)
/// is made by hand from a SimpleRNN with a strong recurrent weight.
fn bracket_model(stateful: bool) -> (Experiment, Dataset, Vec<u8>) {
    let parts = ["ab (cd e) ", "fgh i(jk) lm", "n opq (rs tu vw) x", "yz "];
    let mut stream = Stream::new(5, "parts", 0);
    let text: String = (0..80).map(|_| parts[stream.below(4) as usize]).collect();
    let vocabulary = Vocabulary::of_characters(&text).unwrap();
    let (ids, count) = (vocabulary.encode(&text), vocabulary.num_words());
    let [open, close] = ["(", ")"].map(|text| usize::from(vocabulary.id(text).unwrap()));
    let dataset = Dataset {
        name: "brackets".into(),
        title: "Brackets".into(),
        task: Task::LanguageModel,
        class_names: Vec::new(),
        train: Split::new([ids.as_slice()], Vec::new()).unwrap(),
        test: Split::new([ids.as_slice()], Vec::new()).unwrap(),
        vocabulary,
        provenance: Provenance::default(),
        notes: String::new(),
    };
    let document = json!({
        "data": { "set": "own", "reading": { "as": "characters", "timesteps": 30, "stateful": stateful } },
        "model": { "class_name": "Sequential", "config": { "name": "m", "layers": [
            { "class_name": "InputLayer", "config": { "batch_shape": [null, null] } },
            { "class_name": "Embedding", "config": { "name": "e", "input_dim": count, "output_dim": 1 } },
            { "class_name": "SimpleRNN", "config": { "name": "rnn", "units": 4, "return_sequences": true,
                "stateful": stateful } },
            { "class_name": "Dense", "config": { "units": count, "activation": "linear" } } ] } },
        "compile": { "loss": "sparse_categorical_crossentropy", "from_logits": true, "optimizer": "adam" },
        "fit": { "batch_size": 1, "seed": 8 },
    });
    let experiment = Experiment::from_value(&document).unwrap();
    let mut model = experiment.build_model().unwrap();
    let mut embedding = vec![0.0; count];
    (embedding[open], embedding[close]) = (1.0, -1.0);
    model.parameters.set("e/embeddings", &[count, 1], &embedding).unwrap();
    // Unit 2 keeps its sign: it is driven by 8 at a bracket, and by 3 times itself elsewhere.
    model.parameters.set("rnn/kernel", &[1, 4], &[0.0, 0.0, 8.0, 0.0]).unwrap();
    let mut recurrent = [0.0; 16];
    recurrent[2 * 4 + 2] = 3.0;
    model.parameters.set("rnn/recurrent_kernel", &[4, 4], &recurrent).unwrap();
    let weights = checkpoint::save_weights(&model.parameters).unwrap();
    (experiment, dataset, weights)
}

#[test]
fn a_unit_that_was_made_to_follow_brackets_is_found_with_its_passages() {
    let (experiment, dataset, weights) = bracket_model(true);
    let mut following = Following::new(&experiment, Some(&dataset), Some(&weights)).unwrap();
    assert!(following.followers(&Pattern::Brackets).is_err(), "nothing has been read");
    let clock = std::cell::Cell::new(0.0);
    let progress = loop {
        let progress = following.read_for(0.5, || clock.replace(clock.get() + 1.0)).unwrap();
        if progress.done == progress.all {
            break progress;
        }
    };
    assert!(clock.get() > 4.0 && progress.characters && progress.all == dataset.test.ids().len());
    let found = following.followers(&Pattern::Brackets).unwrap();
    let best = &found.units[0];
    assert_eq!((best.column.layer.as_str(), best.column.state.as_str(), best.column.unit), ("rnn", "h", 2));
    assert!(best.correlation > 0.95 && found.chance < best.correlation, "{found:?}");
    assert!(best.mean_inside.unwrap() > 0.9 && best.mean_outside.unwrap() < -0.8, "{best:?}");
    // The other three units are always 0, and follow nothing.
    assert_eq!((found.units.len(), found.columns), (1, 4));
    let own = following.followers(&expression(r"\([^)]*")).unwrap();
    assert!((own.units[0].correlation - best.correlation).abs() < 1e-12);
    for passage in following.passages(best.place, &Pattern::Brackets, true).unwrap() {
        assert!(passage.values[passage.at] > 0.9 && passage.pattern[passage.at] == 1.0);
        assert_eq!(passage.tokens.len(), passage.values.len());
    }
    let nowhere = following.followers(&expression("whale")).unwrap_err().to_string();
    assert!(nowhere.contains("nowhere"), "{nowhere}");
    assert!(following.passages(9, &Pattern::Brackets, true).is_err());
}

#[test]
fn a_model_of_windows_begins_each_with_nothing() {
    let (experiment, dataset, weights) = bracket_model(false);
    let mut following = Following::new(&experiment, Some(&dataset), Some(&weights)).unwrap();
    let progress = following.read_for(1e9, || 0.0).unwrap();
    assert_eq!(progress.all, dataset.test.ids().len() / 30 * 30);
    let found = following.followers(&Pattern::Brackets).unwrap();
    assert!(found.units[0].correlation > 0.6, "{found:?}");
}
