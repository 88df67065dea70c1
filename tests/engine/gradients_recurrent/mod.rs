//! Every recurrent cell under the options of the loop against a reference in f64 that shares no code with the engine:
//! its outputs, and by central differences the gradient of every weight, input and initial state.

mod reference;
mod wrappers;

use ndarray::Array2;
use reference::{BATCH, CellKind, SEED, STEP, Setup, TIMESTEPS, UNITS, reference};
use unrolled::model::{Mode, Sequential};
use unrolled::rng::{RngExt, Stream, Uniform};

fn numbers(purpose: &str, count: usize) -> Vec<f32> {
    let mut stream = Stream::new(SEED, purpose, 0);
    (0..count).map(|_| stream.sample(Uniform::new(-0.9, 0.9))).collect()
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|v| f64::from(*v)).collect()
}

/// Compares outputs and every gradient of a layer with the reference.
fn check(setup: &Setup) {
    let mut model = Sequential::from_json(&setup.json(), 1).unwrap();
    let mut initial = numbers("initial", setup.states() * BATCH * UNITS);
    if setup.initial {
        let state = |numbers: &[f32]| Array2::from_shape_vec((BATCH, UNITS), numbers.to_vec()).unwrap();
        let states = initial.chunks_exact(BATCH * UNITS).map(state).collect();
        model.layers_mut()[0].recurrents_mut()[0].1.set_initial_state(states).unwrap();
    } else {
        initial.fill(0.0);
    }
    let masks = [
        setup.dropout_masks("dropout", setup.features, setup.dropout),
        setup.dropout_masks("recurrent_dropout", UNITS, setup.recurrent_dropout),
    ];
    let x = numbers("x", TIMESTEPS * BATCH * setup.features);
    compare(&mut model, (&x, &initial), setup.mask.as_deref(), |all| reference(setup, all, &masks));
}

/// Compares outputs and gradients of a model with `reference`, a function of the weights, of x and of the initial
/// states in one array.
fn compare(
    model: &mut Sequential,
    (x, initial): (&[f32], &[f32]),
    mask: Option<&[bool]>,
    reference: impl Fn(&[f64]) -> Vec<f64>,
) {
    let label = model.to_json().to_string();
    let weights = numbers("weights", model.parameters.values().len());
    model.parameters.values_mut().copy_from_slice(&weights);
    let input = model.input_mut();
    input.set_sequence(TIMESTEPS, BATCH, x.len() / (TIMESTEPS * BATCH));
    input.data.copy_from_slice(x);
    input.mask = mask.unwrap_or_default().to_vec();
    let mode = Mode { training: true, seed: SEED, update: STEP, first_row: 0 };
    model.forward(mode).unwrap();
    let mut all = wide(&[&weights, x, initial].concat());
    let want = reference(&all);
    assert_eq!(model.output().data.len(), want.len());
    for (k, (got, want)) in model.output().data.iter().zip(&want).enumerate() {
        let error = (f64::from(*got) - want).abs();
        assert!(error < 3e-6 * want.abs().max(1.0), "output {k} is {got} instead of {want}: {label}");
    }
    let upstream = numbers("upstream", want.len());
    model.output_gradient_mut().copy_from_slice(&upstream);
    let mut gradients = model.new_gradients();
    let dx = model.backward(mode, true, &mut gradients).unwrap().to_vec();
    let mut got: Vec<f32> = gradients.to_dense().into_iter().flat_map(|(_, values)| values).collect();
    got.extend(dx);
    if initial.iter().any(|v| *v != 0.0) {
        got.extend(model.layers()[0].recurrents()[0].1.initial_state_gradients().iter().flatten());
    }
    let upstream = wide(&upstream);
    let objective = |all: &[f64]| -> f64 { reference(all).iter().zip(&upstream).map(|(y, d)| y * d).sum() };
    let step = 1e-5;
    let mut slope = |k: usize| {
        let kept = all[k];
        all[k] = kept + step;
        let above = objective(&all);
        all[k] = kept - step;
        let below = objective(&all);
        all[k] = kept;
        (above - below) / (2.0 * step)
    };
    // A step of 1e-5 leaves an error of about 1e-10 in f64. The engine adds up to 60 products, each rounded to 6e-8 of
    // the largest: where they cancel, two millionths of the largest gradient are what f32 can tell from nothing.
    let want: Vec<f64> = (0..got.len()).map(&mut slope).collect();
    let largest = want.iter().fold(1.0f64, |largest, v| largest.max(v.abs()));
    for (k, (got, want)) in got.iter().zip(&want).enumerate() {
        let error = (f64::from(*got) - want).abs();
        assert!(error <= 1e-4 * want.abs() + 2e-6 * largest, "{k}: {got} instead of {want}: {label}");
    }
}

