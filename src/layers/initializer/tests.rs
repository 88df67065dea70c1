//! What every initializer draws.

use super::*;
use serde_json::json;

fn filled(initializer: Initializer, shape: &[usize]) -> Vec<f32> {
    let mut values = vec![0.0; shape.iter().product()];
    initializer.fill(&mut values, shape, 3, "kernel");
    values
}

#[test]
fn glorot_uniform_fills_its_interval() {
    let limit = (6.0f32 / 300.0).sqrt();
    let values = filled(Initializer::GlorotUniform, &[100, 200]);
    let largest = values.iter().fold(0.0f32, |m, v| m.max(v.abs()));
    assert!(largest <= limit && largest > 0.99 * limit);
    // The variance of the uniform distribution is limit²/3; 20,000 draws know it to about 1 %.
    let variance = values.iter().map(|v| v * v).sum::<f32>() / 20_000.0;
    assert!((variance / (limit * limit / 3.0) - 1.0).abs() < 0.04);
}

#[test]
fn glorot_normal_has_its_deviation_after_the_cut() {
    let values = filled(Initializer::GlorotNormal, &[100, 200]);
    let variance = values.iter().map(|v| v * v).sum::<f32>() / 20_000.0;
    assert!((variance / (2.0 / 300.0) - 1.0).abs() < 0.05, "{variance}");
}

#[test]
fn orthogonal_matrices_are_orthogonal_in_both_orientations() {
    for (rows, columns) in [(7, 28), (28, 7), (16, 16)] {
        let q = filled(Initializer::Orthogonal { gain: 1.0 }, &[rows, columns]);
        let count = rows.min(columns);
        let at = |a: usize, k: usize| if rows <= columns { q[a * columns + k] } else { q[k * columns + a] };
        for a in 0..count {
            for b in 0..count {
                let dot: f32 = (0..rows.max(columns)).map(|k| at(a, k) * at(b, k)).sum();
                let want = if a == b { 1.0 } else { 0.0 };
                assert!((dot - want).abs() < 1e-6, "{rows}x{columns}: row {a} times row {b} is {dot}");
            }
        }
    }
}

/// Mean, deviation and largest absolute value of 1,000,000 numbers that Keras 3.15.1 drew for a kernel `[5, 8, 25]`
/// with the same options; 200,000 draws know a deviation to 0.2 %, so 1 % is five standard errors.
#[test]
fn scaled_variances_are_those_of_keras() {
    for (name, deviation, largest) in [
        ("he_uniform", 0.223_6, 0.387_3),
        ("he_normal", 0.223_6, 0.508_4),
        ("lecun_uniform", 0.158_1, 0.273_9),
        ("lecun_normal", 0.158_1, 0.359_5),
        ("glorot_uniform", 0.110_1, 0.190_7),
        ("glorot_normal", 0.110_1, 0.250_3),
    ] {
        let initializer = Initializer::from_keras(&json!(name), "kernel").unwrap();
        let mut values = vec![0.0; 200_000];
        initializer.fill(&mut values, &[5, 8, 25], 3, "kernel");
        let variance = values.iter().map(|v| f64::from(v * v)).sum::<f64>() / 200_000.0;
        assert!((variance.sqrt() / deviation - 1.0).abs() < 0.01, "{name}: {}", variance.sqrt());
        let top = values.iter().fold(0.0f32, |m, v| m.max(v.abs()));
        assert!((top / largest - 1.0).abs() < 0.002, "{name}: {top}");
    }
}

#[test]
fn the_forget_gate_starts_open() {
    let gate = |gate, gates| filled(Initializer::UnitForget { gate, gates }, &[8]);
    assert_eq!(gate(1, 4), [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(gate(0, 2), [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(gate(0, 1), [1.0; 8]);
}

#[test]
fn what_keras_writes_is_read_back() {
    for initializer in [
        Initializer::Orthogonal { gain: 1.0 },
        Initializer::RandomUniform { minval: -0.25, maxval: 0.5 },
        Initializer::Constant(0.5),
        Initializer::TruncatedNormal { mean: 0.5, stddev: 0.1 },
        Initializer::scaled(0.3, Fan::Out, ScalingDistribution::UntruncatedNormal),
    ] {
        assert_eq!(Initializer::from_keras(&initializer.to_keras(), "kernel").unwrap(), initializer);
    }
    let keras2 = json!({ "class_name": "VarianceScaling",
        "config": { "scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": null } });
    assert_eq!(Initializer::from_keras(&keras2, "kernel").unwrap(), Initializer::GlorotUniform);
    assert!(Initializer::from_keras(&json!("magic"), "kernel").is_err());
}
