//! Every layer without recurrence and every loss: outputs and gradients against central differences of f64 references
//! that are written from the definitions and share no code with the engine.

use unrolled::layers::Signal;
use unrolled::model::{Mode, Sequential};
use unrolled::rng::{RngExt, Stream, Uniform};
use unrolled::train::Loss;
use unrolled::train::examples::BlockLabels;

/// Sizes that are all different, so that no transposed array can pass.
const BATCH: usize = 2;
const TIMESTEPS: usize = 7;
const FEATURES: usize = 5;
const FILTERS: usize = 3;

/// Central differences with this step err by about 1e-10 in f64.
const STEP: f64 = 1e-5;

/// 1e-4 of the value; below it what f32 leaves when terms of size one cancel: a dozen roundings of 6e-8.
fn assert_close(what: &str, got: f32, want: f64) {
    let error = (f64::from(got) - want).abs();
    assert!(error <= 1e-4 * want.abs() + 8e-7, "{what}: {got} instead of {want}");
}

fn drawn(name: &str, count: usize) -> Vec<f32> {
    let mut stream = Stream::new(5, name, 0);
    (0..count).map(|_| stream.sample(Uniform::new(-0.9, 0.9))).collect()
}

fn wide(x: &[f32]) -> Vec<f64> {
    x.iter().map(|v| f64::from(*v)).collect()
}

/// A batch for the references: x(b, t, f), with or without a mask.
struct Batch {
    timesteps: usize,
    features: usize,
    x: Vec<f64>,
    mask: Vec<bool>,
}

impl Batch {
    /// Time is the first axis, as in the engine.
    fn at(&self, b: usize, t: usize, f: usize) -> f64 {
        self.x[(t * BATCH + b) * self.features + f]
    }

    /// Zero outside of the sequence.
    fn padded(&self, b: usize, t: isize, f: usize) -> f64 {
        if (0..self.timesteps as isize).contains(&t) { self.at(b, t as usize, f) } else { 0.0 }
    }

    fn counts(&self, b: usize, t: usize) -> bool {
        self.mask.is_empty() || self.mask[t * BATCH + b]
    }
}

/// Writes `[steps, BATCH, width]` from a function of (b, t, k).
fn output(steps: usize, width: usize, of: impl Fn(usize, usize, usize) -> f64) -> Vec<f64> {
    let rows = (0..steps).flat_map(|t| (0..BATCH).map(move |b| (b, t)));
    rows.flat_map(|(b, t)| (0..width).map(move |k| (b, t, k))).map(|(b, t, k)| of(b, t, k)).collect()
}

/// Compares output, every weight's and every input's gradient of Σ output·upstream with those of `reference`, which
/// gets all weights one after the other.
fn check(layer: &str, flat: bool, mask: &[bool], reference: impl Fn(&[f64], &Batch) -> Vec<f64>) {
    let timesteps = if flat { 1 } else { TIMESTEPS };
    let shape = if flat { format!("[null,{FEATURES}]") } else { format!("[null,{TIMESTEPS},{FEATURES}]") };
    let json = format!(
        r#"{{"class_name":"Sequential","config":{{"name":"m","layers":[
        {{"class_name":"InputLayer","config":{{"batch_shape":{shape}}}}},{layer}]}}}}"#
    );
    let mut model = Sequential::from_json(&json, 1).unwrap();
    let count = model.parameters.values().len();
    model.parameters.values_mut().copy_from_slice(&drawn("weights", count));
    let input: &mut Signal = model.input_mut();
    if flat {
        input.set_flat(BATCH, FEATURES)
    } else {
        input.set_sequence(TIMESTEPS, BATCH, FEATURES)
    }
    input.data.copy_from_slice(&drawn("x", BATCH * timesteps * FEATURES));
    input.mask.extend_from_slice(mask);
    let mut batch = Batch { timesteps, features: FEATURES, x: wide(&input.data), mask: mask.to_vec() };

    model.forward(Mode::INFERENCE).unwrap();
    let got = model.output().data.clone();
    let mut w = wide(model.parameters.values());
    let want = reference(&w, &batch);
    assert_eq!(got.len(), want.len(), "{layer}: numbers in the output");
    got.iter().zip(&want).for_each(|(got, want)| assert_close(&format!("{layer}: output"), *got, *want));

    let upstream = drawn("upstream", got.len());
    model.output_gradient_mut().copy_from_slice(&upstream);
    let mut gradients = model.new_gradients();
    let dx = model.backward(Mode::INFERENCE, true, &mut gradients).unwrap().to_vec();
    let dw: Vec<f32> = gradients.to_dense().into_iter().flat_map(|(_, values)| values).collect();
    let upstream = wide(&upstream);
    let objective = |w: &[f64], batch: &Batch| -> f64 {
        reference(w, batch).iter().zip(&upstream).map(|(y, u)| y * u).sum()
    };
    for k in 0..w.len() {
        let kept = w[k];
        w[k] = kept + STEP;
        let above = objective(&w, &batch);
        w[k] = kept - STEP;
        let below = objective(&w, &batch);
        w[k] = kept;
        assert_close(&format!("{layer}: gradient of weight {k}"), dw[k], (above - below) / (2.0 * STEP));
    }
    for k in 0..batch.x.len() {
        let kept = batch.x[k];
        batch.x[k] = kept + STEP;
        let above = objective(&w, &batch);
        batch.x[k] = kept - STEP;
        let below = objective(&w, &batch);
        batch.x[k] = kept;
        assert_close(&format!("{layer}: gradient of input {k}"), dx[k], (above - below) / (2.0 * STEP));
    }
}

