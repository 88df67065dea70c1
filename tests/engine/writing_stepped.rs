//! The cells of a language model in the Step view: against what the whole model computed for its text.

use serde_json::{Value, json};
use unrolled::listing::Pass;
use unrolled::session::stepping::{Called, Choice, Excerpt, InputChoice, Part, Stepping, WeightChoice};
use unrolled::session::writing::{Clamp, TakenApart, Writer, WriterFacts};

use crate::writing::{cell, dataset, experiment};

/// What the page makes of a model that was taken apart.
fn stepping(taken: &TakenApart) -> Stepping {
    let parts = &taken.parts;
    let flat = |name: &String, values: Vec<f32>| (name.clone(), values);
    let weights = parts.weights.iter().map(|(name, array)| flat(name, array.iter().copied().collect()));
    let initial = parts.initial.iter().map(|(name, array)| flat(name, array.to_vec()));
    let (kernel, bias) = &parts.output;
    let keras = unrolled::listing::cells::of_keras(&parts.class_name).map(str::to_owned);
    Stepping::new(Choice {
        shapes: vec![],
        source: taken.listing.clone().or(keras).unwrap(),
        units: parts.units,
        sizes: Vec::new(),
        seed: 0,
        input: InputChoice::Embedded {
            words: parts.words.clone(),
            x: parts.x.iter().copied().collect(),
            known: parts.known.clone(),
            before: parts.before,
            called: Called::Word,
            excerpt: taken.excerpt,
        },
        weights: WeightChoice::Trained {
            weights: weights.collect(),
            output: Some((kernel.iter().copied().collect(), bias.to_vec())),
            initial: initial.collect(),
        },
        target: taken.next as f32,
        classes: parts.classes.clone(),
    })
    .unwrap()
}

/// The states of all layers that are stepped through after each step lie within rounding of the rows of the text, and
/// the loss is what the model's own logits say of the id that follows.
fn agrees(writer: &Writer, facts: &WriterFacts, rows: &[f32], layer: &str, at: usize) -> TakenApart {
    let taken = writer.parts(layer, at, 5).unwrap();
    let stepping = stepping(&taken);
    let recording = stepping.recording(Part::Cell);
    let count = taken.layers.len();
    for (k, name) in taken.layers.iter().enumerate() {
        let suffix = if k + 1 == count { String::new() } else { format!("_{}", k + 1) };
        let places =
            facts.symbols.iter().filter(|one| one.layer == *name && ["h", "c"].contains(&&*one.symbol));
        for place in places {
            let called = format!("{}{suffix}", place.symbol);
            let states = recording.listing().states();
            let state = states.iter().position(|name| *name == called).unwrap();
            let found = recording.state(state);
            let steps = taken.parts.words.len();
            // Of a window all but the last step belong to windows of their own.
            for t in if taken.anew { steps - 1..steps } else { 0..steps } {
                let own = &rows[(taken.first + t) * facts.row + place.offset..][..place.width];
                let stepped = found.index_axis(ndarray::Axis(0), t + 1);
                let near = stepped.iter().zip(own).all(|(a, b)| (a - b).abs() < 1e-5);
                assert!(near, "{name} {called} at step {t}: {stepped} and {own:?}");
            }
        }
    }
    let choice = writer.choice(at + 1).unwrap();
    let largest = choice.logits.iter().copied().fold(f32::MIN, f32::max);
    let sum: f64 = choice.logits.iter().map(|z| f64::from(z - largest).exp()).sum();
    let own = choice.logits[usize::from(choice.id - choice.first_id)];
    let loss = sum.ln() - f64::from(own - largest);
    let found = f64::from(stepping.readout().loss());
    // An output for which no id stands is in the softmax of the listing, as it is in that of the training.
    let unused = taken.parts.classes.len() - choice.logits.len();
    match unused {
        0 => assert!((found - loss).abs() < 1e-4, "{found} and {loss}"),
        _ => assert!(found > loss - 1e-4, "{found} and {loss}"),
    }
    assert!(!recording.assigned(Pass::Backward).is_empty());
    taken
}

fn written(reading: &Value, rows: usize, cells: &[Value]) -> (Writer, WriterFacts, Vec<f32>) {
    let dataset = dataset();
    let mut writer = Writer::new(&experiment(reading, rows, cells), &dataset).unwrap();
    let mut rows = writer.begin("the ship", 1.0, 0).unwrap().rows;
    rows.extend(writer.write(14).unwrap().rows);
    let facts = writer.facts();
    (writer, facts, rows)
}

