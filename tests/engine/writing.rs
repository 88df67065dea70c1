//! A language model that writes: against generating without it, against evaluation, and against itself.

use std::sync::Arc;

use serde_json::{Value, json};
use unrolled::data::Dataset;
use unrolled::data::own::{OwnChoice, read};
use unrolled::experiment::{Experiment, Material, Validation};
use unrolled::generate::Sampler;
use unrolled::session::writing::{Clamp, Shipped, Writer};
use unrolled::session::{Trained, Training};
use unrolled::train::Evaluator;

/// A text of 1,009 characters, so that windows of 16 leave one over for the last label.
fn text() -> String {
    let sentence = "the whale, the ship; and the sea above a whale under the ship! ";
    sentence.repeat(20).chars().take(1009).collect()
}

pub(crate) fn dataset() -> Dataset {
    read("sea.txt", text().as_bytes(), &OwnChoice::default()).unwrap().dataset
}

pub(crate) fn experiment(reading: &Value, rows: usize, cells: &[Value]) -> Experiment {
    let mut layers =
        vec![json!({ "class_name": "Embedding", "config": { "input_dim": rows, "output_dim": 5 } })];
    layers.extend_from_slice(cells);
    layers.push(json!({ "class_name": "Dense", "config": { "units": rows } }));
    let document = json!({
        "data": { "set": "own", "reading": reading },
        "model": { "class_name": "Sequential", "config": { "layers": layers } },
        "compile": { "loss": "sparse_categorical_crossentropy", "from_logits": true, "optimizer": "adam" },
        "fit": { "batch_size": 1, "shuffle": false, "seed": 3 }
    });
    Experiment::from_value(&document).unwrap()
}

pub(crate) fn cell(class: &str, name: &str, units: usize) -> Value {
    let config = json!({ "name": name, "units": units, "return_sequences": true, "stateful": true,
        // Large first weights, so that the past matters.
        "kernel_initializer": { "class_name": "RandomNormal", "config": { "stddev": 2.0 } } });
    json!({ "class_name": class, "config": config })
}

/// Two layers that carry their states from character to character.
fn of_characters() -> (Experiment, Dataset) {
    let dataset = dataset();
    let reading = json!({ "as": "characters", "timesteps": 16, "stateful": true });
    let cells = [cell("LSTM", "first", 7), cell("GRU", "second", 6)];
    (experiment(&reading, dataset.vocabulary.num_words(), &cells), dataset)
}

fn writer((experiment, dataset): &(Experiment, Dataset)) -> Writer {
    Writer::new(experiment, dataset).unwrap()
}

#[test]
fn a_writer_draws_what_generating_draws() {
    let (experiment, dataset) = of_characters();
    let model = experiment.build_model().unwrap();
    let mut trained = Trained::new(model, experiment.clone(), Some(&dataset)).unwrap();
    for temperature in [0.0, 0.5, 3.0] {
        let sampler = Sampler::new(temperature, 11).unwrap();
        let expected = trained.generate("the sea", 60, sampler).unwrap();
        let mut writer = Writer::new(&experiment, &dataset).unwrap();
        writer.begin("the sea", temperature, 11).unwrap();
        // In pieces, as the page asks for it.
        let found: Vec<String> =
            [1, 20, 39].iter().flat_map(|count| writer.write(*count).unwrap().pieces).collect();
        assert_eq!(found.concat(), expected, "temperature {temperature}");
    }
}

#[test]
fn bits_per_character_are_those_of_the_evaluation() {
    let (experiment, dataset) = of_characters();
    let material = Material::new(&experiment, Some(&dataset)).unwrap();
    let mut model = experiment.build_model().unwrap();
    let loss = experiment.loss().unwrap();
    let mut evaluator = Evaluator::new(&model, loss, Arc::clone(&material.train), 1).unwrap();
    let expected = f64::from(evaluator.evaluate(&mut model).unwrap().mean_loss()) / std::f64::consts::LN_2;
    let (bits, count) = writer(&(experiment, dataset)).bits(&text()).unwrap();
    assert_eq!(count, 1008);
    // Both add a thousand numbers near 4 that were rounded to f32.
    assert!((bits - expected).abs() < 1e-5, "{bits} and {expected}");
}