const MASK: [bool; BATCH * TIMESTEPS] =
    [true, false, true, true, false, true, true, true, false, false, true, false, true, true];

#[test]
fn conv1d_is_its_definition_with_every_padding_stride_and_dilation() {
    for (size, stride, dilation) in [(2, 1, 1), (4, 1, 1), (4, 3, 1), (2, 1, 3), (1, 2, 1)] {
        let span = (size - 1) * dilation + 1;
        for padding in ["valid", "same", "causal"] {
            let (steps, before) = match padding {
                "valid" => ((TIMESTEPS - span) / stride + 1, 0),
                "causal" => (TIMESTEPS.div_ceil(stride), span - 1),
                _ => {
                    let steps = TIMESTEPS.div_ceil(stride);
                    (steps, (((steps - 1) * stride + span).max(TIMESTEPS) - TIMESTEPS) / 2)
                }
            };
            let layer = format!(
                r#"{{"class_name":"Conv1D","config":{{"filters":{FILTERS},"kernel_size":[{size}],"strides":[{stride}],
                "padding":"{padding}","dilation_rate":[{dilation}],"activation":"tanh"}}}}"#
            );
            check(&layer, false, &MASK, |w, x| {
                let (kernel, bias) = w.split_at(size * FEATURES * FILTERS);
                output(steps, FILTERS, |b, t, k| {
                    let mut z = bias[k];
                    for place in 0..size {
                        let from = (t * stride + place * dilation) as isize - before as isize;
                        for f in 0..FEATURES {
                            z += x.padded(b, from, f) * kernel[(place * FEATURES + f) * FILTERS + k];
                        }
                    }
                    z.tanh()
                })
            });
        }
    }
}

