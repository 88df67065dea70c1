//! Workloads for benchmarks: networks of a given size on random data, the same natively and in the browser.

use std::hint::black_box;
use std::sync::Arc;

use ndarray::{Array2, Array3};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::math::gemm::{Packed, gemm};
use crate::math::lanes::{Arith, with_lanes};
use crate::math::{Backend, Matrix};
use crate::model::{Mode, Sequential};
use crate::rng::{RngExt, Stream, Uniform};
use crate::train::{Examples, FitOptions, Inputs, Labels, Loss, Optimizer, Run};
use crate::{Error, Result};

/// Sizes of a recurrent network and its batch.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Sizes {
    /// `lstm`, `gru` or `rnn`.
    pub cell: String,
    /// Samples in a batch.
    pub batch: usize,
    /// Timesteps.
    pub steps: usize,
    /// Words of an embedding in front, 0 for none.
    #[serde(default)]
    pub vocab: usize,
    /// Features of the input, or width of the embedding.
    pub embed: usize,
    /// Units of each recurrent layer.
    pub hidden: Vec<usize>,
    /// Outputs of a dense layer behind, 0 for none.
    #[serde(default)]
    pub head: usize,
    /// `bce`, `cce`, or `seq-cce` for an output at every timestep.
    #[serde(default)]
    pub loss: String,
    /// `adam` or `rmsprop`.
    #[serde(default)]
    pub opt: String,
}

impl Sizes {
    fn every_step(&self) -> bool {
        self.loss == "seq-cce" || self.head == 0
    }

    /// Keras' configuration of the network.
    ///
    /// # Errors
    /// If the cell is none of the three.
    pub fn model(&self) -> Result<Value> {
        let class = match self.cell.as_str() {
            "lstm" => "LSTM",
            "gru" => "GRU",
            "rnn" => "SimpleRNN",
            _ => return Err(Error::config("cell", "one of lstm, gru, rnn", &self.cell)),
        };
        let mut layers = vec![match self.vocab {
            0 => {
                json!({ "class_name": "InputLayer", "config": { "batch_shape": [null, self.steps, self.embed] } })
            }
            words => json!({ "class_name": "Embedding",
                "config": { "name": "embedding", "input_dim": words, "output_dim": self.embed } }),
        }];
        for (k, units) in self.hidden.iter().enumerate() {
            let sequences = self.every_step() || k + 1 < self.hidden.len();
            layers.push(json!({ "class_name": class,
                "config": { "name": format!("recurrent_{k}"), "units": units, "return_sequences": sequences } }));
        }
        if self.head > 0 {
            let activation = if self.loss == "bce" { "sigmoid" } else { "softmax" };
            layers.push(json!({ "class_name": "Dense",
                "config": { "name": "dense", "units": self.head, "activation": activation } }));
        }
        Ok(json!({ "class_name": "Sequential", "config": { "name": "workload", "layers": layers } }))
    }

    /// A training run on one random batch.
    ///
    /// # Errors
    /// If the sizes are not those of a network.
    pub fn run(&self, backend: Backend) -> Result<Run> {
        let mut model = Sequential::from_json(&self.model()?.to_string(), 7)?;
        model.backend = backend;
        let mut stream = Stream::new(7, "workload", 0);
        let (batch, steps) = (self.batch, self.steps);
        let inputs = match self.vocab {
            0 => {
                let mut x = Array3::zeros((batch, steps, self.embed));
                x.iter_mut().for_each(|v| *v = stream.sample(Uniform::new(-1.0, 1.0)));
                Inputs::Sequences(x)
            }
            words => {
                let mut x = Array2::zeros((batch, steps));
                x.iter_mut().for_each(|id| *id = stream.below(words as u32));
                Inputs::Ids(x)
            }
        };
        let mut labels = Array2::zeros((batch, if self.every_step() { steps } else { 1 }));
        let classes = self.head.max(2) as u32;
        labels.iter_mut().for_each(|id| *id = stream.below(classes));
        let loss = match self.loss.as_str() {
            "bce" => Loss::BinaryCrossentropy { from_logits: false },
            _ => Loss::SparseCategoricalCrossentropy { from_logits: false },
        };
        let class = if self.opt == "rmsprop" { "RMSprop" } else { "Adam" };
        let optimizer = json!({ "class_name": class, "config": { "learning_rate": 0.001 } });
        let optimizer = Optimizer::from_keras(&optimizer, &model.parameters)?;
        let examples = Arc::new(Examples::new(inputs, Labels::Classes(labels))?);
        let options = FitOptions { batch_size: batch, seed: 7, shuffle: false, ..FitOptions::default() };
        Run::new(model, (loss, optimizer), examples, None, options)
    }

