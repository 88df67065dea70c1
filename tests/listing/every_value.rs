//! Every value of every line of every listing, forward and backward, is what the oracle computes.

use crate::material::{Material, all};
use crate::oracle::{Array, evaluate};
use ndarray::{ArrayD, ArrayViewD, Axis};
use unrolled::listing::Pass;

/// Up to the rounding of f32 over five timesteps.
fn compare(what: &str, ours: ArrayViewD<f32>, oracle: &Array) {
    const TOLERANCE: f64 = 2e-5;
    assert_eq!(ours.shape(), oracle.shape(), "{what}");
    let scale = oracle.iter().fold(1.0f64, |most, v| most.max(v.abs()));
    for (ours, oracle) in ours.iter().zip(oracle) {
        assert!(
            (f64::from(*ours) - oracle).abs() <= TOLERANCE * scale,
            "{what}: {ours}, by the oracle {oracle}"
        );
    }
}

fn check(material: &Material) {
    let recording = material.record();
    let wide = |array: &ArrayD<f32>| array.mapv(f64::from);
    let (sequence, states) = (recording.sequence(), recording.listing().states().len());
    let weights: Vec<Array> = sequence.weights.iter().map(wide).collect();
    let mut state: Vec<Array> = sequence.initial.iter().flatten().map(wide).collect();
    let mut before = Vec::new();
    let compare_all = |pass: Pass, t: usize, values: &[Array]| {
        for (node, value) in values.iter().enumerate() {
            let what = format!("{} {pass:?} t={t} node {node}", material.name);
            compare(&what, recording.value(pass, t, node).view(), value);
        }
    };
    for (t, x) in sequence.x.outer_iter().enumerate() {
        let x = x.mapv(f64::from);
        let parameters: Vec<Array> = [&[x], &state[..], &weights[..]].concat();
        let values = evaluate(recording.listing().graph(), &parameters);
        compare_all(Pass::Forward, t, &values);
        state = recording.listing().graph().returns.iter().map(|node| values[*node].clone()).collect();
        before.push(parameters);
    }
    let mut carried: Vec<Array> = state.iter().map(|state| Array::zeros(state.raw_dim())).collect();
    let mut totals: Vec<Array> = weights.iter().map(|weight| Array::zeros(weight.raw_dim())).collect();
    for t in (0..recording.timesteps()).rev() {
        for (carried, upstream) in carried.iter_mut().zip(sequence.upstream.iter().flatten()) {
            *carried += &upstream.index_axis(Axis(0), t).mapv(f64::from);
        }
        let values = evaluate(recording.adjoint().graph(), &[&before[t][..], &carried[..]].concat());
        compare_all(Pass::Backward, t, &values);
        let leaving: Vec<&Array> =
            recording.adjoint().graph().returns.iter().map(|node| &values[*node]).collect();
        compare("grad/x", recording.input_gradient().index_axis(Axis(0), t), leaving[0]);
        carried = leaving[1..=states].iter().map(|gradient| (*gradient).clone()).collect();
        for (k, total) in totals.iter_mut().enumerate() {
            if let Some(place) = material.listing.gradient_place(states + 1 + k) {
                *total += leaving[place];
            }
        }
    }
    for (k, gradient) in carried.iter().enumerate() {
        compare("grad/initial", recording.initial_gradient(k), gradient);
    }
    for (k, total) in totals.iter().enumerate() {
        compare(&format!("{} weight {k}", material.name), recording.weight_gradient(k), total);
    }
}

#[test]
fn every_value_of_every_listing_is_that_of_the_oracle() {
    all().iter().for_each(check);
}
