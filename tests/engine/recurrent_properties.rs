//! What must hold for every recurrent layer whatever its numbers are. Equal means equal bits.

use proptest::prelude::*;
use serde_json::{Value, json};
use unrolled::layers::{Gradients, Signal};
use unrolled::model::{Mode, Sequential};
use unrolled::rng::{RngExt, Stream, Uniform};

/// What varies from case to case.
#[derive(Debug, Clone)]
struct Case {
    class: &'static str,
    reset_after: bool,
    units: usize,
    features: usize,
    batch: usize,
    timesteps: usize,
    seed: u64,
}

fn cases() -> impl Strategy<Value = Case> {
    let class = prop::sample::select(vec!["SimpleRNN", "LSTM", "GRU"]);
    (class, any::<bool>(), 1..10usize, 1..7usize, 2..6usize, 1..8usize, any::<u64>()).prop_map(
        |(class, reset_after, units, features, batch, timesteps, seed)| Case {
            class,
            reset_after,
            units,
            features,
            batch,
            timesteps,
            seed,
        },
    )
}

impl Case {
    fn layer(&self, options: Value) -> Value {
        let mut config = json!({ "name": "layer", "units": self.units, "return_sequences": true });
        if self.class == "GRU" {
            config["reset_after"] = json!(self.reset_after);
        }
        config.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        json!({ "class_name": self.class, "config": config })
    }

    fn model_of(&self, mut layer: Value) -> Sequential {
        layer["config"]["batch_input_shape"] = json!([null, null, self.features]);
        let json = json!({ "class_name": "Sequential", "config": { "name": "m", "layers": [layer] } });
        let mut model = Sequential::from_json(&json.to_string(), 1).unwrap();
        let mut stream = Stream::new(self.seed, "weights", 0);
        model.parameters.values_mut().iter_mut().for_each(|w| *w = stream.sample(Uniform::new(-0.9, 0.9)));
        model
    }

    fn model(&self, options: Value) -> Sequential {
        self.model_of(self.layer(options))
    }

    /// Random steps, `[timesteps][batch · features]`.
    fn steps(&self, timesteps: usize) -> Vec<Vec<f32>> {
        let mut stream = Stream::new(self.seed, "x", 0);
        let mut step =
            || (0..self.batch * self.features).map(|_| stream.sample(Uniform::new(-2.0, 2.0))).collect();
        (0..timesteps).map(|_| step()).collect()
    }
}

/// Runs forward over `steps`, each `[batch · features]`, and backward from an upstream gradient of ones times the row.
fn run(
    model: &mut Sequential,
    steps: &[Vec<f32>],
    features: usize,
    mask: &[bool],
) -> (Signal, Vec<f32>, Gradients) {
    run_at(model, Mode::INFERENCE, steps, features, mask)
}

fn run_at(
    model: &mut Sequential,
    mode: Mode,
    steps: &[Vec<f32>],
    features: usize,
    mask: &[bool],
) -> (Signal, Vec<f32>, Gradients) {
    let input = model.input_mut();
    input.set_sequence(steps.len(), steps[0].len() / features, features);
    input.data.copy_from_slice(&steps.concat());
    input.mask = mask.to_vec();
    model.forward(mode).unwrap();
    let y = model.output().clone();
    model.output_gradient_mut().copy_from_slice(&y.data);
    let mut gradients = model.new_gradients();
    let dx = model.backward(mode, true, &mut gradients).unwrap().to_vec();
    (y, dx, gradients)
}

