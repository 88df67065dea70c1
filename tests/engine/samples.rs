//! One sample before a reader's eyes is what the network is trained with.

use proptest::prelude::*;
use serde_json::{Value, json};
use unrolled::data::{Dataset, Provenance, Split, Task, Unit, Vocabulary};
use unrolled::experiment::sample::{Appearance, Cell, Place, SampleToken, Subset, TimestepRole, TokenKind};
use unrolled::experiment::{Experiment, Material, PRESETS};
use unrolled::layers::Signal;
use unrolled::train::examples::BlockLabels;

/// Words from id 4 on.
const WORDS: usize = 26;

fn reviews(train: &[Vec<u16>], test: &[Vec<u16>]) -> Dataset {
    let split = |texts: &[Vec<u16>]| {
        let labels = (0..texts.len()).map(|k| u16::from(k % 3 == 0)).collect();
        Split::new(texts.iter().map(Vec::as_slice), labels).unwrap()
    };
    Dataset {
        name: "reviews".into(),
        title: "Reviews".into(),
        task: Task::Binary,
        class_names: vec!["negative".into(), "positive".into()],
        vocabulary: Vocabulary::new(Unit::Word, (0..WORDS).map(|k| format!("w{k}")).collect()).unwrap(),
        train: split(train),
        test: split(test),
        provenance: Provenance::default(),
        notes: String::new(),
    }
}

fn experiment(reading: Value, validation: Value, mask: bool) -> Experiment {
    let document = json!({
        "data": { "set": "own", "reading": reading, "validation": validation },
        "model": { "class_name": "Sequential", "config": { "name": "m", "layers": [
            { "class_name": "Embedding", "config": { "input_dim": 40, "output_dim": 4, "mask_zero": mask } },
            { "class_name": "LSTM", "config": { "units": 5 } },
            { "class_name": "Dense", "config": { "units": 1, "activation": "sigmoid" } } ] } },
        "compile": { "loss": "binary_crossentropy" },
    });
    Experiment::from_value(&document).unwrap()
}

/// What the trainer's batch holds for sample `index`: ids, numbers, classes and numbers of the answer.
fn batch(material: &Material, subset: Subset, index: usize) -> (Vec<u32>, Vec<f32>, Vec<u32>, Vec<f32>) {
    let (mut x, mut y) = (Signal::default(), BlockLabels::default());
    material.subset(subset).unwrap().fill(&[index as u32], &mut x, &mut y);
    (x.ids.clone(), x.data.clone(), y.classes, y.values)
}

/// Keras' `pad_sequences`, after the words that are left out have been left out.
fn padded(ids: &[u16], reading: &Value) -> Vec<u32> {
    let number = |key: &str| reading[key].as_u64().unwrap();
    let start = usize::from(reading["start"] == false && ids[0] == 1);
    let read: Vec<u32> = ids[start..]
        .iter()
        .map(|id| u32::from(*id))
        .filter_map(|id| match (id == 2 || u64::from(id) >= number("num_words"), reading["oov"] == true) {
            (false, _) => Some(id),
            (true, oov) => oov.then_some(2),
        })
        .collect();
    let maxlen = number("maxlen") as usize;
    let cut: Vec<u32> = match reading["truncating"] == "pre" {
        true => read[read.len().saturating_sub(maxlen)..].to_vec(),
        false => read[..read.len().min(maxlen)].to_vec(),
    };
    let zeros = vec![0; maxlen - cut.len()];
    if reading["padding"] == "pre" { [zeros, cut].concat() } else { [cut, zeros].concat() }
}

fn tokens(shown: &Appearance) -> &[SampleToken] {
    match shown {
        Appearance::Text { tokens, .. } => tokens,
        other => panic!("a text is shown as {other:?}"),
    }
}

fn texts() -> impl Strategy<Value = Vec<Vec<u16>>> {
    let text = prop::collection::vec(2u16..(4 + WORDS as u16), 0..20);
    let text = text.prop_map(|words| std::iter::once(1).chain(words).collect());
    prop::collection::vec(text, 4..9)
}

