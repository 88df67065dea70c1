//! Files: models and weights of Keras, arrays, data sets, checkpoints.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::{Value, json};
use unrolled::Error;
use unrolled::data::own::{self, OwnChoice};
use unrolled::data::{Dataset, Split};
use unrolled::experiment::Experiment;
use unrolled::formats::keras::read_model;
use unrolled::model::{Sequential, weights};
use unrolled::session::Training;
use unrolled::session::files::{NetworkFormat, load_weights, network_file, open};
use unrolled::tensors::{Container, Tensors};

use super::change::{self, Draws};
use super::{Answer, End, campaign};

/// Models with more weights are read, but not trained here.
const MOST_WEIGHTS: usize = 100_000;
/// The same for the timesteps of a sample.
const MOST_TIMESTEPS: usize = 600;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// The files of a folder of tests whose names end so, in order.
fn fixtures(place: &str, ending: &str) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder(place)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(ending));
    paths.sort();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), std::fs::read(path).unwrap())).collect()
}

/// A table of reviews, every other one good.
pub fn reviews(rows: usize) -> String {
    let row = |k: usize| {
        let (word, class) = [("awful", "bad"), ("lovely", "good")][k % 2];
        format!("an {word} film number {k},{class}\n")
    };
    std::iter::once("review,label\n".to_owned()).chain((0..rows).map(row)).collect()
}

/// An experiment of a few units, for whatever data set.
pub fn small() -> Experiment {
    static SMALL: LazyLock<Experiment> = LazyLock::new(|| {
        let mut experiment = Experiment::preset("imdb-small").unwrap();
        for layer in experiment.model["config"]["layers"].as_array_mut().unwrap() {
            if layer["class_name"] == "LSTM" {
                layer["config"]["units"] = json!(3);
            }
        }
        experiment.fit.batch_size = 4;
        experiment
    });
    SMALL.clone()
}

/// Whether this test trains such a model.
pub fn is_small(experiment: &Experiment) -> bool {
    let timesteps = experiment.data.reading.timesteps().unwrap_or(0);
    let model = Sequential::with_zero_weights(&experiment.model.to_string());
    timesteps <= MOST_TIMESTEPS
        && model.is_ok_and(|model| {
            model.parameters.values().len() <= MOST_WEIGHTS
                && model.input_shape().timesteps().is_none_or(|timesteps| timesteps <= MOST_TIMESTEPS)
                && model.output_shape().timesteps().is_none_or(|timesteps| timesteps <= MOST_TIMESTEPS)
        })
}

/// Sets an experiment up and makes two updates; the course of a run that diverges ends with a sentence.
pub fn learn(experiment: Experiment, dataset: Option<Dataset>) -> Answer {
    if !is_small(&experiment) {
        return Ok(End::Accepted);
    }
    let mut training = Training::new();
    if let Some(dataset) = dataset {
        training.use_dataset(dataset);
    }
    training.set_up(experiment)?;
    training.step_once(|| 0.0)?;
    training.step_once(|| 0.0)?;
    Ok(End::Trained)
}

fn dataset_learns(dataset: Dataset) -> Answer {
    learn(small().on(&dataset)?, Some(dataset))
}

/// What is in the page while a file of a model is opened: data that suit its input.
struct Present {
    experiment: Experiment,
    dataset: Dataset,
}

/// Data for a model of Keras: reviews where it reads ids, else random numbers of its shape.
fn present_for(model: &Sequential) -> Option<Present> {
    let (input, output) = (model.input_shape(), model.output_shape());
    let own = match input.features() {
        None => own::read("films.csv", reviews(24).as_bytes(), &OwnChoice::default()),
        Some(features) => {
            let timesteps = input.timesteps().unwrap_or(4);
            let mut tensors = Tensors::new();
            let x: Vec<f32> = (0..12 * timesteps * features).map(|k| (k % 7) as f32 / 7.0).collect();
            tensors.insert_floats("x", &[12, timesteps, features], x).ok()?;
            let outputs = output.features().unwrap_or(1);
            let shape = match output.timesteps() {
                Some(steps) => vec![12, steps, outputs],
                None => vec![12, outputs],
            };
            let y: Vec<f32> = (0..shape.iter().product()).map(|k| (k % 3) as f32).collect();
            tensors.insert_floats("y", &shape, y).ok()?;
            own::read("a.npz", &tensors.to_bytes(Container::Npz).ok()?, &OwnChoice::default())
        }
    };
    let dataset = own.ok()?.dataset;
    Some(Present { experiment: small().on(&dataset).ok()?, dataset })
}

