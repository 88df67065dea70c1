//! The answers of generated data, each found again by a checker that was written for the test alone.

use std::collections::HashMap;

use serde_json::{Value, json};
use unrolled::experiment::tasks::{Input, Output, REBER_SYMBOLS, Sample, TASKS, Task};
use unrolled::experiment::{Experiment, TASK};
use unrolled::session::Training;

const SAMPLES: u64 = 200;

/// An experiment on `task` with a small model of the right form.
fn experiment(task: &str, options: Value) -> Experiment {
    let document = |layers: Value, loss: &str| {
        json!({
            "data": { "set": TASK, "task": task, "options": options },
            "model": { "class_name": "Sequential", "config": { "layers": layers } },
            "compile": { "loss": loss, "optimizer": { "class_name": "Adam", "config": { "learning_rate": 0.02 } } },
            "fit": { "batch_size": 16, "seed": 3 },
        })
    };
    let any = json!([{ "class_name": "Flatten", "config": {} }]);
    let form = Experiment::from_value(&document(any, "mse")).unwrap().data.task.unwrap().form();
    let (first, per_timestep) = match form.input {
        Input::Ids { symbols, .. } => (
            json!({ "class_name": "Embedding",
                "config": { "input_dim": symbols, "output_dim": 6, "mask_zero": form.padded } }),
            matches!(form.output, Output::Classes { per_sample, .. } if per_sample > 1),
        ),
        Input::Numbers { timesteps, features } => (
            json!({ "class_name": "InputLayer", "config": { "batch_shape": [null, timesteps, features] } }),
            match form.output {
                Output::Classes { per_sample, .. } => per_sample > 1,
                Output::Numbers { timesteps, .. } => timesteps > 1,
            },
        ),
    };
    let (units, activation, loss) = match form.output {
        Output::Classes { classes, .. } => (classes, "softmax", "sparse_categorical_crossentropy"),
        Output::Numbers { features, .. } => (features, "linear", "mse"),
    };
    let layers = json!([
        first,
        { "class_name": "GRU", "config": { "units": 8, "return_sequences": per_timestep } },
        { "class_name": "Dense", "config": { "units": units, "activation": activation } },
    ]);
    Experiment::from_value(&document(layers, loss)).unwrap()
}

fn task(name: &str, options: Value) -> Task {
    experiment(name, options).data.task.unwrap()
}

/// Some samples of a task.
fn samples(name: &str, options: Value) -> impl Iterator<Item = Sample> {
    let task = task(name, options);
    (0..SAMPLES).map(move |index| task.sample(9, "train", index))
}

#[test]
fn adding_asks_for_the_sum_of_the_two_marked_numbers_one_in_each_half() {
    for sample in samples("adding", json!({ "timesteps": 11 })) {
        let rows: Vec<&[f32]> = sample.numbers.chunks(2).collect();
        let marked: Vec<usize> = (0..11).filter(|t| rows[*t][1] == 1.0).collect();
        assert!(matches!(marked[..], [first, second] if first < 5 && second >= 5), "{marked:?}");
        assert!(rows.iter().all(|row| (0.0..1.0).contains(&row[0]) && (row[1] == 0.0 || row[1] == 1.0)));
        assert_eq!(sample.values, [rows[marked[0]][0] + rows[marked[1]][0]]);
    }
}

#[test]
fn the_temporal_order_is_that_of_the_two_symbols_that_matter() {
    for sample in samples("temporal_order", json!({ "timesteps": 40 })) {
        let symbols: Vec<(usize, u32)> =
            sample.ids.iter().copied().enumerate().filter(|(_, id)| [2, 3].contains(id)).collect();
        let [(first, a), (second, b)] = symbols[..] else { panic!("{symbols:?}") };
        assert!((4..8).contains(&first) && (20..24).contains(&second));
        let name = |id: u32| if id == 2 { 'X' } else { 'Y' };
        let classes = ["XX", "XY", "YX", "YY"];
        assert_eq!(classes[sample.classes[0] as usize], [name(a), name(b)].iter().collect::<String>());
        assert_eq!((sample.ids[0], sample.ids[39], sample.ids.len()), (0, 1, 40));
        assert!(sample.ids[1..39].iter().all(|id| (2..8).contains(id)));
    }
}

#[test]
fn copying_repeats_the_symbols_after_the_delimiter() {
    for sample in samples("copy_memory", json!({ "length": 4, "delay": 7, "symbols": 3 })) {
        assert_eq!((sample.ids.len(), sample.classes.len()), (15, 15));
        assert_eq!(sample.ids.iter().position(|id| *id == 4), Some(10), "the delimiter ends the delay");
        assert!(sample.ids[..4].iter().all(|id| (1..=3).contains(id)));
        assert!(sample.ids[4..10].iter().chain(&sample.ids[11..]).all(|id| *id == 0));
        assert_eq!(sample.classes[11..], sample.ids[..4]);
        assert!(sample.classes[..11].iter().all(|id| *id == 0));
    }
}