const CELLS: [CellKind; 4] = [CellKind::SimpleRnn, CellKind::Lstm, CellKind::GruAfter, CellKind::GruBefore];

/// Padding before, after, in between, and a sample without any step.
fn mask() -> Option<Vec<bool>> {
    let rows = ["#.#", "#..", "..#", "#.."]; // time downwards, samples across
    Some(rows.iter().flat_map(|row| row.chars().map(|c| c == '#')).collect())
}

#[test]
fn gradients_are_central_differences_for_every_activation() {
    for activation in ["tanh", "relu", "linear", "sigmoid", "hard_sigmoid", "hard_sigmoid_keras2", "softmax"]
    {
        check(&Setup { activation, ..Setup::of(CellKind::SimpleRnn) });
    }
    for cell in [CellKind::Lstm, CellKind::GruAfter, CellKind::GruBefore] {
        for recurrent_activation in ["sigmoid", "hard_sigmoid", "hard_sigmoid_keras2", "tanh"] {
            check(&Setup { recurrent_activation, ..Setup::of(cell) });
        }
        for activation in ["relu", "linear", "sigmoid"] {
            check(&Setup { activation, ..Setup::of(cell) });
        }
    }
}

/// Softmax needs all units of a gate at once, which is a way of its own through LSTM and GRU.
#[test]
fn gradients_are_central_differences_for_softmax_in_gates_and_candidates() {
    for cell in [CellKind::Lstm, CellKind::GruAfter, CellKind::GruBefore] {
        check(&Setup { recurrent_activation: "softmax", ..Setup::of(cell) });
        check(&Setup { activation: "softmax", initial: true, ..Setup::of(cell) });
        let both = Setup { activation: "softmax", recurrent_activation: "softmax", ..Setup::of(cell) };
        check(&both);
        check(&Setup { mask: mask(), backwards: true, recurrent_dropout: 0.3, ..both });
    }
}

#[test]
fn gradients_are_central_differences_under_the_options_of_the_loop() {
    for cell in CELLS {
        check(&Setup { sequences: false, ..Setup::of(cell) });
        check(&Setup { use_bias: false, ..Setup::of(cell) });
        check(&Setup { backwards: true, ..Setup::of(cell) });
        check(&Setup { initial: true, ..Setup::of(cell) });
        check(&Setup { initial: true, sequences: false, backwards: true, ..Setup::of(cell) });
    }
}

#[test]
fn gradients_are_central_differences_under_masks() {
    for cell in CELLS {
        let masked = Setup { mask: mask(), ..Setup::of(cell) };
        check(&masked);
        check(&Setup { sequences: false, ..masked.clone() });
        check(&Setup { zero_output: true, ..masked.clone() });
        check(&Setup { zero_output: true, sequences: false, initial: true, ..masked.clone() });
        check(&Setup { initial: true, backwards: true, ..masked });
    }
}

#[test]
fn gradients_are_central_differences_under_dropout() {
    for cell in CELLS {
        check(&Setup { dropout: 0.4, ..Setup::of(cell) });
        check(&Setup { recurrent_dropout: 0.4, ..Setup::of(cell) });
        let both = Setup { dropout: 0.3, recurrent_dropout: 0.5, ..Setup::of(cell) };
        check(&both);
        check(&Setup { mask: mask(), initial: true, backwards: true, ..both });
    }
}
