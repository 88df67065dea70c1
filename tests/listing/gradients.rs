//! Gradients through time against differences of the loss.

use crate::material::{Material, TIMESTEPS, all};
use ndarray::ArrayViewD;
use unrolled::listing::{Pass, Recording};

/// The loss whose gradient is `upstream`: every state after every step, weighted, added up.
fn loss(recording: &Recording) -> f64 {
    let upstream = &recording.sequence().upstream;
    let mut sum = 0.0;
    for (k, weights) in upstream.iter().enumerate() {
        let weights = weights.as_ref().unwrap();
        let states = recording.state(k);
        let states = states.iter().skip(states.len() - weights.len());
        sum += states.zip(weights).map(|(s, w)| f64::from(*s) * f64::from(*w)).sum::<f64>();
    }
    sum
}

/// Half the distance of the two points; f32 leaves about four digits of the difference.
const STEP: f32 = 1e-2;
/// Of a difference of f32 losses: rounding of about 1e-6 over 2e-2, and the third derivative times 1e-4.
const TOLERANCE: f64 = 1e-2;

/// So many numbers of each array are moved, evenly spread.
const MOST: usize = 16;

/// Which assigned numbers are exactly zero: what a relu has closed.
fn closed(recording: &Recording) -> Vec<bool> {
    let values = |t: usize| {
        let assigned = recording.assigned(Pass::Forward).iter();
        assigned.flat_map(move |assigned| recording.value(Pass::Forward, t, assigned.node))
    };
    (0..TIMESTEPS).flat_map(values).map(|v| v == 0.0).collect()
}

/// The slope of the loss for one number, `None` where there is a kink in between: a relu opens or closes, or two step
/// sizes disagree.
fn slope(recording: &mut Recording, name: &str, t: usize, index: usize, value: f32) -> Option<f64> {
    let mut difference = |step: f32| {
        let mut at = |v: f32| {
            recording.change(name, t, index, v).unwrap();
            recording.rerun().unwrap();
            (loss(recording), closed(recording))
        };
        let (up, down) = (value + step, value - step);
        let (above, below) = (at(up), at(down));
        ((above.0 - below.0) / f64::from(up - down), above.1 == below.1)
    };
    let ((wide, smooth), (narrow, _)) = (difference(STEP), difference(STEP / 2.0));
    recording.change(name, t, index, value).unwrap();
    // Richardson: the error of the third order cancels.
    (smooth && (wide - narrow).abs() <= 4.0 * TOLERANCE * narrow.abs().max(1.0))
        .then_some((4.0 * narrow - wide) / 3.0)
}

fn flat(array: ArrayViewD<f32>) -> Vec<f32> {
    array.iter().copied().collect()
}

fn check(material: &Material) {
    let original = material.record();
    let mut recording = original.clone();
    let mut wrong = Vec::new();
    let (mut checked, mut kinks) = (0, 0);
    let sequence = &material.sequence;
    let states = sequence.initial.len();
    for (position, parameter) in material.shapes.parameters.iter().enumerate() {
        if material.listing.is_fixed(position) {
            continue;
        }
        let width: usize = parameter.shape.iter().product();
        let (times, gradient) = match position {
            0 => (TIMESTEPS, flat(original.input_gradient())),
            p if p <= states => (1, flat(original.initial_gradient(p - 1))),
            p => (1, flat(original.weight_gradient(p - 1 - states))),
        };
        for t in 0..times {
            for index in (0..width).step_by(width.div_ceil(MOST)) {
                let (array, at) = match position {
                    0 => (&sequence.x, t * width + index),
                    p if p <= states => (sequence.initial[p - 1].as_ref().unwrap(), index),
                    p => (&sequence.weights[p - 1 - states], index),
                };
                let value = *array.iter().nth(at).unwrap();
                let adjoint = f64::from(gradient[t * width + index]);
                match slope(&mut recording, &parameter.name, t, index, value) {
                    Some(slope) if (slope - adjoint).abs() > TOLERANCE * slope.abs().max(1.0) => {
                        wrong.push(format!(
                            "{}[{t}, {index}]: {adjoint} from the adjoint, {slope} from differences",
                            parameter.name
                        ));
                    }
                    Some(_) => checked += 1,
                    None => kinks += 1,
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}: {} of {} wrong: {wrong:#?}",
        material.name,
        wrong.len(),
        checked + wrong.len()
    );
    assert!(kinks * 5 <= checked, "{}: {kinks} kinks, {checked} checked", material.name);
}

#[test]
fn every_gradient_through_time_is_the_slope_of_the_loss() {
    for material in all() {
        check(&material);
    }
}
