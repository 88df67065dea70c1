//! Gradients of listings as layers against central differences.

use serde_json::json;
use unrolled::listing::cells;
use unrolled::model::{Mode, Sequential};

use super::{Case, fill, layer, model, pass};

/// The loss of [`pass`], added up in f64.
fn loss(model: &mut Sequential, upstream: &[f32]) -> f64 {
    model.forward(Mode::INFERENCE).unwrap();
    model.output().data.iter().zip(upstream).map(|(y, d)| f64::from(*y) * f64::from(*d)).sum()
}

/// The slope of the loss in weight `k`, which is left as it was.
fn central_difference(stack: &mut Sequential, upstream: &[f32], k: usize, step: f32) -> f64 {
    let kept = stack.parameters.values()[k];
    stack.parameters.values_mut()[k] = kept + step;
    let above = loss(stack, upstream);
    stack.parameters.values_mut()[k] = kept - step;
    let below = loss(stack, upstream);
    stack.parameters.values_mut()[k] = kept;
    (above - below) / f64::from(2.0 * step)
}

/// A listing in front of an LSTM and a Dense, its weights drawn from `seed`; what its pass found, and the gradient of
/// the output.
fn stack(cell: &str, features: usize, seed: u64) -> (Sequential, Vec<f32>, Vec<f32>) {
    let units = 4;
    let listing =
        layer("Listing", json!({ "name": "cell", "units": units, "cell": cell, "return_sequences": true }));
    let lstm = layer("LSTM", json!({ "units": 3, "return_sequences": true }));
    let mut stack = model(features, vec![listing, lstm, layer("Dense", json!({ "units": 2 }))]);
    fill(&mut stack, seed);
    let case = Case { units, features, batch: 2, timesteps: 5, masked: true, seed: 4 };
    let found = pass(&mut stack, &case);
    let upstream = stack.output_gradient_mut().to_vec();
    let gradients = found[2..].iter().flat_map(|(_, values)| values.clone()).collect();
    (stack, upstream, gradients)
}

#[test]
fn every_gradient_of_every_cell_within_a_stack_is_that_of_central_differences() {
    for cell in cells::all() {
        let features = match cell.name {
            "tutorial_003_bug" => 4, // multiplies its input with both matrices
            "group_lstm" | "frequency_grid_lstm" | "bidirectional_grid_lstm" => 2, // cut their input into halves
            _ => 3,
        };
        // A seed for which no step crosses the edge of a relu, which the test below is about.
        let (mut stack, upstream, got) = stack(cell.name, features, 11);
        // Rounding leaves about 3e-8 / (2·step) = 1.5e-5 for outputs that count a tenth; a larger step would more often
        // cross the edge of a relu.
        let step = 1e-3;
        for k in 0..got.len() {
            let want = central_difference(&mut stack, &upstream, k, step);
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

/// With these weights, one unit of the NAS cell's relu opens between the two sides of a central difference, which is
/// then wrong by 2e-4: the gradient is the slope of the side on which the network stands.
#[test]
fn at_the_edge_of_a_relu_the_gradient_is_the_slope_of_its_own_side() {
    let (mut stack, upstream, got) = stack("nas", 3, 8);
    let (weight, step) = (39, 1e-3);
    let kept = stack.parameters.values()[weight];
    let mut at = |value: f32| {
        stack.parameters.values_mut()[weight] = value;
        let loss = loss(&mut stack, &upstream);
        (loss, closed(&stack, "a_2"))
    };
    let [below, here, above] = [at(kept - step), at(kept), at(kept + step)];
    assert_eq!((below.1, above.1), (here.1, here.1 - 1), "one unit opens, and on one side only");
    let slope = |from: f64, to: f64| (to - from) / f64::from(step);
    let gradient = f64::from(got[weight]);
    assert!((slope(below.0, here.0) - gradient).abs() < 1e-5);
    assert!((slope(here.0, above.0) - gradient).abs() > 3e-4);
}

/// How many numbers of a name that the first layer's listing assigns are zero, over all timesteps.
fn closed(model: &Sequential, name: &str) -> usize {
    let (_, listing) = &model.layers()[0].recurrents()[0];
    let symbol = listing.cell().symbols().into_iter().find(|symbol| symbol.name == name).unwrap();
    listing.tape().unwrap().values(&symbol).iter().filter(|v| **v == 0.0).count()
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
        let want = central_difference(&mut stack, &upstream, k, step);
        let error = (f64::from(got[k]) - want).abs();
        assert!(error <= 3e-4 + 2e-3 * want.abs(), "weight {k}: {} instead of {want}", got[k]);
    }
}
