//! Encoders and decoders against the equations of the papers in double precision, by `make.py` beside this file:
//! logits, attention weights, loss, and the gradient of every weight, there by differences of losses.
//!
//! Values must agree within 1e-5 + 1e-4·|want|, gradients within 1e-5 + 1e-3·|want|: the engine computes in single
//! precision.

use std::path::Path;

use safetensors::SafeTensors;
use unrolled::model::encoder_decoder::{Attention, CellKind, Design, EncoderDecoder};
use unrolled::train::Loss;
use unrolled::train::examples::BlockLabels;

const CELLS: [(&str, CellKind); 2] = [("lstm", CellKind::Lstm), ("gru", CellKind::Gru)];
const ATTENTION: [(&str, Attention); 3] = [
    ("none", Attention::None),
    ("multiplicative", Attention::Multiplicative),
    ("additive", Attention::Additive),
];

/// What one file holds.
struct Golden<'a>(SafeTensors<'a>);

impl Golden<'_> {
    fn shape(&self, name: &str) -> Vec<usize> {
        self.0.tensor(name).unwrap().shape().to_vec()
    }

    fn floats(&self, name: &str) -> Vec<f32> {
        let view = self.0.tensor(name).unwrap();
        view.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
    }

    /// Whole numbers `[batch, timesteps]` with time as the first axis.
    fn ids(&self, name: &str) -> Vec<u32> {
        let view = self.0.tensor(name).unwrap();
        let [batch, steps] = view.shape().try_into().unwrap();
        let all: Vec<u32> =
            view.data().as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
        (0..steps).flat_map(|t| (0..batch).map(move |b| b * steps + t)).map(|at| all[at]).collect()
    }
}

fn assert_close(what: &str, got: &[f32], want: &[f32], relative: f32) {
    assert_eq!(got.len(), want.len(), "{what}: number of values");
    for (k, (got, want)) in got.iter().zip(want).enumerate() {
        let allowed = 1e-5 + relative * want.abs();
        assert!((got - want).abs() <= allowed, "{what}[{k}] is {got}, the equations give {want}");
    }
}

/// The name in the file of a weight of the model: Keras' cells have Keras' names.
fn in_file(name: &str) -> String {
    let (layer, weight) = name.split_once('/').unwrap();
    let known = [("kernel", "W"), ("recurrent_kernel", "U"), ("bias", "b")];
    let cell = layer == "encoder" || layer == "decoder";
    let weight = known.iter().find(|(keras, _)| cell && *keras == weight).map_or(weight, |(_, own)| own);
    format!("{layer}/{weight}")
}

fn check(name: &str, cell: CellKind, attention: Attention) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/encoder_decoder");
    let bytes = std::fs::read(folder.join(format!("{name}.safetensors"))).unwrap();
    let golden = Golden(SafeTensors::deserialize(&bytes).unwrap());
    let [batch, positions] = golden.shape("source").try_into().unwrap();
    let steps = golden.shape("target")[1];
    let [source_ids, features] = golden.shape("weight/source/embeddings").try_into().unwrap();
    let [units, target_ids] = golden.shape("weight/output/kernel").try_into().unwrap();
    let design = Design { cell, attention, units, features, positions, source_ids, target_ids };
    let mut model = EncoderDecoder::new(design, 1).unwrap();
    for spec in model.parameters.specs().to_vec() {
        let weight = format!("weight/{}", in_file(&spec.name));
        model.parameters.set(&spec.name, &golden.shape(&weight), &golden.floats(&weight)).unwrap();
    }
    model.source_mut().set_ids(positions, batch);
    model.source_mut().ids = golden.ids("source");
    model.target_mut().set_ids(steps, batch);
    model.target_mut().ids = golden.ids("target");
    model.forward().unwrap();
    assert_close(name, &model.logits_mut().data, &golden.floats("logits"), 1e-4);
    if attention != Attention::None {
        let decoder = model.decoder();
        let symbol = decoder.cell().symbols().into_iter().find(|symbol| symbol.name == "a").unwrap();
        let weights: Vec<f32> = decoder.tape().unwrap().values(&symbol).iter().copied().collect();
        assert_close(&format!("{name}: a"), &weights, &golden.floats("attention"), 1e-4);
    }

    let counts = golden.ids("counts");
    let labels = BlockLabels { classes: golden.ids("label"), ..BlockLabels::default() };
    model.logits_mut().mask = counts.iter().map(|counts| *counts == 1).collect();
    let characters: u32 = counts.iter().sum();
    let (logits, gradient) = model.logits_and_gradient();
    let loss = Loss::SparseCategoricalCrossentropy { from_logits: true };
    let score = loss.evaluate(logits, &labels, 1.0 / characters as f32, gradient);
    assert_close(&format!("{name}: loss"), &[score.mean_loss()], &golden.floats("loss"), 1e-4);
    let mut gradients = model.new_gradients();
    model.backward(&mut gradients);
    for (weight, gradient) in gradients.to_dense() {
        let got: Vec<f32> = gradient.iter().copied().collect();
        let want = golden.floats(&format!("grad/{}", in_file(&weight)));
        assert_close(&format!("{name}: ∂loss/∂{weight}"), &got, &want, 1e-3);
    }
}

#[test]
fn encoders_and_decoders_compute_and_differentiate_what_the_papers_say() {
    for (cell_name, cell) in CELLS {
        for (attention_name, attention) in ATTENTION {
            check(&format!("{cell_name}_{attention_name}"), cell, attention);
        }
    }
}
