//! No bytes make a reader panic, hang or take memory without bound: configurations, safetensors, npz, Keras' HDF5 and
//! zip files, and packed data sets, as arbitrary bytes and as valid files with some bytes changed.
//!
//! `PROPTEST_CASES=100000 cargo test --test formats arbitrary_bytes` tries more.

use std::path::Path;
use std::time::{Duration, Instant};

use ndarray::{arr0, arr1, arr2};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use unrolled::data::{Dataset, Provenance, Split, Task, Unit, Vocabulary};
use unrolled::formats::{foreign, keras};
use unrolled::layers::Shape;
use unrolled::model::{Mode, Sequential, weights};
use unrolled::tensors::{Container, Tensors};

use crate::predictions::Files;

/// Far beyond what any of these small files takes, even on a busy machine.
const LONGEST: Duration = Duration::from_secs(20);

fn within_time(work: impl FnOnce()) {
    let start = Instant::now();
    work();
    assert!(start.elapsed() < LONGEST, "{:?}", start.elapsed());
}

fn keras_files(ending: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/keras");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let chosen = paths.iter().filter(|path| path.to_str().unwrap().ends_with(ending));
    chosen.map(|path| std::fs::read(path).unwrap()).collect()
}

/// Configurations of several versions of Keras, of Functional models and of regularized ones too.
fn configurations() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/versions");
    let mut files = keras_files(".json");
    for version in ["2.13.1", "3.6.0"] {
        let archive = Files::of_archive(&folder.join(format!("keras-{version}.zip")));
        files.extend(["functional.json", "regularized.json"].map(|name| archive.get(name).to_vec()));
    }
    files
}

/// One change to a file.
#[derive(Debug, Clone)]
enum Change {
    Set(Index, u8),
    Bit(Index, u8),
    Word(Index, u64),
    Cut(Index),
    Remove(Index, u8),
    Repeat(Index, Index, u8),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let word = prop_oneof![
        Just(0),
        Just(u64::MAX),
        Just(u64::from(u32::MAX)),
        Just(1 << 40),
        Just(i64::MAX as u64),
        any::<u64>(),
        0..4096u64
    ];
    let change = prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        4 => (any::<Index>(), 0..8u8).prop_map(|(at, bit)| Change::Bit(at, bit)),
        3 => (any::<Index>(), word).prop_map(|(at, word)| Change::Word(at, word)),
        1 => any::<Index>().prop_map(Change::Cut),
        1 => (any::<Index>(), any::<u8>()).prop_map(|(at, n)| Change::Remove(at, n)),
        1 => (any::<Index>(), any::<Index>(), any::<u8>()).prop_map(|(a, b, n)| Change::Repeat(a, b, n)),
    ];
    prop::collection::vec(change, 1..6)
}

fn changed(file: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for change in changes {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        match change {
            Change::Set(at, byte) => bytes[at.index(length)] = *byte,
            Change::Bit(at, bit) => bytes[at.index(length)] ^= 1 << bit,
            Change::Word(at, word) => {
                let at = at.index(length);
                let end = (at + 8).min(length);
                bytes[at..end].copy_from_slice(&word.to_le_bytes()[..end - at]);
            }
            Change::Cut(at) => bytes.truncate(at.index(length)),
            Change::Remove(at, n) => {
                let at = at.index(length);
                bytes.drain(at..(at + usize::from(*n)).min(length));
            }
            Change::Repeat(from, to, n) => {
                let from = from.index(length);
                let part = bytes[from..(from + usize::from(*n)).min(length)].to_vec();
                let to = to.index(length);
                bytes.splice(to..to, part);
            }
        }
    }
    bytes
}

fn valid_tensors() -> Tensors {
    let mut tensors = Tensors::new();
    tensors.insert("lstm/kernel", arr2(&[[0.5f32; 3]; 2]));
    tensors.insert("x", arr2(&[[1i64, 2], [3, 4]]));
    tensors.insert("mask", arr1(&[0u8, 1]));
    tensors.insert("loss", arr0(1.0f32));
    tensors
}

fn valid_dataset() -> Vec<u8> {
    let words = ["the", "film", "was", "good", "bad"].map(str::to_owned).to_vec();
    let split = |sequences: &[&[u16]]| Split::new(sequences.iter().copied(), vec![0, 1]).unwrap();
    let dataset = Dataset {
        name: "films".into(),
        title: "Films".into(),
        task: Task::Binary,
        class_names: vec!["negative".into(), "positive".into()],
        vocabulary: Vocabulary::new(Unit::Word, words).unwrap(),
        train: split(&[&[1, 4, 5, 6, 8], &[1, 4, 5, 6, 7]]),
        test: split(&[&[1, 8], &[1, 7]]),
        provenance: Provenance::default(),
        notes: String::new(),
    };
    dataset.to_bytes().unwrap()
}