/// Files of Keras that open here, each with data that its model learns from.
fn opening(ending: &str) -> Vec<(String, Vec<u8>, Present)> {
    let files = fixtures("formats/keras", ending);
    let read = |(name, bytes): (String, Vec<u8>)| {
        let stem = name.split('.').next()?;
        let json = std::fs::read_to_string(folder("formats/keras").join(format!("{stem}.json"))).ok()?;
        let model = Sequential::with_zero_weights(&json).ok()?;
        let mut present = present_for(&model)?;
        if ending == ".weights.h5" {
            // Weights alone are for the model that is there.
            let whole = std::fs::read(folder("formats/keras").join(format!("{stem}.keras"))).ok()?;
            let opened = open("whole.keras", &whole, &present.experiment, Some(present.dataset.clone()));
            present.experiment = opened.ok()?.experiment;
        }
        open(&name, &bytes, &present.experiment, Some(present.dataset.clone())).ok()?;
        Some((name, bytes, present))
    };
    let found: Vec<_> = files.into_iter().filter_map(read).collect();
    assert!(found.len() > 1, "{} files that end with {ending} open", found.len());
    found
}

/// Which of a few ways an input goes.
pub fn way(bytes: &[u8], ways: usize) -> usize {
    bytes.iter().step_by(1 + bytes.len() / 500).map(|&byte| usize::from(byte)).sum::<usize>() % ways
}

/// Opens a file as a reader does, which makes an update; one in four of what was accepted is written in one of the
/// formats and read again.
fn opens(name: &str, bytes: &[u8], present: &Present) -> Answer {
    let opened = open(name, bytes, &present.experiment, Some(present.dataset.clone()))?;
    let formats = [
        (NetworkFormat::Keras, "keras"),
        (NetworkFormat::WeightsH5, "weights.h5"),
        (NetworkFormat::Safetensors, "safetensors"),
        (NetworkFormat::Npz, "npz"),
    ];
    if let (Some(first), Some((format, ending))) = (&opened.weights, formats.get(way(bytes, 16)))
        && let Ok((written, _)) = network_file(&opened.experiment, first, *format)
    {
        open(&format!("again.{ending}"), &written, &opened.experiment, None)
            .unwrap_or_else(|error| panic!("what was written as {ending} is refused: {error}"));
    }
    Ok(End::Trained)
}

/// Reads what is in a file of Keras, and does nothing with it.
fn reads(name: &str, bytes: &[u8], present: &Present) -> Answer {
    if name.ends_with(".weights.h5") {
        let mut model = Sequential::with_zero_weights(&present.experiment.model.to_string())?;
        load_weights(&mut model, bytes, name)?;
    } else {
        read_model(bytes, name)?;
    }
    Ok(End::Accepted)
}

fn models(what: &str, ending: &str, one_in: u64, change: fn(&[u8], &mut Draws) -> Vec<u8>) {
    let files = opening(ending);
    // The first byte says which file the rest was.
    let make = |draws: &mut Draws| {
        let which = draws.below(files.len());
        [&[which as u8], change(&files[which].1, draws).as_slice()].concat()
    };
    campaign(what, one_in, make, |bytes| {
        let (name, _, present) = &files[usize::from(bytes[0])];
        // Opening takes three times as long as reading.
        match way(&bytes[1..], 3) {
            0 => opens(name, &bytes[1..], present),
            _ => reads(name, &bytes[1..], present),
        }
    });
}

fn plain(file: &[u8], draws: &mut Draws) -> Vec<u8> {
    change::bytes(file.to_vec(), draws)
}

#[test]
fn mutated_archives_of_keras_are_opened_or_refused() {
    models("keras archives", ".keras", 16, change::zip);
}

#[test]
fn mutated_hdf5_models_are_opened_or_refused() {
    models("hdf5 models", ".legacy.h5", 16, plain);
}

#[test]
fn mutated_hdf5_weights_are_opened_or_refused() {
    models("hdf5 weights", ".weights.h5", 16, plain);
}

/// Weights of a small model in both containers, opened on top of it.
#[test]
fn mutated_weights_in_containers_are_opened_or_refused() {
    let model = Sequential::from_json(
        &json!({"class_name": "Sequential", "config": {"layers": [
            {"class_name": "LSTM", "config": {"units": 3, "batch_input_shape": [null, 4, 2]}},
            {"class_name": "Dense", "config": {"units": 1}},
        ]}})
        .to_string(),
        1,
    )
    .unwrap();
    let mut present = present_for(&model).unwrap();
    present.experiment.model = model.to_json();
    let tensors = weights::to_tensors(&model.parameters);
    let npz = tensors.to_bytes(Container::Npz).unwrap();
    let safe = tensors.to_bytes(Container::Safetensors).unwrap();
    let make = |draws: &mut Draws| match draws.one_in(2) {
        true => change::zip(&npz, draws),
        false => change::safetensors(&safe, draws),
    };
    campaign("weights", 8, make, |bytes| opens("weights", bytes, &present));
}