#[test]
fn pooling_is_its_definition_with_every_size_and_stride() {
    for (size, stride) in [(2, 2), (3, 1), (4, 2), (2, 3)] {
        for padding in ["valid", "same"] {
            let (steps, before) = match padding {
                "valid" => ((TIMESTEPS - size) / stride + 1, 0),
                _ => {
                    let steps = TIMESTEPS.div_ceil(stride);
                    (steps, (((steps - 1) * stride + size).max(TIMESTEPS) - TIMESTEPS) / 2)
                }
            };
            let window = |x: &Batch, b: usize, t: usize, f: usize| -> Vec<f64> {
                let places = (0..size).map(|k| (t * stride + k) as isize - before as isize);
                let inside = places.filter(|t| (0..TIMESTEPS as isize).contains(t));
                inside.map(|t| x.at(b, t as usize, f)).collect()
            };
            let options =
                format!(r#""config":{{"pool_size":[{size}],"strides":[{stride}],"padding":"{padding}"}}"#);
            check(&format!(r#"{{"class_name":"MaxPooling1D",{options}}}"#), false, &MASK, |_, x| {
                output(steps, FEATURES, |b, t, f| {
                    window(x, b, t, f).into_iter().fold(f64::NEG_INFINITY, f64::max)
                })
            });
            check(&format!(r#"{{"class_name":"AveragePooling1D",{options}}}"#), false, &MASK, |_, x| {
                output(steps, FEATURES, |b, t, f| {
                    let numbers = window(x, b, t, f);
                    numbers.iter().sum::<f64>() / numbers.len() as f64
                })
            });
        }
    }
}

#[test]
fn global_pooling_takes_the_whole_sequence_and_its_mean_leaves_out_what_is_masked() {
    for mask in [&[][..], &MASK] {
        check(r#"{"class_name":"GlobalMaxPooling1D","config":{}}"#, false, mask, |_, x| {
            output(1, FEATURES, |b, _, f| {
                (0..TIMESTEPS).map(|t| x.at(b, t, f)).fold(f64::NEG_INFINITY, f64::max)
            })
        });
        check(r#"{"class_name":"GlobalAveragePooling1D","config":{}}"#, false, mask, |_, x| {
            output(1, FEATURES, |b, _, f| {
                let steps: Vec<usize> = (0..TIMESTEPS).filter(|t| x.counts(b, *t)).collect();
                steps.iter().map(|t| x.at(b, *t, f)).sum::<f64>() / steps.len() as f64
            })
        });
    }
}

#[test]
fn layer_normalization_is_its_definition() {
    for (flat, steps) in [(false, TIMESTEPS), (true, 1)] {
        let layer = r#"{"class_name":"LayerNormalization","config":{"epsilon":0.01}}"#;
        check(layer, flat, &[], |w, x| {
            let (gamma, beta) = w.split_at(FEATURES);
            output(steps, FEATURES, |b, t, f| {
                let row: Vec<f64> = (0..FEATURES).map(|k| x.at(b, t, k)).collect();
                let mean = row.iter().sum::<f64>() / FEATURES as f64;
                let variance = row.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / FEATURES as f64;
                gamma[f] * (row[f] - mean) / (variance + 0.01).sqrt() + beta[f]
            })
        });
    }
}

#[test]
fn dense_and_every_activation_are_their_definitions() {
    type Function = fn(f64) -> f64;
    let functions: [(&str, Function); 6] = [
        ("linear", |z| z),
        ("tanh", f64::tanh),
        ("relu", |z| z.max(0.0)),
        ("sigmoid", |z| 1.0 / (1.0 + (-z).exp())),
        ("hard_sigmoid", |z| (z / 6.0 + 0.5).clamp(0.0, 1.0)),
        ("hard_sigmoid_keras2", |z| (0.2 * z + 0.5).clamp(0.0, 1.0)),
    ];
    let logits = |w: &[f64], x: &Batch, b: usize, t: usize| -> Vec<f64> {
        let (kernel, bias) = w.split_at(FEATURES * FILTERS);
        let one =
            |k: usize| (0..FEATURES).map(|f| x.at(b, t, f) * kernel[f * FILTERS + k]).sum::<f64>() + bias[k];
        (0..FILTERS).map(one).collect()
    };
    for (flat, steps) in [(false, TIMESTEPS), (true, 1)] {
        for (name, function) in functions {
            let layer =
                format!(r#"{{"class_name":"Dense","config":{{"units":{FILTERS},"activation":"{name}"}}}}"#);
            check(&layer, flat, &[], |w, x| {
                output(steps, FILTERS, |b, t, k| function(logits(w, x, b, t)[k]))
            });
        }
        let layer = format!(
            r#"{{"class_name":"Dense","config":{{"units":{FILTERS}}}}},
            {{"class_name":"Activation","config":{{"activation":"softmax"}}}}"#
        );
        check(&layer, flat, &[], |w, x| {
            output(steps, FILTERS, |b, t, k| {
                let z = logits(w, x, b, t);
                z[k].exp() / z.iter().map(|z| z.exp()).sum::<f64>()
            })
        });
    }
}

#[test]
fn flatten_puts_one_timestep_after_the_other() {
    check(r#"{"class_name":"Flatten","config":{}}"#, false, &[], |_, x| {
        output(1, TIMESTEPS * FEATURES, |b, _, k| x.at(b, k / FEATURES, k % FEATURES))
    });
}

