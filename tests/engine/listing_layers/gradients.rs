//! Gradients of listings as layers against central differences.

use serde_json::json;
use unrolled::listing::cells;
use unrolled::model::{Mode, Sequential};

use crate::{Case, fill, layer, model, pass};

/// The loss of [`pass`], added up in f64.
fn loss(model: &mut Sequential, upstream: &[f32]) -> f64 {
    model.forward(Mode::INFERENCE).unwrap();
    model.output().data.iter().zip(upstream).map(|(y, d)| f64::from(*y) * f64::from(*d)).sum()
}

#[test]
fn every_gradient_of_every_cell_within_a_stack_is_that_of_central_differences() {
    for cell in cells::all() {
        let units = 4;
        let features = match cell.name {
            "tutorial_003_bug" => 4, // multiplies its input with both matrices
            "group_lstm" => 2,       // cuts its input into halves
            _ => 3,
        };
        let listing = layer(
            "Listing",
            json!({ "name": "cell", "units": units, "cell": cell.name, "return_sequences": true }),
        );
        let mut stack = model(
            features,
            vec![
                listing,
                layer("LSTM", json!({ "units": 3, "return_sequences": true })),
                layer("Dense", json!({ "units": 2 })),
            ],
        );
        fill(&mut stack, 11);
        let case = Case { units, features, batch: 2, timesteps: 5, masked: true, seed: 4 };
        let found = pass(&mut stack, &case);
        let upstream = stack.output_gradient_mut().to_vec();
        let got: Vec<f32> = found[2..].iter().flat_map(|(_, values)| values.clone()).collect();
        // Rounding leaves about 3e-8 / (2·step) = 1.5e-5 for outputs that count a tenth; a larger step would more often
        // cross the edge of a relu.
        let step = 1e-3;
        for k in 0..got.len() {
            let kept = stack.parameters.values()[k];
            stack.parameters.values_mut()[k] = kept + step;
            let above = loss(&mut stack, &upstream);
            stack.parameters.values_mut()[k] = kept - step;
            let below = loss(&mut stack, &upstream);
            stack.parameters.values_mut()[k] = kept;
            let want = (above - below) / f64::from(2.0 * step);
            let error = (f64::from(got[k]) - want).abs();
            assert!(
                error <= 1e-4 + 1e-3 * want.abs(),
                "{}, weight {k}: {} instead of {want}",
                cell.name,
                got[k]
            );
        }
    }
}

#[test]
fn input_gradients_of_every_cell_are_those_of_central_differences() {
    for cell in cells::all() {
        let case = Case { units: 4, features: 4, batch: 2, timesteps: 3, masked: false, seed: 6 };
        let mut one = model(4, vec![layer("Listing", json!({ "units": 4, "cell": cell.name }))]);
        fill(&mut one, 9);
        let got = pass(&mut one, &case).swap_remove(1).1;
        let upstream = one.output_gradient_mut().to_vec();
        let step = 4e-3;
        for k in 0..got.len() {
            let kept = one.input().data[k];
            one.input_mut().data[k] = kept + step;
            let above = loss(&mut one, &upstream);
            one.input_mut().data[k] = kept - step;
            let below = loss(&mut one, &upstream);
            one.input_mut().data[k] = kept;
            let want = (above - below) / f64::from(2.0 * step);
            let error = (f64::from(got[k]) - want).abs();
            assert!(error <= 1e-4 + 1e-3 * want.abs(), "{}, x[{k}]: {} instead of {want}", cell.name, got[k]);
        }
    }
}

/// A cell in whose steps the input meets the state, a matrix is cut, and a state is left as it was.
const UNUSUAL: &str = "\
def step(x, h, k, n, W, U, b, s):
    A, B = np.split(U, 2)
    gate = x * s
    mixed = np.tanh((x @ W) * h + gate @ A + h @ B + b[0] + b[1] * s)
    kept = h
    joined = np.concatenate([mixed, kept])
    first, second = np.split(joined, 2)
    h = np.maximum(first, 0.1 * second) + np.sum(k * W @ mixed) * s
    return h, np.exp(-h * h), n
";

#[test]
fn an_unusual_listing_has_the_gradients_of_central_differences() {
    let listing = |name: &str| {
        layer("Listing", json!({ "name": name, "units": 4, "source": UNUSUAL, "return_sequences": true }))
    };
    let case = Case { units: 4, features: 4, batch: 3, timesteps: 4, masked: true, seed: 1 };
    let mut stack = model(4, vec![listing("a"), listing("b")]);
    fill(&mut stack, 2);
    stack.parameters.values_mut().iter_mut().for_each(|w| *w *= 0.5);
    let found = pass(&mut stack, &case);
    let upstream = stack.output_gradient_mut().to_vec();
    let got: Vec<f32> = found[2..].iter().flat_map(|(_, values)| values.clone()).collect();
    let step = 2e-3;
    for k in 0..got.len() {
        let kept = stack.parameters.values()[k];
        stack.parameters.values_mut()[k] = kept + step;
        let above = loss(&mut stack, &upstream);
        stack.parameters.values_mut()[k] = kept - step;
        let below = loss(&mut stack, &upstream);
        stack.parameters.values_mut()[k] = kept;
        let want = (above - below) / f64::from(2.0 * step);
        let error = (f64::from(got[k]) - want).abs();
        assert!(error <= 3e-4 + 2e-3 * want.abs(), "weight {k}: {} instead of {want}", got[k]);
    }
}