#[test]
fn selective_copying_repeats_the_symbols_wherever_they_stood() {
    let mut places = [0; 9];
    for sample in samples("selective_copy", json!({ "timesteps": 9, "length": 3, "symbols": 5 })) {
        let shown: Vec<u32> = sample.ids[..9].iter().copied().filter(|id| *id != 0).collect();
        assert_eq!(shown.len(), 3);
        assert_eq!(sample.classes[9..], shown);
        assert!(sample.classes[..9].iter().all(|id| *id == 0) && sample.ids[9..] == [6, 6, 6]);
        (0..9).filter(|t| sample.ids[*t] != 0).for_each(|t| places[t] += 1);
    }
    assert!(places.iter().all(|count| *count > 30), "every place is used: {places:?}");
}

#[test]
fn parity_and_remainder_follow_from_the_sum_so_far() {
    for sample in samples("parity", json!({ "timesteps": 12 })) {
        for t in 0..12 {
            let sum: f32 = sample.numbers[..=t].iter().sum();
            assert_eq!(sample.classes[t], sum as u32 % 2);
        }
    }
    for sample in samples("modulo_3", json!({ "timesteps": 12 })) {
        for t in 0..12 {
            assert_eq!(sample.classes[t], sample.ids[..=t].iter().sum::<u32>() % 3);
        }
    }
}

#[test]
fn the_echo_is_the_bit_of_so_many_timesteps_before() {
    for sample in samples("echo", json!({ "timesteps": 10, "lag": 4 })) {
        let late: Vec<f32> = [&[0.0; 4][..], &sample.numbers[..6]].concat();
        assert_eq!(sample.classes.iter().map(|bit| *bit as f32).collect::<Vec<_>>(), late);
    }
}

#[test]
fn the_value_that_is_recalled_belonged_to_the_key() {
    for sample in samples("associative_recall", json!({ "pairs": 5, "values": 7 })) {
        let pairs: HashMap<u32, u32> = sample.ids[..10].chunks(2).map(|pair| (pair[0], pair[1])).collect();
        assert_eq!(pairs.len(), 5, "no key stands twice");
        assert!(pairs.keys().all(|key| *key < 26) && pairs.values().all(|value| (26..33).contains(value)));
        assert_eq!(sample.ids[10], 33);
        assert_eq!(pairs[&sample.ids[11]], sample.classes[0] + 26);
    }
}

#[test]
fn a_sine_continues_by_the_recurrence_of_sines() {
    for sample in samples("sine", json!({ "timesteps": 30 })) {
        assert_eq!(sample.values[..29], sample.numbers[1..]);
        let all: Vec<f64> =
            sample.numbers.iter().chain(sample.values.last()).map(|value| f64::from(*value)).collect();
        // x[t+1] + x[t-1] = 2 cos(2π / period) x[t] for every sine; the factor is found where x[t] is largest.
        let largest = (1..30).max_by(|a, b| all[*a].abs().total_cmp(&all[*b].abs())).unwrap();
        let factor = (all[largest + 1] + all[largest - 1]) / all[largest];
        let period = std::f64::consts::TAU / (factor / 2.0).acos();
        assert!((7.9..41.0).contains(&period), "period {period}");
        for t in 1..30 {
            assert!((all[t + 1] + all[t - 1] - factor * all[t]).abs() < 1e-5, "{t}");
        }
        assert!(all.iter().all(|value| value.abs() <= 1.0));
    }
}

#[test]
fn brackets_close_in_order_and_the_answer_is_the_one_that_is_open() {
    for sample in samples("brackets", json!({ "timesteps": 25, "kinds": 3, "depth": 4 })) {
        let mut text = String::new();
        for (id, answer) in sample.ids.iter().zip(&sample.classes) {
            text.push("()[]{}".chars().nth(*id as usize).unwrap());
            // What is left when every closed pair is taken out is what is open.
            while let Some(at) = ["()", "[]", "{}"].iter().find_map(|pair| text.find(pair)) {
                text.replace_range(at..at + 2, "");
            }
            assert!(text.chars().all(|c| "([{".contains(c)) && text.len() <= 4, "{text}");
            let expected = text.chars().last().map_or(0, |c| "([{".find(c).unwrap() as u32 + 1);
            assert_eq!(*answer, expected);
        }
    }
}

