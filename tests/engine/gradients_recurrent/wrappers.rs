//! Wrappers around recurrent layers against the same reference.

use serde_json::{Value, json};
use unrolled::model::Sequential;

use super::reference::{
    BATCH, CellKind, FEATURES, Layout, Setup, TIMESTEPS, UNITS, model_json, plus, product, reference, times,
};
use super::{compare, mask, numbers};

/// The reference of one layer without dropout and initial states, of its weights and its input.
fn plain(setup: &Setup, weights: &[f64], x: &[f64]) -> Vec<f64> {
    let ones = |width: usize| vec![vec![1.0; BATCH * width]; setup.gates()];
    let initial = vec![0.0; setup.states() * BATCH * UNITS];
    reference(setup, &[weights, x, &initial].concat(), &[ones(setup.features), ones(UNITS)])
}

/// Turns `[steps][BATCH · UNITS]` around in time.
fn turned(y: &[f64]) -> Vec<f64> {
    y.rchunks_exact(BATCH * UNITS).flatten().copied().collect()
}

fn wrapped(class: &str, inner: Value, more: Value) -> Value {
    let mut config = json!({ "name": "outer", "layer": inner, "batch_input_shape": [null, null, FEATURES] });
    config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "class_name": class, "config": config })
}

#[test]
fn gradients_of_bidirectional_layers_are_central_differences() {
    for (cell, sequences, mask) in [
        (CellKind::Lstm, true, None),
        (CellKind::GruAfter, true, mask()),
        (CellKind::GruBefore, false, mask()),
        (CellKind::SimpleRnn, false, None),
    ] {
        for merge in ["concat", "sum", "mul", "ave"] {
            // Masked steps have output zero in sequences, and only there.
            let forward = Setup { sequences, mask: mask.clone(), zero_output: sequences, ..Setup::of(cell) };
            let backward = Setup { backwards: true, ..forward.clone() };
            let layer = wrapped("Bidirectional", forward.layer(), json!({ "merge_mode": merge }));
            let mut model = Sequential::from_json(&model_json(json!([layer])), 1).unwrap();
            let count = Layout::of(&forward).weights;
            let x = numbers("x", TIMESTEPS * BATCH * FEATURES);
            compare(&mut model, (&x, &[]), mask.as_deref(), |all| {
                let one = plain(&forward, &all[..count], &all[2 * count..]);
                let two = turned(&plain(&backward, &all[count..2 * count], &all[2 * count..]));
                match merge {
                    "sum" => plus(&one, &two),
                    "mul" => product(&one, &two),
                    "ave" => plus(&one, &two).iter().map(|v| 0.5 * v).collect(),
                    _ => {
                        let rows = one.chunks_exact(UNITS).zip(two.chunks_exact(UNITS));
                        rows.flat_map(|(one, two)| [one, two].concat()).collect()
                    }
                }
            });
        }
    }
}

#[test]
fn gradients_through_the_other_wrappers_are_central_differences() {
    let x = numbers("x", TIMESTEPS * BATCH * UNITS);
    let square = Setup { features: UNITS, mask: mask(), ..Setup::of(CellKind::Lstm) };
    let shape = json!({ "batch_input_shape": [null, null, UNITS] });
    let residual = wrapped("ResidualWrapper", square.layer(), shape);
    let mut model = Sequential::from_json(&model_json(json!([residual])), 1).unwrap();
    let count = Layout::of(&square).weights;
    compare(&mut model, (&x, &[]), square.mask.as_deref(), |all| {
        plus(&all[count..], &plain(&square, &all[..count], &all[count..]))
    });

    let x = numbers("x", TIMESTEPS * BATCH * FEATURES);
    let dense = json!({ "class_name": "Dense", "config": { "units": UNITS, "activation": "tanh" } });
    let timed = wrapped("TimeDistributed", dense, json!({}));
    let mut model = Sequential::from_json(&model_json(json!([timed])), 1).unwrap();
    compare(&mut model, (&x, &[]), None, |all| {
        let (kernel, rest) = all.split_at(FEATURES * UNITS);
        let (bias, x) = rest.split_at(UNITS);
        let row = |x| plus(&times(x, kernel, (0, 1)), bias).into_iter().map(f64::tanh).collect::<Vec<_>>();
        x.chunks_exact(FEATURES).flat_map(row).collect()
    });

    let encoder = Setup { sequences: false, ..Setup::of(CellKind::GruAfter) };
    let repeat = json!({ "class_name": "RepeatVector", "config": { "name": "repeat", "n": 3 } });
    let mut model = Sequential::from_json(&model_json(json!([encoder.layer(), repeat])), 1).unwrap();
    let count = Layout::of(&encoder).weights;
    compare(&mut model, (&x, &[]), None, |all| plain(&encoder, &all[..count], &all[count..]).repeat(3));

    let masked = Setup { mask: mask(), ..Setup::of(CellKind::SimpleRnn) };
    let masking = json!({ "class_name": "Masking", "config": { "name": "masking", "mask_value": 0.25,
        "batch_input_shape": [null, null, FEATURES] } });
    let mut model = Sequential::from_json(&model_json(json!([masking, masked.layer()])), 1).unwrap();
    let mut padded = x;
    for (row, counts) in padded.chunks_exact_mut(FEATURES).zip(masked.mask.iter().flatten()) {
        if !counts {
            row.fill(0.25);
        }
    }
    let count = Layout::of(&masked).weights;
    compare(&mut model, (&padded, &[]), None, |all| plain(&masked, &all[..count], &all[count..]));
}