/// The loss of one row by its definition; probabilities are clipped as Keras clips them.
fn reference_loss(loss: Loss, y: &[f64], target: &[f64]) -> f64 {
    let clip = |p: f64| p.clamp(1e-7, 1.0 - 1e-7);
    let count = y.len() as f64;
    let pairs = || y.iter().zip(target);
    let log_of_sum = y.iter().map(|z| z.exp()).sum::<f64>().ln();
    match loss {
        Loss::MeanSquaredError => pairs().map(|(y, t)| (y - t).powi(2)).sum::<f64>() / count,
        Loss::BinaryCrossentropy { from_logits: true } => {
            pairs().map(|(z, t)| t * (1.0 + (-z).exp()).ln() + (1.0 - t) * (1.0 + z.exp()).ln()).sum::<f64>()
                / count
        }
        Loss::BinaryCrossentropy { from_logits: false } => {
            pairs().map(|(p, t)| -t * clip(*p).ln() - (1.0 - t) * clip(1.0 - p).ln()).sum::<f64>() / count
        }
        Loss::CategoricalCrossentropy { from_logits: true }
        | Loss::SparseCategoricalCrossentropy { from_logits: true } => {
            pairs().map(|(z, t)| t * (log_of_sum - z)).sum()
        }
        _ => {
            let sum: f64 = y.iter().sum();
            pairs().map(|(p, t)| -t * clip(p / sum).ln()).sum()
        }
    }
}

#[test]
fn every_loss_and_its_gradient_are_their_definitions() {
    let classes = 4;
    for from_logits in [false, true] {
        for loss in [
            Loss::BinaryCrossentropy { from_logits },
            Loss::CategoricalCrossentropy { from_logits },
            Loss::SparseCategoricalCrossentropy { from_logits },
            Loss::MeanSquaredError,
        ] {
            let mut y = Signal::default();
            y.set_sequence(TIMESTEPS, BATCH, classes);
            let numbers = drawn("y", y.data.len());
            let probability = |v: f32| 0.5 + 0.5 * v; // between 0.05 and 0.95
            let is_probability = !from_logits && loss != Loss::MeanSquaredError;
            y.data = numbers.iter().map(|v| if is_probability { probability(*v) } else { 3.0 * v }).collect();
            y.data[0] = if is_probability { 1e-9 } else { y.data[0] }; // where the clip acts
            y.mask = MASK.to_vec();
            let mut labels = BlockLabels { weights: drawn("w", y.rows()), ..BlockLabels::default() };
            labels.weights.iter_mut().for_each(|w| *w += 1.0);
            let mut stream = Stream::new(2, "labels", 0);
            let ids: Vec<u32> = (0..y.rows()).map(|_| stream.below(classes as u32)).collect();
            let mut targets: Vec<f64> = ids
                .iter()
                .flat_map(|id| (0..classes).map(move |k| f64::from(u8::from(k == *id as usize))))
                .collect();
            match loss {
                Loss::SparseCategoricalCrossentropy { .. } => labels.classes = ids,
                _ => {
                    if loss == Loss::MeanSquaredError {
                        targets = wide(&drawn("t", y.data.len()));
                    }
                    labels.values = targets.iter().map(|t| *t as f32).collect();
                }
            }
            let mut dy = vec![f32::NAN; y.data.len()];
            let score = loss.evaluate(&y, &labels, 1.0, &mut dy);
            let total = |data: &[f64]| -> f64 {
                let rows = (0..y.rows()).filter(|row| MASK[*row]);
                let of_row = |row: usize| {
                    let range = row * classes..(row + 1) * classes;
                    f64::from(labels.weights[row])
                        * reference_loss(loss, &data[range.clone()], &targets[range])
                };
                rows.map(of_row).sum()
            };
            let mut data = wide(&y.data);
            assert_close(&format!("{loss:?}"), score.loss as f32, total(&data));
            for k in 0..data.len() {
                let kept = data[k];
                // The clipped probability must not leave the clip.
                let step = if k == 0 && is_probability { 4e-8 } else { STEP };
                data[k] = kept + step;
                let above = total(&data);
                data[k] = kept - step;
                let below = total(&data);
                data[k] = kept;
                assert_close(&format!("{loss:?}: gradient {k}"), dy[k], (above - below) / (2.0 * step));
            }
        }
    }
}