fn close(a: &mut Gradients, b: &mut Gradients) -> bool {
    let (a, b) = (a.to_dense(), b.to_dense());
    let largest = a.iter().flat_map(|(_, v)| v).fold(1.0f32, |m, v| m.max(v.abs()));
    a.iter().zip(&b).all(|((_, a), (_, b))| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-5 * largest))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Steps that a mask removes change neither the outputs of the others nor any gradient, wherever they stand and
    /// whatever they hold.
    #[test]
    fn padding_changes_nothing_where_a_mask_says_so(case in cases(), places in prop::collection::vec(0..8usize, 1..5)) {
        let mut model = case.model(json!({}));
        let real = case.steps(case.timesteps);
        let (y, dx, mut gradients) = run(&mut model, &real, case.features, &[]);
        let mut padded: Vec<(Vec<f32>, bool)> = real.iter().map(|step| (step.clone(), true)).collect();
        for place in places {
            let at = place.min(padded.len());
            padded.insert(at, (vec![3.5; case.batch * case.features], false));
        }
        let mask: Vec<bool> = padded.iter().flat_map(|(_, counts)| vec![*counts; case.batch]).collect();
        let steps: Vec<Vec<f32>> = padded.iter().map(|(step, _)| step.clone()).collect();
        // Outputs of masked steps repeat others: their own gradient would count twice, so it is taken out of `run`.
        let mut with_zeros = case.model(json!({ "zero_output_for_mask": true }));
        let (got, got_dx, mut got_gradients) = run(&mut with_zeros, &steps, case.features, &mask);
        let (size, inputs) = (case.batch * case.units, case.batch * case.features);
        let mut t = 0;
        for (place, (_, counts)) in padded.iter().enumerate() {
            let (output, d) = (&got.data[place * size..][..size], &got_dx[place * inputs..][..inputs]);
            if *counts {
                prop_assert_eq!(output, &y.data[t * size..][..size]);
                prop_assert_eq!(d, &dx[t * inputs..][..inputs]);
                t += 1;
            } else {
                prop_assert!(output.iter().chain(d).all(|v| *v == 0.0));
            }
        }
        prop_assert_eq!(gradients.to_dense(), got_gradients.to_dense());
    }

    /// The samples of a batch do not know of each other, nor of dropout masks that are not theirs.
    #[test]
    fn a_batch_in_blocks_is_the_whole_batch(case in cases(), cut in 1..5usize, dropout in any::<bool>()) {
        let rate = if dropout { 0.4 } else { 0.0 };
        let mut model = case.model(json!({ "dropout": rate, "recurrent_dropout": rate }));
        let steps = case.steps(case.timesteps);
        let mode = |first_row| Mode { training: true, seed: case.seed, update: 5, first_row };
        let (y, dx, mut whole) = run_at(&mut model, mode(0), &steps, case.features, &[]);
        let cut = cut.min(case.batch - 1);
        let mut sum = model.new_gradients();
        for rows in [0..cut, cut..case.batch] {
            let part: Vec<Vec<f32>> =
                steps.iter().map(|step| step[rows.start * case.features..rows.end * case.features].to_vec()).collect();
            let (y_part, dx_part, gradients) = run_at(&mut model, mode(rows.start), &part, case.features, &[]);
            sum.add(&gradients);
            for (width, all, part) in [(case.units, &y.data, &y_part.data), (case.features, &dx, &dx_part)] {
                for (t, part) in part.chunks_exact(rows.len() * width).enumerate() {
                    prop_assert_eq!(part, &all[(t * case.batch + rows.start) * width..][..rows.len() * width]);
                }
            }
        }
        prop_assert!(close(&mut whole, &mut sum));
    }

    /// Going backwards is going forwards over the reversed sequence, and twice is once.
    #[test]
    fn going_backwards_over_the_reversed_sequence_is_going_forwards(case in cases()) {
        let steps = case.steps(case.timesteps);
        let reversed: Vec<_> = steps.iter().rev().cloned().collect();
        let (y, dx, mut gradients) = run(&mut case.model(json!({})), &steps, case.features, &[]);
        let mut backwards = case.model(json!({ "go_backwards": true }));
        let (got, got_dx, mut got_gradients) = run(&mut backwards, &reversed, case.features, &[]);
        prop_assert_eq!(&y.data, &got.data);
        prop_assert_eq!(gradients.to_dense(), got_gradients.to_dense());
        let size = case.batch * case.features;
        for (t, d) in got_dx.chunks_exact(size).rev().enumerate() {
            prop_assert_eq!(d, &dx[t * size..][..size]);
        }
    }

    /// A stateful layer over the halves of a sequence computes what one pass computes; after a reset it starts anew.
    #[test]
    fn stateful_halves_are_one_long_pass(case in cases(), second in 1..6usize) {
        let steps = case.steps(case.timesteps + second);
        let (y, ..) = run(&mut case.model(json!({})), &steps, case.features, &[]);
        let mut model = case.model(json!({ "stateful": true }));
        for _ in 0..2 {
            let (first, ..) = run(&mut model, &steps[..case.timesteps], case.features, &[]);
            let (second, ..) = run(&mut model, &steps[case.timesteps..], case.features, &[]);
            prop_assert_eq!(&[first.data, second.data].concat(), &y.data);
            model.reset_states();
        }
    }

    /// A bidirectional layer is its two directions.
    #[test]
    fn a_bidirectional_layer_is_two_layers(case in cases()) {
        let layer = json!({ "class_name": "Bidirectional", "config": { "name": "both",
            "layer": case.layer(json!({})) } });
        let mut both = case.model_of(layer);
        let steps = case.steps(case.timesteps);
        let (y, ..) = run(&mut both, &steps, case.features, &[]);
        for (part, backwards) in [(0, false), (1, true)] {
            let mut alone = case.model(json!({ "go_backwards": backwards }));
            let own = both.parameters.values();
            let half = own.len() / 2;
            alone.parameters.values_mut().copy_from_slice(&own[part * half..][..half]);
            let (want, ..) = run(&mut alone, &steps, case.features, &[]);
            for (t, want) in want.data.chunks_exact(case.batch * case.units).enumerate() {
                let t = if backwards { case.timesteps - 1 - t } else { t };
                for (b, want) in want.chunks_exact(case.units).enumerate() {
                    let row = &y.data[(t * case.batch + b) * 2 * case.units..][..2 * case.units];
                    prop_assert_eq!(&row[part * case.units..][..case.units], want);
                }
            }
        }
    }

    /// What a model writes of itself is read back as the same model.
    #[test]
    fn a_configuration_survives_writing_and_reading(case in cases(), bidirectional in any::<bool>(),
        flags in any::<[bool; 4]>()) {
        let [go_backwards, stateful, return_state, use_bias] = flags;
        let inner = case.layer(json!({ "stateful": stateful, "return_state": return_state, "use_bias": use_bias,
            "go_backwards": go_backwards && !bidirectional, "dropout": 0.2, "recurrent_dropout": 0.1 }));
        let layer = match bidirectional {
            true => json!({ "class_name": "Bidirectional", "config": { "name": "both", "merge_mode": null,
                "layer": inner } }),
            false => inner,
        };
        let model = case.model_of(layer);
        let written = model.to_json();
        let again = Sequential::from_json(&written.to_string(), 1).unwrap();
        prop_assert_eq!(&again.to_json(), &written);
        prop_assert_eq!(again.summary(), model.summary());
    }
}