#[test]
fn a_text_goes_on_from_any_position_as_it_did() {
    let mut writer = writer(&of_characters());
    writer.begin("a whale", 1.0, 5).unwrap();
    let written = writer.write(80).unwrap();
    for at in [7, 40, 86] {
        writer.rewind(at).unwrap();
        let again = writer.write(87 - at).unwrap();
        assert_eq!(again.pieces, written.pieces[at - 7..], "from {at}");
        assert_eq!(again.rows, written.rows[(at - 7) * written.rows.len() / 80..], "from {at}");
    }
    // With the same character put there by hand the rest is the same, with another one only the chances are.
    let id = writer.choice(40).unwrap().id;
    writer.branch(40, id).unwrap();
    assert_eq!(writer.write(46).unwrap().pieces, written.pieces[34..]);
    let choice = writer.choice(41).unwrap();
    let other = (id + 1) % choice.logits.len() as u16;
    writer.branch(40, other).unwrap();
    writer.write(1).unwrap();
    assert_eq!(writer.choice(41).unwrap().random, choice.random);
    assert!(writer.rewind(500).unwrap_err().to_string().contains("kept"));
}

#[test]
fn a_unit_is_held_for_the_layers_above_and_for_the_next_character() {
    let held = |writer: &mut Writer, value: f32| {
        writer.clamp(vec![Clamp { layer: "first".into(), unit: 2, value }]).unwrap();
        writer.begin("t", 1.0, 0).unwrap()
    };
    let mut writer = writer(&of_characters());
    let facts = writer.facts();
    let place = facts.symbols.iter().find(|one| one.layer == "first" && one.symbol == "h").unwrap();
    let above = facts.symbols.iter().find(|one| one.layer == "second").unwrap().offset;
    let free = writer.begin("t", 1.0, 0).unwrap();
    let own = free.rows[place.offset + 2];
    let same = held(&mut writer, own);
    assert_eq!(same.rows, free.rows, "held where it stands anyway, nothing changes");
    let other = held(&mut writer, 0.9);
    assert_eq!(other.rows[place.offset + 2], 0.9);
    assert_ne!(other.rows[above..], free.rows[above..], "the layer above is told");
    assert_eq!(other.rows[..place.offset], free.rows[..place.offset], "the layer itself was computed once");
    let next = writer.write(3).unwrap();
    assert!(next.rows.chunks(facts.row).all(|row| row[place.offset + 2] == 0.9));
    let text = writer.continued("t", 12, 0, Vec::new()).unwrap();
    writer.clamp(Vec::new()).unwrap();
    writer.begin("t", 1.0, 0).unwrap();
    assert_eq!(writer.write(12).unwrap().pieces, text, "without units held it is the text itself");
    let wrong = writer.clamp(vec![Clamp { layer: "first".into(), unit: 7, value: 0.0 }]);
    assert!(wrong.unwrap_err().to_string().contains("below 7"));
}

