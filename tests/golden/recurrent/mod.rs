//! Every recurrent layer, option and wrapper against numbers that Keras computed: outputs, final states and every
//! gradient. `tests/golden/recurrent/make.py` made the files and says how.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ndarray::Array2;
use safetensors::SafeTensors;
use serde_json::json;
use unrolled::layers::Signal;
use unrolled::model::{Mode, Sequential};
use unrolled::train::examples::BlockLabels;
use unrolled::train::{Loss, Optimizer};

/// The arrays of one file, batch first, and its model.
struct Golden {
    name: String,
    model: String,
    arrays: BTreeMap<String, (Vec<usize>, Vec<f32>)>,
}

impl Golden {
    fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap();
        let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
        let metadata = header.metadata().clone().unwrap();
        assert_eq!(metadata["keras"], "3.15.1");
        let tensors = SafeTensors::deserialize(&bytes).unwrap();
        let arrays = tensors.iter().map(|(name, view)| {
            let fours = view.data().as_chunks::<4>().0;
            let values: Vec<f32> = match view.dtype() {
                safetensors::Dtype::F32 => fours.iter().map(|b| f32::from_le_bytes(*b)).collect(),
                safetensors::Dtype::I32 => fours.iter().map(|b| i32::from_le_bytes(*b) as f32).collect(),
                _ => view.data().iter().map(|b| f32::from(*b)).collect(),
            };
            (name.to_owned(), (view.shape().to_vec(), values))
        });
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        Self { name, model: metadata["model"].clone(), arrays: arrays.collect() }
    }

    /// The arrays whose names begin with `prefix`, under the rest of their names.
    fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a (Vec<usize>, Vec<f32>))> {
        self.arrays.iter().filter_map(move |(name, array)| Some((name.strip_prefix(prefix)?, array)))
    }

    fn get(&self, name: &str) -> &[f32] {
        &self.arrays.get(name).unwrap_or_else(|| panic!("{}: no {name}", self.name)).1
    }

    fn build(&self) -> Sequential {
        let mut model =
            Sequential::from_json(&self.model, 1).unwrap_or_else(|e| panic!("{}: {e}", self.name));
        for (name, (shape, values)) in self.under("weight/") {
            model.parameters.set(name, shape, values).unwrap_or_else(|e| panic!("{}: {e}", self.name));
        }
        let count = self.under("weight/").count();
        assert_eq!(count, model.parameters.specs().len(), "{}: every weight is given", self.name);
        model
    }

    /// Writes `x` and `mask` into the input of the model, time first.
    fn fill(&self, name: &str, model: &mut Sequential) {
        let (shape, values) = &self.arrays[name];
        let input: &mut Signal = model.input_mut();
        match shape[..] {
            [batch, timesteps] => {
                input.set_ids(timesteps, batch);
                let ids = time_first(values, (batch, timesteps, 1));
                input.ids.iter_mut().zip(ids).for_each(|(to, id)| *to = id as u32);
            }
            [batch, timesteps, features] => {
                input.set_sequence(timesteps, batch, features);
                input.data.copy_from_slice(&time_first(values, (batch, timesteps, features)));
            }
            _ => panic!("{}: x is {shape:?}", self.name),
        }
        if let Some((shape, mask)) = self.arrays.get("mask") {
            input.mask = time_first(mask, (shape[0], shape[1], 1)).iter().map(|v| *v != 0.0).collect();
        }
    }

    /// Gives the initial states of the file to the layers that they belong to.
    fn set_initial_states(&self, model: &mut Sequential) {
        for layer in model.layers_mut() {
            for (path, part) in layer.recurrents_mut() {
                let prefix = format!("initial_state/{path}/");
                let names = part.cell().state_names();
                let found: Vec<_> =
                    names.iter().filter_map(|n| self.arrays.get(&format!("{prefix}{n}"))).collect();
                if found.len() == names.len() {
                    let state = |(shape, values): &&(Vec<usize>, Vec<f32>)| {
                        Array2::from_shape_vec((shape[0], shape[1]), values.clone()).unwrap()
                    };
                    part.set_initial_state(found.iter().map(state).collect()).unwrap();
                }
            }
        }
    }

    /// `want` within `absolute + relative·|want|`.
    fn close(&self, what: &str, got: &[f32], want: &[f32], (absolute, relative): (f32, f32)) {
        assert_eq!(got.len(), want.len(), "{}: length of {what}", self.name);
        for (k, (got, want)) in got.iter().zip(want).enumerate() {
            let fits = (got - want).abs() <= absolute + relative * want.abs();
            assert!(fits, "{}: {what}[{k}] is {got} instead of {want}", self.name);
        }
    }
}

const OUTPUT: (f32, f32) = (1e-5, 1e-4);
const GRADIENT: (f32, f32) = (1e-5, 1e-3);

fn time_first(values: &[f32], (batch, timesteps, width): (usize, usize, usize)) -> Vec<f32> {
    let mut out = Vec::with_capacity(values.len());
    for t in 0..timesteps {
        for b in 0..batch {
            out.extend_from_slice(&values[(b * timesteps + t) * width..][..width]);
        }
    }
    out
}

/// An array of the model, time first, as Keras has it: batch first.
fn batch_first(values: &[f32], like: &Signal) -> Vec<f32> {
    time_first(values, (like.timesteps, like.batch, values.len() / like.rows()))
}