    /// A model with one random batch in its input, for forward passes.
    ///
    /// # Errors
    /// If the sizes are not those of a network on vectors.
    pub fn model_with_input(&self, backend: Backend) -> Result<Sequential> {
        let mut model = Sequential::from_json(&self.model()?.to_string(), 7)?;
        model.backend = backend;
        let mut stream = Stream::new(7, "workload", 0);
        let x = model.input_mut();
        if self.vocab > 0 {
            x.set_ids(self.steps, self.batch);
            x.ids.iter_mut().for_each(|id| *id = stream.below(self.vocab as u32));
        } else {
            x.set_sequence(self.steps, self.batch, self.embed);
            x.data.iter_mut().for_each(|v| *v = stream.sample(Uniform::new(-1.0, 1.0)));
        }
        model.forward(Mode::INFERENCE)?;
        Ok(model)
    }
}

/// A product C = A·B of random matrices, B packed beforehand.
pub struct Product {
    backend: Backend,
    sizes: [usize; 3],
    a: Vec<f32>,
    b: Packed,
    c: Vec<f32>,
}

impl Product {
    /// Matrices `[m, k]` and `[k, n]`.
    pub fn new(backend: Backend, m: usize, k: usize, n: usize) -> Self {
        let mut stream = Stream::new(7, "product", 0);
        let mut random =
            |count: usize| (0..count).map(|_| stream.sample(Uniform::new(-1.0, 1.0))).collect::<Vec<_>>();
        let (a, plain) = (random(m * k), random(k * n));
        let mut b = Packed::default();
        b.pack(Matrix::new(&plain, k, n));
        Self { backend, sizes: [m, k, n], a, b, c: vec![0.0; m * n] }
    }

    /// Multiplies once.
    pub fn run(&mut self) {
        let [m, k, n] = self.sizes;
        self.c.fill(0.0);
        gemm(self.backend, Matrix::new(&self.a, m, k), &self.b, &mut self.c, n);
    }

    /// The first number of C.
    pub fn first(&self) -> f32 {
        self.c[0]
    }
}

/// Accumulators of [`peak`]: enough to hide the latency of an addition, few enough for the registers.
const ACCUMULATORS: usize = 10;

/// Multiplies and adds in registers only, `turns` times, and returns how many floating-point operations that were: what
/// the processor can do at most, to measure everything else against.
pub fn peak(backend: Backend, turns: usize) -> (f64, f32) {
    with_lanes!(backend, L => {
        // Nothing of this is known to the compiler, which would else find out where the sums are going.
        let mut sums = std::array::from_fn::<_, ACCUMULATORS, _>(|k| L::splat(black_box(1.0 + k as f32)));
        let (factor, step) = (L::splat(black_box(0.999_9)), L::splat(black_box(1e-4)));
        for _ in 0..turns {
            for sum in &mut sums {
                *sum = sum.mul(factor).add(step);
            }
        }
        let mut four = [0.0; 4];
        let total = sums.into_iter().fold(L::splat(0.0), |total, sum| total.add(sum));
        crate::math::lanes::Lanes::store(total, &mut four);
        ((turns * ACCUMULATORS * 4 * 2) as f64, four[0])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_makes_a_workload_that_learns_its_batch() {
        for (cell, loss, head) in [("lstm", "bce", 1), ("gru", "seq-cce", 5), ("rnn", "cce", 3)] {
            let sizes = Sizes {
                cell: cell.into(),
                batch: 6,
                steps: 4,
                vocab: if cell == "rnn" { 0 } else { 11 },
                embed: 3,
                hidden: vec![5, 7],
                head,
                loss: loss.into(),
                opt: "adam".into(),
            };
            let mut run = sizes.run(Backend::best()).unwrap();
            let first = run.update().unwrap().loss;
            let last = (0..80).map(|_| run.update().unwrap().loss).last().unwrap();
            assert!(last < first, "{cell}: {first} to {last}");
        }
        assert!(Sizes { cell: "mlp".into(), ..sizes_of_nothing() }.model().is_err());
    }

    fn sizes_of_nothing() -> Sizes {
        serde_json::from_value(json!({ "cell": "lstm", "batch": 1, "steps": 1, "embed": 1, "hidden": [1] }))
            .unwrap()
    }

    #[test]
    fn the_peak_takes_time_in_proportion_to_its_turns() {
        let time = |turns| {
            let runs = (0..5).map(|_| {
                let start = std::time::Instant::now();
                let (operations, sum) = peak(Backend::best(), turns);
                assert!(sum.is_finite() && operations == (turns * 80) as f64);
                start.elapsed()
            });
            runs.min().unwrap()
        };
        let (short, long) = (time(200_000), time(2_000_000));
        assert!(long > 2 * short, "{short:?} for a tenth of {long:?}");
    }

    #[test]
    fn a_product_is_that_of_its_matrices() {
        let mut product = Product::new(Backend::best(), 3, 5, 9);
        product.run();
        let once = product.first();
        product.run();
        assert_eq!(product.first(), once);
        let want = (0..5).fold(0.0, |sum, k| {
            sum + product.a[k] * {
                // The packed matrix keeps column 0 at the start of each row of the first panel.
                let mut stream = Stream::new(7, "product", 0);
                let all: Vec<f32> = (0..15 + 45).map(|_| stream.sample(Uniform::new(-1.0, 1.0))).collect();
                all[15 + k * 9]
            }
        });
        assert_eq!(once, want);
    }
}