/// The cell that is stepped through begins where the text was, so that numpy's own steps give the states of the text;
/// over another layer it reads what that one gave.
#[test]
fn a_model_is_taken_apart_anywhere_in_its_text() {
    let dataset = dataset();
    let reading = json!({ "as": "characters", "timesteps": 16, "stateful": true });
    let dropout = json!({ "class_name": "Dropout", "config": { "rate": 0.5 } });
    let last = cell("SimpleRNN", "cell", 7);
    for (cells, features) in [(vec![last.clone()], 5), (vec![cell("LSTM", "below", 6), dropout, last], 6)] {
        let experiment = experiment(&reading, dataset.vocabulary.num_words(), &cells);
        let mut writer = Writer::new(&experiment, &dataset).unwrap();
        let facts = writer.facts();
        let place = facts.symbols.iter().find(|place| place.layer == "cell" && place.symbol == "h").unwrap();
        let mut rows = writer.begin("the sh", 1.0, 0).unwrap().rows;
        rows.extend(writer.write(10).unwrap().rows);
        let parts = writer.parts("cell", 12, 4).unwrap().parts;
        let weight = |name: &str| parts.weights.iter().find(|(of, _)| of == name).unwrap().1.clone();
        let (w, u, b) = (weight("W"), weight("U"), weight("b"));
        let mut h: Vec<f64> = parts.initial[0].1.iter().map(|v| f64::from(*v)).collect();
        assert_eq!((parts.units, parts.words.len(), parts.x.dim()), (7, 4, (4, features)));
        for t in 0..4 {
            let step = |j: usize| {
                let x = (0..features).map(|k| f64::from(parts.x[[t, k]]) * f64::from(w[[k, j]]));
                let past = (0..7).map(|k| h[k] * f64::from(u[[k, j]]));
                (x.chain(past).sum::<f64>() + f64::from(b[[j]])).tanh()
            };
            h = (0..7).map(step).collect();
            let here = &rows[(9 + t) * facts.row + place.offset..][..7];
            assert!(h.iter().zip(here).all(|(a, b)| (a - f64::from(*b)).abs() < 1e-5), "{h:?} and {here:?}");
        }
        assert!(writer.parts("cell", 99, 4).unwrap_err().to_string().contains("kept"));
    }
}

#[test]
fn a_model_of_word_pairs_knows_one_word_and_a_model_with_states_more() {
    let dataset = dataset();
    let (one, other) = ("the ship and the whale", "above the sea a whale");
    let pairs = experiment(
        &json!({ "as": "word_pairs", "num_words": 9 }),
        9,
        &[json!({
        "class_name": "LSTM", "config": { "units": 6 } })],
    );
    let compared = Writer::new(&pairs, &dataset).unwrap().compare(one, other).unwrap();
    assert!(compared.same && compared.largest_difference == 0.0);
    assert_eq!(compared.first.likeliest, compared.second.likeliest);
    let states = json!({ "as": "word_ids", "num_words": 9, "timesteps": 8, "stateful": true });
    let words = experiment(&states, 9, &[cell("LSTM", "cell", 6)]);
    let compared = Writer::new(&words, &dataset).unwrap().compare(one, other).unwrap();
    assert!(!compared.same && compared.largest_difference > 1e-3);
    assert_eq!(compared.first.read.last(), Some(&" whale".to_owned()));
}

#[test]
fn a_line_between_two_updates_changes_nothing() {
    let (experiment, dataset) = of_characters();
    let trained = |lines: bool| {
        let mut training = Training::new();
        training.use_dataset(dataset.clone());
        training.set_up(experiment.clone()).unwrap();
        // The second is another alphabet.
        for beginning in ["the ", "ÄÖ", "a"] {
            training.step_once(|| 0.0).unwrap();
            if lines {
                let line = training.write_line(beginning, 20, Sampler::new(0.7, 0).unwrap()).unwrap();
                assert_eq!(line.chars().count(), 20);
            }
        }
        (training.weights_hash().unwrap(), training.language_model_file().unwrap())
    };
    let (with, without) = (trained(true), trained(false));
    assert_eq!(with, without);
    let shipped = Writer::shipped(&with.1).unwrap();
    assert_eq!(shipped.facts().weights_hash, format!("{:016x}", with.0));
    assert!(Writer::shipped(b"whale").is_err());
}