#[test]
fn every_layer_of_a_stack_is_stepped_through_with_those_above_it() {
    let reading = json!({ "as": "characters", "timesteps": 16, "stateful": true });
    let dropout = json!({ "class_name": "Dropout", "config": { "rate": 0.5 } });
    let cells = [cell("SimpleRNN", "first", 6), cell("LSTM", "second", 7), dropout, cell("GRU", "third", 4)];
    let (writer, facts, rows) = written(&reading, dataset().vocabulary.num_words(), &cells);
    let names = ["first", "second", "third"];
    for (k, layer) in names.into_iter().enumerate() {
        for at in [0, 3, 12] {
            let taken = agrees(&writer, &facts, &rows, layer, at);
            assert_eq!(taken.layers, names[k..]);
            assert_eq!(taken.reads.as_deref(), k.checked_sub(1).map(|below| names[below]));
            assert_eq!((taken.anew, taken.listing.is_some()), (false, k < 2));
            let first = (at + 1).saturating_sub(5);
            assert_eq!((taken.first, taken.parts.words.len()), (first, (at + 1).min(5)));
            let from_there = if first > 0 { Excerpt::Continued { read: first } } else { Excerpt::Cut };
            assert_eq!(taken.excerpt, from_there);
        }
    }
    assert!(writer.parts("fourth", 3, 5).unwrap_err().to_string().contains("first, second, third"));
    assert!(writer.parts("first", 21, 5).unwrap_err().to_string().contains("kept"));
}

#[test]
fn words_are_stepped_through_however_the_model_reads_them() {
    let (carried, window) =
        (cell("GRU", "cell", 6), json!({ "class_name": "LSTM", "config": { "name": "cell", "units": 7 } }));
    let below =
        json!({ "class_name": "GRU", "config": { "name": "below", "units": 5, "return_sequences": true } });
    let words = |stateful| json!({ "as": "word_ids", "num_words": 9, "timesteps": 4, "stateful": stateful });
    let pairs = json!({ "as": "word_pairs", "num_words": 9 });
    let cases: [(Value, Vec<Value>, usize); 4] = [
        (words(true), vec![carried], 5),
        (words(false), vec![window.clone()], 4),
        (words(false), vec![below, window.clone()], 4),
        (pairs, vec![window], 1),
    ];
    for (reading, cells, steps) in cases {
        let (writer, facts, rows) = written(&reading, 9, &cells);
        let taken = agrees(&writer, &facts, &rows, &facts.symbols[0].layer, 9);
        assert_eq!((taken.parts.words.len(), taken.anew), (steps, reading["stateful"] != true), "{reading}");
        assert!(taken.parts.initial.is_empty() == taken.anew);
        assert_eq!(taken.excerpt == Excerpt::Cut, taken.anew);
        assert_eq!(taken.parts.classes[0], "<pad>");
    }
}

#[test]
fn what_a_listing_would_not_say_is_refused_with_what_works() {
    let reading = json!({ "as": "characters", "timesteps": 16, "stateful": true });
    let rows = dataset().vocabulary.num_words();
    let mut other = cell("GRU", "cell", 6);
    other["config"]["activation"] = json!("relu");
    let (writer, ..) = written(&reading, rows, &[other]);
    let refused = writer.parts("cell", 8, 3).unwrap_err().to_string();
    assert!(refused.contains("cell: activation") && refused.contains("tanh"), "{refused}");
    // A unit that is held is no step's number; some positions after it was let go there are steps again.
    let (mut writer, ..) = written(&reading, rows, &[cell("GRU", "cell", 6)]);
    writer.clamp(vec![Clamp { layer: "cell".into(), unit: 1, value: 0.5 }]).unwrap();
    writer.write(3).unwrap();
    writer.clamp(Vec::new()).unwrap();
    assert!(writer.parts("cell", 23, 3).unwrap_err().to_string().contains("write on"));
    writer.write(4).unwrap();
    writer.parts("cell", 27, 3).unwrap();
    // A window of words was read anew for every position: only from the lowest layer on.
    let layer = |class: &str, name: &str, all: bool| {
        json!({ "class_name": class, "config": { "name": name, "units": 5,
        "return_sequences": all } })
    };
    let words = json!({ "as": "word_ids", "num_words": 9, "timesteps": 4 });
    let (writer, ..) = written(&words, 9, &[layer("GRU", "below", true), layer("GRU", "above", false)]);
    assert!(writer.parts("above", 5, 3).unwrap_err().to_string().contains("`below`, the lowest"));
}