fn arrays() -> Tensors {
    let mut tensors = Tensors::new();
    let x: Vec<f32> = (0..60).map(|k| k as f32 / 7.0).collect();
    tensors.insert_floats("x", &[10, 3, 2], x).unwrap();
    tensors.insert("y", ndarray::Array1::from((0..10).map(|k| k % 3).collect::<Vec<i32>>()));
    tensors
}

#[test]
fn mutated_arrays_are_learned_from_or_refused() {
    let tensors = arrays();
    let npz = tensors.to_bytes(Container::Npz).unwrap();
    let safe = tensors.to_bytes(Container::Safetensors).unwrap();
    let mut lists = fixtures("data/keras_lists", ".npz");
    lists.retain(|(name, bytes)| own::read(name, bytes, &OwnChoice::default()).is_ok());
    let make = |draws: &mut Draws| match draws.below(3) {
        0 => change::zip(&npz, draws),
        1 => change::safetensors(&safe, draws),
        _ => change::zip(&draws.of(&lists).1, draws),
    };
    campaign("arrays", 8, make, |bytes| {
        dataset_learns(own::read("a.npz", bytes, &OwnChoice::default())?.dataset)
    });
}

#[test]
fn mutated_packed_sets_are_learned_from_or_refused() {
    let words = own::read("films.csv", reviews(24).as_bytes(), &OwnChoice::default()).unwrap().dataset;
    let mut cut = words.clone();
    cut.test = Split::new([&[1_u16, 5][..], &[1, 6]], vec![0, 1]).unwrap();
    let numbers = own::read("a.npz", &arrays().to_bytes(Container::Npz).unwrap(), &OwnChoice::default());
    let packed = [words, cut, numbers.unwrap().dataset].map(|dataset| dataset.to_bytes().unwrap());
    let make = |draws: &mut Draws| change::safetensors(&packed[draws.below(packed.len())], draws);
    campaign("packed sets", 16, make, |bytes| {
        let dataset = Dataset::from_bytes(bytes)?;
        dataset.check()?;
        dataset_learns(dataset)
    });
}

#[test]
fn mutated_checkpoints_are_resumed_or_change_nothing() {
    let dataset = own::read("films.csv", reviews(24).as_bytes(), &OwnChoice::default()).unwrap().dataset;
    let mut document = small().on(&dataset).unwrap().to_json();
    document["compile"]["optimizer"] = json!("adam");
    document["fit"]["early_stopping"] = json!({"monitor": "val_loss", "restore_best_weights": true});
    let experiment = Experiment::from_value(&document).unwrap();
    let mut training = Training::new();
    training.use_dataset(dataset);
    training.set_up(experiment).unwrap();
    training.fit(1, &mut |_, _| {}).unwrap();
    training.step_once(|| 0.0).unwrap();
    // Behind the seal nearly every change is refused for its own sake.
    let good = change::unsealed(&training.checkpoint().unwrap());
    let mut is_good = false;
    let mut looks_at = |bytes: &[u8], training: &mut Training| -> Answer {
        if !std::mem::take(&mut is_good) {
            training.restore(&good).unwrap();
        }
        let before = training.weights_hash()?;
        if let Err(error) = training.restore(bytes) {
            assert_eq!(training.weights_hash()?, before, "what is refused changes nothing: {error}");
            is_good = true;
            return Err(error);
        }
        training.checkpoint()?;
        match training.step_once(|| 0.0) {
            Ok(_) | Err(Error::NotFinite { .. }) => Ok(End::Trained),
            Err(error) => Err(error),
        }
    };
    campaign(
        "checkpoints",
        8,
        |draws| change::safetensors(&good, draws),
        |bytes| looks_at(bytes, &mut training),
    );
}

/// What a document of a model may hold besides: nothing is drawn before its size is known.
pub fn configurations() -> Vec<String> {
    let texts = fixtures("formats/keras", ".json").into_iter();
    let texts = texts.filter_map(|(_, bytes)| String::from_utf8(bytes).ok());
    texts.filter(|text| Sequential::with_zero_weights(text).is_ok()).collect()
}

/// The data that a model's configuration is tried with.
pub fn model_learns(text: &str) -> Answer {
    let model = Sequential::with_zero_weights(text)?;
    if model.parameters.values().len() > MOST_WEIGHTS {
        return Ok(End::Accepted);
    }
    let written: Value = model.to_json();
    assert_eq!(Sequential::with_zero_weights(&written.to_string())?.to_json(), written);
    if way(text.as_bytes(), 3) > 0 {
        return Ok(End::Accepted);
    }
    let Some(present) = present_for(&model) else { return Ok(End::Accepted) };
    let mut tried = present.experiment.clone();
    tried.model = written;
    if !is_small(&tried) {
        return Ok(End::Accepted);
    }
    opens("model.json", text.as_bytes(), &present)
}