#[test]
fn what_cannot_be_read_is_said() {
    let mut writer = writer(&of_characters());
    assert!(writer.write(1).unwrap_err().to_string().contains("begin"));
    for nothing in ["", "ÄÖ"] {
        assert!(writer.begin(nothing, 1.0, 0).unwrap_err().to_string().contains("nothing in it"));
    }
    assert_eq!(writer.begin("tÄhÄÖ", 1.0, 0).unwrap().left_out, ["Ä", "Ö"]);
    assert!(writer.set_temperature(-1.0).is_err());
}

#[test]
fn a_text_of_ones_own_is_split_into_whole_batches_of_streams() {
    let dataset = dataset();
    let reading = json!({ "as": "characters", "timesteps": 4, "stateful": true });
    let mut own = experiment(&reading, dataset.vocabulary.num_words(), &[cell("GRU", "cell", 4)]);
    (own.fit.batch_size, own.data.validation) = (7, Validation::Share(0.2));
    // 1,009 ids are 36 windows of 4 in each of 7 streams.
    let material = Material::new(&own, Some(&dataset)).unwrap();
    assert_eq!(material.train.count(), 28 * 7);
    assert_eq!(material.validation.as_ref().unwrap().count(), 8 * 7);
    let mut training = Training::new();
    training.use_dataset(dataset.clone());
    training.set_up(own.clone()).unwrap();
    training.fit(1, &mut |_, _| ()).unwrap();
    own.fit.batch_size = 200;
    let said = Material::new(&own, Some(&dataset)).unwrap_err().to_string();
    assert!(said.contains("at least 1601 ids long"), "{said}");
}

/// The page names the weights that it ships, and the project the experiment that they were trained in.
/// What Keras says of the model that comes with the page (tests/golden/keras_bits.py).
#[test]
fn the_model_that_comes_with_the_page_predicts_as_well_as_keras_says() {
    let golden: Value = serde_json::from_str(include_str!("../golden/keras_bits.json")).unwrap();
    let file = include_bytes!("../../www/lessons/moby-dick-lstm-64.safetensors");
    let passage = golden["passage"].as_str().unwrap();
    let each: Vec<f64> = golden["bits"].as_array().unwrap().iter().filter_map(Value::as_f64).collect();
    let mut writer = Writer::shipped(file).unwrap();
    for length in [20, 200, each.len()] {
        let text: String = passage.chars().take(length + 1).collect();
        let (bits, count) = writer.bits(&text).unwrap();
        let mean = each[..length].iter().sum::<f64>() / length as f64;
        assert_eq!(count, length);
        // Sums of f32 in another order, over up to 400 steps of a state that is carried on.
        assert!((bits - mean).abs() < 1e-4, "{bits} and Keras' {mean} over {length} characters");
    }
}

#[test]
fn the_model_that_comes_with_the_page_is_the_one_that_is_named() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/www");
    let file = std::fs::read(format!("{root}/lessons/moby-dick-lstm-64.safetensors")).unwrap();
    let page = std::fs::read_to_string(format!("{root}/state/write/shipped.js")).unwrap();
    let mut writer = Writer::shipped(&file).unwrap();
    let facts = writer.facts();
    assert!(page.contains(&facts.weights_hash), "{}", facts.weights_hash);
    assert!(file.len() <= 150_000, "{} bytes are loaded before anything is written", file.len());
    let Shipped { experiment, vocabulary } = Shipped::read(&file).unwrap();
    let preset = Experiment::preset("moby-dick-lstm-64").unwrap();
    assert_eq!((experiment.data, experiment.model), (preset.data, preset.model));
    assert_eq!(vocabulary.words().len(), 83);
    // English that it has not been shown costs it about as much as the rest of the book, noise far more.
    let (english, _) = writer.bits("He did not see the ship that came over the sea in the morning.").unwrap();
    let (noise, _) = writer.bits("Hq dxd nzt skk tjj shvp tkwt cjmv ovhr tbb sbj in ttt mxrnkng.").unwrap();
    assert!(english < 3.0 && noise > 5.0, "{english} and {noise}");
}