#[test]
fn strings_of_the_embedded_reber_grammar_are_accepted_and_remember_their_second_symbol() {
    let symbol = |id: u32| REBER_SYMBOLS.chars().nth(id as usize - 1).unwrap();
    let mut lengths = [0; 2];
    for sample in samples("embedded_reber", json!({ "timesteps": 20 })) {
        assert_eq!((sample.ids.len(), sample.classes.len()), (20, 20));
        let length = sample.ids.iter().position(|id| *id == 0).unwrap_or(20);
        assert!(sample.ids[length..].iter().chain(&sample.classes[length..]).all(|id| *id == 0));
        let last = *sample.classes[..length].last().unwrap();
        let string: String = sample.ids[..length].iter().chain([&last]).map(|id| symbol(*id)).collect();
        assert_eq!(sample.classes[..length - 1], sample.ids[1..length]);
        let inner = &string[2..string.len() - 2];
        assert!(string.starts_with('B') && string.ends_with('E'), "{string}");
        assert_eq!(string.chars().nth(1), string.chars().rev().nth(1), "{string}");
        assert!(is_reber(inner), "{inner}");
        lengths[usize::from(length > 10)] += 1;
    }
    assert!(lengths.iter().all(|count| *count > 20), "short and long ones: {lengths:?}");
}

/// Reber's grammar by its two branches, B T S* X … and B P T* V …, which can reach each other.
fn is_reber(string: &str) -> bool {
    fn upper(rest: &str) -> bool {
        let rest = rest.trim_start_matches('S');
        rest.strip_prefix('X').is_some_and(|rest| rest == "SE" || rest.strip_prefix('X').is_some_and(lower))
    }
    fn lower(rest: &str) -> bool {
        let rest = rest.trim_start_matches('T');
        rest.strip_prefix('V').is_some_and(|rest| {
            rest == "VE"
                || rest
                    .strip_prefix('P')
                    .is_some_and(|rest| rest == "SE" || rest.strip_prefix('X').is_some_and(lower))
        })
    }
    string.strip_prefix("BT").is_some_and(upper) || string.strip_prefix("BP").is_some_and(lower)
}

#[test]
fn reversing_turns_the_sequence_around() {
    for sample in samples("reversing", json!({ "timesteps": 7, "symbols": 4 })) {
        let turned: Vec<u32> = sample.ids.iter().rev().copied().collect();
        assert_eq!(sample.classes, turned);
        assert!(sample.ids.iter().all(|id| *id < 4));
    }
}

#[test]
fn every_task_has_samples_of_its_form_that_follow_from_seed_part_and_index() {
    for facts in TASKS {
        let task = task(facts.name, json!({}));
        let form = task.form();
        let sample = task.sample(4, "train", 17);
        match form.input {
            Input::Ids { timesteps, symbols } => {
                assert_eq!(sample.ids.len(), timesteps, "{}", facts.name);
                assert!(sample.ids.iter().all(|id| (*id as usize) < symbols), "{}", facts.name);
            }
            Input::Numbers { timesteps, features } => assert_eq!(sample.numbers.len(), timesteps * features),
        }
        match form.output {
            Output::Classes { per_sample, classes } => {
                assert_eq!(sample.classes.len(), per_sample, "{}", facts.name);
                assert!(sample.classes.iter().all(|id| (*id as usize) < classes), "{}", facts.name);
            }
            Output::Numbers { timesteps, features } => assert_eq!(sample.values.len(), timesteps * features),
        }
        assert_eq!(task.sample(4, "train", 17), sample);
        for (seed, part, index) in [(5, "train", 17), (4, "test", 17), (4, "train", 18)] {
            assert_ne!(task.sample(seed, part, index), sample, "{} {seed} {part} {index}", facts.name);
        }
    }
}

#[test]
fn every_task_trains_and_its_loss_falls() {
    for facts in TASKS {
        let options = json!({ "samples": 64, "test_samples": 16 });
        let mut training = Training::new();
        let set_up = training.set_up(experiment(facts.name, options)).unwrap();
        assert_eq!((set_up.train, set_up.validation), (64, 16), "{}", facts.name);
        let report = training.train_for(1e9, Some(40), || 0.0).unwrap();
        let mean = |losses: &[f32]| losses.iter().sum::<f32>() / losses.len() as f32;
        let (first, last) = (mean(&report.losses[..8]), mean(&report.losses[32..]));
        assert!(last < first, "{}: {first} to {last}", facts.name);
        assert!(report.validation.last().unwrap().loss.is_finite(), "{}", facts.name);
    }
}

#[test]
fn options_have_limits_and_names() {
    let said = |task: &str, options: Value| {
        let mut document = experiment("parity", json!({})).to_json();
        document["data"]["task"] = json!(task);
        document["data"]["options"] = options;
        Experiment::from_value(&document).unwrap_err().to_string()
    };
    assert!(said("parities", json!({})).contains("one of adding, temporal_order"));
    assert!(said("parity", json!({ "timestep": 3 })).contains("one of timesteps, samples, test_samples"));
    assert!(said("parity", json!({ "timesteps": 2000 })).contains("from 1 to 1000"));
    assert!(said("temporal_order", json!({ "timesteps": 10 })).contains("from 20 to 1000"));
    let parity = experiment("parity", json!({ "timesteps": 3 }));
    assert_eq!(
        parity.to_json()["data"]["options"],
        json!({ "timesteps": 3, "samples": 2000, "test_samples": 500 })
    );
}