fn files(prefixes: &[&str]) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/recurrent");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.ends_with(".safetensors") && prefixes.iter().any(|prefix| name.starts_with(prefix))
    });
    files.sort();
    files
}

/// The final states of the last layer, where the file has them.
fn check_final_states(golden: &Golden, model: &Sequential) {
    let Some(layer) = model.layers().last() else { return };
    for (path, part) in layer.recurrents() {
        let inner = path.strip_prefix(layer.name()).unwrap();
        for (k, state) in part.cell().state_names().iter().enumerate() {
            let name = format!("state{inner}/{state}");
            if let Some((_, want)) = golden.arrays.get(&name) {
                golden.close(&name, part.final_state(k), want, OUTPUT);
            }
        }
    }
}

/// Output, upstream gradient and all gradients of the pass over the arrays under `part`.
fn check_pass(golden: &Golden, model: &mut Sequential, part: &str) {
    golden.fill(&format!("{part}x"), model);
    model.forward(Mode::INFERENCE).unwrap();
    let output = batch_first(&model.output().data, model.output());
    golden.close(&format!("{part}output"), &output, golden.get(&format!("{part}output")), OUTPUT);
    check_final_states(golden, model);
    let shape = model.output().clone();
    let upstream = golden.get(&format!("{part}upstream"));
    let width = upstream.len() / shape.rows();
    let upstream = time_first(upstream, (shape.batch, shape.timesteps, width));
    model.output_gradient_mut().copy_from_slice(&upstream);
    let mut gradients = model.new_gradients();
    let dx = model.backward(Mode::INFERENCE, true, &mut gradients).map(<[f32]>::to_vec);
    for (name, got) in gradients.to_dense() {
        let name = format!("{part}grad/{name}");
        golden.close(&name, got.as_slice().unwrap(), golden.get(&name), GRADIENT);
    }
    if let (Some(dx), Some((_, want))) = (dx, golden.arrays.get("grad/x")) {
        golden.close("grad/x", &batch_first(&dx, model.input()), want, GRADIENT);
    }
    for (path, recurrent) in model.layers().iter().flat_map(|layer| layer.recurrents()) {
        for (k, name) in recurrent.cell().state_names().iter().enumerate() {
            let name = format!("grad/initial_state/{path}/{name}");
            if let Some((_, want)) = golden.arrays.get(&name) {
                golden.close(&name, &recurrent.initial_state_gradients()[k], want, GRADIENT);
            }
        }
    }
}

/// Checks every file that begins with one of `prefixes` and says how many there were.
fn check(prefixes: &[&str]) -> usize {
    let files = files(prefixes);
    for path in &files {
        let golden = Golden::read(path);
        let mut model = golden.build();
        golden.set_initial_states(&mut model);
        match golden.arrays.contains_key("first/x") {
            true => ["first/", "second/"].iter().for_each(|part| check_pass(&golden, &mut model, part)),
            false => check_pass(&golden, &mut model, ""),
        }
    }
    files.len()
}

#[test]
fn simple_rnn_agrees_with_keras() {
    assert_eq!(check(&["simple_rnn_"]), 20);
}

#[test]
fn lstm_agrees_with_keras() {
    assert_eq!(check(&["lstm_"]), 19);
}

#[test]
fn gru_agrees_with_keras_in_both_forms() {
    assert_eq!(check(&["gru_"]), 38);
}

#[test]
fn bidirectional_agrees_with_keras() {
    assert_eq!(check(&["bidirectional_"]), 36);
}

#[test]
fn stacks_and_other_wrappers_agree_with_keras() {
    assert_eq!(check(&["stack_", "time_distributed", "encoder_decoder", "masking", "residual_"]), 14);
}

#[test]
fn twenty_steps_of_adam_end_where_keras_ends() {
    let files = files(&["training_"]);
    assert_eq!(files.len(), 6);
    for path in &files {
        let golden = Golden::read(path);
        let mut model = golden.build();
        let adam = json!({ "class_name": "Adam", "config": { "learning_rate": 0.02 } });
        let mut optimizer = Optimizer::from_keras(&adam, &model.parameters).unwrap();
        let loss = Loss::SparseCategoricalCrossentropy { from_logits: true };
        let classes: Vec<u32> = golden.get("y").iter().map(|v| *v as u32).collect();
        let labels = BlockLabels { classes, ..BlockLabels::default() };
        golden.fill("x", &mut model);
        let mut losses = Vec::new();
        for _ in 0..20 {
            model.forward(Mode::INFERENCE).unwrap();
            let (output, dy) = model.output_and_gradient();
            let batch = output.batch as f64;
            let score = loss.evaluate(output, &labels, 1.0 / batch as f32, dy);
            losses.push((score.loss / batch) as f32);
            let mut gradients = model.new_gradients();
            model.backward(Mode::INFERENCE, false, &mut gradients);
            optimizer.apply(model.backend, &mut model.parameters, &mut gradients);
        }
        golden.close("loss", &losses, golden.get("history/loss"), (1e-5, 1e-3));
        for (name, (_, want)) in golden.under("trained/") {
            // Adam divides by the root of the second moment: where a gradient is nearly nothing, rounding decides.
            golden.close(name, model.parameters.by_name(name).unwrap(), want, (2e-4, 1e-3));
        }
    }
}