fn small_model() -> Sequential {
    let model = json!({"class_name": "Sequential", "config": {"layers": [
        {"class_name": "LSTM", "config": {"units": 3, "batch_input_shape": [null, null, 2]}},
        {"class_name": "Dense", "config": {"units": 1}},
    ]}});
    Sequential::from_json(&model.to_string(), 1).unwrap()
}

/// Every reader on the same bytes. Whatever is accepted must be usable.
fn read_as_everything(bytes: &[u8]) {
    let mut model = small_model();
    let before = model.parameters.hash();
    if let Ok(tensors) = Tensors::from_bytes(bytes, "file") {
        for container in [Container::Safetensors, Container::Npz] {
            let again = Tensors::from_bytes(&tensors.to_bytes(container).unwrap(), "again").unwrap();
            assert_eq!(again.names().collect::<Vec<_>>(), tensors.names().collect::<Vec<_>>());
        }
        if weights::assign(&mut model.parameters, &tensors, "file").is_err() {
            assert_eq!(model.parameters.hash(), before, "a refused file changes nothing");
        }
    }
    let before = model.parameters.hash();
    if keras::read_weights(&mut model, bytes, "file").is_err() {
        assert_eq!(model.parameters.hash(), before, "a refused file changes nothing");
    }
    if let Ok((mut model, _)) = keras::read_model(bytes, "file") {
        use_model(&mut model);
    }
    let _ = (foreign::explain(bytes), foreign::explain_no_model(bytes), keras::version(bytes));
    if let Ok(dataset) = Dataset::from_bytes(bytes) {
        dataset.check().unwrap();
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(mut model) = Sequential::from_json(text, 1)
    {
        use_model(&mut model);
    }
}

/// A model that was accepted can be printed, written and run.
fn use_model(model: &mut Sequential) {
    assert!(!model.summary().to_string().is_empty());
    let json = model.to_json().to_string();
    let again = Sequential::with_zero_weights(&json).unwrap_or_else(|e| panic!("{e}: {json}"));
    assert_eq!(again.to_json().to_string(), json);
    let _ = (keras::write_model(model), keras::write_config(model));
    /// Inputs larger than this are not tried here.
    const SMALL: usize = 64;
    let timesteps = model.input_shape().timesteps().unwrap_or(3);
    let features = model.input_shape().features().unwrap_or(1);
    if timesteps > SMALL || features > SMALL || model.parameters.values().len() > 100_000 {
        return;
    }
    let shape = model.input_shape();
    let input = model.input_mut();
    match shape {
        Shape::Ids { .. } => input.set_ids(timesteps, 2),
        Shape::Sequence { .. } => input.set_sequence(timesteps, 2, features),
        Shape::Flat { .. } => input.set_flat(2, features),
    }
    input.data.fill(0.5);
    if model.forward(Mode::INFERENCE).is_ok() {
        model.output_gradient_mut().fill(1.0);
        let mut gradients = model.new_gradients();
        model.backward(Mode::INFERENCE, true, &mut gradients);
    }
}

/// Values that a configuration should not hold.
fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3..6i64).prop_map(Value::from),
        prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(1 << 31), Just((1 << 24) + 1)].prop_map(Value::from),
        prop_oneof![Just(u64::MAX), Just(1u64 << 53)].prop_map(Value::from),
        prop_oneof![Just(0.5), Just(-0.5), Just(1e300), Just(1e-300), Just(1.0)].prop_map(Value::from),
        "[a-z_/A-Z0-9]{0,8}".prop_map(Value::from),
        prop_oneof![
            Just("LSTM"),
            Just("GRU"),
            Just("SimpleRNN"),
            Just("Dense"),
            Just("Embedding"),
            Just("Bidirectional"),
            Just("TimeDistributed"),
            Just("Conv1D"),
            Just("Masking"),
            Just("Flatten"),
            Just("RepeatVector"),
            Just("relu"),
            Just("softmax"),
            Just("hard_sigmoid"),
            Just("concat"),
            Just("same"),
            Just("causal"),
        ]
        .prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([null, 3])),
        Just(json!([null, null, 2])),
        Just(json!([[[[]]]])),
    ]
}

