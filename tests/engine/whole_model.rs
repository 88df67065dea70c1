//! Embedding, LSTM, Dense and the loss together: every gradient against central differences of an f64 reference that
//! shares no code with the engine.

use unrolled::layers::Signal;
use unrolled::model::{Mode, Sequential};
use unrolled::rng::{RngExt, Stream, Uniform};
use unrolled::train::Loss;
use unrolled::train::examples::BlockLabels;

/// Sizes that are all different, so that no transposed matrix can pass; 5 units leave a tail behind four lanes.
const BATCH: usize = 3;
const TIMESTEPS: usize = 4;
const VOCABULARY: usize = 7;
const EMBEDDING: usize = 6;
const UNITS: usize = 5;

fn model(last: &str) -> Sequential {
    let json = format!(
        r#"{{"class_name":"Sequential","config":{{"name":"m","layers":[
        {{"class_name":"Embedding","config":{{"name":"embedding","input_dim":{VOCABULARY},"output_dim":{EMBEDDING}}}}},
        {{"class_name":"LSTM","config":{{"name":"lstm","units":{UNITS}}}}},
        {{"class_name":"Dense","config":{{"name":"dense",{last}}}}}]}}}}"#
    );
    let mut model = Sequential::from_json(&json, 1).unwrap();
    // Larger than the initializers draw, so that no gate stays in its linear part.
    let mut stream = Stream::new(5, "weights", 0);
    model.parameters.values_mut().iter_mut().for_each(|w| *w = stream.sample(Uniform::new(-0.9, 0.9)));
    model
}

fn ids() -> Vec<u32> {
    let mut stream = Stream::new(6, "ids", 0);
    (0..BATCH * TIMESTEPS).map(|_| stream.below(VOCABULARY as u32)).collect()
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The definition, sample by sample: the outputs before the last activation.
fn reference_logits(w: &[f64], ids: &[u32], outputs: usize) -> Vec<Vec<f64>> {
    let (embeddings, rest) = w.split_at(VOCABULARY * EMBEDDING);
    let (kernel, rest) = rest.split_at(EMBEDDING * 4 * UNITS);
    let (recurrent, rest) = rest.split_at(UNITS * 4 * UNITS);
    let (bias, rest) = rest.split_at(4 * UNITS);
    let (dense, dense_bias) = rest.split_at(UNITS * outputs);
    let sample = |b: usize| {
        let (mut h, mut c) = (vec![0.0; UNITS], vec![0.0; UNITS]);
        for t in 0..TIMESTEPS {
            let id = ids[t * BATCH + b] as usize;
            let z: Vec<f64> = (0..4 * UNITS)
                .map(|j| {
                    let x: f64 = (0..EMBEDDING)
                        .map(|k| embeddings[id * EMBEDDING + k] * kernel[k * 4 * UNITS + j])
                        .sum();
                    let r: f64 = (0..UNITS).map(|k| h[k] * recurrent[k * 4 * UNITS + j]).sum();
                    x + r + bias[j]
                })
                .collect();
            for k in 0..UNITS {
                let (i, f) = (sigmoid(z[k]), sigmoid(z[UNITS + k]));
                let (g, o) = (z[2 * UNITS + k].tanh(), sigmoid(z[3 * UNITS + k]));
                c[k] = f * c[k] + i * g;
                h[k] = o * c[k].tanh();
            }
        }
        (0..outputs)
            .map(|j| (0..UNITS).map(|k| h[k] * dense[k * outputs + j]).sum::<f64>() + dense_bias[j])
            .collect()
    };
    (0..BATCH).map(sample).collect()
}

/// Mean loss of the batch by definition.
fn reference_loss(w: &[f64], ids: &[u32], labels: &[u32], binary: bool) -> f64 {
    let outputs = if binary { 1 } else { 4 };
    let losses = reference_logits(w, ids, outputs).into_iter().zip(labels).map(|(z, label)| {
        if binary {
            let p = sigmoid(z[0]);
            if *label == 1 { -p.ln() } else { -(1.0 - p).ln() }
        } else {
            z.iter().map(|z| z.exp()).sum::<f64>().ln() - z[*label as usize]
        }
    });
    losses.sum::<f64>() / BATCH as f64
}

fn check(last: &str, loss: Loss, labels: &[u32], binary: bool) {
    let mut model = model(last);
    let ids = ids();
    let x: &mut Signal = model.input_mut();
    x.set_ids(TIMESTEPS, BATCH);
    x.ids.copy_from_slice(&ids);
    model.forward(Mode::INFERENCE).unwrap();
    let labels_block = BlockLabels { classes: labels.to_vec(), values: Vec::new(), ..BlockLabels::default() };
    let (output, dy) = model.output_and_gradient();
    let score = loss.evaluate(output, &labels_block, 1.0 / BATCH as f32, dy);
    let mut gradients = model.new_gradients();
    model.backward(Mode::INFERENCE, false, &mut gradients);
    let got: Vec<f32> = gradients.to_dense().into_iter().flat_map(|(_, values)| values).collect();

    let mut w: Vec<f64> = model.parameters.values().iter().map(|v| f64::from(*v)).collect();
    let want = reference_loss(&w, &ids, labels, binary);
    assert!((score.loss / BATCH as f64 - want).abs() < 1e-6 * want.abs(), "{} {want}", score.loss);
    // Steps of 1e-5 leave an error of about 1e-10 in f64; what is compared is f32 with its 6e-8 a rounding.
    let step = 1e-5;
    for k in 0..w.len() {
        let kept = w[k];
        w[k] = kept + step;
        let above = reference_loss(&w, &ids, labels, binary);
        w[k] = kept - step;
        let below = reference_loss(&w, &ids, labels, binary);
        w[k] = kept;
        let want = (above - below) / (2.0 * step);
        let error = (f64::from(got[k]) - want).abs();
        assert!(error <= 1e-4 * want.abs() + 1e-7, "weight {k}: {} instead of {want}", got[k]);
    }
}

#[test]
fn every_gradient_of_a_binary_classifier_is_that_of_central_differences() {
    let sigmoid = r#""units":1,"activation":"sigmoid""#;
    check(sigmoid, Loss::BinaryCrossentropy { from_logits: false }, &[1, 0, 1], true);
    check(r#""units":1"#, Loss::BinaryCrossentropy { from_logits: true }, &[1, 0, 1], true);
}

#[test]
fn every_gradient_of_a_classifier_of_four_classes_is_that_of_central_differences() {
    let softmax = r#""units":4,"activation":"softmax""#;
    check(softmax, Loss::SparseCategoricalCrossentropy { from_logits: false }, &[3, 0, 1], false);
    check(r#""units":4"#, Loss::SparseCategoricalCrossentropy { from_logits: true }, &[3, 0, 1], false);
}