fn reading() -> impl Strategy<Value = Value> {
    let side = || prop::sample::select(vec!["pre", "post"]);
    (5usize..40, 1usize..24, side(), side(), any::<bool>(), any::<bool>()).prop_map(
        |(num_words, maxlen, padding, truncating, oov, start)| {
            json!({ "as": "words", "num_words": num_words, "maxlen": maxlen, "padding": padding,
                "truncating": truncating, "oov": oov, "start": start })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// For every way of reading: the ids are Keras' and the trainer's, and no word of the text is lost.
    #[test]
    fn a_text_is_shown_whole_and_received_as_the_trainer_holds_it(
        train in texts(),
        test in texts(),
        reading in reading(),
        share in prop::sample::select(vec![json!("test"), json!(0.3)]),
        mask in any::<bool>(),
    ) {
        let dataset = reviews(&train, &test);
        let experiment = experiment(reading.clone(), share.clone(), mask);
        let material = Material::new(&experiment, Some(&dataset)).unwrap();
        let mut seen = Vec::new();
        for subset in [Subset::Train, Subset::Validation] {
            for index in 0..material.subset(subset).unwrap().count() {
                let sample = material.sample(&experiment, Some(&dataset), subset, index).unwrap();
                let (ids, _, classes, _) = batch(&material, subset, index);
                prop_assert_eq!(&sample.received.ids, &ids);
                prop_assert_eq!(sample.answer.classes[0].id, classes[0]);
                let tokens = tokens(&sample.shown);
                let text: Vec<u16> = tokens.iter().map(|token| token.id as u16).collect();
                prop_assert_eq!(padded(&text, &reading), ids.clone());
                check_places(tokens, &sample.received.roles, &ids, mask);
                seen.push((text, sample.answer.classes[0].id as usize));
            }
        }
        // All texts are there, each with its label, in whatever order.
        let labelled = |texts: &[Vec<u16>]| -> Vec<(Vec<u16>, usize)> {
            texts.iter().cloned().enumerate().map(|(k, text)| (text, usize::from(k % 3 == 0))).collect()
        };
        let mut all = labelled(&train);
        if share == "test" {
            all.extend(labelled(&test));
        }
        all.sort();
        seen.sort();
        prop_assert_eq!(seen, all);
    }
}

/// What is read stands at its timestep in the order of the text; all other timesteps are filled up.
fn check_places(tokens: &[SampleToken], roles: &[TimestepRole], ids: &[u32], mask: bool) {
    let places: Vec<Place> = tokens.iter().map(|t| t.place).filter(|p| *p != Place::LeftOut).collect();
    let before = places.iter().take_while(|place| **place == Place::CutBefore).count();
    let after = places.iter().rev().take_while(|place| **place == Place::CutAfter).count();
    let read = places.iter().filter(|place| **place == Place::Read).count();
    assert_eq!(before + read + after, places.len(), "what is cut off is the one end or the other");
    assert_eq!(read == ids.len(), ids.len() <= places.len());
    let timesteps: Vec<usize> = tokens.iter().filter_map(|token| token.timestep).collect();
    assert_eq!(timesteps.len(), read);
    assert!(timesteps.windows(2).all(|pair| pair[0] + 1 == pair[1]));
    for token in tokens {
        let Some(t) = token.timestep else { continue };
        let (role, id) = match token.is {
            TokenKind::Start => (TimestepRole::Start, 1),
            TokenKind::Unknown => (TimestepRole::Unknown, 2),
            TokenKind::Known => (TimestepRole::Value, token.id),
        };
        assert_eq!((roles[t], ids[t]), (role, id));
    }
    let filled = if mask { TimestepRole::Masked } else { TimestepRole::Padding };
    for t in (0..ids.len()).filter(|t| !timesteps.contains(t)) {
        assert_eq!((roles[t], ids[t]), (filled, 0));
    }
}

#[test]
fn a_table_shows_the_numbers_of_a_task_that_the_trainer_holds() {
    let tasks = PRESETS.iter().map(|preset| Experiment::from_json(preset.document).unwrap());
    let tasks: Vec<Experiment> = tasks.filter(|experiment| experiment.data.task.is_some()).collect();
    assert_eq!(tasks.len(), 12);
    for experiment in tasks {
        let material = Material::new(&experiment, None).unwrap();
        for (subset, index) in [(Subset::Train, 3), (Subset::Validation, 5)] {
            let sample = material.sample(&experiment, None, subset, index).unwrap();
            let (ids, numbers, classes, values) = batch(&material, subset, index);
            assert_eq!((&sample.received.ids, &sample.answer.values), (&ids, &values));
            if ids.is_empty() {
                assert_eq!(sample.received.values, numbers);
            }
            assert_eq!(sample.answer.classes.iter().map(|class| class.id).collect::<Vec<_>>(), classes);
            let Appearance::Table { columns, rows } = sample.shown else { panic!("{}", experiment.title) };
            assert_eq!(rows.len(), sample.received.shape[0], "{}", experiment.title);
            assert!(rows.iter().all(|row| row.len() == columns.len()));
            let inputs = columns.iter().take_while(|column| !column.is_answer).count();
            let shown: Vec<f32> = rows.iter().flat_map(|row| &row[..inputs]).filter_map(number).collect();
            assert_eq!(shown, sample.received.values, "{}", experiment.title);
            // The last timestep has an answer unless it only fills the string up.
            let filled = sample.received.roles.last() == Some(&TimestepRole::Padding);
            assert_eq!(rows.last().unwrap().last() == Some(&Cell::Empty), filled, "{}", experiment.title);
        }
    }
}

fn number(cell: &Cell) -> Option<f32> {
    match cell {
        Cell::Number(number) => Some(*number),
        _ => None,
    }
}

#[test]
fn a_marked_timestep_of_the_adding_problem_stands_in_its_column() {
    let experiment = Experiment::preset("adding").unwrap();
    let material = Material::new(&experiment, None).unwrap();
    let sample = material.sample(&experiment, None, Subset::Train, 0).unwrap();
    let Appearance::Table { columns, rows } = sample.shown else { panic!("a task is a table") };
    assert_eq!(columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["number", "marked", "sum"]);
    let marked: f32 =
        rows.iter().filter(|row| row[1] == Cell::Number(1.0)).filter_map(|row| number(&row[0])).sum();
    assert_eq!(rows.last().unwrap()[2], Cell::Number(marked));
    assert!(rows[..rows.len() - 1].iter().all(|row| row[2] == Cell::Empty));
}

#[test]
fn classes_are_counted_in_both_parts() {
    let texts: Vec<Vec<u16>> = (0..10).map(|k| vec![1, 4 + k]).collect();
    let dataset = reviews(&texts, &texts[..4]);
    let experiment = experiment(json!({ "as": "words", "num_words": 30, "maxlen": 4 }), json!("test"), false);
    let material = Material::new(&experiment, Some(&dataset)).unwrap();
    let counts = material.class_counts(&experiment, Some(&dataset));
    let named: Vec<_> = counts.classes.iter().map(|c| (c.name.as_str(), c.train, c.validation)).collect();
    assert_eq!(named, [("negative", 6, 2), ("positive", 4, 2)]);
    assert_eq!((counts.train, counts.validation, counts.others), (10, 4, 0));
    assert_eq!(counts.baseline.unwrap().label, "negative");
    assert!(material.sample(&experiment, Some(&dataset), Subset::Validation, 4).is_err());
}

#[test]
fn an_image_is_shown_as_its_rows_and_a_window_as_its_characters() {
    let pixels: Vec<u16> = (0..784).map(|k| k % 256).collect();
    let images = Split::new([pixels.as_slice(), &pixels], vec![0, 1]).unwrap();
    let dataset = Dataset {
        name: "digits".into(),
        task: Task::Classes,
        vocabulary: Vocabulary::new(Unit::Pixel, vec![]).unwrap(),
        train: images.clone(),
        test: images,
        ..reviews(&[vec![1]], &[])
    };
    let experiment = Experiment::preset("digits").unwrap();
    let material = Material::new(&experiment, Some(&dataset)).unwrap();
    let sample = material.sample(&experiment, Some(&dataset), Subset::Train, 1).unwrap();
    let Appearance::Image { rows: 28, columns: 28, pixels } = sample.shown else {
        panic!("digits are images")
    };
    assert_eq!(pixels, batch(&material, Subset::Train, 1).1);
    assert_eq!((pixels[255], pixels[256]), (1.0, 0.0));

    let text = "call me ishmael, some years ago";
    let vocabulary = Vocabulary::of_characters(text).unwrap();
    let ids = vocabulary.encode(text);
    let part = Split::new([ids.as_slice()], vec![]).unwrap();
    let dataset = Dataset {
        name: "moby-dick".into(),
        task: Task::LanguageModel,
        class_names: vec![],
        vocabulary,
        train: part.clone(),
        test: part,
        ..dataset
    };
    let changes = json!({ "/data/reading": { "as": "characters", "timesteps": 7 } });
    let experiment =
        Experiment::preset("moby-dick").unwrap().with_changes(changes.as_object().unwrap()).unwrap();
    let material = Material::new(&experiment, Some(&dataset)).unwrap();
    let sample = material.sample(&experiment, Some(&dataset), Subset::Train, 1).unwrap();
    let read: String = tokens(&sample.shown).iter().map(|token| token.text.as_str()).collect();
    let wanted: String = sample.answer.classes.iter().map(|class| class.name.as_str()).collect();
    assert_eq!((read.as_str(), wanted.as_str()), (" ishmae", "ishmael"));
}