/// Puts `odd` in the place of some value inside of `json`, or removes it.
fn disturb(json: &mut Value, at: Index, odd: &Option<Value>) {
    fn count(json: &Value) -> usize {
        1 + match json {
            Value::Array(list) => list.iter().map(count).sum::<usize>(),
            Value::Object(map) => map.values().map(count).sum(),
            _ => 0,
        }
    }
    fn walk(json: &mut Value, left: &mut usize, odd: &Option<Value>) -> bool {
        if *left == 0 {
            *json = odd.clone().unwrap_or(Value::Null);
            return true;
        }
        *left -= 1;
        match json {
            Value::Array(list) => list.iter_mut().any(|value| walk(value, left, odd)),
            Value::Object(map) => {
                let keys: Vec<String> = map.keys().cloned().collect();
                keys.into_iter().any(|key| {
                    if *left == 0 && odd.is_none() {
                        map.remove(&key);
                        return true;
                    }
                    walk(&mut map[&key], left, odd)
                })
            }
            _ => false,
        }
    }
    let mut left = at.index(count(json));
    walk(json, &mut left, odd);
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, failure_persistence: None,
        ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..600), magic in 0..5usize) {
        let start: &[u8] = [&b""[..], b"PK\x03\x04", b"\x89HDF\r\n\x1a\n", b"\x40\0\0\0\0\0\0\0{\"",
            b"{\"class_name\":"][magic];
        within_time(|| read_as_everything(&[start, &bytes].concat()));
    }

    #[test]
    fn damaged_keras_archives_are_answered(file in any::<Index>(), changes in changes()) {
        let files = keras_files(".keras");
        within_time(|| read_as_everything(&changed(&files[file.index(files.len())], &changes)));
    }

    #[test]
    fn damaged_hdf5_files_of_keras_are_answered(file in any::<Index>(), changes in changes()) {
        let files = [keras_files(".weights.h5"), keras_files(".legacy.h5")].concat();
        let configurations = keras_files(".json");
        let which = file.index(files.len());
        let bytes = changed(&files[which], &changes);
        // The files of every kind are in the same order as the configurations, one of which is not a model.
        let models: Vec<_> = configurations.iter().filter(|json| json.starts_with(b"{\"module")).collect();
        let json = std::str::from_utf8(models[which % models.len()]).unwrap();
        let mut model = Sequential::from_json(json, 1).unwrap();
        within_time(|| {
            // Most damage leaves the structure or the numbers of a weight readable: both answers are fine.
            if keras::read_weights(&mut model, &bytes, "file").is_ok() {
                assert!(model.parameters.values().iter().all(|value| value.is_finite()));
            }
            read_as_everything(&bytes);
        });
    }

    #[test]
    fn damaged_hdf5_files_of_our_own_are_answered(changes in changes()) {
        let bytes = changed(&keras::write_weights(&small_model()).unwrap().0, &changes);
        within_time(|| read_as_everything(&bytes));
    }

    #[test]
    fn damaged_safetensors_are_answered(changes in changes()) {
        let file = valid_tensors().to_bytes(Container::Safetensors).unwrap();
        within_time(|| read_as_everything(&changed(&file, &changes)));
    }

    #[test]
    fn damaged_npz_files_are_answered(which in 0..2usize, file in any::<Index>(), changes in changes()) {
        let numpy = keras_files(".npz");
        let own = valid_tensors().to_bytes(Container::Npz).unwrap();
        let file = if which == 0 { own } else { numpy[file.index(numpy.len())].clone() };
        within_time(|| read_as_everything(&changed(&file, &changes)));
    }

    #[test]
    fn damaged_data_sets_are_answered(changes in changes()) {
        within_time(|| read_as_everything(&changed(&valid_dataset(), &changes)));
    }

    /// A number of a configuration is read as the f64 that is nearest to its digits, whatever their count.
    #[test]
    fn numbers_of_configurations_are_read_to_the_last_bit(strength in 1e-8..10.0f64, digits in 1..20usize) {
        let digits = format!("{strength:.digits$e}");
        let json = json!({ "class_name": "Sequential", "config": { "layers": [
            { "class_name": "InputLayer", "config": { "batch_shape": [null, 3] } },
            { "class_name": "Dense", "config": { "units": 2, "kernel_regularizer":
                { "class_name": "L2", "config": { "l2": 0 } } } },
        ] } });
        let json = json.to_string().replace("\"l2\":0", &format!("\"l2\":{digits}"));
        let written = Sequential::with_zero_weights(&json).unwrap().to_json();
        let l2 = written.pointer("/config/layers/1/config/kernel_regularizer/config/l2").unwrap().as_f64();
        prop_assert_eq!(l2, Some(digits.parse().unwrap()));
    }

    #[test]
    fn damaged_configurations_are_answered(file in any::<Index>(), changes in changes()) {
        let files = configurations();
        within_time(|| read_as_everything(&changed(&files[file.index(files.len())], &changes)));
    }

    #[test]
    fn odd_configurations_are_answered(
        file in any::<Index>(),
        odd in prop::collection::vec((any::<Index>(), prop::option::weighted(0.8, odd_value())), 1..4),
    ) {
        let files = configurations();
        let mut json: Value = serde_json::from_slice(&files[file.index(files.len())]).unwrap();
        for (at, odd) in &odd {
            disturb(&mut json, *at, odd);
        }
        within_time(|| read_as_everything(json.to_string().as_bytes()));
    }
}
